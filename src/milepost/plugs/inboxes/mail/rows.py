"""A line of an order whose parts are told apart: by the columns of a table, or by fields with names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from milepost.ground.catalog.words import ItemCard
from milepost.plugs.inboxes.mail.lines import Asked, read_line, unit_doubt
from milepost.plugs.inboxes.mail.phrases import Tongue
from milepost.plugs.inboxes.mail.tokens import MONEY_MARKS, TIMES, Kind, Token, money, renamed, tokens
from milepost.plugs.inboxes.mail.vocabulary import units_of, vocabulary

PLAIN = frozenset((*TIMES, ".", ",", "(", ")", ":", "!", "|"))


@dataclass(slots=True)
class Parts:
    """The texts of one line by what they stand for, each with its place."""

    texts: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def is_line(self) -> bool:
        """Whether a line of an order stands here at all."""
        return bool(self.texts.keys() & {"code", "quantity"})


def read_parts(parts: Parts, items: Mapping[str, ItemCard], speech: Tongue) -> tuple[Asked | None, list[Token]]:
    """The line, if an item is named, and what was not understood."""
    found = {name: tokens(text, start, items) for name, (start, text) in parts.texts.items() if text.strip()}
    code, unread = _code(found, speech)
    if code is None:
        return None, [*unread, *(token for name in found for token in found[name] if token.kind != Kind.MARK)]
    amount, unit, rest = _quantity(found, speech)
    asked = Asked(code=code, item=code.item, amount=amount, unit=unit)
    unread += rest
    quantity = amount.value if amount is not None else None
    if rest or quantity is None:
        return _with(asked, doubt="no_quantity" if amount is None else "quantity_in_doubt"), unread
    doubt = unit_doubt(code.item, unit.low if unit else "", quantity) if code.item else ""
    price, money_doubt = _money(found, code.item, quantity)
    unread += _position(found)
    keeps = not doubt and money_doubt in ("", "price_differs")
    return _with(asked, quantity=quantity if keeps else None, price=price, doubt=doubt or money_doubt), unread


def _with(asked: Asked, *, doubt: str = "", quantity: Decimal | None = None, price: Decimal | None = None) -> Asked:
    return Asked(
        code=asked.code,
        item=asked.item,
        amount=asked.amount,
        unit=asked.unit,
        quantity=quantity,
        price=price,
        doubt=doubt,
    )


def _code(found: Mapping[str, list[Token]], speech: Tongue) -> tuple[Token | None, list[Token]]:
    """The one code, and the words beside it that are not in the item's name."""
    named = [token for token in found.get("code", []) if token.kind != Kind.MARK]
    codes = [token for token in named if token.item is not None or token.kind == Kind.UNKNOWN_CODE]
    if len(codes) != 1 and named:
        codes = named[:1] if len(named) == 1 else []
    if not codes:
        return None, []
    code = renamed(codes[0], Kind.CODE if codes[0].item else Kind.UNKNOWN_CODE)
    beside = [code, *(token for token in named if token is not codes[0]), *found.get("description", [])]
    counted = [token for token in named if token.kind == Kind.NUMBER and token is not codes[0]]
    return code, [*read_line(beside, speech).unread, *counted]


def _quantity(found: Mapping[str, list[Token]], speech: Tongue) -> tuple[Token | None, Token | None, list[Token]]:
    some = [token for token in found.get("quantity", []) if token.kind != Kind.MARK and token.low not in TIMES]
    numbers = [token for token in some if token.kind == Kind.NUMBER]
    units = [token for token in [*some, *found.get("unit", [])] if _is_unit(token, speech)]
    rest = [token for token in some if token not in numbers and token not in units]
    rest += [token for token in found.get("unit", []) if token not in units and token.kind != Kind.MARK]
    marks = [token for token in found.get("quantity", []) if token.kind == Kind.MARK]
    if len(numbers) != 1 or len(units) > 1 or any(mark.text not in PLAIN for mark in marks):
        return (numbers[0] if numbers else None), None, [*rest, *numbers, *units]
    return numbers[0], (units[0] if units else None), rest


def _is_unit(token: Token, speech: Tongue) -> bool:
    return token.kind == Kind.WORD and bool(units_of(token.low)) and vocabulary().means_it_in(token.low, speech.name)


def _money(found: Mapping[str, list[Token]], item: ItemCard | None, quantity: Decimal) -> tuple[Decimal | None, str]:
    price, total = _amount(found.get("price", [])), _amount(found.get("total", []))
    if item is None or (price is None and total is None):
        return None, "price_in_doubt" if found.keys() & {"price", "total"} and item is not None else ""
    if _currencies(found) - {item.currency}:
        return None, "price_in_doubt"
    if total is not None and total != (item.price if price is None else price) * quantity:
        return None, "price_in_doubt"
    return price, "price_differs" if price is not None and price != item.price else ""


def _amount(some: list[Token]) -> Decimal | None:
    numbers = [token for token in some if token.kind == Kind.NUMBER]
    return money(numbers[0].text) if len(numbers) == 1 else None


def _currencies(found: Mapping[str, list[Token]]) -> set[str]:
    return {
        MONEY_MARKS[token.low]
        for name in ("price", "total")
        for token in found.get(name, [])
        if token.low in MONEY_MARKS
    }


def _position(found: Mapping[str, list[Token]]) -> list[Token]:
    some = [token for token in found.get("position", []) if token.kind != Kind.MARK]
    return [] if all(token.kind == Kind.NUMBER and len(token.text) < 4 for token in some) and len(some) < 2 else some
