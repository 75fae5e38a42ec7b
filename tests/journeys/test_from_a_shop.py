"""An order walks from a web shop's raw webhook to its acknowledgement, and every bad message ends in a clear word and is kept."""

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from milepost.config import errands
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as kept
from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as messages
from milepost.kernel.acts import Act
from milepost.plugs.senders.mailbox import MailboxSender
from milepost.plugs.shops.shopify import Shopify
from milepost.plugs.shops.woocommerce import WooCommerce
from milepost.reactions.letters import compose
from milepost.way.orders import queries as orders
from milepost.way.orders.models import Order
from milepost.way.shops import ports
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "hush"

SHOPIFY: dict[str, Any] = {
    "id": 5400000000001, "admin_graphql_api_id": "gid://shopify/Order/5400000000001", "name": "#1042", "order_number": 1042,
    "created_at": "2026-11-16T09:00:00+01:00", "updated_at": "2026-11-16T09:00:00+01:00",
    "currency": "EUR", "presentment_currency": "EUR", "taxes_included": True, "total_tax": "9.87", "test": False,
    "financial_status": "paid", "fulfillment_status": None, "cancelled_at": None, "cancel_reason": None,
    "email": "Ada@okafor.example", "phone": None, "note": "Please ring twice", "note_attributes": [], "po_number": None,
    "customer_locale": "en",
    "payment_gateway_names": ["shopify_payments"], "confirmation_number": "XPAV284CT", "total_price": "61.80",
    "total_discounts": "0.00", "discount_codes": [], "refunds": [], "fulfillments": [], "tax_lines": [],
    "line_items": [
        {"id": 1, "variant_id": 11, "sku": cast.KETTLE, "title": "Kettle", "quantity": 1, "current_quantity": 1, "price": "39.90",
         "total_discount": "0.00", "discount_allocations": [], "requires_shipping": True, "gift_card": False, "properties": []},
        {"id": 2, "variant_id": 12, "sku": cast.MUG, "title": "Mug", "quantity": 2, "current_quantity": 2, "price": "8.50",
         "total_discount": "0.00", "discount_allocations": [], "requires_shipping": True, "gift_card": False, "properties": []},
    ],
    "shipping_lines": [{"id": 3, "title": "Standard", "code": "Standard", "price": "4.90", "discounted_price": "4.90"}],
    "customer": {"id": 7001, "email": "ada@okafor.example", "first_name": "Ada", "last_name": "Okafor", "phone": None},
    "billing_address": None,
    "shipping_address": {
        "first_name": "Ada", "last_name": "Okafor", "name": "Ada Okafor", "company": None, "address1": "Lindenstraße 9",
        "address2": None, "zip": "10969", "city": "Berlin", "province": None, "province_code": None, "country": "Germany",
        "country_code": "DE", "phone": "+49 30 901820",
    },
}  # fmt: skip
WOO: dict[str, Any] = {
    "id": 4711, "parent_id": 0, "number": "4711", "status": "processing", "currency": "EUR", "prices_include_tax": True,
    "date_created_gmt": "2026-11-16T08:00:00", "date_modified_gmt": "2026-11-16T08:00:00", "discount_total": "0.00",
    "shipping_total": "4.12", "shipping_tax": "0.78", "cart_tax": "9.09", "total": "61.80", "total_tax": "9.87", "customer_id": 0,
    "customer_note": "Please ring twice", "payment_method": "stripe", "payment_method_title": "Card", "transaction_id": "ch_1",
    "date_paid_gmt": "2026-11-16T08:00:00", "meta_data": [], "fee_lines": [], "coupon_lines": [], "refunds": [],
    "billing": {"first_name": "Ada", "last_name": "Okafor", "email": "ada@okafor.example", "phone": "+49 30 901820"},
    "shipping": {
        "first_name": "Ada", "last_name": "Okafor", "company": "", "address_1": "Lindenstraße 9", "address_2": "", "city": "Berlin",
        "state": "DE-BE", "postcode": "10969", "country": "DE",
    },
    "line_items": [
        {"id": 1, "name": "Kettle", "sku": cast.KETTLE, "quantity": 1, "subtotal": "33.53", "subtotal_tax": "6.37", "total":
         "33.53", "total_tax": "6.37", "price": 33.53, "meta_data": []},
        {"id": 2, "name": "Mug", "sku": cast.MUG, "quantity": 2, "subtotal": "14.28", "subtotal_tax": "2.72", "total": "14.28",
         "total_tax": "2.72", "price": 7.14, "meta_data": []},
    ],
    "shipping_lines": [{"id": 3, "method_title": "Standard", "method_id": "flat_rate", "total": "4.12", "total_tax": "0.78"}],
}  # fmt: skip
CREATE = {"shopify": "orders/create", "woocommerce": "order.created"}
UPDATE = {"shopify": "orders/updated", "woocommerce": "order.updated"}
PLACED = {"shopify": SHOPIFY, "woocommerce": WOO}
UNPAID = {"shopify": {"financial_status": "pending"}, "woocommerce": {"status": "on-hold"}}
LATER = {
    "shopify": {"updated_at": "2026-11-16T09:30:00+01:00"},
    "woocommerce": {"date_modified_gmt": "2026-11-16T08:30:00"},
}
CANCELLED = {
    "shopify": {"cancelled_at": "2026-11-16T09:40:00+01:00", "updated_at": "2026-11-16T09:40:00+01:00"},
    "woocommerce": {"status": "cancelled", "date_modified_gmt": "2026-11-16T08:40:00"},
}  # fmt: skip
BOTH = pytest.mark.parametrize("shop", ["shopify", "woocommerce"])


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ports._shops, "shopify", Shopify(secret=SECRET))
    monkeypatch.setitem(ports._shops, "woocommerce", WooCommerce(secret=SECRET))
    cast.stocked()


