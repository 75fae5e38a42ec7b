"""Calls that somebody makes: each is a duty with a good time at the recipient's place, until it is made or old news (NTF-2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from milepost.ground.duties import commands as duties
from milepost.ground.duties import queries as desks
from milepost.ground.duties.facts import DutyClosedByHand
from milepost.ground.duties.words import Wanted
from milepost.ground.journal.commands import Handler
from milepost.ground.notices import commands as notices
from milepost.ground.notices import people
from milepost.ground.notices.calling import best_time
from milepost.ground.notices.facts import CallWanted
from milepost.ground.notices.ports import Composer
from milepost.ground.notices.words import Reason, Withheld
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact
from milepost.reactions.people import zones_of
from milepost.way.orders import queries as orders

KIND = "call_customer"
BY_HAND = "Not called: the duty was closed by hand ({why})."


class Call(NamedTuple):
    """A message to be told by phone."""

    order_id: int
    notice_id: UUID
    audience: str


def call(facts: list[CallWanted], act: Act) -> None:
    """Whoever makes it finds the words on the call's page; it is due at the end of the first good time."""
    _open([Call(fact.order_id, fact.notice_id, fact.audience) for fact in facts], act)


def _open(calls: Sequence[Call], act: Act) -> None:
    known, week = orders.contacts({one.order_id for one in calls}), procedures.book().calls.shifts()
    wanted = []
    for one in calls:
        if contact := known.get(one.order_id):
            zones = zones_of(one.audience, contact.zone, contact.ship_to)
            start, end = best_time(act.at, week, zones)
            data = {"from": start.isoformat(), "until": end.isoformat(), "zones": list(zones)}
            wanted.append(
                Wanted(
                    kind=KIND, order_id=one.order_id, subject_kind="notice", subject_id=str(one.notice_id), due_at=end, data=data
                )
            )  # fmt: skip
    duties.open_duties(wanted, act=act)


def needless(facts: list[DutyClosedByHand], act: Act) -> None:
    """Who closes a call without making it says that it need not be made, and the message's trace says so."""
    for fact in facts:
        duty = desks.duty(fact.duty_id) if fact.kind_of_duty == KIND else None
        if duty and duty.subject_kind == "notice":
            why = BY_HAND.format(why=act.reason or fact.outcome)
            notices.call_off([UUID(duty.subject_id)], Reason.CANCELLED, why, act=act)


def go_through_calls(now: datetime, *, compose: Composer) -> int:
    """Calls that would tell what is old news or untrue by now are taken off the desks, and one that lost its duty gets it back;
    how many were taken off."""
    calls = people.open_calls()
    if not calls:
        return 0
    act = Act.now("system:notices", channel="worker", now=now)
    written = compose(calls, now=now)
    old = {one.id: says for one in calls if isinstance(says := written[one.id], Withheld) and not says.broken}
    left = [Call(one.order_id, one.id, one.audience) for one in calls if one.order_id is not None and one.id not in old]
    _open(left, act)
    return sum(notices.call_off([key], one.reason, one.says, act=act) for key, one in old.items())


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {CallWanted: (call,), DutyClosedByHand: (needless,)}
