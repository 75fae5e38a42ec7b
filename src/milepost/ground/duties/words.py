"""The standard terms of duties."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

ORDER = "order"


class Urgency(StrEnum):
    """How a desk groups its duties; computed from the clock, never stored."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A duty to be opened. What is not given comes from the clock of its kind; the subject is the order unless named.

    The clock runs from `since` where what it counts began before anybody could act.
    """

    kind: str
    order_id: int | None = None
    subject_kind: str = ORDER
    subject_id: str = ""
    due_at: datetime | None = None
    since: datetime | None = None
    role: str | None = None
    says: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.subject_kind == ORDER and self.order_id is None:
            raise ValueError("a duty about an order names it")
        if not self.subject_id and self.subject_kind != ORDER:
            raise ValueError("a duty names its subject")


@dataclass(frozen=True, slots=True)
class Subject:
    """What duties are about, other than an order."""

    kind: str
    id: str
    order_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCard:
    """A duty as desks and pages read it."""

    id: UUID
    order_id: int | None
    subject_kind: str
    subject_id: str
    kind: str
    role: str
    assignee: int | None
    says: str
    opened_at: datetime
    due_at: datetime
    level: int
    warned: int
    snoozed_until: datetime | None
    snoozed_because: str
    closed_at: datetime | None
    closed_by: str
    outcome: str
    data: Mapping[str, Any]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.closed_at is None

    def is_late(self, now: datetime) -> bool:
        """Whether it is open past its due time, or was closed past it."""
        return (self.closed_at or now) > self.due_at


@dataclass(frozen=True, slots=True)
class Load:
    """The open duties of one role."""

    open: int
    late: int
    today: int
    waiting: int
    oldest_due_at: datetime | None
