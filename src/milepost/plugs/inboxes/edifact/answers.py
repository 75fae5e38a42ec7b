"""What partners are answered in EDIFACT: CONTRL for what was received, ORDRSP for what became of an order."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from milepost.plugs.inboxes.edi.values import number as number_in
from milepost.plugs.inboxes.edifact import order
from milepost.plugs.inboxes.edifact.envelope import BAD_VALUE, NUMBER_REUSED, ORDERS, Interchange, Message, read
from milepost.plugs.inboxes.edifact.reader import CONTENT_TYPE, FORM
from milepost.plugs.inboxes.edifact.tokens import Marks, Segment, released
from milepost.way.intake.words import Answer, LineResponse, OrderResponse, Response

Element = str | tuple[str, ...]
Line = tuple[Element, ...]
ACKNOWLEDGED, REJECTED = "7", "4"
"""0083: this level is acknowledged and the next unless it says otherwise; this level and all below are rejected."""


class EdifactAnswers:
    """Answers interchanges of ORDERS; service characters, syntax level and ids are those of who sent them."""

    name = FORM

    def acknowledge(
        self, body: bytes, *, number: int, at: datetime, asked: bool = False, reused: bool = False
    ) -> Answer | None:
        """A CONTRL where anything is rejected, where the interchange asks for it (0031), or when `asked`."""
        wholes = read(body)
        for whole in wholes:
            whole.codes += [NUMBER_REUSED] if reused else []
            for one in whole.messages:
                if one.kind == ORDERS:
                    order.read(one)
        if not wholes or not (asked or any(_is_faulty(whole) or whole.wants_report for whole in wholes)):
            return None
        parts = [
            _interchange(whole, "CONTRL", ("CONTRL", "2", "2", "UN"), _report(whole), number * 100 + place, at)
            for place, whole in enumerate(wholes)
        ]
        return Answer(kind="CONTRL", name=f"CONTRL-{number:07}.edi", content_type=CONTENT_TYPE, body=b"\n".join(parts))

    def respond(self, original: bytes, response: OrderResponse, *, number: int, at: datetime) -> Answer | None:
        """An ORDRSP with the state of each line of the order."""
        whole = next(iter(read(original)), None)
        if whole is None or not whole.messages:
            return None
        one = whole.messages[0]
        kind = ("ORDRSP", one.header.at(2, 1) or "D", one.header.at(2, 2) or "96A", one.header.at(2, 3) or "UN")
        body = _interchange(whole, "ORDRSP", kind, _response(one, response, at), number * 100, at)
        name = f"ORDRSP-{response.reference}-{number}.edi"
        return Answer(kind="ORDRSP", name=name, content_type=CONTENT_TYPE, body=body)


def _is_faulty(whole: Interchange) -> bool:
    return bool(whole.codes) or any(one.codes or one.inside for one in whole.messages)


def _report(whole: Interchange) -> Iterator[Line]:
    """UCI for the interchange, and for each message that is rejected UCM, its segments and its data elements in error."""
    unb = whole.header
    parties = (unb.elements[2] if len(unb.elements) > 2 else ("",), unb.elements[3] if len(unb.elements) > 3 else ("",))
    if whole.codes:
        yield ("UCI", whole.number, *parties, REJECTED, whole.codes[0])
        return
    yield ("UCI", whole.number, *parties, ACKNOWLEDGED)
    for one in whole.messages:
        if one.codes or one.inside:
            kind = tuple(one.header.at(2, place) for place in range(4))
            yield ("UCM", one.number, kind, REJECTED, one.codes[0] if one.codes else BAD_VALUE)
            yield from _segments_in_error(one)


def _segments_in_error(one: Message) -> Iterator[Line]:
    for fault in one.inside:
        yield ("UCS", str(fault.place), fault.code)
        for element, component, code in fault.elements:
            yield ("UCD", code, (str(element), str(component + 1)))


_FUNCTIONS = {Response.ACCEPTED: "29", Response.CHANGED: "4", Response.REFUSED: "27"}
"""1225: accepted without amendment, changed, not accepted."""


def _response(one: Message, response: OrderResponse, at: datetime) -> Iterator[Line]:
    """Header with references, the parties as they were named, the lines, and their count."""
    bgm = _first(one, "BGM")
    yield ("BGM", "231", response.reference, _FUNCTIONS[response.response])
    yield ("DTM", ("137", f"{at:%Y%m%d%H%M}", "203"))
    if response.deliver_on:
        yield ("DTM", ("67", f"{response.deliver_on:%Y%m%d}", "102"))
    yield ("RFF", ("ON", bgm.at(2, 0) if bgm else ""))
    for segment in _header(one, "NAD"):
        if segment.at(1) in ("BY", "SU", "DP", "ST"):
            yield ("NAD", segment.at(1), tuple(segment.elements[2]) if len(segment.elements) > 2 else "")
    yield ("CUX", ("2", response.currency, "9"))
    asked = _lines(one)
    for line in response.lines:
        yield from _line(line, asked[line.position - 1] if line.position <= len(asked) else [], response)
    yield ("UNS", "S")
    yield ("CNT", ("2", str(len(response.lines))))


def _first(one: Message, tag: str) -> Segment | None:
    return next((segment for segment in one.segments if segment.tag == tag), None)


def _header(one: Message, tag: str) -> Iterator[Segment]:
    for segment in one.segments:
        if segment.tag == "LIN":
            return
        if segment.tag == tag:
            yield segment


def _lines(one: Message) -> list[list[Segment]]:
    """The segments of each line as it was ordered."""
    found: list[list[Segment]] = []
    for segment in one.segments:
        if segment.tag == "LIN":
            found.append([segment])
        elif segment.tag == "UNS":
            break
        elif found:
            found[-1].append(segment)
    return found


def _line(line: LineResponse, asked: list[Segment], response: OrderResponse) -> Iterator[Line]:
    refused = line.cancelled or response.response == Response.REFUSED
    ordered = next((one for one in asked if one.tag == "QTY" and one.at(1, 0) == "21"), None)
    price = next((one for one in asked if one.tag == "PRI" and one.at(1, 0) in ("AAA", "AAB")), None)
    unit = ordered.at(1, 2) if ordered else ""
    wanted = number_in(ordered.at(1, 1), comma=True) if ordered else None
    changed = not asked or wanted != line.quantity or bool(line.short) or _repriced(price, line)
    number = asked[0].at(1) if asked else str(line.position)
    item = tuple(asked[0].elements[3]) if asked and len(asked[0].elements) > 3 else (line.code, "SA")
    yield ("LIN", number, "7" if refused else "3" if changed else "5", item)
    for pia in asked:
        if pia.tag == "PIA":
            yield tuple(pia.elements)
    now = Decimal(0) if refused else line.quantity - line.short
    yield ("QTY", ("21", _plain(wanted if wanted is not None else line.quantity), *([unit] if unit else [])))
    yield ("QTY", ("113", _plain(now), *([unit] if unit else [])))
    if line.short and not refused:
        yield ("QTY", ("83", _plain(line.short), *([unit] if unit else [])))
        if line.short_until:
            yield ("DTM", ("67", f"{line.short_until:%Y%m%d}", "102"))
    yield ("PRI", ("AAA", _plain(line.unit_price)))


def _repriced(price: Segment | None, line: LineResponse) -> bool:
    """Whether it costs something else than was stated for one; a price for many is not compared."""
    if price is None or price.at(1, 4):
        return False
    return number_in(price.at(1, 1), comma=True) != line.unit_price


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _interchange(
    whole: Interchange, name: str, kind: tuple[str, ...], lines: Iterable[Line], number: int, at: datetime
) -> bytes:
    """An interchange back to who sent `whole`, at their syntax level and with their service characters."""
    unb, control = whole.header, f"{number % 10**14}"
    ours = list(lines)
    level = tuple(unb.elements[1]) if len(unb.elements) > 1 else ("UNOC", "3")
    sender, receiver = (tuple(unb.elements[place]) if len(unb.elements) > place else ("",) for place in (2, 3))
    date = f"{at:%Y%m%d}" if level[1:2] >= ("4",) else f"{at:%y%m%d}"
    head: list[Line] = [("UNB", level, receiver, sender, (date, f"{at:%H%M}"), control)]
    if whole.is_test:
        head = [(*head[0], "", "", "", "", "", "1")]
    head.append(("UNH", "1", kind))
    tail: list[Line] = [("UNT", str(len(ours) + 2), "1"), ("UNZ", "1", control)]
    marks = whole.tokens.marks
    una = "" if marks == Marks() else (
        f"UNA{marks.component}{marks.element}{marks.decimal}{marks.release or ' '}{marks.repetition or ' '}{marks.segment}\n"
    )  # fmt: skip
    text = "\n".join(_written(line, marks) for line in [*head, *ours, *tail])
    return f"{una}{text}\n".encode(whole.tokens.encoding, "replace")


def _written(line: Line, marks: Marks) -> str:
    """A segment without empty components and elements at the end."""
    elements = [_element(element, marks) for element in line]
    while len(elements) > 1 and not elements[-1]:
        elements.pop()
    return marks.element.join(elements) + marks.segment


def _element(element: Element, marks: Marks) -> str:
    parts = [released(part, marks) for part in ((element,) if isinstance(element, str) else element)]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return marks.component.join(parts)
