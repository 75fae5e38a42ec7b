"""The composer behind the port of notices: a batch of due notices in, letters or reasons out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from milepost.ground.notices.words import DueNotice, Letter, Reason, Withheld
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import Book, TemplateVersion
from milepost.kernel.refusals import Refused
from milepost.reactions.letters import proofreading, truth
from milepost.reactions.letters.ledger import Account, read
from milepost.reactions.letters.rendering import CannotRender, render
from milepost.reactions.letters.wording import context_of


def compose(notices: Sequence[DueNotice], *, now: datetime) -> Mapping[UUID, Letter | Withheld]:
    """Each notice as a letter, or why it must not leave. Thirteen statements for any number."""
    book = procedures.book()
    accounts = read({notice.order_id for notice in notices if notice.order_id is not None}, now=now)
    return {notice.id: _answer(notice, accounts, book, now) for notice in notices}


def _answer(notice: DueNotice, accounts: Mapping[int, Account], book: Book, now: datetime) -> Letter | Withheld:
    account = accounts.get(notice.order_id or 0)
    if account is None:
        return Withheld(reason=Reason.NOT_TRUE, says="Not sent: its order is not there.")
    untrue = truth.not_now(notice, account)
    if untrue:
        return untrue
    try:
        return _letter(book.template(notice.template, notice.language), notice, account, book, now)
    except (CannotRender, Refused) as broken:
        return Withheld(
            reason=Reason.NOT_RENDERED, says=f"Not sent: {notice.template} cannot be written: {broken}.", broken=True
        )


def _letter(template: TemplateVersion, notice: DueNotice, account: Account, book: Book, now: datetime) -> Letter:
    order = account.order
    context = context_of(account, book, language=template.language, now=now)
    subject, text, html = render(template, context)
    proofreading.check(notice.template, account, text=text, html=html, subject=subject)
    return Letter(
        address=order.email, name=order.contact_name, subject=subject, text=text, html=html, language=template.language,
        version=template.version, thread=f"order-{order.reference}".lower(),
    )  # fmt: skip
