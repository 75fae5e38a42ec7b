"""Several news for one person in one message: what is still true of them, each by its own headline (NTF-1)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from milepost.ground.notices import queries as sent
from milepost.ground.notices import rules
from milepost.ground.notices.rules import Place
from milepost.ground.notices.words import DueNotice, Letter, Reason, State, Withheld
from milepost.ground.procedures.words import Book
from milepost.kernel.refusals import Refused
from milepost.reactions.letters import addressing, truth
from milepost.reactions.letters.addressing import Addressee
from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.rendering import CannotRender, render, render_for
from milepost.reactions.letters.wording import house_of, links_of, news_count
from milepost.reactions.letters.writing import words, write

TEMPLATE = "digest"
NO_NEWS = Withheld(reason=Reason.NOT_TRUE, says="Not sent: nothing in it is news any more.")
Entry = tuple[DueNotice, Account, Addressee]


def letters(
    digests: Sequence[DueNotice], joined: Mapping[UUID, Sequence[DueNotice]], accounts: Mapping[int, Account], book: Book, *,
    now: datetime,
) -> dict[UUID, Letter | Withheld]:  # fmt: skip
    """Each digest as a letter, or why not. Three statements for any number; none without digests."""
    if not digests:
        return {}
    told = [one for digest in digests for one in joined.get(digest.id, ())]
    places = sent.places_of({one.order_id: one.filed_at for one in told if one.order_id is not None}) if told else {}
    entries = {one.id: _entries(one, joined.get(one.id, ()), accounts, places, book, now) for one in digests}
    first = {digest.id: (digest, entries[digest.id][-1][2]) for digest in digests if entries[digest.id]}
    unwanted = addressing.unwanted(first, book) if first else {}
    written: dict[UUID, Letter | Withheld] = {}
    for digest in digests:
        if digest.id in unwanted:
            reason, why = unwanted[digest.id]
            written[digest.id] = addressing.turned(digest, reason, why, None)
        else:
            written[digest.id] = _letter(digest, entries[digest.id], book, now)
    return written


def _entries(
    digest: DueNotice, joined: Sequence[DueNotice], accounts: Mapping[int, Account],
    places: Mapping[tuple[int | None, str, str], Sequence[Place]], book: Book, now: datetime,
) -> list[Entry]:  # fmt: skip
    """What of it is still true, and not told by a later message, for somebody with an address."""
    found = []
    for one in joined:
        account = accounts.get(one.order_id or 0)
        if account is None or truth.not_now(one, account, book.telling, now=now):
            continue
        beside = [*places.get((one.order_id, one.recipient_key, one.channel), ()), *_places(joined, one)]
        to = addressing.addressee(one, account.order)
        if to and not addressing.nowhere(digest, account, to) and not rules.replaced_by(_place(one), beside):
            found.append((one, account, to))
    return found


def _places(joined: Collection[DueNotice], about: DueNotice) -> list[Place]:
    return [_place(one) for one in joined if one.order_id == about.order_id and one.id != about.id]


def _place(notice: DueNotice) -> Place:
    return Place(
        template=notice.template, milestone=notice.milestone, rank=notice.rank, planned_at=notice.planned_at,
        state=State.SENDING, lasting=notice.lasting, several="shipment_id" in notice.data,
    )  # fmt: skip


def _letter(digest: DueNotice, entries: Sequence[Entry], book: Book, now: datetime) -> Letter | Withheld:
    if not entries:
        return NO_NEWS
    try:
        if len(entries) == 1:
            notice, account, to = entries[0]
            return write(replace(notice, channel=digest.channel), account, to, book, now=now)
        return _several(digest, entries, book, now)
    except (CannotRender, Refused) as broken:
        says = f"Not sent: {digest.template} cannot be written: {broken}."
        return Withheld(reason=Reason.NOT_RENDERED, says=says, broken=True)


def _several(digest: DueNotice, entries: Sequence[Entry], book: Book, now: datetime) -> Letter:
    """One message with a headline, and a link, for each."""
    template = book.template(TEMPLATE, digest.language)
    to = entries[-1][2]
    news = [_news(*entry, book, now) for entry in entries]
    context: dict[str, Any] = {
        **house_of(), **links_of(entries[-1][1]), "name": to.name, "news": news,
        "news_count": news_count(len(news), template.language),
    }  # fmt: skip
    subject, text, html = render_for(digest.channel, template, context)
    missing = next((one["reference"] for one in news if html and one["reference"] not in text), "")
    if missing:
        raise CannotRender(f"it does not tell of {missing}")
    return Letter(
        address=to.on(digest.channel), name=to.name, subject=subject, text=text, html=html, language=template.language,
        version=template.version,
    )  # fmt: skip


def _news(notice: DueNotice, account: Account, to: Addressee, book: Book, now: datetime) -> dict[str, str]:
    """What a message of its own would have said in its subject."""
    template = book.template(notice.template, notice.language)
    context = words(template, account, to, book, frozenset(), now=now)
    subject, _, _ = render(template, dict(context))
    return {"reference": account.order.reference, "says": subject, "link": str(context["track_link"])}
