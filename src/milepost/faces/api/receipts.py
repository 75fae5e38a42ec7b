"""Where senders' systems report what became of messages: `webhooks/receipts/<sender>/`."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from milepost.faces.api.answers import error
from milepost.ground.notices import ports
from milepost.ground.notices.words import Delivery
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.reactions import receipts

FORBIDDEN = 403
PLAIN = ("text/plain", b"")


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def receive(request: HttpRequest, source: str) -> HttpResponse:
    """Kept first, then checked and answered; the worker reads it from the store. Some vendors look with HEAD whether we are here.

    The address is the public one (MILEPOST_URL), which is what vendors sign, whatever stands in front of us.
    """
    try:
        known = ports.receipt_source(source)
        if request.method == "HEAD":
            return HttpResponse()
        now = datetime.now(UTC)
        delivery = Delivery(
            url=f"{settings.SITE_URL}{request.get_full_path()}", headers=dict(request.headers), body=request.body,
            received_at=now,
        )  # fmt: skip
        kept = receipts.receive(source, delivery, act=Act.now(f"sender:{source}", channel="webhook", now=now))
    except Refused as refused:
        return _refused(refused.refusals[0])
    if kept.refusal is not None:
        return _refused(kept.refusal)
    kind, body = getattr(known, "answer", PLAIN)
    return HttpResponse(body, content_type=kind)


def _refused(refusal: Refusal) -> HttpResponse:
    """A missing secret of ours is no business of who asks."""
    status = refusal.status if refusal.status in (404, 413) else min(refusal.status, FORBIDDEN)
    return JsonResponse({"errors": [error(refusal)]}, status=status)
