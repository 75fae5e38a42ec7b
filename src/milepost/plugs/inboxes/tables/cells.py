"""From a cell to a value: never a guess about money, amounts or days."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

from milepost.kernel.refusals import Refusal
from milepost.plugs.inboxes.tables.columns import Column
from milepost.way.intake.words import Layout

MOST_DIGITS = 15
"""What a spreadsheet keeps of a number; the rest became zeros."""


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A cell of which the spreadsheet no longer holds what was meant; `why` is a key of `_SPOILED`."""

    why: str
    text: str = ""


Cell: TypeAlias = str | Decimal | bool | date | datetime | Spoiled
Value: TypeAlias = str | Decimal | bool | date | None

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,4})?", re.ASCII)
_GROUPED = re.compile(
    r"(?P<whole>[+-]?\d{1,3}(?P<mark>[.,'’])\d{3}(?P<more>((?P=mark)\d{3})*))(?P<rest>[.,]\d{1,4})?", re.ASCII
)
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
_YES = {
    **dict.fromkeys(("yes", "y", "true", "1", "ja", "j", "oui", "si", "sí", "sim", "tak", "wahr", "vrai"), True),
    **dict.fromkeys(("no", "n", "false", "0", "nein", "non", "nee", "não", "nao", "nie", "falsch", "faux"), False),
}  # fmt: skip
_SHAPES = {
    "country": (re.compile(r"[A-Z]{2}"), "two letters, as DE"),
    "currency": (re.compile(r"[A-Z]{3}"), "three letters, as EUR"),
    "language": (re.compile(r"[A-Z]{2,3}(-[A-Z0-9]{2,8})*"), "a language code, as en"),
}
_SPOILED = {
    "uncalculated": "a value: the formula was never reckoned",
    "error": "a value: the formula ends in an error",
    "digits": "all its digits as text: the spreadsheet keeps fifteen",
    "date": "it as text: the spreadsheet has made a date of it",
    "fraction": "it as text: the spreadsheet holds a number, and zeros at its end may be lost",
    "boolean": "it as text: the spreadsheet has made true or false of it",
}


class Unreadable(Exception):
    """A cell that does not hold what its column is for; carries the refusal, and what a person could settle for all cells."""

    def __init__(self, refusal: Refusal, ask: str = "") -> None:
        self.refusal = refusal
        self.ask = ask
        super().__init__(refusal.sentence)


def value_of(cell: Cell, column: Column, *, comma_is_decimal: bool, layout: Layout) -> Value:
    """The value of a cell, None when it is empty. Raises Unreadable."""
    if cell == "":
        return None
    if isinstance(cell, Spoiled):
        raise _no(column, cell.text or "…", _SPOILED[cell.why])
    if column.kind == "number":
        return cell if isinstance(cell, Decimal) else _number(_text(cell, column), column, comma_is_decimal, layout)
    if column.kind == "day":
        return _day(cell, column, layout)
    if column.kind == "yes_no" and isinstance(cell, bool):
        return cell
    return _worded(_text(cell, column), column)


def _text(cell: Cell, column: Column) -> str:
    """A cell as text; what a spreadsheet has turned into something else is not turned back by guessing."""
    if isinstance(cell, bool):
        raise _no(column, str(cell), _SPOILED["boolean"])
    if isinstance(cell, Decimal):
        if cell == cell.to_integral_value():
            return f"{cell.to_integral_value():f}"
        raise _no(column, f"{cell:f}", _SPOILED["fraction"])
    if isinstance(cell, date):
        raise _no(column, cell.isoformat(), _SPOILED["date"])
    if _SCIENTIFIC.fullmatch(str(cell)) and column.kind == "text":
        raise _no(column, str(cell), _SPOILED["digits"])
    return str(cell)


def _worded(text: str, column: Column) -> Value:
    if len(text) > max(column.longest, 40 if column.kind != "text" else 0):
        raise _no(column, text[:40] + "…", f"at most {column.longest} characters")
    match column.kind:
        case "yes_no":
            return _yes_no(text, column)
        case "zone":
            return _zone(text, column)
        case "text":
            return text
    return _shaped(text, column)


