"""Every tracking vendor's webhooks, whole: kept, checked, answered, worked on; and what is forged, replayed or makes no sense."""

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.faces.api.tests.conftest import Caller, an_order, now_act
from milepost.faces.api.tests.vendors import (
    NUMBER,
    OTHER,
    VENDORS,
    Vendor,
    base64_of,
    deliver,
    now,
    says,
    send,
    shopify,
    sources,
    spoken,
)
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as arrived
from milepost.ground.arrivals.models import Arrival
from milepost.ground.duties import queries as duties
from milepost.ground.notices.models import Notice
from milepost.plugs.carriers.shippo import Shippo
from milepost.way.tracking import ports
from milepost.way.tracking.models import TrackingEvent

pytestmark = pytest.mark.django_db


each = pytest.mark.parametrize("vendor", VENDORS, ids=lambda one: one.name)


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for source in sources():
        monkeypatch.setitem(ports._sources, source.name, source)


def shipped(shop: Caller, *numbers: str) -> str:
    order: str = shop.post("orders", an_order()).told["reference"]
    ship(shop, order, *numbers)
    return order


def ship(shop: Caller, order: str, *numbers: str) -> None:
    for number in numbers or (NUMBER,):
        shipment = {"order": order, "carrier": "USPS", "tracking_number": number}
        assert shop.post("shipments", {"shipments": [shipment]}).status_code == 200


def work() -> Any:
    return arrivals.process_due(act=now_act())


def state(shop: Caller, order: str) -> str:
    return str(shop.get(f"orders/{order}/status").told["state"])


def repairs() -> list[str]:
    return [duty.subject_id for duty in duties.open_duties(["it_support"]) if duty.kind == "it_repair"]


def outcome(answer: Any) -> tuple[str, str]:
    row = Arrival.objects.get(id=answer.told["id"])
    return row.state, row.code


@each
@pytest.mark.clause("TRK-2")
def test_what_a_vendor_sends_is_kept_first_and_the_order_follows(vendor: Vendor, shop: Caller) -> None:
    order, body = shipped(shop), says(vendor)
    answer = deliver(vendor, body)
    assert answer.status_code == 200
    original = arrived.original(answer.told["id"])
    assert original is not None
    assert original.body == body
    assert not TrackingEvent.objects.exists()
    assert work().processed == 1
    assert state(shop, order) == "delivered"


@each
def test_it_is_answered_after_one_statement(vendor: Vendor, db: None) -> None:
    deliver(vendor, says(vendor))
    with CaptureQueriesContext(
        connection,
    ) as statements:
        assert deliver(vendor, says(vendor, number="another")).status_code == 200
    assert len(statements) == 1


@each
def test_a_forged_delivery_is_refused_kept_as_evidence_and_has_no_effect(vendor: Vendor, shop: Caller) -> None:
    order, body = shipped(shop), says(vendor)
    (name, value), *others = reversed(vendor.sign(body).items())
    for headers in (
        {},
        {**dict(others), name: f"{value[:-4]}AAA="},
        {**dict(others), name: "é"},
        vendor.sign(body + b" "),
    ):
        answer = send(vendor.name, body, headers)
        assert answer.status_code == 401
        assert answer.told["errors"][0]["code"] in ("bad_signature", "unsigned")
    assert set(Arrival.objects.values_list("state", flat=True)) == {"forged"}
    assert work().total == 0
    assert state(shop, order) == "shipped"


