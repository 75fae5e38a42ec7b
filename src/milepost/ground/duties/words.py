"""The standard terms of duties."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Whose open duties are looked at, and when: those of these roles, or all that one person has taken.

    Duties of the kinds `idle` wait for somebody outside the house until they are due. `kind` narrows to one kind.
    """

    now: datetime
    end_of_today: datetime
    roles: Sequence[str] = ()
    assignee: int | None = None
    kind: str = ""
    idle: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """Open duties, counted up to a bound: of the groups in `more` there are more than the number says."""

    late: int = 0
    today: int = 0
    soon: int = 0
    waiting: int = 0
    oldest_due_at: datetime | None = None
    more: frozenset[Urgency] = frozenset()

    @property
    def open(self) -> int:
        """All of them."""
        return self.late + self.today + self.soon + self.waiting

    @property
    def said(self) -> dict[str, str]:
        """Each number as it is shown: with a plus where it is the least that there are."""
        plus = {part.value: "+" if part in self.more else "" for part in Urgency} | {"open": "+" if self.more else ""}
        return {name: f"{getattr(self, name)}{sign}" for name, sign in plus.items()}

    def __add__(self, other: "Load") -> "Load":
        oldest = [at for at in (self.oldest_due_at, other.oldest_due_at) if at]
        return Load(
            self.late + other.late, self.today + other.today, self.soon + other.soon, self.waiting + other.waiting,
            min(oldest, default=None), self.more | other.more,
        )  # fmt: skip
