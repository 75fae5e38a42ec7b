"""The words of one shipment: what is in it, when it arrives, and what is still to come (TRK-3)."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from milepost.ground.procedures.words import Book
from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.values import local_day, long_day, quantity, window
from milepost.way.fulfilment.words import ShipmentCard, State
from milepost.way.orders.words import LineCard
from milepost.way.promising.rules import window_between


def words(account: Account, book: Book, shipment_id: int | None) -> dict[str, Any]:
    """Of the shipment that a letter is about; without one, of all that has left."""
    about = [one for one in account.shipments if one.shipped_at and shipment_id in (None, one.id)]
    inside, left = _packed(about), _packed([one for one in account.shipments if one.shipped_at])
    lines = {line.position: line for line in account.order.lines}
    rest = {p: line.quantity - left[p] for p, line in lines.items() if not line.cancelled and line.quantity > left[p]}
    days = {one.position: one.expected_on for one in account.waiting}
    return {
        "shipped": [_line(lines[p], amount) for p, amount in sorted(inside.items()) if p in lines],
        "rest": [
            {**_line(lines[p], amount), "expected": long_day(day) if (day := days.get(p)) else ""}
            for p, amount in sorted(rest.items())
        ],
        "arrives": _arrives(account, book, about[0] if len(about) == 1 else None, is_part=bool(rest)),
        "parcels": _parcels(account, about),
    }


def _packed(shipments: list[ShipmentCard]) -> Mapping[int, Decimal]:
    inside: dict[int, Decimal] = defaultdict(Decimal)
    for shipment in shipments:
        for parcel in shipment.parcels if shipment.state != State.CANCELLED else ():
            for position, _, amount in parcel.lines:
                inside[position] += amount
    return inside


def _line(line: LineCard, amount: Decimal) -> dict[str, str]:
    return {"name": line.name or line.code, "code": line.code, "quantity": quantity(amount, line.unit)}


def _arrives(account: Account, book: Book, shipment: ShipmentCard | None, *, is_part: bool) -> str:
    """The order's own date for the last of it; a part that goes ahead arrives when its service usually does."""
    standing = account.standing
    if not is_part or shipment is None or shipment.shipped_at is None:
        return window(standing.now) if standing else ""
    calendar, order = book.calendar(), account.order
    soonest, latest = book.promising.transit_days(shipment.service or order.service, order.ship_to.country)
    left_on = local_day(shipment.shipped_at, str(calendar.zone))
    days = window_between(
        calendar.plus_working_days(left_on, soonest), calendar.plus_working_days(left_on, latest), order.zone
    )
    return window(days)


def _parcels(account: Account, about: list[ShipmentCard]) -> list[dict[str, str]]:
    return [
        {"carrier": account.carriers.get(parcel.carrier, parcel.carrier), "number": parcel.tracking_number}
        for shipment in about
        for parcel in shipment.parcels
        if parcel.shipped_at
    ]
