"""The composer behind the port of notices: a batch of due notices in, letters or reasons out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from milepost.ground.notices.words import DueNotice, Letter, Reason, Withheld
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import Book, TemplateVersion
from milepost.kernel.refusals import Refused
from milepost.reactions.letters import proofreading, requests, sign_in, truth
from milepost.reactions.letters.ledger import Account, read
from milepost.reactions.letters.rendering import CannotRender, render
from milepost.reactions.letters.rereading import READ_AGAIN, reread
from milepost.reactions.letters.wording import context_of
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard
from milepost.way.promising import queries as promising
from milepost.way.promising.words import Standing

ASKING = frozenset({"questions", "questions_reminder"})
"""Letters that ask the customer something."""


def compose(notices: Sequence[DueNotice], *, now: datetime) -> Mapping[UUID, Letter | Withheld]:
    """Each notice as a letter, or why it must not leave.

    Thirteen statements for any number, two more for codes, four more to read letters with items again.
    """
    book = procedures.book()
    asked = {notice.order_id for notice in notices if notice.order_id is not None and notice.template in ASKING}
    accounts = read({notice.order_id for notice in notices if notice.order_id is not None}, now=now, asked=asked)
    codes = sign_in.letters(notices, book, now=now) | requests.letters(notices, accounts.keys(), book)
    written = {notice.id: codes.get(notice.id) or _answer(notice, accounts, book, now) for notice in notices}
    return {**written, **_read_again(notices, written, accounts, book, now)}


def _read_again(
    notices: Sequence[DueNotice], written: Mapping[UUID, Letter | Withheld], accounts: Mapping[int, Account], book: Book,
    now: datetime,
) -> dict[UUID, Letter | Withheld]:  # fmt: skip
    """Letters that list an order, held against the order as the database has it by now; what says otherwise never leaves.

    One whose order was changed while it was being written is written anew.
    """
    listing = [
        n for n in notices if n.template in READ_AGAIN and isinstance(written[n.id], Letter) and n.order_id in accounts
    ]
    if not listing:
        return {}
    ids = sorted({notice.order_id or 0 for notice in listing})
    cards, standing = orders.cards(ids), promising.standing(ids)
    changed = [key for key in ids if cards.get(key) != accounts[key].order]
    anew, cards = read(changed, now=now), {**cards, **(orders.cards(changed) if changed else {})}
    found: dict[UUID, Letter | Withheld] = {}
    for notice in listing:
        key = notice.order_id or 0
        account = anew.get(key, accounts[key])
        letter = _answer(notice, anew, book, now) if key in changed else written[notice.id]
        found[notice.id] = _as_it_stands(notice, letter, account, cards[key], standing.get(key), book, now)
    return found


def _as_it_stands(
    notice: DueNotice, letter: Letter | Withheld, account: Account, order: OrderCard, standing: Standing | None, book: Book,
    now: datetime,
) -> Letter | Withheld:  # fmt: skip
    if isinstance(letter, Withheld):
        return letter
    try:
        reread(
            notice.template, account, order, standing, book, subject=letter.subject, text=letter.text, html=letter.html,
            address=letter.address, language=letter.language, now=now,
        )  # fmt: skip
    except CannotRender as wrong:
        return Withheld(
            reason=Reason.NOT_RENDERED,
            says=f"Not sent: {notice.template} says otherwise than the order: {wrong}.",
            broken=True,
        )
    return letter


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
    context = context_of(account, book, language=template.language, now=now, shipment_id=notice.data.get("shipment_id"))
    subject, text, html = render(template, context)
    proofreading.check(
        notice.template, account, text=text, html=html, subject=subject, shipment_id=notice.data.get("shipment_id")
    )
    return Letter(
        address=order.email, name=order.contact_name, subject=subject, text=text, html=html, language=template.language,
        version=template.version, thread=f"order-{order.reference}".lower(),
    )  # fmt: skip
