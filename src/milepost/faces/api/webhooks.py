"""What tracking vendors send by themselves, whoever they are: kept byte for byte first, checked, answered, read from the store."""

from dataclasses import replace
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router

from milepost.faces.api.answers import REFUSALS, answer
from milepost.faces.api.shapes.way import RawOut
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.tracking import commands as tracking

router = Router(tags=["tracking"])
FORBIDDEN, NO_SECRET = 403, "no_secret"


@router.post(
    "/webhooks/{source}", auth=None, response={200: RawOut, **REFUSALS}, summary="A tracking vendor's webhook",
    url_name="webhook",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"description": "Whatever the vendor sends, in its own form."}}},
        }
    },
)  # fmt: skip
def tracking_webhook(request: HttpRequest, source: str) -> HttpResponse:
    """Deliveries of AfterShip, Shippo, ShipEngine, Shopify (fulfilments), 17TRACK, carriers and whoever else was given this
    address, each signed as its vendor does it. A forged one is refused, and kept as evidence; a repeat is answered as the first
    time (TRK-2)."""
    return receive(source, request)


def receive(source: str, request: HttpRequest) -> HttpResponse:
    """Keep what was sent, then answer: its id, or why it is not trusted."""
    act = Act.now(f"carrier:{source}"[:64], channel="webhook", now=datetime.now(UTC))
    kept = tracking.receive_raw(
        source, headers=dict(request.headers), body=request.body, token=request.GET.get("token", ""), act=act
    )  # fmt: skip
    if kept.refusal is not None:
        # A missing secret is our fault, but the sender learns no more than that we do not trust them.
        status = FORBIDDEN if kept.refusal.code == NO_SECRET else kept.refusal.status
        raise Refused(replace(kept.refusal, status=status))
    return answer({"id": kept.id})
