"""Whose conversation it is: who has taken it is told when the customer writes again."""

from collections.abc import Sequence
from uuid import UUID

from milepost.ground import journal
from milepost.ground.access.words import ROLES
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.care.commands.finding import locked
from milepost.way.care.facts import ConversationHandedOver, ConversationTaken
from milepost.way.care.models import Conversation

UNKNOWN_ROLE = Refusal(code="unknown_role", says="There is no such role.", do="Choose one of the list.", field="role")


def take(conversation_ids: Sequence[UUID], *, staff_id: int, act: Act) -> None:
    """Take conversations upon oneself; those that one has are left as they are. Refuses `unknown_conversation` (404)."""
    with journal.together():
        rows = locked(conversation_ids)
        new = [row for row in rows.values() if row.assignee != staff_id]
        Conversation.objects.filter(id__in=[row.id for row in new]).update(assignee=staff_id)
        journal.record(
            [ConversationTaken(conversation_id=row.id, order_id=row.order_id, assignee=staff_id) for row in new],
            act=act,
        )


def hand_over(conversation_ids: Sequence[UUID], *, role: str, act: Act, assignee: int | None = None) -> None:
    """Give conversations to a role, or to one of its people. Refuses `unknown_role`, `unknown_conversation` (404)."""
    if role not in ROLES:
        raise Refused(UNKNOWN_ROLE)
    with journal.together():
        rows = locked(conversation_ids)
        Conversation.objects.filter(id__in=list(rows)).update(assignee=assignee)
        journal.record(
            [
                ConversationHandedOver(
                    conversation_id=row.id,
                    order_id=row.order_id,
                    role=role,
                    assignee=assignee,
                    was_assignee=row.assignee,
                )
                for row in rows.values()
            ],
            act=act,
        )
