"""Reads of tracking; each says how many statements it takes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from milepost.way.fulfilment.words import ParcelNews
from milepost.way.fulfilment.words import Reached as ShipmentReached
from milepost.way.fulfilment.words import State as ShipmentState
from milepost.way.tracking.models import NoticedConcern, ParcelProgress, TrackingEvent
from milepost.way.tracking.rules import timeline as told
from milepost.way.tracking.words import (
    Cause,
    Concern,
    Delay,
    Event,
    Kind,
    Progress,
    Reached,
    Shown,
    Stage,
    StandingConcern,
    who_acts,
)


def timeline(order_id: int) -> dict[int, list[Shown]]:
    """What was said of each parcel of an order, in carrier time, corrected statements marked (TRK-2). One statement."""
    rows: dict[int, list[TrackingEvent]] = defaultdict(list)
    for row in TrackingEvent.objects.filter(order_id=order_id):
        rows[row.parcel_id].append(row)
    return {parcel_id: _shown(events) for parcel_id, events in sorted(rows.items())}


def _shown(rows: Sequence[TrackingEvent]) -> list[Shown]:
    by_id = {row.id: row for row in rows}
    return [_line(by_id[line.event.id], line.leg, voided=line.voided) for line in told(map(event_of, rows))]


def event_of(row: TrackingEvent) -> Event:
    """A row as the rules see it."""
    cause = Cause(row.cause) if row.cause else None
    return Event(row.id, Kind(row.kind), row.happened_at, cause, row.estimate_on, row.corrects)


def _line(row: TrackingEvent, leg: int, *, voided: bool) -> Shown:
    kind, cause = Kind(row.kind), Cause(row.cause) if row.cause else None
    return Shown(
        id=row.id, parcel_id=row.parcel_id, kind=kind, cause=cause,
        happened_at=row.happened_at, stated_at=row.stated_at, place=row.place, message=row.message, code=row.code,
        source=row.source, estimate_on=row.estimate_on, leg=leg, voided=voided, acts=who_acts(kind, cause),
        received_at=row.received_at, processed_at=row.processed_at, zone_certain=row.zone_certain, city=row.city,
        region=row.region, country=row.country, latitude=row.latitude, longitude=row.longitude,
    )  # fmt: skip


def progress(order_ids: Iterable[int]) -> dict[int, list[Progress]]:
    """The standing of each parcel of each order. One statement."""
    found: dict[int, list[Progress]] = defaultdict(list)
    for row in ParcelProgress.objects.filter(order_id__in=list(order_ids)).order_by("order_id", "parcel_id"):
        found[row.order_id].append(_progress(row))
    return dict(found)


def _progress(row: ParcelProgress) -> Progress:
    return Progress(
        parcel_id=row.parcel_id, shipment_id=row.shipment_id, order_id=row.order_id, stage=Stage(row.stage),
        reached=Reached(row.reached), leg=row.leg, events=row.events, since_at=row.since_at,
        delivered_at=row.delivered_at, delay=delay_of(row), last_event_at=row.last_event_at,
    )  # fmt: skip


def delay_of(row: ParcelProgress) -> Delay | None:
    """The delay that stands for a parcel."""
    if not row.delay_cause or row.delay_since_at is None:
        return None
    return Delay(Cause(row.delay_cause), row.delay_since_at, row.delay_estimate_on)


def news(order_ids: Iterable[int]) -> list[ParcelNews]:
    """What fulfilment needs to know of all parcels of the orders. One statement."""
    fields = ("parcel_id", "shipment_id", "order_id", "stage", "reached", "delivered_at")
    rows = ParcelProgress.objects.filter(order_id__in=list(order_ids)).order_by("parcel_id").values_list(*fields)
    return [
        ParcelNews(
            parcel_id=parcel_id, shipment_id=shipment_id, order_id=order_id, state=ShipmentState(stage),
            reached=ShipmentReached(reached), delivered_at=delivered_at,
        )
        for parcel_id, shipment_id, order_id, stage, reached, delivered_at in rows
    ]  # fmt: skip


def delays(order_ids: Iterable[int]) -> dict[int, list[Delay]]:
    """The delays that stand for parcels of the orders. One statement."""
    found: dict[int, list[Delay]] = defaultdict(list)
    rows = ParcelProgress.objects.filter(order_id__in=list(order_ids)).exclude(delay_cause="").order_by("parcel_id")
    for row in rows:
        if delay := delay_of(row):
            found[row.order_id].append(delay)
    return dict(found)


def concerns(order_ids: Iterable[int]) -> dict[int, list[StandingConcern]]:
    """What the clock found about parcels of the orders and stands. One statement."""
    found: dict[int, list[StandingConcern]] = defaultdict(list)
    fields = tuple(field.name for field in dataclass_fields(StandingConcern))
    rows = NoticedConcern.objects.filter(order_id__in=list(order_ids), ended_at=None).order_by("order_id", "parcel_id")
    for values in rows.values(*fields):
        found[values["order_id"]].append(StandingConcern(**{**values, "concern": Concern(values["concern"])}))
    return dict(found)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a carrier says that a parcel arrived; `received_by` is personal."""

    order_id: int
    parcel_id: int
    kind: Kind
    happened_at: datetime
    source: str
    place: str
    received_by: str


def arrivals(order_ids: Iterable[int], parcel_ids: Iterable[int]) -> list[Arrival]:
    """The delivery that counts for each of the parcels. Two statements."""
    wanted = ParcelProgress.objects.filter(parcel_id__in=list(parcel_ids), reached=Reached.DELIVERED)
    counts = {(row.parcel_id, row.delivered_at, row.delivered_as) for row in wanted}
    rows = TrackingEvent.objects.filter(
        order_id__in=list(order_ids), parcel_id__in=[parcel for parcel, _, _ in counts],
        happened_at__in=[at for _, at, _ in counts],
    ).order_by("parcel_id", "id")  # fmt: skip
    return [
        Arrival(row.order_id, row.parcel_id, Kind(row.kind), row.happened_at, row.source, row.place, row.received_by)
        for row in rows
        if (row.parcel_id, row.happened_at, row.kind) in counts
    ]


@dataclass(frozen=True, slots=True)
class LastWord:
    """What was said of a parcel last among events of one kind: where, why, and for when the next is announced."""

    parcel_id: int
    kind: Kind
    happened_at: datetime
    place: str
    cause: Cause | None
    estimate_on: date | None


def last_words(order_ids: Iterable[int], kinds: Iterable[Kind]) -> dict[tuple[int, Kind], LastWord]:
    """The last event of each of these kinds of each parcel of the orders, by parcel and kind; what was corrected is left out.
    One statement."""
    rows = TrackingEvent.objects.filter(order_id__in=list(order_ids), kind__in=[kind.value for kind in kinds])
    corrected = TrackingEvent.objects.filter(order_id=OuterRef("order_id"), corrects=OuterRef("id"))
    fields = ("parcel_id", "kind", "happened_at", "place", "cause", "estimate_on")
    found = rows.filter(~Exists(corrected)).order_by("happened_at", "id").values_list(*fields)
    return {
        (parcel_id, Kind(kind)): LastWord(
            parcel_id, Kind(kind), at, place, Cause(cause) if cause else None, estimate_on
        )
        for parcel_id, kind, at, place, cause, estimate_on in found
    }
