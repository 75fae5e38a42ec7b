"""What a table is before anybody knows what its columns mean: rows of cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from milepost.kernel.refusals import Refusal
from milepost.plugs.inboxes.tables.cells import Cell


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `number` is its line as an editor counts them, or its row as a spreadsheet does."""

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on it."""
        return all(cell == "" for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A file, or one sheet of a workbook, as rows without empty ones.

    `shared` are values that stand in several rows because their cells were merged, by (row, place).
    """

    rows: tuple[Row, ...]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    comma_is_decimal: bool = True
    shared: Mapping[tuple[int, int], Cell] = field(default_factory=dict)


def refusal(code: str, says: str, do: str, /, *, named: str = "", at: int = 0, **values: object) -> Refusal:
    """A refusal of the whole file, or at one of its lines."""
    return Refusal(code=code, says=says, do=do, field=named, index=at, values=values)
