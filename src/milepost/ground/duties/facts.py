"""What happens to duties. Opening and closing stand in the rows themselves, which are never deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from milepost.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DutyFact(Fact):
    """A fact of one duty; it stands in its order's story where it has one, else in a chain of its own."""

    says: ClassVar[str] = ""
    duty_id: UUID
    order_id: int | None
    kind_of_duty: str

    @property
    def stream(self) -> str:  # type: ignore[override] # of most facts the class decides, of these the row
        """The order's chain, or the duty's."""
        return "duty" if self.order_id is None else "order"

    @property
    def stream_id(self) -> int:
        return self.duty_id.int >> 65 if self.order_id is None else self.order_id


@dataclass(frozen=True, kw_only=True)
class DutyWarned(DutyFact):
    """A share of its time is gone (ACK-2: a miss is visible before it happens)."""

    says: ClassVar[str] = "Duty {kind_of_duty} of {role}: {percent} % of its time is gone"
    role: str
    percent: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class DutyEscalated(DutyFact):
    """It climbed its ladder; `role` is told (EXC-4)."""

    says: ClassVar[str] = "Duty {kind_of_duty} of {owner} escalated to {role} (level {level})"
    role: str
    owner: str
    level: int
    due_at: datetime
    channels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DutyTaken(DutyFact):
    """Somebody does it (a member of staff, by id)."""

    says: ClassVar[str] = "Duty {kind_of_duty} taken"
    assignee: int


@dataclass(frozen=True, kw_only=True)
class DutyHandedOver(DutyFact):
    """Another role or person does it."""

    says: ClassVar[str] = "Duty {kind_of_duty} handed from {was_role} to {role}"
    role: str
    was_role: str
    assignee: int | None
    was_assignee: int | None


@dataclass(frozen=True, kw_only=True)
class DutySnoozed(DutyFact):
    """It waits until a time; the reason is the act's. Its due time stays."""

    says: ClassVar[str] = "Duty {kind_of_duty} waits until {until}"
    until: datetime


@dataclass(frozen=True, kw_only=True)
class DutyClosedByHand(DutyFact):
    """Somebody says that it is done or needless; the reason is the act's."""

    says: ClassVar[str] = "Duty {kind_of_duty} closed by hand: {outcome}"
    outcome: str
