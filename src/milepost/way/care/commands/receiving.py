"""Receive what customers ask: it opens a conversation or goes on with one, and its clock runs (INQ-2, INQ-3)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import InquiriesPolicy
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import refuse_any
from milepost.kernel.texts import printable
from milepost.way.care.commands.finding import NOTHING_SAID, Sought, found_or_new, named
from milepost.way.care.facts import ConversationReopened, InquiryReceived
from milepost.way.care.models import Conversation, Interaction
from milepost.way.care.rules import reply_due
from milepost.way.care.states import CONVERSATION
from milepost.way.care.words import LIVE, LONGEST, Direction, Inquiry, Kept, State, Topic, Whose

CHANGED = ("channel", "topic", "name", "subject", "language", "message_id", "last_at", "asked_at", "due_at")


def receive(inquiries: Sequence[Inquiry], *, act: Act) -> list[Kept]:
    """Keep what was asked, and have it answered in time. What came from the same original before is not kept again.

    At most eight statements for any number. Refuses, by index, `nothing_said`, `nobody`, `unknown_order` and
    `unknown_conversation` (404).
    """
    refuse_any(
        NOTHING_SAID.at(index=index) for index, one in enumerate(inquiries) if not printable(one.words, LONGEST).strip()
    )
    policy = procedures.book().inquiries
    with journal.together():
        before = _kept_before([one.arrival_id for one in inquiries if one.arrival_id])
        fresh = [one for one in inquiries if one.arrival_id not in before]
        rows = found_or_new(_sought(fresh), reopen_days=policy.reopen_days, act=act) if fresh else []
        kept = _written(fresh, rows, policy, act)
    done = iter(kept)
    return [Kept(*before[one.arrival_id], again=True) if one.arrival_id in before else next(done) for one in inquiries]


def _kept_before(arrival_ids: Collection[UUID]) -> dict[UUID | None, tuple[UUID, UUID]]:
    if not arrival_ids:
        return {}
    rows = Interaction.objects.filter(arrival_id__in=list(arrival_ids))
    return {arrival: (talk, key) for arrival, talk, key in rows.values_list("arrival_id", "conversation_id", "id")}


def _sought(inquiries: Sequence[Inquiry]) -> list[Sought]:
    whose = named(
        [Whose(order_id=one.order_id, customer_id=one.customer_id, address=_address(one)) for one in inquiries],
        [one.conversation_id for one in inquiries],
    )
    return [
        Sought(
            whose=theirs, conversation_id=one.conversation_id, channel=one.channel, topic=one.topic or Topic.QUESTION,
            name=printable(one.name, 200), subject=printable(one.subject, 300), language=one.language[:8],
        )
        for theirs, one in zip(whose, inquiries, strict=True)
    ]  # fmt: skip


def _address(inquiry: Inquiry) -> str:
    return printable(inquiry.address, 254).strip().lower()


def _written(
    inquiries: Sequence[Inquiry], rows: Sequence[Conversation], policy: InquiriesPolicy, act: Act
) -> list[Kept]:
    """What was said, and how the conversations stand after it."""
    was = {row.id: row.state for row in rows}
    calendar = procedures.book().calendar()
    said: list[Interaction] = []
    for one, row in zip(inquiries, rows, strict=True):
        row.topic = one.topic or row.topic
        due = reply_due(calendar, one.at or act.at, policy.hours_for(one.channel, row.topic))
        said.append(_said(one, row, due, urgent=policy.is_urgent(row.topic), act=act))
        _bring_up_to_date(row, one, due, act)
    journal.insert(said)
    changed = {row.id: row for row in rows}
    Conversation.objects.bulk_update(changed.values(), CHANGED)
    _open({key: state for key, state in was.items() if state != State.OPEN}, changed, act)
    journal.record(
        [
            InquiryReceived(
                conversation_id=row.id, order_id=row.order_id, interaction_id=words.id, channel=words.channel, topic=row.topic,
                due_at=row.due_at or act.at, assignee=row.assignee,
            )
            for row, words in zip(rows, said, strict=True)
        ],
        act=act,
    )  # fmt: skip
    return [Kept(row.id, words.id) for row, words in zip(rows, said, strict=True)]


def _said(one: Inquiry, row: Conversation, due: datetime, *, urgent: bool, act: Act) -> Interaction:
    """The first that is said while nothing waits for an answer starts the clock; the others wait with it."""
    return Interaction(
        id=new_id(), conversation_id=row.id, order_id=row.order_id, channel=one.channel, direction=Direction.IN, actor=act.actor,
        name=printable(one.name, 200), words=printable(one.words, LONGEST), at=one.at or act.at, recorded_at=act.recorded_at,
        due_at=due if row.asked_at is None else None, urgent=urgent, arrival_id=one.arrival_id,
        on_portal=one.channel in LIVE and row.order_id is not None,
    )  # fmt: skip


def _bring_up_to_date(row: Conversation, one: Inquiry, due: datetime, act: Act) -> None:
    row.channel, row.last_at = one.channel, max(row.last_at, one.at or act.at)
    row.name = printable(one.name, 200) or row.name
    row.subject = row.subject or printable(one.subject, 300)
    row.language = row.language or one.language[:8]
    row.message_id = printable(one.message_id, 998) or row.message_id
    row.asked_at = row.asked_at or one.at or act.at
    row.due_at = min(row.due_at, due) if row.due_at else due


def _open(was: Mapping[UUID, str], rows: Mapping[UUID, Conversation], act: Act) -> None:
    """They wait for us again."""
    if was:

        def goes_on(key: UUID, source: str, target: str) -> ConversationReopened | None:
            if source != State.CLOSED:
                return None
            return ConversationReopened(conversation_id=key, order_id=rows[key].order_id)

        journal.move(CONVERSATION, Conversation, was, "receive", act=act, fact=goes_on, also={"closed_at": None})
