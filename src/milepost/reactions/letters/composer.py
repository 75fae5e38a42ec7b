"""The composer behind the port of notices: a batch of due notices in; letters, reasons, or a later hour out.

Each notice is asked in turn: is it still true, does it find somebody, do they want it, may it come now, is it not one too many?
Only what passes is written, and what lists an order is read once more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from milepost.ground.notices import queries as sent
from milepost.ground.notices.words import Channel, DueNotice, Later, Letter, Reason, Withheld
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import Book
from milepost.kernel.refusals import Refused
from milepost.reactions.letters import addressing, alerts, digests, replies, requests, sign_in, timing, truth
from milepost.reactions.letters.addressing import Addressee
from milepost.reactions.letters.ledger import Account, read
from milepost.reactions.letters.rendering import CannotRender
from milepost.reactions.letters.rereading import READ_AGAIN, reread
from milepost.reactions.letters.writing import shipments, write
from milepost.reactions.notices import another_way
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard
from milepost.way.promising import queries as promising
from milepost.way.promising.words import Standing
from milepost.way.tracking import queries as tracking

Answer: TypeAlias = Letter | Withheld | Later
ASKING = frozenset({"questions", "questions_reminder"})
"""Letters that ask the customer something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What lies on the composer's desk for one batch: the procedures, the orders, and what joined which notice."""

    book: Book
    accounts: Mapping[int, Account]
    joined: Mapping[UUID, Sequence[DueNotice]] = field(default_factory=dict)
    batch: frozenset[UUID] = frozenset()
    since: Mapping[int, datetime] = field(default_factory=dict)
    now: datetime

    def account(self, notice: DueNotice) -> Account | None:
        """The order that a notice is about."""
        return self.accounts.get(notice.order_id) if notice.order_id is not None else None


def compose(notices: Sequence[DueNotice], *, now: datetime) -> Mapping[UUID, Answer]:
    """Each notice as a letter, or why it must not leave, or not yet.

    Sixteen statements for any number; one more for cases, two for codes, ten for answers, two for digests, one for what joined
    others, one for news that grows old, one for the budget of what is not needed, four to read letters with items again.
    """
    book = procedures.book()
    joined = _joined(notices, book)
    about = [*notices, *(one for some in joined.values() for one in some)]
    asked = {notice.order_id for notice in notices if notice.order_id is not None and notice.template in ASKING}
    troubled = {notice.order_id for notice in about if notice.order_id is not None and notice.because in truth.TROUBLES}
    of = {notice.order_id for notice in about if notice.order_id is not None}
    accounts = read(of, now=now, asked=asked, troubled=troubled)
    desk = Desk(
        book=book, accounts=accounts, joined=joined, batch=frozenset(notice.id for notice in notices),
        since=_since(notices, book), now=now,
    )  # fmt: skip
    answers: dict[UUID, Answer] = {**sign_in.letters(notices, book, now=now)}
    answers |= requests.letters(notices, accounts.keys(), book)
    answers |= replies.letters(notices, book, now=now)
    answers |= alerts.letters(notices, book)
    answers |= digests.letters(
        [one for one in notices if one.template == digests.TEMPLATE], joined, accounts, book, now=now
    )
    answers |= _of_orders([one for one in notices if one.id not in answers], desk)
    return answers


def shown(notices: Sequence[DueNotice], *, now: datetime) -> dict[UUID, Letter]:
    """What is told in the portal, in the short words that are true now; what is not true any more is left out.

    Nobody is disturbed by it, so it is not asked whether it may come now. Sixteen statements for any number.
    """
    book = procedures.book()
    accounts = read({notice.order_id for notice in notices if notice.order_id is not None}, now=now)
    desk = Desk(book=book, accounts=accounts, now=now)
    found = [_finds_somebody(replace(notice, channel=Channel.WEB_PUSH), desk) for notice in notices]
    written = {one[0].id: _written(one[0], one[1], desk) for one in found if not isinstance(one, Withheld)}
    return {key: letter for key, letter in written.items() if isinstance(letter, Letter)}


def _joined(notices: Sequence[DueNotice], book: Book) -> Mapping[UUID, Sequence[DueNotice]]:
    """What else some of these notices tell. No statement where none may tell more than itself."""
    joining = {row.template for row in book.matrix if row.joins} | {digests.TEMPLATE}
    telling = [notice.id for notice in notices if notice.template in joining]
    return sent.told_with(telling) if telling else {}


def _since(notices: Sequence[DueNotice], book: Book) -> Mapping[int, datetime]:
    """When, by their carriers, parcels came where they are, for news that grows old. No statement where there is none."""
    growing_old = {
        one.order_id for one in notices if one.template in book.telling.freshness.news and one.order_id is not None
    }
    found = tracking.progress(growing_old) if growing_old else {}
    told = {key: [one.since_at for one in parcels if one.since_at] for key, parcels in found.items()}
    return {key: max(instants) for key, instants in told.items() if instants}


