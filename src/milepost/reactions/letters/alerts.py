"""Alerts to staff by the services of their choice: the fact in one sentence, what to do, and where (NTF-5)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings

from milepost.ground.notices.words import Channel, DueNotice, Letter, Reason, Withheld
from milepost.ground.procedures.words import Book
from milepost.kernel.facts import sentence
from milepost.way.orders import queries as orders

NOT_SET_UP = "Not sent: no service for alerts is set up for this role (MILEPOST_ALERTS_{role})."
TITLE = 120


def letters(notices: Sequence[DueNotice], book: Book) -> dict[UUID, Letter | Withheld]:
    """The alerts among these notices, or why one goes nowhere. At most one statement."""
    alerts = [one for one in notices if one.channel == Channel.STAFF_ALERT]
    if not alerts:
        return {}
    concerned = {one.order_id for one in alerts if one.order_id is not None}
    about = orders.contacts(concerned) if concerned else {}
    return {one.id: _letter(one, book, {key: contact.reference for key, contact in about.items()}) for one in alerts}


def _letter(notice: DueNotice, book: Book, references: Mapping[int, str]) -> Letter | Withheld:
    role = notice.recipient_key.partition(":")[2]
    if not settings.STAFF_ALERTS.get(role):
        return Withheld(reason=Reason.NOT_SET_UP, says=NOT_SET_UP.format(role=role.upper()))
    reference = references.get(notice.order_id or 0, "")
    says = sentence(notice.because, notice.data)
    clock = book.clocks.get(str(notice.data.get("kind_of_duty", "")))
    where = f"{settings.SITE_URL}/desk/" + (f"orders/{reference}/" if reference else "")
    text = "\n".join(part for part in (says, clock.says if clock else "", where) if part)
    title = f"{settings.BRAND}: {reference or says}"[:TITLE]
    return Letter(address=notice.recipient_key, name="", subject=title, text=text, html="", link=where)
