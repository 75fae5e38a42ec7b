"""Shapes of single values: how each is written into a field, typed back, and put into words. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from milepost.faces.desk.procedures.drafting.places import Place, Sent
from milepost.faces.look.code_names import is_code, named_code

Options = Sequence[tuple[str, str]]
Known = Mapping[str, Options]
"""What there is to choose from, by the name of its source: values with their readable names."""
NUMBERS = re.compile(r"[,;\s]+")
LONGEST = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words. `source`: what there is to choose from; `free`: other words may be typed as well; `long`: over several lines."""

    source: str = ""
    free: bool = False
    long: bool = False
    may_be_empty: bool = False
    is_code: bool = False

    def blank(self) -> str:
        return ""

    def filled(self, value: Any) -> str:
        return str(value if value is not None else "")

    def typed(self, came: Sent) -> str:
        return came.one[:LONGEST] if self.long else came.one.strip()[:LONGEST]

    def coerced(self, kept: Any) -> str:
        return kept[:LONGEST] if isinstance(kept, str) else ""

    def said(self, typed: str, place: Place) -> Any:
        if "\x00" in typed:
            place.wrong("no_text", "A character with the number 0 stands here.", "Take it out.")
        if not typed.strip() and not self.may_be_empty:
            place.wrong(
                "needed", "Nothing stands here.", "Choose one." if self.source and not self.free else "Fill it in."
            )
        return typed

    def brief(self, typed: str, known: Known) -> str:
        return name_among(typed, known.get(self.source, ()), is_code=self.is_code)


