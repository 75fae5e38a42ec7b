"""Whatever is sent under a vendor's name is read or refused, and never breaks: truncated, mis-encoded, oversized, nonsense."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.plugs.carriers.aftership import AfterShip
from milepost.plugs.carriers.easypost import EasyPost
from milepost.plugs.carriers.seventeentrack import SeventeenTrack
from milepost.plugs.carriers.shipengine import ShipEngine
from milepost.plugs.carriers.shipengine.published import GivenKeys
from milepost.plugs.carriers.shippo import Shippo
from milepost.plugs.carriers.shopify import ShopifyFulfillments
from milepost.plugs.carriers.values import MOST_SCANS
from milepost.way.tracking import ports
from milepost.way.tracking.ports import TrackingSource
from milepost.way.tracking.words import Kind, Reading

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
THEN = "2026-03-05T10:00:00Z"
PLACE = {"city": "Austin", "state": "TX", "country": "US"}
SOUND: dict[str, tuple[TrackingSource, dict[str, Any], str]] = {
    "easypost": (
        EasyPost(secret="s"),
        {"id": "evt_1", "object": "Event", "description": "tracker.updated", "result": {
            "object": "Tracker", "tracking_code": "EZ1", "carrier": "UPS", "updated_at": THEN, "est_delivery_date": THEN,
            "tracking_details": [{"status": "in_transit", "status_detail": "held", "datetime": THEN, "tracking_location": PLACE}]}},
        "tracking_details",
    ),
    "aftership": (
        AfterShip(secret="s"),
        {"event": "tracking_update", "event_id": "e", "ts": 1772704800, "msg": {
            "tracking_number": "A1", "slug": "ups", "tag": "InTransit", "expected_delivery": "2026-03-09",
            "checkpoints": [{"tag": "InTransit", "subtag": "InTransit_003", "checkpoint_time": THEN, "city": "Austin",
                             "coordinate": {"latitude": 1.5}}]}},
        "checkpoints",
    ),
    "shippo": (
        Shippo(clock=lambda: NOW, secret="s"),
        {"event": "track_updated", "data": {
            "tracking_number": "S1", "carrier": "ups", "eta": THEN, "address_to": PLACE,
            "tracking_status": {"status": "TRANSIT", "substatus": {"code": "delayed"}, "status_date": THEN, "location": PLACE},
            "tracking_history": [{"status": "PRE_TRANSIT", "status_date": THEN, "location": PLACE}]}},
        "tracking_history",
    ),
    "shipengine": (
        ShipEngine(keys=GivenKeys({}), clock=lambda: NOW),
        {"resource_type": "API_TRACK", "resource_url": "https://a.example/?carrier_code=ups", "data": {
            "tracking_number": "E1", "status_code": "IT", "estimated_delivery_date": THEN,
            "events": [{"status_code": "IT", "status_detail_code": "MISSORTED", "occurred_at": THEN,
                        "carrier_occurred_at": "2026-03-05T10:00:00", "city_locality": "Austin", "latitude": 1.5}]}},
        "events",
    ),
    "seventeentrack": (
        SeventeenTrack(key="s"),
        {"event": "TRACKING_UPDATED", "data": {"number": "T1", "track_info": {
            "latest_status": {"status": "InTransit"}, "time_metrics": {"estimated_delivery_date": {"to": THEN}},
            "tracking": {"providers": [{"provider": {"name": "UPS"}, "latest_sync_time": THEN, "events": [
                {"sub_status": "InTransit_Other", "time_iso": THEN, "address": PLACE,
                 "time_raw": {"date": "2026-03-05", "time": "10:00:00", "timezone": None}}]}]}}}},
        "events",
    ),
    "shopify": (
        ShopifyFulfillments(secret="s"),
        {"id": 1, "status": "success", "created_at": THEN, "updated_at": THEN, "shipment_status": "in_transit",
         "tracking_company": "UPS", "tracking_number": "F1", "tracking_numbers": ["F1", "F2"]},
        "",
    ),
    "shopify event": (
        ShopifyFulfillments(secret="s"),
        {"id": 1, "fulfillment_id": 2, "status": "in_transit", "happened_at": THEN, "city": "Austin", "latitude": 1.5,
         "estimated_delivery_at": THEN},
        "",
    ),
}  # fmt: skip
"""Of each vendor a sound body, and the name under which its scans stand."""

vendors = pytest.mark.parametrize("vendor", sorted(SOUND))
NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.sampled_from([10**400, "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "\ud800", "\x00", " ", "2026-02-30"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def spots(said: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to everything within."""
    for key in said if isinstance(said, dict) else range(len(said)) if isinstance(said, list) else ():
        yield (*way, key)
        yield from spots(said[key], (*way, key))


