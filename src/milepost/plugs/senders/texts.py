"""What all providers of SMS have in common: a call for each message, a question for each whose answer never came."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from milepost.ground.notices.ports import Lanes
from milepost.ground.notices.words import Answer, Message, Outcome, Question
from milepost.plugs.senders import calls
from milepost.plugs.senders.numbers import e164, flaw


@dataclass(frozen=True, kw_only=True)
class TextSender(ABC):
    """Serves SMS. `sent_from` is a number or a sender's name; `country` the home of numbers without a prefix."""

    sent_from: str
    country: str
    connections: int = calls.CONNECTIONS
    transport: httpx.BaseTransport | None = field(default=None, repr=False)
    channel: str = "sms"

    def send(self, messages: Sequence[Message], lanes: Lanes) -> None:
        """A call for each message."""
        calls.each(
            messages, lanes, self._say, flaw=lambda m: flaw(m, country=self.country), connections=self.connections
        )

    def lookup(self, references: Sequence[str]) -> Mapping[str, Answer]:
        """No provider of SMS can tell by our reference alone; see `ask`."""
        return dict.fromkeys(references, Answer.CANNOT_TELL)

    def ask(self, questions: Sequence[Question]) -> Mapping[str, Answer]:
        """Whether the provider has each message."""
        return {one.reference: self._answer(one) for one in questions}

    def _to(self, address: str) -> str:
        return e164(address, country=self.country) or ""

    @abstractmethod
    def _say(self, message: Message) -> Outcome:
        """Hand one over."""

    @abstractmethod
    def _answer(self, question: Question) -> Answer:
        """Ask about one."""
