"""Answer: what a peer is told in their own form is kept beside what they sent, until it has left."""

from collections.abc import Sequence
from uuid import UUID

from milepost.ground import journal
from milepost.ground.arrivals.models import Answer
from milepost.ground.arrivals.words import AnswerDraft
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id


def keep_answers(drafts: Sequence[AnswerDraft], *, act: Act) -> list[UUID]:
    """Keep answers as they were made; their ids in order. One statement for any number."""
    rows = [
        Answer(
            id=new_id(), arrival_id=one.arrival_id, order_id=one.order_id, kind=one.kind, name=one.name,
            content_type=one.content_type, body=one.body, made_at=act.recorded_at,
        )
        for one in drafts
    ]  # fmt: skip
    journal.insert(rows)
    return [row.id for row in rows]


def note_answers_sent(ids: Sequence[UUID], *, act: Act) -> None:
    """These have left, by whom the act says; one that had left before keeps its first time. One statement."""
    Answer.objects.filter(id__in=ids, sent_at=None).update(sent_at=act.recorded_at, sent_by=act.actor)
