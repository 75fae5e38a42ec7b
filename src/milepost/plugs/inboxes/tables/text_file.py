"""From the bytes of a text file to rows: encodings and delimiters as spreadsheets really write them."""

import codecs
import csv
import io
from collections.abc import Iterator

from milepost.kernel.refusals import Refused
from milepost.plugs.inboxes.tables.grid import Grid, Row, refusal

DELIMITERS = (";", "\t", ",", "|")
WANTED = "Choose a file with a heading and a row for each line of an order."
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def grid(body: bytes) -> Grid:
    """The rows of a file. Refuses what is no table: bad encoding, broken quotes, nothing at all."""
    text, encoding = decoded(body)
    if not text.strip():
        raise Refused(refusal("empty_file", "The file is empty.", WANTED))
    delimiter, first_line, text = _delimiter(text)
    rows = tuple(row for row in _rows(text, delimiter, first_line) if not row.is_empty)
    if not rows:
        raise Refused(refusal("empty_file", "The file has no rows.", WANTED))
    return Grid(rows=rows, encoding=encoding, delimiter=delimiter, comma_is_decimal=delimiter != ",")


def decoded(body: bytes) -> tuple[str, str]:
    """The text and its encoding: what a byte-order mark says, else UTF-8, else Windows-1252. Refuses `bad_encoding`."""
    marked = next((encoding for mark, encoding in _MARKS if body.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding.removesuffix("-sig")
    raise Refused(
        refusal(
            "bad_encoding",
            "The file is no text in UTF-8, UTF-16 or Windows-1252.",
            "Save it as “CSV UTF-8” and send it again.",
        )
    )


def _delimiter(text: str) -> tuple[str, int, str]:
    """What separates cells (a first line `sep=;` says so; otherwise what some line of the first ones has most of), the first
    line, the rest."""
    first, _, rest = text.partition("\n")
    stated = first.strip().strip('"').lower()
    if stated.startswith("sep=") and len(stated) == 5:
        return stated[4], 2, rest
    heads = [line for line in text[:20_000].splitlines() if line.strip()][:20]
    return max(DELIMITERS, key=lambda mark: (heads[0].count(mark), max(line.count(mark) for line in heads))), 1, text


def _rows(text: str, delimiter: str, first_line: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = first_line
    try:
        for cells in reader:
            yield Row(number, tuple(cell.strip() for cell in cells))
            number = first_line + reader.line_num
    except csv.Error as error:
        raise Refused(
            refusal(
                "broken_row",
                "Line {line} cannot be read as CSV ({error}).",
                "Look for a quotation mark that is never closed, or write it twice inside quotes.",
                at=number, line=number, error=str(error),
            )
        ) from None  # fmt: skip
