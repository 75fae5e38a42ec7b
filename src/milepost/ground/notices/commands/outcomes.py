"""Carry what happened to attempts over to their notices, with facts and duties, set-wise."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from milepost.ground.duties.commands import close_duties
from milepost.ground.duties.words import Subject
from milepost.ground.journal.commands import record
from milepost.ground.notices import rules
from milepost.ground.notices.commands.attempts import Key
from milepost.ground.notices.commands.digests import put_into_digests
from milepost.ground.notices.commands.planning import plan
from milepost.ground.notices.commands.traces import trace
from milepost.ground.notices.commands.trouble import Trouble, hand_to_people
from milepost.ground.notices.facts import CallWanted, NoticeFailed, NoticeInDoubt, NoticeSent
from milepost.ground.notices.rules import Verdict
from milepost.ground.notices.states import NOTICE
from milepost.ground.notices.words import Digest, State, WantedNotice
from milepost.ground.parties.commands import stop_channel
from milepost.ground.parties.words import StopReason
from milepost.ground.procedures.queries import book
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.facts import Fact
from milepost.kernel.refusals import Refused

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A notice that moves, with the number of the attempt that moves it."""

    id: UUID
    filed_at: datetime
    order_id: int | None
    template: str
    channel: str
    audience: str
    state: str
    number: int
    verdict: Verdict
    sender: str = ""
    result: str = ""
    stops: str = ""
    instead: WantedNotice | None = None
    digest: Digest | None = None


def settle(keys: Sequence[Key], *, act: Act, ways: int = 1) -> list[Step]:
    """Move the notices whose attempts are closed; return the steps taken. `ways`: how many senders their channel has.

    All in one transaction. Where an order refuses what follows, each notice goes by itself, and one that is refused alone
    stays as it is until its lease has passed: what its attempt says is kept, so nothing is sent again.
    """
    try:
        return _settle_together(keys, act, ways)
    except (Refused, OperationalError):
        return [step for key in keys for step in _settle_alone(key, act, ways)]


def _settle_alone(key: Key, act: Act, ways: int) -> list[Step]:
    try:
        return _settle_together([key], act, ways)
    except (Refused, OperationalError) as refused:
        log.warning("notice %s could not be settled: %s", key[0], type(refused).__name__)
        return []


def _settle_together(keys: Sequence[Key], act: Act, ways: int) -> list[Step]:
    if not keys:
        return []
    with transaction.atomic():
        steps = take(_closed(keys, act, ways), act=act)
        _stop(steps, act)
        return steps


def _stop(steps: Iterable[Step], act: Act) -> None:
    """Nothing more goes to addresses of which a sender says that nothing will ever arrive there."""
    by_channel: dict[str, list[str]] = {}
    for step in steps:
        if step.stops:
            by_channel.setdefault(step.channel, []).append(step.stops)
    for channel, addresses in by_channel.items():
        stop_channel(channel, addresses, reason=StopReason.REFUSED, act=act)


def _closed(keys: Sequence[Key], act: Act, ways: int) -> list[Step]:
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED, columns(keys))
        rows = cursor.fetchall()
    ladder = [timedelta(minutes=minutes) for minutes in book().sending.ladder_minutes]
    return [
        Step(
            id=key, filed_at=filed_at, order_id=order_id, template=template, channel=channel, audience=audience, state=state,
            number=number,
            verdict=rules.after(
                result, detail=detail, sender=sender, attempts=number, failures=failures, now=act.recorded_at,
                ladder=ladder, ways=ways,
            ),
            sender=sender, result=result, stops=address if stops else "",
        )
        for key, filed_at, order_id, template, channel, audience, state, number, failures, result, detail, sender, stops, address
        in rows
        if not (state == State.UNKNOWN and result == "unknown")
    ]  # fmt: skip


