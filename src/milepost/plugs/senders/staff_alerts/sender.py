"""Alert the people of a role by the services of their choice (NTF-5). What knows them all is loaded at the first alert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from milepost.ground.notices.ports import Lanes
from milepost.ground.notices.words import Answer, Message, Outcome, Result
from milepost.plugs.senders import calls

ROLE = "role:"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAlertSender:
    """Serves staff alerts. `services` are apprise URLs by role; they hold secrets, so they are kept in no book."""

    services: Mapping[str, Sequence[str]]
    name: str = "staff_alert"
    channel: str = "staff_alert"

    def send(self, messages: Sequence[Message], lanes: Lanes) -> None:
        """Each to all services of its role, one after the other."""
        calls.each(messages, lanes, self._alert, flaw=self._flaw, connections=2)

    def lookup(self, references: Sequence[str]) -> Mapping[str, Answer]:
        """Nobody keeps what was said in a chat."""
        return dict.fromkeys(references, Answer.CANNOT_TELL)

    def _flaw(self, message: Message) -> Outcome | None:
        urls = self._urls(message)
        return None if urls else Outcome(result=Result.REFUSED, detail="no service is set up for this role")

    def _urls(self, message: Message) -> Sequence[str]:
        return self.services.get(message.letter.address.removeprefix(ROLE), ())

    def _alert(self, message: Message) -> Outcome:
        """It is out when one service has it; one that failed beside it is told, and gets no second try that others would see."""
        from apprise import Apprise, NotifyFormat, NotifyType

        urls, taken, unreadable = self._urls(message), 0, 0
        for url in urls:
            one = Apprise()
            if not one.add(url):
                unreadable += 1
                continue
            if one.notify(
                title=message.letter.subject, body=message.letter.text, notify_type=NotifyType.WARNING,
                body_format=NotifyFormat.TEXT,
            ):  # fmt: skip
                taken += 1
        if taken:
            return Outcome(
                result=Result.SENT, detail="" if taken == len(urls) else f"{taken} of {len(urls)} services took it"
            )
        if unreadable == len(urls):
            return Outcome(result=Result.REFUSED, detail="no address of a service can be read")
        return Outcome(result=Result.DEFERRED, detail="no service took it")
