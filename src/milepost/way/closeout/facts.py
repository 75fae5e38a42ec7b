"""What happens at the end of an order's way."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from milepost.kernel.facts import OrderFact


@dataclass(frozen=True, kw_only=True)
class AcceptanceAsked(OrderFact):
    """The customer is asked whether all is well (CLO-2)."""

    says: ClassVar[str] = "Asked whether the goods are accepted; silence until {due_at} counts as yes."
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class AcceptanceWithdrawn(OrderFact):
    """The delivery was corrected: the question was taken back, or what was taken for a yes because nobody answered it."""

    says: ClassVar[str] = "The question of acceptance was withdrawn."
    was: str


@dataclass(frozen=True, kw_only=True)
class AcceptanceDoubted(OrderFact):
    """The delivery was corrected after the customer had said that all is well, or after the order was closed."""

    says: ClassVar[str] = (
        "The delivery was taken back after the goods had been accepted ({how}); the acceptance stands."
    )
    how: str


@dataclass(frozen=True, kw_only=True)
class OrderAccepted(OrderFact):
    """The goods are accepted: `how` is said (accepted) or by silence (silent)."""

    says: ClassVar[str] = "Goods accepted ({how})."
    how: str


@dataclass(frozen=True, kw_only=True)
class OrderDisputed(OrderFact):
    """The customer says that something is wrong; what it is stands in the record, not here."""

    says: ClassVar[str] = "The customer reports that something is wrong."


@dataclass(frozen=True, kw_only=True)
class FeedbackGiven(OrderFact):
    """The customer rated the order, 1 to 5 (KPI-3)."""

    says: ClassVar[str] = "Rated {rating} of 5."
    feedback_id: UUID
    rating: int


@dataclass(frozen=True, kw_only=True)
class ClosingDaysPassed(OrderFact):
    """The procedure's days after acceptance are over; the order can be locked."""

    says: ClassVar[str] = "The days for objections have passed."
