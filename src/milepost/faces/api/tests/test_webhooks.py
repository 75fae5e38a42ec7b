"""EasyPost's webhook: raw first, verified, answered, and worked on from the store."""

import hashlib
import hmac
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.test import Client

from milepost.faces.api.tests.conftest import an_order, now_act
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.models import Arrival
from milepost.plugs.carriers.easypost import EasyPost
from milepost.way.tracking import ports
from milepost.way.tracking.models import TrackingEvent

pytestmark = pytest.mark.django_db
SECRET = "sécret"


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setitem(ports._sources, "easypost", EasyPost(secret=SECRET))


def deliver(body: bytes, *, secret: str = SECRET, **headers):
    key = unicodedata.normalize("NFKD", secret).encode()
    headers.setdefault("X-Hmac-Signature", "hmac-sha256-hex=" + hmac.new(key, body, hashlib.sha256).hexdigest())
    answer: Any = Client(raise_request_exception=False).post(
        "/api/v1/webhooks/easypost",
        body,
        content_type="application/json",
        headers={k: v for k, v in headers.items() if v},
    )
    answer.told = orjson.loads(answer.content)
    return answer


def tracker(number: str) -> bytes:
    then = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    detail = {
        "object": "TrackingDetail",
        "status": "delivered",
        "status_detail": "arrived_at_destination",
        "datetime": then,
    }
    result = {"object": "Tracker", "tracking_code": number, "carrier": "USPS", "tracking_details": [detail]}
    return orjson.dumps({"object": "Event", "description": "tracker.updated", "result": result})


@pytest.mark.clause("TRK-2")
def test_a_delivery_is_kept_first_and_becomes_events_from_the_store(shop):
    order = shop.post("orders", an_order()).told["reference"]
    shipment = {"order": order, "carrier": "USPS", "tracking_number": "9400110898825022579493"}
    assert shop.post("shipments", {"shipments": [shipment]}).status_code == 200
    body = tracker("9400110898825022579493")
    answer = deliver(body)
    assert answer.status_code == 200
    assert bytes(Arrival.objects.get(id=answer.told["id"]).body) == body
    assert not TrackingEvent.objects.exists()
    assert arrivals.process_due(act=now_act()).processed == 1
    assert shop.get(f"orders/{order}/status").told["state"] == "delivered"


def test_a_replayed_delivery_changes_nothing(shop):
    order = shop.post("orders", an_order()).told["reference"]
    shop.post(
        "shipments", {"shipments": [{"order": order, "carrier": "USPS", "tracking_number": "9400110898825022579493"}]}
    )
    body = tracker("9400110898825022579493")
    for _ in range(3):
        assert deliver(body).status_code == 200
    assert arrivals.process_due(act=now_act()).processed == 3
    assert TrackingEvent.objects.count() == 1


@pytest.mark.parametrize(
    "headers", [{"X-Hmac-Signature": "hmac-sha256-hex=00"}, {"X-Hmac-Signature": ""}, {"secret": "other"}]
)
def test_a_forged_delivery_is_refused_and_kept_as_evidence(db, headers):
    answer = deliver(b'{"result": {}}', **headers)
    assert answer.status_code == 401
    assert answer.told["errors"][0]["code"] in ("bad_signature", "unsigned")
    assert Arrival.objects.get().state == "forged"
    assert arrivals.process_due(act=now_act()).processed == 0


def test_without_a_secret_every_delivery_is_refused(db, monkeypatch):
    monkeypatch.setitem(ports._sources, "easypost", EasyPost(secret=""))
    answer = deliver(b"{}")
    assert (answer.status_code, answer.told["errors"][0]["code"]) == (403, "no_secret")


@pytest.mark.parametrize("body", [b"", b"\0\xff", b"[" * 10_000, b"null", b'{"result": {"object": "Tracker"}}'])
def test_signed_nonsense_is_kept_answered_and_refused_when_worked_on(db, body):
    answer = deliver(body)
    assert answer.status_code == 200
    assert arrivals.process_due(act=now_act()).refused == 1
    assert bytes(Arrival.objects.get().body) == body
