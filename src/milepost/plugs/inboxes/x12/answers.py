"""What partners are answered in X12: TA1 and 997 for what was received, 855 for what became of an order."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from milepost.plugs.inboxes.edi.values import number as number_in
from milepost.plugs.inboxes.x12 import order
from milepost.plugs.inboxes.x12.envelope import NUMBER_REUSED, NUMBERS_DISAGREE, Group, Interchange, Set, read
from milepost.plugs.inboxes.x12.reader import CONTENT_TYPE, FORM
from milepost.plugs.inboxes.x12.tokens import Delimiters, Segment
from milepost.way.intake.words import Answer, LineResponse, OrderResponse, Response

Elements = Sequence[str]
ACCEPTED, WITH_ERRORS, PARTLY, REJECTED = "A", "E", "P", "R"
OURS, THEIRS = "00401", "004010"


class X12Answers:
    """Answers interchanges of 850s; delimiters, versions and qualifiers are those of who sent them."""

    name = FORM

    def acknowledge(
        self, body: bytes, *, number: int, at: datetime, asked: bool = False, reused: bool = False
    ) -> Answer | None:
        """A 997 for each group, always; a TA1 where the interchange asks for one or is not sound. None for what is none."""
        wholes = read(body)
        if not wholes:
            return None
        for whole in wholes:
            whole.codes += [NUMBER_REUSED] if reused else []
            for _, one in whole.sets:
                _look_into(one)
        parts = [_acknowledged(whole, number * 100 + place, at) for place, whole in enumerate(wholes)]
        return Answer(kind="997", name=f"997-{number:07}.edi", content_type=CONTENT_TYPE, body=b"\n".join(parts))

    def respond(self, original: bytes, response: OrderResponse, *, number: int, at: datetime) -> Answer | None:
        """An 855 with the state of each line of the order."""
        whole = next(iter(read(original)), None)
        if whole is None or not whole.sets:
            return None
        group, one = whole.sets[0]
        segments = list(_acknowledgement_of(one, response, at))
        body = _interchange(whole, "PR", group, [("855", segments)], number * 100, at)
        return Answer(kind="855", name=f"855-{response.reference}-{number}.edi", content_type=CONTENT_TYPE, body=body)


def _look_into(one: Set) -> None:
    if one.kind == "850":
        order.read(one)


def _acknowledged(whole: Interchange, number: int, at: datetime) -> bytes:
    ta1 = list(_ta1(whole)) if whole.codes or whole.header[14].strip() == "1" else []
    sets = (
        [] if whole.is_rejected and not whole.groups else [("997", list(_ak(whole, group))) for group in whole.groups]
    )
    return _interchange(whole, "FA", whole.groups[0] if whole.groups else None, sets, number, at, before=ta1)


def _ta1(whole: Interchange) -> Iterator[Elements]:
    """Interchange acknowledgement: E takes it with a remark, R does not take it."""
    verdict = REJECTED if whole.is_rejected else WITH_ERRORS if whole.codes else ACCEPTED
    fatal = [code for code in whole.codes if code != NUMBERS_DISAGREE]
    code = (fatal or whole.codes or ["000"])[0]
    yield ("TA1", whole.number, whole.header[9], whole.header[10], verdict, code)


def _ak(whole: Interchange, group: Group) -> Iterator[Elements]:
    """What a 997 says of one group (element 715 and 717)."""
    refuse_all = bool(group.codes) or whole.is_rejected
    yield ("AK1", group.header[1].strip(), group.number)
    for one in group.sets:
        yield ("AK2", one.kind, one.number)
        for fault in one.inside:
            yield _trimmed("AK3", fault.tag, str(fault.place), fault.loop[:6], fault.code)
            for element in fault.elements:
                yield _trimmed("AK4", str(element.position), element.number, element.code, element.copy[:99])
        codes = one.all_codes[:5] or (["5"] if refuse_all else [])
        yield ("AK5", REJECTED if codes else ACCEPTED, *codes)
    good = 0 if refuse_all else sum(not one.all_codes for one in group.sets)
    verdict = ACCEPTED if good == len(group.sets) and not refuse_all else PARTLY if good else REJECTED
    yield ("AK9", verdict, str(group.stated), str(len(group.sets)), str(good), *group.codes[:5])


def _trimmed(*elements: str) -> Elements:
    """Without empty elements at the end, which the standard forbids."""
    kept = list(elements)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _acknowledgement_of(one: Set, response: OrderResponse, at: datetime) -> Iterator[Elements]:
    """BAK, currency, lines with their states, and the count of lines."""
    beg = next((segment for segment in one.segments if segment.tag == "BEG"), None)
    po, dated, release = (beg[3], beg[5], beg[4]) if beg else ("", "", "")
    purpose = "05" if response.again else "00"
    yield _trimmed(
        "BAK", purpose, _TYPES[response.response], po, dated, release, "", "", response.reference, f"{at:%Y%m%d}"
    )
    yield ("CUR", "SE", response.currency)
    asked = [segment for segment in one.segments if segment.tag == "PO1"]
    for line in response.lines:
        yield from _line(line, asked[line.position - 1] if line.position <= len(asked) else None, response)
    yield ("CTT", str(len(response.lines)))


_TYPES = {Response.ACCEPTED: "AD", Response.CHANGED: "AC", Response.REFUSED: "RD"}
"""Element 587: with detail and no change, with detail and change, rejected with detail."""


def _line(line: LineResponse, po1: Segment | None, response: OrderResponse) -> Iterator[Elements]:
    unit = po1[3].strip() if po1 else "EA"
    told: Elements
    if po1 is None:
        told = ("PO1", str(line.position), _plain(line.quantity), unit, _plain(line.unit_price), "", "VP", line.code)
    else:
        told = tuple(text.strip() for text in po1.elements)
    yield _trimmed(*told)
    if line.cancelled or response.response == Response.REFUSED:
        yield _trimmed("ACK", "ID" if line.cancelled else "IR", _plain(line.quantity or _asked(po1)), unit)
        return
    now = line.quantity - line.short
    if now > 0:
        yield _trimmed("ACK", _status(line, po1), _plain(now), unit, *_when("067", response.deliver_on))
    if line.short > 0:
        yield _trimmed("ACK", "IB", _plain(line.short), unit, *_when("067", line.short_until))


def _status(line: LineResponse, po1: Segment | None) -> str:
    """Element 668: accepted, or with what was changed."""
    if po1 is None:
        return "IA"
    changes = []
    if _asked(po1) != line.quantity:
        changes.append("IQ")
    if po1[4].strip() and not po1[5].strip() and _decimal(po1[4]) != line.unit_price:
        changes.append("IP")
    return "IC" if len(changes) > 1 else changes[0] if changes else "IA"


def _asked(po1: Segment | None) -> Decimal:
    return _decimal(po1[2]) if po1 else Decimal(0)


def _decimal(text: str) -> Decimal:
    return number_in(text.strip()) or Decimal(0)


def _when(qualifier: str, day: object) -> Elements:
    return (qualifier, f"{day:%Y%m%d}") if day else ()


def _plain(value: Decimal) -> str:
    text = f"{value.normalize():f}"
    return text.removeprefix("0") if text.startswith("0.") else text


def _interchange(
    whole: Interchange, kind: str, group: Group | None, sets: Sequence[tuple[str, list[Elements]]], number: int, at: datetime,
    *, before: Iterable[Elements] = (),
) -> bytes:  # fmt: skip
    """An interchange back to who sent `whole`, in their version and with their delimiters."""
    isa = whole.header
    control = f"{number % 10**9:09}"
    lines: list[Elements] = [
        ("ISA", "00", " " * 10, "00", " " * 10, f"{isa[7]:<2.2}", f"{isa[8]:<15.15}", f"{isa[5]:<2.2}", f"{isa[6]:<15.15}",
         f"{at:%y%m%d}", f"{at:%H%M}", isa[11], isa[12].strip() or OURS, control, "0", isa[15].strip() or "P", isa[16][:1]),
        *before,
    ]  # fmt: skip
    if group is not None and sets:
        gs = group.header
        version = gs[8].strip() or THEIRS
        lines.append(
            ("GS", kind, gs[3].strip(), gs[2].strip(), f"{at:%Y%m%d}", f"{at:%H%M}", str(number), "X", version)
        )
        for place, (name, segments) in enumerate(sets, start=1):
            own = f"{place:04}"
            lines += [("ST", name, own), *segments, ("SE", str(len(segments) + 2), own)]
        lines.append(("GE", str(len(sets)), str(number)))
    lines.append(("IEA", "1" if group is not None and sets else "0", control))
    return _written(lines, whole.tokens.delimiters, whole.tokens.encoding)


def _written(lines: Iterable[Elements], by: Delimiters, encoding: str) -> bytes:
    """Segments as bytes; characters that would be taken for delimiters become spaces, ISA's own stand as they are."""
    unsafe = {ord(mark): " " for mark in (by.element, by.segment, by.component, by.repetition) if mark}
    end = by.segment if by.segment == "\n" else f"{by.segment}\n"
    texts = [
        by.element.join(line if line[0] == "ISA" else [element.translate(unsafe) for element in line]) for line in lines
    ]
    return "".join(text + end for text in texts).encode(encoding, "replace")
