"""The small world of these tests: a clock, notices to plan, a composer that writes a line, senders that can be told to fail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from milepost.ground.notices.ports import Lanes
from milepost.ground.notices.words import (
    Answer,
    Channel,
    DueNotice,
    Letter,
    Message,
    Outcome,
    Reason,
    Result,
    WantedNotice,
    Withheld,
)
from milepost.kernel.acts import Act

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
SYSTEM = Act.now("system:test", channel="test", now=NOW)
MONA = Act.now("staff:1", channel="desk", now=NOW)


def wanted(order_id: int | None, template: str = "acknowledgement", **changes: object) -> WantedNotice:
    values: dict[str, object] = {
        "filed_at": NOW, "order_id": order_id, "template": template, "milestone": template, "audience": "customer",
        "recipient_key": f"customer:{order_id}", "channel": Channel.EMAIL, "because": "OrderConfirmed",
    }  # fmt: skip
    return WantedNotice(**(values | changes))


def in_app(order_id: int, role: str = "order_management") -> WantedNotice:
    return wanted(order_id, channel=Channel.IN_APP, audience=role, recipient_key=f"role:{role}")


def write(notices: Sequence[DueNotice], *, now: datetime) -> Mapping[UUID, Letter | Withheld]:
    """A composer that always has something to say."""
    return {
        notice.id: Letter(
            address="ada@example.org", name="Ada Okafor", subject=f"{notice.template} {notice.order_id}", text="Good news.\n",
            html="<p>Good news.</p>", thread=f"order-{notice.order_id}",
        )
        for notice in notices
    }  # fmt: skip


def withhold(reason: Reason, *, broken: bool = False) -> Callable[..., Mapping[UUID, Letter | Withheld]]:
    def compose(notices: Sequence[DueNotice], *, now: datetime) -> Mapping[UUID, Letter | Withheld]:
        return {notice.id: Withheld(reason=reason, says="Not sent, and why.", broken=broken) for notice in notices}

    return compose


class Killed(BaseException):
    """The worker is gone at this very instant."""


@dataclass
class ActingSender:
    """A sender whose post box can be looked into. `script`, by order: the outcome told, or the instant of a kill."""

    script: Mapping[int, str] = field(default_factory=dict)
    box: list[str] = field(default_factory=list)
    can_tell: bool = False
    asked: list[str] = field(default_factory=list)
    name: str = "acting"
    channel: str = "email"

    def send(self, messages: Sequence[Message], lanes: Lanes) -> None:
        with lanes.open() as lane:
            for message in messages:
                todo = self.script.get(message.lane, "sent")
                if todo == "kill before":
                    raise Killed
                if todo == "silent":
                    continue
                if not lane.hand_over([message.reference]):
                    continue
                if todo == "kill handing":
                    raise Killed
                if todo in ("sent", "kill after"):
                    self.box.append(message.reference)
                if todo == "kill after":
                    raise Killed
                lane.tell({message.reference: Outcome(result=Result(todo))})

    def lookup(self, references: Sequence[str]) -> Mapping[str, Answer]:
        self.asked += references
        if not self.can_tell:
            return dict.fromkeys(references, Answer.CANNOT_TELL)
        return {r: Answer.FOUND if r in self.box else Answer.ABSENT for r in references}
