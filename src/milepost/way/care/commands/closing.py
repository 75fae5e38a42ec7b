"""Close conversations in which nothing is open any more, and open them again."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.care.commands.answering import have_been_answered
from milepost.way.care.commands.finding import locked
from milepost.way.care.facts import ConversationClosed, ConversationReopened
from milepost.way.care.models import Conversation
from milepost.way.care.states import CONVERSATION
from milepost.way.care.words import State

ANOTHER_GOES_ON = Refusal(
    code="another_goes_on", says="Another conversation with the same customer goes on meanwhile.",
    do="Go on in that one: it stands on the order's page.", status=409,
)  # fmt: skip


def close(conversation_ids: Sequence[UUID], *, act: Act) -> None:
    """Nothing more is to be said. What was asked last needed no answer. Refuses `unknown_conversation` (404), `not_now` (409)."""
    with journal.together():
        rows = locked(conversation_ids)
        have_been_answered([row for row in rows.values() if row.asked_at], act)
        journal.move(
            CONVERSATION, Conversation, {key: row.state for key, row in rows.items()}, "close", act=act,
            fact=lambda key, source, _: ConversationClosed(conversation_id=key, order_id=rows[key].order_id, was=source),
            also={"closed_at": act.at},
        )  # fmt: skip


def reopen(conversation_ids: Sequence[UUID], *, act: Act) -> None:
    """Go on with conversations that were closed. Refuses `unknown_conversation` (404), `not_now`, `another_goes_on` (409)."""
    with journal.together():
        rows = locked(conversation_ids)
        refuse_any(_taken_over(rows))
        journal.move(
            CONVERSATION, Conversation, {key: row.state for key, row in rows.items()}, "reopen", act=act,
            fact=lambda key, *_: ConversationReopened(conversation_id=key, order_id=rows[key].order_id),
            also={"closed_at": None},
        )  # fmt: skip


def _taken_over(rows: dict[UUID, Conversation]) -> Iterator[Refusal]:
    going = Conversation.objects.exclude(state=State.CLOSED).exclude(id__in=list(rows)).select_for_update()
    orders = [row.order_id for row in rows.values() if row.order_id is not None]
    customers = [row.customer_id for row in rows.values() if row.customer_id is not None]
    others = {
        (one.order_id, one.customer_id, one.address)
        for one in (*going.filter(order_id__in=orders), *going.filter(order_id=None, customer_id__in=customers))
    }
    return (
        ANOTHER_GOES_ON.at(index=index)
        for index, row in enumerate(rows.values())
        if (row.order_id, row.customer_id, row.address) in others
    )
