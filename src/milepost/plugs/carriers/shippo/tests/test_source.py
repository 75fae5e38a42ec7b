"""What Shippo says, in our words: its own example, substatuses, estimates, returns, and numbers that nobody knows."""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from milepost.plugs.carriers.shippo import Shippo
from milepost.plugs.carriers.tests.meaning import meant
from milepost.way.tracking.rules import event_id
from milepost.way.tracking.words import Kind, Reading, Stage

SHARED = Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[7] / "shared" / "data")
SHIPPO = Shippo(clock=lambda: datetime(2026, 3, 5, tzinfo=UTC), secret="irrelevant")
LAS_VEGAS = {"city": "Las Vegas", "state": "NV", "zip": "89101", "country": "US"}


def status(status: str, code: str, at: str | None, **more: Any) -> dict[str, Any]:
    substatus = {"code": code, "text": "x", "action_required": False} if code else None
    return {
        "object_created": "2026-03-04T20:35:26.129Z", "object_updated": "2026-03-04T20:35:26.129Z", "status": status,
        "substatus": substatus, "status_date": at, "status_details": f"Said {code}", "location": LAS_VEGAS, **more,
    }  # fmt: skip


def message(*history: dict[str, Any], now: dict[str, Any] | None = None, **track: Any) -> bytes:
    data = {
        "carrier": "usps", "tracking_number": "9205590164917312751089", "tracking_history": list(history),
        "tracking_status": now or (history[-1] if history else None), **track,
    }  # fmt: skip
    return json.dumps({"event": "track_updated", "test": False, "data": data}).encode()


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not there")
@pytest.mark.clause("TRK-2")
def test_the_real_track_of_a_parcel_that_arrived() -> None:
    reading = SHIPPO.read((SHARED / "webhooks" / "shippo" / "python-test_create-0.json").read_bytes())
    found = meant(reading)
    assert (found.stage, found.delivered_at) == (Stage.DELIVERED, datetime(2016, 12, 8, 15, 19, tzinfo=UTC))
    assert reading.events[0].kind is Kind.NOT_FOUND
    assert len({event_id(e, 1) for e in reading.events}) == 11
    assert not [e for e in reading.events if e.kind is Kind.DELIVERY_SCHEDULED]


def test_a_substatus_decides_and_the_present_status_is_the_last_of_the_history() -> None:
    reading = SHIPPO.read(
        message(
            status("PRE_TRANSIT", "information_received", "2026-03-02T08:00:00Z"),
            status("TRANSIT", "package_accepted", "2026-03-02T19:00:00Z"),
            status("TRANSIT", "out_for_delivery", "2026-03-04T15:00:00Z"),
            status("TRANSIT", "delivery_attempted", "2026-03-04T20:00:00Z"),
        )
    )
    assert [e.kind for e in reading.events] == [
        Kind.LABEL_CREATED, Kind.PICKED_UP, Kind.OUT_FOR_DELIVERY, Kind.ATTEMPT_FAILED, Kind.ATTEMPT_FAILED,
    ]  # fmt: skip
    assert event_id(reading.events[-1], 1) == event_id(reading.events[-2], 1)
    assert reading.events[-1].code == "TRANSIT/delivery_attempted"
    assert reading.events[-1].place == "Las Vegas, NV, US"
    assert meant(reading).stage is Stage.ATTEMPT_FAILED


def test_a_status_alone_is_read_where_there_is_no_history() -> None:
    (event,) = SHIPPO.read(message(now=status("TRANSIT", "package_arrived", "2026-03-02T08:00:00Z"))).events
    assert event.kind is Kind.ARRIVED_HUB


@pytest.mark.parametrize(
    ("eta", "to", "day"),
    [
        ("2026-03-07T00:00:00Z", LAS_VEGAS, date(2026, 3, 7)),
        ("2026-03-07T00:00:00Z", {}, date(2026, 3, 7)),
        ("2026-03-07T03:00:00Z", LAS_VEGAS, date(2026, 3, 6)),
        ("2026-03-07T03:00:00Z", {}, date(2026, 3, 7)),
        ("2026-03-07", LAS_VEGAS, date(2026, 3, 7)),
        ("soon", LAS_VEGAS, None),
        (None, LAS_VEGAS, None),
    ],
)
def test_an_eta_is_the_day_at_its_destination(eta: str | None, to: dict[str, str], day: date | None) -> None:
    events = SHIPPO.read(
        message(status("TRANSIT", "package_arrived", "2026-03-02T08:00:00Z"), eta=eta, address_to=to)
    ).events
    assert [e.estimate_on for e in events if e.kind is Kind.DELIVERY_SCHEDULED] == ([day] if day else [])


def test_delivered_to_its_sender_is_returned() -> None:
    reading = SHIPPO.read(message(status("RETURNED", "delivered", "2026-03-04T20:00:00Z"), eta="2026-03-07T00:00:00Z"))
    assert {e.kind for e in reading.events} == {Kind.RETURNED}
    assert meant(reading).stage is Stage.RETURNED


@pytest.mark.clause("OPS-1")
def test_a_new_substatus_is_unknown_however_well_its_status_is_known() -> None:
    reading = SHIPPO.read(message(status("DELIVERED", "delivered_by_drone", "2026-03-04T20:00:00Z")))
    assert {(e.kind, e.code) for e in reading.events} == {(Kind.UNKNOWN, "DELIVERED/delivered_by_drone")}


def test_a_number_that_nobody_knows_says_nothing_and_a_scan_without_time_is_refused() -> None:
    assert SHIPPO.read(message(now=status("UNKNOWN", "", None))) == Reading()
    reading = SHIPPO.read(
        message(status("TRANSIT", "delayed", "soon"), now=status("DELIVERED", "", "2026-03-04T20:00:00Z"))
    )
    assert [e.kind for e in reading.events] == [Kind.DELIVERED]
    assert reading.refusal is not None


def test_messages_about_other_things_mean_nothing() -> None:
    assert (
        SHIPPO.read(b'{"event":"transaction_created","data":{"tracking_number":"1","tracking_status":"UNKNOWN"}}')
        == Reading()
    )
    refusal = SHIPPO.read(b'{"event":"track_updated","data":{}}').refusal
    assert refusal is not None
    assert refusal.code == "no_number"
