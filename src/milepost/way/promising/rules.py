"""When an order can be there: pure, from stock, working calendar, cut-off, handling and transit days (DEL-2)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from milepost.ground.procedures.words import PromisingRules
from milepost.kernel.worktime import WorkingCalendar
from milepost.way.promising.words import Basis, WantedPromise, Window


def first_window(
    wanted: WantedPromise, rules: PromisingRules, calendar: WorkingCalendar, *, now: datetime
) -> tuple[Window, Basis, int]:
    """The first promise of an order: its window, what it rests on, and the confidence in per cent.

    A date that the shop told the customer before is kept as told. Otherwise: the day of the order, or the next working
    day when the cut-off is over; plus handling days; plus the service's transit days, counted in working days; plus
    the usual supply time where lines are short.
    """
    if wanted.stated_on is not None:
        latest_at = wanted.stated_at or end_of(wanted.stated_on, wanted.zone)
        return Window(earliest_on=wanted.stated_on, latest_on=wanted.stated_on, latest_at=latest_at), Basis.STATED, 80
    leaves_on = dispatch_day(rules, calendar, now=now, short=wanted.short)
    soonest, latest = rules.transit_days(wanted.service, wanted.country)
    return (
        window_between(
            calendar.plus_working_days(leaves_on, soonest), calendar.plus_working_days(leaves_on, latest), wanted.zone
        ),
        Basis.BACKORDER if wanted.short else Basis.STOCK,
        60 if wanted.short else 90,
    )


def dispatch_day(rules: PromisingRules, calendar: WorkingCalendar, *, now: datetime, short: bool) -> date:
    """The working day on which the order can leave the house."""
    here = now.astimezone(calendar.zone)
    start = here.date() if here.time() < rules.cut_off else here.date() + timedelta(days=1)
    days = rules.handling_days + (rules.backorder_days if short else 0)
    return calendar.plus_working_days(calendar.working_day_from(start), days)


def window_between(earliest_on: date, latest_on: date, zone: str) -> Window:
    """A window of whole days at the recipient's place."""
    return Window(earliest_on=min(earliest_on, latest_on), latest_on=latest_on, latest_at=end_of(latest_on, zone))


def end_of(day: date, zone: str) -> datetime:
    """The last second of a calendar day at a place."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(zone))


def is_late(delivered_at: datetime, window_latest_at: datetime) -> bool:
    """Whether an arrival broke the promise to the second."""
    return delivered_at > window_latest_at


def is_late_by_day(delivered_at: datetime, latest_on: date, zone: str) -> bool:
    """Whether an arrival came on a later calendar day at the recipient's place than promised."""
    return delivered_at.astimezone(ZoneInfo(zone)).date() > latest_on
