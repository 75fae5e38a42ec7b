"""Hand messages to people who call; whose duty each call becomes follows from the fact (NTF-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from milepost.ground.notices.ports import Lanes
from milepost.ground.notices.words import Answer, Message, Outcome, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSender:
    """Serves the phone channel."""

    name: str = "phone"
    channel: str = "phone"

    def send(self, messages: Sequence[Message], lanes: Lanes) -> None:
        """Each is somebody's call to make from now on."""
        with lanes.open() as lane:
            ours = lane.hand_over([message.reference for message in messages])
            lane.tell(dict.fromkeys(ours, Outcome(result=Result.CALLING)))

    def lookup(self, references: Sequence[str]) -> Mapping[str, Answer]:
        """A call of which the books do not say that it is to be made is on nobody's desk."""
        return dict.fromkeys(references, Answer.ABSENT)
