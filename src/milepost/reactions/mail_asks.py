"""Mail that asks something: whose it is and what it goes on with, by what it answers, what it names, and who wrote it (INQ-3)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from milepost.ground.arrivals import queries as arrivals
from milepost.ground.notices import queries as notices
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CustomerCard
from milepost.way.care import queries as talks
from milepost.way.care.rules import is_same_person, topic_of
from milepost.way.care.words import Channel, Inquiry
from milepost.way.intake.ports import mail_reader
from milepost.way.intake.reading import MailWords
from milepost.way.orders import queries as orders
from milepost.way.orders.queries import Contact

OUR_MESSAGE = re.compile(r"^<?([0-9a-f]{32})@", re.IGNORECASE)
OUR_THREAD = re.compile(r"^<?(?:order|conversation)-([0-9a-z-]+)@", re.IGNORECASE)
REFERENCE = re.compile(r"\bM[0-9A-Z]{3}[- ]?[0-9A-Z]{3}[- ]?[0-9A-Z]{3}\b", re.IGNORECASE)
NO_WORDS = "–"


@dataclass(frozen=True, slots=True)
class _Mail:
    """One message with what it may go on with."""

    arrival_id: UUID
    topic: str
    received_at: datetime
    said: MailWords

    @property
    def messages(self) -> list[UUID]:
        """Messages or conversations of ours that it names as what it answers, the nearest first."""
        found = [OUR_MESSAGE.match(one) for one in self.said.answers]
        threads = [match[1] for one in self.said.answers if (match := OUR_THREAD.match(one))]
        return [UUID(match[1]) for match in found if match] + [
            UUID(one) for one in threads if len(one) == 32 and _is_hex(one)
        ]

    @property
    def references(self) -> list[str]:
        """What reads like a reference of ours: in what it answers, in its subject, in its words."""
        threads = [match[1].upper() for one in self.said.answers if (match := OUR_THREAD.match(one))]
        return [*threads, *REFERENCE.findall(self.said.subject), *REFERENCE.findall(self.said.words)][:20]


def _is_hex(text: str) -> bool:
    return all(character in "0123456789abcdef" for character in text.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is on record around all of them."""

    conversations: Mapping[UUID, UUID]
    orders_behind: Mapping[UUID, int]
    by_reference: Mapping[str, int]
    contacts: Mapping[int, Contact]
    customers: Mapping[str, Sequence[CustomerCard]]
    going: Mapping[int, Sequence[int]]


def inquiries_in(asked: Sequence[tuple[UUID, str]]) -> list[Inquiry]:
    """The inquiries in mails that were kept, each with its topic as it was read. At most ten statements for any number."""
    originals = arrivals.originals([key for key, _ in asked])
    reader = mail_reader()
    mails = [
        _Mail(key, topic, originals[key].received_at, reader.words(originals[key].body))
        for key, topic in asked
        if key in originals
    ]
    known = _known(mails)
    return [_inquiry(mail, known) for mail in mails]


def _known(mails: Collection[_Mail]) -> _Known:
    named = {key for mail in mails for key in mail.messages}
    conversations = talks.behind(named) if named else {}
    orders_behind = notices.orders_behind(named - conversations.keys()) if named else {}
    texts = sorted({text for mail in mails for text in mail.references})
    by_reference = orders.find_many(texts) if texts else {}
    concerned = {*orders_behind.values(), *by_reference.values()}
    senders = sorted({mail.said.sender for mail in mails if mail.said.sender})
    customers = parties.with_emails(senders) if senders else {}
    alone = [cards[0].id for cards in customers.values() if len(cards) == 1]
    return _Known(
        conversations=conversations, orders_behind=orders_behind, by_reference=by_reference,
        contacts=orders.contacts(concerned) if concerned else {}, customers=customers,
        going=orders.going_of_customers(alone) if alone else {},
    )  # fmt: skip


def _inquiry(mail: _Mail, known: _Known) -> Inquiry:
    said = mail.said
    conversation_id = next((known.conversations[one] for one in mail.messages if one in known.conversations), None)
    order_id = _order_named(mail, known)
    customer_id, address = None, ""
    if conversation_id is None and order_id is not None:
        address = "" if _is_theirs(said.sender, known.contacts[order_id]) else said.sender or _nowhere(mail)
    elif conversation_id is None:
        order_id, customer_id, address = _by_sender(mail, known)
    return Inquiry(
        channel=Channel.EMAIL, words=said.words.strip() or said.subject.strip() or NO_WORDS, order_id=order_id,
        customer_id=customer_id, address=address, name=said.name or said.sender, subject=said.subject,
        topic=topic_of(mail.topic), language=said.language, conversation_id=conversation_id, arrival_id=mail.arrival_id,
        message_id=said.message_id, at=mail.received_at,
    )  # fmt: skip


def _order_named(mail: _Mail, known: _Known) -> int | None:
    by_message = (known.orders_behind[one] for one in mail.messages if one in known.orders_behind)
    by_reference = (known.by_reference[one] for one in mail.references if one in known.by_reference)
    return next((one for one in (*by_message, *by_reference) if one in known.contacts), None)


def _is_theirs(sender: str, contact: Contact) -> bool:
    return is_same_person(sender, [contact.email])


def _by_sender(mail: _Mail, known: _Known) -> tuple[int | None, int | None, str]:
    """Nothing says what it is about: the only open order of a customer, the customer, or just the address."""
    cards = known.customers.get(mail.said.sender, ())
    if len(cards) != 1:
        return None, None, mail.said.sender or _nowhere(mail)
    going = known.going.get(cards[0].id, ())
    return (going[0], None, "") if len(going) == 1 else (None, cards[0].id, "")


def _nowhere(mail: _Mail) -> str:
    """Stands where a message has no sender."""
    return f"arrival:{mail.arrival_id}"
