"""The words of close-out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Answer(StrEnum):
    """What became of our question whether the customer accepts the goods."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    SILENT = "silent"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One review: 1 to 5, and a comment, which is personal and stays in its row. `given_at`: the act's time if None."""

    order_id: int
    rating: int
    comment: str = ""
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """What the customer says is wrong; personal, stays in its row."""

    order_id: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceCard:
    """Where the question of acceptance stands."""

    order_id: int
    state: Answer
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    dispute: str
    close_due_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackCard:
    """One review as kept."""

    id: UUID
    order_id: int
    rating: int
    comment: str
    given_at: datetime
