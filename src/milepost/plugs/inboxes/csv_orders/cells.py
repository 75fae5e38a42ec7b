"""From a cell to a value: never a guess about money, amounts or days."""

import re
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from milepost.kernel.refusals import Refusal
from milepost.plugs.inboxes.csv_orders.columns import Column

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,4})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YES = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
_SHAPES = {
    "country": (re.compile(r"[A-Z]{2}"), "two letters, as DE"),
    "currency": (re.compile(r"[A-Z]{3}"), "three letters, as EUR"),
    "language": (re.compile(r"[A-Z]{2,3}(-[A-Z0-9]{2,8})*"), "a language code, as en"),
}


class Unreadable(Exception):
    """A cell that does not hold what its column is for; carries the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.sentence)


def value_of(text: str, column: Column, *, comma_is_decimal: bool) -> str | Decimal | bool | date | None:
    """The value of a cell, None when it is empty. Raises Unreadable."""
    if not text:
        return None
    if len(text) > max(column.longest, 40 if column.kind != "text" else 0):
        raise _no(column, text[:40] + "…", f"at most {column.longest} characters")
    match column.kind:
        case "number":
            return _number(text, column, comma_is_decimal)
        case "yes_no":
            return _yes_no(text, column)
        case "day":
            return _day(text, column)
        case "zone":
            return _zone(text, column)
        case "text":
            return text
    return _shaped(text, column)


def _number(text: str, column: Column, comma_is_decimal: bool) -> Decimal:
    """A number. A comma is the decimal mark only in files with semicolons or tabs, and never where it may group thousands."""
    plain = text.replace("\u00a0", "").replace(" ", "")
    if comma_is_decimal and plain.count(",") == 1 and "." not in plain:
        if re.search(r"[1-9]\d{0,2},\d{3}$", plain):
            whole = plain.replace(",", "")
            raise _no(
                column, text, f"either {whole} or {plain.partition(',')[0]}: a comma before three digits may mean both"
            )
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise _no(column, text, "a number like 12.50, without a sign for money or thousands")
    return Decimal(plain)


def _yes_no(text: str, column: Column) -> bool:
    if text.lower() not in _YES:
        raise _no(column, text, "yes or no")
    return _YES[text.lower()]


def _day(text: str, column: Column) -> date:
    if not _DAY.fullmatch(text):
        raise _no(column, text, "a day like 2026-03-31")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _no(column, text, "a day that there is, like 2026-03-31") from None


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


def _no(column: Column, text: str, wanted: str) -> Unreadable:
    return Unreadable(
        Refusal(
            code="bad_cell", says="“{text}” in column {column} cannot be read.", do="Write {wanted}.", field=column.name,
            values={"text": text, "column": column.name, "wanted": wanted},
        )
    )  # fmt: skip
