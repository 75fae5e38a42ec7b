"""When a duty is due, when it is looked at next, and what is due at that look: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from milepost.ground.duties.words import DutyCard, Urgency, View
from milepost.ground.procedures.words import Clock, Rung
from milepost.kernel.worktime import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Mark:
    """One instant of a duty's life at which something is due: a warning or a rung of its ladder."""

    at: datetime
    percent: int = 0
    rung: Rung | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at a duty says: the warning and the rungs that are due now, and when to look again."""

    warning: int
    rungs: tuple[Rung, ...]
    next_check_at: datetime | None


def due_at(clock: Clock, calendar: WorkingCalendar, start: datetime) -> datetime:
    """When the clock that starts now runs out, in working or in plain hours."""
    if clock.working_time:
        return calendar.add_working(start, clock.hours)
    return start + _hours(clock.hours)


def marks(
    clock: Clock | None, ladder: Sequence[Rung], calendar: WorkingCalendar, *, opened_at: datetime, due: datetime
) -> tuple[Mark, ...]:
    """All warnings and rungs of a duty in their order. Its percents are shares of the working time, where that counts."""
    working = clock is not None and clock.working_time
    warnings = [
        Mark(_share(percent, working, calendar, opened_at, due), percent=percent)
        for percent in (clock.warn_at if clock else ())
    ]
    rungs = [Mark(_rung_at(rung, working, calendar, opened_at, due), rung=rung) for rung in ladder]
    return tuple(
        sorted([*warnings, *rungs], key=lambda mark: (mark.at, mark.percent, mark.rung.level if mark.rung else 0))
    )


def first_check(
    clock: Clock | None, ladder: Sequence[Rung], calendar: WorkingCalendar, *, opened_at: datetime, due: datetime
) -> datetime | None:
    """The instant of the first of all marks, without reckoning the others where that is plain."""
    percents = [*(clock.warn_at if clock else ()), *(r.after_percent for r in ladder if r.after_percent is not None)]
    if percents and min(percents) <= 100:
        return _share(min(percents), clock is not None and clock.working_time, calendar, opened_at, due)
    found = marks(clock, ladder, calendar, opened_at=opened_at, due=due)
    return found[0].at if found else None


def look(found: Sequence[Mark], *, warned: int, level: int, now: datetime) -> Verdict:
    """What is due at this look. Of several warnings that have passed only the last is given; of the rungs every one."""
    passed = [mark for mark in found if mark.at <= now]
    warning = max((mark.percent for mark in passed if mark.percent > warned), default=0)
    rungs = tuple(mark.rung for mark in passed if mark.rung and mark.rung.level > level)
    return Verdict(warning, rungs, min((mark.at for mark in found if mark.at > now), default=None))


def next_look(found: Sequence[Mark], *, warned: int, level: int) -> datetime | None:
    """The instant of the first mark that was not reached yet."""
    ahead = (mark.at for mark in found if mark.percent > warned or (mark.rung and mark.rung.level > level))
    return min(ahead, default=None)


def urgency(duty: DutyCard, view: View) -> Urgency:
    """Where a desk shows the duty: late, due today, later, or waiting: somebody put it off, or the next word is not ours."""
    if duty.snoozed_until and duty.snoozed_until > view.now:
        return Urgency.WAITING
    if duty.due_at < view.now:
        return Urgency.LATE
    if duty.kind in view.idle:
        return Urgency.WAITING
    return Urgency.TODAY if duty.due_at < view.end_of_today else Urgency.SOON


def _share(percent: int, working: bool, calendar: WorkingCalendar, opened_at: datetime, due: datetime) -> datetime:
    if percent in (0, 100):
        return due if percent else opened_at
    if working and due > opened_at:
        return calendar.add_working(opened_at, calendar.working_between(opened_at, due) * percent / 100)
    return opened_at + (due - opened_at) * percent / 100


def _rung_at(rung: Rung, working: bool, calendar: WorkingCalendar, opened_at: datetime, due: datetime) -> datetime:
    if rung.after_percent is not None:
        return _share(rung.after_percent, working, calendar, opened_at, due)
    late = rung.after_hours or Decimal(0)
    return calendar.add_working(due, late) if working else due + _hours(late)


def _hours(hours: Decimal) -> timedelta:
    return timedelta(microseconds=int(hours * 3_600_000_000))
