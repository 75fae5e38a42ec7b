"""Clocks, ladders and working calendars as people write them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from milepost.ground.procedures.words.terms import WEEKDAYS, ChannelName, Strict, Weekday
from milepost.kernel.worktime import Shift, WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Strict):
    """How long a kind of duty may take, whose it is, when to warn (percent of the time), and which ladder it climbs.

    `says` is the sentence of what to do. `warn_at` 90 means: when nine tenths of the time are gone.
    """

    kind: str
    hours: Decimal
    role: str
    says: str
    ladder: str = "standard"
    working_time: bool = False
    warn_at: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.hours <= 0:
            raise ValueError("hours must be more than zero")
        if list(self.warn_at) != sorted(set(self.warn_at)) or not all(0 < percent < 100 for percent in self.warn_at):
            raise ValueError("warn_at lists rising percents between 1 and 99")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung(Strict):
    """One step of a ladder: when a duty is not done after this share of its time, or this long after it was due."""

    level: int
    role: str
    after_percent: int | None = None
    after_hours: Decimal | None = None
    channels: tuple[ChannelName, ...] = ("in_app",)

    def __post_init__(self) -> None:
        if (self.after_percent is None) == (self.after_hours is None):
            raise ValueError("give either after_percent (of the time) or after_hours (past the due time)")
        if (self.after_percent or 0) < 0 or (self.after_hours or 0) < 0:
            raise ValueError("a rung is not climbed before the start")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSheet(Strict):
    """A working calendar as people write it: "08:00-12:00" for a shift, until "24:00" at most."""

    zone: str
    week: dict[Weekday, tuple[str, ...]]
    country: str = ""
    subdivision: str = ""
    closed: dict[date, str] = field(default_factory=dict)
    special: dict[date, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.calendar("this").working_day_from(date(2026, 1, 1))

    def calendar(self, name: str) -> WorkingCalendar:
        """The calendar that can reckon."""
        return WorkingCalendar(
            name=name,
            zone=zone_named(self.zone),
            week={WEEKDAYS.index(day): shifts(written) for day, written in self.week.items()},
            country=self.country,
            subdivision=self.subdivision,
            closed=self.closed,
            special={day: shifts(written) for day, written in self.special.items()},
        )


def zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(f"there is no time zone {name}") from unknown


def shifts(written: Sequence[str]) -> tuple[Shift, ...]:
    return tuple(shift(text) for text in written)


def shift(text: str) -> Shift:
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"a shift is written as 08:00-12:00, not {text}")
    return Shift(
        time.fromisoformat(start.strip()), time.max if end.strip() == "24:00" else time.fromisoformat(end.strip())
    )
