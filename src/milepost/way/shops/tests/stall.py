"""A stall on the market: sells as Shopify does, in the words of our cast, so that a test says only what is special."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as kept
from milepost.ground.arrivals.words import ArrivalRow, Worked
from milepost.ground.duties.models import Duty
from milepost.kernel.acts import Act
from milepost.plugs.shops.shopify import Shopify
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard, Search
from milepost.way.shops import commands
from milepost.way.shops import ports as shops
from tests import cast

SECRET = "hush"
NOW = cast.MONDAY + timedelta(hours=1)
NUMBER = 820982911946154508


def open_stall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its webhooks are followed, signed with its secret."""
    monkeypatch.setitem(shops._shops, "shopify", Shopify(secret=SECRET))


def act(minutes: int = 0) -> Act:
    """The worker, some minutes later."""
    return Act.now("system:arrivals", channel="worker", now=NOW + timedelta(minutes=minutes))


def line(number: int, sku: str, quantity: int, price: str, **more: Any) -> dict[str, Any]:
    """One line as Shopify spells it."""
    return {
        "id": number,
        "sku": sku,
        "title": sku.title(),
        "quantity": quantity,
        "price": price,
        "requires_shipping": True,
    } | more


def order(minutes: int = 0, **changes: Any) -> dict[str, Any]:
    """Ada's order of a kettle and two mugs, paid, as it stands some minutes after it was placed."""
    said: dict[str, Any] = {
        "id": NUMBER, "name": "#1001", "currency": "EUR", "email": "ada@okafor.example", "phone": None, "test": False,
        "financial_status": "paid", "fulfillment_status": None, "taxes_included": True, "total_tax": "9.80",
        "created_at": cast.MONDAY.isoformat(), "updated_at": (cast.MONDAY + timedelta(minutes=minutes)).isoformat(),
        "cancelled_at": None, "note": None, "payment_gateway_names": ["visa"],
        "customer": {"id": 77, "email": "ada@okafor.example", "first_name": "Ada", "last_name": "Okafor"},
        "shipping_address": {
            "name": "Ada Okafor", "address1": "Lindenstraße 9", "address2": None, "zip": "10969", "city": "Berlin",
            "province": "Berlin", "province_code": None, "country": "Germany", "country_code": "DE", "phone": "+49 30 901820",
        },
        "line_items": [line(11, cast.KETTLE, 1, "39.90"), line(12, cast.MUG, 2, "8.50")],
        "shipping_lines": [{"title": "Standard", "price": "4.90"}],
    } | changes  # fmt: skip
    sums = [one["quantity"] * float(one["price"]) for one in said["line_items"]] + [
        float(s["price"]) for s in said["shipping_lines"]
    ]
    return {"total_price": f"{sum(sums):.2f}"} | said


def cancelled(minutes: int = 0, **changes: Any) -> dict[str, Any]:
    """The same order, cancelled by its customer."""
    at = (cast.MONDAY + timedelta(minutes=minutes)).isoformat()
    return order(minutes, cancelled_at=at, cancel_reason="customer", **changes)


_sent: list[int] = []


def send(said: Any, topic: str = "orders/create", *, at: datetime = NOW) -> ArrivalRow:
    """Have a webhook sent; it is kept and not worked on yet."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    _sent.append(1)
    headers = {
        "X-Shopify-Topic": topic, "X-Shopify-Shop-Domain": "stall.myshopify.com", "X-Shopify-Webhook-Id": f"w-{len(_sent)}",
        "X-Shopify-Hmac-Sha256": base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode(),
    }  # fmt: skip
    receipt = commands.receive(
        "shopify", headers=headers, body=body, content_type="application/json",
        act=Act.now("shop:shopify", channel="shop", now=at),
    )  # fmt: skip
    assert receipt is not None
    return found(receipt.id)


def found(arrival_id: Any) -> ArrivalRow:
    """What became of a webhook."""
    row = kept.arrival(arrival_id)
    assert row is not None
    return row


def work(minutes: int = 0) -> Worked:
    """The worker looks into the store."""
    return arrivals.process_due(act=act(minutes))


def follow(said: Any, topic: str = "orders/create", *, minutes: int = 0) -> ArrivalRow:
    """Send and work on it at once."""
    row = send(said, topic)
    work(minutes)
    return found(row.id)


def the_order() -> OrderCard:
    """The one order that there is."""
    (one,) = orders.page(Search())
    card = orders.card(one.id)
    assert card is not None
    return card


def duties(*kinds: str) -> list[Duty]:
    """Open duties of these kinds."""
    return list(Duty.objects.filter(closed_at=None, kind__in=kinds))
