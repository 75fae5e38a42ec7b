"""When carriers are asked: by stage, slower in silence, within a budget, and not while they are away. Pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.ground.procedures import defaults
from milepost.ground.procedures.words import AskingBudget
from milepost.way.tracking import polling
from milepost.way.tracking.polling import Spent, allowance, interval, next_look, pause_after, whose
from milepost.way.tracking.words import Stage

NOON = datetime(2026, 11, 16, 12, 30, tzinfo=UTC)
POLICY = defaults.book().polling
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def spent(**changes: object) -> Spent:
    fields = {"hour": NOON.replace(minute=0), "day": NOON.replace(hour=0, minute=0), **changes}
    return Spent(**fields)


def look(stage: Stage, *, heard: timedelta, delivered: timedelta | None = None) -> datetime | None:
    delivered_at = NOON - delivered if delivered is not None else None
    return next_look(POLICY, stage, heard_at=NOON - heard, delivered_at=delivered_at, now=NOON)


@pytest.mark.clause("TRK-2")
def test_a_parcel_out_for_delivery_is_asked_about_more_often_than_one_on_its_way() -> None:
    out, under_way = look(Stage.OUT_FOR_DELIVERY, heard=HOUR), look(Stage.IN_TRANSIT, heard=HOUR)
    assert (out, under_way) == (NOON + timedelta(minutes=30), NOON + timedelta(hours=3))


def test_silence_makes_the_questions_rarer_day_by_day_and_ends_them() -> None:
    times = [interval(POLICY, Stage.IN_TRANSIT, quiet=days * DAY) for days in range(10)]
    assert times[:6] == [3 * HOUR, 3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR]
    assert times[6:] == [24 * HOUR] * 4
    assert look(Stage.IN_TRANSIT, heard=59 * DAY) == NOON + DAY
    assert look(Stage.IN_TRANSIT, heard=60 * DAY) is None


def test_a_delivered_parcel_is_asked_about_once_more_and_then_never() -> None:
    assert look(Stage.DELIVERED, heard=HOUR, delivered=HOUR) == NOON + 23 * HOUR
    assert look(Stage.DELIVERED, heard=25 * HOUR, delivered=25 * HOUR) is None
    assert look(Stage.RETURNED, heard=2 * DAY) is None


def test_a_carrier_is_never_asked_more_than_its_hour_and_its_day_allow() -> None:
    budget = AskingBudget(per_hour=10, per_day=1000, in_parallel=4)
    assert allowance(spent(), budget, NOON) == 4
    assert allowance(spent(in_hour=8), budget, NOON) == 2
    assert allowance(spent(in_hour=10), budget, NOON) == 0
    assert allowance(spent(in_hour=10), budget, NOON + timedelta(minutes=30)) == 4
    assert allowance(spent(in_day=1000), budget, NOON) == 0
    assert allowance(spent(in_day=1000), budget, NOON + timedelta(hours=12)) == 4
    assert allowance(spent(closed_until=NOON + HOUR), budget, NOON) == 0
    assert allowance(spent(closed_until=NOON), budget, NOON) == 4


def test_what_is_left_of_a_small_day_is_spread_over_its_hours() -> None:
    budget = AskingBudget(per_hour=60, per_day=250, in_parallel=99)
    first = NOON.replace(hour=0, minute=0)
    assert allowance(spent(hour=first, day=first), budget, first) == 11
    assert allowance(spent(hour=first, day=first, in_hour=11, in_day=11), budget, first) == 0


@given(
    calls=st.lists(st.integers(min_value=0, max_value=400), max_size=200), per_hour=st.integers(1, 50),
    per_day=st.integers(1, 300), parallel=st.integers(1, 9),
)  # fmt: skip
def test_however_often_somebody_wants_to_ask_no_budget_is_overdrawn(
    calls: list[int], per_hour: int, per_day: int, parallel: int
) -> None:
    budget = AskingBudget(per_hour=per_hour, per_day=per_day, in_parallel=parallel)
    at, known = NOON, spent()
    by_hour: dict[datetime, int] = {}
    by_day: dict[datetime, int] = {}
    for minutes in calls:
        at += timedelta(minutes=minutes)
        made, known = allowance(known, budget, at), known.at(at)
        known = Spent(known.hour, known.day, known.in_hour + made, known.in_day + made)
        by_hour[known.hour] = by_hour.get(known.hour, 0) + made
        by_day[known.day] = by_day.get(known.day, 0) + made
    assert all(count <= per_hour for count in by_hour.values())
    assert all(count <= per_day for count in by_day.values())


def test_a_system_that_fails_is_left_alone_longer_each_time_and_at_least_as_long_as_it_asks() -> None:
    assert [pause_after(n, None) for n in (1, 2, 3, 7, 50)] == [
        timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4), HOUR, HOUR,
    ]  # fmt: skip
    assert pause_after(1, timedelta(minutes=10)) == timedelta(minutes=10)
    assert pause_after(9, timedelta(seconds=5)) == HOUR
    assert pause_after(1, timedelta(days=30)) == DAY


@pytest.mark.parametrize(
    ("carrier", "poller"),
    [
        ("UPS", "ups"),
        ("ups ground", "ups"),
        ("DHL", "dhl"),
        ("DHL-Express Worldwide", "dhl_express"),
        ("own", ""),
        ("", ""),
    ],
)
def test_the_poller_that_knows_most_of_a_carrier_s_name_asks(carrier: str, poller: str) -> None:
    known = [("ups", ("ups",)), ("dhl", ("dhl", "deutsche post")), ("dhl_express", ("dhl express",))]
    assert whose(carrier, known) == poller


def test_the_lease_outlasts_the_longest_call() -> None:
    assert timedelta(minutes=2) < polling.LEASE
