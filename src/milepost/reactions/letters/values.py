"""Values as people read them: days in the recipient's calendar, money, quantities."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from milepost.way.promising.words import PromiseCard, Window

PIECES = frozenset({"", "piece", "pieces", "pc", "pcs", "each", "ea", "unit", "c62"})


def window(promise: PromiseCard | Window) -> str:
    """When it is expected: "on" a day, or "between" two."""
    if promise.earliest_on == promise.latest_on:
        return _("on {day}").format(day=long_day(promise.latest_on))
    return _("between {first} and {last}").format(first=long_day(promise.earliest_on), last=long_day(promise.latest_on))


def long_day(day: date) -> str:
    """A calendar day with its weekday: Wednesday, 5 March 2025."""
    return date_format(day, "l, j F Y", use_l10n=False)


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def money(amount: Decimal, currency: str) -> str:
    """1,234.50 EUR; a price of more than two decimals keeps them."""
    cents = amount.quantize(Decimal("0.01"))
    places = 2 if cents == amount else -int(amount.normalize().as_tuple().exponent)
    return f"{number_format(amount, places, use_l10n=True, force_grouping=True)} {currency}"


def quantity(amount: Decimal, unit: str) -> str:
    """2, or 2.5 kg; pieces need no word."""
    plain = number_format(f"{amount.normalize():f}", use_l10n=True)
    return plain if unit.lower() in PIECES else f"{plain} {unit}"
