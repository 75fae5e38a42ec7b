"""Files of events that people write: CSV and JSON, wall times by their places, the bad line named."""

import json
from datetime import UTC, date, datetime

import pytest

from milepost.plugs.carriers.sheet import Sheet
from milepost.way.tracking.words import Cause, Kind, Reading

AT = "2026-11-16T09:00:00+01:00"


def read(text: str, encoding: str = "utf-8") -> Reading:
    return Sheet().read(text.encode(encoding))


@pytest.mark.clause("TRK-2")
@pytest.mark.parametrize("cut", [",", ";", "\t"])
def test_a_table_is_read_by_its_heading_however_it_is_cut(cut: str) -> None:
    heading = ["Happened At", "tracking_number", "CODE", "carrier", "reason", "place", "message", "estimate_on"]
    line = [AT, "1Z9", "delayed", "UPS", "weather", "Kassel", "Snow", "2026-11-19"]
    (event,) = read(f"{cut.join(heading)}\r\n{cut.join(line)}\r\n", "utf-8-sig").events
    assert (event.kind, event.cause, event.tracking_number, event.carrier) == (
        Kind.DELAYED,
        Cause.WEATHER,
        "1Z9",
        "UPS",
    )
    assert (event.happened_at, event.place, event.estimate_on) == (
        datetime(2026, 11, 16, 8, 0, tzinfo=UTC), "Kassel", date(2026, 11, 19),
    )  # fmt: skip


def test_records_are_read_alone_in_a_list_or_as_the_api_has_them() -> None:
    one = {"tracking_number": "A", "code": "delivered", "happened_at": AT, "signed_by": "Ada"}
    for said in (one, [one], {"events": [one]}):
        (event,) = read(json.dumps(said)).events
        assert (event.kind, event.received_by) == (Kind.DELIVERED, "Ada")


def test_a_wall_time_is_resolved_by_its_place() -> None:
    line = {
        "tracking_number": "A",
        "code": "picked_up",
        "happened_at": "2026-11-16 09:00",
        "city": "Perth",
        "region": "WA",
        "country": "AU",
    }
    (event,) = read(json.dumps([line])).events
    assert (event.happened_at, event.zone_certain) == (datetime(2026, 11, 16, 1, 0, tzinfo=UTC), True)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"tracking_number": ""}, "it has no tracking number"),
        ({"code": "flying"}, "flying is no code of ours"),
        ({"code": "withdrawn"}, "withdrawn is no code of ours"),
        ({"happened_at": "yesterday"}, "yesterday is no time"),
        ({"happened_at": None}, "nothing is no time"),
    ],
)
def test_a_bad_line_is_named_and_loses_none_of_the_others(change: dict[str, str], wrong: str) -> None:
    good = {"tracking_number": "A", "code": "picked_up", "happened_at": AT}
    reading = read(json.dumps([good, {**good, **change}, good]))
    assert len(reading.events) == 2
    assert reading.refusal is not None
    assert (reading.refusal.code, reading.refusal.sentence) == ("bad_line", f"Event 2: {wrong}.")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_readable"), (b"\xff\xfe", "not_readable"), (b"a,b\n1,2\n", "not_readable"), (b"[", "not_readable"),
        (b"[]", "no_events"),
        (b"tracking_number,code,happened_at\n", "no_events"), (b"{}", "bad_line"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_events_is_refused(body: bytes, code: str) -> None:
    refusal = Sheet().read(body).refusal
    assert refusal is not None
    assert refusal.code == code


def test_nobody_sends_files_to_the_address_of_webhooks() -> None:
    refusal = Sheet().check({}, b"")
    assert refusal is not None
    assert refusal.status == 403
