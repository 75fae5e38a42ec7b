"""Letters by which somebody proves who they are: the code to sign in with, the code that opens a link, and the link of an order.

Each goes to customers only, at the address on record, while it is of use; codes are blanked out where letters are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from milepost.ground.access import codes, links
from milepost.ground.access.words import CODE_MINUTES, AskedCode
from milepost.ground.notices.words import Channel, DueNotice, Letter, Reason, Withheld
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CustomerCard
from milepost.ground.procedures.words import Book
from milepost.kernel.refusals import Refused
from milepost.reactions.letters.rendering import CannotRender, render_for
from milepost.reactions.letters.tongues import Tongue, tongue
from milepost.reactions.letters.wording import PAGES, house_of
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard

SIGN_IN, OPEN, LINK = "sign_in_code", "link_code", "order_link"
NOT_OURS = Withheld(reason=Reason.NOT_TRUE, says="Not sent: nobody with this address orders here.")
NOT_THEIRS = Withheld(reason=Reason.NOT_TRUE, says="Not sent: there is no such order of this address.")
NOWHERE = Withheld(reason=Reason.NO_ADDRESS, says="Not sent: the order has no such contact any more.")
TOO_LATE = Withheld(reason=Reason.NOT_TRUE, says="Not sent: the code is over or used by now.")


@dataclass(frozen=True, slots=True)
class _Known:
    """What is on record about the wishes of one batch."""

    asked: Mapping[int, AskedCode]
    customers: Mapping[str, Sequence[CustomerCard]]
    orders: Mapping[int, OrderCard]
    named: Mapping[str, int]
    now: datetime

    def order(self, one: AskedCode) -> OrderCard | None:
        """The order that somebody asks about."""
        return self.orders.get(one.order_id or self.named.get(one.reference, 0))


def letters(notices: Sequence[DueNotice], book: Book, *, now: datetime) -> dict[UUID, Letter | Withheld]:
    """Those of the notices that bring codes or links, as letters, or why not. Two statements for any number, five more where orders
    are asked about, none without such notices."""
    wanted = [notice for notice in notices if notice.template in (SIGN_IN, OPEN, LINK)]
    if not wanted:
        return {}
    asked = codes.asked(sorted(int(notice.data["sign_in_id"]) for notice in wanted))
    known = _known(asked, now)
    return {notice.id: _answer(notice, asked.get(int(notice.data["sign_in_id"])), known, book) for notice in wanted}


def _known(asked: Mapping[int, AskedCode], now: datetime) -> _Known:
    customers = parties.with_emails([code.email for code in asked.values()])
    named = orders.find_many(sorted({one.reference for one in asked.values()} - {""}))
    ids = {one.order_id for one in asked.values() if one.order_id} | set(named.values())
    return _Known(asked, customers, orders.cards(sorted(ids)) if ids else {}, named, now)


def _answer(notice: DueNotice, asked: AskedCode | None, known: _Known, book: Book) -> Letter | Withheld:
    if asked is None or asked.is_used or asked.expires_at <= known.now:
        return TOO_LATE
    try:
        if notice.template == SIGN_IN:
            return _to_sign_in(asked, known, book)
        return _to_open(asked, known, book) if notice.template == OPEN else _link(asked, known, book)
    except (CannotRender, Refused) as broken:
        says = f"Not sent: {notice.template} cannot be written: {broken}."
        return Withheld(reason=Reason.NOT_RENDERED, says=says, broken=True)


def _to_sign_in(asked: AskedCode, known: _Known, book: Book) -> Letter | Withheld:
    found = known.customers.get(asked.email)
    if not found:
        return NOT_OURS
    words = {"name": found[0].name}
    return _with_code(SIGN_IN, asked, asked.email, found[0].language, words, book)


def _to_open(asked: AskedCode, known: _Known, book: Book) -> Letter | Withheld:
    """To the order's own contact as it is on record now, whatever anybody typed."""
    order = known.order(asked)
    address = "" if order is None else order.email if asked.channel == Channel.EMAIL else order.phone
    if order is None or not address:
        return NOWHERE
    words = {"name": order.contact_name, "reference": order.reference}
    return _with_code(OPEN, asked, address, order.language, words, book)


def _with_code(
    template: str, asked: AskedCode, address: str, language: str, words: dict[str, str], book: Book
) -> Letter:
    version = book.template(template, language or "en")
    say = tongue(version.language)
    subject, text, html = render_for(asked.channel, version, {**house_of(), **words, **_code(asked, say)})
    if asked.code not in text or (html and asked.code not in html) or asked.code in subject:
        raise CannotRender("the code belongs into text and HTML, and not into the subject")
    return Letter(
        address=address, name=words["name"], subject=subject, text=text, html=html, language=version.language,
        version=version.version, secret=asked.code,
    )  # fmt: skip


def _code(asked: AskedCode, say: Tongue) -> dict[str, Any]:
    return {"code": asked.code, "valid_for": say.plural("{count} minute", "{count} minutes", CODE_MINUTES)}


def _link(asked: AskedCode, known: _Known, book: Book) -> Letter | Withheld:
    """Only to the address that the order has on record, and only when that is the one that was typed."""
    order = known.order(asked)
    if order is None or not order.email or order.email.strip().lower() != asked.email:
        return NOT_THEIRS
    version = book.template(LINK, order.language or "en")
    token = links.make("track", order.id, now=known.now)
    page = PAGES["track_link"].format(site=house_of()["site"], track=token)
    words = {"name": order.contact_name, "reference": order.reference, "track_link": page}
    subject, text, html = render_for(Channel.EMAIL, version, {**house_of(), **words})
    return Letter(
        address=order.email, name=order.contact_name, subject=subject, text=text, html=html, language=version.language,
        version=version.version, link=page,
    )  # fmt: skip
