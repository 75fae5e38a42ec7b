"""Messages that people write: an order where everything is certain, an open request where a person must look, or none (REC-1).

What is read stands behind `ports.MailReader`; what becomes of it is decided here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings

from milepost.ground import journal
from milepost.ground.arrivals.words import ArrivalCard, Outcome, State
from milepost.ground.catalog import queries as catalog
from milepost.ground.catalog.words import ItemCard
from milepost.ground.parties import queries as parties
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.kernel.texts import printable
from milepost.way.intake import ports
from milepost.way.intake.commands.complete import complete
from milepost.way.intake.commands.documents import keep_document
from milepost.way.intake.commands.open import keep_open
from milepost.way.intake.commands.receive import receive
from milepost.way.intake.facts import MailAsks, MailNotRead
from milepost.way.intake.numbers import references
from milepost.way.intake.opened import by_arrival
from milepost.way.intake.reading import Doubt, Known, MailKind, MailReading, origins_json
from milepost.way.intake.words import Incoming, Receipt, RequestState

CHANNEL = "email"
READ = "message/rfc822"
IN_FILES = "Its orders are in the files that came with it."
COVERS = frozenset({"attachment", "no_lines", "no_address", "which_address"})
TO_COMPLETE = "A person completes it."
SAID = {
    MailKind.AUTO: "Written by a machine: no order comes of it, and no answer.",
    MailKind.INQUIRY: "This is no order: somebody answers it.",
    MailKind.UNREADABLE: "Nothing in this message can be read.",
}


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around one message; loaded for all messages of a batch at once."""

    now: datetime
    cards: Mapping[str, ItemCard]
    senders: Mapping[str, Known]
    own_addresses: Sequence[str]
    currency: str

    def items(self, codes: Sequence[str]) -> Mapping[str, ItemCard]:
        """The items behind these codes."""
        return {code: self.cards[code] for code in codes if code in self.cards}

    def sender(self, address: str) -> Known:
        """What is on record of an address."""
        return self.senders.get(address, Known())

    def is_reference(self, text: str) -> bool:
        """Whether this is a reference of ours."""
        return references().find(text) is not None


def take_mail(arrivals: Sequence[ArrivalCard], act: Act) -> list[Outcome]:
    """Work on messages that arrived; the handler of the source "email". Places what is certain, opens what is not.

    A constant number of statements for any number of messages.
    """
    act = replace(act, channel=CHANNEL)
    readings = _read(arrivals)
    with journal.together():
        again = {**_enclosed(arrivals, readings, act), **_again(arrivals, readings, act)}
        fresh = [place for place in range(len(arrivals)) if place not in again]
        placed = _placed(fresh, arrivals, readings, act)
        opened = _opened(fresh, arrivals, readings, placed, act)
        _hand_over(arrivals, readings, act)
        _tell_unreadable(arrivals, readings, act)
    return [
        again.get(place) or _outcome(reading, placed.get(place), opened.get(place))
        for place, reading in enumerate(readings)
    ]


def _enclosed(arrivals: Sequence[ArrivalCard], readings: Sequence[MailReading], act: Act) -> dict[int, Outcome]:
    """Orders in files that a known customer attached to a message that says nothing else: kept as documents, and worked on so."""
    outcomes: dict[int, Outcome] = {}
    for place, reading in enumerate(readings):
        if is_cover(reading) and all(ports.reader_of(one.body) for one in reading.attachments):
            kept = [
                keep_document(one.body, sender=reading.sender, name=printable(one.name, 200), act=act)
                for one in reading.attachments
            ]
            about = str(kept[0].arrival_id)
            outcomes[place] = Outcome(state=State.PROCESSED, code="documents", sentence=IN_FILES, about=about)
    return outcomes


def is_cover(reading: MailReading) -> bool:
    """Whether a message is no more than the cover of what a known customer attached to it."""
    doubts = {one.code for one in reading.doubts}
    has_lines = reading.draft is not None and bool(reading.draft.lines)
    return reading.kind == MailKind.ORDER and bool(reading.attachments) and not has_lines and doubts <= COVERS


def _again(arrivals: Sequence[ArrivalCard], readings: Sequence[MailReading], act: Act) -> dict[int, Outcome]:
    """Those that were worked on before and became requests: they stay that request. One that is certain by now is completed."""
    tried = {card.id: place for place, card in enumerate(arrivals) if card.attempts}
    outcomes: dict[int, Outcome] = {}
    for known in by_arrival(list(tried)).values() if tried else ():
        reading = readings[tried[known.id]]
        state = {RequestState.PLACED: State.PROCESSED, RequestState.DISCARDED: State.IGNORED}.get(
            RequestState(known.state), State.OPEN
        )
        if known.is_open and reading.kind == MailKind.ORDER and reading.draft is not None and not reading.doubts:
            try:
                complete(known.id, reading.draft, origins=origins_json(reading.origins), act=act)
                state = State.PROCESSED
            except Refused:
                state = State.OPEN
        code, sentence = ("to_complete", TO_COMPLETE) if state == State.OPEN else ("", "")
        outcomes[tried[known.id]] = Outcome(
            state=state, code=code, sentence=sentence, about=known.reference, order_id=known.order_id
        )
    return outcomes


