"""The mailbox: every message kept instead of being sent, as its recipient would see it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from milepost.faces.desk import places, who
from milepost.ground.notices import queries
from milepost.ground.notices.words import MailboxCard
from milepost.way.orders import queries as orders

ON_ONE_PAGE = 50
LETTER_POLICY = (
    "default-src 'none'; img-src data: https:; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A letter is somebody's HTML: it may look as it looks, and do nothing; its links open outside the frame."""


@who.needs("notices.read")
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """All messages, newest first."""
    found = queries.mailbox(limit=ON_ONE_PAGE + 1, before=places.read(request.GET.get("before", "")))
    cards, more = found[:ON_ONE_PAGE], found[ON_ONE_PAGE:]
    references = _references(cards)
    return render(
        request,
        "desk/mailbox.html",
        {
            "rows": [(card, references.get(card.order_id or 0, "")) for card in cards],
            "next": places.spell(cards[-1].kept_at, cards[-1].reference) if more else "", "paged": "before" in request.GET,
        },
    )  # fmt: skip


def _references(cards: list[MailboxCard]) -> dict[int, str]:
    known = orders.contacts({card.order_id for card in cards if card.order_id is not None})
    return {order_id: contact.reference for order_id, contact in known.items()}


@who.needs("notices.read")
@require_safe
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """One message: as it is seen, its text part, its headers."""
    card = _card(reference)
    order = _references([card]).get(card.order_id or 0, "")
    return render(request, "desk/message.html", {"message": card, "order_reference": order})


@who.needs("notices.read")
@require_safe
@xframe_options_sameorigin
def letter(request: HttpRequest, reference: str) -> HttpResponse:
    """The message's HTML alone, for the frame: it can run nothing, load nothing of ours and send nothing."""
    response = HttpResponse(_links_open_outside(_card(reference).html))
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


def _links_open_outside(html: str) -> str:
    """The letter with its links opening outside the frame."""
    return html.replace("<head>", '<head><base target="_blank">', 1)


def _card(reference: str) -> MailboxCard:
    card = queries.mailbox_message(reference)
    if card is None:
        raise Http404
    return card
