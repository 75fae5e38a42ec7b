"""The brand's colour, and whether what is written in it can be read (WCAG 2.2, 1.4.3). Pure; known before anything starts."""

import re
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from functools import cached_property

READABLE = 4.5
TINT = 0.13
LIGHT = {"paper": "#ffffff", "ground": "#f3f5f7"}
DARK = {"paper": "#18212a", "ground": "#0f161d"}
"""What stands behind text in look's base.css; a test holds them against it."""
INKS = ("#ffffff", "#06181b")


class Unreadable(Exception):
    """A colour that is none, or that text cannot be read in; says why, and what would do."""


@dataclass(frozen=True)
class Palette:
    """The accent, what is written on it, and its faint tint, in light and in dark."""

    accent: str
    accent_dark: str

    @staticmethod
    def of(accent: str, accent_dark: str = "") -> "Palette":
        """The palette of a brand; the colour for dark pages is reckoned where none is given. Raises Unreadable."""
        light = _checked(accent, LIGHT, "light")
        return Palette(
            light, _checked(accent_dark, DARK, "dark") if accent_dark else _until_readable(light, DARK, 0.02)
        )

    @cached_property
    def css(self) -> str:
        """The style sheet that puts it in the place of our own."""
        light, dark = _tokens(self.accent, LIGHT), _tokens(self.accent_dark, DARK)
        return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def contrast(one: str, other: str) -> float:
    """How much two colours differ, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _checked(said: str, behind: dict[str, str], where: str) -> str:
    colour = said.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", colour):
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise Unreadable(f"{said!r} is no colour. Write it as #0b5c66.")
    least = _least(colour, behind)
    if least < READABLE:
        instead = _until_readable(colour, behind, -0.02 if behind is LIGHT else 0.02)
        need = f"its contrast is {least:.1f}, and {READABLE} is needed. Take {instead}, for example."
        raise Unreadable(f"{colour} cannot be read on {where} pages: {need}")
    return colour


def _least(colour: str, behind: dict[str, str]) -> float:
    """The contrast where it is least: on paper, on the ground, on its own tint, and of what is written on it."""
    return min(
        *(contrast(colour, one) for one in behind.values()),
        contrast(colour, _tint(colour, behind)),
        contrast(_ink(colour), colour),
    )


def _until_readable(colour: str, behind: dict[str, str], step: float) -> str:
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in _parts(colour)))
    while _least(colour, behind) < READABLE and 0 <= lightness + step <= 1:
        lightness += step
        colour = _spell(tuple(255 * part for part in hls_to_rgb(hue, lightness, saturation)))
    return colour


def _tokens(colour: str, behind: dict[str, str]) -> str:
    return f"--accent:{colour};--accent-ink:{_ink(colour)};--accent-tint:{_tint(colour, behind)}"


def _ink(colour: str) -> str:
    return max(INKS, key=lambda ink: contrast(ink, colour))


def _tint(colour: str, behind: dict[str, str]) -> str:
    pairs = zip(_parts(colour), _parts(behind["paper"]), strict=True)
    return _spell(tuple(TINT * one + (1 - TINT) * other for one, other in pairs))


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def _spell(parts: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in parts)


def _luminance(colour: str) -> float:
    shares = [part / 255 for part in _parts(colour)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
