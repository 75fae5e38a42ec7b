"""Forget a person: their words, names and addresses go, the facts of the conversations stay (they hold none)."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.way.care.commands.closing import close
from milepost.way.care.commands.finding import locked
from milepost.way.care.models import Conversation, Interaction
from milepost.way.care.words import State


def forget(conversation_ids: Sequence[UUID], *, act: Act) -> None:
    """Blank what was said in these conversations, and by whom; those that go on are closed. Refuses `unknown_conversation`."""
    with journal.together():
        rows = locked(conversation_ids)
        going = [key for key, row in rows.items() if row.state != State.CLOSED]
        if going:
            close(going, act=act)
        Interaction.objects.filter(conversation_id__in=list(rows)).update(words="", name="")
        chosen = Conversation.objects.filter(id__in=list(rows))
        chosen.update(name="", subject="", message_id="")
        chosen.exclude(address="").update(address=Concat(Value("forgotten:"), Cast("id", CharField())))
