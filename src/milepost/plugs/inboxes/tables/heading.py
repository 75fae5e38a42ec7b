"""Which row is the heading, and what each of its columns means: beyond doubt, by what a person said once, or to be asked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from milepost.kernel.refusals import Refusal
from milepost.plugs.inboxes.tables.cells import Cell, Spoiled
from milepost.plugs.inboxes.tables.columns import (
    BY_NAME,
    COLUMNS,
    REQUIRED,
    Column,
    column_called,
    is_heading_like,
    plain,
    proposals,
)
from milepost.plugs.inboxes.tables.grid import Grid, Row, refusal
from milepost.way.intake.words import IGNORED, Heading, Layout

LOOKED_AT, SAMPLES = 40, 3
ORDER = "order"


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a grid: its row and its words, what stands above it, the rows below; for each place its key and its column."""

    row: Row
    texts: tuple[str, ...]
    above: tuple[str, ...]
    rows: tuple[Row, ...]
    keys: tuple[str, ...]
    columns: tuple[Column | None, ...]
    ignored: tuple[bool, ...]
    layout: Layout


def head_of(grid: Grid, layout: Layout) -> Head:
    """The heading of a grid. It is the first row with most words that we know; above it there may be titles."""
    known = {plain(key) for key in layout.columns}
    looked_at = grid.rows[:LOOKED_AT]
    at = max(range(len(looked_at)), key=lambda place: (_score(looked_at[place], known), -place))
    if _score(looked_at[at], known) < 2:
        at = 0
    row = grid.rows[at]
    width = max((place + 1 for place, cell in enumerate(row.cells) if cell != ""), default=0)
    below = grid.rows[at + 1 :]
    width = max([width, *(_filled(one) for one in below)]) if grid.sheet else len(row.cells)
    keys = tuple(_keys([said(row.cells[place]) if place < len(row.cells) else "" for place in range(width)]))
    chosen = [_chosen(key, layout) for key in keys]
    empty = [not key.lstrip("#").strip() or key.startswith("#") for key in keys]
    drop = [empty[place] and not any(_at(one, place) != "" for one in below) for place in range(width)]
    return Head(
        row=row, texts=tuple(said(cell) for cell in row.cells[:width]),
        above=tuple(" ".join(said(cell) for cell in one.cells if cell != "") for one in grid.rows[:at]), rows=below,
        keys=keys, columns=tuple(None if one == IGNORED else BY_NAME.get(one) for one in chosen),
        ignored=tuple(one == IGNORED or bool(drop[place]) for place, one in enumerate(chosen)), layout=layout,
    )  # fmt: skip


def said(cell: Cell) -> str:
    """A cell as it is shown."""
    return cell.text if isinstance(cell, Spoiled) else str(cell)


def _filled(row: Row) -> int:
    return max((place + 1 for place, cell in enumerate(row.cells) if cell != ""), default=0)


def _at(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else ""


def _score(row: Row, known: set[str]) -> int:
    words = [said(cell) for cell in row.cells if cell != ""]
    return sum(is_heading_like(word) or plain(word) in known for word in words)


def _keys(texts: Sequence[str]) -> Iterator[str]:
    """By what each column is remembered: its heading, numbered where it stands there again; its place where it has none."""
    seen: Counter[str] = Counter()
    for place, text in enumerate(texts, start=1):
        seen[text] += 1
        yield f"#{place}" if not text else text if seen[text] == 1 else f"{text} #{seen[text]}"


def _chosen(key: str, layout: Layout) -> str:
    """Which column a person chose, else which one it is beyond doubt; empty where neither."""
    for mine, name in layout.columns.items():
        if plain(mine) == plain(key) and mine.startswith("#") == key.startswith("#"):
            return name
    column = column_called(key.rpartition(" #")[0] or key)
    return column.name if column else ""


def wrong_columns(head: Head) -> Iterator[Refusal]:
    """Headings that we do not know, columns that stand there twice, columns that are needed and missing."""
    line = head.row.number
    for key, text, column, ignored in zip(head.keys, _padded(head), head.columns, head.ignored, strict=True):
        if column is None and not ignored:
            yield _unknown(key, text, line)
    for column, times in Counter(column for column in head.columns if column is not None).items():
        if times > 1:
            yield refusal("column_twice", "The column {column} stands there {times} times.", "Keep one of them.", at=line,
                          named=column.name, column=column.name, times=times)  # fmt: skip
    for column in REQUIRED:
        if column not in head.columns and not (head.layout.whole and column.name == ORDER):
            yield refusal("column_missing", "The column {column} is missing.", "Add it: {what}", at=line,
                          named=column.name, column=column.name, what=column.says)  # fmt: skip


def _padded(head: Head) -> list[str]:
    return [*head.texts, *[""] * (len(head.keys) - len(head.texts))]


def _unknown(key: str, text: str, line: int) -> Refusal:
    near = next(iter(proposals(text)), "")
    known = ", ".join(column.name for column in COLUMNS)
    return refusal(
        "column_unknown", "The column “{column}” is not known." if text else "A column has no heading.",
        "Did you mean “{near}”?" if near else "Remove it, or use one of: {known}.",
        at=line, named=text or key, column=text or key, near=near, known=known,
    )  # fmt: skip


def headings(head: Head) -> tuple[Heading, ...]:
    """The columns as their sender wrote them, beside what they are or may be, with the first values of each."""
    return tuple(
        Heading(
            text=key, means=IGNORED if ignored and column is None else column.name if column else "",
            maybe=proposals(key.rpartition(" #")[0] or key),
            sample=tuple(text for text in (said(_at(row, place)) for row in head.rows[:20]) if text)[:SAMPLES],
        )
        for place, (key, column, ignored) in enumerate(zip(head.keys, head.columns, head.ignored, strict=True))
    )  # fmt: skip
