"""What 17TRACK says, in our words: sub-statuses decide, guessed zones give way to the scan's place, two carriers of one number."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from milepost.plugs.carriers.seventeentrack import SeventeenTrack
from milepost.plugs.carriers.tests.meaning import meant
from milepost.way.tracking.words import Cause, Kind, Reading, Stage

TRACK = SeventeenTrack(key="irrelevant")
BERLIN = {
    "country": "DE",
    "state": None,
    "city": "Berlin",
    "postal_code": "10115",
    "coordinates": {"longitude": "13.4", "latitude": "52.5"},
}


def event(sub_status: str | None, at: str | None, **more: Any) -> dict[str, Any]:
    return {
        "time_iso": at, "time_utc": None, "time_raw": {"date": None, "time": None, "timezone": None}, "description": "Said",
        "location": "", "stage": None, "sub_status": sub_status, "address": BERLIN, **more,
    }  # fmt: skip


def message(*providers: tuple[str, list[dict[str, Any]]], kind: str = "TRACKING_UPDATED", **info: Any) -> bytes:
    spoken = [
        {
            "provider": {"key": n, "name": name, "alias": name},
            "latest_sync_time": "2026-05-15T06:18:46Z",
            "events": events,
        }
        for n, (name, events) in enumerate(providers)
    ]
    track_info = {"latest_status": {"status": "InTransit"}, "tracking": {"providers": spoken}, **info}
    return json.dumps(
        {"event": kind, "data": {"number": "RR123456785CN", "carrier": 0, "track_info": track_info}}
    ).encode()


@pytest.mark.clause("TRK-2")
def test_events_are_read_by_their_sub_status() -> None:
    reading = TRACK.read(
        message(
            ("DHL", [
                event("Delivered_Other", "2026-05-14T12:00:00+02:00"), event("OutForDelivery_Other", "2026-05-14T08:00:00+02:00"),
                event("InTransit_CustomsRequiringInformation", "2026-05-10T08:00:00+02:00"),
                event("InTransit_Departure", "2026-05-02T13:34:00+08:00"), event("InfoReceived", "2026-05-01T13:34:00+08:00"),
            ]),
        )
    )  # fmt: skip
    assert [e.kind for e in reading.events] == [
        Kind.DELIVERED, Kind.OUT_FOR_DELIVERY, Kind.CUSTOMS_ACTION, Kind.DEPARTED_HUB, Kind.LABEL_CREATED,
    ]  # fmt: skip
    first = reading.events[0]
    assert (first.carrier, first.place, first.code) == ("DHL", "Berlin, DE", "Delivered/Delivered_Other")
    assert reading.events[2].cause is Cause.CUSTOMS
    assert meant(reading).stage is Stage.DELIVERED


@pytest.mark.parametrize(
    ("raw", "theirs", "instant", "certain"),
    [
        ({"date": "2026-05-14", "time": "12:00:00", "timezone": "+02:00"}, "2026-05-14T12:00:00+02:00", 10, True),
        ({"date": "2026-05-14", "time": "12:00:00", "timezone": None}, "2026-05-14T12:00:00+08:00", 10, True),
        ({"date": None, "time": None, "timezone": None}, "2026-05-14T12:00:00+02:00", 10, True),
        ({"date": "2026-05-14", "time": "12:00:00", "timezone": None}, None, 10, True),
    ],
)
def test_a_zone_that_was_guessed_gives_way_to_the_scans_place(
    raw: dict[str, Any], theirs: str | None, instant: int, certain: bool
) -> None:
    (scan,) = TRACK.read(message(("DHL", [event("Delivered_Other", theirs, time_raw=raw)]))).events
    assert (scan.happened_at, scan.zone_certain) == (datetime(2026, 5, 14, instant, tzinfo=UTC), certain)


def test_where_no_place_is_known_their_guess_stands_as_a_guess() -> None:
    raw = {"date": "2026-05-14", "time": "12:00:00", "timezone": None}
    (scan,) = TRACK.read(
        message(("DHL", [event("Delivered_Other", "2026-05-14T12:00:00+08:00", time_raw=raw, address=None)]))
    ).events
    assert (scan.happened_at, scan.zone_certain) == (datetime(2026, 5, 14, 4, tzinfo=UTC), False)


def test_a_number_that_two_carriers_scan_names_neither() -> None:
    reading = TRACK.read(
        message(
            ("China Post", [event("InTransit_Departure", "2026-05-02T13:34:00+08:00")]),
            ("USPS", [event("Delivered_Other", "2026-05-14T12:00:00-05:00")]),
        )
    )
    assert {e.carrier for e in reading.events} == {""}
    assert len(reading.events) == 2


def test_an_event_without_sub_status_is_a_milestone_or_unknown() -> None:
    events = TRACK.read(
        message(
            (
                "DHL",
                [event(None, "2026-05-14T12:00:00+02:00", stage="PickedUp"), event(None, "2026-05-14T13:00:00+02:00")],
            )
        )
    ).events
    assert [(e.kind, e.code) for e in events] == [(Kind.PICKED_UP, "PickedUp"), (Kind.UNKNOWN, "–")]


def test_without_events_the_latest_status_is_a_statement_of_the_last_look() -> None:
    reading = TRACK.read(message(("DHL", []), latest_status={"status": "Exception", "sub_status": "Exception_Lost"}))
    (said,) = reading.events
    assert (said.kind, said.happened_at) == (Kind.LOST, datetime(2026, 5, 15, 6, 18, 46, tzinfo=UTC))


def test_the_estimate_is_the_last_day_of_the_window() -> None:
    metrics = {"estimated_delivery_date": {"from": "2026-05-16T00:00:00-05:00", "to": "2026-05-18T23:59:59-05:00"}}
    events = TRACK.read(
        message(("DHL", [event("InTransit_Other", "2026-05-14T12:00:00+02:00")]), time_metrics=metrics)
    ).events
    assert [e.estimate_on for e in events if e.kind is Kind.DELIVERY_SCHEDULED] == [date(2026, 5, 18)]


def test_that_tracking_stopped_means_nothing_and_nonsense_is_refused() -> None:
    assert TRACK.read(b'{"event":"TRACKING_STOPPED","data":{"number":"RR1","carrier":3011}}') == Reading()
    for body, code in (
        (b'{"event":"TRACKING_UPDATED","data":{}}', "no_number"),
        (b'{"event":"TRACKING_UPDATED"}', "not_an_event"),
    ):
        refusal = TRACK.read(body).refusal
        assert refusal is not None
        assert refusal.code == code


def test_an_answer_of_the_api_with_many_trackings_is_read_too() -> None:
    one = json.loads(message(("DHL", [event("Delivered_Other", "2026-05-14T12:00:00+02:00")])))["data"]
    body = json.dumps({"code": 0, "data": {"accepted": [one, {**one, "number": "RR2"}], "rejected": []}}).encode()
    assert {e.tracking_number for e in TRACK.read(body).events} == {"RR123456785CN", "RR2"}
