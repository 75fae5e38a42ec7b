"""What became of a call: on record of the order, and the notice moves by it (NTF-2)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from milepost.ground.duties.commands import close_duties
from milepost.ground.duties.words import Subject
from milepost.ground.journal.commands import record
from milepost.ground.notices.commands.by_hand import NO_SUCH
from milepost.ground.notices.commands.outcomes import Step, take
from milepost.ground.notices.facts import CallMade
from milepost.ground.notices.models import Notice
from milepost.ground.notices.rules import Verdict, after_call
from milepost.ground.notices.words import CallOutcome, Channel, Reason, State
from milepost.ground.parties.commands import stop_channel
from milepost.ground.parties.words import StopReason
from milepost.ground.procedures.queries import book
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused

DUTY = "call_customer"
NOT_CALLING = Refusal(
    code="no_call", says="This call is not to be made any more.", do="Look at the order: it was made, or is old news.",
    status=409,
)  # fmt: skip
STOPS = {
    CallOutcome.NO_MORE_CALLS: (StopReason.OPTED_OUT, (Channel.PHONE,)),
    CallOutcome.WRONG_NUMBER: (StopReason.WRONG_NUMBER, (Channel.PHONE, Channel.SMS)),
}
"""What somebody says on the phone counts at once; a number that is somebody else's takes no text messages either."""


def record_call(notice_id: UUID, outcome: CallOutcome, *, act: Act) -> None:
    """How the call went; `act.reason` is what was said beside it.

    Who was reached knows; who did not answer is called again at a better time, as often as the procedure says. Refuses
    `notice_unknown`, and `no_call` (409) for one that was made already or is not to be made any more.
    """
    policy = book().calls
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(id=notice_id).first()
        if notice is None:
            raise Refused(NO_SUCH)
        if notice.state != State.CALLING:
            raise Refused(NOT_CALLING)
        verdict = after_call(
            outcome, failures=notice.failures, tries=policy.tries, voicemail_tells=policy.voicemail_tells,
            again_at=act.recorded_at + timedelta(hours=float(policy.again_after_hours)),
        )  # fmt: skip
        number = _close_attempt(notice, verdict, outcome)
        _close_duty(notice, outcome, act)
        take([_step(notice, verdict)], act=act)
        if notice.order_id is not None:
            made = CallMade(order_id=notice.order_id, notice_id=notice.id, template=notice.template, outcome=outcome)
            record([made], act=act)
        reason, channels = STOPS.get(outcome, (StopReason.BY_STAFF, ()))
        for channel in channels:
            stop_channel(channel, [number], reason=reason, act=act)


def call_off(notice_ids: list[UUID], reason: Reason, says: str, *, act: Act) -> int:
    """Calls that are not to be made any more, because what they would tell is old news or untrue; how many."""
    with transaction.atomic():
        rows = list(Notice.objects.select_for_update().filter(id__in=notice_ids, state=State.CALLING).order_by("id"))
        verdict = Verdict(verb="suppress", says=says, reason=reason)
        for notice in rows:
            _close_attempt(notice, verdict, "called off")
            _close_duty(notice, says, act)
        take([_step(notice, verdict) for notice in rows], act=act)
    return len(rows)


def _step(notice: Notice, verdict: Verdict) -> Step:
    return Step(
        id=notice.id, filed_at=notice.filed_at, order_id=notice.order_id, template=notice.template, channel=notice.channel,
        audience=notice.audience, state=State.CALLING, number=notice.attempts, verdict=verdict,
    )  # fmt: skip


def _close_duty(notice: Notice, outcome: str, act: Act) -> None:
    subject = Subject("notice", str(notice.id), notice.order_id)
    close_duties([DUTY], subjects=[subject], outcome=outcome[:200], act=act)


def _close_attempt(notice: Notice, verdict: Verdict, detail: str) -> str:
    """The attempt ends as the call did; the number that was called."""
    with connection.cursor() as cursor:
        values: list[Any] = [_RESULTS[verdict.verb], detail, notice.id, notice.attempts, notice.filed_at]
        cursor.execute(_CLOSE, values)
        row = cursor.fetchone()
    return str(row[0]) if row else ""


_RESULTS = {"arrive": "sent", "defer": "deferred", "fail": "refused", "suppress": "lapsed"}
_CLOSE = """
UPDATE notices_attempt SET result = %s, detail = %s WHERE notice_id = %s AND number = %s AND filed_at = %s RETURNING address
"""
