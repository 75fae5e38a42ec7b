"""What EasyPost says, in our words: its own examples, every documented code, and nonsense."""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.plugs.carriers.easypost import EasyPost
from milepost.plugs.carriers.easypost.crosswalk import DETAILS, EXCEPTIONS, SAYS_NOTHING, STATUSES, meaning
from milepost.plugs.carriers.tests.meaning import meant
from milepost.way.tracking.words import Cause, Kind, Reading, Stage

SHARED = Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[7] / "shared" / "data")
with_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not there")
EASYPOST = EasyPost(secret="irrelevant")
DOCUMENTED = (
    "address_correction", "arrived_at_destination", "arrived_at_facility", "arrived_at_pickup_location",
    "awaiting_information", "cancelled", "damaged", "delayed", "delivery_exception", "departed_facility",
    "departed_origin_facility", "expired", "failure", "held", "in_transit", "label_created", "lost", "missorted",
    "out_for_delivery", "received_at_destination_facility", "received_at_origin_facility", "refused", "return",
    "status_update", "transferred_to_destination_carrier", "transit_exception", "unknown", "weather_delay",
)  # fmt: skip


def read(folder: str, name: str) -> Reading:
    return EASYPOST.read((SHARED / folder / name).read_bytes())


def tracker(**changes: Any) -> bytes:
    scan = {
        "object": "TrackingDetail",
        "status": "in_transit",
        "datetime": "2026-03-02T08:00:00Z",
        "message": "On the way",
    }
    result = {"object": "Tracker", "tracking_code": "EZ1", "carrier": "UPS", "tracking_details": [scan], **changes}
    return json.dumps({"object": "Event", "description": "tracker.updated", "result": result}).encode()


def scanned(**changes: Any) -> Reading:
    scan = {"status": "in_transit", "datetime": "2026-03-02T08:00:00Z", **changes}
    return EASYPOST.read(tracker(tracking_details=[scan]))


@with_data
def test_the_real_event_of_a_parcel_at_a_facility() -> None:
    reading = read("easypost_examples", "event-body.json")
    assert [e.kind for e in reading.events] == [
        Kind.LABEL_CREATED, Kind.ARRIVED_HUB, Kind.ARRIVED_HUB, Kind.DEPARTED_HUB, Kind.IN_TRANSIT, Kind.IN_TRANSIT,
        Kind.ARRIVED_HUB, Kind.DELIVERY_SCHEDULED,
    ]  # fmt: skip
    last = reading.events[-2]
    assert (last.place, last.carrier, last.code) == ("EDISON, NJ, US", "FedEx", "in_transit/arrived_at_facility")
    assert last.happened_at == datetime(2024, 8, 2, 18, 50, tzinfo=UTC)
    assert reading.events[-1].estimate_on == date(2024, 8, 5)
    assert meant(reading).stage is Stage.IN_TRANSIT


@with_data
@pytest.mark.clause("TRK-2")
def test_delivered_dated_before_out_for_delivery_is_delivered() -> None:
    reading = read("easypost_examples", "tracking-webhook.json")
    found = meant(reading)
    assert (found.stage, found.leg) == (Stage.DELIVERED, 1)
    assert found.delivered_at == datetime(2014, 11, 19, 10, 51, 54, tzinfo=UTC)
    assert [e.received_by for e in reading.events if e.kind is Kind.DELIVERED] == ["John Tester"]
    assert {e.received_by for e in reading.events if e.kind is not Kind.DELIVERED} == {""}


@with_data
@pytest.mark.parametrize(
    ("folder", "name"),
    [("webhooks/easypost", "examples-trackers-retrieve.json"), ("webhooks/easypost", "python-tracker_create-0.json")],
)
def test_a_bare_tracker_with_only_a_label_has_not_moved(folder: str, name: str) -> None:
    reading = read(folder, name)
    assert {e.kind for e in reading.events} == {Kind.LABEL_CREATED}
    assert meant(reading).stage is Stage.SHIPPED


@with_data
@pytest.mark.parametrize("name", ["post_json_example.json", "events-retrieve.json"])
def test_events_about_other_things_mean_nothing_and_are_no_error(name: str) -> None:
    assert read("easypost_examples", name) == Reading()


def test_every_documented_detail_is_mapped_or_leaves_it_to_the_status_on_purpose() -> None:
    assert {detail for detail in DOCUMENTED if detail not in DETAILS and detail not in SAYS_NOTHING} == set()
    assert all(meaning(status, detail) for status in STATUSES for detail in DOCUMENTED)
    assert not DETAILS.keys() & SAYS_NOTHING
    assert {status for status, _ in EXCEPTIONS} <= STATUSES.keys()


@pytest.mark.parametrize(
    ("status", "detail", "kind", "cause"),
    [
        ("in_transit", "weather_delay", Kind.DELAYED, Cause.WEATHER),
        ("in_transit", "unknown", Kind.IN_TRANSIT, None),
        ("delivered", "arrived_at_destination", Kind.DELIVERED, None),
        ("in_transit", "arrived_at_destination", Kind.ARRIVED_DESTINATION, None),
        ("available_for_pickup", "arrived_at_facility", Kind.READY_FOR_PICKUP, None),
        ("return_to_sender", "in_transit", Kind.RETURNING, None),
        ("failure", "address_correction", Kind.ADDRESS_PROBLEM, Cause.ADDRESS),
        ("pre_transit", "", Kind.LABEL_CREATED, None),
    ],
)
def test_a_detail_decides_where_it_says_something(status: str, detail: str, kind: Kind, cause: Cause | None) -> None:
    assert meaning(status, detail) == (kind, cause)


