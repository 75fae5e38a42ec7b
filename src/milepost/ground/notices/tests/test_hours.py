"""When somebody may be written to, in one zone and in several."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.ground.notices.hours import is_within, next_allowed, next_time
from milepost.kernel.worktime import Shift

DAY = Shift(time(8), time(20))
AMERICA = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")


def at(*instant: int) -> datetime:
    return datetime(*instant, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.clause("NTF-1")
def test_within_the_hours_it_is_now_and_before_them_it_is_their_beginning():
    noon, night = at(2026, 3, 4, 12), at(2026, 3, 4, 3)
    assert next_allowed(noon, DAY, ["Europe/Berlin"]) == noon
    assert next_allowed(night, DAY, ["Europe/Berlin"]) == at(2026, 3, 4, 7)


def test_after_the_hours_it_is_the_next_morning_and_the_last_minute_still_counts():
    assert next_allowed(at(2026, 3, 4, 19, 0), DAY, ["Europe/Berlin"]) == at(2026, 3, 5, 7)
    assert next_allowed(at(2026, 3, 4, 18, 59), DAY, ["Europe/Berlin"]) == at(2026, 3, 4, 18, 59)


def test_of_several_possible_zones_only_the_hours_that_are_allowed_in_all_count():
    early = at(2026, 3, 4, 14)  # nine in New York, six in Los Angeles
    assert next_allowed(early, DAY, AMERICA) == at(2026, 3, 4, 16)
    late = at(2026, 3, 5, 1, 30)  # half past eight in New York, half past five in Los Angeles
    assert next_allowed(late, DAY, AMERICA) == at(2026, 3, 5, 16)
    assert next_allowed(late, DAY, ["America/Los_Angeles"]) == late


def test_where_the_hours_of_the_zones_never_meet_it_is_when_most_of_them_allow_it():
    short = Shift(time(10), time(12))
    zones = ("Asia/Kamchatka", "Europe/Moscow", "Europe/Samara")
    found = next_allowed(at(2026, 3, 4, 0), short, zones)
    assert not is_within(found, short, "Asia/Kamchatka")
    assert is_within(found, short, "Europe/Moscow")
    assert is_within(found, short, "Europe/Samara")


def test_the_hours_follow_the_clocks_when_these_are_put_forward():
    night = at(2026, 3, 28, 22)  # the clocks leap in the following night
    assert next_allowed(night, DAY, ["Europe/Berlin"]) == at(2026, 3, 29, 6)
    assert next_allowed(night - timedelta(days=1), DAY, ["Europe/Berlin"]) == at(2026, 3, 28, 7)


def test_a_time_that_the_clocks_leap_over_still_comes():
    gap = Shift(time(2, 30), time(23))
    found = next_allowed(at(2026, 3, 29, 0), gap, ["Europe/Berlin"])
    assert at(2026, 3, 29, 0) < found <= at(2026, 3, 29, 2)
    assert is_within(found, gap, "Europe/Berlin")


def test_without_hours_or_zones_it_is_now():
    night = at(2026, 3, 4, 2)
    assert next_allowed(night, None, ["Europe/Berlin"]) == night
    assert next_allowed(night, DAY, []) == night


def test_the_next_time_of_a_day_is_later_than_now_even_at_that_very_time():
    five = at(2026, 3, 4, 16)
    assert next_time(five - timedelta(minutes=1), time(17), "Europe/Berlin") == five
    assert next_time(five, time(17), "Europe/Berlin") == five + timedelta(days=1)


@given(
    st.integers(0, 15 * 365 * 24 * 60).map(lambda minutes: at(2020, 1, 1) + timedelta(minutes=minutes)),
    st.sets(st.sampled_from([*AMERICA, "Pacific/Honolulu", "America/Anchorage"]), min_size=1),
)
def test_what_is_found_lies_ahead_within_two_days_and_within_the_hours_of_every_zone(now: datetime, zones: set[str]):
    found = next_allowed(now, DAY, sorted(zones))
    assert now <= found <= now + timedelta(days=2)
    assert all(is_within(found, DAY, zone) for zone in zones)