def _read(arrivals: Sequence[ArrivalCard]) -> list[MailReading]:
    reader = ports.mail_reader()
    asked = [reader.asks(card.body) for card in arrivals]
    cards = catalog.by_code(sorted({code for one in asked for code in one.codes}))
    senders = _senders(sorted({one.sender for one in asked if one.sender}))
    return [
        reader.read(card.body, Around(card.received_at, cards, senders, own_addresses(), settings.CURRENCY))
        for card in arrivals
    ]


def own_addresses() -> list[str]:
    """The addresses under which the house writes and is written to."""
    return [
        parseaddr(text)[1].lower()
        for text in (settings.MAIL_FROM, settings.SUPPORT_EMAIL, *settings.MAIL_ADDRESSES)
        if text
    ]


def _senders(addresses: Sequence[str]) -> dict[str, Known]:
    """Who writes from these addresses; one that several customers share is nobody's. Two statements."""
    found = {address: cards for address, cards in parties.with_emails(addresses).items() if len(cards) == 1}
    sent_to = ports.addresses_of([cards[0].id for cards in found.values()]) if found else {}
    return {
        address: Known(customer=cards[0], addresses=tuple(sent_to.get(cards[0].id, ())))
        for address, cards in found.items()
    }


def _placed(
    fresh: Sequence[int], arrivals: Sequence[ArrivalCard], readings: Sequence[MailReading], act: Act
) -> dict[int, Receipt]:
    """Receipts of those that are certain, by place; one that is refused after all is left for a person."""
    certain = [
        _incoming(place, arrivals[place], readings[place])
        for place in fresh if readings[place].kind == MailKind.ORDER and not readings[place].doubts
    ]  # fmt: skip
    return {receipt.index: receipt for receipt in receive(certain, act=act)} if certain else {}


def _opened(
    fresh: Sequence[int], arrivals: Sequence[ArrivalCard], readings: Sequence[MailReading], placed: Mapping[int, Receipt], act: Act
) -> dict[int, Receipt]:  # fmt: skip
    wanted = []
    for place in fresh:
        receipt, reading = placed.get(place), readings[place]
        if reading.kind == MailKind.ORDER and (receipt is None or receipt.refusals):
            refused = tuple(Doubt(one.code, text=one.sentence) for one in (receipt.refusals if receipt else ()))
            wanted.append(_incoming(place, arrivals[place], replace(reading, doubts=(*reading.doubts, *refused))))
    return {receipt.index: receipt for receipt in keep_open(wanted, act=act)}


def _incoming(place: int, card: ArrivalCard, reading: MailReading) -> Incoming:
    if reading.draft is None:
        raise ValueError("what is no order has no draft")
    return Incoming(
        draft=reading.draft, raw=card.body, content_type=READ, sender=printable(reading.sender, 254), index=place,
        origins=_origins(card, reading), arrived_at=card.received_at, arrival_id=card.id,
    )  # fmt: skip


def _origins(card: ArrivalCard, reading: MailReading) -> dict[str, Any]:
    """Field by field, with the text that the spans point into and what was in doubt."""
    about = {
        "arrival": str(card.id), "text": printable_text(reading.text), "subject": printable(reading.subject, 500),
        "files": [printable(one.name, 200) for one in reading.attachments],
    }  # fmt: skip
    doubts = [{"code": one.code, "span": one.span, "text": printable(one.text, 500)} for one in reading.doubts]
    return {**origins_json(reading.origins), **about, "doubts": doubts}


def printable_text(text: str) -> str:
    """The text as the database holds it, character for character, so that spans stay where they are."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")


def _hand_over(arrivals: Sequence[ArrivalCard], readings: Sequence[MailReading], act: Act) -> None:
    """What is no order is somebody's to answer (INQ-3)."""
    journal.record(
        [
            MailAsks(arrival_id=card.id, topic=reading.topic or "question")
            for card, reading in zip(arrivals, readings, strict=True) if reading.kind == MailKind.INQUIRY
        ],
        act=act,
    )  # fmt: skip


def _tell_unreadable(arrivals: Sequence[ArrivalCard], readings: Sequence[MailReading], act: Act) -> None:
    """A customer whose message cannot be read hears of it; who is not known, or a machine, does not."""
    unread = zip(arrivals, readings, strict=True)
    lost = [(card, one) for card, one in unread if one.kind == MailKind.UNREADABLE and not card.attempts]
    if not lost:
        return
    known = parties.with_emails(sorted({reading.sender for _, reading in lost if reading.sender}))
    journal.record(
        [
            MailNotRead(customer_id=known[reading.sender][0].id, arrival_id=card.id, reason=reading.topic)
            for card, reading in lost if known.get(reading.sender)
        ],
        act=act,
    )  # fmt: skip


def _outcome(reading: MailReading, placed: Receipt | None, opened: Receipt | None) -> Outcome:
    if placed is not None and not placed.refusals:
        return Outcome(state=State.PROCESSED, about=placed.reference, order_id=placed.order_id)
    if opened is not None:
        return Outcome(
            state=State.OPEN, code="to_complete", sentence=TO_COMPLETE, about=opened.reference, order_id=opened.order_id
        )
    states = {MailKind.AUTO: State.IGNORED, MailKind.INQUIRY: State.PROCESSED, MailKind.UNREADABLE: State.REFUSED}
    about = {MailKind.INQUIRY: "inquiry"}.get(reading.kind, "")
    code = {MailKind.UNREADABLE: "unreadable_mail", MailKind.INQUIRY: reading.topic or "question"}.get(
        reading.kind, reading.topic
    )
    return Outcome(state=states[reading.kind], code=code[:40], sentence=SAID[reading.kind], about=about)
