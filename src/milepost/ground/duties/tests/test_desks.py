"""Desks: groups, counts, and that neither grows with the number of open duties."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from milepost.ground.duties import commands, desks, rules
from milepost.ground.duties.models import Duty
from milepost.ground.duties.tests.test_duties import ACT, MONA, NOW
from milepost.ground.duties.words import DutyCard, Load, Urgency, View, Wanted

pytestmark = pytest.mark.django_db

MIDNIGHT = NOW + timedelta(hours=8)
ALL = dict.fromkeys(Urgency, 50)


@pytest.fixture(autouse=True)
def _empty_desks() -> None:
    Duty.objects.all().delete()


def view(*roles: str, **more) -> View:
    return View(now=NOW, end_of_today=MIDNIGHT, roles=roles or ("fulfilment",), idle=("watch_delivery",), **more)


def opened(kind: str, order_id: int, hours: float, role: str = "fulfilment") -> UUID:
    due_at = NOW + timedelta(hours=hours)
    commands.open_duties([Wanted(kind=kind, order_id=order_id, role=role, due_at=due_at)], act=ACT)
    return Duty.objects.get(order_id=order_id, kind=kind).id


def snoozed(duty_id: UUID, hours: float = 30) -> UUID:
    commands.snooze([duty_id], until=NOW + timedelta(hours=hours), act=MONA.because("waits"))
    return duty_id


def shown(found: Mapping[Urgency, Sequence[DutyCard]]) -> dict[str, list[UUID]]:
    return {part.value: [card.id for card in cards] for part, cards in found.items()}


def a_full_desk() -> dict[str, list[UUID]]:
    return {
        "late": [opened("pick", 1, -5), opened("watch_delivery", 2, -2), opened("pack", 3, -1)],
        "today": [opened("pack", 4, 0), opened("pick", 5, 7.9)],
        "soon": [opened("pick", 6, 8), opened("pack", 7, 90)],
        "waiting": [snoozed(opened("pick", 8, -9)), opened("watch_delivery", 9, 2), snoozed(opened("pack", 10, 20))],
    }


def test_a_desk_shows_late_today_later_and_what_waits_for_others_each_by_its_due_time():
    wanted = a_full_desk()
    opened("pick", 11, 1, role="logistics")
    found = desks.rows(view(), ALL)
    assert shown(found) == wanted
    for part, cards in found.items():
        assert {rules.urgency(card, view()) for card in cards} == {part}, "the statement and the rule are one law"


def test_what_was_put_off_comes_back_when_its_time_is_over():
    duty_id = snoozed(opened("pick", 1, -9), hours=1)
    later = View(now=NOW + timedelta(hours=1), end_of_today=MIDNIGHT, roles=("fulfilment",))
    assert shown(desks.rows(view(), ALL)) == {"waiting": [duty_id]}
    assert shown(desks.rows(later, ALL)) == {"late": [duty_id]}


def test_a_group_is_paged_and_narrowed_to_a_kind():
    numbers = [opened("pick", number, -10 + number) for number in range(1, 8)]
    opened("pack", 9, -3)
    seen, after = [], None
    while cards := desks.rows(view(kind="pick"), {Urgency.LATE: 3}, after=after).get(Urgency.LATE):
        seen += [card.id for card in cards]
        after = (cards[-1].due_at, cards[-1].id)
    assert seen == numbers
    assert desks.rows(view(kind="ship"), ALL) == {}


def test_what_a_person_has_taken_is_theirs_whatever_the_role():
    mine = [opened("pick", 1, -1), opened("ship", 2, -0.5, role="logistics")]
    opened("pick", 3, -2)
    commands.take(mine, staff_id=7, act=MONA)
    assert shown(desks.rows(view(assignee=7), ALL)) == {"late": mine}
    assert shown(desks.rows(view(assignee=7, kind="ship"), ALL)) == {"late": mine[1:]}
    assert desks.by_person(view(), [7, 8]) == {7: Load(late=2, oldest_due_at=NOW - timedelta(hours=1))}


def test_each_desk_is_counted_by_kind():
    a_full_desk()
    loads = desks.by_role_and_kind(view("fulfilment", "logistics"))
    assert loads["fulfilment", "pick"] == Load(1, 1, 1, 1, NOW - timedelta(hours=9))
    assert loads["fulfilment", "watch_delivery"] == Load(1, 0, 0, 1, NOW - timedelta(hours=2))
    assert sum(loads.values(), Load()).said == {"late": "3", "today": "2", "soon": "2", "waiting": "3", "open": "10"}
    assert {role for role, _ in loads} == {"fulfilment"}


def test_of_very_many_it_is_said_that_there_are_more(monkeypatch):
    monkeypatch.setattr(desks, "MOST", 3)
    for number in range(1, 5):
        opened("pick", number, -1)
        opened("pack", number, 1)
    opened("ship", 9, 90)
    said = sum(desks.by_role_and_kind(view()).values(), Load()).said
    assert said == {"late": "3+", "today": "3+", "soon": "1", "waiting": "0", "open": "7+"}


def many(count: int) -> None:
    """So many duties of each kind, all due today, and of the kind that only waits; a few that were put off or taken."""
    kinds = ("pick", "pack", "watch_delivery")
    due_at = NOW + timedelta(hours=2)
    commands.open_duties(
        [Wanted(kind=kind, order_id=number, role="fulfilment", due_at=due_at) for number in range(count) for kind in kinds],
        act=ACT,
    )  # fmt: skip
    some = list(Duty.objects.filter(kind="pick").values_list("id", flat=True)[:20])
    commands.take(some[:10], staff_id=7, act=MONA)
    commands.snooze(some[10:], until=NOW + timedelta(days=1), act=MONA.because("waits"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE duties_duty")


def plan(statement: str, values: dict[str, Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF) {statement}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize(("statement", "asked", "indexes"), [
    (desks.OF_ROLES, {}, ["duties_duty_team", "duties_duty_snoozed"]),
    (desks.OF_PERSON, {"assignee": 7}, ["duties_duty_taken"]),
    (desks.LOADS, {}, ["duties_duty_team", "duties_duty_snoozed"]),
    (desks.LOADS_OF_PEOPLE, {}, ["duties_duty_taken"]),
])  # fmt: skip
def test_desks_and_their_counts_are_answered_by_indexes_alone(statement, asked, indexes):
    many(4000)
    values = {
        **desks._named(view(**asked)), "since": NOW - timedelta(days=9), "last": UUID(int=0), "people": [7],
        **{f"size_{part}": 30 for part in Urgency},
    }  # fmt: skip
    told = plan(statement, values)
    assert all(index in told for index in indexes), told
    assert "Seq Scan on duties_duty" not in told, told
    assert max(rows_read(told)) <= desks.MOST + 60, told


def rows_read(told: str) -> Iterator[float]:
    """Of each look into the table, how many rows it read: those that it gave and those that it threw away."""
    lines = told.splitlines()
    for place, line in enumerate(lines):
        if "using duties_duty" in line and "actual rows=" in line:
            below = itertools.takewhile(lambda one: "->" not in one, lines[place + 1 :])
            away = (float(one.rsplit(":", 1)[1]) for one in below if "Rows Removed by" in one)
            yield float(line.split("actual rows=")[1].split()[0]) + sum(away)
