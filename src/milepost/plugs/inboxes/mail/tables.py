"""Tables with headings: in HTML, with tabs, bars, semicolons, or blanks between the columns."""

import re
from collections.abc import Sequence

from milepost.plugs.inboxes.mail.rows import Parts
from milepost.plugs.inboxes.mail.threads import Line
from milepost.plugs.inboxes.mail.vocabulary import label_of, plain

SEPARATORS = (
    re.compile(r"\s*\|\s*"),
    re.compile(r"\s*\t\s*"),
    re.compile(r"\s*;\s*"),
    re.compile(r"\s{2,}"),
    re.compile(r"\s*,\s*"),
)
RULE = re.compile(r"^[\s\-=_+|:]+$")
COLUMNS = frozenset({"code", "quantity", "unit", "description", "price", "total", "position"})
Cell = tuple[int, str]


def read_table(lines: Sequence[Line], first: int) -> tuple[list[Parts], int]:
    """The rows of the table whose headings stand on a line, and the line behind it; no rows where there is no table."""
    for separator in SEPARATORS:
        columns = _headings(lines[first], separator)
        if columns:
            rows, end = _rows(lines, first + 1, separator, columns)
            if rows:
                return rows, end
    return [], first


def _headings(line: Line, separator: re.Pattern[str]) -> list[str]:
    """What each column holds: one the code, one the quantity, and none that we do not know."""
    columns = [_meaning(text) for _, text in _cells(line, separator)]
    if columns.count("quantity") == 2 and "total" not in columns:
        columns = [
            "total" if plain(text) == "amount" else one
            for one, (_, text) in zip(columns, _cells(line, separator), strict=True)
        ]
    fits = len(columns) > 1 and COLUMNS.issuperset(columns) and len(set(columns)) == len(columns)
    return columns if fits and {"code", "quantity"} <= set(columns) else []


def _meaning(text: str) -> str:
    return "position" if text.strip() in ("#", "No", "No.", "Nr", "Nr.", "N°") else label_of(text)


def _rows(lines: Sequence[Line], first: int, separator: re.Pattern[str], columns: list[str]) -> tuple[list[Parts], int]:
    rows: list[Parts] = []
    end = first
    for number in range(first, len(lines)):
        text = lines[number].text
        if not text.strip() and rows:
            break
        if not text.strip() or RULE.match(text):
            continue
        cells = _cells(lines[number], separator)
        if len(cells) != len(columns):
            break
        rows.append(Parts(dict(zip(columns, cells, strict=True))))
        end = number + 1
    return rows, end


def _cells(line: Line, separator: re.Pattern[str]) -> list[Cell]:
    """The cells of a line with their places; bars at its ends are a frame."""
    text, start = line.text, line.start
    lead = len(text) - len(text.lstrip(" |\t"))
    text, start = text[lead:].rstrip(" |\t"), start + lead
    cells, at = [], 0
    for match in separator.finditer(text):
        cells.append((start + at, text[at : match.start()]))
        at = match.end()
    cells.append((start + at, text[at:]))
    return cells
