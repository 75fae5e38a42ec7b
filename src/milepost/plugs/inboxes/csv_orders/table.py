"""From bytes to rows: encodings, delimiters and headings as spreadsheets really write them."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from milepost.kernel.refusals import Refusal, Refused, refuse_any
from milepost.plugs.inboxes.csv_orders.columns import COLUMNS, REQUIRED, Column, column_called, nearest_to

DELIMITERS = (";", "\t", ",")
_WANTED = "Choose a file with a heading and a row for each line of an order."
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file. `number` is its line as an editor counts them."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on it."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A file with a heading that we understand."""

    encoding: str
    delimiter: str
    heading: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def table(body: bytes) -> Table:
    """Read a file. Refuses what cannot be a table of orders: bad encoding, broken quotes, unknown or missing columns."""
    text, encoding = _decoded(body)
    if not text.strip():
        raise Refused(_refusal("empty_file", "The file is empty.", _WANTED))
    delimiter, first_line, text = _delimiter(text)
    rows = [row for row in _rows(text, delimiter, first_line) if not row.is_empty]
    if not rows:
        raise Refused(_refusal("empty_file", "The file has no rows.", _WANTED))
    heading = rows[0].cells
    columns = _columns(heading, rows[0].number)
    if len(rows) == 1:
        raise Refused(
            _refusal("no_rows", "The file has a heading but no rows.", "Add a row for each line of an order.")
        )
    return Table(encoding, delimiter, heading, columns, tuple(rows[1:]))


def _decoded(body: bytes) -> tuple[str, str]:
    """The text and its encoding: what a byte-order mark says, else UTF-8, else Windows-1252."""
    marked = next((encoding for mark, encoding in _MARKS if body.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding.removesuffix("-sig")
    raise Refused(
        _refusal(
            "bad_encoding",
            "The file is no text in UTF-8, UTF-16 or Windows-1252.",
            "Save it as “CSV UTF-8” and send it again.",
        )
    )


def _delimiter(text: str) -> tuple[str, int, str]:
    """What separates cells (a first line `sep=;` says so; otherwise what the heading has most of), the first line, the rest."""
    first, _, rest = text.partition("\n")
    stated = first.strip().strip('"').lower()
    if stated.startswith("sep=") and len(stated) == 5:
        return stated[4], 2, rest
    heading = next(line for line in text.splitlines() if line.strip())
    return max(DELIMITERS, key=heading.count), 1, text


def _rows(text: str, delimiter: str, first_line: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = first_line
    try:
        for cells in reader:
            yield Row(number, tuple(cell.strip() for cell in cells))
            number = first_line + reader.line_num
    except csv.Error as error:
        raise Refused(
            _refusal(
                "broken_row",
                "Line {line} cannot be read as CSV ({error}).",
                "Look for a quotation mark that is never closed, or write it twice inside quotes.",
                line=number, error=str(error),
            ).at(index=number)
        ) from None  # fmt: skip


def _columns(heading: tuple[str, ...], line: int) -> tuple[Column, ...]:
    found = [column_called(cell) for cell in heading]
    refuse_any(refusal.at(index=line) for refusal in _wrong_columns(heading, found))
    return tuple(column for column in found if column is not None)


def _wrong_columns(heading: tuple[str, ...], found: list[Column | None]) -> Iterator[Refusal]:
    for cell, column in zip(heading, found, strict=True):
        if column is None:
            yield _unknown(cell)
    for column, times in Counter(column for column in found if column is not None).items():
        if times > 1:
            yield _refusal("column_twice", "The column {column} stands there {times} times.", "Keep one of them.",
                           field=column.name, column=column.name, times=times)  # fmt: skip
    for column in REQUIRED:
        if column not in found:
            yield _refusal("column_missing", "The column {column} is missing.", "Add it: {what}",
                           field=column.name, column=column.name, what=column.says)  # fmt: skip


def _unknown(cell: str) -> Refusal:
    near = nearest_to(cell)
    known = ", ".join(column.name for column in COLUMNS)
    return _refusal(
        "column_unknown", "The column “{column}” is not known." if cell else "A column has no heading.",
        "Did you mean “{near}”?" if near else "Remove it, or use one of: {known}.",
        field=cell, column=cell, near=near, known=known,
    )  # fmt: skip


def _refusal(code: str, says: str, do: str, *, field: str = "", **values: object) -> Refusal:
    return Refusal(code=code, says=says, do=do, field=field, index=0, values=values)
