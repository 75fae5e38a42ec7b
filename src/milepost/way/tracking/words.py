"""The one vocabulary of tracking: kinds of events, reasons, who must act, stages; and what is said of parcels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from milepost.kernel.refusals import Refusal


class Kind(StrEnum):
    """What an event says. Each vendor's codes are translated into these by a table of its plug; `UNKNOWN` was not."""

    LABEL_CREATED = "label_created"
    NOT_FOUND = "not_found"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    ARRIVED_HUB = "arrived_hub"
    DEPARTED_HUB = "departed_hub"
    ARRIVED_DESTINATION = "arrived_destination"
    HANDED_OVER = "handed_over"
    CUSTOMS_PROCESSING = "customs_processing"
    CUSTOMS_CLEARED = "customs_cleared"
    CUSTOMS_ACTION = "customs_action"
    DELIVERY_SCHEDULED = "delivery_scheduled"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELAYED = "delayed"
    HELD = "held"
    ADDRESS_PROBLEM = "address_problem"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    DAMAGED = "damaged"
    LOST = "lost"
    RETURNING = "returning"
    RETURNED = "returned"
    DELIVERED = "delivered"
    DELIVERED_SAFE_PLACE = "delivered_safe_place"
    DELIVERED_NEIGHBOUR = "delivered_neighbour"
    DELIVERED_LOCKER = "delivered_locker"
    COLLECTED = "collected"
    DELIVERED_PART = "delivered_part"
    CANCELLED = "cancelled"
    DISPOSED = "disposed"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


DELIVERIES = frozenset(
    {Kind.DELIVERED, Kind.DELIVERED_SAFE_PLACE, Kind.DELIVERED_NEIGHBOUR, Kind.DELIVERED_LOCKER, Kind.COLLECTED}
)
"""The kinds that mean that the whole parcel arrived."""


AHEAD = timedelta(hours=26)
"""How far ahead of our clock a scan may lie: carriers give wall times without a zone, and the earth has 26 hours of them."""


class Cause(StrEnum):
    """The incident reason: whose matter it is that something goes wrong, in a form fit for analysis (EXC-3)."""

    WEATHER = "weather"
    CARRIER = "carrier"
    CONSIGNEE = "consignee"
    ADDRESS = "address"
    CUSTOMS = "customs"
    SUPPLIER = "supplier"
    US = "us"
    SECURITY = "security"
    FORCE_MAJEURE = "force_majeure"
    UNKNOWN = "unknown"


class Actor(StrEnum):
    """Who must act on an event."""

    NOBODY = "nobody"
    CARRIER = "carrier"
    RECIPIENT = "recipient"
    SHIPPER = "shipper"


WHO_ACTS: Mapping[Kind, Actor] = {
    Kind.NOT_FOUND: Actor.SHIPPER,
    Kind.CUSTOMS_ACTION: Actor.SHIPPER,
    Kind.ADDRESS_PROBLEM: Actor.SHIPPER,
    Kind.ATTEMPT_FAILED: Actor.RECIPIENT,
    Kind.READY_FOR_PICKUP: Actor.RECIPIENT,
    Kind.DELAYED: Actor.CARRIER,
    Kind.HELD: Actor.CARRIER,
    Kind.REFUSED: Actor.SHIPPER,
    Kind.DAMAGED: Actor.SHIPPER,
    Kind.LOST: Actor.SHIPPER,
    Kind.RETURNING: Actor.SHIPPER,
    Kind.RETURNED: Actor.SHIPPER,
    Kind.DELIVERED_PART: Actor.CARRIER,
    Kind.CANCELLED: Actor.SHIPPER,
    Kind.DISPOSED: Actor.SHIPPER,
    Kind.UNKNOWN: Actor.NOBODY,
}
"""Who must act on a kind of event; nobody where the table is silent."""

WHO_ACTS_BECAUSE: Mapping[tuple[Kind, Cause], Actor] = {
    (Kind.HELD, Cause.CONSIGNEE): Actor.RECIPIENT,
    (Kind.HELD, Cause.CUSTOMS): Actor.SHIPPER,
    (Kind.HELD, Cause.ADDRESS): Actor.SHIPPER,
    (Kind.HELD, Cause.US): Actor.SHIPPER,
    (Kind.HELD, Cause.SUPPLIER): Actor.SHIPPER,
    (Kind.DELAYED, Cause.ADDRESS): Actor.SHIPPER,
    (Kind.DELAYED, Cause.CONSIGNEE): Actor.RECIPIENT,
    (Kind.DELAYED, Cause.US): Actor.SHIPPER,
    (Kind.DELAYED, Cause.SUPPLIER): Actor.SHIPPER,
    (Kind.ATTEMPT_FAILED, Cause.ADDRESS): Actor.SHIPPER,
    (Kind.ATTEMPT_FAILED, Cause.CARRIER): Actor.CARRIER,
    (Kind.ATTEMPT_FAILED, Cause.WEATHER): Actor.CARRIER,
    (Kind.CUSTOMS_ACTION, Cause.CONSIGNEE): Actor.RECIPIENT,
}
"""Where the incident reason puts it upon somebody else."""


