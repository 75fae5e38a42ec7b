"""What notices need from outside: somebody who writes letters, and somebody who sends them."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from milepost.ground.notices.words import (
    Answer,
    Delivery,
    DueNotice,
    Later,
    Letter,
    Message,
    Outcome,
    Question,
    ReceiptsRead,
    Withheld,
)
from milepost.kernel.refusals import Refusal, Refused


class Composer(Protocol):
    """Writes due notices from what is true now, or says why one must not leave, or not yet. Every notice given is answered."""

    def __call__(self, notices: Sequence[DueNotice], *, now: datetime) -> Mapping[UUID, Letter | Withheld | Later]:
        """The letters, by the notice's id."""
        ...


class Lane(Protocol):
    """A sender's line to our books; one for each of its threads."""

    def hand_over(self, references: Collection[str]) -> frozenset[str]:
        """Say that these messages are handed over next, and learn which of them may be.

        Called right before the point of no return, and committed before it returns. A message that is not in the answer has
        been given to another worker meanwhile and must not be sent.
        """
        ...

    def tell(self, outcomes: Mapping[str, Outcome]) -> None:
        """Write down how messages fared, at once."""
        ...


class Lanes(Protocol):
    """Opens lanes; each belongs to the thread that opened it."""

    def open(self) -> AbstractContextManager[Lane]:
        """A lane until the end of the block."""
        ...


class Sender(Protocol):
    """One way out. Messages that it says nothing about were not sent."""

    @property
    def name(self) -> str:
        """How attempts name it."""
        ...

    @property
    def channel(self) -> str:
        """The channel that it serves."""
        ...

    def send(self, messages: Sequence[Message], lanes: Lanes) -> None:
        """Hand over messages, those of one `lane` in their order, with bounded concurrency; ask and tell at each step."""
        ...

    def lookup(self, references: Sequence[str]) -> Mapping[str, Answer]:
        """Whether messages arrived, by our reference. ABSENT only where that is certain."""
        ...


@runtime_checkable
class Inquirer(Protocol):
    """A sender that needs to know more than the reference to find a message; it is asked instead of `lookup`."""

    def ask(self, questions: Sequence[Question]) -> Mapping[str, Answer]:
        """Whether messages arrived, by our reference. NOT_YET while that may still change; ABSENT only where it is certain."""
        ...


class ReceiptSource(Protocol):
    """One vendor's word on what became of messages. Pure: no database, no network, no clock."""

    @property
    def name(self) -> str:
        """Under which its deliveries are kept; the name of its sender."""
        ...

    @property
    def channel(self) -> str:
        """The channel of the messages that it speaks of."""
        ...

    def check(self, delivery: Delivery) -> Refusal | None:
        """Why this is not from the vendor, or None. Fails closed where no secret is set."""
        ...

    def read(self, delivery: Delivery) -> ReceiptsRead:
        """The receipts in our terms; a refusal where the body makes no sense. Never raises for what it was sent."""
        ...


_sources: dict[str, ReceiptSource] = {}


def hear(source: ReceiptSource) -> None:
    """Have `source` read what is sent under its name; `config/wiring` calls this at start."""
    _sources[source.name] = source


def receipt_source(name: str) -> ReceiptSource:
    """The source of that name. Refuses `unknown_source` (404)."""
    try:
        return _sources[name]
    except KeyError:
        raise Refused(
            Refusal(
                code="unknown_source", says="Nobody named {name} sends receipts here.",
                do="Check the address that the sender of messages was given.", status=404, values={"name": name},
            )
        ) from None  # fmt: skip


def receipt_sources() -> list[str]:
    """The names of all sources of receipts."""
    return sorted(_sources)
