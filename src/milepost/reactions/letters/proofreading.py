"""The finished letter, read once more against the order before it leaves (NTF-3, NTF-6)."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.html import escape

from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.rendering import CannotRender
from milepost.way.cases.words import OfferState

WITH_ITEMS = frozenset({"receipt_note", "acknowledgement", "backorder_notice"})


def check(
    template: str, account: Account, *, subject: str, text: str, html: str, shipments: frozenset[int] = frozenset()
) -> None:
    """Raises CannotRender when reference, a way to ask, or, where items are listed, a code or the total is missing."""
    if account.order.reference not in subject:
        raise CannotRender("the subject lacks the order's reference")
    for name, must in _musts(template, account, shipments):
        if must not in text:
            raise CannotRender(f"the text lacks {name}")
        if escape(must) not in html:
            raise CannotRender(f"the HTML lacks {name}")


def _musts(template: str, account: Account, shipments: frozenset[int]) -> Iterator[tuple[str, str]]:
    yield "the order's reference", account.order.reference
    yield "the contact for questions", settings.SUPPORT_EMAIL
    if template in WITH_ITEMS:
        yield from ((f"item {line.code}", line.code) for line in account.order.lines)
    if template == "backorder_notice" and account.offer and account.offer.state is OfferState.OPEN:
        yield "the link to choose", account.alternatives
    if template == "shipment_notice":
        about = [one for one in account.shipments if one.shipped_at and (not shipments or one.id in shipments)]
        for parcel in (parcel for shipment in about for parcel in shipment.parcels):
            yield from ((f"item {code}", code) for _, code, _ in parcel.lines)
            yield "a tracking number", parcel.tracking_number