@pytest.mark.clause("OPS-1")
@pytest.mark.parametrize(("status", "detail"), [("teleported", ""), ("in_transit", "beamed_up"), ("", "")])
def test_an_unknown_code_is_kept_as_it_came_and_moves_nothing(status: str, detail: str) -> None:
    reading = scanned(status=status, status_detail=detail)
    (event,) = reading.events
    assert event.kind is Kind.UNKNOWN
    assert event.code == ("/".join(part for part in (status, detail) if part) or "–")
    assert meant(reading).stage is Stage.SHIPPED


def test_an_estimate_is_a_calendar_day_never_shifted_by_a_zone() -> None:
    local = {"est_delivery_date_local": "2026-03-05"}
    both = {"updated_at": "2026-03-02T09:00:00Z", "est_delivery_date": "2026-03-06T00:00:00Z"}
    days = [EASYPOST.read(tracker(**both, carrier_detail=detail)).events[-1].estimate_on for detail in (local, None)]
    assert days == [date(2026, 3, 5), date(2026, 3, 6)]


def test_a_test_trackers_clock_is_no_estimate() -> None:
    reading = EASYPOST.read(tracker(updated_at="2026-03-02T09:00:00Z", est_delivery_date="2026-03-02T09:00:00Z"))
    assert [e.kind for e in reading.events] == [Kind.IN_TRANSIT]


def test_a_trackers_own_status_counts_only_without_scans() -> None:
    coarse = {"status": "delivered", "updated_at": "2026-03-04T09:00:00Z", "signed_by": "Ada"}
    assert [e.kind for e in EASYPOST.read(tracker(**coarse)).events] == [Kind.IN_TRANSIT]
    (event,) = EASYPOST.read(tracker(**coarse, tracking_details=[])).events
    assert (event.kind, event.received_by) == (Kind.DELIVERED, "Ada")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"), (b"\xff\xfe\x00", "not_json"), (b"[" * 100_000, "not_json"), (b"null", "not_an_event"),
        (b"[]", "not_an_event"), (b'"text"', "not_an_event"), (b"{}", "not_an_event"), (b'{"result": 5}', "not_an_event"),
        (tracker(tracking_code=None), "no_number"), (tracker(tracking_code="  "), "no_number"),
        (tracker(tracking_details="no"), "bad_scan"), (tracker(tracking_details=[7]), "bad_scan"),
        (tracker(tracking_details=[{"datetime": "soon"}]), "bad_scan"),
        (tracker(tracking_details=[{"datetime": None}]), "bad_scan"),
        (tracker(tracking_details=[{}] * 2001), "too_many_scans"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_a_sentence(body: bytes, code: str) -> None:
    reading = EASYPOST.read(body)
    assert reading.refusal is not None
    assert (reading.refusal.code, reading.events) == (code, ())
    assert reading.refusal.sentence.endswith(".")


def test_one_scan_that_makes_no_sense_does_not_hold_back_the_others() -> None:
    good = {"status": "delivered", "datetime": "2026-03-02T08:00:00Z"}
    reading = EASYPOST.read(tracker(tracking_details=[{"status": "in_transit", "datetime": "soon"}, good]))
    assert [e.kind for e in reading.events] == [Kind.DELIVERED]
    assert reading.refusal is not None


def test_a_time_without_a_zone_is_that_of_the_scans_place() -> None:
    austin = {"city": "Austin", "state": "TX", "country": "US", "zip": "78701"}
    (there,) = scanned(datetime="2026-03-02T08:00:00", tracking_location=austin).events
    assert (there.happened_at, there.zone_certain) == (datetime(2026, 3, 2, 14, tzinfo=UTC), True)
    (nowhere,) = scanned(datetime="2026-03-02T08:00:00").events
    assert not nowhere.zone_certain


def test_a_repeat_is_known_by_its_events_id_and_its_bytes() -> None:
    assert EASYPOST.delivery_id({}, b'{"id":"evt_1"}') == EASYPOST.delivery_id({}, b'{"id":"evt_1"}') != ""
    assert EASYPOST.delivery_id({}, b'{"id":"evt_1"}') != EASYPOST.delivery_id({}, b'{"id":"evt_1" }')
    assert EASYPOST.delivery_id({}, b"[]") == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "tracking_code",
    "tracking_details",
    "carrier",
    "status",
    "status_detail",
    "updated_at",
    "carrier_detail",
    "signed_by",
)


@given(
    st.dictionaries(st.sampled_from(FIELDS), JSON),
    st.dictionaries(st.sampled_from(("status", "tracking_location")), JSON),
)
def test_whatever_stands_in_a_tracker_is_read_or_refused_and_never_breaks(
    fields: dict[str, Any], scan: dict[str, Any]
) -> None:
    scans = (
        {"tracking_details": [{"datetime": "2026-03-02T08:00:00Z", **scan}]} if "tracking_details" not in fields else {}
    )
    reading = EASYPOST.read(tracker(**fields, **scans))
    assert all(event.happened_at.tzinfo for event in reading.events)


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_refused_or_mean_nothing(body: bytes) -> None:
    assert EASYPOST.read(body).events == ()
