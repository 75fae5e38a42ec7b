"""The lines of an order while somebody types them: item, stock, price and date of each row, with nothing guessed or reserved.

Shared by whoever enters orders by hand: the desk's phone form, its open requests, and the portal. The rows are drawn by
`look/lines.html`; their fields are named `line-<place>-item`, `-quantity`, `-price` and `-instructions`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from milepost.faces.look.amounts import read_amount
from milepost.ground.catalog import queries as catalog
from milepost.ground.catalog.words import ItemCard
from milepost.ground.procedures import queries as procedures
from milepost.kernel.refusals import Refusal
from milepost.way.intake.words import LineDraft
from milepost.way.promising import rules as promising
from milepost.way.promising.words import WantedPromise, Window
from milepost.way.stock import queries as stock

MOST_ROWS, LONGEST = 200, 2000
_FIELD = re.compile(r"line-(\d{1,4})-(item|quantity|price|instructions)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """One row as it was typed; `place` is its number in the form."""

    place: int = 0
    item: str = ""
    quantity: str = ""
    price: str = ""
    instructions: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for. A quantity alone asks for nothing."""
        return not (self.item.strip() or self.instructions.strip() or self.price.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row with what is known of it. `free` is what this row may still have; `short` of it would wait for stock."""

    typed: TypedLine
    item: ItemCard | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    free: Decimal = Decimal(0)
    problem: str = ""
    field: str = "item"
    matches: tuple[ItemCard, ...] = ()

    @property
    def place(self) -> int:
        """Its number in the form."""
        return self.typed.place

    @property
    def focus_item(self) -> str:
        """The name of its first field."""
        return f"line-{self.place}-item"

    @property
    def focus_quantity(self) -> str:
        """The name of its field for the quantity."""
        return f"line-{self.place}-quantity"

    @property
    def focus_match(self) -> str:
        """The name of the first of the items that may be meant."""
        return f"line-{self.place}-match"

    @property
    def short(self) -> Decimal:
        """How much of it is not there."""
        return max((self.quantity or Decimal(0)) - self.free, Decimal(0)) if self.item else Decimal(0)

    @property
    def total(self) -> Decimal | None:
        """What it costs, to the cent."""
        if self.quantity is None or self.price is None:
            return None
        return (self.quantity * self.price).quantize(Decimal("0.01"))

    @property
    def is_own_price(self) -> bool:
        """Whether another price than the list's was agreed."""
        return bool(self.item and self.price is not None and self.price != self.item.price)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """All rows, what they cost, and the window that would be promised now; None before anything is ordered."""

    rows: tuple[Row, ...]
    currency: str
    window: Window | None = None

    @property
    def filled(self) -> tuple[Row, ...]:
        """The rows that ask for something."""
        return tuple(row for row in self.rows if not row.typed.is_empty)

    @property
    def total(self) -> Decimal:
        """What the rows cost that can be reckoned."""
        return sum((row.total or Decimal(0) for row in self.rows), Decimal(0))

    @property
    def is_short(self) -> bool:
        """Whether any of it would wait for stock."""
        return any(row.short for row in self.rows)

    @property
    def problems(self) -> list[Refusal]:
        """Why the rows cannot be ordered as they stand, each at its field."""
        found = [
            Refusal(
                code="bad_line", says="Line {line}: {problem}", field=f"line-{row.place}-{row.field}",
                values={"line": number, "problem": row.problem},
            )
            for number, row in enumerate(self.filled, start=1) if row.problem
        ]  # fmt: skip
        return found or (
            [] if self.filled else [Refusal(code="no_lines", says=_("Nothing is ordered yet."), field="line-0-item")]
        )

    def drafts(self) -> tuple[LineDraft, ...]:
        """The lines as they are asked for; only where there are no problems. Without a price of its own a line costs the list's."""
        return tuple(
            LineDraft(
                code=row.item.code, quantity=row.quantity, price=row.price if row.typed.price.strip() else None,
                instructions=row.typed.instructions.strip(),
            )
            for row in self.filled if row.item and row.quantity is not None and not row.problem
        )  # fmt: skip


def read_lines(posted: Mapping[str, str]) -> list[TypedLine]:
    """The rows of a form in their order, as they were typed; empty ones are left out."""
    rows: dict[int, dict[str, str]] = defaultdict(dict)
    for name, value in posted.items():
        found = _FIELD.fullmatch(name)
        if found:
            rows[int(found[1])][found[2]] = str(value)[:LONGEST]
    typed = (TypedLine(place=place, **rows[place]) for place in sorted(rows))
    return [line for line in typed if not line.is_empty][:MOST_ROWS]


def places_in(posted: Iterable[str]) -> set[int]:
    """The numbers of all rows of a form, the empty ones too."""
    return {int(found[1]) for name in posted if (found := _FIELD.fullmatch(name))}


def renumbered(lines: Iterable[TypedLine]) -> list[TypedLine]:
    """The rows numbered from 0, for a form that is drawn anew."""
    return [replace(line, place=place) for place, line in enumerate(lines)]


def with_a_free_row(lines: Sequence[TypedLine]) -> list[TypedLine]:
    """The rows and an empty one to type in."""
    return renumbered([*lines, TypedLine()]) if len(lines) < MOST_ROWS else renumbered(lines)


def fields_of(lines: Iterable[TypedLine]) -> dict[str, str]:
    """The rows as a form's fields, for one that is kept."""
    return {
        f"line-{line.place}-{name}": value
        for line in lines
        for name in ("item", "quantity", "price", "instructions")
        if (value := getattr(line, name))
    }


def reckon(
    lines: Sequence[TypedLine], *, now: datetime, country: str = "", service: str = "", zone: str = "", look_up: str = "",
    priced: bool = True,
) -> Basket:  # fmt: skip
    """What the rows come to now; nothing is reserved.

    Three statements, two more where something is short, and three more for the row that is looked up, which is named by
    the first of its matches. Where prices are not the typist's to say (`priced=False`) a typed one counts for nothing.
    """
    items = catalog.by_typed_code([line.item for line in lines])
    free = {key: one.free for key, one in stock.availability(sorted({item.id for item in items.values()})).items()}
    currency = next((items[line.item].currency for line in lines if line.item in items), settings.CURRENCY)
    rows = []
    for line in lines:
        row = _row(line if priced else replace(line, price=""), items.get(line.item), free, currency)
        if row.item and row.quantity:
            free[row.item.id] = max(row.free - row.quantity, Decimal(0))
        rows.append(row)
    rows = [_looked_up(row) if row.focus_match == look_up and row.item is None else row for row in rows]
    basket = Basket(rows=tuple(rows), currency=currency)
    return replace(basket, window=_window(basket, country, service, zone or settings.HOME_ZONE, now))


def _looked_up(row: Row) -> Row:
    return replace(row, matches=tuple(catalog.look_up(row.typed.item)))


def _row(typed: TypedLine, item: ItemCard | None, free: Mapping[int, Decimal], currency: str) -> Row:
    quantity, bad_quantity = read_amount(typed.quantity)
    price, bad_price = read_amount(typed.price)
    row = Row(
        typed=typed, item=item, quantity=quantity, free=free[item.id] if item else Decimal(0),
        price=price if price is not None else item.price if item else None,
    )  # fmt: skip
    if typed.is_empty:
        return row
    if item is None:
        said = _("There is no item “%(text)s”. Choose one of those that are found.") % {"text": typed.item.strip()[:60]}
        return replace(row, problem=said if typed.item.strip() else _("Which item?"))
    if item.currency != currency:
        return replace(row, problem=_("It is priced in %(currency)s; order it apart.") % {"currency": item.currency})
    if bad_quantity or not quantity:
        return replace(row, problem=bad_quantity or _("How many?"), field="quantity")
    return replace(row, problem=bad_price, field="price" if bad_price else "item")


def _window(basket: Basket, country: str, service: str, zone: str, now: datetime) -> Window | None:
    if not any(row.item and row.quantity for row in basket.rows):
        return None
    book = procedures.book()
    short: dict[int, Decimal] = defaultdict(Decimal)
    for row in basket.rows:
        if row.item and row.short:
            short[row.item.id] += row.short
    wanted = WantedPromise(
        order_id=0, service=service, zone=zone, country=country, short=bool(short),
        supply_on=stock.would_be_here_on(short, now=now) if short else None,
    )  # fmt: skip
    window, _basis, _confidence = promising.first_window(wanted, book.promising, book.calendar(), now=now)
    return window
