"""What can be no order at all, in pure decisions; what is doubtful is verification's to say (VER-1)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import available_timezones

from milepost.ground.catalog.words import ItemCard
from milepost.kernel.refusals import Refusal
from milepost.way.intake.words import Draft, Incoming, LineDraft, OrderSheet, RefusedRow

MOST_LINES = 1000
MOST_OF_A_LINE = Decimal(1_000_000)
MOST_MONEY = Decimal(99999999999)


def impossible(draft: Draft, items: Mapping[str, ItemCard], *, now: datetime) -> Iterator[Refusal]:
    """Why a draft can be no order at all; with a field for each reason."""
    if len(draft.lines) > MOST_LINES:
        yield _refusal(
            "too_many_lines", "lines", "An order has at most {most} lines.", "Split the order.", most=MOST_LINES
        )
    for place, line in enumerate(draft.lines):
        yield from _impossible_line(line, f"lines.{place}", items, draft.currency)
    total = draft.total
    if min(draft.freight, draft.tax, total) < 0 or total > MOST_MONEY:
        yield _refusal(
            "bad_amount", "freight", "The total is negative or beyond all measure.", "Check prices and freight."
        )
    if zone := _unknown_zone(draft):
        yield _refusal("unknown_zone", "zone", "There is no time zone {zone}.", "Name one as Europe/Berlin.", zone=zone)
    if draft.promised and draft.promised.latest_on < (now - timedelta(days=1)).date():
        yield _refusal(
            "date_in_the_past", "promised_on", "The promised day {day} was over when the order was received.",
            "Give the day that the customer was told.", day=draft.promised.latest_on.isoformat(),
        )  # fmt: skip


def _unknown_zone(draft: Draft) -> str:
    """The time zone that nobody knows (IANA), if one was named."""
    return next((zone for zone in (draft.zone, draft.customer.zone) if zone and zone not in known_zones()), "")


@cache
def known_zones() -> frozenset[str]:
    """All time zones of the IANA data base that this machine knows."""
    return frozenset(available_timezones())


def _impossible_line(line: LineDraft, field: str, items: Mapping[str, ItemCard], currency: str) -> Iterator[Refusal]:
    item = items.get(line.code)
    if item is None:
        yield _refusal(
            "unknown_item", f"{field}.code", "There is no item {code} in the catalogue.",
            "Check the code, or list the item first.", code=line.code,
        )  # fmt: skip
    elif item.currency != currency:
        yield _refusal(
            "wrong_currency", "currency", "Item {code} is priced in {listed}, not in {asked}.",
            "Order in {listed}.", code=line.code, listed=item.currency, asked=currency,
        )  # fmt: skip
    if line.quantity <= 0:
        yield _refusal(
            "bad_quantity", f"{field}.quantity", "The quantity must be more than zero.", "Give a positive quantity."
        )
    elif line.quantity > MOST_OF_A_LINE or line.quantity != line.quantity.quantize(Decimal("0.001")):
        yield _refusal(
            "bad_quantity", f"{field}.quantity", "The quantity {quantity} is too large or too fine.",
            "At most {most}, with three decimals.", quantity=str(line.quantity), most=str(MOST_OF_A_LINE),
        )  # fmt: skip
    if line.price is not None and not 0 <= line.price <= MOST_MONEY:
        yield _refusal(
            "bad_price", f"{field}.price", "The price must not be negative or beyond all measure.", "Check the price."
        )


def _refusal(code: str, field: str, says: str, do: str, /, **values: object) -> Refusal:
    return Refusal(code=code, says=says, do=do, field=field, values=values)


def with_catalogue(draft: Draft, items: Mapping[str, ItemCard]) -> Draft:
    """The draft with each line's item, name, unit and list price; a price that was not stated is the list's."""
    return replace(draft, lines=tuple(_listed(line, items[line.code]) for line in draft.lines))


def _listed(line: LineDraft, item: ItemCard) -> LineDraft:
    return LineDraft(
        code=item.code, quantity=line.quantity, price=item.price if line.price is None else line.price,
        unit=line.unit or item.unit, instructions=line.instructions, item_id=item.id, name=item.name,
        list_price=item.price, usual_max=item.usual_max, discount=line.discount,
    )  # fmt: skip


def refused_rows(sheet: OrderSheet) -> Iterator[RefusedRow]:
    """What could not be read in a file of orders, line by line."""
    for refusal in sheet.refusals:
        yield RefusedRow(
            line=refusal.index or 0, order="", field=refusal.field, code=refusal.code, sentence=refusal.sentence,
            next_step=refusal.next_step,
        )  # fmt: skip


def row_of(one: Incoming, refusal: Refusal) -> RefusedRow:
    """A refused order's reason at the line of the file that it is about."""
    place = refusal.field.split(".")
    rows = one.origins["rows"]
    about_line = len(place) > 1 and place[0] == "lines" and place[1].isdigit()
    return RefusedRow(
        line=rows[int(place[1])] if about_line else rows[0], order=one.origins["order"],
        field=_COLUMNS.get(place[-1], place[-1]), code=refusal.code,
        sentence=refusal.sentence, next_step=refusal.next_step,
    )  # fmt: skip


_COLUMNS = {"code": "item"}
"""What a field is called in files, where it has another name there."""
