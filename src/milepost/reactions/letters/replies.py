"""The letter with our answer: the words of who answered, and below them what was asked; for who has not read it on the page."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from milepost.ground.access import links
from milepost.ground.access import queries as access
from milepost.ground.notices.words import Channel, DueNotice, Letter, Reason, Withheld
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CustomerCard
from milepost.ground.procedures.words import CUSTOMER, Book
from milepost.kernel.refusals import Refused
from milepost.reactions.letters import addressing
from milepost.reactions.letters.addressing import Addressee
from milepost.reactions.letters.rendering import CannotRender, render
from milepost.reactions.letters.wording import house_of
from milepost.reactions.letters.writing import way_out
from milepost.way.care import queries as talks
from milepost.way.care.words import ConversationCard, InteractionCard
from milepost.way.orders import queries as orders
from milepost.way.orders.queries import Contact

TEMPLATE = "conversation_reply"
READ = Withheld(reason=Reason.NOT_TRUE, says="Not sent: they have read it on the order's page.")
GONE = Withheld(reason=Reason.NOT_TRUE, says="Not sent: its words are not there any more.")
LATER = Withheld(reason=Reason.JOINED, says="Told together with what was said after it, in one message.")
NO_ADDRESS = Withheld(reason=Reason.NO_ADDRESS, says="Not sent: there is no e-mail address.")
REPLY_MARKS = re.compile(r"^\s*((re|aw|sv|antw|rv|rif|res|رد)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)
QUOTED = 1500


@dataclass(frozen=True, slots=True)
class _Known:
    """What lies around these answers; read for all of them at once."""

    said: Mapping[UUID, InteractionCard]
    talks: Mapping[UUID, ConversationCard]
    unread: Mapping[UUID, Sequence[InteractionCard]]
    asked: Mapping[UUID, InteractionCard]
    orders: Mapping[int, Contact]
    customers: Mapping[int, CustomerCard]
    staff: Mapping[int, str]
    links: Mapping[int, str]


def letters(notices: Sequence[DueNotice], book: Book, *, now: datetime) -> dict[UUID, Letter | Withheld]:
    """Those of the notices that bring answers, as letters, or why not. Nine statements for any number, none without answers."""
    wanted = [notice for notice in notices if notice.template == TEMPLATE]
    if not wanted:
        return {}
    known = _known(wanted, now)
    answers: dict[UUID, Letter | Withheld] = {}
    going: dict[UUID, tuple[DueNotice, Addressee]] = {}
    for notice in wanted:
        found = _finds_somebody(notice, known)
        if isinstance(found, Withheld):
            answers[notice.id] = found
        else:
            going[notice.id] = notice, found
    for key, (reason, why) in (addressing.unwanted(going, book) if going else {}).items():
        then = Reason.NO_ADDRESS if reason == Reason.STOPPED else reason  # somebody must reach them another way
        answers[key] = addressing.turned(going.pop(key)[0], then, why, None)
    return answers | {key: _letter(notice, to, known, book, now) for key, (notice, to) in going.items()}


def _known(notices: Sequence[DueNotice], now: datetime) -> _Known:
    said = talks.interactions([UUID(notice.data["interaction_id"]) for notice in notices])
    cards = talks.conversations({one.conversation_id for one in said.values()})
    order_ids = sorted({one.order_id for one in cards.values() if one.order_id is not None})
    return _Known(
        said=said, talks=cards, unread=talks.answers_since(cards), asked=talks.asked_last(cards), orders=orders.contacts(order_ids),
        customers=parties.cards([one.customer_id for one in cards.values() if one.customer_id is not None]),
        staff={one.id: one.name for one in access.staff(active_only=False)},
        links=links.make_all("track", order_ids, now=now) if order_ids else {},
    )  # fmt: skip


def _finds_somebody(notice: DueNotice, known: _Known) -> Addressee | Withheld:
    said = known.said.get(UUID(notice.data["interaction_id"]))
    if said is None or not said.words:
        return GONE
    if said.read_at is not None:
        return READ
    unread = known.unread.get(said.conversation_id, ())
    if said.on_portal and unread and unread[-1].id != said.id:
        return LATER
    talk = known.talks[said.conversation_id]
    to = _addressee(notice, talk, known)
    return to if "@" in to.email else NO_ADDRESS


def _addressee(notice: DueNotice, talk: ConversationCard, known: _Known) -> Addressee:
    """Whoever wrote: the address of a stranger, else the order's, else the customer's."""
    order, customer = known.orders.get(talk.order_id or 0), known.customers.get(talk.customer_id or 0)
    name, email = talk.name, talk.address
    if not talk.address and order is not None:
        name, email = order.name, order.email
    elif not talk.address and customer is not None:
        name, email = customer.name, customer.email
    return Addressee(
        key=notice.recipient_key, audience=CUSTOMER, name="" if "@" in name else name, email=email, phone="",
        language=notice.language, customer_id=talk.customer_id,
    )  # fmt: skip


def _letter(notice: DueNotice, to: Addressee, known: _Known, book: Book, now: datetime) -> Letter | Withheld:
    said = known.said[UUID(notice.data["interaction_id"])]
    talk = known.talks[said.conversation_id]
    try:
        template = book.template(TEMPLATE, notice.language)
        subject, text, html = render(template, _context(said, talk, to, known))
    except (CannotRender, Refused) as broken:
        says = f"Not sent: {TEMPLATE} cannot be written: {broken}."
        return Withheld(reason=Reason.NOT_RENDERED, says=says, broken=True)
    return Letter(
        address=to.on(Channel.EMAIL), name=to.name, subject=subject, text=text, html=html, language=template.language,
        version=template.version, thread=f"conversation-{talk.id.hex}", answers=talk.message_id,
        unsubscribe=way_out(notice, template.category),
    )  # fmt: skip


def _context(said: InteractionCard, talk: ConversationCard, to: Addressee, known: _Known) -> dict[str, Any]:
    order = known.orders.get(talk.order_id or 0)
    ours = known.unread.get(talk.id, ()) if said.on_portal else ()
    asked = known.asked.get(talk.id)
    reference = order.reference if order else ""
    return {
        **house_of(), "name": to.name, "reference": reference, "subject_line": _subject(talk.subject, reference),
        "who": first_name(known.staff.get(said.staff_id or 0, "")) or settings.BRAND,
        "said": _lines([one.words for one in ours] or [said.words]),
        "asked": _lines([asked.words[:QUOTED]]) if asked else [],
        "track_link": _page(talk, known),
    }  # fmt: skip


def _page(talk: ConversationCard, known: _Known) -> str:
    """The order's page, for its customer only: a stranger who knows a number gets no link."""
    token = known.links.get(talk.order_id or 0)
    return f"{settings.SITE_URL}/t/{token}/" if token and not talk.is_stranger else ""


def _subject(subject: str, reference: str) -> str:
    bare = REPLY_MARKS.sub("", subject).strip()
    return " ".join(bare.replace(f"({reference})", "").split())[:120] if reference else bare[:120]


def _lines(texts: Collection[str]) -> list[str]:
    return [line.rstrip() for text in texts for line in text.strip().split("\n")]


def first_name(name: str) -> str:
    """How one of us is named to customers."""
    return next(iter(name.split()), "")
