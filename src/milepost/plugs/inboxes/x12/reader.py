"""Purchase orders in X12 interchanges (850), each with its own part of the interchange as its original."""

from collections.abc import Iterator, Sequence

from milepost.kernel.refusals import Refusal
from milepost.plugs.inboxes.edi.drafting import OrderRead, certain, incoming, refusal, too_long, wrong_lines, wrong_sums
from milepost.plugs.inboxes.x12 import order
from milepost.plugs.inboxes.x12.envelope import ORDERS, Group, Interchange, Set, read
from milepost.plugs.inboxes.x12.tokens import is_x12
from milepost.way.intake.words import AS_IT_STANDS, Exchange, FormColumn, Incoming, Layout, OrderSheet

FORM, CONTENT_TYPE = "x12", "application/edi-x12"


class X12Orders:
    """Reads 850s. `currency` is that of orders that name none: the one agreed on with all who send here."""

    name, content_type = FORM, CONTENT_TYPE

    def __init__(self, *, currency: str) -> None:
        self._currency = currency

    def knows(self, body: bytes) -> bool:
        """Whether it begins like an interchange."""
        return is_x12(body)

    def columns(self) -> Sequence[FormColumn]:
        """Nothing: machines write it."""
        return ()

    def read(self, body: bytes, layout: Layout = AS_IT_STANDS) -> OrderSheet:
        """All orders of all interchanges; refusals point at segments."""
        wholes = read(body)
        if not wholes:
            return OrderSheet(form=FORM, refusals=(_no_interchange(),))
        refusals: list[Refusal] = []
        good: list[Incoming] = []
        count = 0
        alone = sum(len(whole.sets) for whole in wholes) == 1
        for whole in wholes:
            refusals += _structure(whole)
            for group, one in whole.sets:
                count += one.kind == ORDERS
                found, reasons = self._one(whole, group, one, body if alone else b"", len(good))
                refusals += reasons
                good += [found] if found else []
        return OrderSheet(
            incoming=tuple(good), refusals=tuple(refusals), orders=count, rows=sum(len(one.draft.lines) for one in good),
            form=FORM, encoding=wholes[0].tokens.encoding, exchange=_exchange(wholes),
        )  # fmt: skip

    def _one(
        self, whole: Interchange, group: Group, one: Set, body: bytes, index: int
    ) -> tuple[Incoming | None, list[Refusal]]:
        """The order of a set, or why there is none."""
        if one.kind != ORDERS:
            return None, [_not_an_order(one)]
        read_ = order.read(one)
        _name_customer(read_, whole)
        reasons = [*_syntax(one), *(_of_group(one) if group.codes else ()), *read_.refusals]
        reasons += [*wrong_lines(read_), *wrong_sums(read_), *too_long(read_)] if not reasons else []
        if reasons or whole.is_rejected:
            return None, reasons
        raw = body or whole.tokens.written((whole.header, group.header, *one.everything))
        return incoming(read_, raw=raw, content_type=CONTENT_TYPE, currency=self._currency, index=index), []


def _name_customer(read_: OrderRead, whole: Interchange) -> None:
    """Who ordered is whom the order names by a number; without one it is who sent the interchange."""
    if not read_.buyer.ref:
        read_.buyer.ref = whole.header[6].strip()
        read_.origins["customer.external_ref"] = certain("ISA06")


def _exchange(wholes: Sequence[Interchange]) -> Exchange:
    first = wholes[0]
    return Exchange(
        sender=first.sender, receiver=first.receiver, number=",".join(whole.number for whole in wholes),
        test=any(whole.is_test for whole in wholes),
    )  # fmt: skip


def _structure(whole: Interchange) -> Iterator[Refusal]:
    """Faults of the interchange and of its groups, in words."""
    for code in whole.codes:
        if whole.is_rejected:
            says, do = _INTERCHANGE.get(code, _BROKEN)
            yield refusal("bad_interchange", says, do, named=f"TA1 {code}", number=whole.number)
    for group in whole.groups:
        for code in group.codes:
            says, do = _GROUP.get(code, _BROKEN)
            yield refusal("bad_group", says, do, at=group.header.place, named=f"AK9 {code}", number=group.number)


_AGAIN = "Ask the sender to send it again, whole."
_BROKEN = ("Its structure is broken.", _AGAIN)
_INTERCHANGE = {
    "021": ("Interchange {number} says that it holds another number of groups than it does.", _AGAIN),
    "022": ("Interchange {number} has segments outside of any transaction set.", _AGAIN),
    "023": ("Interchange {number} is cut off: it has no end.", _AGAIN),
    "024": ("Interchange {number} holds nothing.", _AGAIN),
}
_GROUP = {
    "1": ("Group {number} does not hold purchase orders.", "Nothing else is read here."),
    "3": ("Group {number} is cut off: it has no end.", _AGAIN),
    "4": ("Group {number} bears another number at its end.", _AGAIN),
    "5": ("Group {number} says that it holds another number of orders than it does.", _AGAIN),
}


def _of_group(one: Set) -> Iterator[Refusal]:
    yield refusal(
        "group_rejected", "The group in which purchase order {number} stands is not whole.", _AGAIN, at=one.header.place,
        number=one.number,
    )  # fmt: skip


def _syntax(one: Set) -> Iterator[Refusal]:
    """Faults of a set in words; the 997 tells them in codes."""
    for code in one.codes:
        says = _SET.get(code, "Transaction set {number} is not sound.")
        yield refusal("bad_set", says, _AGAIN, at=one.header.place, named=f"AK5 {code}", number=one.number)
    for fault in one.inside:
        if not fault.elements:
            yield refusal(
                "segment_missing",
                "Segment {tag} is missing.",
                _AGAIN,
                at=one.header.place,
                named=fault.tag,
                tag=fault.tag,
            )
        for element in fault.elements:
            yield refusal(
                "bad_element", "{name} {what}: “{copy}”.", "Ask the sender to correct it and to send it again.",
                at=one.header.place + fault.place - 1, named=f"{fault.tag}{element.position:02}",
                name=f"{fault.tag}{element.position:02}", what=_ELEMENT.get(element.code, "is wrong"), copy=element.copy[:40],
            )  # fmt: skip


_SET = {
    "2": "Purchase order {number} is cut off: it has no end.",
    "3": "Purchase order {number} bears another control number at its end.",
    "4": "Purchase order {number} says that it has another number of segments than it has.",
    "7": "A purchase order has no control number.",
    "23": "The control number {number} stands in its group twice.",
}
_ELEMENT = {
    "1": "is missing", "2": "is missing beside what stands with it", "6": "is no number", "7": "is not what was counted",
    "8": "is no day",
}  # fmt: skip


def _not_an_order(one: Set) -> Refusal:
    return refusal(
        "not_an_order", "Transaction set {number} is a {kind}, not a purchase order.", "Nothing else is read here.",
        at=one.header.place, named="ST01", number=one.number, kind=one.kind or "nameless thing",
    )  # fmt: skip


def _no_interchange() -> Refusal:
    return refusal("no_interchange", "This is no X12 interchange that can be cut into segments.", _AGAIN)
