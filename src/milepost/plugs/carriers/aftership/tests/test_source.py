"""What AfterShip says, in our words: checkpoints with and without zones, several versions of its API, returns, estimates."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from milepost.plugs.carriers.aftership import AfterShip
from milepost.plugs.carriers.tests.meaning import meant
from milepost.way.tracking.words import Kind, Reading, Stage

AFTERSHIP = AfterShip(secret="irrelevant")
AUSTIN = {
    "city": "Austin",
    "state": "TX",
    "country_region": "USA",
    "country_region_name": "United States",
    "postal_code": "78701",
}


def checkpoint(subtag: str, at: str, **more: Any) -> dict[str, Any]:
    tag = subtag.partition("_")[0]
    return {
        "slug": "usps",
        "checkpoint_time": at,
        "tag": tag,
        "subtag": subtag,
        "message": f"Said {subtag}",
        **AUSTIN,
        **more,
    }


def message(*checkpoints: dict[str, Any], **tracking: Any) -> bytes:
    msg = {
        "id": "t1", "tracking_number": "9400100000000000000000", "slug": "usps", "updated_at": "2026-03-05T10:00:00+00:00",
        "checkpoints": list(checkpoints), **tracking,
    }  # fmt: skip
    return json.dumps({"event": "tracking_update", "event_id": "e-1", "msg": msg, "ts": 1772704800}).encode()


@pytest.mark.clause("TRK-2")
def test_checkpoints_become_events_and_subtags_decide() -> None:
    reading = AFTERSHIP.read(
        message(
            checkpoint("InfoReceived_001", "2026-03-02T08:00:00-06:00"),
            checkpoint("InTransit_002", "2026-03-02T17:00:00-06:00"),
            checkpoint("InTransit_007", "2026-03-03T02:00:00-06:00"),
            checkpoint("OutForDelivery_004", "2026-03-04T07:00:00-06:00"),
            checkpoint("Delivered_005", "2026-03-04T12:30:00-06:00", coordinate={"latitude": 30.27, "longitude": -97.74}),
            tag="Delivered", subtag="Delivered_005", signed_by="N. Neighbour",
        )
    )  # fmt: skip
    assert [e.kind for e in reading.events] == [
        Kind.LABEL_CREATED, Kind.PICKED_UP, Kind.DEPARTED_HUB, Kind.DELIVERY_SCHEDULED, Kind.DELIVERED_NEIGHBOUR,
    ]  # fmt: skip
    last = reading.events[-1]
    assert (last.code, last.carrier, last.tracking_number) == (
        "Delivered/Delivered_005",
        "usps",
        "9400100000000000000000",
    )
    assert last.happened_at == datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
    assert (last.place, last.region, last.latitude, last.received_by) == (
        "Austin, TX, United States", "TX", Decimal("30.27"), "N. Neighbour",
    )  # fmt: skip
    assert {e.received_by for e in reading.events[:-1]} == {""}
    assert meant(reading).stage is Stage.DELIVERED


@pytest.mark.parametrize(
    ("stated", "instant", "certain"),
    [
        ("2026-03-02T08:00:00-06:00", datetime(2026, 3, 2, 14, tzinfo=UTC), True),
        ("2026-03-02T08:00:00", datetime(2026, 3, 2, 14, tzinfo=UTC), True),
        ("2026-03-02", datetime(2026, 3, 2, 6, tzinfo=UTC), False),
        ("", datetime(2026, 3, 3, 9, tzinfo=UTC), False),
    ],
)
def test_a_checkpoints_time_is_resolved_by_its_place_and_an_empty_one_by_when_it_was_got(
    stated: str, instant: datetime, certain: bool
) -> None:
    (event,) = AFTERSHIP.read(
        message(checkpoint("InTransit_003", stated, created_at="2026-03-03T09:00:00+00:00"))
    ).events
    assert (event.happened_at, event.zone_certain, event.stated_at) == (instant, certain, stated)


def test_without_checkpoints_the_tag_is_a_statement_of_the_moment() -> None:
    body = b"""{"event":"tracking_update","event_id":"94dadd60","msg":{"id":"t1","tracking_number":"9400100000000000000000",
        "slug":"usps","tag":"OutForDelivery","subtag":"OutForDelivery_001"},"ts":1712741696}"""
    (event,) = AFTERSHIP.read(body).events
    assert (event.kind, event.happened_at) == (Kind.OUT_FOR_DELIVERY, datetime(2024, 4, 10, 9, 34, 56, tzinfo=UTC))


@pytest.mark.clause("OPS-1")
def test_a_new_subtag_is_unknown_however_well_its_tag_is_known() -> None:
    (event,) = AFTERSHIP.read(message(checkpoint("Delivered_099", "2026-03-02T08:00:00-06:00"))).events
    assert (event.kind, event.code) == (Kind.UNKNOWN, "Delivered/Delivered_099")
    assert (
        meant(AFTERSHIP.read(message(checkpoint("Delivered_099", "2026-03-02T08:00:00-06:00")))).stage is Stage.SHIPPED
    )


def test_delivered_to_its_sender_is_returned_and_not_delivered() -> None:
    back = AFTERSHIP.read(
        message(
            checkpoint("Exception_010", "2026-03-02T08:00:00-06:00"), checkpoint("Delivered_001", "2026-03-04T08:00:00-06:00"),
            return_to_sender=True,
        )
    )  # fmt: skip
    assert meant(back).stage is Stage.RETURNED
    returned = AFTERSHIP.read(
        message(checkpoint("Delivered_001", "2026-03-04T08:00:00-06:00"), shipment_direction="return")
    )
    assert [e.kind for e in returned.events] == [Kind.RETURNED]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        (
            {"courier_estimated_delivery_date": {"estimated_delivery_date": "2026-03-06T23:59:00-06:00"}},
            date(2026, 3, 6),
        ),
        (
            {"latest_estimated_delivery": {"type": "specific", "datetime": "2026-03-07T20:00:00-06:00"}},
            date(2026, 3, 7),
        ),
        ({"expected_delivery": "2026-03-08"}, date(2026, 3, 8)),
        ({"expected_delivery": None}, None),
        ({"expected_delivery": "2026-03-08", "tag": "Delivered"}, None),
        ({"expected_delivery": "2026-03-08", "return_to_sender": True}, None),
    ],
)
def test_an_estimate_is_the_day_as_it_is_written(said: dict[str, Any], day: date | None) -> None:
    events = AFTERSHIP.read(message(checkpoint("InTransit_003", "2026-03-02T08:00:00-06:00"), **said)).events
    assert [e.estimate_on for e in events if e.kind is Kind.DELIVERY_SCHEDULED] == ([day] if day else [])


def test_one_checkpoint_that_makes_no_sense_does_not_hold_back_the_others() -> None:
    reading = AFTERSHIP.read(
        message(checkpoint("InTransit_003", "yesterday"), checkpoint("Delivered_001", "2026-03-04T08:00:00-06:00"))
    )
    assert [e.kind for e in reading.events] == [Kind.DELIVERED]
    assert reading.refusal is not None
    assert reading.refusal.code == "bad_scan"


@pytest.mark.parametrize("wrapped", [lambda t: {"data": {"tracking": t}}, lambda t: {"meta": {"code": 200}, "data": t}])
def test_answers_of_the_api_are_read_like_webhooks(wrapped: Any) -> None:
    tracking = json.loads(message(checkpoint("Delivered_001", "2026-03-04T08:00:00-06:00")))["msg"]
    assert [e.kind for e in AFTERSHIP.read(json.dumps(wrapped(tracking)).encode()).events] == [Kind.DELIVERED]


def test_messages_about_other_things_mean_nothing_and_those_about_nothing_are_refused() -> None:
    assert AFTERSHIP.read(b'{"event":"shipping_account_created"}') == Reading()
    for body, code in (
        (b'{"msg":{"tag":"Delivered"}}', "no_number"),
        (b"{}", "not_an_event"),
        (b'{"event":"e","msg":5}', "not_an_event"),
    ):
        refusal = AFTERSHIP.read(body).refusal
        assert refusal is not None
        assert refusal.code == code


def test_a_repeat_is_known_by_its_events_id_and_its_bytes() -> None:
    once, twice = message(tag="Pending"), message(tag="InTransit")
    assert AFTERSHIP.delivery_id({}, once) == AFTERSHIP.delivery_id({}, once) != ""
    assert AFTERSHIP.delivery_id({}, once) != AFTERSHIP.delivery_id({}, twice)
    assert AFTERSHIP.delivery_id({}, b"\xff") == ""
