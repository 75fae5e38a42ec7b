"""Tracking vendors as they call us: what each says of a parcel, in a code of its own, and how it signs that."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.test import Client

from milepost.plugs.carriers.aftership import AfterShip
from milepost.plugs.carriers.easypost import EasyPost
from milepost.plugs.carriers.seventeentrack import SeventeenTrack
from milepost.plugs.carriers.shipengine import ShipEngine
from milepost.plugs.carriers.shipengine.published import GivenKeys
from milepost.plugs.carriers.shipengine.tests.test_keys import jwk, signed
from milepost.plugs.carriers.shippo import Shippo
from milepost.plugs.carriers.shopify import ShopifyFulfillments
from milepost.way.tracking.ports import TrackingSource

SECRET, NUMBER, OTHER = "hush", "9400110898825022579493", "9400110898825022579509"


def now() -> datetime:
    return datetime.now(UTC)


def spoken(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def hmac_of(body: bytes, secret: str = SECRET) -> "hmac.HMAC":
    return hmac.new(secret.encode(), body, hashlib.sha256)


def base64_of(body: bytes) -> str:
    return base64.b64encode(hmac_of(body).digest()).decode()


@dataclass(frozen=True)
class Vendor:
    """How a vendor says that a parcel was delivered, in a code of its own, and how it signs that."""

    name: str
    body: Callable[[str, str, str, datetime], dict[str, Any]]
    sign: Callable[[bytes], dict[str, str]]
    delivered: str
    unknown: str


def easypost(number: str, code: str, carrier: str, at: datetime) -> dict[str, Any]:
    scan = {"status": code, "status_detail": "unknown", "datetime": spoken(at)}
    result = {"object": "Tracker", "tracking_code": number, "carrier": carrier, "tracking_details": [scan]}
    return {"id": f"evt_{code}", "object": "Event", "description": "tracker.updated", "result": result}


def aftership(number: str, code: str, carrier: str, at: datetime) -> dict[str, Any]:
    scan = {"tag": code.partition("_")[0], "subtag": code, "checkpoint_time": at.isoformat()}
    return {
        "event": "tracking_update",
        "event_id": code,
        "msg": {"tracking_number": number, "slug": carrier, "checkpoints": [scan]},
    }


def shippo(number: str, code: str, carrier: str, at: datetime) -> dict[str, Any]:
    status = {"status": "DELIVERED", "substatus": {"code": code}, "status_date": spoken(at)}
    return {
        "event": "track_updated",
        "data": {"tracking_number": number, "carrier": carrier, "tracking_status": status},
    }


def shipengine(number: str, code: str, carrier: str, at: datetime) -> dict[str, Any]:
    event = {"status_code": "DE", "status_detail_code": code, "occurred_at": spoken(at)}
    data = {"tracking_number": number, "carrier_code": carrier, "status_code": "DE", "events": [event]}
    return {"resource_type": "API_TRACK", "data": data}


def seventeentrack(number: str, code: str, carrier: str, at: datetime) -> dict[str, Any]:
    provider = {"provider": {"name": carrier}, "events": [{"sub_status": code, "time_iso": at.isoformat()}]}
    return {
        "event": "TRACKING_UPDATED",
        "data": {"number": number, "track_info": {"tracking": {"providers": [provider]}}},
    }


def shopify(number: str, code: str, carrier: str, at: datetime) -> dict[str, Any]:
    return {
        "id": 255, "status": "success", "created_at": spoken(at), "updated_at": spoken(at), "shipment_status": code,
        "tracking_company": carrier, "tracking_number": number, "tracking_numbers": [number],
    }  # fmt: skip


def sign_shippo(body: bytes) -> dict[str, str]:
    at = int(now().timestamp())
    return {"Shippo-Auth-Signature": f"t={at},v1={hmac_of(f'{at}.'.encode() + body).hexdigest()}"}


def sign_shipengine(body: bytes) -> dict[str, str]:
    return signed(body, at=now())


def sign_17track(body: bytes) -> dict[str, str]:
    return {"sign": hashlib.sha256(body + b"/" + SECRET.encode()).hexdigest()}


VENDORS = [
    Vendor(
        "easypost", easypost, lambda body: {"X-Hmac-Signature": f"hmac-sha256-hex={hmac_of(body).hexdigest()}"},
        "delivered", "teleported",
    ),
    Vendor("aftership", aftership, lambda body: {"aftership-hmac-sha256": base64_of(body)}, "Delivered_001", "Delivered_099"),
    Vendor("shippo", shippo, sign_shippo, "delivered", "teleported"),
    Vendor("shipengine", shipengine, sign_shipengine, "DELIVERED", "TELEPORTED"),
    Vendor("seventeentrack", seventeentrack, sign_17track, "Delivered_Other", "Delivered_ByDrone"),
    Vendor("shopify_fulfillments", shopify, lambda body: {"X-Shopify-Hmac-Sha256": base64_of(body)}, "delivered", "teleported"),
]  # fmt: skip


def sources(secret: str = SECRET) -> list[TrackingSource]:
    """All of them, as wired with this secret."""
    return [
        EasyPost(secret=secret), AfterShip(secret=secret), Shippo(clock=now, secret=secret), SeventeenTrack(key=secret),
        ShipEngine(keys=GivenKeys({"keys": [jwk()]} if secret else {}), clock=now), ShopifyFulfillments(secret=secret),
    ]  # fmt: skip


def send(path: str, body: bytes, headers: dict[str, str]) -> Any:
    answer: Any = Client(raise_request_exception=False).post(
        f"/api/v1/webhooks/{path}", body, content_type="application/json", headers=headers
    )  # fmt: skip
    answer.told = orjson.loads(answer.content)
    return answer


def deliver(vendor: Vendor, body: bytes) -> Any:
    return send(vendor.name, body, vendor.sign(body))


def says(
    vendor: Vendor, *, number: str = NUMBER, code: str = "", carrier: str = "USPS", at: datetime | None = None
) -> bytes:
    return orjson.dumps(vendor.body(number, code or vendor.delivered, carrier, at or now() - timedelta(minutes=5)))
