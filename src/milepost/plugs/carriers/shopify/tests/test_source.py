"""What Shopify says of fulfilments and their events, in our words: several numbers, events without any, and topics."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from milepost.plugs.carriers.shopify import ShopifyFulfillments
from milepost.way.tracking.words import Kind, Name, Reading

SHARED = Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[7] / "shared" / "data")
with_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not there")
SHOPIFY = ShopifyFulfillments(secret="irrelevant")
AT = datetime(2026, 3, 2, tzinfo=UTC)


def fulfillment(**changes: Any) -> bytes:
    said = {
        "id": 255858046, "order_id": 450789469, "status": "success", "created_at": "2026-03-02T10:00:00-05:00",
        "updated_at": "2026-03-03T11:00:00-05:00", "tracking_company": "USPS", "shipment_status": None,
        "tracking_number": "A1", "tracking_numbers": ["A1", "A2", "", "A1"], "line_items": [],
    }  # fmt: skip
    return json.dumps({**said, **changes}).encode()


@with_data
@pytest.mark.parametrize(
    ("path", "number", "carrier", "events"),
    [
        ("webhooks/shopify/go-shopify-fulfillment.json", "123456789", "Bluedart", 1),
        ("shopify_fixtures/fulfillment.json", "1Z2345", "", 0),
    ],
)
def test_real_fulfilments(path: str, number: str, carrier: str, events: int) -> None:
    reading = SHOPIFY.read((SHARED / path).read_bytes())
    assert [(name.numbers, name.carrier) for name in reading.names] == [((number,), carrier)]
    assert [e.kind for e in reading.events] == [Kind.LABEL_CREATED] * events


@with_data
def test_a_real_event_names_its_fulfilment_alone() -> None:
    ((reference, draft),) = SHOPIFY.read(
        (SHARED / "shopify_fixtures" / "fulfillment_event.json").read_bytes()
    ).by_reference
    assert (reference, draft.kind, draft.tracking_number) == ("fulfillment/2608403447971", Kind.LABEL_CREATED, "")
    assert draft.happened_at == datetime(2021, 1, 25, 21, 32, 23, tzinfo=UTC)


@pytest.mark.clause("TRK-2")
def test_a_fulfilment_with_several_numbers_speaks_of_each() -> None:
    reading = SHOPIFY.read(fulfillment(shipment_status="out_for_delivery"))
    assert [(e.tracking_number, e.kind, e.carrier) for e in reading.events] == [
        ("A1", Kind.OUT_FOR_DELIVERY, "USPS"), ("A2", Kind.OUT_FOR_DELIVERY, "USPS"),
    ]  # fmt: skip
    assert reading.events[0].happened_at == datetime(2026, 3, 3, 16, tzinfo=UTC)
    assert reading.names == (
        Name(
            reference="fulfillment/255858046",
            numbers=("A1", "A2"),
            said_at=datetime(2026, 3, 3, 16, tzinfo=UTC),
            carrier="USPS",
        ),
    )


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, Kind.LABEL_CREATED), ({"status": "pending"}, None), ({"status": "error"}, None),
        ({"status": "cancelled"}, Kind.CANCELLED), ({"status": "cancelled", "shipment_status": "confirmed"}, Kind.CANCELLED),
        ({"shipment_status": "delivered"}, Kind.DELIVERED), ({"shipment_status": "beamed"}, Kind.UNKNOWN),
        ({"status": "beamed"}, Kind.UNKNOWN),
    ],
)  # fmt: skip
def test_what_a_fulfilment_says_of_its_parcels(changes: dict[str, Any], kind: Kind | None) -> None:
    assert {e.kind for e in SHOPIFY.read(fulfillment(**changes)).events} == ({kind} if kind else set())


def test_that_something_is_shipped_is_dated_when_the_fulfilment_was_made() -> None:
    assert SHOPIFY.read(fulfillment()).events[0].happened_at == datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize("company", ["Other", "", None, "null-company", "Custom"])
def test_a_company_that_is_none_names_no_carrier(company: str | None) -> None:
    assert {e.carrier for e in SHOPIFY.read(fulfillment(tracking_company=company)).events} == {""}


def test_a_fulfilment_without_number_means_nothing_yet() -> None:
    assert SHOPIFY.read(fulfillment(tracking_number=None, tracking_numbers=[])) == Reading()


def test_topics_of_others_mean_nothing_and_a_deleted_event_is_for_a_person() -> None:
    body = fulfillment()
    assert SHOPIFY.read_envelope({"X-Shopify-Topic": "fulfillments/create"}, body, AT).names
    assert SHOPIFY.read_envelope({}, body, AT).names
    assert SHOPIFY.read_envelope({"X-Shopify-Topic": "fulfillment_orders/moved"}, body, AT) == Reading()
    refusal = SHOPIFY.read_envelope({"X-Shopify-Topic": "fulfillment_events/delete"}, b"{}", AT).refusal
    assert refusal is not None
    assert refusal.code == "event_deleted"


def test_a_repeat_is_known_by_its_webhook_id() -> None:
    headers = {"X-Shopify-Webhook-Id": "b54557e4"}
    assert (
        SHOPIFY.delivery_id(headers, b"1") == SHOPIFY.delivery_id(headers, b"1") != SHOPIFY.delivery_id(headers, b"2")
    )
    assert SHOPIFY.delivery_id({}, b"1") == ""
