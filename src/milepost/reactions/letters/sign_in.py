"""The letter with a code to sign in: written for customers only, while the code is good, and kept with the code blanked out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from milepost.ground.access import codes
from milepost.ground.access.words import CODE_MINUTES, AskedCode
from milepost.ground.notices.words import DueNotice, Letter, Reason, Withheld
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CustomerCard
from milepost.ground.procedures.words import Book
from milepost.kernel.refusals import Refused
from milepost.reactions.letters.rendering import CannotRender, render
from milepost.reactions.letters.tongues import Tongue, tongue
from milepost.reactions.letters.wording import house_of

TEMPLATE = "sign_in_code"
NOT_OURS = Withheld(reason=Reason.NOT_TRUE, says="Not sent: nobody with this address orders here.")
TOO_LATE = Withheld(reason=Reason.NOT_TRUE, says="Not sent: the code is over or used by now.")


def letters(notices: Sequence[DueNotice], book: Book, *, now: datetime) -> dict[UUID, Letter | Withheld]:
    """Those of the notices that bring codes, as letters, or why not. Two statements for any number, none without codes."""
    wanted = {notice.id: int(notice.data["sign_in_id"]) for notice in notices if notice.template == TEMPLATE}
    if not wanted:
        return {}
    asked = codes.asked(sorted(wanted.values()))
    customers = parties.with_emails([code.email for code in asked.values()])
    return {key: _answer(asked.get(number), customers, book, now) for key, number in wanted.items()}


def _answer(
    asked: AskedCode | None, customers: dict[str, list[CustomerCard]], book: Book, now: datetime
) -> Letter | Withheld:
    if asked is None or asked.is_used or asked.expires_at <= now:
        return TOO_LATE
    known = customers.get(asked.email)
    if not known:
        return NOT_OURS
    try:
        return _letter(asked, known[0], book)
    except (CannotRender, Refused) as broken:
        says = f"Not sent: {TEMPLATE} cannot be written: {broken}."
        return Withheld(reason=Reason.NOT_RENDERED, says=says, broken=True)


def _letter(asked: AskedCode, customer: CustomerCard, book: Book) -> Letter:
    template = book.template(TEMPLATE, customer.language or "en")
    subject, text, html = render(template, _context(asked, customer, tongue(template.language)))
    if asked.code not in text or asked.code not in html or asked.code in subject:
        raise CannotRender("the code belongs into text and HTML, and not into the subject")
    return Letter(
        address=asked.email, name=customer.name, subject=subject, text=text, html=html, language=template.language,
        version=template.version, secret=asked.code,
    )  # fmt: skip


def _context(asked: AskedCode, customer: CustomerCard, say: Tongue) -> dict[str, Any]:
    return {
        **house_of(),
        "name": customer.name,
        "code": asked.code,
        "valid_for": say.plural("{count} minute", "{count} minutes", CODE_MINUTES),
    }
