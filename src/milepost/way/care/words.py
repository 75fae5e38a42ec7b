"""The words of care: conversations, and the interactions of which they consist."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

LONGEST = 8000
"""Characters of one interaction that are kept here; an original that is longer stays whole in arrivals."""


class State(StrEnum):
    """Where a conversation stands: somebody waits for our answer, has it, is asked something by us, or nothing is open."""

    OPEN = "open"
    ANSWERED = "answered"
    WAITING = "waiting"
    CLOSED = "closed"


class Channel(StrEnum):
    """How an interaction took place. A *note* is told to nobody outside."""

    PORTAL = "portal"
    EMAIL = "email"
    PHONE = "phone"
    CHAT = "chat"
    SMS = "sms"
    IN_PERSON = "in_person"
    NOTE = "note"


LIVE = frozenset({Channel.PORTAL, Channel.CHAT})
"""Channels that are answered on the order's page, and by e-mail to who has left it."""


class Direction(StrEnum):
    """From whom it came: them, us, or one of us to ourselves."""

    IN = "in"
    OUT = "out"
    NOTE = "note"


class Topic(StrEnum):
    """What an inquiry is about."""

    QUESTION = "question"
    STATUS = "status"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    RETURN = "return"
    COMPLAINT = "complaint"
    INVOICE = "invoice"
    QUOTE = "quote"


class Outcome(StrEnum):
    """What came of a call or a talk that somebody logs."""

    SETTLED = "settled"
    NEEDS_ANSWER = "needs_answer"
    NOT_REACHED = "not_reached"
    LEFT_WORD = "left_word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """With whom a conversation is held: an order's customer, a customer, or whoever has an address.

    `address` stands where the one who wrote is not known to be the customer of the order; one open conversation of each.
    """

    order_id: int | None = None
    customer_id: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """Something a customer asks or says. `conversation_id` where it is certain which one it goes on with.

    `address` is where they wrote from, where that is not the customer's own. `message_id` is their mail's own name for it, `at`
    when it reached us where that is earlier than now.
    """

    channel: Channel
    words: str
    order_id: int | None = None
    customer_id: int | None = None
    address: str = ""
    name: str = ""
    subject: str = ""
    topic: Topic | None = None
    language: str = ""
    conversation_id: UUID | None = None
    arrival_id: UUID | None = None
    message_id: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What we answer. `waits`: it asks something, so the conversation then waits for the customer."""

    conversation_id: UUID
    words: str
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A contact that somebody writes down: a call, a talk, a note. It belongs to a conversation, an order or a customer."""

    channel: Channel
    direction: Direction
    words: str
    conversation_id: UUID | None = None
    order_id: int | None = None
    customer_id: int | None = None
    outcome: Outcome | None = None
    topic: Topic | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an interaction is kept. `again`: it was kept before, so nothing was done."""

    conversation_id: UUID
    interaction_id: UUID
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationCard:
    """A conversation as lists and pages read it. `channel` is the one on which they wrote last."""

    id: UUID
    order_id: int | None
    customer_id: int | None
    address: str
    name: str
    subject: str
    language: str
    topic: str
    channel: str
    state: str
    assignee: int | None
    opened_at: datetime
    last_at: datetime
    asked_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    message_id: str
    last_words: str = ""

    @property
    def is_stranger(self) -> bool:
        """Whether it is held with an address that is not the customer's."""
        return bool(self.address)

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is said in it."""
        return self.state == State.CLOSED

    @property
    def is_open(self) -> bool:
        """Whether somebody waits for our answer."""
        return self.state == State.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionCard:
    """One contact. `due_at`: by when it was to be answered, where it started a clock. `read_at`: when they saw it on the page."""

    id: UUID
    conversation_id: UUID
    order_id: int | None
    channel: str
    direction: str
    actor: str
    name: str
    words: str
    outcome: str
    at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    read_at: datetime | None
    arrival_id: UUID | None
    on_portal: bool

    @property
    def is_note(self) -> bool:
        """Whether it is for us alone."""
        return self.direction == Direction.NOTE

    @property
    def is_ours(self) -> bool:
        """Whether we said it."""
        return self.direction == Direction.OUT

    @property
    def staff_id(self) -> int | None:
        """Who of us it was."""
        kind, _, number = self.actor.partition(":")
        return int(number) if kind == "staff" and number.isdigit() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """When somebody was last seen on a page, and typing there."""

    seen_at: datetime
    typing_at: datetime | None = None

    def is_here(self, now: datetime, seconds: int) -> bool:
        """Whether they are there by all that is known."""
        return now - self.seen_at <= timedelta(seconds=seconds)

    def is_typing(self, now: datetime) -> bool:
        """Whether they have typed a moment ago."""
        return self.typing_at is not None and now - self.typing_at <= timedelta(seconds=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTimes:
    """How inquiries of one channel and priority were answered (INQ-2); shares of those that were due."""

    channel: str
    urgent: bool
    asked: int
    answered: int
    in_time: int
    median_hours: float | None
