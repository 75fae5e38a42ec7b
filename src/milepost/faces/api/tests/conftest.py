"""A small world to call: a catalogue, stock, keys, and somebody who calls."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client

from milepost.ground.access.commands import grant_key
from milepost.ground.access.words import SCOPES
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.kernel.acts import Act
from milepost.way.stock import commands as stock
from milepost.way.stock.words import StockReceipt

_numbers = count(1)


def now_act() -> Act:
    return Act.now("system:test", channel="test", now=datetime.now(UTC))


class Caller:
    """Calls the API with a key, as a partner's system would."""

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self.client = Client(raise_request_exception=False)

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> Any:
        content = body if isinstance(body, bytes) else orjson.dumps(body, default=str)
        headers.setdefault("Authorization", f"Bearer {self.plain}")
        headers.setdefault("Idempotency-Key", key or f"call-{next(_numbers)}")
        content_type = headers.pop("Content-Type", "application/json")
        response = self.client.post(
            f"/api/v1/{path}", content, content_type=content_type, headers={k: v for k, v in headers.items() if v}
        )
        return _read(response)

    def get(self, path: str, **query: Any) -> Any:
        return _read(
            self.client.get(
                f"/api/v1/{path}", query, headers={"Authorization": f"Bearer {self.plain}"} if self.plain else {}
            )
        )


def _read(response: HttpResponse) -> Any:
    response.told = orjson.loads(response.content)  # type: ignore[attr-defined]
    return response


def make_caller(*scopes: str) -> Caller:
    return Caller(grant_key(name="test", scopes=scopes or list(SCOPES), act=now_act()).plain)


@pytest.fixture
def shop(db: None) -> Caller:
    """A caller with every scope, and a catalogue of tea and cups of which tea is in stock."""
    furnish_shop()
    return make_caller()


@pytest.fixture
def caller_with(db: None) -> Callable[..., Caller]:
    return make_caller


def furnish_shop() -> None:
    ids = catalog.list_items(
        [
            item("TEA-100", "12.50", usual_max=Decimal(50)),
            item("CUP-2", "7.00"),
            item("USD-1", "9.00", currency="USD"),
        ],
        act=now_act(),
    )
    goods = [StockReceipt(item_id=item_id, location="MAIN", quantity=Decimal(100_000)) for item_id in ids]
    stock.receive_stock(goods, act=now_act())


def item(code: str, price: str, *, currency: str = "EUR", usual_max: Decimal | None = None) -> ItemDraft:
    return ItemDraft(
        code=code, name=code.title(), unit="pc", price=Decimal(price), currency=currency, usual_max=usual_max
    )


def an_order(**changes: Any) -> dict[str, Any]:
    """Ada's order of tea and a cup, to a complete address, with what a test says otherwise."""
    number = next(_numbers)
    return {
        "external_ref": f"SHOP-{number}",
        "customer": {"external_ref": f"C-{number}", "name": "Ada Okafor", "email": f"ada{number}@okafor.example"},
        "ship_to": {
            "name": "Ada Okafor", "street": "Kastanienallee 12", "postal_code": "10435", "city": "Berlin", "country": "DE",
        },
        "currency": "EUR",
        "lines": [{"code": "TEA-100", "quantity": 2}, {"code": "CUP-2", "quantity": 1}],
    } | changes  # fmt: skip
