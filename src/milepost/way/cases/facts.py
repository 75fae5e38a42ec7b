"""What cases tell."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from milepost.kernel.facts import OrderFact


@dataclass(frozen=True, kw_only=True)
class DelayFound(OrderFact):
    """The order will be late, or later than last said. One fact for each new date or cause (EXC-1, EXC-2).

    The estimate is a range of days at the recipient's place and its confidence in percent. `sign` says how it was found.
    """

    says: ClassVar[str] = (
        "Delay found ({cause}, {sign}): promised until {due_was}, now expected {new_earliest_on} to {new_latest_on} "
        "({confidence} %)."
    )
    case_id: UUID
    cause: str
    due_was: date
    new_latest_on: date
    found_by: str
    sign: str = ""
    new_earliest_on: date | None = None
    confidence: int | None = None


@dataclass(frozen=True, kw_only=True)
class DelaySuspected(OrderFact):
    """Something is not as usual, but the date that was promised still stands: somebody looks after it, customers hear nothing."""

    says: ClassVar[str] = (
        "Delay suspected ({cause}, {sign}): expected {earliest_on} to {latest_on} ({confidence} %), promised until {due_on}."
    )
    case_id: UUID
    cause: str
    due_on: date
    found_by: str
    sign: str
    earliest_on: date | None
    latest_on: date
    confidence: int | None


@dataclass(frozen=True, kw_only=True)
class DelayResolved(OrderFact):
    """The delay is over, and how (KPI-4 measures from its finding to here)."""

    says: ClassVar[str] = "Delay over: {outcome}."
    case_id: UUID
    outcome: str
    due_was: date
    open_minutes: int


@dataclass(frozen=True, kw_only=True)
class ExceptionFound(OrderFact):
    """Something went wrong that no new date settles: a parcel is lost or on its way back. Staff decide what is done."""

    says: ClassVar[str] = "Exception found: {kind} ({cause})."
    case_id: UUID
    kind: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class ExceptionSettled(OrderFact):
    """A lost or returning parcel was dealt with, or turned up."""

    says: ClassVar[str] = "Exception {kind} settled: {outcome}."
    case_id: UUID
    kind: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What was chosen for the short part of a line: `item_id` instead of `was_item_id` where it was a substitute."""

    position: int
    choice: str
    quantity: Decimal
    was_item_id: int
    item_id: int
    code: str = ""
    unit_price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class OfferMade(OrderFact):
    """The customer may choose what is done about lines that are short, until a deadline (STK-2, EXC-5)."""

    says: ClassVar[str] = "Alternatives offered, to be chosen until {deadline_at}; without an answer: {default}"
    offer_id: UUID
    deadline_at: datetime
    default: str
    lines: int


@dataclass(frozen=True, kw_only=True)
class OfferAnswered(OrderFact):
    """The customer has chosen."""

    says: ClassVar[str] = "Alternatives chosen: {summary}"
    offer_id: UUID
    summary: str
    chosen: tuple[Chosen, ...]


@dataclass(frozen=True, kw_only=True)
class OfferLapsed(OrderFact):
    """Nobody answered in time, so what was stated is done."""

    says: ClassVar[str] = "No answer to the alternatives: {summary}"
    offer_id: UUID
    summary: str
    chosen: tuple[Chosen, ...]


@dataclass(frozen=True, kw_only=True)
class OfferClosed(OrderFact):
    """There is nothing left to choose."""

    says: ClassVar[str] = "Alternatives closed: {because}"
    offer_id: UUID
    because: str