def take(steps: Sequence[Step], *, act: Act) -> list[Step]:
    """Move notices by their verdicts where state and attempt are still those of the step, with facts and duties."""
    if not steps:
        return []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, columns(_row(s, act) for s in steps))
            moved = {key for (key,) in cursor.fetchall()}
        taken = [step for step in steps if step.id in moved]
        _plan_instead(taken, act)
        _see_to_duties(taken, act)
        record([fact for step in taken if (fact := _fact(step))], act=act)
    return taken


def _row(step: Step, act: Act) -> tuple[Any, ...]:
    target = NOTICE.target(step.state, step.verdict.verb)
    return (
        step.id, step.filed_at, step.number, step.state, target, step.verdict.reason, step.verdict.due_at,
        step.verdict.failures, act.recorded_at if target == State.SENT else None,
        trace(act.recorded_at, step.verdict.says),
    )  # fmt: skip


def _plan_instead(steps: Iterable[Step], act: Act) -> None:
    """What is told another way, or in a digest, is planned in the transaction in which it is withheld here."""
    instead = [step.instead for step in steps if step.instead]
    if instead:
        plan(instead, act=act)
    put_into_digests([(step.id, step.filed_at, step.digest) for step in steps if step.digest], act=act)


def _fact(step: Step) -> Fact | None:
    if step.order_id is None:
        return None
    about: dict[str, Any] = {
        "order_id": step.order_id, "notice_id": step.id, "template": step.template, "channel": step.channel,
        "audience": step.audience,
    }  # fmt: skip
    match step.verdict.verb:
        case "arrive":
            return NoticeSent(**about)
        case "fail":
            return NoticeFailed(**about, reason=step.verdict.reason)
        case "lose":
            return NoticeInDoubt(**about)
        case "ring":
            return CallWanted(
                order_id=step.order_id,
                notice_id=step.id,
                template=step.template,
                audience=step.audience,
                number=step.number,
            )
    return None


def _see_to_duties(steps: Iterable[Step], act: Act) -> None:
    """A notice in trouble opens a duty; late news of one that was in doubt closes it."""
    hand_to_people(
        [
            Trouble(notice_id=s.id, order_id=s.order_id, template=s.template, reason=s.verdict.reason)
            for s in steps
            if s.verdict.reason
        ],
        act=act,
    )
    cleared = [Subject("notice", str(step.id), step.order_id) for step in steps if step.state == State.UNKNOWN]
    if cleared:
        close_duties(["check_notice"], subjects=cleared, outcome="Word of it came late.", act=act)


_CLOSED = """
SELECT n.id, n.filed_at, n.order_id, n.template, n.channel, n.audience, n.state, n.attempts, n.failures, a.result, a.detail,
    a.sender, a.stops, a.address
FROM unnest(%b::uuid[], %b::smallint[], %b::timestamptz[]) AS w(id, number, filed_at)
JOIN notices_notice n ON n.id = w.id AND n.filed_at = w.filed_at AND n.attempts = w.number
JOIN notices_attempt a ON a.notice_id = w.id AND a.number = w.number AND a.filed_at = w.filed_at
WHERE n.state IN ('sending', 'unknown') AND a.result IS NOT NULL
ORDER BY n.id FOR UPDATE OF n
"""

_MOVE = """
UPDATE notices_notice n SET state = w.target, reason = w.reason, due_at = w.due_at, failures = w.failures,
    sent_at = coalesce(w.sent_at, n.sent_at), trace = n.trace || w.trace
FROM unnest(%b::uuid[], %b::timestamptz[], %b::smallint[], %b::text[], %b::text[], %b::text[], %b::timestamptz[],
    %b::smallint[], %b::timestamptz[], %b::jsonb[])
    AS w(id, filed_at, number, state, target, reason, due_at, failures, sent_at, trace)
WHERE n.id = w.id AND n.filed_at = w.filed_at AND n.attempts = w.number AND n.state = w.state
RETURNING n.id
"""
