"""Whether an order will be late, why, and until when: decided without a database."""

from datetime import UTC, date, datetime, time
from itertools import permutations
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from milepost.ground.procedures import defaults
from milepost.ground.procedures.words import CauseName, SignName, StageName
from milepost.kernel.worktime import Shift, WorkingCalendar
from milepost.way.cases.rules import (
    CAUSES,
    by_carriers,
    by_clock,
    reckoned,
    takes_over,
    waits_for_the_recipient,
    weigh,
)
from milepost.way.cases.words import NOTICED, Sign, Verdict
from milepost.way.promising.words import Cause
from milepost.way.tracking.words import Cause as Incident
from milepost.way.tracking.words import Concern, Delay, Stage, StandingConcern

WEEK = WorkingCalendar(
    name="week", zone=ZoneInfo("Europe/Berlin"), week={day: (Shift(time(8), time(16)),) for day in range(5)}
)
POLICY = defaults.book().silence
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
DUE = date(2026, 3, 5)


def delay(cause: Incident, until: date | None) -> Delay:
    return Delay(cause, MONDAY, until)


@pytest.mark.clause("EXC-1")
def test_a_date_past_the_promise_is_a_delay_with_its_cause() -> None:
    found = by_carriers([delay(Incident.WEATHER, date(2026, 3, 6))], due_was=DUE, calendar=WEEK, policy=POLICY)
    assert found == Verdict(Cause.WEATHER, date(2026, 3, 6), date(2026, 3, 6), 80, Sign.CARRIER_EXCEPTION)


@pytest.mark.parametrize("until", [DUE, date(2026, 3, 4)])
def test_a_date_within_the_promise_is_no_delay(until: date) -> None:
    assert by_carriers([delay(Incident.WEATHER, until)], due_was=DUE, calendar=WEEK, policy=POLICY) is None


def test_nothing_reported_is_no_delay() -> None:
    assert by_carriers([], due_was=DUE, calendar=WEEK, policy=POLICY) is None


def test_without_a_date_working_days_are_allowed_after_the_promise() -> None:
    found = by_carriers([delay(Incident.CUSTOMS, None)], due_was=DUE, calendar=WEEK, policy=POLICY)
    assert found == Verdict(Cause.CUSTOMS, date(2026, 3, 12), date(2026, 3, 9), 50, Sign.CUSTOMS), (
        "Thursday and two to five working days"
    )


@pytest.mark.clause("EXC-1")
def test_of_several_parcels_the_latest_decides_in_whatever_order_they_are_named() -> None:
    delays = [
        delay(Incident.WEATHER, date(2026, 3, 6)), delay(Incident.ADDRESS, date(2026, 3, 10)),
        delay(Incident.CARRIER, date(2026, 3, 4)),
    ]  # fmt: skip
    found = {by_carriers(order, due_was=DUE, calendar=WEEK, policy=POLICY) for order in permutations(delays)}
    assert found == {Verdict(Cause.ADDRESS, date(2026, 3, 10), date(2026, 3, 10), 80, Sign.CARRIER_EXCEPTION)}


def test_every_reason_of_carriers_has_a_cause_for_customers() -> None:
    assert set(CAUSES) == set(Incident)


@pytest.mark.parametrize(
    ("shipped", "short", "known", "cause", "range_"),
    [
        (True, False, "", Cause.CARRIER, (date(2026, 3, 9), date(2026, 3, 10))),
        (False, False, "", Cause.WAREHOUSE, (date(2026, 3, 10), date(2026, 3, 11))),
        (False, True, "", Cause.SUPPLY, (date(2026, 3, 11), date(2026, 3, 16))),
        (True, False, "weather", Cause.WEATHER, (date(2026, 3, 9), date(2026, 3, 10))),
    ],
)
def test_past_the_promise_the_place_of_the_order_suggests_the_cause(
    shipped: bool, short: bool, known: str, cause: Cause, range_: tuple[date, date]
) -> None:
    friday = date(2026, 3, 6)
    found = reckoned(start=friday, shipped=shipped, short=short, known=known, calendar=WEEK, policy=POLICY)
    assert (found.cause, (found.new_earliest_on, found.new_latest_on), found.sign) == (cause, range_, Sign.PAST_PROMISE)


def concern(kind: Concern, until: date, parcel_id: int = 7) -> StandingConcern:
    return StandingConcern(
        parcel_id=parcel_id, order_id=1, concern=kind, since_at=MONDAY, noticed_at=MONDAY, earliest_on=date(2026, 3, 3),
        latest_on=until, confidence=80, usual_minutes=60, patience_minutes=90, samples=100, lane="dhl|||",
    )  # fmt: skip


@pytest.mark.clause("EXC-1")
@pytest.mark.parametrize("kind", Concern)
def test_what_the_clock_finds_is_a_delay_with_the_cause_that_the_procedure_gives_its_sign(kind: Concern) -> None:
    found = by_clock([concern(kind, date(2026, 3, 9))], due_was=DUE, policy=POLICY)
    assert found is not None
    assert (found.sign, found.new_latest_on, found.parcel_id) == (Sign(kind), date(2026, 3, 9), 7)
    assert found.cause == POLICY.signs[kind].cause


def test_what_is_noticed_and_still_in_time_leaves_the_date_that_was_promised() -> None:
    found = by_clock([concern(Concern.STALLED, date(2026, 3, 4))], due_was=DUE, policy=POLICY)
    assert found is not None
    assert (found.new_earliest_on, found.new_latest_on) == (date(2026, 3, 3), DUE)


def test_of_a_carriers_word_and_the_clock_the_later_date_decides_and_on_the_same_day_the_word() -> None:
    word = delay(Incident.WEATHER, date(2026, 3, 9))
    for day, sign in ((9, Sign.CARRIER_EXCEPTION), (6, Sign.CARRIER_EXCEPTION), (10, Sign.STALLED)):
        concerns = [concern(Concern.STALLED, date(2026, 3, day))]
        found = weigh(
            by_carriers([word], due_was=DUE, calendar=WEEK, policy=POLICY),
            by_clock(concerns, due_was=DUE, policy=POLICY),
        )
        assert found is not None
        assert found.sign is sign


def test_the_clock_makes_an_open_delay_only_later_and_a_carriers_word_replaces_it() -> None:
    stands = date(2026, 3, 9)
    guess = Verdict(Cause.CARRIER, stands, sign=Sign.STALLED)
    assert not takes_over(guess, new_latest_on=stands), "the same is not told twice"
    assert takes_over(Verdict(Cause.CARRIER, date(2026, 3, 10), sign=Sign.STALLED), new_latest_on=stands)
    assert takes_over(Verdict(Cause.WEATHER, date(2026, 3, 6), sign=Sign.CARRIER_EXCEPTION), new_latest_on=stands)


def test_what_lies_ready_for_its_recipient_is_not_late_and_what_is_still_on_its_way_is() -> None:
    assert waits_for_the_recipient([Stage.READY_FOR_PICKUP, Stage.DELIVERED])
    assert not waits_for_the_recipient([Stage.READY_FOR_PICKUP, Stage.IN_TRANSIT])
    assert not waits_for_the_recipient([])


@pytest.mark.clause("EXC-3")
def test_the_words_of_the_procedure_are_those_of_the_rooms() -> None:
    assert set(get_args(SignName)) == set(Sign)
    assert set(map(str, Concern)) == NOTICED
    assert set(get_args(CauseName)) == set(Cause) - {Cause.STOCK_ARRIVED}
    assert set(get_args(StageName)) <= set(Stage)
