"""Signatures as each vendor specifies them: vectors, forgeries, replays, and nothing trusted without a secret."""

import json
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.aftership import AfterShip
from milepost.plugs.carriers.easypost import EasyPost
from milepost.plugs.carriers.seventeentrack import SeventeenTrack
from milepost.plugs.carriers.shipengine import ShipEngine
from milepost.plugs.carriers.shipengine.published import GivenKeys
from milepost.plugs.carriers.shippo import Shippo
from milepost.plugs.carriers.shopify import ShopifyFulfillments
from milepost.plugs.carriers.signing import hmac_base64, hmac_hex
from milepost.way.tracking.ports import URL_TOKEN, TrackingSource

SHARED = Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[6] / "shared" / "data")
VECTORS = SHARED / "webhook_vectors" / "vectors.json"
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SECRET, BODY = "hush", '{"number":"Ä1"}'.encode()
SETTINGS: Mapping[str, Callable[[dict[str, Any], datetime], TrackingSource]] = {
    "aftership-tracking": lambda vector, now: AfterShip(secret=vector["secret"]),
    "aftership-shipping": lambda vector, now: AfterShip(secret=vector["secret"]),
    "shippo": lambda vector, now: Shippo(clock=lambda: now, secret=vector["secret"]),
    "shipengine": lambda vector, now: ShipEngine(keys=GivenKeys(vector["jwks"]), clock=lambda: now),
    "shopify": lambda vector, now: ShopifyFulfillments(secret=vector["secret"]),
}


def vectors() -> list[dict[str, Any]]:
    if not VECTORS.exists():
        return []
    return [one for one in json.loads(VECTORS.read_text(encoding="utf-8")) if one["scheme"] in SETTINGS]


def code(refusal: Refusal | None) -> str:
    return refusal.code if refusal else ""


@pytest.mark.clause("TRK-2")
@pytest.mark.parametrize("vector", vectors(), ids=lambda one: f"{one['scheme']}: {one['origin']}")
def test_the_vectors_of_tracking_vendors(vector: dict[str, Any]) -> None:
    now = datetime.fromtimestamp(vector.get("now", 1_750_000_000), UTC)
    refusal = SETTINGS[vector["scheme"]](vector, now).check(vector["headers"], vector["body"].encode())
    assert (refusal is None) is vector["valid"]


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared data is not there")
@pytest.mark.parametrize("late", [timedelta(seconds=301), timedelta(seconds=-301), timedelta(days=400)])
def test_a_signed_time_far_from_now_is_a_replay(late: timedelta) -> None:
    signed = [one for one in vectors() if one["scheme"] in ("shippo", "shipengine") and one["valid"]]
    assert len(signed) == 2
    for vector in signed:
        now = datetime.fromtimestamp(vector["now"], UTC)
        plug = SETTINGS[vector["scheme"]](vector, now + late)
        assert code(plug.check(vector["headers"], vector["body"].encode())) == "stale"
        near = SETTINGS[vector["scheme"]](vector, now + timedelta(seconds=299))
        assert near.check(vector["headers"], vector["body"].encode()) is None


SIGNED: list[tuple[TrackingSource, dict[str, str]]] = [
    (EasyPost(secret=SECRET), {"X-Hmac-Signature": f"hmac-sha256-hex={hmac_hex(SECRET, BODY)}"}),
    (AfterShip(secret=SECRET), {"aftership-hmac-sha256": hmac_base64(SECRET, BODY)}),
    (AfterShip(secret=SECRET), {"am-webhook-signature": f"hmac-sha256={hmac_base64(SECRET, BODY)}"}),
    (
        Shippo(clock=lambda: NOW, secret=SECRET),
        {
            "Shippo-Auth-Signature": f"t={int(NOW.timestamp())},v1="
            + hmac_hex(SECRET, str(int(NOW.timestamp())).encode(), b".", BODY)
        },
    ),
    (Shippo(clock=lambda: NOW, token=SECRET), {URL_TOKEN: SECRET}),
    (SeventeenTrack(key=SECRET), {"sign": sha256(BODY + b"/" + SECRET.encode()).hexdigest()}),
    (ShopifyFulfillments(secret="new", former_secret=SECRET), {"X-Shopify-Hmac-Sha256": hmac_base64(SECRET, BODY)}),
]


