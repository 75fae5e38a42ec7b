"""What web shops send by themselves: kept byte for byte first, checked, answered, and followed from the store (REC-1)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from milepost.faces.api.answers import REFUSALS, answer
from milepost.faces.api.shapes.way import RawOut
from milepost.faces.api.webhooks import receive
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.shops import commands as shops

router = Router(tags=["shops"])
FORBIDDEN = 403
FULFILLMENTS = ("fulfillments/", "fulfillment_events/")


def _documented(shop: str, signature: str, **headers: str) -> dict[str, Any]:
    """How the address is described: the vendor's own body and headers."""
    content = {"application/json": {"schema": {"type": "object", "description": f"An order, as {shop} sends it."}}}
    told = {signature: f"{shop}'s signature of the body: HMAC-SHA-256 in Base64.", **headers}
    parameters = [
        {
            "in": "header",
            "name": name,
            "required": name == signature,
            "schema": {"type": "string"},
            "description": says,
        }
        for name, says in told.items()
    ]
    return {"requestBody": {"required": True, "content": content}, "parameters": parameters}


@router.post(
    "/webhooks/shopify", auth=None, response={200: RawOut, **REFUSALS}, summary="Shopify's webhook", url_name="webhook-shopify",
    openapi_extra=_documented("Shopify", "X-Shopify-Hmac-SHA256", **{"X-Shopify-Topic": "Such as orders/create."}),
)  # fmt: skip
def shopify(request: HttpRequest) -> HttpResponse:
    """Orders of a Shopify shop: placed, changed, paid, cancelled; in any order, and as often as Shopify likes. What it says of
    fulfilments under the same address is tracking."""
    if request.headers.get("X-Shopify-Topic", "").lower().startswith(FULFILLMENTS):
        return receive("shopify_fulfillments", request)
    return _receive("shopify", request)


@router.post(
    "/webhooks/woocommerce", auth=None, response={200: RawOut, **REFUSALS}, summary="WooCommerce's webhook",
    url_name="webhook-woocommerce",
    openapi_extra=_documented("WooCommerce", "X-WC-Webhook-Signature", **{"X-WC-Webhook-Topic": "Such as order.created."}),
)  # fmt: skip
def woocommerce(request: HttpRequest) -> HttpResponse:
    """Orders of a WooCommerce shop: created, updated, deleted, restored. The ping of a new webhook makes nothing."""
    return _receive("woocommerce", request)


def _receive(shop: str, request: HttpRequest) -> HttpResponse:
    act = Act.now(f"shop:{shop}", channel="shop", now=datetime.now(UTC))
    kept = shops.receive(
        shop, headers=dict(request.headers), body=request.body, content_type=request.headers.get("Content-Type", ""), act=act
    )  # fmt: skip
    if kept is None:
        return answer({"id": None})
    if kept.refusal is not None:
        raise Refused(replace(kept.refusal, status=_status(kept.refusal.status)))
    return answer({"id": kept.id})


def _status(status: int) -> int:
    """A missing secret is our fault, but the sender learns no more than that we do not trust them."""
    return status if status < 500 else FORBIDDEN
