"""Letters about messages that are no orders yet: the receipt of an open request, and that a message could not be read."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from milepost.ground.arrivals import queries as arrivals
from milepost.ground.notices.words import DueNotice, Letter, Reason, Withheld
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CustomerCard
from milepost.ground.procedures.words import Book
from milepost.kernel.refusals import Refused
from milepost.reactions.letters.rendering import CannotRender, render
from milepost.reactions.letters.tongues import later, tongue
from milepost.reactions.letters.values import local_day
from milepost.reactions.letters.wording import house_of
from milepost.way.intake import opened
from milepost.way.intake.opened import OpenRequest

RECEIPT, REQUEST, UNREADABLE = "receipt_note", "request_note", "unreadable_mail"
NO_ORDER = Withheld(reason=Reason.NOT_TRUE, says="Not sent: it was no order after all.")
NO_CUSTOMER = Withheld(reason=Reason.NO_ADDRESS, says="Not sent: there is no e-mail address.")
CAUSES = {
    "encrypted": later("it is encrypted, and we have no key for it"),
    "pictures": later("it holds nothing but pictures"),
    "empty": later("it is empty"),
}


def letters(notices: Sequence[DueNotice], ordered: Collection[int], book: Book) -> dict[UUID, Letter | Withheld]:
    """Those of the notices that are about such messages; `ordered` are the orders that are there. No statement without any."""
    receipts = {one.id: one for one in notices if one.template == RECEIPT and one.order_id not in ordered}
    requests = opened.without_order([one.order_id for one in receipts.values() if one.order_id]) if receipts else {}
    written: dict[UUID, Letter | Withheld] = {
        key: _receipt(requests[one.order_id], one, book) for key, one in receipts.items() if one.order_id in requests
    }
    unread = [one for one in notices if one.template == UNREADABLE]
    if unread:
        cards = parties.cards([int(one.data["customer_id"]) for one in unread])
        written |= {one.id: _unread(cards.get(int(one.data["customer_id"])), one, book) for one in unread}
    return written


def _receipt(request: OpenRequest, notice: DueNotice, book: Book) -> Letter | Withheld:
    if not request.is_open:
        return NO_ORDER
    customer = request.draft.customer
    if not customer.email:
        return NO_CUSTOMER
    about = {
        "reference": request.reference, "name": customer.name, "subject_line": request.subject[:80],
        "received_on": _day(request.received_at, customer.zone, notice.language),
    }  # fmt: skip
    return _written(REQUEST, customer.email, notice, book, about, thread=f"order-{request.reference}".lower())


def _unread(customer: CustomerCard | None, notice: DueNotice, book: Book) -> Letter | Withheld:
    if customer is None or not customer.email:
        return NO_CUSTOMER
    arrival = arrivals.arrival(UUID(notice.data["arrival_id"]))
    cause = tongue(notice.language)(CAUSES.get(notice.data["reason"], CAUSES["empty"]))
    about = {
        "name": customer.name, "cause": cause, "subject_line": arrival.topic[:80] if arrival else "",
        "received_on": _day(notice.filed_at, customer.zone, notice.language),
    }  # fmt: skip
    return _written(UNREADABLE, customer.email, notice, book, about, thread="")


def _day(instant: datetime, zone: str, language: str) -> str:
    return tongue(language).day(local_day(instant, zone or settings.HOME_ZONE))


def _written(
    name: str, address: str, notice: DueNotice, book: Book, about: dict[str, Any], *, thread: str
) -> Letter | Withheld:  # fmt: skip
    try:
        template = book.template(name, notice.language)
        subject, text, html = render(template, {**house_of(), **about})
    except (CannotRender, Refused) as broken:
        says = f"Not sent: {name} cannot be written: {broken}."
        return Withheld(reason=Reason.NOT_RENDERED, says=says, broken=True)
    return Letter(
        address=address, name=about["name"], subject=subject, text=text, html=html, language=template.language,
        version=template.version, thread=thread,
    )  # fmt: skip
