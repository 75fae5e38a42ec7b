"""XLSX, into a file that grows row by row. Loaded when somebody wants one: openpyxl costs a fifth of a second at the start."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from milepost.faces.desk.exports.tables import Value
from milepost.kernel.refusals import Refusal, Refused

MOST_ROWS = 1_048_575
"""A sheet of XLSX has 2^20 rows, and the first is the head."""
LONGEST_TEXT = 32_767
INSTANT, DAY, AMOUNT = "yyyy-mm-dd hh:mm", "yyyy-mm-dd", "#,##0.00"

TOO_MANY_ROWS = Refusal(
    code="too_many_rows", says="A workbook (XLSX) takes {most} rows, and more than that match.",
    do="Narrow the list, or take CSV, which has no limit.", status=409, values={"most": f"{MOST_ROWS:,}"},
)  # fmt: skip


def workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[Value]], zone: tzinfo) -> IO[bytes]:
    """The table as a workbook in a file without a name, which the caller closes. Refuses `too_many_rows` past its limit."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(_title(title))
    sheet.freeze_panes = "A2"
    for place, name in enumerate(head, 1):
        sheet.column_dimensions[get_column_letter(place)].width = max(12, min(40, len(name) + 4))
    cells = _Cells(sheet, zone)
    sheet.append([cells.head(name) for name in head])
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            sheet.close()
            sheet._writer.cleanup()
            raise Refused(TOO_MANY_ROWS)
        sheet.append([cells.of(place, value) for place, value in enumerate(row)])
    file = TemporaryFile()  # noqa: SIM115 - it is the caller's
    book.save(file)
    file.seek(0)
    return file


def _title(text: str) -> str:
    """A name that a sheet may have."""
    return "".join(one for one in text if one not in "[]:*?/\\")[:31] or "Sheet"


class _Cells:
    """Cells that are what they say: numbers, days, instants in the house's zone (XLSX knows no zones), and text.

    A cell is written when its row is, so one of each format serves each column; giving a cell its format is most of the work.
    """

    def __init__(self, sheet: Any, zone: tzinfo) -> None:
        self.sheet, self.zone = sheet, zone
        self.known: dict[tuple[int, str], Any] = {}

    def head(self, name: str) -> Any:
        """A cell of the first row."""
        cell = self._text(-1, name)
        self.known.clear()
        cell.font = Font(bold=True)
        return cell

    def of(self, place: int, value: Value) -> Any:
        """A cell of a column."""
        match value:
            case datetime():
                return self._formatted(place, INSTANT, value.astimezone(self.zone).replace(tzinfo=None))
            case date():
                return self._formatted(place, DAY, value)
            case Decimal():
                return self._formatted(place, AMOUNT if value.as_tuple().exponent == -2 else "General", value)
            case str():
                return self._text(place, value)
        return value

    def _formatted(self, place: int, form: str, value: Any) -> Any:
        cell = self.known.get((place, form))
        if cell is None:
            cell = self.known[place, form] = WriteOnlyCell(self.sheet)
        cell.value = value  # for a date openpyxl sets a format of its own where there is none that it takes for one
        if cell.number_format != form:
            cell.number_format = form
        return cell

    def _text(self, place: int, value: str) -> Any:
        cell = self.known.get((place, "text"))
        if cell is None:
            cell = self.known[place, "text"] = WriteOnlyCell(self.sheet)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_TEXT]
        cell.data_type = "s"
        return cell
