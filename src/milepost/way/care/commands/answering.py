"""Answer: our words go to the customer, and what was asked is answered by them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.kernel.texts import printable
from milepost.way.care.commands.finding import NOTHING_SAID, locked
from milepost.way.care.facts import InquiryAnswered
from milepost.way.care.models import Conversation, Interaction
from milepost.way.care.rules import reply_channel
from milepost.way.care.states import CONVERSATION
from milepost.way.care.words import LIVE, LONGEST, Direction, Kept, Reply, State

CLOSED = Refusal(
    code="closed_conversation", says="The conversation is closed.", do="Open it again, then answer.", status=409
)


def answer(replies: Sequence[Reply], *, act: Act) -> list[Kept]:
    """Say something to the customer, on the channel on which they wrote. At most five statements for any number.

    Refuses, by index, `nothing_said`, `unknown_conversation` (404), `closed_conversation` (409).
    """
    refuse_any(
        NOTHING_SAID.at(index=index) for index, one in enumerate(replies) if not printable(one.words, LONGEST).strip()
    )
    with journal.together():
        rows = locked(dict.fromkeys(one.conversation_id for one in replies))
        refuse_any(_closed(replies, rows))
        said = [_said(one, rows[one.conversation_id], act) for one in replies]
        journal.insert(said)
        have_been_answered(rows.values(), act)
        waits = {one.conversation_id for one in replies if one.waits}
        for verb, target in (("ask", State.WAITING), ("answer", State.ANSWERED)):
            moved = {
                key: row.state for key, row in rows.items() if (key in waits) == (verb == "ask") and row.state != target
            }
            if moved:
                journal.move(CONVERSATION, Conversation, moved, verb, act=act, fact=lambda *_: None)
        journal.record(
            [
                InquiryAnswered(
                    conversation_id=one.conversation_id, order_id=words.order_id, interaction_id=words.id, channel=words.channel,
                    waits=one.waits,
                )
                for one, words in zip(replies, said, strict=True)
            ],
            act=act,
        )  # fmt: skip
    return [Kept(words.conversation_id, words.id) for words in said]


def _closed(replies: Sequence[Reply], rows: Mapping[UUID, Conversation]) -> Iterable[Refusal]:
    return (
        CLOSED.at(index=index) for index, one in enumerate(replies) if rows[one.conversation_id].state == State.CLOSED
    )


def _said(one: Reply, row: Conversation, act: Act) -> Interaction:
    channel = reply_channel(row.channel)
    return Interaction(
        id=new_id(), conversation_id=row.id, order_id=row.order_id, channel=channel, direction=Direction.OUT, actor=act.actor,
        words=printable(one.words, LONGEST), at=act.at, recorded_at=act.recorded_at,
        on_portal=channel in LIVE and row.order_id is not None,
    )  # fmt: skip


def have_been_answered(rows: Collection[Conversation], act: Act) -> None:
    """Nothing waits for an answer in these any more; who answered first has taken them. Two statements."""
    kind, _, number = act.actor.partition(":")
    who = int(number) if kind == "staff" and number.isdigit() else None
    for row in rows:
        row.asked_at = row.due_at = None
        row.answered_at, row.last_at = act.at, max(row.last_at, act.at)
        row.assignee = row.assignee or who
    Conversation.objects.bulk_update(rows, ["asked_at", "due_at", "answered_at", "last_at", "assignee"])
    waiting = Interaction.objects.filter(conversation_id__in=[row.id for row in rows], answered_at=None)
    waiting.exclude(due_at=None).update(answered_at=act.at)
