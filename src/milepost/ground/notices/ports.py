"""What notices need from outside: somebody who writes letters, and somebody who sends them."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from milepost.ground.notices.words import Answer, DueNotice, Letter, Message, Outcome, Withheld


class Composer(Protocol):
    """Writes due notices from what is true now, or says why one must not leave. Every notice given is answered."""

    def __call__(self, notices: Sequence[DueNotice], *, now: datetime) -> Mapping[UUID, Letter | Withheld]:
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