@each
def test_a_replayed_delivery_changes_nothing(vendor: Vendor, shop: Caller) -> None:
    order, body = shipped(shop), says(vendor)
    answers = [deliver(vendor, body) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    work()
    events, messages = TrackingEvent.objects.count(), Notice.objects.count()
    deliver(vendor, body)
    work()
    assert (TrackingEvent.objects.count(), Notice.objects.count()) == (events, messages)
    assert (events, state(shop, order)) == (1, "delivered")


def test_a_delivery_that_its_vendor_numbers_is_kept_once(db: None) -> None:
    for vendor in VENDORS[:2]:
        first, again = deliver(vendor, body := says(vendor)), deliver(vendor, body)
        assert first.told == again.told
        assert Arrival.objects.filter(source=vendor.name).count() == 1


@each
@pytest.mark.clause("OPS-1")
def test_a_truncated_or_mis_encoded_delivery_is_kept_answered_and_becomes_a_duty(vendor: Vendor, db: None) -> None:
    body = says(vendor)
    for spoilt in (body[:-9], body.replace(b'"', b"\xff", 1), b"", body.decode().encode("utf-16"), b"[" * 50_000):
        answer = deliver(vendor, spoilt)
        assert answer.status_code == 200
        work()
        assert outcome(answer) == ("refused", "not_json")
        assert bytes(Arrival.objects.get(id=answer.told["id"]).body) == spoilt
    assert repairs() == [f"{vendor.name}:not_json"]


@each
def test_an_oversized_delivery_is_refused(vendor: Vendor, db: None, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = deliver(vendor, b'{"a": "' + b"x" * 1000 + b'"}')
    assert (answer.status_code, answer.told["errors"][0]["code"]) == (413, "too_large")


@each
def test_a_scan_in_the_future_is_refused_and_becomes_a_duty(vendor: Vendor, shop: Caller) -> None:
    order = shipped(shop)
    answer = deliver(vendor, says(vendor, at=now() + timedelta(days=3)))
    work()
    assert outcome(answer) == ("refused", "in_the_future")
    assert (state(shop, order), repairs()) == ("shipped", [f"{vendor.name}:in_the_future"])


@each
def test_an_unknown_number_waits_until_its_parcel_is_handed_over(vendor: Vendor, shop: Caller) -> None:
    order = shop.post("orders", an_order()).told["reference"]
    answer = deliver(vendor, says(vendor))
    work()
    assert outcome(answer) == ("waiting", "unknown_parcel")
    ship(shop, order)
    work()
    assert (outcome(answer), state(shop, order)) == (("processed", ""), "delivered")


@each
def test_a_number_that_never_becomes_a_parcel_of_ours_is_a_duty_in_the_end(vendor: Vendor, db: None) -> None:
    answer = deliver(vendor, says(vendor))
    for _ in range(12):
        work()
        Arrival.objects.filter(state="waiting").update(state="received")
    assert outcome(answer) == ("refused", "unknown_parcel")
    assert repairs() == [f"{vendor.name}:unknown_parcel"]


@each
def test_the_same_number_of_another_carrier_is_not_ours(vendor: Vendor, shop: Caller) -> None:
    order = shipped(shop)
    answer = deliver(vendor, says(vendor, carrier="Royal Mail"))
    work()
    assert (outcome(answer), state(shop, order)) == (("waiting", "unknown_parcel"), "shipped")


@each
@pytest.mark.clause("OPS-1")
def test_an_unknown_code_is_kept_raw_opens_one_duty_for_it_and_tells_the_customer_nothing(
    vendor: Vendor, shop: Caller
) -> None:
    orders = [shipped(shop, NUMBER), shipped(shop, OTHER)]
    messages = Notice.objects.count()
    for number in (NUMBER, OTHER):
        deliver(vendor, says(vendor, number=number, code=vendor.unknown))
    assert work().processed == 2
    assert Notice.objects.count() == messages
    assert [state(shop, order) for order in orders] == ["shipped", "shipped"]
    (code,) = set(TrackingEvent.objects.values_list("code", flat=True))
    assert vendor.unknown in code
    assert len([duty for duty in duties.open_duties(["it_support"]) if vendor.unknown in str(duty.data)]) == 1


@each
def test_without_a_secret_every_delivery_is_refused(vendor: Vendor, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for source in sources(secret=""):
        monkeypatch.setitem(ports._sources, source.name, source)
    answer = deliver(vendor, says(vendor))
    code = answer.told["errors"][0]["code"]
    assert (answer.status_code, code) == ((401, "unknown_key") if vendor.name == "shipengine" else (403, "no_secret"))
    assert Arrival.objects.get().state == "forged"


def test_an_unknown_source_is_refused(db: None) -> None:
    answer = send("nobody", b"{}", {})
    assert (answer.status_code, answer.told["errors"][0]["code"]) == (404, "unknown_source")
    assert not Arrival.objects.exists()


def test_shippos_token_in_the_address_is_enough_where_no_secret_is_set_and_is_never_kept(
    shop: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ports._sources, "shippo", Shippo(clock=now, token="in-the-address"))
    order, body = shipped(shop), says(VENDORS[2])
    assert send("shippo?token=guessed", body, {}).status_code == 401
    assert send("shippo", body, {ports.URL_TOKEN: "in-the-address"}).status_code == 401
    assert send("shippo?token=in-the-address", body, {}).status_code == 200
    work()
    assert state(shop, order) == "delivered"
    assert "in-the-address" not in str(list(Arrival.objects.values_list("headers", "body")))


class Shopify:
    """Shopify's app, with one address for all topics."""

    def tell(self, topic: str, body: dict[str, Any]) -> Any:
        raw = orjson.dumps(body)
        return send("shopify", raw, {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": base64_of(raw)})

    def fulfills(self, *numbers: str, at: datetime, **changes: Any) -> Any:
        body = {
            **shopify(numbers[0], "", "USPS", at),
            "shipment_status": None,
            "tracking_numbers": list(numbers),
            **changes,
        }
        return self.tell("fulfillments/create", body)

    def reports(self, status: str, at: datetime) -> Any:
        body = {"id": 9, "fulfillment_id": 255, "order_id": 1, "status": status, "happened_at": at.isoformat()}
        return self.tell("fulfillment_events/create", body)


def test_shopifys_event_without_a_number_is_of_all_parcels_of_its_fulfilment_whichever_comes_first(
    shop: Caller,
) -> None:
    numbers, then = (NUMBER, OTHER), now() - timedelta(hours=2)
    order = shipped(shop, numbers[0])
    other = shipped(shop, numbers[1])
    early = Shopify().reports("delivered", now() - timedelta(hours=1))
    work()
    assert outcome(early) == ("waiting", "unknown_reference")
    assert Shopify().fulfills(*numbers, at=then).status_code == 200
    work()
    work()
    assert outcome(early) == ("processed", "")
    assert [state(shop, one) for one in (order, other)] == ["delivered", "delivered"]


def test_a_later_word_of_a_fulfilment_says_which_parcels_are_meant_in_whatever_order_it_comes(shop: Caller) -> None:
    then = now() - timedelta(hours=2)
    wrong, right = shipped(shop, NUMBER), shipped(shop, OTHER)
    Shopify().fulfills(OTHER, at=then, updated_at=spoken(now() - timedelta(minutes=5)))
    Shopify().fulfills(NUMBER, at=then)
    Shopify().reports("delivered", now() - timedelta(hours=1))
    work()
    assert (state(shop, wrong), state(shop, right)) == ("shipped", "delivered")


def test_a_deleted_event_of_shopifys_is_for_a_person_to_look_at(db: None) -> None:
    answer = Shopify().tell("fulfillment_events/delete", {"id": 9})
    work()
    assert outcome(answer) == ("refused", "event_deleted")
