"""Interchange and messages, with what is wrong with each in the standard's codes (ISO 9735, data element 0085 of CONTRL)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from milepost.plugs.inboxes.edifact.tokens import Segment, Tokens, interchanges

ORDERS = "ORDERS"
BAD_VALUE, MISSING, BAD_CHARACTERS, NUMBERS_DISAGREE, COUNTS_DISAGREE, NOTHING_IN_IT, NOT_SUPPORTED, UNSPECIFIED, NUMBER_REUSED = (
    "12", "13", "21", "28", "29", "32", "15", "18", "26",
)  # fmt: skip


@dataclass(slots=True)
class SegmentFault:
    """A segment in error: its place in the message, code, and its data elements in error as (element, component, code)."""

    place: int
    code: str
    tag: str
    elements: list[tuple[int, int, str]] = field(default_factory=list)
    copy: str = ""


@dataclass(slots=True)
class Message:
    """A message from UNH to UNT."""

    header: Segment
    segments: list[Segment] = field(default_factory=list)
    trailer: Segment | None = None
    codes: list[str] = field(default_factory=list)
    inside: list[SegmentFault] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Which message it is."""
        return self.header.at(2, 0).upper()

    @property
    def number(self) -> str:
        """Its reference."""
        return self.header.at(1)

    @property
    def everything(self) -> tuple[Segment, ...]:
        """All its segments."""
        return (self.header, *self.segments, *((self.trailer,) if self.trailer else ()))


@dataclass(slots=True)
class Interchange:
    """An interchange from UNB to UNZ."""

    tokens: Tokens
    header: Segment
    messages: list[Message] = field(default_factory=list)
    groups: int = 0
    trailer: Segment | None = None
    stray: list[Segment] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        """Its control reference."""
        return self.header.at(5)

    @property
    def sender(self) -> str:
        """Who sent it: id and qualifier."""
        return f"{self.header.at(2, 1)}:{self.header.at(2, 0)}"

    @property
    def receiver(self) -> str:
        """For whom it is."""
        return f"{self.header.at(3, 1)}:{self.header.at(3, 0)}"

    @property
    def is_test(self) -> bool:
        """Whether its sender says that it is only a trial (0035)."""
        return self.header.at(11) == "1"

    @property
    def wants_report(self) -> bool:
        """Whether its sender asks to hear that it came (0031)."""
        return self.header.at(9) in ("1", "2")


def read(body: bytes) -> list[Interchange]:
    """The interchanges of a body. Never raises."""
    return [_read(tokens) for tokens in interchanges(body)]


def _read(tokens: Tokens) -> Interchange:
    header, *rest = tokens.segments
    whole = Interchange(tokens, header)
    current: Message | None = None
    for segment in rest:
        current = _put(whole, current, segment)
    whole.codes = list(_interchange_faults(whole))
    times = Counter(one.number for one in whole.messages)
    for one in whole.messages:
        one.codes = list(_message_faults(one, times[one.number]))
    return whole


def _put(whole: Interchange, current: Message | None, segment: Segment) -> Message | None:
    """Put a segment where it belongs; returns the message that is open behind it."""
    match segment.tag:
        case "UNH":
            whole.messages.append(Message(segment))
            return whole.messages[-1]
        case "UNT" if current is not None:
            current.trailer = segment
            return None
        case "UNG":
            whole.groups += 1
        case "UNE":
            pass
        case "UNZ":
            whole.trailer = segment
            return None
        case _ if current is not None:
            current.segments.append(segment)
            return current
        case _:
            whole.stray.append(segment)
    return None


def _interchange_faults(whole: Interchange) -> Iterator[str]:
    if not whole.tokens.is_sound:
        yield BAD_CHARACTERS
    if not whole.number:
        yield MISSING
    if whole.trailer is None:
        yield MISSING
        return
    if whole.stray:
        yield NOT_SUPPORTED
    if not whole.messages:
        yield NOTHING_IN_IT
    if whole.trailer.at(2) != whole.number:
        yield NUMBERS_DISAGREE
    if _count(whole.trailer.at(1)) not in {whole.groups or len(whole.messages), len(whole.messages)}:
        yield COUNTS_DISAGREE


def _message_faults(one: Message, times: int) -> Iterator[str]:
    if one.kind != ORDERS:
        yield BAD_VALUE
    if one.trailer is None:
        yield MISSING
        return
    if one.trailer.at(2) != one.number:
        yield NUMBERS_DISAGREE
    if _count(one.trailer.at(1)) != len(one.segments) + 2:
        yield COUNTS_DISAGREE
    if times > 1:
        yield UNSPECIFIED


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 10 else -1