def spoilt(said: Any, way: tuple[Any, ...], value: Any) -> Any:
    """The same with something else at that spot."""
    copied = json.loads(json.dumps(said))
    there = copied
    for key in way[:-1]:
        there = there[key]
    there[way[-1]] = value
    return copied


def readings(plug: TrackingSource, body: bytes) -> Iterator[Reading]:
    yield plug.read(body)
    yield ports.read(plug, {}, body, NOW)
    assert len(ports.delivery_id(plug, {}, body)) <= 200


def check(plug: TrackingSource, body: bytes) -> None:
    for reading in readings(plug, body):
        for event in (*reading.events, *(event for _, event in reading.by_reference)):
            assert event.happened_at.utcoffset() is not None
            event.happened_at.astimezone(UTC) + timedelta(days=365)
            for text in (event.place, event.message, event.code, event.tracking_number, event.carrier):
                text.encode("utf-8")
                assert "\x00" not in text
        if reading.refusal:
            assert reading.refusal.sentence.endswith(".")


@vendors
def test_a_sound_body_is_read(vendor: str) -> None:
    plug, said, _ = SOUND[vendor]
    for reading in readings(plug, json.dumps(said).encode()):
        events = (*reading.events, *(event for _, event in reading.by_reference))
        assert reading.refusal is None
        assert events
        assert Kind.UNKNOWN not in {event.kind for event in events}


@vendors
@given(data=st.data())
def test_nonsense_anywhere_within_is_read_or_refused_and_never_breaks(vendor: str, data: st.DataObject) -> None:
    plug, said, _ = SOUND[vendor]
    for _ in range(data.draw(st.integers(1, 3))):
        ways = list(spots(said))
        if ways:
            said = spoilt(said, data.draw(st.sampled_from(ways)), data.draw(NONSENSE))
    try:
        body = json.dumps(said).encode()
    except ValueError:  # numbers too long for Python to spell
        return
    check(plug, body)


@vendors
@given(data=st.data())
def test_a_truncated_or_mis_encoded_body_is_refused(vendor: str, data: st.DataObject) -> None:
    plug, said, _ = SOUND[vendor]
    whole = json.dumps(said).encode()
    for body in (
        whole[: data.draw(st.integers(0, len(whole) - 1))], whole.replace(b'"', b"\xff", 2), whole.decode().encode("utf-16"),
        b"[" * 200_000, b'{"a":' * 100_000, b"nul", b"NaN", b"Infinity", data.draw(st.binary(max_size=60)),
    ):  # fmt: skip
        reading = plug.read(body)
        assert reading.events == ()
        assert reading.refusal is not None
        assert reading.refusal.code in ("not_json", "not_an_event")


@vendors
def test_more_scans_than_any_parcel_can_have_are_refused(vendor: str) -> None:
    plug, said, scans = SOUND[vendor]
    if not scans:
        return
    ways = [way for way in spots(said) if way[-1] == scans]
    crowd = spoilt(said, ways[0], [{}] * (MOST_SCANS + 1))
    reading = plug.read(json.dumps(crowd).encode())
    assert reading.events == ()
    assert reading.refusal is not None
    assert reading.refusal.code == "too_many_scans"


@vendors
def test_a_byte_order_mark_does_no_harm(vendor: str) -> None:
    plug, said, _ = SOUND[vendor]
    assert plug.read(b"\xef\xbb\xbf" + json.dumps(said).encode()) == plug.read(json.dumps(said).encode())
