"""The standard terms of notices."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class State(StrEnum):
    """Where a notice stands. *unknown*: it was being handed over when word of it broke off; a person decides."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    SUPERSEDED = "superseded"


class Channel(StrEnum):
    """The way a notice takes (NTF-2)."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    IN_APP = "in_app"
    PORTAL = "portal"


SHOWN = frozenset({Channel.IN_APP, Channel.PORTAL})
"""Channels where people look for themselves: what is planned there is told."""


class Reason(StrEnum):
    """Why a notice was not sent, in codes fit for counting; the trace says it in words."""

    NONE = ""
    HISTORY = "history"
    NO_ADDRESS = "no_address"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    NOT_TRUE = "not_true"
    NOT_RENDERED = "not_rendered"
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    NO_WORD = "no_word"


class Result(StrEnum):
    """How one attempt ended.

    sent: the other side has it. deferred: it said "later". refused: it said "never". unreachable: it was not there.
    lapsed: the worker stopped before the message was handed over, so nothing left. unknown: the message was being handed
    over and the answer never came.
    """

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"


class Answer(StrEnum):
    """What a sender says when asked about a message by our reference."""

    FOUND = "found"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of an attempt with the other side's words, which must hold no personal data."""

    result: Result
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedNotice:
    """A notice that the communication matrix asks for (NTF-1).

    `filed_at` is the same for all notices of an order. `milestone` names the occurrence, so that a second delay is told and
    the same delay is not told twice. `rank` orders milestones: a later one replaces unsent earlier ones, unless they are
    `lasting`, worth having whatever came after. `data` is the fact's own values as JSON, free of personal data. With a
    `reason` it is written down and not sent.
    """

    filed_at: datetime
    order_id: int | None
    template: str
    milestone: str
    audience: str
    recipient_key: str
    channel: str
    because: str
    data: str = "{}"
    language: str = "en"
    rank: int = 0
    lasting: bool = False
    not_before: datetime | None = None
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNotice:
    """A notice that was claimed and is about to be written and sent; `number` counts its attempts."""

    id: UUID
    filed_at: datetime
    order_id: int | None
    template: str
    milestone: str
    audience: str
    recipient_key: str
    channel: str
    language: str
    rank: int
    lasting: bool
    because: str
    data: dict[str, Any]
    planned_at: datetime
    number: int

    @property
    def reference(self) -> str:
        """Our own reference, the same at every attempt: what a sender is asked about."""
        return self.id.hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A notice as it leaves: to whom, and in what words. `thread` ties the messages of one order together; `secret` is a word
    that is blanked out where the words are kept."""

    address: str
    name: str
    subject: str
    text: str
    html: str
    language: str = "en"
    version: int = 0
    thread: str = ""
    unsubscribe: str = ""
    secret: str = ""

    def as_kept(self) -> tuple[str, str, str]:
        """Subject, text and HTML without the secret."""
        words = (self.subject, self.text, self.html)
        if not self.secret:
            return words
        subject, text, html = (one.replace(self.secret, "•" * len(self.secret)) for one in words)
        return subject, text, html


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Why a notice must not leave. `broken`: it cannot be written, and IT must look at its template."""

    reason: Reason
    says: str
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A letter with our reference, ready for a sender. Messages of one lane leave in their order."""

    reference: str
    lane: int
    letter: Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What one pass of the outbox did."""

    sent: int = 0
    planned_again: int = 0
    withheld: int = 0
    failed: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """How many notices were touched; 0 means that nothing is due."""
        return self.sent + self.planned_again + self.withheld + self.failed + self.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptCard:
    """One attempt as others read it."""

    number: int
    sender: str
    address: str
    began_at: datetime
    handed_at: datetime | None
    ended_at: datetime | None
    result: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCard:
    """One notice as others read it; `trace` tells in plain sentences why it was or was not sent."""

    id: UUID
    order_id: int | None
    template: str
    milestone: str
    audience: str
    recipient_key: str
    channel: str
    state: str
    reason: str
    planned_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    sentence: str
    trace: tuple[str, ...] = ()
    attempts: tuple[AttemptCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCard:
    """The words of a notice as they left in its last attempt."""

    notice_id: UUID
    order_id: int | None
    address: str
    subject: str
    text: str
    html: str
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxCard:
    """One message in the built-in mailbox."""

    reference: str
    kept_at: datetime
    order_id: int | None
    sender: str
    address: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The state of the outbox at one instant, for those who watch over it (OPS-1)."""

    due: int
    sending: int
    unknown: int
    failed: int
    oldest_due_at: datetime | None
