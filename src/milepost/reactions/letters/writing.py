"""One letter about one order: its words for whom it goes to, on the channel that it takes, checked before it leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from milepost.ground.access import links
from milepost.ground.notices.words import Channel, DueNotice, Letter
from milepost.ground.parties.words import ConsentClass
from milepost.ground.procedures.words import CUSTOMER, Book, TemplateVersion
from milepost.reactions.letters import calendar, proofreading, schema_org
from milepost.reactions.letters.addressing import Addressee
from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.rendering import CannotRender, render_for
from milepost.reactions.letters.tongues import Tongue, tongue
from milepost.reactions.letters.values import between, local_day
from milepost.reactions.letters.wording import context_of
from milepost.way.fulfilment.words import ParcelCard
from milepost.way.tracking.words import Kind


def write(
    notice: DueNotice, account: Account, to: Addressee, book: Book, joined: Sequence[DueNotice] = (), *, now: datetime
) -> Letter:
    """The letter, with what joined it. Raises CannotRender for a template that is broken or says otherwise than the order."""
    template = book.template(notice.template, notice.language)
    about = shipments(notice, joined)
    context = {
        **words(template, account, to, book, about, now=now),
        **waiting(notice, account, tongue(template.language), now=now),
    }
    subject, text, html = render_for(notice.channel, template, context)
    dated = bool(context["expected"])
    if html:
        proofreading.check(notice.template, account, text=text, html=html, subject=subject, shipments=about)
        if notice.audience == CUSTOMER:
            html = schema_org.spoken(notice.template, html, account, parcels(account, about), dated=dated)
    elif account.order.reference not in text:
        raise CannotRender("the words lack the order's reference")
    return Letter(
        address=to.on(notice.channel), name=to.name, subject=subject, text=text, html=html, language=template.language,
        version=template.version, thread=f"order-{account.order.reference}".lower(),
        unsubscribe=way_out(notice, template.category), link=str(context.get("track_link", "")),
        attachments=calendar.attachments(notice.template, account, tongue(template.language), dated=dated, now=now)
        if notice.channel == Channel.EMAIL else (),
    )  # fmt: skip


def words(
    template: TemplateVersion, account: Account, to: Addressee, book: Book, about: frozenset[int], *, now: datetime
) -> Mapping[str, Any]:
    """All that the template may name, with the name of whom it goes to."""
    return {
        **context_of(account, book, language=template.language, now=now, shipments=about),
        "name": to.name, "preferences_link": preferences(to, now),
    }  # fmt: skip


def waiting(notice: DueNotice, account: Account, say: Tongue, *, now: datetime) -> Mapping[str, Any]:
    """Of a parcel that waits for somebody: where it can be collected, and when the carrier tries again, as far as it said so."""
    parcel = notice.data.get("parcel_id", 0)
    tried, ready = account.words.get((parcel, Kind.ATTEMPT_FAILED)), account.words.get((parcel, Kind.READY_FOR_PICKUP))
    again = tried.estimate_on if tried else None
    ahead = again is not None and again >= local_day(now, account.order.zone)
    return {
        "next_attempt": between(again, again, say) if again and ahead else "",
        "pickup_place": [ready.place] if ready and ready.place else [],
    }


def shipments(notice: DueNotice, joined: Sequence[DueNotice]) -> frozenset[int]:
    """The shipments that a notice and what joined it are about; none: all of the order."""
    named = (one.data.get("shipment_id") for one in (notice, *joined))
    return frozenset(int(one) for one in named if one is not None)


def parcels(account: Account, about: frozenset[int]) -> list[ParcelCard]:
    """The parcels that the letter tells of."""
    return [one for one in account.parcels if not about or one.shipment_id in about]


def way_out(notice: DueNotice, category: str) -> str:
    """Where a mail program unsubscribes with one click (RFC 8058); nobody needs it for what is about their own order."""
    if notice.channel != Channel.EMAIL or category == ConsentClass.TRANSACTIONAL:
        return ""
    return f"{settings.SITE_URL}/t/unsubscribe/{links.to_unsubscribe(notice.id)}/"


def preferences(to: Addressee, now: datetime) -> str:
    """The page on which a customer chooses what they hear; such links are never revoked, so none is asked about."""
    if to.customer_id is None:
        return ""
    return f"{settings.SITE_URL}/t/preferences/{links.make('preferences', to.customer_id, now=now, fresh=True)}/"
