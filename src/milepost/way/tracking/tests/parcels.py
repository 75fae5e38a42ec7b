"""Parcels on their way, for the tests: orders of the cast that were shipped on Monday."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import ParcelCard, Shipping
from milepost.way.tracking import queries
from milepost.way.tracking.words import EventDraft, Kind, Progress
from tests import cast


def shipped(
    count: int = 1, *, carrier: str = "own", numbers: tuple[str, ...] = (), strangers: bool = False
) -> list[ParcelCard]:
    """The parcels of so many orders, handed over; of Ada's, or of as many `strangers`, each to be told for themselves."""
    cast.stocked(quantity=10 * count)
    people = [
        replace(cast.ADA, external_ref=f"S{n}", email=f"s{n}@example.com") if strangers else cast.ADA
        for n in range(count)
    ]
    order_ids = cast.ordered(*(cast.draft(external_ref=uuid4().hex, customer=one) for one in people))
    given = numbers or ("",) * count
    fulfilment.ship(
        [
            Shipping(order_id=order_id, carrier=carrier, tracking_numbers=(number,) if number else ())
            for order_id, number in zip(order_ids, given, strict=True)
        ],
        act=cast.OMAR,
    )
    found = shipments.shipments_of(order_ids)
    return [parcel for order_id in order_ids for shipment in found[order_id] for parcel in shipment.parcels]


def hour(hours: float) -> datetime:
    """So many hours after Monday morning."""
    return cast.MONDAY + timedelta(hours=hours)


def said(parcel: ParcelCard, kind: Kind, hours: float, **also: object) -> EventDraft:
    """A statement about a parcel by its tracking number."""
    return EventDraft(
        kind=kind,
        happened_at=hour(hours),
        tracking_number=parcel.tracking_number,
        carrier=parcel.carrier,
        **also,
    )


def progress(parcel: ParcelCard) -> Progress:
    """Where the parcel is."""
    return next(p for p in queries.progress([parcel.order_id])[parcel.order_id] if p.parcel_id == parcel.id)
