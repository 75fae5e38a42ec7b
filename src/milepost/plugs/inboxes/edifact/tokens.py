"""From bytes to segments: service string advice, release character, character sets UNOA to UNOY (ISO 9735)."""

from collections.abc import Iterator
from dataclasses import dataclass

CHARSETS = {
    "UNOA": "ascii", "UNOB": "ascii", "UNOC": "iso8859-1", "UNOD": "iso8859-2", "UNOE": "iso8859-5", "UNOF": "iso8859-7",
    "UNOG": "iso8859-3", "UNOH": "iso8859-4", "UNOI": "iso8859-6", "UNOJ": "iso8859-8", "UNOK": "iso8859-9", "UNOL": "iso8859-15",
    "UNOW": "utf-8", "UNOX": "iso2022_jp_2", "UNOY": "utf-8",
}  # fmt: skip
"""Data element 0001, the level of the syntax identifier."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The service characters. An empty `release` or `repetition` is not in use."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    repetition: str = ""
    segment: str = "'"


LEVEL_B = Marks("\x1f", "\x1d", ".", "", "", "\x1c")
"""Service characters of UNOB that cannot be printed."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. `place` counts from 1 within its interchange; each element is its components."""

    place: int
    elements: tuple[tuple[str, ...], ...]
    raw: str

    @property
    def tag(self) -> str:
        """Its name."""
        return self.elements[0][0]

    def at(self, element: int, component: int = 0) -> str:
        """A component by its places: elements count from 1 as in the directories, components from 0; empty where left out."""
        if element >= len(self.elements) or component >= len(self.elements[element]):
            return ""
        return self.elements[element][component].strip()

    def all(self, element: int) -> list[str]:
        """All components of an element that are not empty."""
        parts = self.elements[element] if element < len(self.elements) else ()
        return [part.strip() for part in parts if part.strip()]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The segments of one interchange. `is_sound` is False where bytes are no characters of its character set."""

    marks: Marks
    encoding: str
    segments: tuple[Segment, ...]
    is_sound: bool = True

    def written(self, segments: tuple[Segment, ...]) -> bytes:
        """Segments as they came, behind the service string advice that reads them."""
        marks = self.marks
        una = f"UNA{marks.component}{marks.element}{marks.decimal}{marks.release or ' '}{marks.repetition or ' '}{marks.segment}"
        return "\n".join([una, *(one.raw + marks.segment for one in segments)]).encode(self.encoding, "replace")


def is_edifact(body: bytes) -> bool:
    """Whether it begins like an interchange."""
    head = body[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    return (head.startswith(b"UNA") and b"UNB" in head[9:20]) or (head.startswith(b"UNB") and not head[3:4].isalnum())


def interchanges(body: bytes) -> Iterator[Tokens]:
    """Each interchange of a body, in order. Never raises; what cannot be cut gives nothing."""
    text = body.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()
    while text.startswith(("UNA", "UNB")):
        marks, rest = _marks(text)
        if marks is None or not rest.startswith("UNB"):
            return
        end = _end(rest, marks)
        yield _tokens(rest[:end], marks)
        text = rest[end:].lstrip()


def _marks(text: str) -> tuple[Marks | None, str]:
    """The service characters and what follows them: by UNA, or the standard's own."""
    if not text.startswith("UNA"):
        return (LEVEL_B if text[3:4] == LEVEL_B.element else Marks()), text
    if len(text) < 9:
        return None, ""
    component, element, decimal, release, repetition, segment = tuple(text[3:9])
    named = [mark for mark in (component, element, release, segment) if mark != " "]
    if len(set(named)) < len(named) or len(named) < 3 or any(mark.isalnum() for mark in named):
        return None, ""
    marks = Marks(component, element, decimal, release.strip(), "" if repetition in " +:" else repetition, segment)
    return marks, text[9:].lstrip("\r\n \t" if segment not in "\r\n" else "")


def _end(text: str, marks: Marks) -> int:
    """Where the interchange ends: behind UNZ, or before the next one begins, or with the text."""
    place = 0
    for piece in _pieces(text, marks):
        name = piece.lstrip()[:3]
        if place and name in ("UNA", "UNB"):
            return place
        place += len(piece) + 1
        if name == "UNZ":
            break
    return min(place, len(text))


def _pieces(text: str, marks: Marks) -> Iterator[str]:
    """The text cut where segments end; a released mark ends none."""
    start = place = 0
    while place < len(text):
        if text[place] == marks.release and marks.release:
            place += 2
            continue
        if text[place] == marks.segment:
            yield text[start:place]
            start = place + 1
        place += 1
    if text[start:].strip():
        yield text[start:]


def _tokens(text: str, marks: Marks) -> Tokens:
    encoding, is_sound = _encoding(text, marks)
    found: list[Segment] = []
    for piece in _pieces(text, marks):
        plain = _in(piece, encoding).replace("\r", "").replace("\n", "").lstrip()
        if plain:
            elements = tuple(tuple(_split(element, marks)) for element in _cut(plain, marks.element, marks.release))
            found.append(Segment(len(found) + 1, elements, plain))
    return Tokens(marks, encoding, tuple(found), is_sound)


def _encoding(text: str, marks: Marks) -> tuple[str, bool]:
    """By which characters the interchange is written, and whether all of it is.

    Peers write names with accents under UNOA too; UTF-8 shows itself, so it is taken for that, and else for Latin-1.
    """
    level = text[4:8].upper()
    named = CHARSETS.get(level, "ascii")
    body = text.encode("latin-1", "replace")
    for encoding in dict.fromkeys((named, "utf-8", "iso8859-1") if named == "ascii" else (named,)):
        try:
            body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding, True
    return "iso8859-1", False


def _in(piece: str, encoding: str) -> str:
    return piece.encode("latin-1", "replace").decode(encoding, "replace")


def _cut(text: str, mark: str, release: str) -> Iterator[str]:
    """The text cut at a mark that is not released; release characters stay."""
    start = place = 0
    while place < len(text):
        if release and text[place] == release:
            place += 2
            continue
        if text[place] == mark:
            yield text[start:place]
            start = place + 1
        place += 1
    yield text[start:]


def _split(element: str, marks: Marks) -> Iterator[str]:
    """The components of an element, released characters as what they are. Of repetitions the first is taken."""
    first = next(_cut(element, marks.repetition, marks.release)) if marks.repetition else element
    for component in _cut(first, marks.component, marks.release):
        yield _released(component, marks.release)


def _released(text: str, release: str) -> str:
    if not release or release not in text:
        return text
    out, place = [], 0
    while place < len(text):
        if text[place] == release and place + 1 < len(text):
            place += 1
        out.append(text[place])
        place += 1
    return "".join(out)


def released(text: str, marks: Marks) -> str:
    """Text as it is written: service characters with the release character before them."""
    special = {marks.component, marks.element, marks.segment, marks.release, marks.repetition} - {""}
    if not marks.release:
        return "".join(" " if c in special else c for c in text)
    return "".join(f"{marks.release}{c}" if c in special else c for c in text)
