"""Whether an order will be late, why, and until when: decided without a database."""

from datetime import UTC, date, datetime, time
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from milepost.kernel.worktime import Shift, WorkingCalendar
from milepost.way.cases.rules import CAUSES, by_carriers, reckoned
from milepost.way.cases.words import Verdict
from milepost.way.promising.words import Cause
from milepost.way.tracking.words import Cause as Incident
from milepost.way.tracking.words import Delay

WEEK = WorkingCalendar(
    name="week", zone=ZoneInfo("Europe/Berlin"), week={day: (Shift(time(8), time(16)),) for day in range(5)}
)
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
DUE = date(2026, 3, 5)


def delay(cause: Incident, until: date | None) -> Delay:
    return Delay(cause, MONDAY, until)


@pytest.mark.clause("EXC-1")
def test_a_date_past_the_promise_is_a_delay_with_its_cause() -> None:
    found = by_carriers([delay(Incident.WEATHER, date(2026, 3, 6))], due_was=DUE, calendar=WEEK)
    assert found == Verdict(Cause.WEATHER, date(2026, 3, 6))


@pytest.mark.parametrize("until", [DUE, date(2026, 3, 4)])
def test_a_date_within_the_promise_is_no_delay(until: date) -> None:
    assert by_carriers([delay(Incident.WEATHER, until)], due_was=DUE, calendar=WEEK) is None


def test_nothing_reported_is_no_delay() -> None:
    assert by_carriers([], due_was=DUE, calendar=WEEK) is None


def test_without_a_date_working_days_are_allowed_after_the_promise() -> None:
    found = by_carriers([delay(Incident.CUSTOMS, None)], due_was=DUE, calendar=WEEK)
    assert found == Verdict(Cause.CUSTOMS, date(2026, 3, 12)), "Thursday and five working days"


@pytest.mark.clause("EXC-1")
def test_of_several_parcels_the_latest_decides_in_whatever_order_they_are_named() -> None:
    delays = [
        delay(Incident.WEATHER, date(2026, 3, 6)), delay(Incident.ADDRESS, date(2026, 3, 10)),
        delay(Incident.CARRIER, date(2026, 3, 4)),
    ]  # fmt: skip
    found = {by_carriers(order, due_was=DUE, calendar=WEEK) for order in permutations(delays)}
    assert found == {Verdict(Cause.ADDRESS, date(2026, 3, 10))}


def test_every_reason_of_carriers_has_a_cause_for_customers() -> None:
    assert set(CAUSES) == set(Incident)


@pytest.mark.parametrize(
    ("shipped", "short", "known", "verdict"),
    [
        (True, False, "", Verdict(Cause.CARRIER, date(2026, 3, 10))),
        (False, False, "", Verdict(Cause.WAREHOUSE, date(2026, 3, 11))),
        (False, True, "", Verdict(Cause.SUPPLY, date(2026, 3, 16))),
        (True, False, "weather", Verdict(Cause.WEATHER, date(2026, 3, 10))),
    ],
)
def test_past_the_promise_the_place_of_the_order_suggests_the_cause(
    shipped: bool, short: bool, known: str, verdict: Verdict
) -> None:
    friday = date(2026, 3, 6)
    assert reckoned(start=friday, shipped=shipped, short=short, known=known, calendar=WEEK) == verdict
