"""Tables for spreadsheets, written as they are read: CSV as a stream of lines; `workbooks` writes XLSX.

What people typed may look like a formula to a spreadsheet, and would be reckoned when the file is opened (CSV injection). In CSV
such text gets an apostrophe before it, which spreadsheets take for "this is text"; in XLSX the cell itself says that it is text.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from io import StringIO
from typing import TypeAlias

Value: TypeAlias = str | Decimal | int | date | datetime | bool | None

BOM = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
LINES_AT_ONCE = 500


def defused(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Value]], zone: tzinfo) -> Iterator[str]:
    """The table as pieces of CSV, some hundred lines each; UTF-8 with a mark at its beginning, lines end as RFC 4180 says."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow([defused(name) for name in head])
    yield BOM + _emptied(buffer)
    for number, row in enumerate(rows, 1):
        writer.writerow([_written(value, zone) for value in row])
        if number % LINES_AT_ONCE == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: StringIO) -> str:
    """What was written into the buffer, which is empty afterwards."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _written(value: Value, zone: tzinfo) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone(zone).isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case bool():
            return "1" if value else "0"
        case int():
            return str(value)
    return defused(value)
