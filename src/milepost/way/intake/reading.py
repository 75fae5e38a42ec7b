"""What was read in a message that a person wrote: where each value comes from, how sure it is, what is in doubt (VER-3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from milepost.ground.parties.words import CustomerCard
from milepost.way.intake.words import Address, Draft


class Sure(StrEnum):
    """How sure a field is. What is only LIKELY is shown beside the field and not filled in."""

    CERTAIN = "certain"
    LIKELY = "likely"
    OPEN = "open"
    BY_CLERK = "stated_by_clerk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the value of a field came from, and how sure it is (REC-1); `span` is the place in the text that was read.

    `source` is body, subject, header, record, catalogue, mapping, clerk or attachment:NAME.
    """

    source: str
    sure: Sure = Sure.CERTAIN
    text: str = ""
    span: tuple[int, int] | None = None


def origins_json(origins: Mapping[str, Origin]) -> dict[str, Any]:
    """Origins as they are kept beside a request: field by field."""
    return {
        name: {
            "from": one.source,
            "sure": one.sure.value,
            "text": one.text,
            "span": list(one.span) if one.span else None,
        }
        for name, one in origins.items()
    }


def origins_from_json(data: Mapping[str, Any]) -> dict[str, Origin]:
    """The origins behind `origins_json`; entries of other kinds are passed over."""
    return {
        name: Origin(source=one["from"], sure=Sure(one["sure"]), text=one.get("text", ""), span=_span(one.get("span")))
        for name, one in data.items()
        if isinstance(one, dict) and "from" in one and "sure" in one
    }


def _span(pair: Sequence[int] | None) -> tuple[int, int] | None:
    return (pair[0], pair[1]) if pair else None


class MailKind(StrEnum):
    """What a message asks of us. INQUIRY: something else than an order, for people; AUTO: nobody wrote it."""

    ORDER = "order"
    INQUIRY = "inquiry"
    AUTO = "auto"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a message is not accepted as an order by itself: a code, and the place in the text if there is one."""

    code: str
    span: tuple[int, int] | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that came with a message."""

    name: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is on record of who wrote: their card, and the addresses that we delivered to before."""

    customer: CustomerCard | None = None
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a reader wants to know before it reads a message: who wrote, and whether these are codes of items."""

    sender: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWords:
    """What a person says in a message, without what it quotes. `answers` are the messages that it names as those it answers, the
    nearest first."""

    sender: str
    name: str
    subject: str
    message_id: str
    words: str
    answers: tuple[str, ...] = ()
    language: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReading:
    """What was read in a message. `text` is what spans point into; of `draft` only what is certain is filled in.

    Without any doubt an order may be placed as it stands; with one, a person completes it. `topic` says what it is about
    when it is no order.
    """

    kind: MailKind
    topic: str = ""
    sender: str = ""
    subject: str = ""
    message_id: str = ""
    language: str = ""
    text: str = ""
    draft: Draft | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    attachments: tuple[Attached, ...] = ()