def deliver(
    shop: str, said: dict[str, Any] | bytes, topic: str = "", *, number: str = "1", secret: str = SECRET
) -> Any:
    """As the shop sends it: raw bytes over HTTP, signed."""
    body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    topic = topic or CREATE[shop]
    headers = (
        {"X-Shopify-Topic": topic, "X-Shopify-Shop-Domain": "stall.myshopify.com", "X-Shopify-Webhook-Id": number,
         "X-Shopify-API-Version": "2026-10", "X-Shopify-Hmac-Sha256": signature}
        if shop == "shopify"
        else {"X-WC-Webhook-Source": "https://stall.example/", "X-WC-Webhook-Topic": topic, "X-WC-Webhook-ID": "3",
              "X-WC-Webhook-Delivery-ID": number, "X-WC-Webhook-Signature": signature}
    )  # fmt: skip
    return Client().post(f"/api/v1/webhooks/{shop}", body, content_type="application/json", headers=headers)


def work() -> None:
    """The worker goes round its outboxes."""
    now = datetime.now(UTC)
    while errands.process_arrivals(now):
        pass
    sender = MailboxSender(
        keep=notices.keep_in_mailbox,
        which=messages.kept_in_mailbox,
        clock=lambda: datetime.now(UTC),
        sent_from="shop@example.org",
    )
    while notices.send_due(now=datetime.now(UTC), sender=sender, compose=compose).total:
        pass


def letters(order_id: int) -> dict[str, str]:
    sent = [card for card in messages.notices_of(order_id) if card.state == "sent" and card.channel == "email"]
    found = {card.template: messages.letter(card.id) for card in sent}
    return {template: letter.text for template, letter in found.items() if letter is not None}


def the_order() -> Any:
    return orders.card(Order.objects.get().id)


@BOTH
@pytest.mark.clause("REC-1")
@pytest.mark.clause("REC-3")
@pytest.mark.clause("ACK-2")
def test_from_raw_bytes_over_http_to_the_acknowledgement(shop: str) -> None:
    answer = deliver(shop, PLACED[shop])
    assert answer.status_code == 200
    work()
    card = the_order()
    assert (card.state, card.channel, str(card.total), card.instructions) == (
        "confirmed",
        "shop",
        "61.80",
        "Please ring twice",
    )
    assert card.acknowledged_at is not None
    text = letters(card.id)["acknowledgement"]
    assert card.reference in text
    assert "Lindenstraße 9" in text
    assert re.search(r"Total: 61\.80", text)
    (arrival,) = kept.of_order(card.id)
    assert kept.original(arrival.id).body == json.dumps(PLACED[shop], ensure_ascii=False).encode()
    assert list(journal.breaks()) == []


