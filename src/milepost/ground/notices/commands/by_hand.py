"""What a member of staff decides about a notice that did not go by itself."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from milepost.ground.duties.commands import close_duties
from milepost.ground.duties.words import Subject
from milepost.ground.journal.commands import STALE, record
from milepost.ground.notices.commands.traces import trace
from milepost.ground.notices.facts import NoticePlannedAgain, NoticeSent
from milepost.ground.notices.models import Notice
from milepost.ground.notices.states import NOTICE
from milepost.ground.notices.words import State
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.refusals import Refusal, Refused

NO_SUCH = Refusal(
    code="notice_unknown", says="There is no such message.", do="Look it up on the page of its order.", status=404
)
OUTCOME = 200  # characters that a duty keeps of it
DUTIES = ["check_notice", "retry_notice", "it_repair"]


def mark_as_sent(notice_ids: Sequence[UUID], *, act: Act) -> None:
    """The recipient knows: the message did arrive, or was told by phone; `act.reason` says how.

    Refuses `notice_unknown`, and `not_now` unless it is unknown, failed or suppressed.
    """
    says = f"Marked as sent by {act.actor}: {act.reason or 'the recipient knows'}."
    with transaction.atomic():
        notices = _move(notice_ids, "mark_as_sent", says, act)
        record(
            [
                NoticeSent(
                    order_id=n.order_id, notice_id=n.id, template=n.template, channel=n.channel, audience=n.audience
                )
                for n in notices
                if n.order_id is not None
            ],
            act=act,
        )


def send_again(notice_ids: Sequence[UUID], *, act: Act) -> None:
    """Have it sent, at the risk of a second copy where the first is in doubt; it is due at once.

    Refuses `notice_unknown`, and `not_now` unless it is unknown, failed or suppressed.
    """
    says = f"Sent again by {act.actor}: {act.reason or 'on request'}."
    with transaction.atomic():
        notices = _move(notice_ids, "send_again", says, act)
        record(
            [
                NoticePlannedAgain(
                    order_id=n.order_id, notice_id=n.id, template=n.template, channel=n.channel, audience=n.audience
                )
                for n in notices
                if n.order_id is not None
            ],
            act=act,
        )


def _move(notice_ids: Sequence[UUID], verb: str, says: str, act: Act) -> list[Notice]:
    notices = list(Notice.objects.filter(id__in=notice_ids).order_by("id").select_for_update())
    if len(notices) != len(set(notice_ids)):
        raise Refused(NO_SUCH)
    targets = [NOTICE.target(notice.state, verb) for notice in notices]
    rows = [
        (n.id, n.filed_at, n.state, target, act.recorded_at if target == State.PLANNED else None,
         act.recorded_at if target == State.SENT else None, trace(act.recorded_at, says))
        for n, target in zip(notices, targets, strict=True)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE, columns(rows))
        if cursor.rowcount != len(notices):
            raise Refused(STALE)
    subjects = [Subject("notice", str(n.id), n.order_id) for n in notices]
    close_duties(DUTIES, subjects=subjects, outcome=says[:OUTCOME], act=act)
    return notices


_DECIDE = """
UPDATE notices_notice n SET state = w.target, reason = '', due_at = w.due_at, sent_at = w.sent_at, failures = 0,
    trace = n.trace || w.trace
FROM unnest(%b::uuid[], %b::timestamptz[], %b::text[], %b::text[], %b::timestamptz[], %b::timestamptz[], %b::jsonb[])
    AS w(id, filed_at, state, target, due_at, sent_at, trace)
WHERE n.id = w.id AND n.filed_at = w.filed_at AND n.state = w.state
"""
