"""Send what is due: claim, look again, write, hand over, settle; and see to what a worker left in the middle.

The claim and the words are committed before anything leaves, each message is marked right before its point of no return,
and its outcome is written right after the answer. So whenever a worker dies, the books tell of each message whether it
left, did not leave, or was just then being handed over; only the last are asked about, and none is sent blindly again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from milepost.ground.notices import rules
from milepost.ground.notices.commands.asking import close_and_settle
from milepost.ground.notices.commands.attempts import Key, Watch
from milepost.ground.notices.commands.handing import hand_over
from milepost.ground.notices.commands.leases import LEASE, renewed
from milepost.ground.notices.commands.outcomes import Step, take
from milepost.ground.notices.ports import Composer, Sender
from milepost.ground.notices.rules import Place, Verdict
from milepost.ground.notices.words import Drained, DueNotice, Later, Letter, Reason, Result, State, Withheld
from milepost.kernel.acts import Act

LIMIT = 500


def send_due(
    *, now: datetime, sender: Sender | Sequence[Sender], compose: Composer, limit: int = LIMIT, lease: timedelta = LEASE
) -> Drained:
    """One pass of the outbox of the channel that `sender` serves, or several do: at most `limit` notices. Call again until
    nothing is touched.

    Any number of workers may call it at once. Not inside a transaction: its commits are what makes it safe to be killed.
    """
    senders = tuple(sender) if isinstance(sender, Sequence) else (sender,)
    channel, watch = senders[0].channel, Watch(now)
    steps = _see_to_lapsed(channel, senders, watch, limit=limit, lease=lease)
    claimed = _claim(channel, now=watch.now(), until=watch.now() + lease, limit=limit)
    if claimed:
        with renewed([(n.id, n.number, n.filed_at) for n in claimed], watch, lease):
            steps += _send(claimed, senders, compose, watch)
    return _count(steps)


def _see_to_lapsed(
    channel: str, senders: Sequence[Sender], watch: Watch, *, limit: int, lease: timedelta
) -> list[Step]:
    """What a worker left in the middle: its lease has passed, so its attempts are closed under its nose."""
    now = watch.now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_LAPSED, [channel, now, limit, now + lease])
        keys: list[Key] = cursor.fetchall()
    return close_and_settle(keys, senders, watch, not_handed=Result.LAPSED) if keys else []


def _claim(channel: str, *, now: datetime, until: datetime, limit: int) -> list[DueNotice]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [channel, now, limit, until])
        due = [_due_notice(row) for row in cursor.fetchall()]
    return sorted(due, key=lambda notice: (notice.planned_at, notice.id))


def _due_notice(row: tuple[Any, ...]) -> DueNotice:
    (key, filed_at, order_id, template, milestone, audience, recipient_key, channel, language, rank, lasting, because, data,
     planned_at, number, failures) = row  # fmt: skip
    return DueNotice(
        id=key, filed_at=filed_at, order_id=order_id, template=template, milestone=milestone, audience=audience,
        recipient_key=recipient_key, channel=channel, language=language, rank=rank, lasting=lasting, because=because,
        data=orjson.loads(data) if isinstance(data, str) else data, planned_at=planned_at, number=number,
        failures=failures,
    )  # fmt: skip


def _send(claimed: Sequence[DueNotice], senders: Sequence[Sender], compose: Composer, watch: Watch) -> list[Step]:
    written = compose(claimed, now=watch.now())
    withheld = [_withhold(n, answer) for n in claimed if isinstance(answer := written[n.id], Withheld)]
    replaced = _replaced(claimed, untrue=frozenset(step.id for step in withheld))
    old = {step.id for step in replaced}
    later = [_put_off(n, a) for n in claimed if isinstance(a := written[n.id], Later) and n.id not in old]
    steps = take([*withheld, *replaced, *later], act=_act(watch))
    held = {step.id for step in (*withheld, *replaced, *later)}
    left = [notice for notice in claimed if notice.id not in held]
    letters = [(n, answer) for n in left if isinstance(answer := written[n.id], Letter)]
    return steps + hand_over(letters, senders, watch, act=_act(watch))


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
        state=State.SENDING, lasting=notice.lasting, several="shipment_id" in notice.data,
    )  # fmt: skip


def _withhold(notice: DueNotice, withheld: Withheld) -> Step:
    verb = "fail" if withheld.broken else "suppress"
    step = _step(notice, Verdict(verb=verb, says=withheld.says, reason=withheld.reason))
    return replace(step, instead=withheld.instead, digest=withheld.digest)


def _put_off(notice: DueNotice, later: Later) -> Step:
    """It waits for its hour; nobody failed."""
    return _step(notice, Verdict(verb="defer", says=later.says, due_at=later.until, failures=notice.failures))


def _step(notice: DueNotice, verdict: Verdict) -> Step:
    return Step(
        id=notice.id, filed_at=notice.filed_at, order_id=notice.order_id, template=notice.template, channel=notice.channel,
        audience=notice.audience, state=State.SENDING, number=notice.number, verdict=verdict,
    )  # fmt: skip


def _count(steps: Iterable[Step]) -> Drained:
    verbs = Counter(step.verdict.verb for step in steps)
    return Drained(
        sent=verbs["arrive"] + verbs["ring"], planned_again=verbs["defer"], withheld=verbs["suppress"] + verbs["supersede"],
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
    n.lasting, n.because, n.data, n.planned_at, n.attempts, n.failures
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
