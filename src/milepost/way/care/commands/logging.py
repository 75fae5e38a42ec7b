"""Log: a call, a talk, a note, written down by one of us (INQ-3)."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.kernel.texts import printable
from milepost.way.care.commands.answering import have_been_answered
from milepost.way.care.commands.finding import NOTHING_SAID, Sought, found_or_new, named
from milepost.way.care.commands.receiving import receive
from milepost.way.care.facts import InteractionLogged
from milepost.way.care.models import Conversation, Interaction
from milepost.way.care.rules import needs_answer, settles
from milepost.way.care.states import CONVERSATION
from milepost.way.care.words import LONGEST, Channel, Direction, Inquiry, Kept, Logged, State, Topic, Whose

NOT_BY_HAND = Refusal(
    code="not_by_hand", says="Messages are kept when they are sent or arrive; they are not written down.",
    do="Choose how it took place: by phone, by text message, in person; or write a note.", field="channel",
)  # fmt: skip
BY_HAND = frozenset({Channel.PHONE, Channel.SMS, Channel.IN_PERSON, Channel.NOTE})


def log(entries: Sequence[Logged], *, act: Act) -> list[Kept]:
    """Write down contacts. What is asked in one and still to be answered is received as an inquiry; what one settles is answered.

    At most fourteen statements for any number. Refuses, by index, `nothing_said`, `not_by_hand`, `nobody`, `unknown_order` and
    `unknown_conversation` (404).
    """
    refuse_any(NOTHING_SAID.at(index=i) for i, one in enumerate(entries) if not printable(one.words, LONGEST).strip())
    refuse_any(NOT_BY_HAND.at(index=i) for i, one in enumerate(entries) if one.channel not in BY_HAND)
    asking = [place for place, one in enumerate(entries) if needs_answer(one.outcome)]
    others = [place for place in range(len(entries)) if place not in set(asking)]
    with journal.together():
        kept = dict(zip(others, _log([entries[place] for place in others], act), strict=True)) if others else {}
        if asking:
            kept |= dict(zip(asking, receive([_inquiry(entries[place]) for place in asking], act=act), strict=True))
    return [kept[place] for place in range(len(entries))]


def _inquiry(one: Logged) -> Inquiry:
    return Inquiry(
        channel=one.channel, words=one.words, order_id=one.order_id, customer_id=one.customer_id, topic=one.topic,
        conversation_id=one.conversation_id,
    )  # fmt: skip


def _log(entries: Sequence[Logged], act: Act) -> list[Kept]:
    whose = named(
        [Whose(order_id=one.order_id, customer_id=one.customer_id) for one in entries],
        [one.conversation_id for one in entries],
    )
    sought = [
        Sought(
            whose=theirs, conversation_id=one.conversation_id, channel=one.channel, topic=one.topic or Topic.QUESTION,
            state=State.ANSWERED,
        )
        for theirs, one in zip(whose, entries, strict=True)
    ]  # fmt: skip
    days = procedures.book().inquiries.reopen_days
    rows = found_or_new(sought, reopen_days=days, act=act)
    said = [_said(one, row, act) for one, row in zip(entries, rows, strict=True)]
    journal.insert(said)
    settled = {row.id: row for one, row in zip(entries, rows, strict=True) if settles(one.outcome)}
    if settled:
        _settle(settled, act)
    journal.record(
        [
            InteractionLogged(
                conversation_id=words.conversation_id, order_id=words.order_id, interaction_id=words.id, channel=words.channel,
                direction=words.direction, outcome=words.outcome.replace("_", " "), settled=settles(one.outcome),
            )
            for one, words in zip(entries, said, strict=True)
        ],
        act=act,
    )  # fmt: skip
    return [Kept(words.conversation_id, words.id) for words in said]


def _said(one: Logged, row: Conversation, act: Act) -> Interaction:
    one = replace(one, direction=Direction.NOTE) if one.channel == Channel.NOTE else one
    return Interaction(
        id=new_id(), conversation_id=row.id, order_id=row.order_id, channel=one.channel, direction=one.direction, actor=act.actor,
        words=printable(one.words, LONGEST), outcome=one.outcome or "", at=act.at, recorded_at=act.recorded_at,
    )  # fmt: skip


def _settle(rows: dict[UUID, Conversation], act: Act) -> None:
    have_been_answered(list(rows.values()), act)
    moved = {key: row.state for key, row in rows.items() if row.state in (State.OPEN, State.WAITING)}
    if moved:
        journal.move(CONVERSATION, Conversation, moved, "answer", act=act, fact=lambda *_: None)
