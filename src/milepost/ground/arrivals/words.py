"""The standard terms of arrivals."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from milepost.kernel.refusals import Refusal


class State(StrEnum):
    """What became of an arrival.

    RECEIVED is still to be worked on, WAITING for something else to happen, OPEN for a person to complete it, REFUSED for a
    repair. FORGED was not from whom it claims to be from and is never worked on; IGNORED asked nothing of us.
    """

    RECEIVED = "received"
    PROCESSED = "processed"
    WAITING = "waiting"
    OPEN = "open"
    REFUSED = "refused"
    FORGED = "forged"
    IGNORED = "ignored"


SETTLED = (State.PROCESSED, State.IGNORED)
CAN_BE_RETRIED = (State.WAITING, State.OPEN, State.REFUSED)
UNSETTLED = (State.RECEIVED, State.WAITING, State.OPEN, State.REFUSED)
CRASHED = "crashed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The answer to what was sent: its id in our store, whether it came before, and why it was refused if it was."""

    id: UUID
    repeated: bool = False
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalCard:
    """An arrival as its handler gets it: who sent what, byte for byte."""

    id: UUID
    source: str
    topic: str
    sender: str
    delivery_id: str
    content_type: str
    headers: dict[str, str]
    body: bytes
    received_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an arrival: state, and for those that ended otherwise than well a code and a sentence for people.

    `about` names what it speaks of, in the peer's terms (a tracking number, a shop's order), and wakes it when it waits for that.
    """

    state: State
    code: str = ""
    sentence: str = ""
    about: str = ""
    order_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What became of a round over the store: how many arrivals of each outcome."""

    processed: int = 0
    ignored: int = 0
    waiting: int = 0
    open: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        """How many were worked on."""
        return self.processed + self.ignored + self.waiting + self.open + self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalRow:
    """An arrival in a list, without its body."""

    id: UUID
    source: str
    topic: str
    sender: str
    state: str
    code: str
    error: str
    about: str
    order_id: int | None
    attempts: int
    size: int
    received_at: datetime
    processed_at: datetime | None
    processed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """How much of a source is in one standing, and since when the oldest of it."""

    source: str
    state: str
    count: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """An arrival as it came."""

    content_type: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Received:
    """A body as it came, and when."""

    received_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDraft:
    """What a peer is answered in their own form: `kind` is 997, 855, CONTRL, ORDRSP, mail; `name` that of the file or thread."""

    arrival_id: UUID
    kind: str
    name: str
    content_type: str
    body: bytes
    order_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCard(AnswerDraft):
    """An answer as it was made, and whether it has left."""

    id: UUID
    made_at: datetime
    sent_at: datetime | None = None
    sent_by: str = ""
