"""When an order can be there: pure, from stock, working calendar, cut-off, handling and transit days (DEL-2)."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from milepost.ground.procedures.words import PromisingRules
from milepost.kernel.worktime import WorkingCalendar
from milepost.way.promising.words import Basis, Standing, WantedPromise, Window


def first_window(
    wanted: WantedPromise, rules: PromisingRules, calendar: WorkingCalendar, *, now: datetime
) -> tuple[Window, Basis, int]:
    """The first promise of an order: its window, what it rests on, and the confidence in per cent.

    A date that the shop told the customer before is kept as told. Otherwise: the day of the order, or the next working
    day when the cut-off is over; plus handling days; plus the service's transit days, counted in working days; plus
    the usual supply time where lines are short, unless the day of their supply is known.
    """
    if wanted.stated_on is not None:
        latest_at = wanted.stated_at or end_of(wanted.stated_on, wanted.zone)
        return Window(earliest_on=wanted.stated_on, latest_on=wanted.stated_on, latest_at=latest_at), Basis.STATED, 80
    leaves_on = dispatch_day(rules, calendar, now=now, short=wanted.short, supply_on=wanted.supply_on)
    soonest, latest = rules.transit_days(wanted.service, wanted.country)
    return (
        window_between(
            calendar.plus_working_days(leaves_on, soonest), calendar.plus_working_days(leaves_on, latest), wanted.zone
        ),
        Basis.BACKORDER if wanted.short else Basis.STOCK,
        60 if wanted.short else 90,
    )


def dispatch_day(
    rules: PromisingRules, calendar: WorkingCalendar, *, now: datetime, short: bool, supply_on: date | None = None
) -> date:
    """The working day on which the order can leave the house; what it is short of comes on `supply_on`, or as usual."""
    here = now.astimezone(calendar.zone)
    start = here.date() if here.time() < rules.cut_off else here.date() + timedelta(days=1)
    if short and supply_on:
        start = max(start, supply_on)
    days = rules.handling_days + (rules.backorder_days if short and not supply_on else 0)
    return calendar.plus_working_days(calendar.working_day_from(start), days)


def from_stock(
    standing: Standing, wanted: WantedPromise, rules: PromisingRules, calendar: WorkingCalendar, *, now: datetime
) -> tuple[Window, Basis] | None:
    """What is to be promised when stock or supply has changed, or None where the standing promise is as good as any.

    What rested on stock or a backorder follows them. A date that somebody stated or a carrier gave is kept unless what is known
    of the supply makes it impossible. Where nobody knows when the rest comes, nothing new is promised.
    """
    if wanted.short and wanted.supply_on is None:
        return None
    window, basis, _ = first_window(replace(wanted, stated_on=None), rules, calendar, now=now)
    follows = standing.now.basis in (Basis.STOCK, Basis.BACKORDER)
    if window.latest_on == standing.now.latest_on or (not follows and window.latest_on < standing.now.latest_on):
        return None
    if not wanted.short and window.latest_on > standing.now.latest_on:
        return None
    return window, basis


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
