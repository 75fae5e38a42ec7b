"""Interchange, functional groups and transaction sets, with what is wrong with each in the standard's codes (X12.5, 997)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from milepost.plugs.inboxes.x12.tokens import Segment, Tokens, interchanges

ORDERS, GROUP = "850", "PO"
NUMBERS_DISAGREE, UNKNOWN_VERSION, GROUPS_DISAGREE, CUT_OFF, NO_GROUP, NUMBER_REUSED = (
    "001",
    "002",
    "021",
    "023",
    "024",
    "025",
)
BAD_CONTROL = "022"


@dataclass(slots=True)
class ElementFault:
    """An element in error: its position, number in the dictionary, code (element 723), and a copy of it."""

    position: int
    number: str
    code: str
    copy: str = ""


@dataclass(slots=True)
class SegmentFault:
    """A segment in error: where in its transaction set, its loop, the code (element 720), and its elements in error."""

    tag: str
    place: int
    code: str
    loop: str = ""
    elements: list[ElementFault] = field(default_factory=list)


@dataclass(slots=True)
class Set:
    """A transaction set. `codes` are of element 718; `inside` is filled in by whoever reads what it says."""

    header: Segment
    segments: list[Segment] = field(default_factory=list)
    trailer: Segment | None = None
    codes: list[str] = field(default_factory=list)
    inside: list[SegmentFault] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Which transaction set it is."""
        return self.header[1].strip()

    @property
    def number(self) -> str:
        """Its control number."""
        return self.header[2].strip()

    @property
    def all_codes(self) -> list[str]:
        """Why it is rejected, nothing when it is not."""
        return [*self.codes, *(["5"] if self.inside else [])]

    @property
    def everything(self) -> tuple[Segment, ...]:
        """All its segments with header and trailer."""
        return (self.header, *self.segments, *((self.trailer,) if self.trailer else ()))


@dataclass(slots=True)
class Group:
    """A functional group; `codes` are of element 716."""

    header: Segment
    sets: list[Set] = field(default_factory=list)
    trailer: Segment | None = None
    codes: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        """Its control number."""
        return self.header[6].strip()

    @property
    def stated(self) -> int:
        """How many transaction sets it says that it holds."""
        count = self.trailer[1].strip() if self.trailer else ""
        return int(count) if count.isdecimal() and len(count) < 7 else len(self.sets)


@dataclass(slots=True)
class Interchange:
    """An interchange; `codes` are those of its control structure (element I18), the first counts most."""

    tokens: Tokens
    header: Segment
    groups: list[Group] = field(default_factory=list)
    trailer: Segment | None = None
    codes: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        """Its control number."""
        return self.header[13].strip()

    @property
    def sender(self) -> str:
        """Who sent it: qualifier and id."""
        return f"{self.header[5].strip()}:{self.header[6].strip()}"

    @property
    def receiver(self) -> str:
        """For whom it is."""
        return f"{self.header[7].strip()}:{self.header[8].strip()}"

    @property
    def is_test(self) -> bool:
        """Whether its sender says that it is only a trial (ISA15)."""
        return self.header[15].strip().upper() == "T"

    @property
    def is_rejected(self) -> bool:
        """Whether nothing of it is taken. Of a control number that differs only at the end everything else is sound: every set
        has its own count and number; that is told, and the interchange taken (TA1 with E)."""
        return any(code != NUMBERS_DISAGREE for code in self.codes)

    @property
    def sets(self) -> list[tuple[Group, Set]]:
        """All transaction sets with their groups."""
        return [(group, one) for group in self.groups for one in group.sets]


def read(body: bytes) -> list[Interchange]:
    """The interchanges of a body. Never raises."""
    return [_read(tokens) for tokens in interchanges(body)]


def _read(tokens: Tokens) -> Interchange:
    header, *rest = tokens.segments
    whole = Interchange(tokens, header)
    _sort(whole, rest)
    whole.codes = list(_interchange_faults(whole))
    for group in whole.groups:
        times = Counter(one.number for one in group.sets)
        for one in group.sets:
            one.codes = list(_set_faults(one, times[one.number]))
        group.codes = list(_group_faults(group))
    return whole


def _sort(whole: Interchange, segments: list[Segment]) -> None:
    """Put each segment where it belongs."""
    group: Group | None = None
    current: Set | None = None
    for segment in segments:
        match segment.tag:
            case "GS":
                group, current = Group(segment), None
                whole.groups.append(group)
            case "ST" if group is not None:
                current = Set(segment)
                group.sets.append(current)
            case "SE" if current is not None:
                current.trailer, current = segment, None
            case "GE" if group is not None:
                group.trailer, group, current = segment, None, None
            case "IEA":
                whole.trailer = segment
            case "TA1":
                pass
            case _ if current is not None:
                current.segments.append(segment)
            case _:
                whole.codes.append(BAD_CONTROL)


def _interchange_faults(whole: Interchange) -> Iterator[str]:
    if whole.trailer is None:
        yield CUT_OFF
        return
    if whole.codes:
        yield BAD_CONTROL
    if not whole.groups:
        yield NO_GROUP
    if _count(whole.trailer[1]) != len(whole.groups):
        yield GROUPS_DISAGREE
    if whole.trailer[2].strip() != whole.number:
        yield NUMBERS_DISAGREE


def _group_faults(group: Group) -> Iterator[str]:
    """Element 716: 1 not supported, 3 trailer missing, 4 control numbers disagree, 5 count of sets disagrees."""
    if group.header[1].strip() != GROUP:
        yield "1"
    if group.trailer is None:
        yield "3"
        return
    if group.trailer[2].strip() != group.number:
        yield "4"
    if _count(group.trailer[1]) != len(group.sets):
        yield "5"


def _set_faults(one: Set, times: int) -> Iterator[str]:
    """Element 718: 1 not supported, 2 trailer missing, 3 control numbers disagree, 4 count of segments disagrees, 7 number
    missing, 23 number not unique in its group."""
    if one.kind != ORDERS:
        yield "1"
    if one.trailer is None:
        yield "2"
        return
    if not one.number:
        yield "7"
    if one.trailer[2].strip() != one.number:
        yield "3"
    if _count(one.trailer[1]) != len(one.segments) + 2:
        yield "4"
    if times > 1:
        yield "23"


def _count(text: str) -> int:
    plain = text.strip()
    return int(plain) if plain.isdecimal() and len(plain) <= 10 else -1
