"""Working time, by examples and against a minute-by-minute count."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.kernel.worktime import NeverWorks, Shift, WorkingCalendar, every_day, public_holidays

MORNING, AFTERNOON = Shift(time(8), time(12)), Shift(time(13), time(17))
BERLIN = WorkingCalendar(
    zone=ZoneInfo("Europe/Berlin"),
    week=every_day([MORNING, AFTERNOON], range(5)),
    country="DE",
    subdivision="BE",
    closed={date(2026, 12, 24): "stocktaking"},
)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


def test_four_hours_from_eleven_pass_over_the_lunch_break():
    assert BERLIN.add_working(berlin("2026-03-02 11:00"), 4) == berlin("2026-03-02 16:00")


def test_hours_that_do_not_fit_today_end_on_the_next_working_day():
    assert BERLIN.add_working(berlin("2026-03-06 16:00"), 2) == berlin("2026-03-09 09:00")


def test_a_clock_that_starts_at_night_starts_with_the_first_shift():
    assert BERLIN.add_working(berlin("2026-03-03 23:30"), 0) == berlin("2026-03-04 08:00")


def test_hours_that_end_with_the_shift_end_then_and_not_the_next_morning():
    assert BERLIN.add_working(berlin("2026-03-02 13:00"), 4) == berlin("2026-03-02 17:00")


def test_public_holidays_and_closed_days_do_not_count():
    assert BERLIN.next_working_day(date(2026, 12, 23)) == date(2026, 12, 28)
    assert BERLIN.why_closed(date(2026, 12, 24)) == "stocktaking"
    assert BERLIN.why_closed(date(2026, 12, 26)) == "no working day of the week"
    assert BERLIN.why_closed(date(2026, 12, 25)) == public_holidays("DE", "BE", 2026)[date(2026, 12, 25)]


def test_a_special_day_wins_over_its_weekday_and_its_holiday():
    calendar = WorkingCalendar(
        zone=ZoneInfo("Europe/Berlin"), week=BERLIN.week, country="DE", special={date(2026, 12, 25): (MORNING,)}
    )
    assert calendar.add_working(berlin("2026-12-24 16:00"), 3) == berlin("2026-12-25 10:00")


def test_the_day_itself_is_the_zeroth_working_day_only_when_somebody_works():
    assert BERLIN.next_working_day(date(2026, 3, 6), 0) == date(2026, 3, 6)
    assert BERLIN.next_working_day(date(2026, 3, 7), 0) == date(2026, 3, 9)
    assert BERLIN.next_working_day(date(2026, 3, 6), 3) == date(2026, 3, 11)
    assert BERLIN.working_days_between(date(2026, 3, 6), date(2026, 3, 11)) == 3


def test_a_reckoning_says_which_stretches_it_counted():
    reckoning = BERLIN.reckon(berlin("2026-03-06 15:30"), Decimal("2.5"))
    assert reckoning.worked == timedelta(hours=2.5)
    assert reckoning.explain(ZoneInfo("Europe/Berlin")) == (
        "Fri 2026-03-06 15:30–17:00 (1:30)",
        "Mon 2026-03-09 08:00–09:00 (1:00)",
    )


@pytest.mark.parametrize(("day", "really"), [(date(2026, 3, 29), 5), (date(2026, 10, 25), 7), (date(2026, 10, 26), 6)])
def test_a_night_shift_over_a_change_of_the_clocks_has_its_real_length(day: date, really: int):
    night = WorkingCalendar(zone=ZoneInfo("Europe/Berlin"), week=every_day([Shift(time(0), time(6))]))
    start = night.at(day, time(0))
    assert night.working_between(start, start + timedelta(hours=12)) == timedelta(hours=really)


def test_a_shift_that_starts_in_the_skipped_hour_starts_at_the_jump():
    night = WorkingCalendar(zone=ZoneInfo("Europe/Berlin"), week=every_day([Shift(time(2, 30), time(6))]))
    assert night.add_working(datetime(2026, 3, 29, tzinfo=UTC), 0) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_day_that_a_zone_skipped_has_no_work():
    apia = WorkingCalendar(zone=ZoneInfo("Pacific/Apia"), week=every_day([Shift(time(9), time(17))]))
    start, end = apia.at(date(2011, 12, 29), time(17)), apia.at(date(2011, 12, 31), time(9))
    assert apia.working_between(start, end) == timedelta()
    assert end - start < timedelta(hours=17)


def test_shifts_until_midnight_join_the_next_day():
    always = WorkingCalendar(zone=ZoneInfo("America/New_York"), week=every_day([Shift(time(0), time.max)]))
    start = datetime(2026, 3, 1, tzinfo=UTC)
    assert always.add_working(start, 24 * 30) == start + timedelta(days=30)


def test_a_calendar_that_never_works_says_so_instead_of_searching_for_ever():
    with pytest.raises(NeverWorks):
        WorkingCalendar(zone=ZoneInfo("UTC"), week={}).add_working(datetime(2026, 1, 1, tzinfo=UTC), 1)
    with pytest.raises(NeverWorks):
        WorkingCalendar(zone=ZoneInfo("UTC"), week={}).next_working_day(date(2026, 1, 1))


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="naive"):
        BERLIN.add_working(datetime(2026, 1, 1), 1)  # noqa: DTZ001 that is the point
    with pytest.raises(ValueError, match="forwards"):
        BERLIN.add_working(datetime(2026, 1, 1, tzinfo=UTC), -1)
    with pytest.raises(ValueError, match="ends after"):
        Shift(time(12), time(8))
    with pytest.raises(ValueError, match="overlap"):
        WorkingCalendar(zone=ZoneInfo("UTC"), week={0: (Shift(time(8), time(12)), Shift(time(11), time(17)))})
    with pytest.raises(ValueError, match="no holidays"):
        WorkingCalendar(zone=ZoneInfo("UTC"), week=every_day([MORNING]), country="XX").is_working_day(date(2026, 1, 1))


@st.composite
def days(draw: st.DrawFn) -> tuple[Shift, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 95), max_size=6)))
    walls = [time(quarter // 4, quarter % 4 * 15) for quarter in edges]
    return tuple(Shift(start, end) for start, end in zip(walls[::2], walls[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    zone = draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]))
    week = {day: draw(days()) for day in range(7)} | {draw(st.integers(0, 6)): (MORNING,)}
    closed = draw(st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5))
    return WorkingCalendar(zone=ZoneInfo(zone), week=week, closed=dict.fromkeys(closed, "closed"))


# Around the changes of the clocks of each zone above, and any other moment of the year.
INSTANTS = st.one_of(
    st.sampled_from([date(2026, *day) for day in ((3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1))]),
    st.dates(date(2026, 1, 3), date(2026, 12, 20)),
).flatmap(
    lambda day: st.integers(-24 * 12, 24 * 12).map(
        lambda fives: datetime.combine(day, time(0), tzinfo=UTC) + timedelta(minutes=5 * fives)
    )
)  # fmt: skip
LENGTHS = st.integers(0, 12 * 60).map(lambda fives: timedelta(minutes=5 * fives))


@given(calendars(), INSTANTS, st.integers(0, 12 * 60))
def test_working_time_is_what_counting_every_five_minutes_gives(calendar: WorkingCalendar, start: datetime, steps: int):
    zone = calendar.zone
    counted = sum(_works(calendar, start + timedelta(minutes=5 * step), zone) for step in range(steps))
    assert calendar.working_between(start, start + timedelta(minutes=5 * steps)) == timedelta(minutes=5 * counted)


def _works(calendar: WorkingCalendar, instant: datetime, zone: ZoneInfo) -> bool:
    """By wall time; only in the second of two equal hours by real time, because a shift's times mean the first."""
    local = instant.astimezone(zone)
    shifts = calendar.shifts_on(local.date())
    if not local.fold:
        return any(shift.start <= local.time() < shift.end for shift in shifts)
    spans = ((datetime.combine(local.date(), wall, tzinfo=zone) for wall in (s.start, s.end)) for s in shifts)
    return any(start.astimezone(UTC) <= instant < end.astimezone(UTC) for start, end in spans)