def _number(text: str, column: Column, comma_is_decimal: bool, layout: Layout) -> Decimal:
    """A number as it is written here: by what a person said of the sender's files, else only where it can mean one thing.

    A comma is a decimal mark in files with semicolons or tabs and in workbooks, and never where it may group thousands.
    """
    plain = re.sub(r"[\u00a0\u202f\s]", "", text)
    if layout.numbers:
        groups = "." if layout.numbers == "," else ","
        plain = _ungrouped(plain, groups)
        plain = plain.replace(",", ".") if layout.numbers == "," else plain
    else:
        plain = _unambiguous(plain, text, column, comma_is_decimal)
    if not _NUMBER.fullmatch(plain):
        ask = "numbers" if re.fullmatch(r"[+-]?\d+,\d{1,4}", plain) else ""
        raise _no(column, text[:40], "a number like 12.50, without a sign for money or thousands", ask=ask)
    return Decimal(plain)


def _unambiguous(plain: str, text: str, column: Column, comma_is_decimal: bool) -> str:
    if comma_is_decimal and _EITHER.fullmatch(plain):
        whole, first = re.sub("[.,]", "", plain), re.split("[.,]", plain)[0]
        raise _no(column, text, f"either {whole} or {first}: a mark before three digits may mean both", ask="numbers")
    grouped = _GROUPED.fullmatch(plain)
    if grouped and _only_groups(grouped["mark"], grouped["more"], grouped["rest"] or ""):
        return grouped["whole"].replace(grouped["mark"], "") + (grouped["rest"] or "").replace(",", ".")
    if comma_is_decimal and plain.count(",") == 1 and "." not in plain:
        return plain.replace(",", ".")
    return plain


def _only_groups(mark: str, more: str, rest: str) -> bool:
    """Whether a mark between digits can be nothing but one that groups them."""
    return rest[:1] != mark and bool(rest or more or mark in "'’")


def _ungrouped(plain: str, mark: str) -> str:
    """Without marks between groups of three, if that is what they are."""
    whole = re.fullmatch(rf"([+-]?\d{{1,3}}(?:[{mark}'’]\d{{3}})+)([.,]\d+)?", plain, re.ASCII)
    return re.sub(rf"[{mark}'’]", "", whole[1]) + (whole[2] or "") if whole else plain


def _yes_no(text: str, column: Column) -> bool:
    if text.lower() not in _YES:
        raise _no(column, text, "yes or no")
    return _YES[text.lower()]


_WRITTEN = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", re.ASCII)


def _day(cell: Cell, column: Column, layout: Layout) -> date:
    """A calendar day. Of two numbers that may both be the month, a person says which one is, once for the sender."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell, column)
    year, month, day = _parts(text, column, layout)
    try:
        return date(year, month, day)
    except ValueError:
        raise _no(column, text[:40], "a day that there is, like 2026-03-31") from None


def _parts(text: str, column: Column, layout: Layout) -> tuple[int, int, int]:
    if iso := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII):
        return int(iso[1]), int(iso[2]), int(iso[3])
    written = _WRITTEN.fullmatch(text)
    if not written:
        raise _no(column, text[:40], "a day like 2026-03-31")
    first, second, year = int(written[1]), int(written[3]), int(written[4])
    order = layout.days or (
        "dmy" if written[2] == "." or first > 12 or first == second else "mdy" if second > 12 else ""
    )
    if not order:
        raise _no(column, text, "a day like 2026-03-31: day and month may be either", ask="days")
    return (year, second, first) if order == "dmy" else (year, first, second)


def _zone(text: str, column: Column) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise _no(column, text, "a time zone like Europe/Berlin") from None
    return text


def _shaped(text: str, column: Column) -> str:
    shape, example = _SHAPES[column.kind]
    if not shape.fullmatch(text.upper()):
        raise _no(column, text, example)
    return text.lower() if column.kind == "language" else text.upper()


def _no(column: Column, text: str, wanted: str, *, ask: str = "") -> Unreadable:
    return Unreadable(
        Refusal(
            code="bad_cell", says="“{text}” in column {column} cannot be read.", do="Write {wanted}.", field=column.name,
            values={"text": text, "column": column.name, "wanted": wanted},
        ),
        ask,
    )  # fmt: skip
