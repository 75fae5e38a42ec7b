"""The tokens of the style sheet, read from it, with the contrasts of what is written on what (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from milepost.faces import look
from milepost.faces.look.colours import contrast

SHEET = Path(look.__file__).parent / "static" / "milepost" / "base.css"
TEXT, LINES = 4.5, 3.0
WRITTEN: tuple[tuple[str, str, float], ...] = (
    ("ink", "paper", TEXT), ("ink", "ground", TEXT), ("soft", "paper", TEXT), ("soft", "ground", TEXT), ("accent", "paper", TEXT),
    ("accent", "ground", TEXT), ("accent-ink", "accent", TEXT), ("accent", "accent-tint", TEXT), ("bad", "paper", TEXT),
    ("bad", "bad-tint", TEXT), ("warn", "warn-tint", TEXT), ("good", "good-tint", TEXT), ("calm", "calm-tint", TEXT),
    ("ink", "bad-tint", TEXT), ("ink", "warn-tint", TEXT), ("ink", "good-tint", TEXT), ("ink", "calm-tint", TEXT),
    ("focus", "paper", LINES), ("focus", "ground", LINES), ("soft", "paper", LINES),
)  # fmt: skip
"""What is written, or drawn, on what, and the contrast that it needs."""
_BLOCK = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)
_COLOUR = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})")


@dataclass(frozen=True, slots=True)
class Pair:
    """Something on something, with its contrast in light and in dark and what it needs."""

    on: str
    behind: str
    light: float
    dark: float
    needed: float

    @property
    def is_good(self) -> bool:
        """Whether it can be read, or seen, in both."""
        return min(self.light, self.dark) >= self.needed


@cache
def schemes() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The colours by name, in light and in dark."""
    light, dark = (dict(_COLOUR.findall(block)) for block in _BLOCK.findall(SHEET.read_text("utf-8"))[:2])
    return light, dark


def pairs() -> list[Pair]:
    """All that is written on anything."""
    light, dark = schemes()
    return [
        Pair(on, behind, contrast(light[on], light[behind]), contrast(dark[on], dark[behind]), need)
        for on, behind, need in WRITTEN
    ]
