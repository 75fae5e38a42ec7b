"""From the bytes of a workbook to rows of cells, without what was lost, hidden or never reckoned (python-calamine)."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from milepost.kernel.refusals import Refused
from milepost.plugs.inboxes.tables.cells import MOST_DIGITS, Cell, Spoiled
from milepost.plugs.inboxes.tables.grid import Grid, Row, refusal
from milepost.plugs.inboxes.tables.marks import Marks, marks_of

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_UNPACKED, MOST_CELLS = 200 * 1024 * 1024, 2_000_000
_CANNOT = "Save it as a plain workbook (.xlsx) and send it again."


def is_workbook(body: bytes) -> bool:
    """Whether it looks like one: an old one, or an archive that holds one."""
    if body.startswith(OLE):
        return True
    if not body.startswith(ZIP):
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(body)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return b"xl/workbook" in body or b"[Content_Types].xml" in body[:2000]
    return any(name.startswith("xl/workbook") or name == "content.xml" for name in names)


def grids(body: bytes) -> list[Grid]:
    """The sheets that can be seen and have something on them. Refuses what is no workbook, or unpacks beyond measure."""
    _fits(body)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        seen = [
            number for number, sheet in enumerate(book.sheets_metadata)
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]  # fmt: skip
        found = [_grid(book.get_sheet_by_index(number), marks_of(body, number)) for number in seen]
    except PasswordError:
        raise Refused(refusal("locked_file", "The workbook is locked by a password.", "Send it without one.")) from None
    except (CalamineError, ValueError, OSError) as error:
        raise Refused(
            refusal("bad_workbook", "The workbook cannot be opened ({why}).", _CANNOT, why=str(error))
        ) from None
    full = [grid for grid in found if grid.rows]
    if not full:
        raise Refused(refusal("empty_file", "The workbook has no rows that can be seen.", _CANNOT))
    return full


def _fits(body: bytes) -> None:
    if not body.startswith(ZIP):
        return
    try:
        size = sum(one.file_size for one in zipfile.ZipFile(io.BytesIO(body)).infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refused(
            refusal("bad_workbook", "The workbook cannot be opened ({why}).", _CANNOT, why=str(error))
        ) from None
    if size > MOST_UNPACKED:
        raise Refused(
            refusal("too_large", "The workbook unpacks to more than can be read.", "Send it in smaller parts.")
        )


def _grid(sheet: CalamineSheet, marks: Marks) -> Grid:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise Refused(
            refusal("too_large", "The workbook has more cells than can be read.", "Send it in smaller parts.")
        )
    raw = sheet.to_python(skip_empty_area=False)
    rows = [_row(number, cells, marks) for number, cells in enumerate(raw, start=1)]
    return Grid(
        rows=tuple(row for row in rows if not row.is_empty), encoding="workbook", sheet=sheet.name,
        shared=dict(_shared(rows, sheet.merged_cell_ranges or ())),
    )  # fmt: skip


def _row(number: int, raw: Sequence[Any], marks: Marks) -> Row:
    cells = [_cell(value, marks, number, place) for place, value in enumerate(raw)]
    return Row(number, tuple(cells), hidden=number in marks.hidden_rows)


def _cell(value: Any, marks: Marks, row: int, place: int) -> Cell:
    if spoiled := marks.spoiled.get((row, place)):
        return Spoiled(spoiled)
    match value:
        case bool():
            return value
        case int() | float():
            return _number(value, marks.padded.get((row, place), 0))
        case datetime() | date():
            return value
        case time() | timedelta():
            return Spoiled("date", str(value))
    return " ".join(str(value).replace("\u00a0", " ").split()) if "\n" not in str(value) else str(value).strip()


def _number(value: float, width: int) -> Cell:
    """A number as the sheet shows it: fifteen digits, and zeros in front where its format has them."""
    if value != value or value in (float("inf"), float("-inf")):
        return Spoiled("error")
    if abs(value) >= 10**MOST_DIGITS:
        return Spoiled("digits", f"{value:.0f}")
    exact = Decimal(f"{value:.{MOST_DIGITS}g}")
    if width and exact == exact.to_integral_value() and exact >= 0:
        return f"{exact:.0f}".zfill(width)
    return exact


def _shared(rows: Sequence[Row], ranges: Sequence[Any]) -> Iterator[tuple[tuple[int, int], Cell]]:
    """The value of merged cells, which stands in the first of them, for each row over which they reach."""
    for (top, left), (bottom, _) in ranges:
        if top < len(rows) and left < len(rows[top].cells):
            value = rows[top].cells[left]
            for below in range(top + 1, min(bottom + 1, len(rows))):
                if value != "":
                    yield (below + 1, left), value
