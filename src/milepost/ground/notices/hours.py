"""When somebody may be written to: pure reckoning with the hours at their place, which may lie in several time zones."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from milepost.kernel.worktime import Shift


def next_allowed(now: datetime, hours: Shift | None, zones: Sequence[str]) -> datetime:
    """The first instant from now on at which it is within the hours in every one of the zones.

    Where their hours never meet (ten in the morning at both ends of the world), that at which most of them are within. Without
    hours, or without a zone, it is now.
    """
    if hours is None or not zones or _all_within(now, hours, zones):
        return now
    starts = sorted({start for zone in zones for start in _starts(now, hours.start, zone)})
    for start in starts:
        if _all_within(start, hours, zones):
            return start
    return max(starts, key=lambda start: (_how_many(start, hours, zones), -start.timestamp()))


def next_time(after: datetime, at: time, zone: str) -> datetime:
    """The next instant, later than this one, at which it is this time there."""
    return next(start for start in _starts(after, at, zone) if start > after)


def is_within(instant: datetime, hours: Shift, zone: str) -> bool:
    """Whether it is within the hours there."""
    there = instant.astimezone(_zone(zone)).timetz().replace(tzinfo=None)
    return hours.start <= there and (hours.end == time.max or there < hours.end)


def _all_within(instant: datetime, hours: Shift, zones: Sequence[str]) -> bool:
    return all(is_within(instant, hours, zone) for zone in zones)


def _how_many(instant: datetime, hours: Shift, zones: Sequence[str]) -> int:
    return sum(is_within(instant, hours, zone) for zone in zones)


def _starts(now: datetime, at: time, zone: str) -> Iterator[datetime]:
    """This wall time on the next days, as instants that are not past. One that the clocks leap over comes as much later."""
    there = _zone(zone)
    today = now.astimezone(there).date()
    for days in range(3):
        instant = datetime.combine(today + timedelta(days=days), at, there).astimezone(UTC)
        if instant >= now:
            yield instant


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
