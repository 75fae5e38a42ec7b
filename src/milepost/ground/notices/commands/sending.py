"""Send what is due: claim, look again, write, hand over, settle; and see to what a worker left in the middle.

The claim and the words are committed before anything leaves, each message is marked right before its point of no return,
and its outcome is written right after the answer. So whenever a worker dies, the books tell of each message whether it
left, did not leave, or was just then being handed over; only the last are asked about, and none is sent blindly again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from milepost.ground.duties.commands import close_duties
from milepost.ground.duties.words import Subject
from milepost.ground.notices import rules
from milepost.ground.notices.commands import attempts
from milepost.ground.notices.commands.attempts import BookLanes, Key, Watch
from milepost.ground.notices.commands.outcomes import Step, settle, take
from milepost.ground.notices.commands.trouble import say_that_absent
from milepost.ground.notices.ports import Composer, Sender
from milepost.ground.notices.rules import Place, Verdict
from milepost.ground.notices.words import Drained, DueNotice, Letter, Message, Reason, Result, State, Withheld
from milepost.kernel.acts import Act

LIMIT = 200
LEASE = timedelta(minutes=10)


def send_due(
    *, now: datetime, sender: Sender, compose: Composer, limit: int = LIMIT, lease: timedelta = LEASE
) -> Drained:
    """One pass of the outbox of the sender's channel: at most `limit` notices. Call again until nothing is touched.

    Any number of workers may call it at once. Not inside a transaction: its commits are what makes it safe to be killed.
    """
    watch = Watch(now)
    steps = _see_to_lapsed(sender, watch, limit=limit, lease=lease)
    claimed = _claim(sender.channel, now=watch.now(), until=watch.now() + lease, limit=limit)
    if claimed:
        steps += _send(claimed, sender, compose, watch)
    return _count(steps)


def _see_to_lapsed(sender: Sender, watch: Watch, *, limit: int, lease: timedelta) -> list[Step]:
    """What a worker left in the middle: its lease has passed, so its attempts are closed under its nose."""
    now = watch.now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_LAPSED, [sender.channel, now, limit, now + lease])
        keys: list[Key] = cursor.fetchall()
    return _close_and_settle(keys, sender, watch, not_handed=Result.LAPSED) if keys else []


def _close_and_settle(keys: Sequence[Key], sender: Sender, watch: Watch, *, not_handed: Result) -> list[Step]:
    """Close what is open: nothing left of what was not handed over; what was in the air is asked about."""
    attempts.close_not_handed(keys, not_handed, sender=sender.name, at=watch.now())
    air = attempts.in_the_air(keys)
    if air:
        answers = sender.lookup([key[0].hex for key in air])
        attempts.close_by_answer(air, answers, at=watch.now())
    return settle(keys, act=_act(watch))


def _claim(channel: str, *, now: datetime, until: datetime, limit: int) -> list[DueNotice]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [channel, now, limit, until])
        due = [_due_notice(row) for row in cursor.fetchall()]
    return sorted(due, key=lambda notice: (notice.planned_at, notice.id))


def _due_notice(row: tuple[Any, ...]) -> DueNotice:
    (key, filed_at, order_id, template, milestone, audience, recipient_key, channel, language, rank, lasting, because, data,
     planned_at, number) = row  # fmt: skip
    return DueNotice(
        id=key, filed_at=filed_at, order_id=order_id, template=template, milestone=milestone, audience=audience,
        recipient_key=recipient_key, channel=channel, language=language, rank=rank, lasting=lasting, because=because,
        data=orjson.loads(data) if isinstance(data, str) else data, planned_at=planned_at, number=number,
    )  # fmt: skip


def _send(claimed: Sequence[DueNotice], sender: Sender, compose: Composer, watch: Watch) -> list[Step]:
    written = compose(claimed, now=watch.now())
    withheld = [_withhold(n, answer) for n in claimed if isinstance(answer := written[n.id], Withheld)]
    replaced = _replaced(claimed, untrue=frozenset(step.id for step in withheld))
    steps = take([*withheld, *replaced], act=_act(watch))
    held = {step.id for step in (*withheld, *replaced)}
    left = [notice for notice in claimed if notice.id not in held]
    letters = [(n, answer) for n in left if isinstance(answer := written[n.id], Letter)]
    ours = attempts.open_attempts(letters, sender=sender.name, at=watch.now())
    return steps + _hand_over([(n, letter) for n, letter in letters if n.id in ours], sender, watch)


def _hand_over(letters: Sequence[tuple[DueNotice, Letter]], sender: Sender, watch: Watch) -> list[Step]:
    if not letters:
        return []
    keys = {n.reference: (n.id, n.number, n.filed_at) for n, _ in letters}
    messages = [Message(reference=n.reference, lane=n.order_id or 0, letter=letter) for n, letter in letters]
    try:
        sender.send(messages, BookLanes(keys, watch))
    finally:
        steps = _close_and_settle(list(keys.values()), sender, watch, not_handed=Result.UNREACHABLE)
    _tell_it(steps, sender, watch)
    return steps


def _tell_it(steps: Sequence[Step], sender: Sender, watch: Watch) -> None:
    """A sender that is not there is one duty for IT, however many messages wait; the first that gets through closes it."""
    subject = Subject("sender", sender.name)
    if any(step.verdict.verb == "arrive" for step in steps):
        close_duties(["it_repair"], subjects=[subject], outcome="Messages get through.", act=_act(watch))
    elif any(step.verdict.verb == "defer" and step.verdict.failures == 0 for step in steps):
        say_that_absent(sender.name, act=_act(watch))


def _replaced(claimed: Sequence[DueNotice], *, untrue: frozenset[UUID]) -> list[Step]:
    """Those that a later milestone of the same order, recipient and channel makes old news. One statement.

    What is itself untrue by now replaces nothing: after a delivery that was taken back, *out for delivery* is news again.
    """
    open_to_it = [n for n in claimed if not n.lasting and n.order_id is not None and n.id not in untrue]
    if not open_to_it:
        return []
    beside = _beside(open_to_it, untrue)
    steps = []
    for notice in open_to_it:
        later = rules.replaced_by(_place(notice), beside[notice.order_id, notice.recipient_key, notice.channel])
        if later:
            says = f"A later message tells more: {later.template}."
            steps.append(_step(notice, Verdict(verb="supersede", says=says, reason=Reason.SUPERSEDED)))
    return steps


def _beside(claimed: Sequence[DueNotice], untrue: frozenset[UUID]) -> Mapping[tuple[int | None, str, str], list[Place]]:
    orders = {notice.order_id: notice.filed_at for notice in claimed}
    places = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, [list(orders), list(orders.values())])
        for key, order_id, recipient_key, channel, *place in cursor.fetchall():
            if key not in untrue:
                places[order_id, recipient_key, channel].append(Place(**dict(zip(_PLACE, place, strict=True))))
    return places


_PLACE = ("template", "milestone", "rank", "planned_at", "state")


def _place(notice: DueNotice) -> Place:
    return Place(
        template=notice.template, milestone=notice.milestone, rank=notice.rank, planned_at=notice.planned_at,
        state=State.SENDING, lasting=notice.lasting,
    )  # fmt: skip


def _withhold(notice: DueNotice, withheld: Withheld) -> Step:
    verb = "fail" if withheld.broken else "suppress"
    return _step(notice, Verdict(verb=verb, says=withheld.says, reason=withheld.reason))


def _step(notice: DueNotice, verdict: Verdict) -> Step:
    return Step(
        id=notice.id, filed_at=notice.filed_at, order_id=notice.order_id, template=notice.template, channel=notice.channel,
        audience=notice.audience, state=State.SENDING, number=notice.number, verdict=verdict,
    )  # fmt: skip


def _count(steps: Iterable[Step]) -> Drained:
    verbs = Counter(step.verdict.verb for step in steps)
    return Drained(
        sent=verbs["arrive"], planned_again=verbs["defer"], withheld=verbs["suppress"] + verbs["supersede"],
        failed=verbs["fail"], unknown=verbs["lose"],
    )  # fmt: skip


def _act(watch: Watch) -> Act:
    return Act.now("system:notices", channel="worker", now=watch.now())


_CLAIM = """
WITH due AS (
    SELECT id, filed_at FROM notices_notice WHERE channel = %s AND state = 'planned' AND due_at <= %s
    ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE notices_notice n SET state = 'sending', due_at = %s, attempts = n.attempts + 1
FROM due WHERE n.id = due.id AND n.filed_at = due.filed_at
RETURNING n.id, n.filed_at, n.order_id, n.template, n.milestone, n.audience, n.recipient_key, n.channel, n.language, n.rank,
    n.lasting, n.because, n.data, n.planned_at, n.attempts
"""

_CLAIM_LAPSED = """
WITH lapsed AS (
    SELECT id, filed_at FROM notices_notice WHERE channel = %s AND state = 'sending' AND due_at <= %s
    ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE notices_notice n SET due_at = %s FROM lapsed WHERE n.id = lapsed.id AND n.filed_at = lapsed.filed_at
RETURNING n.id, n.attempts, n.filed_at
"""

_BESIDE = """
SELECT n.id, n.order_id, n.recipient_key, n.channel, n.template, n.milestone, n.rank, n.planned_at, n.state
FROM unnest(%b::bigint[], %b::timestamptz[]) AS w(order_id, filed_at)
JOIN notices_notice n ON n.order_id = w.order_id AND n.filed_at = w.filed_at
"""
