"""Shopify's deliveries: labels, signatures and orders, whatever they leave out."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.plugs.shops.shopify import Shopify
from milepost.way.intake.words import Draft
from milepost.way.shops.words import Kind, Reading, Statement

SHOP = Shopify(secret="hush")
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
SHARED = Path(__file__).parents[6].parent / "shared" / "data"
LINE = {"id": 1, "sku": "MUG", "title": "Mug", "quantity": 2, "price": "10.00"}


def an_order(**changes: Any) -> dict[str, Any]:
    return {"id": 9, "name": "#1", "currency": "EUR", "line_items": [LINE], "total_price": "20.00"} | changes


def read(said: Any, topic: str = "orders/create") -> Reading:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return SHOP.read(topic, {}, body, NOW)


def statement(**changes: Any) -> Statement:
    reading = read(an_order(**changes))
    assert reading.statement is not None, reading.refusal
    return reading.statement


def draft(**changes: Any) -> Draft:
    found = statement(**changes).draft
    assert found is not None
    return found


def line(**changes: Any) -> dict[str, Any]:
    return LINE | changes


def test_signatures_are_checked_as_the_recorded_ones_say() -> None:
    path = SHARED / "webhook_vectors" / "vectors.json"
    if not path.exists():
        pytest.skip("no shared data here")
    vectors = [one for one in json.loads(path.read_text()) if one["scheme"] == "shopify"]
    assert {one["valid"] for one in vectors} == {True, False}
    for one in vectors:
        refusal = Shopify(secret=one["secret"]).check(one["headers"], one["body"].encode())
        assert (refusal is None) == one["valid"], one["origin"]


def test_without_a_secret_nothing_is_trusted_and_while_it_is_renewed_both_are() -> None:
    body, headers = b"{}", {"X-SHOPIFY-HMAC-SHA256": "1XTxgzZv8MEMRXM83Sbv9xAElG0ksUSu6jjUhpp0pMs="}
    signed = {"x-shopify-hmac-sha256": _sign(body, "hush")}
    assert Shopify(secret="").check(signed, body).code == "no_secret"
    assert SHOP.check({}, body).code == "unsigned"
    assert SHOP.check(headers, body).code == "bad_signature"
    assert SHOP.check(signed, body) is None
    assert Shopify(secret="new", former_secret="hush").check(signed, body) is None
    assert Shopify(secret="new").check(signed, body).code == "bad_signature"
    assert SHOP.check({"X-Shopify-Hmac-SHA256": "é"}, body).code == "bad_signature"


def _sign(body: bytes, secret: str) -> str:
    from milepost.plugs.shops.signature import signature

    return signature(body, secret)


def test_a_retry_bears_the_same_label_and_another_topic_of_the_same_event_another() -> None:
    headers = {
        "X-Shopify-Webhook-Id": "w",
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Shop-Domain": "Stall.myshopify.com",
    }
    first = SHOP.label(headers, b"{}")
    assert SHOP.label(headers, b"{}") == first
    assert first.sender == "stall.myshopify.com"
    assert SHOP.label(headers | {"X-Shopify-Topic": "orders/paid"}, b"{}").delivery_id != first.delivery_id
    assert SHOP.label(headers, b"{ }").delivery_id != first.delivery_id
    assert SHOP.label({}, b"{}").delivery_id == ""


@pytest.mark.clause("REC-3")
def test_prices_are_net_of_the_discounts_of_line_and_order() -> None:
    some = [
        line(quantity=3, discount_allocations=[{"amount": "1.00"}, {"amount": "2.50"}]),
        line(id=2, total_discount="4.00"),
    ]
    found = draft(line_items=some, total_price="42.50", total_discounts="7.50")
    assert [(one.price, one.discount) for one in found.lines] == [
        (Decimal("8.8333"), Decimal("1.1667")), (Decimal("8.00"), Decimal("2.00")),
    ]  # fmt: skip
    assert found.total == Decimal("42.50")


@pytest.mark.parametrize(
    ("changes", "freight", "tax", "charges"),
    [
        ({"taxes_included": True, "total_tax": "3.19"}, "0.00", "0.00", "0"),
        ({"taxes_included": False, "total_tax": "1.90", "total_price": "21.90"}, "0.00", "1.90", "0"),
        ({"shipping_lines": [{"price": "5.00", "discounted_price": "3.00"}], "total_price": "23.00"}, "3.00", "0.00", "0"),
        ({"shipping_lines": [{"price": "5.00", "discount_allocations": [{"amount": "5.00"}]}]}, "0.00", "0.00", "0"),
        ({"shipping_lines": [{"price": "5.00", "is_removed": True}]}, "0.00", "0.00", "0"),
        ({"total_tip_received": "2.00", "total_price": "22.00"}, "0.00", "0.00", "2.00"),
        ({"total_tip_received": "2.00"}, "0.00", "0.00", "0"),
        ({"current_total_duties_set": {"shop_money": {"amount": "4.00"}}, "total_price": "24.00"}, "0.00", "0.00", "4.00"),
        ({"total_discounts": "5.00", "total_price": "15.00"}, "0.00", "0.00", "-5.00"),
        ({"line_items": [LINE, {"id": 2, "title": "Card", "quantity": 1, "price": "25.00", "gift_card": True}],
          "total_price": "45.00"}, "0.00", "0.00", "25.00"),
    ],
)  # fmt: skip
@pytest.mark.clause("REC-3")
def test_the_total_is_what_the_shop_says(changes: dict[str, Any], freight: str, tax: str, charges: str) -> None:
    found = draft(**changes)
    assert (found.freight, found.tax, found.charges) == (Decimal(freight), Decimal(tax), Decimal(charges))
    assert found.total == found.payment_amount == Decimal(changes.get("total_price", "20.00"))


def test_a_total_that_does_not_add_up_is_left_for_verification_to_find() -> None:
    found = draft(total_price="99.00")
    assert (found.total, found.payment_amount) == (Decimal("20.00"), Decimal("99.00"))


def test_cents_lost_in_rounding_are_not() -> None:
    some = [line(quantity=1000, price="1.00", discount_allocations=[{"amount": "0.01"}])]
    found = draft(line_items=some, total_price="999.99")
    assert found.total == Decimal("999.99")


def test_amounts_are_of_one_currency_and_what_was_charged_in_another_is_noted() -> None:
    both = {"shop_money": {"amount": "20.00"}, "presentment_money": {"amount": "21.70", "currency_code": "USD"}}
    found = draft(total_price_set=both, presentment_currency="USD", payment_gateway_names=["visa"])
    assert (found.currency, found.total, found.payment_reference) == (
        "EUR",
        Decimal("20.00"),
        "visa · charged 21.70 USD",
    )


def test_amounts_may_stand_only_in_the_sets_of_both_currencies() -> None:
    only = {"id": 1, "sku": "MUG", "quantity": 2, "price_set": {"shop_money": {"amount": "10.00"}}}
    found = draft(line_items=[only], total_price=None, total_price_set={"shop_money": {"amount": "20.00"}})
    assert (found.total, found.payment_amount) == (Decimal("20.00"), Decimal("20.00"))


@pytest.mark.parametrize(
    ("status", "pending"),
    [("pending", True), ("partially_paid", True), ("voided", True), ("expired", True), ("authorized", False), ("paid", False),
     ("partially_refunded", False), (None, False)],
)  # fmt: skip
def test_what_counts_as_paid(status: str | None, pending: bool) -> None:
    assert draft(financial_status=status).payment_pending is pending


def test_what_is_left_of_lines_counts() -> None:
    some = [line(current_quantity=1), line(id=2, current_quantity=0), line(id=3, requires_shipping=False)]
    found = statement(line_items=some, current_total_price="30.00", total_price="60.00")
    assert (found.line_ids, found.draft.lines[0].quantity) == (("1",), 1)
    assert found.draft.total == found.draft.payment_amount == Decimal("30.00")


def test_what_was_refunded_unsent_counts_where_nothing_says_what_is_left() -> None:
    refund = {
        "refund_line_items": [{"line_item_id": 1, "quantity": 1, "restock_type": "cancel"}],
        "transactions": [{"kind": "refund", "status": "success", "amount": "10.00"}],
    }
    found = statement(refunds=[refund])
    assert (found.draft.lines[0].quantity, found.refunded, found.draft.payment_amount) == (
        1,
        Decimal("10.00"),
        Decimal("10.00"),
    )
    returned = refund | {"refund_line_items": [{"line_item_id": 1, "quantity": 1, "restock_type": "return"}]}
    assert statement(refunds=[returned]).draft.lines[0].quantity == 2


def test_an_order_of_which_nothing_is_left_is_over() -> None:
    assert statement(line_items=[line(current_quantity=0)]).kind == Kind.CANCELLED
    assert statement(cancelled_at="2026-11-16T09:00:00Z", cancel_reason="inventory").reason_code == "out_of_stock"
    assert statement(line_items=[]).kind == Kind.STANDS


def test_the_customer_is_named_though_much_is_missing() -> None:
    found = draft(customer=None, billing_address=None, shipping_address=None, contact_email="ada@okafor.example")
    assert (found.customer.email, found.customer.external_ref, found.ship_to.country) == ("ada@okafor.example", "", "")
    found = draft(
        customer={"id": 7, "first_name": None, "last_name": None}, billing_address={"name": "Ada Okafor", "phone": "1"}
    )
    assert (found.customer.name, found.customer.external_ref, found.customer.phone) == ("Ada Okafor", "shopify:7", "1")
    assert draft(customer_locale="pt-BR").customer.language == "pt-BR"


@pytest.mark.parametrize(
    ("country", "code", "name", "written"),
    [
        ("US", "KY", "Kentucky", "KY"), ("JP", "JP-13", "Tōkyō", "Tokyo"), ("MX", "CMX", "Ciudad de México", "Ciudad de México"),
        ("IT", "RM", "Roma", "RM"), ("AE", "DU", "Dubai", "Dubai"), ("CN", "GD", "Guangdong", "Guangdong"), ("DE", None, None, ""),
        ("PT", "PT-11", "Lisboa", "Lisboa"), ("BR", "SP", "São Paulo", "SP"), ("HK", "KL", "Kowloon", "Kowloon"),
    ],
)  # fmt: skip
def test_parts_of_countries_are_spelled_as_addresses_are_checked(
    country: str, code: str | None, name: str | None, written: str
) -> None:
    said = {"country_code": country, "province_code": code, "province": name}
    assert draft(shipping_address=said).ship_to.region == written


def test_a_country_may_be_named_instead_of_coded() -> None:
    assert draft(shipping_address={"country": "United States"}).ship_to.country == "US"
    assert draft(shipping_address={"country": "Atlantis"}).ship_to.country == ""


def test_wishes_are_kept_and_what_is_for_machines_is_not() -> None:
    wishes = [{"name": "Engraving", "value": "Ada"}, {"name": "_bundle", "value": "x"}, {"name": "Empty", "value": ""}]
    found = draft(line_items=[line(properties=wishes)], note="Ring", note_attributes=wishes, po_number="PO-7")
    assert (found.lines[0].instructions, found.instructions, found.po_number) == (
        "Engraving: Ada", "Ring\nEngraving: Ada", "PO-7",
    )  # fmt: skip
    assert draft(line_items=[line(properties={"Engraving": "Ada"})]).lines[0].instructions == "Engraving: Ada"


def test_a_line_without_code_is_refused_by_its_place_and_title() -> None:
    (refusal,) = statement(line_items=[LINE, line(id=2, sku=None)]).refusals
    assert (refusal.code, refusal.field) == ("missing_code", "lines.1.code")
    assert "“Mug”" in refusal.sentence


@pytest.mark.parametrize(
    ("spelled", "number"),
    [(9, "9"), ("9", "9"), ("gid://shopify/Order/9", "9"), (820982911946154508, "820982911946154508")],
)
def test_a_number_is_one_however_it_is_spelled(spelled: Any, number: str) -> None:
    assert statement(id=spelled).number == number


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"\xff", b'{"id": NaN}', b"[" * 100_000, b'{"id": 1, "currency": "EUR", "line_items": [1]}',
     b'{"id": 1, "currency": "EUR", "line_items": {"a": 1}}', b'{"id": 1, "currency": 7}', b'{"id": {}, "currency": "EUR"}',
     b'{"id": 1, "currency": "EUR", "line_items": [{"price": "a lot", "quantity": 1}]}',
     b'{"id": 1, "currency": "EUR", "total_price": "1e400"}', b'{"id": 1, "currency": "EUR", "customer": "Ada"}'],
)  # fmt: skip
def test_nonsense_is_refused_with_a_sentence(body: bytes) -> None:
    refusal = read(body).refusal
    assert refusal is not None
    assert refusal.sentence
    assert "{" not in refusal.sentence


def test_other_topics_are_none_of_our_business() -> None:
    assert read(b"?", "products/update").ignored.code == "other_topic"
    assert read({"order_edit": {"order_id": 9}}, "orders/edited").statement.kind == Kind.EDITED
    assert read({"id": 9}, "orders/delete").statement.kind == Kind.DELETED
    assert read(an_order(), "orders/delete").statement.kind == Kind.STANDS


@pytest.mark.parametrize("path", ["webhooks/shopify/go-shopify-order.json", "shopify_fixtures/order.json"])
def test_recorded_orders_are_read(path: str) -> None:
    file = SHARED / path
    if not file.exists():
        pytest.skip("no shared data here")
    found = read(file.read_bytes()).statement
    assert found.draft.lines
    assert found.draft.ship_to.country == "US"
    assert found.draft.customer.email


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
FIELDS = st.sampled_from([
    "id", "name", "currency", "line_items", "customer", "shipping_address", "billing_address", "shipping_lines", "refunds", "test",
    "total_price", "total_tax", "note_attributes", "updated_at", "payment_gateway_names", "total_price_set", "email",
    "cancelled_at",
])  # fmt: skip


@given(st.dictionaries(FIELDS, JSON, max_size=6))
def test_nothing_that_is_sent_makes_it_fail(changes: dict[str, Any]) -> None:
    reading = read(json.dumps(an_order(**changes)).encode("utf-8", "surrogatepass"))
    assert (reading.statement is None) != (reading.refusal is None)
