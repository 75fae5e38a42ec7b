"""What senders' systems report: kept byte for byte, answered, and matched to notices from the store (NTF-4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from milepost.ground import journal
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.words import ArrivalCard, Kept, Outcome, State
from milepost.ground.notices import commands as notices
from milepost.ground.notices import ports
from milepost.ground.notices.words import Delivery, Receipt, ReceiptKind, ReceiptsRead
from milepost.ground.parties.rules import sms_word
from milepost.ground.parties.words import SmsWord
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal
from milepost.reactions.mail_asks import NO_WORDS
from milepost.way.care import commands as care
from milepost.way.care.words import Channel, Inquiry

PREFIX, WHERE = "receipts:", ":url"
"""Arrivals of receipts are kept under the sender's name with this prefix, and where exactly they came to as a header."""

BY_WORD = {SmsWord.STOP: ReceiptKind.OPTED_OUT, SmsWord.START: ReceiptKind.OPTED_IN}
TOO_LARGE = Refusal(code="too_large", says="A receipt of {size} bytes is none.", do="Look at who sends it.", status=413)
LARGEST = 1024 * 1024


def receive(name: str, delivery: Delivery, *, act: Act) -> Kept:
    """Keep what was sent, with the verdict on its signature. One statement. Refuses `unknown_source` (404) only.

    What is not from the vendor is kept too, as evidence, and never worked on.
    """
    source = ports.receipt_source(name)
    refusal = _refusal(source, delivery)
    by_id = getattr(source, "delivery_id", None)
    kind = next((value for header, value in delivery.headers.items() if header.lower() == "content-type"), "")
    return arrivals.keep(
        PREFIX + name, sender=act.actor, content_type=kind, headers={WHERE: delivery.url, **delivery.headers},
        body=delivery.body, refusal=refusal, delivery_id=by_id(delivery) if by_id and refusal is None else "", act=act,
    )  # fmt: skip


def _refusal(source: ports.ReceiptSource, delivery: Delivery) -> Refusal | None:
    if len(delivery.body) > LARGEST:
        return Refusal(
            code=TOO_LARGE.code, says=TOO_LARGE.says, do=TOO_LARGE.do, status=TOO_LARGE.status,
            values={"size": len(delivery.body)},
        )  # fmt: skip
    return source.check(delivery)


@dataclass(slots=True)
class _Heard:
    """A delivery with what it told, receipts made of a person's words included."""

    card: ArrivalCard
    read: ReceiptsRead
    receipts: list[Receipt] = field(default_factory=list)


def take(cards: Sequence[ArrivalCard], act: Act) -> list[Outcome]:
    """The handler of arrivals of receipts: all that they tell is noted together."""
    name = cards[0].source.removeprefix(PREFIX)
    source = ports.receipt_source(name)
    heard = [_heard(card, source) for card in cards]
    with journal.together():
        every = list(chain.from_iterable(one.receipts for one in heard))
        matched = iter(notices.note_receipts(every, sender=name, channel=source.channel, act=act))
        outcomes = [_outcome(one, matched) for one in heard]
        _have_answered([one for one in heard if _is_a_question(one)], act)
    return outcomes


def _heard(card: ArrivalCard, source: ports.ReceiptSource) -> _Heard:
    delivery = Delivery(
        url=card.headers.get(WHERE, ""), headers={**card.headers, "content-type": card.content_type}, body=card.body,
        received_at=card.received_at,
    )  # fmt: skip
    read = source.read(delivery)
    heard = _Heard(card, read, list(read.receipts))
    word = sms_word(read.reply.text) if read.reply else None
    if read.reply and word in BY_WORD:
        heard.receipts.append(
            Receipt(kind=BY_WORD[word], happened_at=card.received_at, address=read.reply.address, code=word.value)
        )
    return heard


def _is_a_question(heard: _Heard) -> bool:
    """Whether a person has written something that no machine answers; HELP is answered by the provider itself."""
    return heard.read.reply is not None and sms_word(heard.read.reply.text) is None


def _outcome(heard: _Heard, matched: Iterator[bool]) -> Outcome:
    ours = [next(matched) for _ in heard.receipts]
    if heard.read.refusal is not None:
        return Outcome(state=State.REFUSED, code=heard.read.refusal.code, sentence=heard.read.refusal.sentence)
    if _is_a_question(heard):
        return Outcome(state=State.PROCESSED, code="reply", sentence="Somebody has answered a text message.")
    if any(ours):
        return Outcome(state=State.PROCESSED)
    told = "It speaks of messages that are not ours." if ours else "It tells nothing that we ask."
    return Outcome(state=State.IGNORED, code="not_ours" if ours else "", sentence=told)


def _have_answered(heard: Sequence[_Heard], act: Act) -> None:
    """Whoever answers a message is answered: it is an inquiry from their number (INQ-3)."""
    asked = [
        Inquiry(
            channel=Channel.SMS, words=one.read.reply.text.strip() or NO_WORDS, address=one.read.reply.address,
            name=one.read.reply.address, arrival_id=one.card.id, at=one.card.received_at,
        )
        for one in heard if one.read.reply is not None
    ]  # fmt: skip
    if asked:
        care.receive(asked, act=act)
