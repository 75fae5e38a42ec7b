"""What is different between two texts, line by line, with some of what stands around it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

AROUND = 3
"""Lines that stay the same, shown before and after each change."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one text or of both, with its number in each; `gap` stands for lines that are left out."""

    mark: Literal["added", "removed", "same", "gap"]
    text: str = ""
    before: int | None = None
    after: int | None = None


def difference(before: str, after: str) -> list[Line]:
    """The lines by which two texts differ; none where they are the same."""
    old, new = before.rstrip("\n").split("\n"), after.rstrip("\n").split("\n")
    lines: list[Line] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if group[0][1] > 0 or group[0][3] > 0:
            lines.append(Line("gap"))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                lines += _same(old, old_from, old_to, new_from)
                continue
            lines += (Line("removed", old[place], before=place + 1) for place in range(old_from, old_to))
            lines += (Line("added", new[place], after=place + 1) for place in range(new_from, new_to))
    return lines


def _same(old: list[str], start: int, end: int, new_start: int) -> Iterator[Line]:
    for place in range(start, end):
        yield Line("same", old[place], before=place + 1, after=new_start + place - start + 1)
