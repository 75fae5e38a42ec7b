"""Tables for spreadsheets: real values, harmless texts, bounded memory."""

import csv
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from milepost.faces.desk.exports import tables, workbooks
from milepost.kernel.refusals import Refused

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)


def test_csv_is_read_as_it_was_written() -> None:
    rows = [['Ada, "the" Okafor\nBerlin', Decimal("4.90"), date(2026, 11, 16), AT, None, 3, True]]
    text = "".join(tables.csv_lines(["Name", "Total", "Day", "At", "Nothing", "Count", "Yes"], rows, BERLIN))
    assert text.startswith("\ufeffName,Total")
    [_, row] = csv.reader(StringIO(text.removeprefix("\ufeff")))
    assert row == ['Ada, "the" Okafor\nBerlin', "4.90", "2026-11-16", "2026-11-16 10:30:00+01:00", "", "3", "1"]
    assert text.endswith("\r\n")


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30 901820", "-2", "@SUM(A1)", "\tx", "\rx", "\uff1d1+1", '=HYPERLINK("http://x")']
)
def test_what_looks_like_a_formula_is_text(text: str) -> None:
    written = "".join(tables.csv_lines(["A"], [[text]], BERLIN))
    [[_], [cell]] = csv.reader(StringIO(written.removeprefix("\ufeff"), newline=""))
    assert cell == f"'{text}"
    with workbooks.workbook("A", ["A"], [[text]], BERLIN) as file:
        [_, [found]] = load_workbook(file).worksheets[0].iter_rows()
    assert (found.data_type, found.value) == ("s", text.replace("\r", "\n"))  # as XML reads the end of a line


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501])
def test_each_row_is_written_once(count: int) -> None:
    written = "".join(tables.csv_lines(["A"], [[str(number)] for number in range(count)], BERLIN))
    assert written.removeprefix("\ufeff").split() == ["A", *(str(number) for number in range(count))]


def test_a_number_below_zero_is_no_formula_and_stays_a_number() -> None:
    written = "".join(tables.csv_lines(["A"], [[Decimal("-4.90")]], BERLIN))
    assert written.splitlines()[1] == "-4.90"


def test_a_workbook_has_real_days_instants_and_amounts() -> None:
    rows = [["Ada\x07", Decimal("1234.50"), date(2026, 11, 16), AT, None]]
    with workbooks.workbook("Orders: [open]", ["Name", "Total", "Day", "At", "Nothing"], rows, BERLIN) as file:
        book = load_workbook(file)
    assert book.sheetnames == ["Orders open"]
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[2]] == [
        "Ada",
        1234.5,
        datetime(2026, 11, 16),  # noqa: DTZ001 - a workbook knows no zones
        datetime(2026, 11, 16, 10, 30),  # noqa: DTZ001
        None,
    ]
    assert [sheet["B2"].number_format, sheet["D2"].number_format] == ["#,##0.00", "yyyy-mm-dd hh:mm"]


def test_more_rows_than_a_sheet_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    with workbooks.workbook("A", ["A"], [["1"], ["2"]], BERLIN) as file:
        assert load_workbook(file).worksheets[0].max_row == 3
    with pytest.raises(Refused, match="more than that match"):
        workbooks.workbook("A", ["A"], [["1"]] * 3, BERLIN)


def many(count: int) -> Iterator[list[tables.Value]]:
    return ([f"M{number:09}", "Ada Okafor", Decimal("47.90"), AT] for number in range(count))


def peak(work: object) -> int:
    tracemalloc.start()
    try:
        work()  # type: ignore[operator]
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_ten_times_as_many_rows_take_no_more_memory_in_csv() -> None:
    def written(count: int) -> int:
        return peak(lambda: [len(piece) for piece in tables.csv_lines(["A", "B", "C", "D"], many(count), BERLIN)])

    written(10)
    assert written(10_000) < 1.2 * written(1_000) + 50_000


def test_four_times_as_many_rows_take_no_more_memory_in_a_workbook() -> None:
    def written(count: int) -> None:
        with workbooks.workbook("A", ["A", "B", "C", "D"], many(count), BERLIN) as file:
            assert file.read(2) == b"PK"

    written(10)
    assert peak(lambda: written(2_000)) < 1.2 * peak(lambda: written(500)) + 200_000
