"""WooCommerce's deliveries: labels, signatures, pings and orders, whatever they leave out."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.plugs.shops.woocommerce import WooCommerce
from milepost.way.intake.words import Draft
from milepost.way.shops.words import Kind, Reading, Statement

SECRET = 'a&b"c'
SHOP = WooCommerce(secret=SECRET)
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
SHARED = Path(__file__).parents[6].parent / "shared" / "data"
HOME = {"X-WC-Webhook-Source": "https://Shop.example/"}
LINE = {"id": 1, "sku": "MUG", "name": "Mug", "quantity": 2, "subtotal": "20.00", "total": "20.00", "total_tax": "3.80",
        "subtotal_tax": "3.80"}  # fmt: skip


def an_order(**changes: Any) -> dict[str, Any]:
    return {
        "id": 727, "number": "727", "status": "processing", "currency": "EUR", "prices_include_tax": False, "line_items": [LINE],
        "date_modified_gmt": "2026-11-16T08:00:00", "total": "23.80", "total_tax": "3.80",
    } | changes  # fmt: skip


def read(said: Any, topic: str = "order.created") -> Reading:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return SHOP.read(topic, HOME, body, NOW)


def statement(**changes: Any) -> Statement:
    reading = read(an_order(**changes))
    assert reading.statement is not None, reading.refusal
    return reading.statement


def draft(**changes: Any) -> Draft:
    found = statement(**changes).draft
    assert found is not None
    return found


def test_signatures_and_pings_are_taken_as_the_recorded_ones_say() -> None:
    path = SHARED / "webhook_vectors" / "vectors.json"
    if not path.exists():
        pytest.skip("no shared data here")
    vectors = [one for one in json.loads(path.read_text()) if one["scheme"] == "woocommerce"]
    assert {one["valid"] for one in vectors} == {True, None}
    for one in vectors:
        body, shop = one["body"].encode(), WooCommerce(secret=one["secret"])
        assert shop.label(one["headers"], body).is_ping == (one["valid"] is None)
        assert (shop.check(one["headers"], body) is None) == (one["valid"] is True)


@pytest.mark.parametrize("body", [b"webhook_id=3&x=1", b"webhook_id=", b"webhook_id=three", b'{"webhook_id": 3}', b""])
def test_only_the_ping_as_the_shop_sends_it_needs_no_signature(body: bytes) -> None:
    assert not SHOP.label({}, body).is_ping
    assert SHOP.check({}, body).code == "unsigned"


def test_deliveries_of_one_second_bear_the_same_id_and_are_told_apart_by_their_bytes() -> None:
    headers = HOME | {
        "X-WC-Webhook-ID": "3",
        "X-WC-Webhook-Delivery-ID": "5ab2f0",
        "X-WC-Webhook-Topic": "order.created",
    }
    first = SHOP.label(headers, b'{"id": 1}')
    assert SHOP.label(headers, b'{"id": 1}') == first
    assert SHOP.label(headers, b'{"id": 2}').delivery_id != first.delivery_id
    assert (
        SHOP.label(headers | {"X-WC-Webhook-Source": "https://other.example"}, b'{"id": 1}').delivery_id
        != first.delivery_id
    )
    assert first.sender == "shop.example"


@pytest.mark.clause("REC-3")
@pytest.mark.parametrize(
    ("gross", "price", "tax", "freight", "charges"),
    [(False, "10.00", "5.70", "5.00", "5.00"), (True, "11.90", "0", "5.95", "5.95")],
)
def test_prices_are_taken_as_they_were_agreed_with_tax_or_without(
    gross: bool, price: str, tax: str, freight: str, charges: str
) -> None:
    found = draft(
        prices_include_tax=gross, shipping_total="5.00", shipping_tax="0.95", total_tax="5.70", total="35.70",
        fee_lines=[{"total": "5.00", "total_tax": "0.95"}],
    )  # fmt: skip
    assert (found.lines[0].price, found.tax, found.freight, found.charges) == tuple(
        map(Decimal, (price, tax, freight, charges))
    )
    assert found.total == found.payment_amount == Decimal("35.70")


def test_a_coupon_is_taken_off_the_lines() -> None:
    found = draft(line_items=[LINE | {"total": "17.00", "total_tax": "3.23"}], total_tax="3.23", total="20.23")
    assert (found.lines[0].price, found.lines[0].discount, found.total) == (
        Decimal("8.50"),
        Decimal("1.50"),
        Decimal("20.23"),
    )


def test_a_negative_fee_is_a_credit() -> None:
    found = draft(fee_lines=[{"total": "-4.00"}], total="19.80")
    assert (found.charges, found.total) == (Decimal("-4.00"), Decimal("19.80"))


@pytest.mark.parametrize(
    ("status", "pending", "kind", "reason"),
    [
        ("pending", True, Kind.STANDS, None), ("on-hold", True, Kind.STANDS, None), ("failed", True, Kind.STANDS, None),
        ("processing", False, Kind.STANDS, None), ("wc-processing", False, Kind.STANDS, None),
        ("cancelled", False, Kind.CANCELLED, None), ("trash", False, Kind.CANCELLED, None),
        ("refunded", False, Kind.CANCELLED, None), ("checkout-draft", False, Kind.STANDS, "not_yet_ordered"),
        ("auto-draft", False, Kind.STANDS, "not_yet_ordered"), ("completed", False, Kind.STANDS, "fulfilled"),
        ("awaiting-print", False, Kind.STANDS, None),
    ],
)  # fmt: skip
def test_what_each_status_means(status: str, pending: bool, kind: Kind, reason: str | None) -> None:
    found = statement(status=status)
    assert (found.draft.payment_pending, found.kind, found.no_order and found.no_order.code) == (pending, kind, reason)


def test_an_order_of_downloads_alone_is_not_for_us() -> None:
    assert statement(needs_processing=False).no_order.code == "nothing_to_ship"


@pytest.mark.clause("REC-3")
def test_people_places_and_wishes_are_read() -> None:
    found = draft(
        customer_id=11, customer_note="Ring twice", transaction_id="ch_1", payment_method_title="Credit card",
        billing={"first_name": "Ada", "last_name": "Okafor", "email": "Ada@okafor.example", "phone": "030 901820"},
        shipping={"first_name": "Bo", "company": "Okafor & Co", "address_1": "Lindenstraße 9", "address_2": "3rd floor",
                  "city": "Berlin", "postcode": "10969", "state": "DE-BE", "country": "DE"},
        meta_data=[{"id": 1, "key": "_billing_po_number", "value": "PO-7"}, {"key": "_other", "value": {"a": 1}}],
        shipping_lines=[{"method_title": "Express", "total": "0"}],
        line_items=[LINE | {"meta_data": [{"key": "pa_color", "value": "blue"}, {"key": "Engraving", "value": "A &amp; O"}]}],
    )  # fmt: skip
    assert (found.customer.name, found.customer.external_ref) == ("Ada Okafor", "woocommerce:shop.example:11")
    assert (found.ship_to.name, found.ship_to.street, found.ship_to.region) == ("Bo", "Lindenstraße 9\n3rd floor", "")
    assert (found.po_number, found.service, found.payment_reference) == ("PO-7", "express", "Credit card · ch_1")
    assert (found.instructions, found.lines[0].instructions) == ("Ring twice", "Engraving: A & O")


@pytest.mark.parametrize(
    ("country", "state", "written"),
    [
        ("CN", "CN22", "Hainan"), ("MX", "NL", "Nuevo León"), ("JP", "JP13", "Tokyo"), ("TR", "TR34", "İstanbul"),
        ("US", "CA", "CA"), ("TH", "TH-10", "Bangkok"), ("MY", "KUL", "Kuala Lumpur"), ("IN", "MH", "Maharashtra"),
        ("CO", "CO-DC", "Bogotá"), ("EG", "EGC", "Cairo Governorate"), ("HK", "KOWLOON", "Kowloon"), ("NG", "LA", "Lagos"),
    ],
)  # fmt: skip
def test_the_shop_s_own_codes_of_states_are_understood(country: str, state: str, written: str) -> None:
    region = draft(shipping={"country": country, "state": state}).ship_to.region
    assert region.startswith(written)


def test_a_line_without_code_is_refused_and_a_free_or_empty_line_is_not() -> None:
    (refusal,) = statement(line_items=[LINE | {"sku": "", "name": "Ship &ndash; it"}]).refusals
    assert (refusal.code, refusal.field) == ("missing_code", "lines.0.code")
    assert "Ship – it" in refusal.sentence
    assert statement(line_items=[LINE | {"sku": "", "quantity": 0}]).refusals == ()


def test_deleting_restoring_and_other_topics() -> None:
    assert read({"id": 727}, "order.deleted").statement.kind == Kind.DELETED
    assert read(an_order(), "order.deleted").statement.kind == Kind.STANDS
    assert read(an_order(), "order.restored").statement.kind == Kind.RESTORED
    assert read(an_order(status="trash"), "order.restored").statement.kind == Kind.CANCELLED
    assert read(b"?", "product.updated").ignored.code == "other_topic"


def test_what_was_paid_back_is_known_though_no_line_says_of_what() -> None:
    found = statement(refunds=[{"id": 1, "total": "-3.00"}, {"id": 2, "total": "-0.80"}])
    assert (found.refunded, found.draft.payment_amount) == (Decimal("3.80"), Decimal("20.00"))


@pytest.mark.parametrize(
    "name",
    ["docs-wp-api-v3-orders-create-an-order.json", "docs-wp-api-v3-orders-update-an-order.json", "ios-order-without-data.json"],
)  # fmt: skip
def test_recorded_orders_are_read_and_add_up(name: str) -> None:
    file = SHARED / "webhooks" / "woocommerce" / name
    if not file.exists():
        pytest.skip("no shared data here")
    found = read(file.read_bytes()).statement.draft
    assert found.total == found.payment_amount
    assert found.ship_to.country == "US"
    assert found.customer.name


@pytest.mark.parametrize(
    "name", ["ios-refund-single.json", "ios-order-statuses.json", "ios-shipment_tracking_single.json"]
)
def test_what_is_no_order_is_refused(name: str) -> None:
    file = SHARED / "webhooks" / "woocommerce" / name
    if not file.exists():
        pytest.skip("no shared data here")
    assert read(file.read_bytes()).refusal.code == "not_an_order"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
FIELDS = st.sampled_from([
    "id", "number", "status", "currency", "line_items", "billing", "shipping", "shipping_lines", "fee_lines", "refunds", "total",
    "total_tax", "meta_data", "date_modified_gmt", "prices_include_tax", "customer_id", "needs_processing",
])  # fmt: skip


@given(st.dictionaries(FIELDS, JSON, max_size=6))
def test_nothing_that_is_sent_makes_it_fail(changes: dict[str, Any]) -> None:
    reading = read(json.dumps(an_order(**changes)).encode("utf-8", "surrogatepass"))
    assert (reading.statement is None) != (reading.refusal is None)
