"""What cases tell."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from milepost.kernel.facts import OrderFact


@dataclass(frozen=True, kw_only=True)
class DelayFound(OrderFact):
    """The order will be late, or later than last said. One fact for each new date or cause (EXC-1, EXC-2)."""

    says: ClassVar[str] = "Delay found ({cause}): promised until {due_was}, now expected until {new_latest_on}."
    case_id: UUID
    cause: str
    due_was: date
    new_latest_on: date
    found_by: str


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
