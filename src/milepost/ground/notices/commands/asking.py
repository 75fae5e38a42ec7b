"""What became of attempts: nothing left of those that were not handed over; senders are asked about those in the air.

A sender that does not know yet is asked again, each time the lease of its notice has passed, for as long as the procedure says;
meanwhile the notice stays with it, and nobody else sends it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from milepost.ground.notices.commands import attempts
from milepost.ground.notices.commands.attempts import InTheAir, Key, Watch
from milepost.ground.notices.commands.outcomes import Step, settle
from milepost.ground.notices.commands.traces import trace
from milepost.ground.notices.ports import Inquirer, Sender
from milepost.ground.notices.words import Answer, Result
from milepost.ground.procedures.queries import book
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns


def close_and_settle(keys: Sequence[Key], senders: Sequence[Sender], watch: Watch, *, not_handed: Result) -> list[Step]:
    """Close what is open, ask about what was in the air, and move the notices of all that is known by then."""
    attempts.close_not_handed(keys, not_handed, sender=senders[0].name, at=watch.now())
    air = attempts.in_the_air(keys)
    asked_again = _ask_about(air, senders, watch) if air else frozenset()
    known = [key for key in keys if key[0] not in asked_again]
    act = Act.now("system:notices", channel="worker", now=watch.now())
    return settle(known, act=act, ways=len(senders))


def _ask_about(air: Sequence[InTheAir], senders: Sequence[Sender], watch: Watch) -> frozenset[UUID]:
    """Close what senders know of; the notices of which they know nothing yet."""
    answers = _answers(air, {sender.name: sender for sender in senders}, watch.now())
    patience = timedelta(minutes=book().sending.asking_minutes)
    waiting = [one for one in air if answers[one.key] == Answer.NOT_YET and one.handed_at + patience > watch.now()]
    left = {one.key for one in waiting}
    attempts.close_by_answer([one.key for one in air if one.key not in left], answers, at=watch.now())
    if waiting:
        _say_that_asked(waiting, watch.now())
    return frozenset(key[0] for key in left)


def _answers(air: Sequence[InTheAir], senders: Mapping[str, Sender], now: datetime) -> dict[Key, Answer]:
    """Each sender is asked about its own; of one that is not here any more nobody can tell."""
    by_sender: dict[str, list[InTheAir]] = defaultdict(list)
    for one in air:
        by_sender[one.sender].append(one)
    answers = {one.key: Answer.CANNOT_TELL for one in air}
    for name, some in by_sender.items():
        if sender := senders.get(name):
            told = _ask(sender, some, now)
            answers |= {one.key: told.get(one.key[0].hex, Answer.CANNOT_TELL) for one in some}
    return answers


def _ask(sender: Sender, air: Sequence[InTheAir], now: datetime) -> Mapping[str, Answer]:
    if isinstance(sender, Inquirer):
        return sender.ask([one.question(now) for one in air])
    return sender.lookup([one.key[0].hex for one in air])


def _say_that_asked(air: Sequence[InTheAir], now: datetime) -> None:
    """Once in the trace of each: why it waits."""
    rows = [
        (*one.key, trace(now, f"The answer of {one.sender} never came; it is asked whether it has the message."))
        for one in air
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SAY, columns(rows))


_SAY = """
UPDATE notices_notice n SET trace = n.trace || w.trace
FROM unnest(%b::uuid[], %b::smallint[], %b::timestamptz[], %b::jsonb[]) AS w(id, number, filed_at, trace)
WHERE n.id = w.id AND n.filed_at = w.filed_at AND n.attempts = w.number
    AND NOT n.trace @> jsonb_build_array(jsonb_build_object('says', w.trace -> 0 -> 'says'))
"""
