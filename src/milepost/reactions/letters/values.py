"""Values as people read them: days in the recipient's calendar, money, quantities; in any of the letters' languages."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from milepost.reactions.letters.tongues import Tongue, later, tongue
from milepost.way.intake.words import Address
from milepost.way.promising.words import PromiseCard, Window

UNITS = (
    later("pack"), later("box"), later("bottle"), later("pair"), later("set"), later("roll"), later("bag"), later("can"),
    later("dozen"),
)  # fmt: skip
"""Units that have words of their own; what else a catalogue calls them stands as it is."""
PIECES = frozenset({"", "piece", "pieces", "pc", "pcs", "each", "ea", "unit", "c62"})


def window(promise: PromiseCard | Window, say: Tongue) -> str:
    """When it is expected: "on" a day, or "between" two."""
    return between(promise.earliest_on, promise.latest_on, say)


def between(first: date, last: date, say: Tongue) -> str:
    """The days from the first to the last, as the end of a sentence."""
    return _between(first, last, say.language)


@lru_cache(maxsize=1024)
def _between(first: date, last: date, language: str) -> str:
    say = tongue(language)
    if first == last:
        return say("on {day}").format(day=say.day(last))
    return say("between {first} and {last}").format(first=say.day(first), last=say.day(last))


def long_day(day: date, language: str = "en") -> str:
    """A calendar day with its weekday: Wednesday, 5 March 2025."""
    return tongue(language).day(day)


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(_zone(zone)).date()


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def money(amount: Decimal, currency: str, language: str = "en") -> str:
    """1,234.50 EUR; a price of more than two decimals keeps them."""
    return tongue(language).money(amount, currency)


def quantity(amount: Decimal, unit: str, language: str = "en") -> str:
    """2, or 2.5 kg; pieces need no word."""
    say = tongue(language)
    plain = say.number(amount.normalize())
    return plain if unit.lower() in PIECES else f"{plain} {say(unit)}"


def address(place: Address, say: Tongue) -> list[str]:
    """An address line by line, its country by name."""
    lines = place.lines()
    return [*lines[:-1], say.country(lines[-1])] if lines and lines[-1] == place.country else list(lines)