@BOTH
@pytest.mark.clause("VER-3")
def test_it_is_paid_changed_and_cancelled_in_the_shop_and_the_customer_hears_of_each(shop: str) -> None:
    deliver(shop, PLACED[shop] | UNPAID[shop], number="1")
    work()
    assert (the_order().state, set(letters(the_order().id)) >= {"receipt_note"}) == ("received", True)
    deliver(shop, PLACED[shop] | LATER[shop], UPDATE[shop], number="2")
    work()
    assert the_order().state == "confirmed"
    assert "acknowledgement" in letters(the_order().id)
    note = {"shopify": "note", "woocommerce": "customer_note"}[shop]
    moved = {key: value.replace("30:00", "35:00") for key, value in LATER[shop].items()}
    deliver(shop, PLACED[shop] | moved | {note: "Leave it with Bo"}, UPDATE[shop], number="3")
    work()
    assert the_order().instructions == "Leave it with Bo"
    assert "amended_order" in letters(the_order().id)
    deliver(shop, PLACED[shop] | CANCELLED[shop], UPDATE[shop], number="4")
    work()
    assert the_order().state == "cancelled"
    assert "cancellation" in letters(the_order().id)
    assert [duty.kind for duty in duties.duties_of(the_order().id) if duty.closed_at is None] == []


@BOTH
@pytest.mark.clause("REC-1")
def test_bad_messages_get_a_clear_answer_are_kept_and_work_after_a_repair(shop: str) -> None:
    body = json.dumps(PLACED[shop]).encode()
    answers = {
        "forged": deliver(shop, body, secret="guessed", number="1"),
        "cut off": deliver(shop, body[:300], number="2"),
        "mis-encoded": deliver(shop, json.dumps(PLACED[shop], ensure_ascii=False).encode("latin-1"), number="3"),
        "no order": deliver(shop, b"[]", number="4"),
        "unknown item": deliver(shop, body.replace(cast.MUG.encode(), b"MUG-GREEN"), number="5"),
    }
    told = {
        name: (answer.status_code, (answer.json().get("errors") or [{}])[0].get("code"))
        for name, answer in answers.items()
    }
    assert told == {
        "forged": (401, "bad_signature"), "cut off": (400, "bad_json"), "mis-encoded": (400, "bad_encoding"),
        "no order": (200, None), "unknown item": (200, None),
    }  # fmt: skip
    work()
    assert not Order.objects.exists()
    assert kept.counts() == {"forged": 1, "refused": 4}
    refused = {row.code: row for row in kept.arrivals(state="refused")}
    assert set(refused) == {"bad_json", "bad_encoding", "not_an_order", "unknown_item"}
    from milepost.ground.catalog import commands as catalog
    from milepost.ground.catalog.words import ItemDraft

    green = ItemDraft(code="MUG-GREEN", name="Mug, green", unit="piece", price=cast.Decimal("8.50"), currency="EUR")
    catalog.list_items([green], act=cast.SHOP)
    act = Act.now("system:command", channel="worker", now=datetime.now(UTC))
    assert arrivals.retry(ids=[refused["unknown_item"].id], act=act).processed == 1
    work()
    assert "acknowledgement" in letters(the_order().id)


@BOTH
@pytest.mark.clause("REC-2")
def test_a_replayed_webhook_makes_one_order_and_one_acknowledgement(shop: str) -> None:
    answers = {deliver(shop, PLACED[shop]).content for _ in range(3)}
    assert len(answers) == 1
    work()
    deliver(shop, PLACED[shop], number="another")
    work()
    assert Order.objects.count() == 1
    sent = [
        card
        for card in messages.notices_of(the_order().id)
        if card.template == "acknowledgement" and card.state == "sent"
    ]
    assert len([card for card in sent if card.channel == "email"]) == 1