@pytest.mark.parametrize(("plug", "headers"), SIGNED, ids=lambda one: getattr(one, "name", ""))
def test_what_bears_the_signature_is_trusted_and_one_byte_or_letter_more_is_not(
    plug: TrackingSource, headers: dict[str, str]
) -> None:
    assert plug.check(headers, BODY) is None
    assert plug.check({name.upper(): value for name, value in headers.items()}, BODY) is None
    ((name, value),) = headers.items()
    if name != URL_TOKEN:
        assert code(plug.check(headers, BODY + b" ")) == "bad_signature"
    for wrong in (value + "x", value[:-1], "é\udcff", "hmac-sha256=", "t=,v1=", "=", "t=1,v1"):
        assert code(plug.check({name: wrong}, BODY)) in ("bad_signature", "unsigned")
    assert code(plug.check({name: ""}, BODY)) in ("bad_signature", "unsigned")
    assert code(plug.check({}, BODY)) == "unsigned"


@pytest.mark.parametrize(
    "plug",
    [
        EasyPost(secret=""), AfterShip(secret=""), Shippo(clock=lambda: NOW), SeventeenTrack(key=""),
        ShopifyFulfillments(secret=""),
    ],
    ids=lambda one: one.name,
)  # fmt: skip
def test_without_a_secret_nothing_is_trusted_not_even_what_is_signed_with_none(plug: TrackingSource) -> None:
    headers = {
        "X-Hmac-Signature": f"hmac-sha256-hex={hmac_hex('', BODY)}", "aftership-hmac-sha256": hmac_base64("", BODY),
        "sign": sha256(BODY + b"/").hexdigest(), "X-Shopify-Hmac-Sha256": hmac_base64("", BODY), URL_TOKEN: "",
        "Shippo-Auth-Signature": f"t={int(NOW.timestamp())},v1={hmac_hex('', str(int(NOW.timestamp())).encode(), b'.', BODY)}",
    }  # fmt: skip
    refusal = plug.check(headers, BODY)
    assert refusal is not None
    assert (refusal.code, refusal.status) == ("no_secret", 503)
    assert "MILEPOST_" in refusal.next_step


def test_with_a_secret_shippos_token_alone_is_not_enough() -> None:
    plug = Shippo(clock=lambda: NOW, secret=SECRET, token="token")
    assert code(plug.check({URL_TOKEN: "token"}, BODY)) == "unsigned"


def test_a_sibling_products_signature_without_its_prefix_is_a_forgery() -> None:
    assert (
        code(AfterShip(secret=SECRET).check({"am-webhook-signature": hmac_base64(SECRET, BODY)}, BODY))
        == "bad_signature"
    )


@pytest.mark.parametrize("blank", ["", " ", "\n  "])
def test_17tracks_older_signature_over_event_and_data_in_the_body(blank: str) -> None:
    data = '{"number": "RR1", "tag":1.50}'
    sign = sha256(f"TRACKING_UPDATED/{data}/{SECRET}".encode()).hexdigest()
    body = f'{{{blank}"sign":{blank}"{sign}","event"{blank}:"TRACKING_UPDATED",{blank}"data":{data}{blank}}}'.encode()
    assert SeventeenTrack(key=SECRET).check({}, body) is None
    assert code(SeventeenTrack(key="other").check({}, body)) == "bad_signature"
    assert code(SeventeenTrack(key=SECRET).check({}, body.replace(b"RR1", b"RR2"))) == "bad_signature"
