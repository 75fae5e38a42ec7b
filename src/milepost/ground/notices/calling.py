"""When somebody is best called: pure reckoning with the hours at their place, which may lie in several time zones."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from typing import TypeAlias
from zoneinfo import ZoneInfo

from milepost.kernel.worktime import Shift

Stretch: TypeAlias = tuple[datetime, datetime]
DAYS_AHEAD = 9
LEAST = timedelta(minutes=15)
"""A stretch that is all but over is no good time to begin a call."""


def best_time(now: datetime, week: Mapping[int, Sequence[Shift]], zones: Sequence[str]) -> Stretch:
    """The first stretch from now on that is a good time in every one of the zones; without a zone, in UTC.

    Where their good times never meet, the first in the first of them.
    """
    known = list(zones) or ["UTC"]
    each = [list(_stretches(now, week, zone)) for zone in known]
    common = reduce(_both, each)
    return next(_from(now, common), None) or next(_from(now, each[0]))


def _from(now: datetime, stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    return ((max(start, now), end) for start, end in stretches if end - max(start, now) >= LEAST)


def _both(one: Sequence[Stretch], other: Sequence[Stretch]) -> list[Stretch]:
    pairs = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return sorted((start, end) for start, end in pairs if start < end)


def _stretches(now: datetime, week: Mapping[int, Sequence[Shift]], zone: str) -> Iterator[Stretch]:
    today = now.astimezone(ZoneInfo(zone)).date()
    for day in (today + timedelta(days=ahead) for ahead in range(-1, DAYS_AHEAD)):
        for shift in week.get(day.weekday(), ()):
            end = _at(day + timedelta(days=1), time(), zone) if shift.end == time.max else _at(day, shift.end, zone)
            yield _at(day, shift.start, zone), end


def _at(day: date, wall: time, zone: str) -> datetime:
    return datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)