def name_among(value: str, options: Options, *, is_code: bool = False) -> str:
    """The readable name of a value, or the value."""
    found = next((str(name) for one, name in options if one == value), "")
    return found or (named_code(value) if is_code else value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A value of a few characters, told as it was typed."""

    def blank(self) -> str:
        return ""

    def filled(self, value: Any) -> str:
        return str(value)

    def typed(self, came: Sent) -> str:
        return came.one.strip()[:40]

    def coerced(self, kept: Any) -> str:
        return kept[:40] if isinstance(kept, str) else ""

    def brief(self, typed: str, known: Known) -> str:
        return typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Brief):
    """A number: `whole`, or with a fraction. May be left out where `optional`."""

    whole: bool = True
    optional: bool = False

    def filled(self, value: Any) -> str:
        return "" if value is None else f"{Decimal(value):f}"

    def said(self, typed: str, place: Place) -> Any:
        if not typed:
            if not self.optional:
                place.wrong("needed", "No number stands here.", "Fill it in.")
            return None
        try:
            number = Decimal(typed.replace(",", "."))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > 10**12:
            place.wrong("no_number", "“{typed}” is no number.", "Write it in figures.", typed=typed)
            return None
        if number < 0:
            place.wrong("below_zero", "{typed} is less than zero.", "Write 0 or more.", typed=typed)
        if number == number.to_integral_value():
            return int(number)
        if self.whole:
            place.wrong("no_whole_number", "{typed} is no whole number.", "Write it without a fraction.", typed=typed)
            return None
        return f"{number:f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Yes or no."""

    def blank(self) -> str:
        return ""

    def filled(self, value: Any) -> str:
        return "on" if value else ""

    def typed(self, came: Sent) -> str:
        return "on" if came.one else ""

    def coerced(self, kept: Any) -> str:
        return "on" if kept else ""

    def said(self, typed: str, place: Place) -> Any:
        return bool(typed)

    def brief(self, typed: str, known: Known) -> str:
        return name_among("yes" if typed else "no", known.get("yes_no", ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of a few values."""

    values: tuple[Any, ...]

    def blank(self) -> str:
        return "" if "" in self.values else str(self.values[0])

    def filled(self, value: Any) -> str:
        return str(value)

    def typed(self, came: Sent) -> str:
        return came.one[:200]

    def coerced(self, kept: Any) -> str:
        return kept[:200] if isinstance(kept, str) else self.blank()

    def said(self, typed: str, place: Place) -> Any:
        found = [value for value in self.values if str(value) == typed]
        if not found:
            place.wrong("no_choice", "“{typed}” cannot be chosen here.", "Choose one of the list.", typed=typed)
        return found[0] if found else typed

    def brief(self, typed: str, known: Known) -> str:
        return named_code(typed) if typed else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Brief):
    """A calendar day."""

    def filled(self, value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    def said(self, typed: str, place: Place) -> Any:
        try:
            return date.fromisoformat(typed).isoformat()
        except ValueError:
            place.wrong("no_day", "This is no day.", "Write it as 2026-12-24.")
            return typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocktime(Brief):
    """A time of the day."""

    def filled(self, value: Any) -> str:
        return str(value.isoformat(timespec="auto" if value.microsecond else "seconds" if value.second else "minutes"))

    def said(self, typed: str, place: Place) -> Any:
        try:
            return time.fromisoformat(typed).isoformat()
        except ValueError:
            place.wrong("no_time", "This is no time.", "Write it as 17:00.")
            return typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """From and to: two whole numbers."""

    def blank(self) -> list[str]:
        return ["", ""]

    def filled(self, value: Any) -> list[str]:
        return [str(one) for one in value]

    def typed(self, came: Sent) -> list[str]:
        return [came.at(part).one.strip()[:40] for part in ("from", "to")]

    def coerced(self, kept: Any) -> list[str]:
        good = isinstance(kept, list) and len(kept) == 2 and all(isinstance(one, str) for one in kept)
        return list(kept) if good else self.blank()

    def said(self, typed: list[str], place: Place) -> Any:
        return [Number().said(one, place) for one in typed]

    def brief(self, typed: list[str], known: Known) -> str:
        return " – ".join(typed) if typed[0] != typed[1] else typed[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Several short values in one field, with commas between them; with `lines`, each on a line of its own."""

    of: Any
    lines: bool = False

    def blank(self) -> str:
        return ""

    def filled(self, value: Any) -> str:
        return ("\n" if self.lines else ", ").join(self.of.filled(one) for one in value)

    def typed(self, came: Sent) -> str:
        return came.one.strip()[:LONGEST]

    def coerced(self, kept: Any) -> str:
        return kept[:LONGEST] if isinstance(kept, str) else ""

    def said(self, typed: str, place: Place) -> Any:
        parts = (
            typed.split("\n")
            if self.lines
            else NUMBERS.split(typed)
            if isinstance(self.of, Number)
            else typed.split(",")
        )
        return [self.of.said(part.strip(), place) for part in parts if part.strip()]

    def brief(self, typed: str, known: Known) -> str:
        parts = typed.split("\n" if self.lines else ", ")
        return ("; " if self.lines else ", ").join(named_code(one) if is_code(one) else one for one in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift(Brief):
    """Hours of a day, as 08:00-12:00."""

    def said(self, typed: str, place: Place) -> Any:
        start, dash, end = (part.strip() for part in typed.replace("–", "-").partition("-"))
        if not dash or not (_is_time(start) and (end == "24:00" or _is_time(end))):
            place.wrong(
                "no_shift",
                "“{typed}” is no stretch of a day.",
                "Write it as 08:00-12:00, until 24:00 at most.",
                typed=typed,
            )
        elif end != "24:00" and time.fromisoformat(start) >= time.fromisoformat(end):
            place.wrong("no_shift", "{typed} ends before it starts.", "Write the earlier time first.", typed=typed)
        return f"{start}-{end}"

    def brief(self, typed: str, known: Known) -> str:
        return typed.replace("-", "–")


def _is_time(text: str) -> bool:
    try:
        return time.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picks:
    """Several of what there is to choose from, in order."""

    source: str = ""
    values: tuple[str, ...] = ()

    def blank(self) -> list[str]:
        return []

    def filled(self, value: Any) -> list[str]:
        return [str(one) for one in value]

    def typed(self, came: Sent) -> list[str]:
        return [one.strip()[:200] for one in came.values if one.strip()]

    def coerced(self, kept: Any) -> list[str]:
        return [one for one in kept if isinstance(one, str)] if isinstance(kept, list) else []

    def said(self, typed: list[str], place: Place) -> Any:
        twice = sorted({one for one in typed if typed.count(one) > 1})
        if twice:
            place.wrong("twice", "The same stands here twice.", "Choose each once.")
        if self.values and not set(typed) <= set(self.values):
            place.wrong("no_choice", "Something that cannot be chosen stands here.", "Choose from the list.")
        return list(typed)

    def brief(self, typed: list[str], known: Known) -> str:
        return ", ".join(name_among(one, known.get(self.source, ()), is_code=True) for one in typed)
