"""Lines of an order in free words: which code belongs to which quantity, and what beside them was not understood."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from milepost.ground.catalog.words import ItemCard
from milepost.plugs.inboxes.mail.beside import DASHES, OF, unexplained
from milepost.plugs.inboxes.mail.phrases import Tongue
from milepost.plugs.inboxes.mail.tokens import MONEY_MARKS, Token, money
from milepost.plugs.inboxes.mail.uses import Work, is_marked, uses_in
from milepost.plugs.inboxes.mail.vocabulary import units_of

BETWEEN = frozenset(':=-–—|;,()→.#*"')
WHOLE_UNITS = frozenset({"piece", "pack", "box", "pair", "set", "roll", "can", "bottle", "bag", "pallet"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One line that somebody asks for: `item` is None where no item has the code, `quantity` where it is in doubt."""

    code: Token
    item: ItemCard | None
    amount: Token | None = None
    quantity: Decimal | None = None
    unit: Token | None = None
    price: Decimal | None = None
    doubt: str = ""


@dataclass(slots=True)
class Found:
    """What a stretch of text holds: lines, and tokens that nothing explains."""

    asked: list[Asked] = field(default_factory=list)
    unread: list[Token] = field(default_factory=list)
    money: list[Token] = field(default_factory=list)


def read_line(
    found: Sequence[Token], speech: Tongue, *, numbered: bool = False, names: frozenset[str] = frozenset()
) -> Found:
    """Read one line. `numbered`: a number at its start only counts the lines; `names` are the sender's own."""
    work = uses_in(found, numbered=numbered, language=speech.name)
    asked = _pair(work)
    paired = {id(one.code) for one in asked} | {id(one.amount) for one in asked if one.amount is not None}
    used = {place for place, token in enumerate(work.tokens) if id(token) in paired}
    money_read = [work.tokens[place] for place, use in work.use.items() if use in ("price", "total")]
    return Found(asked, unexplained(work, used, speech, names), money_read)


def _pair(work: Work) -> list[Asked]:
    """Codes with their quantities. What only looks like a code is one where a quantity would be left over without it."""
    known = [place for place, use in sorted(work.use.items()) if use == "code" and work.tokens[place].item is not None]
    unknown = [place for place, use in sorted(work.use.items()) if use == "code" and work.tokens[place].item is None]
    pairs = _alternating(work, known)
    if pairs is None and unknown:
        pairs = _alternating(work, sorted(known + unknown))
    if pairs is not None:
        return pairs
    return [_without(work, code) for code in known]


def _alternating(work: Work, codes: list[int]) -> list[Asked] | None:
    """Lines where codes and quantities alternate from the first to the last; None where they do not."""
    order = [(place, use) for place, use in sorted(work.use.items()) if place in codes or use == "quantity"]
    uses = "".join("C" if use == "code" else "Q" for _, use in order)
    if codes and uses == "QC" * len(codes):
        pairs = [(order[at + 1][0], order[at][0]) for at in range(0, len(order), 2)]
        return [_asked(work, code, amount, _joins(work, amount, code, first="quantity")) for code, amount in pairs]
    if codes and uses == "CQ" * len(codes):
        pairs = [(order[at][0], order[at + 1][0]) for at in range(0, len(order), 2)]
        return [_asked(work, code, amount, _joins(work, code, amount, first="code")) for code, amount in pairs]
    return None


def _without(work: Work, code: int) -> Asked:
    return Asked(code=work.tokens[code], item=work.tokens[code].item, doubt="no_quantity")


def _joins(work: Work, left: int, right: int, *, first: str) -> bool:
    """Whether what stands between a code and a number makes them one line of an order."""
    between = range(left + 1, right)
    told = all(
        work.use.get(at) in ("times", "unit", "unit mark", "label", "description", "price", "money", "total")
        or work.tokens[at].text in BETWEEN
        or work.tokens[at].low in OF
        for at in between
    )
    if not told or _beside_description(work, right if first == "code" else left):
        return False
    if first == "quantity":
        return is_marked(work, left) or all(
            work.tokens[at].low in OF or work.use.get(at) in ("label", "description") for at in between
        )
    separated = any(work.tokens[at].text in (":", "=") for at in between) or _spaced_dash(work, left, right)
    return separated or is_marked(work, right)


def _beside_description(work: Work, place: int) -> bool:
    """A bare number beside a word of the item's name may belong to it: size 10."""
    beside = any(work.use.get(at) == "description" for at in (place - 1, place + 1))
    return (beside or _is_part_of_name(work, place)) and not is_marked(work, place)


def _is_part_of_name(work: Work, place: int) -> bool:
    """A bare number that stands in a code or name on this line, as the 50 of TAPE-50."""
    number = work.tokens[place].text
    items = [work.tokens[at].item for at, use in work.use.items() if use == "code"]
    return any(number in re.findall(r"\d+", f"{item.code} {item.name}") for item in items if item is not None)


def _spaced_dash(work: Work, left: int, right: int) -> bool:
    """A dash with blanks on both sides: AB-12 – 3. A dash before the number may be a minus."""
    for at in range(left + 1, right):
        token = work.tokens[at]
        if token.text in DASHES:
            after, before = work.tokens[at + 1], work.tokens[at - 1]
            return after.start > token.end and before.end < token.start
    return False


def _asked(work: Work, code: int, amount: int, joined: bool) -> Asked:
    token, number = work.tokens[code], work.tokens[amount]
    unit = work.at(amount + 1) if work.use.get(amount + 1) == "unit" else None
    line = Asked(code=token, item=token.item, amount=number, unit=unit, price=_price_of(work))
    if not joined or number.value is None:
        return replace(line, doubt="quantity_in_doubt")
    if token.item is not None and (doubt := unit_doubt(token.item, unit.low if unit else "", number.value)):
        return replace(line, doubt=doubt)
    if doubt := _price_doubt(work, line, number.value):
        return replace(line, doubt=doubt, quantity=number.value if doubt == "price_differs" else None)
    return replace(line, quantity=number.value)


def unit_doubt(item: ItemCard, unit: str, value: Decimal) -> str:
    """Why a quantity in this unit is not one of the item's own unit."""
    own = units_of(item.unit)
    if unit and not (units_of(unit) & own or unit == item.unit.casefold()):
        return "other_unit"
    if value != value.to_integral_value() and (not own or own & WHOLE_UNITS):
        return "quantity_in_doubt"
    return ""


def _price_of(work: Work) -> Decimal | None:
    prices = [work.tokens[place] for place, use in work.use.items() if use == "price"]
    return money(prices[0].text) if len(prices) == 1 else None


def _price_doubt(work: Work, line: Asked, quantity: Decimal) -> str:
    prices = [work.tokens[place] for place, use in work.use.items() if use == "price"]
    totals = [work.tokens[place] for place, use in work.use.items() if use == "total"]
    currencies = {
        MONEY_MARKS[work.tokens[at].low]
        for at, use in work.use.items()
        if use == "money" and work.tokens[at].low in MONEY_MARKS
    }
    if not prices and not totals:
        return ""
    codes = sum(use == "code" for use in work.use.values())
    if line.item is None or len(prices) > 1 or len(totals) > 1 or codes > 1 or currencies - {line.item.currency}:
        return "price_in_doubt"
    if totals and money(totals[0].text) != line.item.price * quantity:
        return "quantity_in_doubt"
    return "price_differs" if prices and line.price != line.item.price else ""
