"""What tracking finds out. One fact tells of a change of what follows from all events, never of a single scan."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from milepost.kernel.facts import OrderFact


@dataclass(frozen=True, kw_only=True)
class ParcelMoved(OrderFact):
    """What all events of a parcel say together has changed its stage, or how far it came."""

    says: ClassVar[str] = "Parcel {parcel_id} went from {was} to {stage}."
    parcel_id: int
    shipment_id: int
    stage: str
    was: str
    reached: str
    had_reached: str
    leg: int
    delivered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DelayReported(OrderFact):
    """A parcel is delayed, by its carrier's word; or the cause or the date of a standing delay has changed (EXC-1)."""

    says: ClassVar[str] = "Delay of parcel {parcel_id} reported: {cause}, now expected {estimate_on}."
    parcel_id: int
    cause: str
    estimate_on: date | None


@dataclass(frozen=True, kw_only=True)
class DelayEnded(OrderFact):
    """The delay of a parcel stands no more: it moves on, is delivered, on its way back, or was taken back by a correction."""

    says: ClassVar[str] = "Delay of parcel {parcel_id} ended."
    parcel_id: int


@dataclass(frozen=True, kw_only=True)
class EventCorrected(OrderFact):
    """Somebody corrected what had been said of a parcel; both statements are kept."""

    says: ClassVar[str] = "A tracking event of parcel {parcel_id} was corrected."
    parcel_id: int
    event: str
    by: str


@dataclass(frozen=True, kw_only=True)
class UnknownCodeSeen(OrderFact):
    """A carrier used a code that our tables do not know: kept as it is, told to nobody but IT."""

    says: ClassVar[str] = "{source} used the unknown code {code}."
    parcel_id: int
    source: str
    code: str


@dataclass(frozen=True, kw_only=True)
class ConcernNoticed(OrderFact):
    """No news of a parcel for longer than usual, or it will likely miss its promise; or the estimate has become worse (EXC-1).

    Hours count on working days, 24 to a day; with no `samples` they are the procedure's.
    """

    says: ClassVar[str] = (
        "Parcel {parcel_id}: {concern}, since {since_at}. Usual on working days are {usual_hours} h ({samples} samples {lane}), "
        "waited for {patience_hours} h. Now expected {earliest_on} to {latest_on} ({confidence} %)."
    )
    parcel_id: int
    concern: str
    since_at: datetime
    earliest_on: date
    latest_on: date
    confidence: int
    usual_hours: int
    patience_hours: int
    samples: int
    lane: str


@dataclass(frozen=True, kw_only=True)
class ConcernEnded(OrderFact):
    """What was noticed of a parcel stands no more: there is news of it, or the matter is over."""

    says: ClassVar[str] = "Parcel {parcel_id}: {concern} is over ({because})."
    parcel_id: int
    concern: str
    because: str


@dataclass(frozen=True, kw_only=True)
class LinkBroken(OrderFact):
    """The carrier's page of a parcel leads nowhere: nobody is sent there until it is mended (TRK-4)."""

    says: ClassVar[str] = "The tracking link of parcel {parcel_id} at {carrier} is broken: {found}."
    parcel_id: int
    carrier: str
    found: str


@dataclass(frozen=True, kw_only=True)
class LinkSettled(OrderFact):
    """A broken tracking link is of no concern any more: the page is there again, or the parcel has arrived."""

    says: ClassVar[str] = "The tracking link of parcel {parcel_id} at {carrier} is settled: {because}."
    parcel_id: int
    carrier: str
    because: str