def _of_orders(notices: Sequence[DueNotice], desk: Desk) -> dict[UUID, Answer]:
    """Each notice about an order, asked in turn."""
    answers: dict[UUID, Answer] = {}
    going: dict[UUID, tuple[DueNotice, Addressee, OrderCard]] = {}
    for notice in notices:
        found = _finds_somebody(notice, desk)
        if isinstance(found, Withheld):
            answers[notice.id] = found
        else:
            going[notice.id] = found
    for held in (_unwanted, _too_early, _too_many):
        stopped = held(going, desk)
        answers |= stopped
        going = {key: one for key, one in going.items() if key not in stopped}
    written = {key: _written(notice, to, desk) for key, (notice, to, _) in going.items()}
    return {**answers, **written, **_read_again([one[0] for one in going.values()], going, written, desk)}


Going: TypeAlias = dict[UUID, tuple[DueNotice, Addressee, OrderCard]]


def _finds_somebody(notice: DueNotice, desk: Desk) -> tuple[DueNotice, Addressee, OrderCard] | Withheld:
    account = desk.account(notice)
    if account is None:
        return Withheld(reason=Reason.NOT_TRUE, says="Not sent: its order is not there.")
    untrue = truth.not_now(notice, account, desk.book.telling, now=desk.now, since=desk.since.get(account.order.id))
    if untrue:
        return untrue
    to = addressing.addressee(notice, account.order)
    why = addressing.nowhere(notice, account, to)
    if to is None or why:
        instead = another_way(notice, to.hearer, f"{why}.", at=desk.now) if to else None
        return addressing.turned(notice, Reason.NO_ADDRESS, why, instead)
    return notice, to, account.order


def _unwanted(going: Going, desk: Desk) -> dict[UUID, Answer]:
    """What an address is stopped for, or what nobody wants this way: the next way, or none."""
    found = addressing.unwanted({key: (notice, to) for key, (notice, to, _) in going.items()}, desk.book)
    answers: dict[UUID, Answer] = {}
    for key, (reason, why) in found.items():
        notice, to, _ = going[key]
        answers[key] = addressing.turned(notice, reason, why, another_way(notice, to.hearer, f"{why}.", at=desk.now))
    return answers


def _too_early(going: Going, desk: Desk) -> dict[UUID, Answer]:
    waits = {
        key: timing.not_yet(n, order, desk.book.telling, now=desk.now) or _page_first(n, desk)
        for key, (n, _, order) in going.items()
    }
    return {key: later for key, later in waits.items() if later}


def _page_first(notice: DueNotice, desk: Desk) -> Later | None:
    account = desk.accounts[notice.order_id or 0]
    about = shipments(notice, desk.joined.get(notice.id, ()))
    return timing.unseen_page(notice, account, about, desk.book.links, now=desk.now)


def _too_many(going: Going, desk: Desk) -> dict[UUID, Answer]:
    return {**timing.beyond_the_budget(going, desk.book.telling, withheld=desk.batch - going.keys(), now=desk.now)}


def _written(notice: DueNotice, to: Addressee, desk: Desk) -> Letter | Withheld:
    try:
        return write(
            notice, desk.accounts[notice.order_id or 0], to, desk.book, desk.joined.get(notice.id, ()), now=desk.now
        )
    except (CannotRender, Refused) as broken:
        return Withheld(
            reason=Reason.NOT_RENDERED, says=f"Not sent: {notice.template} cannot be written: {broken}.", broken=True
        )


def _read_again(
    notices: Sequence[DueNotice], going: Going, written: Mapping[UUID, Letter | Withheld], desk: Desk
) -> dict[UUID, Answer]:
    """Letters that list an order, held against the order as the database has it by now; what says otherwise never leaves.

    One whose order was changed while it was being written is written anew.
    """
    listing = [n for n in notices if n.template in READ_AGAIN and isinstance(written[n.id], Letter)]
    if not listing:
        return {}
    ids = sorted({notice.order_id or 0 for notice in listing})
    cards, standing = orders.cards(ids), promising.standing(ids)
    changed = [key for key in ids if cards.get(key) != desk.accounts[key].order]
    anew = read(changed, now=desk.now)
    cards = {**cards, **(orders.cards(changed) if changed else {})}
    newer = Desk(book=desk.book, accounts={**desk.accounts, **anew}, joined=desk.joined, since=desk.since, now=desk.now)
    found: dict[UUID, Answer] = {}
    for notice in listing:
        key = notice.order_id or 0
        letter = _anew(notice, newer) if key in changed else written[notice.id]
        found[notice.id] = _as_it_stands(notice, letter, newer.accounts[key], cards[key], standing.get(key), desk)
    return found


def _anew(notice: DueNotice, desk: Desk) -> Letter | Withheld:
    found = _finds_somebody(notice, desk)
    return found if isinstance(found, Withheld) else _written(notice, found[1], desk)


def _as_it_stands(
    notice: DueNotice,
    letter: Letter | Withheld,
    account: Account,
    order: OrderCard,
    standing: Standing | None,
    desk: Desk,
) -> Letter | Withheld:
    if isinstance(letter, Withheld) or not letter.html:
        return letter
    to = addressing.addressee(notice, order)
    try:
        reread(
            notice.template, account, order, standing, desk.book, subject=letter.subject, text=letter.text, html=letter.html,
            address=letter.address, due_address=to.on(notice.channel) if to else "", name=to.name if to else "",
            language=letter.language, now=desk.now,
        )  # fmt: skip
    except CannotRender as wrong:
        return Withheld(
            reason=Reason.NOT_RENDERED,
            says=f"Not sent: {notice.template} says otherwise than the order: {wrong}.",
            broken=True,
        )
    return letter
