"""What ShipEngine says, in our words: details decide, wall times are resolved by the scan's place, other resources pass."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from milepost.plugs.carriers.shipengine import ShipEngine
from milepost.plugs.carriers.shipengine.published import GivenKeys
from milepost.plugs.carriers.tests.meaning import meant
from milepost.way.tracking.rules import event_id
from milepost.way.tracking.words import Cause, Kind, Reading, Stage

NOW = datetime(2026, 8, 7, 16, 10, 1, tzinfo=UTC)
SHIPENGINE = ShipEngine(keys=GivenKeys({}), clock=lambda: NOW)
HEADERS = {"X-ShipEngine-Timestamp": "2026-08-07T16:10:01Z"}


def event(status: str, detail: str, at: str, local: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "occurred_at": at, "carrier_occurred_at": local, "description": f"Said {detail}", "city_locality": "AUSTIN",
        "state_province": "TX", "postal_code": "78756", "country_code": "US", "signer": "J. Doe", "status_code": status,
        "status_detail_code": detail, "carrier_status_code": "01", "latitude": 30.3, "longitude": None, **more,
    }  # fmt: skip


def message(*events: dict[str, Any], **data: Any) -> bytes:
    tracking = {
        "tracking_number": "9400111298370264401222",
        "carrier_code": "usps",
        "status_code": "IT",
        "events": events,
        **data,
    }
    return json.dumps(
        {"resource_url": "https://api.example/v1", "resource_type": "API_TRACK", "data": tracking}
    ).encode()


@pytest.mark.clause("TRK-2")
def test_events_are_read_by_their_detail() -> None:
    reading = SHIPENGINE.read(
        message(
            event("AC", "ELEC_ADVICE_RECD_BY_CARRIER", "2026-08-05T12:00:00Z"),
            event("IT", "HUB_SCAN_OUT", "2026-08-06T01:00:00Z"),
            event("IT", "RECEIVED_LOCAL_DELIVERY_DEPOT", "2026-08-06T11:00:00Z"),
            event("IT", "OUT_FOR_DELIVERY", "2026-08-06T13:00:00Z"),
            event("DE", "DELIVERED_SPECIFIED_SAFE_PLACE", "2026-08-06T18:45:00Z"),
        )
    )  # fmt: skip
    assert [e.kind for e in reading.events] == [
        Kind.LABEL_CREATED, Kind.DEPARTED_HUB, Kind.ARRIVED_DESTINATION, Kind.OUT_FOR_DELIVERY, Kind.DELIVERED_SAFE_PLACE,
    ]  # fmt: skip
    last = reading.events[-1]
    assert (last.place, last.country, last.received_by, last.code) == (
        "AUSTIN, TX, US", "US", "J. Doe", "DE/DELIVERED_SPECIFIED_SAFE_PLACE",
    )  # fmt: skip
    assert {e.received_by for e in reading.events[:-1]} == {""}
    assert meant(reading).stage is Stage.DELIVERED


@pytest.mark.parametrize(
    ("at", "local", "instant"),
    [
        ("2026-08-06T18:45:00Z", "2026-08-06T13:45:00", datetime(2026, 8, 6, 18, 45, tzinfo=UTC)),
        ("2026-08-06T13:45:00Z", "2026-08-06T13:45:00", datetime(2026, 8, 6, 18, 45, tzinfo=UTC)),
        ("2026-08-06T18:45:00Z", None, datetime(2026, 8, 6, 18, 45, tzinfo=UTC)),
        ("", "2026-08-06T13:45:00", datetime(2026, 8, 6, 18, 45, tzinfo=UTC)),
    ],
)
def test_a_wall_time_that_is_called_utc_is_resolved_by_the_scans_place(
    at: str, local: str | None, instant: datetime
) -> None:
    (scan,) = SHIPENGINE.read(message(event("DE", "DELIVERED", at, local))).events
    assert scan.happened_at == instant


def test_what_arrived_damaged_is_two_statements() -> None:
    events = SHIPENGINE.read(message(event("DE", "DELIVERED_DAMAGED", "2026-08-06T18:45:00Z"))).events
    assert [(e.kind, e.cause) for e in events] == [(Kind.DELIVERED, None), (Kind.DAMAGED, Cause.CARRIER)]
    assert len({event_id(e, 1) for e in events}) == 2


def test_without_events_its_codes_are_a_statement_of_the_signed_time() -> None:
    body = (
        b'{"resource_url":"https://api.example/v1/tracking?carrier_code=stamps_com&tracking_number=9400111298370264401222",'
        b'"resource_type":"API_TRACK","data":{"tracking_number":"9400111298370264401222","status_code":"IT",'
        b'"carrier_status_code":"NT","events":[]}}'
    )
    assert SHIPENGINE.read(body).events == ()
    (said,) = SHIPENGINE.read_envelope(HEADERS, body, datetime(2026, 8, 7, 17, tzinfo=UTC)).events
    assert (said.kind, said.happened_at, said.carrier) == (Kind.IN_TRANSIT, NOW, "USPS")


def test_an_estimate_stands_until_the_parcel_has_arrived() -> None:
    scan = event("IT", "HUB_SCAN_IN", "2026-08-06T01:00:00Z")
    open_, ended = (
        SHIPENGINE.read_envelope(
            HEADERS, message(scan, estimated_delivery_date="2026-08-09T00:00:00Z", status_code=code), NOW
        )
        for code in ("IT", "DE")
    )
    assert [e.estimate_on for e in open_.events if e.code == "estimated_delivery_date"] == [date(2026, 8, 9)]
    assert [e.kind for e in ended.events] == [Kind.ARRIVED_HUB]


@pytest.mark.clause("OPS-1")
def test_a_new_detail_is_unknown_however_well_its_status_is_known() -> None:
    (scan,) = SHIPENGINE.read(message(event("DE", "DELIVERED_BY_DRONE", "2026-08-06T18:45:00Z"))).events
    assert (scan.kind, scan.code, scan.received_by) == (Kind.UNKNOWN, "DE/DELIVERED_BY_DRONE", "")


def test_other_resources_mean_nothing_and_nonsense_is_refused() -> None:
    assert SHIPENGINE.read(b'{"resource_type":"API_BATCH","data":{"batch_id":"se-1"}}') == Reading()
    for body, code in (
        (b'{"resource_type":"API_TRACK"}', "no_number"),
        (b'{"data":5}', "not_an_event"),
        (b'{"data":{"events":[]}}', "no_number"),
    ):
        refusal = SHIPENGINE.read(body).refusal
        assert refusal is not None
        assert refusal.code == code
    reading = SHIPENGINE.read(message(event("IT", "", "soon"), event("DE", "", "2026-08-06T18:45:00Z")))
    assert [e.kind for e in reading.events] == [Kind.DELIVERED]
    assert reading.refusal is not None