@given(calendars(), INSTANTS, LENGTHS)
def test_between_a_start_and_its_end_lies_exactly_the_working_time(
    calendar: WorkingCalendar, start: datetime, length: timedelta
):
    end = calendar.add_working(start, length)
    assert calendar.working_between(start, end) == length
    assert end >= start


@given(calendars(), INSTANTS, LENGTHS, LENGTHS)
def test_two_lengths_one_after_the_other_end_where_their_sum_ends(
    calendar: WorkingCalendar, start: datetime, first: timedelta, second: timedelta
):
    if second:
        one_after_the_other = calendar.add_working(calendar.add_working(start, first), second)
        assert one_after_the_other == calendar.add_working(start, first + second)


@given(calendars(), INSTANTS, INSTANTS, INSTANTS)
def test_working_time_adds_up_over_a_point_between(
    calendar: WorkingCalendar, one: datetime, two: datetime, three: datetime
):
    first, middle, last = sorted([one, two, three])
    parts = calendar.working_between(first, middle) + calendar.working_between(middle, last)
    assert parts == calendar.working_between(first, last)
    assert calendar.working_between(last, first) == timedelta()


@given(calendars(), INSTANTS, LENGTHS)
def test_a_later_start_never_ends_earlier(calendar: WorkingCalendar, start: datetime, length: timedelta):
    assert calendar.add_working(start + timedelta(minutes=25), length) >= calendar.add_working(start, length)
