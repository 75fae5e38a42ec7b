"""Keep messages instead of sending them; each is kept once, and asking for one is exact."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from milepost.ground.notices.ports import Lanes
from milepost.ground.notices.words import Answer, MailboxCard, Message, Outcome, Result

SHEET = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSender:
    """Serves e-mail without a server. `keep` and `which` are the notices' own verbs; `clock` dates what is kept."""

    keep: Callable[[Sequence[MailboxCard]], None]
    which: Callable[[Sequence[str]], set[str]]
    clock: Callable[[], datetime]
    sent_from: str
    name: str = "mailbox"
    channel: str = "email"

    def send(self, messages: Sequence[Message], lanes: Lanes) -> None:
        """Keep what is still ours, a sheet of messages at a time."""
        with lanes.open() as lane:
            for sheet in _sheets(messages):
                ours = lane.hand_over([message.reference for message in sheet])
                self.keep([self._card(message) for message in sheet if message.reference in ours])
                lane.tell({reference: Outcome(result=Result.SENT) for reference in ours})

    def lookup(self, references: Sequence[str]) -> Mapping[str, Answer]:
        """Exact: the table is unique by reference."""
        there = self.which(references)
        return {reference: Answer.FOUND if reference in there else Answer.ABSENT for reference in references}

    def _card(self, message: Message) -> MailboxCard:
        letter = message.letter
        return MailboxCard(
            reference=message.reference, kept_at=self.clock(), order_id=message.lane or None, sender=self.sent_from,
            address=letter.address, subject=letter.subject, text=letter.text, html=letter.html,
            headers={"Content-Language": letter.language, "Auto-Submitted": "auto-generated"},
        )  # fmt: skip


def _sheets(messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    return (messages[start : start + SHEET] for start in range(0, len(messages), SHEET))
