"""UPS Track Alert and USPS notifications over the API: kept first, checked, read from the store, told to the customer's order."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from milepost.faces.api.tests.conftest import Caller, an_order, now_act
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.models import Arrival
from milepost.ground.duties import queries as duties
from milepost.plugs.carriers.ups import Ups
from milepost.plugs.carriers.usps import Usps
from milepost.plugs.carriers.usps.signature import signature
from milepost.way.tracking import ports
from milepost.way.tracking.models import TrackingEvent

pytestmark = pytest.mark.django_db
UPS_NUMBER, USPS_NUMBER = "1Z999AA10123456784", "9400110898825022579493"
CREDENTIAL, SECRET = "opaque-credential", "32-characters-of-a-shared-secret"


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for source in (Ups(CREDENTIAL), Usps(SECRET)):
        monkeypatch.setitem(ports._sources, source.name, source)


def shipped(shop: Caller, carrier: str, number: str) -> str:
    order: str = shop.post("orders", an_order()).told["reference"]
    shipment = {"order": order, "carrier": carrier, "tracking_number": number}
    assert shop.post("shipments", {"shipments": [shipment]}).status_code == 200
    return order


def deliver(source: str, body: bytes, **headers: str) -> Any:
    return Client(raise_request_exception=False).post(
        f"/api/v1/webhooks/{source}", body, content_type="application/json", headers=headers
    )


def alert(code: str = "FS", status: str = "011", kind: str = "D", *, number: str = UPS_NUMBER) -> bytes:
    at = datetime.now(UTC) - timedelta(minutes=5)
    stamp = {"gmtActivityDate": f"{at:%Y%m%d}", "gmtActivityTime": f"{at:%H%M%S}"}
    said = {"type": kind, "code": code, "description": "…", "descriptionCode": status}
    return json.dumps({"trackingNumber": number, "activityStatus": said, **stamp}).encode()


def notification() -> tuple[bytes, str]:
    at = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    event = {"eventCode": "01", "eventType": "Delivered, In/At Mailbox", "GMTTimestamp": at}
    payload = json.dumps({"trackingNumber": USPS_NUMBER, "trackingEvents": [event]})
    body = json.dumps({"subscriptionId": "s", "timestamp": datetime.now(UTC).isoformat(), "payload": payload})
    return body.encode(), signature(json.loads(body)["timestamp"], payload, SECRET)


def work() -> None:
    arrivals.process_due(act=now_act())


def state(shop: Caller, order: str) -> str:
    return str(shop.get(f"orders/{order}/status").told["state"])


@pytest.mark.clause("TRK-2")
def test_what_ups_pushes_delivers_the_order_and_its_credential_is_not_kept(shop: Caller) -> None:
    order = shipped(shop, "UPS", UPS_NUMBER)
    assert deliver("ups", alert(), Credential=CREDENTIAL).status_code == 200
    assert state(shop, order) == "shipped"
    work()
    assert state(shop, order) == "delivered"
    assert CREDENTIAL not in json.dumps(Arrival.objects.get().headers)


@pytest.mark.clause("TRK-2")
def test_what_usps_pushes_delivers_the_order_and_a_repeat_is_kept_once(shop: Caller) -> None:
    order, (body, signed) = shipped(shop, "USPS", USPS_NUMBER), notification()
    answers = [deliver("usps", body, **{"X-HMAC": signed}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    work()
    assert (state(shop, order), Arrival.objects.count()) == ("delivered", 1)


def test_what_is_forged_is_refused_and_moves_nothing(shop: Caller) -> None:
    order, (body, signed) = shipped(shop, "UPS", UPS_NUMBER), notification()
    for answer in (
        deliver("ups", alert()),
        deliver("ups", alert(), Credential="guessed"),
        deliver("usps", body),
        deliver("usps", body.replace(b"01", b"02"), **{"X-HMAC": signed}),
    ):
        assert answer.status_code == 401
    for name in ("fedex", "dhl", "file", "simulated"):
        assert deliver(name, alert()).status_code == 403
    work()
    assert (state(shop, order), TrackingEvent.objects.count()) == ("shipped", 0)
    assert set(Arrival.objects.values_list("state", flat=True)) == {"forged"}


def test_a_parcel_of_another_carrier_under_the_same_number_is_not_meant(shop: Caller) -> None:
    order = shipped(shop, "DHL", UPS_NUMBER)
    deliver("ups", alert(), Credential=CREDENTIAL)
    work()
    assert (state(shop, order), Arrival.objects.get().state) == ("shipped", "waiting")


@pytest.mark.clause("TRK-2")
def test_a_code_that_ups_never_documented_is_one_duty_of_it_and_tells_the_customer_nothing(shop: Caller) -> None:
    order = shipped(shop, "UPS", UPS_NUMBER)
    for _ in range(2):
        deliver("ups", alert("Q9", "999", "X"), Credential=CREDENTIAL)
    work()
    assert state(shop, order) == "shipped"
    assert {event.kind for event in TrackingEvent.objects.all()} == {"unknown"}
    (duty,) = [
        one for one in duties.open_duties(["it_support"]) if "X/Q9/999" in f"{one.subject_id}{one.says}{one.data}"
    ]
    assert "ups" in f"{duty.subject_id}{duty.says}{duty.data}"
