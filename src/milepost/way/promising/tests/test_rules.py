"""A first promise: reckoned from stock, cut-off, handling and transit, in working days."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from milepost.ground.procedures.words import CarrierService, PromisingRules
from milepost.kernel.worktime import Shift, WorkingCalendar, every_day
from milepost.way.promising import rules
from milepost.way.promising.words import Basis, WantedPromise, Window

BERLIN = WorkingCalendar(
    zone=ZoneInfo("Europe/Berlin"),
    week=every_day([Shift(time(8), time(17))], range(5)),
    closed={date(2026, 11, 18): "stocktaking"},
)
RULES = PromisingRules(
    cut_off=time(14), handling_days=1, backorder_days=10, default_service="standard", zone="Europe/Berlin",
    services={"standard": CarrierService(days=(1, 3)), "van": CarrierService(days=(0, 0))},
)  # fmt: skip
WANTED = WantedPromise(order_id=1, service="standard", zone="Europe/Berlin", short=False)
MONDAY_MORNING = datetime(2026, 11, 16, 9, tzinfo=UTC)


def window(wanted: WantedPromise = WANTED, now: datetime = MONDAY_MORNING) -> Window:
    return rules.first_window(wanted, RULES, BERLIN, now=now)[0]


@pytest.mark.clause("DEL-2")
def test_a_promise_counts_handling_and_transit_in_working_days() -> None:
    # Monday, one day of handling, then one to three days of transit: Wednesday is closed, the weekend lies between.
    assert (window().earliest_on, window().latest_on) == (date(2026, 11, 19), date(2026, 11, 23))


def test_an_order_after_the_cut_off_counts_from_the_next_working_day() -> None:
    late = datetime(2026, 11, 16, 13, 0, tzinfo=UTC)  # 14:00 in Berlin
    just_in_time = datetime(2026, 11, 16, 12, 59, 59, tzinfo=UTC)
    assert window(now=late).earliest_on == date(2026, 11, 20)
    assert window(now=just_in_time).earliest_on == date(2026, 11, 19)


def test_a_friday_night_order_leaves_after_monday() -> None:
    friday_night = datetime(2026, 11, 20, 22, tzinfo=UTC)
    assert window(replace(WANTED, service="van"), now=friday_night).earliest_on == date(2026, 11, 24)


@pytest.mark.clause("STK-2")
def test_a_short_order_is_promised_later_and_with_less_confidence() -> None:
    _, basis, confidence = rules.first_window(replace(WANTED, short=True), RULES, BERLIN, now=MONDAY_MORNING)
    assert (basis, confidence) == (Basis.BACKORDER, 60)
    assert window(replace(WANTED, short=True)).earliest_on == date(2026, 12, 3)


def test_a_date_that_the_shop_told_the_customer_is_kept_as_told() -> None:
    told_at = datetime(2026, 11, 30, 3, tzinfo=UTC)
    stated = replace(WANTED, stated_on=date(2026, 11, 30), stated_at=told_at)
    assert window(stated) == Window(earliest_on=date(2026, 11, 30), latest_on=date(2026, 11, 30), latest_at=told_at)


def test_a_promised_day_ends_at_the_recipient_s_midnight() -> None:
    ends = window(replace(WANTED, zone="America/Sao_Paulo")).latest_at
    assert ends.astimezone(UTC) == datetime(2026, 11, 24, 2, 59, 59, tzinfo=UTC)


@pytest.mark.clause("KPI-2")
def test_lateness_by_the_second_and_by_the_day_are_two_things() -> None:
    promised = Window(
        earliest_on=date(2026, 11, 20), latest_on=date(2026, 11, 20), latest_at=datetime(2026, 11, 20, 3, tzinfo=UTC)
    )
    same_day = datetime(2026, 11, 20, 18, tzinfo=UTC)
    assert rules.is_late(same_day, promised.latest_at)
    assert not rules.is_late_by_day(same_day, promised.latest_on, "America/Sao_Paulo")
    assert rules.is_late_by_day(datetime(2026, 11, 21, 3, tzinfo=UTC), promised.latest_on, "America/Sao_Paulo")
    assert not rules.is_late_by_day(datetime(2026, 11, 21, 2, 59, tzinfo=UTC), promised.latest_on, "America/Sao_Paulo")
