"""Documents on wish, behind the links in letters: the order confirmation and the delivery notes as PDF (ACK-3, RECD-1)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from milepost.faces.portal.views import kept_to_themselves
from milepost.ground.access import links
from milepost.kernel.refusals import Refusal, Refused
from milepost.reactions.letters import papers

NO_PAPER = Refusal(
    code="no_paper", says="There is no such document yet.", do="Look at your order again once it is confirmed and has left us.",
    status=404,
)  # fmt: skip


@require_safe
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """The order confirmation as it stands now."""
    return _paper(
        request, token, "order-confirmation", lambda order_id: papers.confirmation(order_id, now=timezone.now())
    )


@require_safe
def delivery_note(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """The delivery note of a shipment that has left."""
    return _paper(request, token, f"delivery-note-{number}", lambda order_id: papers.delivery_note(order_id, number))


def _paper(request: HttpRequest, token: str, name: str, make: Callable[[int], bytes | None]) -> HttpResponse:
    try:
        made = make(links.open(token, "track", now=timezone.now()))
    except Refused as refused:
        return _closed(request, refused.refusals[0])
    if made is None:
        return _closed(request, NO_PAPER)
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return kept_to_themselves(response)


def _closed(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return kept_to_themselves(render(request, "portal/closed.html", {"refusal": refusal}, status=refusal.status))
