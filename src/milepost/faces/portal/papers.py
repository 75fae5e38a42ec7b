"""Documents on wish, behind the links in letters: the order confirmation and the delivery notes as PDF (ACK-3, RECD-1)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from milepost.faces.portal.behind import dead, is_open, kept_to_themselves, whose
from milepost.faces.portal.opening import to_open
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
    """A document names who and where, so it is for browsers that opened the link by a code."""
    try:
        order_id = whose(token, "track", now=timezone.now()).order_id
    except Refused as refused:
        return dead(request, refused)
    if not is_open(request, token):
        return kept_to_themselves(to_open(request, token))
    made = make(order_id)
    if made is None:
        return dead(request, Refused(NO_PAPER))
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return kept_to_themselves(response)
