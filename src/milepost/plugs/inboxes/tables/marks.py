"""What a workbook says of its cells that a reader of values does not tell: formulas that were never reckoned, errors, zeros that
only the format shows, hidden rows. Only for XLSX; an older form has no such marks."""

import io
import re
import zipfile
from dataclasses import dataclass, field

from milepost.plugs.inboxes.edi.safe_xml import Node, NotXml, tree

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
_ZEROS = re.compile(r"0+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Marks:
    """By (row, place), rows counted from 1 and places from 0: why a cell is spoiled, and to how many digits it is filled up."""

    spoiled: dict[tuple[int, int], str] = field(default_factory=dict)
    padded: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()


def marks_of(body: bytes, sheet: int) -> Marks:
    """The marks of a sheet; none where the workbook is of another form or its parts are not where they belong."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            path = _path(archive, sheet)
            return _read(tree(archive.read(path)), _widths(archive)) if path else Marks()
    except (zipfile.BadZipFile, KeyError, NotXml, OSError, ValueError, NotImplementedError, RuntimeError):
        return Marks()


def _path(archive: zipfile.ZipFile, sheet: int) -> str:
    """Where the sheet of that number is kept: the workbook names it by a relation."""
    sheets = tree(archive.read("xl/workbook.xml")).all("sheets", "sheet")
    relations = {
        node.attributes.get("Id", ""): node.attributes.get("Target", "")
        for node in tree(archive.read("xl/_rels/workbook.xml.rels")).all("Relationship")
    }
    target = relations.get(sheets[sheet].attributes.get("id", ""), "") if sheet < len(sheets) else ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}" if target else ""


def _widths(archive: zipfile.ZipFile) -> dict[str, int]:
    """For each style that fills numbers up with zeros, to how many digits."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = tree(archive.read("xl/styles.xml"))
    formats = {
        node.attributes.get("numFmtId", ""): node.attributes.get("formatCode", "")
        for node in styles.all("numFmts", "numFmt")
    }
    codes = {
        str(number): formats.get(node.attributes.get("numFmtId", ""), "")
        for number, node in enumerate(styles.all("cellXfs", "xf"))
    }
    return {style: len(code) for style, code in codes.items() if len(code) > 1 and _ZEROS.fullmatch(code)}


def _read(root: Node, widths: dict[str, int]) -> Marks:
    spoiled: dict[tuple[int, int], str] = {}
    padded: dict[tuple[int, int], int] = {}
    hidden = set()
    for number, row in enumerate(root.all("sheetData", "row"), start=1):
        at = int(row.attributes.get("r", number))
        if row.attributes.get("hidden", "0") in ("1", "true"):
            hidden.add(at)
        for cell in row.children:
            place = _place(cell.attributes.get("r", ""))
            if place is None:
                continue
            if cell.attributes.get("t") == "e":
                spoiled[place] = "error"
            elif cell.one("f") and not cell.says("v"):
                spoiled[place] = "uncalculated" if cell.attributes.get("t") != "str" else ""
            elif cell.attributes.get("s", "") in widths:
                padded[place] = widths[cell.attributes["s"]]
    return Marks({place: why for place, why in spoiled.items() if why}, padded, frozenset(hidden))


def _place(name: str) -> tuple[int, int] | None:
    found = _CELL.fullmatch(name)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1
