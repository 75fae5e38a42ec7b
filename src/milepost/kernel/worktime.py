"""Working time: when people work, and how long something takes in it.

A week of split shifts in one zone, less holidays and closed days, is enough to say when a clock of some working hours
runs out and how much working time lay between two instants. All functions are pure and give their reasons: the
stretches of work that they counted. Shifts are wall time; across a change of the clocks a shift has the length that it
really had.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
LONGEST_CLOSURE_DAYS = 366
END_OF_DAY = time.max


class NeverWorks(ValueError):
    """A calendar that does not work for a whole year after some day; no clock in it would ever end."""


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Work from `start` to `end`, both wall time of one day; `time.max` as end means until midnight."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("a shift is wall time and has no zone of its own")
        if self.start >= self.end:
            raise ValueError(f"a shift ends after it starts: {self.start:%H:%M} to {self.end:%H:%M}")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Uninterrupted work between two instants (UTC)."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it really took."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Reckoning:
    """An instant or a length in working time, with the stretches that were counted for it."""

    start: datetime
    end: datetime
    stretches: tuple[Stretch, ...]

    @property
    def worked(self) -> timedelta:
        """Working time from start to end."""
        return sum((stretch.length for stretch in self.stretches), timedelta())

    def explain(self, zone: ZoneInfo) -> tuple[str, ...]:
        """One line a stretch, in wall time of the zone: "Mon 2026-03-02 09:00–12:00 (3:00)"."""
        return tuple(_line(stretch, zone) for stretch in self.stretches)


@dataclass(frozen=True)
class WorkingCalendar:
    """When people work at one place.

    `week` holds the shifts of each weekday (0 is Monday). `closed` are days without work, with their reasons; `special`
    are days with other shifts than their weekday's, which win over holidays. `country` and `subdivision` name
    the public holidays.
    """

    zone: ZoneInfo
    week: Mapping[int, tuple[Shift, ...]]
    country: str = ""
    subdivision: str = ""
    closed: Mapping[date, str] = field(default_factory=dict)
    special: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    name: str = "default"

    def __post_init__(self) -> None:
        for shifts in (*self.week.values(), *self.special.values()):
            if any(before.end > after.start for before, after in pairwise(shifts)):
                raise ValueError("the shifts of a day follow one another without overlap")

    def why_closed(self, day: date) -> str:
        """Why nobody works on this day, or nothing when somebody does."""
        if day in self.special:
            return "" if self.special[day] else "no shift on this day"
        if day in self.closed:
            return self.closed[day] or "closed"
        if not self.week.get(day.weekday()):
            return "no working day of the week"
        return self._holidays(day.year).get(day, "")

    def is_working_day(self, day: date) -> bool:
        """Whether there is any shift on this day."""
        return not self.why_closed(day)

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """The shifts of this day, in order; none when it is closed."""
        if day in self.special:
            return self.special[day]
        return () if self.why_closed(day) else self.week[day.weekday()]

    def working_day_from(self, day: date) -> date:
        """`day` itself when somebody works, or else the next working day. Raises NeverWorks."""
        return self.plus_working_days(day, 0)

    def next_working_day(self, day: date, count: int = 1) -> date:
        """The `count`-th working day after `day`. Raises NeverWorks."""
        return self.plus_working_days(day, count)

    def plus_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; with 0, `day` itself or the next working day. Raises NeverWorks."""
        if count < 0:
            raise ValueError("working days are counted forwards")
        left, idle = max(count, 1), 0
        day = day - DAY if count == 0 else day
        while left:
            day += DAY
            idle = 0 if self.is_working_day(day) else idle + 1
            left -= idle == 0
            if idle > LONGEST_CLOSURE_DAYS:
                raise NeverWorks(f"the calendar {self.name} has no working day in the year before {day}")
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`."""
        days = (first + DAY * number for number in range(1, (last - first).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def local_day(self, instant: datetime) -> date:
        """The calendar day at the place of work."""
        return instant.astimezone(self.zone).date()

    def at(self, day: date, wall: time) -> datetime:
        """The instant (UTC) of a wall time here. A time that the clocks skip is the instant of the jump."""
        return _resolve(day, wall, self.zone)

    def add_working(self, start: datetime, hours: Decimal | int | timedelta) -> datetime:
        """When `hours` of work from `start` on are done; with 0, the first instant of work from then."""
        return self.reckon(start, hours).end

    def reckon(self, start: datetime, hours: Decimal | int | timedelta) -> Reckoning:
        """As `add_working`, with the stretches counted. Raises NeverWorks; refuses negative hours by ValueError."""
        left = _length(hours)
        start = _in_utc(start)
        counted = []
        for stretch in self.stretches_from(start):
            if stretch.length >= left:
                end = stretch.start + left
                if left:
                    counted.append(Stretch(stretch.start, end))
                return Reckoning(start, end, tuple(counted))
            counted.append(stretch)
            left -= stretch.length
        raise NeverWorks(f"the calendar {self.name} does not work after {start}")

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time between two instants; zero when they are the other way round."""
        return self.reckon_between(start, end).worked

    def reckon_between(self, start: datetime, end: datetime) -> Reckoning:
        """As `working_between`, with the stretches counted."""
        start, end = _in_utc(start), _in_utc(end)
        found = self._stretches_until(start, end)
        return Reckoning(start, end, tuple(Stretch(stretch.start, min(stretch.end, end)) for stretch in found))

    def is_open_at(self, instant: datetime) -> bool:
        """Whether a shift runs at this instant; its end is no longer part of it."""
        day = self.local_day(instant)
        return any(stretch.start <= instant < stretch.end for stretch in self._stretches_on(day))

    def stretches_from(self, start: datetime) -> Iterator[Stretch]:
        """All work from `start` on, without end unless the calendar never works again. Raises NeverWorks."""
        day, idle = self.local_day(start), 0
        while True:
            stretches = self._stretches_on(day)
            idle = 0 if stretches else idle + 1
            if idle > LONGEST_CLOSURE_DAYS:
                raise NeverWorks(f"the calendar {self.name} has no working day in the year before {day}")
            for stretch in stretches:
                if stretch.end > start:
                    yield Stretch(max(stretch.start, start), stretch.end)
            day += DAY

    def _stretches_until(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        day, last = self.local_day(start), self.local_day(end)
        while day <= last and start < end:
            for stretch in self._stretches_on(day):
                if stretch.end > start and stretch.start < end:
                    yield Stretch(max(stretch.start, start), stretch.end)
            day += DAY

    def _stretches_on(self, day: date) -> tuple[Stretch, ...]:
        found = self._days.get(day)
        if found is None:
            if len(self._days) > 4000:
                self._days.clear()
            found = self._days[day] = tuple(self._reckon_day(day))
        return found

    def _reckon_day(self, day: date) -> Iterator[Stretch]:
        for shift in self.shifts_on(day):
            start = self.at(day, shift.start)
            end = self.at(day + DAY, time.min) if shift.end == END_OF_DAY else self.at(day, shift.end)
            if start < end:
                yield Stretch(start, end)

    @cached_property
    def _days(self) -> dict[date, tuple[Stretch, ...]]:
        """Days once reckoned; the calendar never changes, so neither do they."""
        return {}

    def _holidays(self, year: int) -> Mapping[date, str]:
        return public_holidays(self.country, self.subdivision, year) if self.country else {}


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """The public holidays of one year. Raises ValueError for a country or subdivision that is not known."""
    import holidays

    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError as unknown:
        raise ValueError(f"no holidays are known for {country} {subdivision}".rstrip()) from unknown
    return dict(found.items())


def every_day(shifts: Sequence[Shift], days: Sequence[int] = range(7)) -> dict[int, tuple[Shift, ...]]:
    """A week with the same shifts on each of `days`."""
    return {day: tuple(shifts) for day in days}


def _resolve(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """PEP 495: of a time that comes twice the first; a time that is skipped becomes the instant of the jump."""
    instant = datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)
    back = instant.astimezone(zone)
    if back.replace(tzinfo=None) == datetime.combine(day, wall):
        return instant
    return _jump(instant, zone)


def _jump(inside: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks jumped, near an instant reckoned for a skipped wall time. Found by halving."""
    low, high = inside - DAY, inside + DAY
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _length(hours: Decimal | int | timedelta) -> timedelta:
    length = hours if isinstance(hours, timedelta) else timedelta(microseconds=int(Decimal(hours) * 3_600_000_000))
    if length < timedelta():
        raise ValueError("working time is counted forwards")
    return length


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a naive datetime is not an instant: give it a zone")
    return instant.astimezone(UTC)


def _line(stretch: Stretch, zone: ZoneInfo) -> str:
    start, end = stretch.start.astimezone(zone), stretch.end.astimezone(zone)
    minutes = int(stretch.length.total_seconds() // 60)
    return f"{start:%a %Y-%m-%d %H:%M}–{end:%H:%M} ({minutes // 60}:{minutes % 60:02})"
