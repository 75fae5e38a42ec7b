"""How long a text is as an SMS: the GSM 7-bit alphabet or UCS-2 (3GPP TS 23.038), and concatenation (3GPP TS 23.040).

A text whose characters all stand in the GSM alphabet takes 7 bits each, those of the extension table two places; one other
character makes all of it UCS-2. One segment has room for 160 or 70, each of several for 153 or 67, because their header takes
six octets. What takes two places is not cut in two.
"""

from collections.abc import Iterable
from dataclasses import dataclass

GSM_7, UCS_2 = "GSM-7", "UCS-2"
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
ROOM = {GSM_7: (160, 153), UCS_2: (70, 67)}
ALIKE = str.maketrans({
    "‘": "'", "’": "'", "\u201a": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u202f": " ",
    "\u2009": " ", "\u200b": "", "\ufeff": "", "\t": " ",
})  # fmt: skip
"""Typographic characters that would make a whole message UCS-2, as people type them on a telephone."""


@dataclass(frozen=True, slots=True)
class Segments:
    """The encoding that a text needs, its length in places of that encoding, and how many segments it takes."""

    encoding: str
    length: int
    segments: int


def plain(text: str) -> str:
    """The text with simple quotes, dashes and spaces where that makes it fit the GSM alphabet; otherwise as it is."""
    simple = text.translate(ALIKE)
    return simple if fits_gsm(simple) else text


def fits_gsm(text: str) -> bool:
    """Whether each character stands in the GSM 7-bit alphabet or its extension table."""
    return all(c in BASIC or c in EXTENSION for c in text)


def measure(text: str) -> Segments:
    """The segments of a text; an empty one takes one."""
    encoding = GSM_7 if fits_gsm(text) else UCS_2
    places = [_places(c, encoding) for c in text]
    alone, together = ROOM[encoding]
    length = sum(places)
    return Segments(encoding, length, 1 if length <= alone else _cut(places, together))


def _places(character: str, encoding: str) -> int:
    if encoding == GSM_7:
        return 2 if character in EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1


def _cut(places: Iterable[int], room: int) -> int:
    segments, left = 1, room
    for one in places:
        if one > left:
            segments, left = segments + 1, room
        left -= one
    return segments