def who_acts(kind: Kind, cause: Cause | None) -> Actor:
    """Who must act on an event."""
    if cause is not None and (kind, cause) in WHO_ACTS_BECAUSE:
        return WHO_ACTS_BECAUSE[kind, cause]
    return WHO_ACTS.get(kind, Actor.NOBODY)


class Stage(StrEnum):
    """Where a parcel is, by all its events together."""

    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"


class Reached(StrEnum):
    """How far a parcel came on its first leg, in the order of the way. Only a correction takes it back."""

    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """One dated statement about a parcel, as somebody made it.

    The parcel is named by `parcel_id`, or by `tracking_number` and, where known, `carrier`. `happened_at` is the instant of
    the scan, `stated_at` the carrier's own spelling of it. `code` is the vendor's code as it came. `corrects` is the id of
    the event that this one replaces (kind `withdrawn`: that it only takes back). `received_by` is personal and stays in its
    row. `received_at` is when we got it, if not now. `zone_certain` is False where the wall time was resolved by a guess of its
    zone (`places.instant_of`). `place` is what people read; `city`, `region`, `country` (ISO code) and the coordinates (degrees,
    WGS 84) are for a map.
    """

    kind: Kind
    happened_at: datetime
    parcel_id: int | None = None
    tracking_number: str = ""
    carrier: str = ""
    cause: Cause | None = None
    stated_at: str = ""
    place: str = ""
    message: str = ""
    code: str = ""
    estimate_on: date | None = None
    corrects: UUID | None = None
    received_by: str = ""
    received_at: datetime | None = None
    zone_certain: bool = True
    city: str = ""
    region: str = ""
    country: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None


class Event(NamedTuple):
    """One event as the rules see it. `id` is made from what it says, so the same statement is the same event."""

    id: UUID
    kind: Kind
    happened_at: datetime
    cause: Cause | None = None
    estimate_on: date | None = None
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Delay:
    """The delay that stands for a parcel: why, since when (carrier's time), and until when it will take, if said."""

    cause: Cause
    since_at: datetime
    estimate_on: date | None


class Standing(NamedTuple):
    """All that follows from the set of a parcel's events."""

    stage: Stage
    reached: Reached
    leg: int
    since_at: datetime | None = None
    delivered_at: datetime | None = None
    delivered_as: Kind | None = None
    delay: Delay | None = None
    last_event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One line of a timeline. `leg` 1 is the way to the customer, later ones ways back. `voided`: it was corrected."""

    id: UUID
    parcel_id: int
    kind: Kind
    cause: Cause | None
    happened_at: datetime
    stated_at: str
    place: str
    message: str
    code: str
    source: str
    estimate_on: date | None
    leg: int
    voided: bool
    acts: Actor
    received_at: datetime
    processed_at: datetime
    zone_certain: bool = True
    city: str = ""
    region: str = ""
    country: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A parcel's standing as kept for lists and pages."""

    parcel_id: int
    shipment_id: int
    order_id: int
    stage: Stage
    reached: Reached
    leg: int
    events: int
    since_at: datetime | None
    delivered_at: datetime | None
    delay: Delay | None
    last_event_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of a batch: events that were new, repeats that changed nothing, and what was refused, by index."""

    new: int
    repeated: int
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What a vendor calls some parcels: its own reference of them, their tracking numbers as of `said_at`, and the carrier."""

    reference: str
    numbers: tuple[str, ...]
    said_at: datetime
    carrier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a plug read in one raw delivery: events, and the refusal of what made no sense in it. Neither: nothing for us.

    `names` are parcels that the vendor speaks of by a reference of its own; `by_reference` are events, without a tracking number,
    of all parcels that bear the reference beside them.
    """

    events: tuple[EventDraft, ...] = ()
    refusal: Refusal | None = None
    names: tuple[Name, ...] = ()
    by_reference: tuple[tuple[str, EventDraft], ...] = ()


class Concern(StrEnum):
    """What the clock finds about a parcel of which nobody has said anything (EXC-1)."""

    DISPATCH_NOT_SCANNED = "dispatch_not_scanned"
    LABEL_NEVER_ACTIVATED = "label_never_activated"
    STALLED = "stalled"
    PREDICTED_MISS = "predicted_miss"


class Ended(StrEnum):
    """Why a concern is over: there is news, it will be in time after all, the matter itself is over, or another took its place."""

    NEWS = "news"
    IN_TIME = "in_time"
    OVER = "over"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingConcern:
    """A concern that stands, with what is estimated, and whose figures it was held against.

    `usual_minutes` and `patience_minutes` count on working days, 24 hours to a day; `lane` taught them by so many `samples`, or,
    with none, the procedure says them.
    """

    parcel_id: int
    order_id: int
    concern: Concern
    since_at: datetime
    noticed_at: datetime
    earliest_on: date
    latest_on: date
    confidence: int
    usual_minutes: int
    patience_minutes: int
    samples: int
    lane: str
