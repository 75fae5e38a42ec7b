"""The words of cases."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class CaseKind(StrEnum):
    """What a case is about."""

    DELAY = "delay"
    LOST = "lost"
    RETURN = "return"


class FoundBy(StrEnum):
    """Who found it."""

    CARRIER = "carrier"
    CLOCK = "clock"
    STAFF = "staff"


class Outcome(StrEnum):
    """How a case ended."""

    DELIVERED = "delivered"
    BACK_IN_TIME = "back_in_time"
    CANCELLED = "cancelled"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayDraft:
    """A delay as staff report it: its cause (a tracking cause) and, if known, the new date."""

    order_id: int
    cause: str
    new_latest_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be thought of an order's delay now: its cause and the new date."""

    cause: str
    new_latest_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """A case as other rooms and faces see it."""

    id: UUID
    order_id: int
    kind: CaseKind
    cause: str
    found_by: FoundBy
    found_at: datetime
    due_was: date | None
    new_latest_on: date | None
    note: str
    resolved_at: datetime | None
    outcome: Outcome | None
