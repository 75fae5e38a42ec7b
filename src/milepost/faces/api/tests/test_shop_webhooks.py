"""Web shops' webhooks: kept first, checked, answered, followed from the store; bad ones refused clearly and kept."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import orjson
import pytest
from django.test import Client

from milepost.faces.api.tests.conftest import furnish_shop, now_act
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries
from milepost.ground.arrivals.models import Arrival
from milepost.ground.arrivals.words import Worked
from milepost.plugs.shops.shopify import Shopify
from milepost.plugs.shops.woocommerce import WooCommerce
from milepost.way.orders import queries as orders
from milepost.way.orders.models import Order
from milepost.way.shops import ports

pytestmark = pytest.mark.django_db
SECRET = "hush"
SHOPIFY: dict[str, Any] = {
    "id": 820982911946154508, "name": "#1001", "currency": "EUR", "email": "ada@okafor.example", "financial_status": "paid",
    "taxes_included": True, "total_price": "32.00", "updated_at": "2026-11-16T09:00:00Z",
    "line_items": [
        {"id": 1, "sku": "TEA-100", "quantity": 2, "price": "12.50"}, {"id": 2, "sku": "CUP-2", "quantity": 1, "price": "7.00"},
    ],
    "customer": None,
    "shipping_address": {
        "name": "Ada Okafor", "address1": "Lindenstraße 9", "zip": "10969", "city": "Berlin", "country_code": "DE",
    },
}  # fmt: skip
WOO: dict[str, Any] = {
    "id": 727, "number": "727", "status": "processing", "currency": "EUR", "prices_include_tax": True, "total": "32.00",
    "date_modified_gmt": "2026-11-16T09:00:00", "payment_method_title": "Visa",
    "line_items": [
        {"id": 1, "sku": "TEA-100", "quantity": 2, "subtotal": "25.00", "total": "25.00"},
        {"id": 2, "sku": "CUP-2", "quantity": 1, "subtotal": "7.00", "total": "7.00"},
    ],
    "billing": {"first_name": "Ada", "last_name": "Okafor", "email": "ada@okafor.example"},
    "shipping": {
        "first_name": "Ada", "last_name": "Okafor", "address_1": "Lindenstraße 9", "postcode": "10969", "city": "Berlin",
        "country": "DE",
    },
}  # fmt: skip
TOPICS = {"shopify": "orders/create", "woocommerce": "order.created"}
PAYLOADS = {"shopify": SHOPIFY, "woocommerce": WOO}
BOTH = pytest.mark.parametrize("shop", ["shopify", "woocommerce"])


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setitem(ports._shops, "shopify", Shopify(secret=SECRET))
    monkeypatch.setitem(ports._shops, "woocommerce", WooCommerce(secret=SECRET))
    furnish_shop()


def sign(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def deliver(
    shop: str, said: Any, *, number: str = "d-1", signature: str | None = None, topic: str = "", **more: str
) -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    signature = sign(body) if signature is None else signature
    topic = topic or TOPICS[shop]
    headers = (
        {"X-Shopify-Hmac-Sha256": signature, "X-Shopify-Topic": topic, "X-Shopify-Webhook-Id": number,
         "X-Shopify-Shop-Domain": "stall.myshopify.com"}
        if shop == "shopify"
        else {"X-WC-Webhook-Signature": signature, "X-WC-Webhook-Topic": topic, "X-WC-Webhook-Delivery-ID": number,
              "X-WC-Webhook-Source": "https://stall.example/", "X-WC-Webhook-ID": "3"}
    )  # fmt: skip
    answer: Any = Client(raise_request_exception=False).post(
        f"/api/v1/webhooks/{shop}", body, content_type="application/json",
        headers={name: value for name, value in (headers | more).items() if value},
    )  # fmt: skip
    answer.told = orjson.loads(answer.content)
    return answer


def work() -> Worked:
    return arrivals.process_due(act=now_act())


@BOTH
@pytest.mark.clause("REC-1")
def test_an_order_is_kept_byte_for_byte_answered_and_followed_from_the_store(shop: str) -> None:
    answer = deliver(shop, PAYLOADS[shop])
    assert answer.status_code == 200
    original = queries.original(answer.told["id"])
    assert orjson.loads(original.body) == PAYLOADS[shop]
    assert not Order.objects.exists()
    assert work() == Worked(processed=1)
    order = Order.objects.get()
    assert (order.channel, order.state, str(order.total)) == ("shop", "confirmed", "32.00")


@BOTH
def test_a_repeated_delivery_is_answered_as_the_first_and_makes_one_order(shop: str) -> None:
    answers = [deliver(shop, PAYLOADS[shop]) for _ in range(3)]
    assert len({answer.content for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {200}
    work()
    assert deliver(shop, PAYLOADS[shop]).content == answers[0].content
    assert deliver(shop, PAYLOADS[shop], number="d-2").told["id"] != answers[0].told["id"]
    work()
    assert Order.objects.count() == 1


def test_two_orders_of_one_second_under_one_delivery_id_are_two_orders() -> None:
    for number in (727, 728):
        billing = WOO["billing"] | {"email": f"c{number}@okafor.example"}
        assert (
            deliver("woocommerce", WOO | {"id": number, "number": str(number), "billing": billing}).status_code == 200
        )
    assert work() == Worked(processed=2)
    assert Order.objects.count() == 2


@BOTH
@pytest.mark.parametrize("signature", ["", "AAAA", sign(b"other"), sign(b"{}", "other"), "\N{SNOWMAN}".encode().hex()])
def test_a_forged_delivery_is_refused_and_kept_as_evidence(shop: str, signature: str) -> None:
    answer = deliver(shop, b"{}", signature=signature)
    assert answer.status_code == 401
    assert answer.told["errors"][0]["next_step"]
    assert Arrival.objects.get().state == "forged"
    assert work() == Worked()
    assert deliver(shop, PAYLOADS[shop]).status_code == 200


@BOTH
def test_without_a_secret_every_delivery_is_refused_and_the_ping_is_not(
    shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ports._shops, shop, {"shopify": Shopify, "woocommerce": WooCommerce}[shop](secret=""))
    answer = deliver(shop, PAYLOADS[shop], signature=sign(b"", ""))
    assert (answer.status_code, answer.told["errors"][0]["code"]) == (403, "no_secret")
    assert work() == Worked()


def test_the_unsigned_ping_of_woocommerce_is_answered_and_makes_nothing() -> None:
    answer = Client().post(
        "/api/v1/webhooks/woocommerce", "webhook_id=3", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert not Arrival.objects.exists()
    forged = Client().post(
        "/api/v1/webhooks/woocommerce", "webhook_id=3&id=7", content_type="application/x-www-form-urlencoded"
    )
    assert forged.status_code == 401


@BOTH
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_json"), (b'{"id": 820982911946154508, "line_it', "bad_json"), (b"{'id': 1}", "bad_json"),
        (b'{"id": 1, "note": "caf\xe9"}', "bad_encoding"), (b"\xff\xfe{\x00}\x00", "bad_encoding"), (b"[" * 50_000, "bad_json"),
    ],
)  # fmt: skip
@pytest.mark.clause("REC-1")
def test_what_is_signed_but_cut_off_or_mis_encoded_is_refused_clearly_and_kept(
    shop: str, body: bytes, code: str
) -> None:
    answer = deliver(shop, body)
    assert (answer.status_code, answer.told["errors"][0]["code"]) == (400, code)
    row = Arrival.objects.get()
    assert (bytes(row.body), row.state, row.code) == (body, "refused", code)
    assert deliver(shop, body).content == answer.content
    assert Arrival.objects.count() == 1
    assert arrivals.retry(ids=[row.id], act=now_act()) == Worked(refused=1)


@BOTH
@pytest.mark.parametrize(
    "body",
    [b"null", b"[]", b"7", b'"order"', b"{}", b'{"id": null}', b'{"id": 7, "status": "processing", "line_items": 7}'],
)
def test_signed_nonsense_is_answered_kept_and_refused_when_it_is_followed(shop: str, body: bytes) -> None:
    assert deliver(shop, body).status_code == 200
    assert work() == Worked(refused=1)
    assert Arrival.objects.get().error


@BOTH
def test_an_order_of_an_unknown_item_waits_for_the_repair_and_is_taken_then(shop: str) -> None:
    lines = [PAYLOADS[shop]["line_items"][0] | {"sku": "NEW-1"}]
    identity = deliver(shop, PAYLOADS[shop] | {"line_items": lines}).told["id"]
    assert work() == Worked(refused=1)
    assert queries.arrival(identity).code == "unknown_item"
    from milepost.faces.api.tests.conftest import item
    from milepost.ground.catalog import commands as catalog

    catalog.list_items([item("NEW-1", "12.50")], act=now_act())
    assert arrivals.retry(source=shop, act=now_act()) == Worked(processed=1)
    assert orders.card(queries.arrival(identity).order_id).lines[0].code == "NEW-1"


@BOTH
def test_a_body_beyond_the_limit_is_refused_before_it_is_read(shop: str, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = deliver(shop, PAYLOADS[shop] | {"note": "x" * 2000})
    assert (answer.status_code, answer.told["errors"][0]["code"]) == (413, "too_large")
    assert not Order.objects.exists()


ODD = [
    {"customer": None, "billing": None}, {"shipping_address": None, "shipping": None}, {"shipping": {}, "billing": []},
    {"note": "❤️ 你好 \u202e \x00 \ud800", "customer_note": "❤️ \x00 \ud800"}, {"name": "#" * 500, "number": "9" * 500},
    {"id": "gid://shopify/DraftOrder/99"}, {"id": 10**30}, {"email": "not an address", "phone": "call me"},
    {"line_items": []}, {"line_items": None},
    {"line_items": [{"id": 1, "sku": "TEA-100", "quantity": -1, "price": "1", "total": "1"}]},
    {"line_items": [{"sku": "TEA-100", "quantity": 1, "price": "12.50", "total": "12.50"}] * 2},
    {"line_items": [{"id": n, "sku": "TEA-100", "quantity": 1, "price": "12.50", "total": "12.50"} for n in range(1500)]},
    {"total_price": "0.00", "total": "0.00"}, {"total_price": None, "total": None}, {"currency": "KWD"}, {"currency": None},
    {"currency": "eur"}, {"updated_at": "yesterday", "date_modified_gmt": "0000-00-00T00:00:00"},
    {"total_price": "99999999999999", "total": "99999999999999"}, {"status": "😀"}, {"financial_status": 7},
    {"shipping_lines": [{"price": "-5.00", "total": "-5.00"}]}, {"unknown": {"deep": [[[[]]]]}}, {"note": "x" * 500_000},
]  # fmt: skip


@BOTH
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_orders_end_as_orders_or_with_a_reason_and_never_as_an_error(shop: str, odd: dict[str, Any]) -> None:
    body = json.dumps(PAYLOADS[shop] | odd).encode()
    assert deliver(shop, body).status_code == 200
    work()
    row = Arrival.objects.get()
    assert row.state in ("processed", "refused", "ignored")
    assert row.code != "crashed", row.error
    assert row.state == "processed" or row.error


@BOTH
def test_an_answer_takes_less_than_a_hundred_milliseconds(shop: str) -> None:
    deliver(shop, PAYLOADS[shop], number="warm")
    times = []
    for number in range(20):
        start = time.perf_counter()
        deliver(shop, PAYLOADS[shop], number=f"t-{number}")
        times.append(time.perf_counter() - start)
    assert sorted(times)[10] < 0.1


@BOTH
def test_other_methods_and_shops_are_refused(shop: str) -> None:
    assert Client().get(f"/api/v1/webhooks/{shop}").status_code == 405
    assert Client().post("/api/v1/webhooks/otherify", b"{}", content_type="application/json").status_code == 404
