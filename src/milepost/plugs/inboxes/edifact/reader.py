"""Purchase orders in EDIFACT interchanges (ORDERS D.96A and later), each with its own part as its original."""

from collections.abc import Iterator, Sequence

from milepost.kernel.refusals import Refusal
from milepost.plugs.inboxes.edi.drafting import certain, incoming, refusal, too_long, wrong_lines, wrong_sums
from milepost.plugs.inboxes.edifact import order
from milepost.plugs.inboxes.edifact.envelope import ORDERS, Interchange, Message, read
from milepost.plugs.inboxes.edifact.tokens import is_edifact
from milepost.way.intake.words import AS_IT_STANDS, Exchange, FormColumn, Incoming, Layout, OrderSheet

FORM, CONTENT_TYPE = "edifact", "application/edifact"


class EdifactOrders:
    """Reads ORDERS. `currency` is that of orders that name none: the one agreed on with all who send here."""

    name, content_type = FORM, CONTENT_TYPE

    def __init__(self, *, currency: str) -> None:
        self._currency = currency

    def knows(self, body: bytes) -> bool:
        """Whether it begins like an interchange."""
        return is_edifact(body)

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
        alone = sum(len(whole.messages) for whole in wholes) == 1
        for whole in wholes:
            refusals += _structure(whole)
            for one in whole.messages:
                found, reasons = self._one(whole, one, body if alone else b"", len(good))
                refusals += reasons
                good += [found] if found else []
        return OrderSheet(
            incoming=tuple(good), refusals=tuple(refusals),
            orders=sum(one.kind == ORDERS for whole in wholes for one in whole.messages),
            rows=sum(len(one.draft.lines) for one in good), form=FORM, encoding=wholes[0].tokens.encoding,
            exchange=_exchange(wholes),
        )  # fmt: skip

    def _one(
        self, whole: Interchange, one: Message, body: bytes, index: int
    ) -> tuple[Incoming | None, Sequence[Refusal]]:
        """The order of a message, or why there is none."""
        if one.kind != ORDERS:
            return None, [_not_an_order(one)]
        read_ = order.read(one)
        if not read_.buyer.ref:
            read_.buyer.ref = whole.header.at(2, 0)
            read_.origins["customer.external_ref"] = certain("UNB 0004")
        reasons = [*_syntax(one), *read_.refusals]
        reasons += [*wrong_lines(read_), *wrong_sums(read_), *too_long(read_)] if not reasons else []
        if reasons or whole.codes:
            return None, reasons
        raw = body or whole.tokens.written((whole.header, *one.everything))
        return incoming(read_, raw=raw, content_type=CONTENT_TYPE, currency=self._currency, index=index), ()


def _exchange(wholes: Sequence[Interchange]) -> Exchange:
    first = wholes[0]
    return Exchange(
        sender=first.sender, receiver=first.receiver, number=",".join(whole.number for whole in wholes),
        test=any(whole.is_test for whole in wholes),
    )  # fmt: skip


_AGAIN = "Ask the sender to send it again, whole."
_INTERCHANGE = {
    "13": "Interchange {number} is cut off or has no number.",
    "15": "Interchange {number} has segments outside of any message.",
    "21": "Interchange {number} has characters that its character set does not know.",
    "28": "Interchange {number} bears another number at its end.",
    "29": "Interchange {number} says that it holds another number of messages than it does.",
    "32": "Interchange {number} holds nothing.",
}
_MESSAGE = {
    "13": "Order message {number} is cut off: it has no end.",
    "18": "The message reference {number} stands in its interchange twice.",
    "28": "Order message {number} bears another reference at its end.",
    "29": "Order message {number} says that it has another number of segments than it has.",
}
_ELEMENT = {"12": "is not a value that may stand there", "13": "is missing", "29": "is not what was counted"}


def _structure(whole: Interchange) -> Iterator[Refusal]:
    for code in whole.codes:
        says = _INTERCHANGE.get(code, "Interchange {number} is not sound.")
        yield refusal("bad_interchange", says, _AGAIN, named=f"UCI {code}", number=whole.number)


def _syntax(one: Message) -> Iterator[Refusal]:
    """Faults of a message in words; CONTRL tells them in codes."""
    for code in one.codes:
        says = _MESSAGE.get(code, "Order message {number} is not sound.")
        yield refusal("bad_set", says, _AGAIN, at=one.header.place, named=f"UCM {code}", number=one.number)
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
        for element, component, code in fault.elements:
            yield refusal(
                "bad_element", "In {copy} element {element}.{component} {what}.",
                "Ask the sender to correct it and to send it again.", at=one.header.place + fault.place - 1,
                named=f"{fault.tag} {element}.{component + 1}", copy=fault.copy, element=element, component=component + 1,
                what=_ELEMENT.get(code, "is wrong"),
            )  # fmt: skip


def _not_an_order(one: Message) -> Refusal:
    return refusal(
        "not_an_order", "Message {number} is a {kind}, not a purchase order.", "Nothing else is read here.",
        at=one.header.place, named="UNH", number=one.number, kind=one.kind or "nameless thing",
    )  # fmt: skip


def _no_interchange() -> Refusal:
    return refusal("no_interchange", "This is no EDIFACT interchange that can be cut into segments.", _AGAIN)
