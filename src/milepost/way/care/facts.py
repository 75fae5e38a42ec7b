"""What happens in conversations: ids and codes; the words stand in care's tables, so that a person can be forgotten."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from milepost.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CareFact(Fact):
    """A fact of one conversation; it stands in its order's story where it has one, else in a chain of its own."""

    says: ClassVar[str] = ""
    conversation_id: UUID
    order_id: int | None

    @property
    def stream(self) -> str:  # type: ignore[override] # of most facts the class decides, of these the row
        """The order's chain, or the conversation's."""
        return "conversation" if self.order_id is None else "order"

    @property
    def stream_id(self) -> int:
        return self.conversation_id.int >> 65 if self.order_id is None else self.order_id


@dataclass(frozen=True, kw_only=True)
class InquiryReceived(CareFact):
    """A customer asks or says something; the reply clock runs to `due_at` (INQ-2)."""

    says: ClassVar[str] = "The customer wrote to us ({channel}, {topic}); to be answered by {due_at}."
    interaction_id: UUID
    channel: str
    topic: str
    due_at: datetime
    assignee: int | None = None


@dataclass(frozen=True, kw_only=True)
class InquiryAnswered(CareFact):
    """We answered. `waits`: and asked something back."""

    says: ClassVar[str] = "The customer was answered ({channel})."
    interaction_id: UUID
    channel: str
    waits: bool


@dataclass(frozen=True, kw_only=True)
class InteractionLogged(CareFact):
    """Somebody wrote down a contact, or a note (INQ-3). `settled`: nothing is open after it."""

    says: ClassVar[str] = "Written down: {channel} ({direction}) {outcome}"
    interaction_id: UUID
    channel: str
    direction: str
    outcome: str
    settled: bool


@dataclass(frozen=True, kw_only=True)
class ConversationClosed(CareFact):
    """Nothing more is open in the conversation."""

    says: ClassVar[str] = "The conversation was closed."
    was: str


@dataclass(frozen=True, kw_only=True)
class ConversationReopened(CareFact):
    """A closed conversation goes on."""

    says: ClassVar[str] = "The conversation goes on."


@dataclass(frozen=True, kw_only=True)
class ConversationTaken(CareFact):
    """Somebody has taken the conversation upon themselves."""

    says: ClassVar[str] = "Somebody took the conversation."
    assignee: int


@dataclass(frozen=True, kw_only=True)
class ConversationHandedOver(CareFact):
    """The conversation is now another role's, or that of one of its people."""

    says: ClassVar[str] = "The conversation was handed over to {role}."
    role: str
    assignee: int | None = None
    was_assignee: int | None = None
