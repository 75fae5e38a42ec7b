"""From bytes to segments: an interchange says in its first segment by which characters it is cut (X12.5, X12.6)."""

from collections.abc import Iterator
from dataclasses import dataclass

ISA_ELEMENTS = 16
FIRST_WITH_REPETITION = "00402"


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What separates elements, their components and repetitions, and what ends a segment."""

    element: str
    component: str
    repetition: str
    segment: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. `place` counts from 1 within its interchange."""

    place: int
    elements: tuple[str, ...]

    @property
    def tag(self) -> str:
        """Its name."""
        return self.elements[0]

    def __getitem__(self, position: int) -> str:
        """The element at a position, counted as the standard does; empty where it was left out."""
        return self.elements[position] if position < len(self.elements) else ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The segments of one interchange."""

    delimiters: Delimiters
    encoding: str
    segments: tuple[Segment, ...]

    def written(self, segments: tuple[Segment, ...]) -> bytes:
        """Segments as bytes again."""
        end = self.delimiters.segment
        lines = [self.delimiters.element.join(one.elements) + end for one in segments]
        return ("" if end == "\n" else "\n").join(lines).encode(self.encoding)


def is_x12(body: bytes) -> bool:
    """Whether it begins like an interchange."""
    head = body[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"ISA") and len(head) > 3 and not head[3:4].isalnum()


def interchanges(body: bytes) -> Iterator[Tokens]:
    """Each interchange of a body, in order. Never raises; what cannot be cut gives nothing."""
    text, encoding = _decoded(body)
    text = text.lstrip("\ufeff \t\r\n")
    while text.startswith("ISA"):
        delimiters = _delimiters(text)
        if delimiters is None:
            return
        segments, text = _cut(text, delimiters)
        yield Tokens(delimiters, encoding, segments)


def _decoded(body: bytes) -> tuple[str, str]:
    """X12 names no character set: UTF-8 where it is that, Latin-1 otherwise, which can hold any byte."""
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return body.decode("latin-1"), "latin-1"


def _delimiters(text: str) -> Delimiters | None:
    """As ISA says them: what follows its name, its eleventh and its sixteenth element, and what stands behind that.

    ISA has fixed widths, but peers break it over lines; so its elements are counted and not its characters.
    """
    element = text[3:4]
    if not element or element.isalnum() or element.isspace():
        return None
    parts = text[:400].split(element, ISA_ELEMENTS)
    if len(parts) <= ISA_ELEMENTS or len(parts[ISA_ELEMENTS]) < 2:
        return None
    component, segment = parts[ISA_ELEMENTS][0], parts[ISA_ELEMENTS][1]
    if segment == "\r":
        segment = "\n"
    version, repetition = parts[12].strip(), parts[11].strip()
    has_repetition = version >= FIRST_WITH_REPETITION and len(repetition) == 1 and not repetition.isalnum()
    if len({element, component, segment}) < 3 or segment.isalnum() or component.isalnum():
        return None
    return Delimiters(element, component, repetition if has_repetition else "", segment)


def _cut(text: str, delimiters: Delimiters) -> tuple[tuple[Segment, ...], str]:
    """The segments up to the end of the interchange, and the text behind it.

    New lines are no part of the data in any character set of X12: they end segments or were put in by somebody on the way.
    """
    plain = text.replace("\r", "") if delimiters.segment == "\n" else text.replace("\r", "").replace("\n", "")
    found: list[Segment] = []
    start = 0
    while start < len(plain):
        end = plain.find(delimiters.segment, start)
        end = len(plain) if end < 0 else end
        piece = plain[start:end]
        if found and piece.lstrip().startswith(f"ISA{delimiters.element}"):
            break
        start = end + 1
        if piece.strip():
            elements = tuple(piece.lstrip().split(delimiters.element))
            found.append(Segment(len(found) + 1, (elements[0].strip().upper(), *elements[1:])))
            if found[-1].tag == "IEA":
                break
    return tuple(found), plain[start:].lstrip("\ufeff \t\r\n")
