"""Hand letters to senders: by which of several, with what they cost, and what their outcomes tell of the senders."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection

from milepost.ground.duties.commands import close_duties
from milepost.ground.duties.words import Subject
from milepost.ground.notices import routes
from milepost.ground.notices.commands import attempts, health
from milepost.ground.notices.commands.asking import close_and_settle
from milepost.ground.notices.commands.attempts import Outgoing, Watch
from milepost.ground.notices.commands.lanes import BookLanes
from milepost.ground.notices.commands.outcomes import Step, take
from milepost.ground.notices.commands.trouble import say_that_absent
from milepost.ground.notices.ports import Sender
from milepost.ground.notices.routes import Wish
from milepost.ground.notices.rules import Verdict
from milepost.ground.notices.words import Channel, DueNotice, Letter, Message, Result, SenderState, State
from milepost.ground.procedures.queries import book
from milepost.ground.procedures.words import SendingPolicy
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.sms import measure

SHORTEST_WAIT = timedelta(seconds=30)


def hand_over(
    letters: Sequence[tuple[DueNotice, Letter]], senders: Sequence[Sender], watch: Watch, *, act: Act
) -> list[Step]:
    """Send each letter by the sender that it is routed to; those that no sender can take now wait."""
    if not letters:
        return []
    policy = book().sending
    states = health.states_of([sender.name for sender in senders], policy=policy, now=watch.now())
    ways = routes.routed(_wishes(letters, many=len(senders) > 1), states, policy=policy)
    waiting = [_wait(notice, states, policy, watch.now()) for notice, _ in letters if ways[notice.id] is None]
    steps = take(waiting, act=act)
    outgoing = [_outgoing(n, letter, way, policy) for n, letter in letters if (way := ways[n.id]) is not None]
    ours = attempts.open_attempts(outgoing, at=watch.now())
    by_sender: dict[str, list[Outgoing]] = defaultdict(list)
    for one in outgoing:
        if one.notice.id in ours:
            by_sender[one.sender].append(one)
    for state, sender in sorted(zip(states, senders, strict=True), key=lambda pair: pair[0].health != "up"):
        if some := by_sender.get(state.name):
            steps += _hand_to(sender, some, senders, watch)
    _take_note(steps, many=len(senders) > 1, policy=policy, watch=watch)
    return steps


def _hand_to(sender: Sender, letters: Sequence[Outgoing], senders: Sequence[Sender], watch: Watch) -> list[Step]:
    keys = {one.notice.reference: (one.notice.id, one.notice.number, one.notice.filed_at) for one in letters}
    messages = [
        Message(reference=one.notice.reference, lane=one.notice.order_id or 0, letter=one.letter) for one in letters
    ]
    lanes = BookLanes(keys, watch)
    try:
        try:
            sender.send(messages, lanes)
        finally:
            lanes.close()
    finally:
        steps = close_and_settle(list(keys.values()), senders, watch, not_handed=Result.UNREACHABLE)
    _tell_it(steps, sender, watch)
    return steps


def _wishes(letters: Sequence[tuple[DueNotice, Letter]], *, many: bool) -> list[Wish]:
    again = [(n.id, n.number - 1, n.filed_at) for n, _ in letters if n.number > 1] if many else []
    former: dict[object, str] = {}
    if again:
        with connection.cursor() as cursor:
            cursor.execute(_FORMER, columns(again))
            former = dict(cursor.fetchall())
    return [Wish(n.id, n.order_id or 0, former.get(n.id, "")) for n, _ in letters]


def _wait(notice: DueNotice, states: Sequence[SenderState], policy: SendingPolicy, now: datetime) -> Step:
    rested = [until for state in states if (until := routes.rests_until(state, policy=policy))]
    due_at = max(min(rested, default=now), now + SHORTEST_WAIT)
    verdict = Verdict(
        verb="defer", due_at=due_at, failures=notice.failures, says="All senders of this channel rest after failures."
    )
    return Step(
        id=notice.id, filed_at=notice.filed_at, order_id=notice.order_id, template=notice.template, channel=notice.channel,
        audience=notice.audience, state=State.SENDING, number=notice.number, verdict=verdict,
    )  # fmt: skip


def _outgoing(notice: DueNotice, letter: Letter, sender: str, policy: SendingPolicy) -> Outgoing:
    """An SMS is measured, and costs what the price list says."""
    if notice.channel != Channel.SMS:
        return Outgoing(notice=notice, letter=letter, sender=sender)
    segments, price = measure(letter.text).segments, policy.price_of(sender, letter.address)
    return Outgoing(
        notice=notice, letter=letter, sender=sender, segments=segments,
        cost=price.price * segments if price else None, currency=price.currency if price else "",
    )  # fmt: skip


def _take_note(steps: Sequence[Step], *, many: bool, policy: SendingPolicy, watch: Watch) -> None:
    """All workers learn how the senders do; a single one is never passed over, so nobody counts."""
    if many and (results := _by_sender(steps)):
        health.observe(results, policy=policy, now=watch.now())


def _by_sender(steps: Sequence[Step]) -> Mapping[str, list[str]]:
    results: dict[str, list[str]] = defaultdict(list)
    for step in steps:
        if step.sender and step.result:
            results[step.sender].append(step.result)
    return results


def _tell_it(steps: Sequence[Step], sender: Sender, watch: Watch) -> None:
    """A sender that is not there is one duty for IT, however many messages wait; the first that gets through closes it."""
    subject, act = Subject("sender", sender.name), Act.now("system:notices", channel="worker", now=watch.now())
    if any(step.verdict.verb == "arrive" for step in steps):
        close_duties(["it_repair"], subjects=[subject], outcome="Messages get through.", act=act)
    elif any(step.result == Result.UNREACHABLE for step in steps):
        say_that_absent(sender.name, act=act)


_FORMER = """
SELECT a.notice_id, a.sender FROM unnest(%b::uuid[], %b::smallint[], %b::timestamptz[]) AS w(notice_id, number, filed_at)
JOIN notices_attempt a ON a.notice_id = w.notice_id AND a.number = w.number AND a.filed_at = w.filed_at
WHERE a.result IN ('deferred', 'unreachable')
"""
