"""The words of what has left: what is in it, when it arrives, and what is still to come (TRK-3)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings

from milepost.ground.procedures.words import Book
from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.tongues import Tongue
from milepost.reactions.letters.values import local_day, quantity, window
from milepost.way.fulfilment.words import ShipmentCard, State
from milepost.way.orders.words import LineCard
from milepost.way.promising.rules import window_between
from milepost.way.promising.words import PromiseCard, Window

DELIVERY_NOTE = "{site}/t/{token}/delivery-notes/{number}.pdf"


def words(account: Account, book: Book, shipments: Collection[int], say: Tongue) -> dict[str, Any]:
    """Of the shipments that a letter is about; without any, of all that has left."""
    sent = [one for one in account.shipments if one.shipped_at]
    about = [one for one in sent if not shipments or one.id in shipments]
    if not sent:
        return _nothing_left(account, say)
    inside, left = _packed(about), _packed(sent)
    lines = {line.position: line for line in account.order.lines}
    rest = {p: line.quantity - left[p] for p, line in lines.items() if not line.cancelled and line.quantity > left[p]}
    days = {one.position: one.expected_on for one in account.waiting}
    arrives = arrival(account, book, about[0] if len(about) == 1 else None, is_part=bool(rest))
    parcels = _parcels(account, about)
    return {
        "shipped": [_line(lines[p], amount, "", say) for p, amount in sorted(inside.items()) if p in lines],
        "rest": [
            _line(lines[p], amount, say.day(day) if (day := days.get(p)) else "", say)
            for p, amount in sorted(rest.items())
        ],
        "arrives": window(arrives, say) if arrives else "",
        "parcels": parcels,
        "parcel_count": say.plural("{count} parcel", "{count} parcels", len(parcels)),
        "delivery_note_link": _note(account, about[0]) if len(about) == 1 else "",
    }


def _nothing_left(account: Account, say: Tongue) -> dict[str, Any]:
    return {
        "shipped": [], "rest": [], "arrives": window(account.standing.now, say) if account.standing else "", "parcels": [],
        "parcel_count": say.plural("{count} parcel", "{count} parcels", 0), "delivery_note_link": "",
    }  # fmt: skip


def _packed(shipments: Sequence[ShipmentCard]) -> Mapping[int, Decimal]:
    inside: dict[int, Decimal] = defaultdict(Decimal)
    for shipment in shipments:
        for parcel in shipment.parcels if shipment.state != State.CANCELLED else ():
            for position, _, amount in parcel.lines:
                inside[position] += amount
    return inside


def _line(line: LineCard, amount: Decimal, expected: str, say: Tongue) -> dict[str, str]:
    return {
        "name": " ".join(line.name.split()) or line.code, "code": line.code,
        "quantity": quantity(amount, line.unit, say.language), "expected": expected,
    }  # fmt: skip


def arrival(
    account: Account, book: Book, shipment: ShipmentCard | None, *, is_part: bool
) -> Window | PromiseCard | None:
    """The order's own date for the last of it; a part that goes ahead arrives when its service usually does."""
    standing = account.standing
    if not is_part or shipment is None or shipment.shipped_at is None:
        return standing.now if standing else None
    calendar, order = book.calendar(), account.order
    soonest, latest = book.promising.transit_days(shipment.service or order.service, order.ship_to.country)
    left_on = local_day(shipment.shipped_at, str(calendar.zone))
    return window_between(
        calendar.plus_working_days(left_on, soonest), calendar.plus_working_days(left_on, latest), order.zone
    )


def _parcels(account: Account, about: Sequence[ShipmentCard]) -> list[dict[str, str]]:
    return [
        {
            "carrier": account.carriers.get(parcel.carrier, parcel.carrier), "number": parcel.tracking_number,
            "link": account.pages.get(parcel.id, ""),
        }
        for shipment in about
        for parcel in shipment.parcels
        if parcel.shipped_at
    ]  # fmt: skip


def _note(account: Account, shipment: ShipmentCard) -> str:
    return DELIVERY_NOTE.format(site=settings.SITE_URL, token=account.track, number=shipment.number)
