"""The standard terms of notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from milepost.kernel.refusals import Refusal


class State(StrEnum):
    """Where a notice stands. *unknown*: it was being handed over when word of it broke off; a person decides. *calling*: it is
    told by phone, and the call is somebody's duty."""

    PLANNED = "planned"
    SENDING = "sending"
    CALLING = "calling"
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
    WEB_PUSH = "web_push"
    STAFF_ALERT = "staff_alert"


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
    BOUNCED = "bounced"
    NO_CONSENT = "no_consent"
    STOPPED = "stopped"
    STALE = "stale"
    JOINED = "joined"
    BUDGET = "budget"
    WRONG_NUMBER = "wrong_number"
    NOT_SET_UP = "not_set_up"


class Result(StrEnum):
    """How one attempt ended.

    sent: the other side has it. deferred: it said "later". refused: it said "never". unreachable: it was not there.
    lapsed: the worker stopped before the message was handed over, so nothing left. unknown: the message was being handed
    over and the answer never came. calling: somebody has it to tell by phone.
    """

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"
    CALLING = "calling"


class Answer(StrEnum):
    """What a sender says when asked about a message by our reference. *not yet*: it is not there so far, and may still come;
    it is asked about again later."""

    FOUND = "found"
    ABSENT = "absent"
    NOT_YET = "not_yet"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A message that a sender is asked about: our reference, what was handed over, and when. `asked_at` is now."""

    reference: str
    address: str
    text: str
    handed_at: datetime
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of an attempt with the other side's words, which must hold no personal data.

    `foreign_id` is the other side's own name for the message. `stops`: nothing that is sent to this address on this channel
    will ever arrive.
    """

    result: Result
    detail: str = ""
    foreign_id: str = ""
    stops: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One message that brings one person several news on one channel, at one time of their day."""

    audience: str
    recipient_key: str
    channel: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedNotice:
    """A notice that the communication matrix asks for (NTF-1).

    `filed_at` is the same for all notices of an order. `milestone` names the occurrence, so that a second delay is told and
    the same delay is not told twice. `rank` orders milestones: a later one replaces unsent earlier ones, unless they are
    `lasting`, worth having whatever came after. `data` is the fact's own values as JSON, free of personal data. With a
    `reason` it is written down and not sent. `says` are the first sentences of its trace, where there is more to say than
    that the matrix wants it; `told_with` is the notice that tells it, `digest` the one that will, and `id` its own where that
    must be known before.
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
    says: tuple[str, ...] = ()
    told_with: UUID | None = None
    digest: Digest | None = None
    id: UUID | None = None


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
    failures: int = 0

    @property
    def reference(self) -> str:
        """Our own reference, the same at every attempt: what a sender is asked about."""
        return self.id.hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a letter; `content_type` with its parameters ("text/calendar; charset=utf-8; method=PUBLISH")."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A notice as it leaves: to whom, and in what words. `thread` ties the messages of one order together, and `answers` names the
    message of theirs that it answers; `secret` is a word that is blanked out where the words are kept; `link` is where a push
    leads."""

    address: str
    name: str
    subject: str
    text: str
    html: str
    language: str = "en"
    version: int = 0
    thread: str = ""
    answers: str = ""
    unsubscribe: str = ""
    secret: str = ""
    attachments: tuple[Attachment, ...] = ()
    link: str = ""

    def as_kept(self) -> tuple[str, str, str]:
        """Subject, text and HTML without the secret."""
        words = (self.subject, self.text, self.html)
        if not self.secret:
            return words
        subject, text, html = (one.replace(self.secret, "•" * len(self.secret)) for one in words)
        return subject, text, html


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Why a notice must not leave. `broken`: it cannot be written, and IT must look at its template. In its place, and in the
    same transaction, `instead` is planned, on another channel, or the `digest` that will tell it."""

    reason: Reason
    says: str
    broken: bool = False
    instead: WantedNotice | None = None
    digest: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """That a notice must not leave before an instant, and why. Nobody's failure."""

    until: datetime
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A letter with our reference, ready for a sender. Messages of one lane leave in their order."""

    reference: str
    lane: int
    letter: Letter


class ReceiptKind(StrEnum):
    """What a vendor says of a message after it has taken it. *soft*: it may still arrive; *bounced*: it never will."""

    DELIVERED = "delivered"
    SOFT = "soft"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A vendor's word on one message, or on an address, in our terms.

    `reference` is ours where the vendor gives it back. `code` is the vendor's own, `address` only where no message is named.
    `stops`: nothing will arrive at this address any more. `price` is what the vendor charged for the message, where it says so.
    """

    kind: ReceiptKind
    happened_at: datetime
    reference: str = ""
    foreign_id: str = ""
    address: str = ""
    code: str = ""
    stops: bool = False
    price: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a vendor sent to the address of its receipts: where exactly, and byte for byte."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What somebody answered to a message of ours."""

    address: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptsRead:
    """The receipts in a delivery; none for what tells nothing, a refusal for nonsense. `reply`: a person has answered."""

    receipts: tuple[Receipt, ...] = ()
    refusal: Refusal | None = None
    reply: Reply | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCard:
    """A receipt as others read it."""

    kind: str
    sender: str
    code: str
    happened_at: datetime
    received_at: datetime


class Health(StrEnum):
    """How a sender does. *down*: it rests; *trying*: a few messages find out whether it is back."""

    UP = "up"
    DOWN = "down"
    TRYING = "trying"


@dataclass(frozen=True, slots=True)
class Tally:
    """What a sender made of the attempts of one minute (minutes since 1970)."""

    minute: int
    good: int
    bad: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderState:
    """A sender's health with what it rests on: the tallies of the last minutes, and how often it has rested in a row."""

    name: str
    health: Health = Health.UP
    since: datetime | None = None
    rests: int = 0
    tallies: tuple[Tally, ...] = ()


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
    foreign_id: str = ""
    segments: int | None = None
    cost: Decimal | None = None
    currency: str = ""


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
    told_with: UUID | None = None
    trace: tuple[str, ...] = ()
    attempts: tuple[AttemptCard, ...] = ()
    receipts: tuple[ReceiptCard, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Who got a message: a customer or, with none, whoever reads at the address. `category` is what consent must cover."""

    notice_id: UUID
    order_id: int | None
    customer_id: int | None
    channel: str
    category: str
    address: str
    language: str


class CallOutcome(StrEnum):
    """How a call went. *no more calls*: they were reached, and want to be called no more."""

    REACHED = "reached"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    NO_MORE_CALLS = "no_more_calls"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCard:
    """A call that is somebody's to make, or was made. `tries`: how many there were before."""

    notice_id: UUID
    order_id: int | None
    template: str
    number: str
    subject: str
    script: str
    language: str
    state: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserDraft:
    """What a browser gives us so that pushes reach it (Push API): where to send, and the keys that only it can read with."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser(BrowserDraft):
    """A browser that takes pushes for somebody; for one order only where it is named."""

    recipient_key: str
    order_id: int | None
