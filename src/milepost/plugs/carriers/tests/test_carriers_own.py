"""What carriers answer for themselves: their samples are read, in their own times, with their own codes."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from milepost.plugs.carriers.tests.samples import ASKED_FOR, FILES, SHARED, SOURCES, sample, with_data
from milepost.way.tracking import ports
from milepost.way.tracking.words import EventDraft, Kind, Reading

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
NO_EVENTS = ("carriers/ups/number-not-found.json", "carriers/usps/error.json")
EXPECTED: tuple[tuple[str, str, str], ...] = (
    ("canpar", "carriers/canpar/tracking.xml", "carriers/canpar/tracking.expected.json"),
    ("dhl", "carriers/dhl_universal/tracking.json", "carriers/dhl_universal/tracking.expected.json"),
    ("fedex", "karrio_tracking_samples/fedex__tracking_response.json", "carriers/fedex/tracking.expected.json"),
    ("landmark", "carriers/landmark/delivered.xml", "carriers/landmark/delivered.expected.json"),
    ("landmark", "carriers/landmark/in-transit.xml", "carriers/landmark/in-transit.expected.json"),
    ("ups", "carriers/ups/tracking.json", "carriers/ups/tracking.expected.json"),
    ("ups", "carriers/ups/number-not-found.json", "carriers/ups/number-not-found.expected.json"),
    ("usps", "carriers/usps/tracking.json", "carriers/usps/tracking.expected.json"),
    ("usps", "carriers/usps/error.json", "carriers/usps/error.expected.json"),
)


def read(source: str, body: bytes) -> Reading:
    return ports.read(SOURCES[source], ASKED_FOR if source == "sendle" else {}, body, NOW)


def scans(reading: Reading) -> list[EventDraft]:
    """Without the estimates, which are no scans."""
    return [event for event in reading.events if event.kind is not Kind.DELIVERY_SCHEDULED]


@with_data
@pytest.mark.clause("TRK-2")
@pytest.mark.parametrize(("source", "file"), FILES)
def test_every_sample_is_read_without_a_refusal_and_with_all_its_scans(source: str, file: str) -> None:
    reading = read(source, sample(file))
    assert reading.refusal is None
    assert bool(reading.events) == (file not in NO_EVENTS)
    assert all(event.happened_at.tzinfo is not None and event.tracking_number for event in reading.events)


@with_data
@pytest.mark.parametrize(("source", "file", "expected"), EXPECTED)
def test_numbers_codes_messages_and_signatures_are_those_that_others_read_too(
    source: str, file: str, expected: str
) -> None:
    """Their statuses and times are known to be wrong, so they are not compared."""
    details, _ = json.loads(sample(expected))
    found = scans(read(source, sample(file)))
    theirs = [(detail["tracking_number"], event) for detail in details for event in detail["events"]]
    assert len(found) == len(theirs)
    for number, event in theirs:
        assert any(_same(one, number, event) for one in found), event
    for name in (detail.get("info", {}).get("signed_by") for detail in details):
        arrived = [one for one in found if one.kind.value.startswith("delivered")]
        assert not arrived or name is None or {one.received_by for one in arrived} == {name}


def _same(ours: EventDraft, number: str, theirs: dict[str, Any]) -> bool:
    codes = ours.code.replace(":", "/").split("/")
    return (ours.tracking_number, ours.message) == (number, theirs["description"].strip()) and theirs["code"] in codes


@with_data
def test_every_carrier_of_the_shared_samples_has_a_reader() -> None:
    known = {file for _, file in FILES}
    folders = [*(SHARED / "karrio_tracking_samples").glob("*.*"), *(SHARED / "carriers").glob("*/*.*")]
    answers = {
        str(file.relative_to(SHARED)) for file in folders if "expected" not in file.name and file.suffix != ".md"
    }
    assert answers == known


CANPAR = "carriers/canpar/tracking.xml"
AIR = "karrio_tracking_samples/smartkargo__partner_tracking_response.json"
TIMES: tuple[tuple[str, str, Kind, str, bool], ...] = (
    ("ups", "karrio_tracking_samples/ups__tracking_response.json", Kind.DELIVERED, "2022-01-26T21:30:00Z", True),
    ("ups", "karrio_tracking_samples/ups__tracking_response.json", Kind.LABEL_CREATED, "2022-01-26T20:16:41Z", False),
    ("fedex", "karrio_tracking_samples/fedex__tracking_response.json", Kind.PICKED_UP, "2018-02-02T19:01:00Z", True),
    ("usps", "carriers/usps/tracking.json", Kind.DELIVERED_LOCKER, "2024-11-22T18:58:40Z", True),
    ("dhl_express", "karrio_tracking_samples/mydhl__tracking_response.json", Kind.PICKED_UP, "2024-11-05T09:00:00Z", True),
    ("canpar", CANPAR, Kind.DELIVERED, "2011-03-08T14:14:42Z", True),
    ("canpar", CANPAR, Kind.PICKED_UP, "2011-03-07T19:53:53Z", True),
    ("landmark", "carriers/landmark/delivered.xml", Kind.CUSTOMS_CLEARED, "2025-09-26T15:40:00Z", True),
    ("landmark", "carriers/landmark/in-transit.xml", Kind.CUSTOMS_PROCESSING, "2025-09-30T18:00:00Z", True),
    ("gls", "karrio_tracking_samples/gls__tracking_response.json", Kind.PICKED_UP, "2024-10-07T08:46:14Z", True),
    ("seko", "karrio_tracking_samples/seko__tracking_response.json", Kind.LABEL_CREATED, "2021-03-02T05:47:50.643Z", True),
    ("sendle", "karrio_tracking_samples/sendle__tracking_response.json", Kind.DELIVERED, "2023-04-05T18:56:00Z", True),
    ("spring", "karrio_tracking_samples/spring__tracking_response.json", Kind.DELIVERED, "2024-01-07T15:19:48Z", True),
    ("parcelone", "karrio_tracking_samples/parcelone__tracking_response.json", Kind.DELIVERED, "2024-01-15T13:30:00Z", True),
    ("hermes", "karrio_tracking_samples/hermes__tracking_response.json", Kind.DELIVERED, "2020-12-04T06:58:24Z", True),
    ("laposte", "karrio_tracking_samples/laposte__tracking_response.json", Kind.OUT_FOR_DELIVERY, "2023-03-09T08:01:00Z", True),
    ("smartkargo", AIR, Kind.DEPARTED_HUB, "2024-03-15T14:30:00Z", True),
)  # fmt: skip


@with_data
@pytest.mark.clause("TRK-2")
@pytest.mark.parametrize(("source", "file", "kind", "instant", "certain"), TIMES)
def test_a_time_of_the_place_is_resolved_by_the_place_and_never_taken_for_utc(
    source: str, file: str, kind: Kind, instant: str, certain: bool
) -> None:
    found = next(event for event in read(source, sample(file)).events if event.kind is kind)
    assert (found.happened_at, found.zone_certain) == (datetime.fromisoformat(instant), certain)
    assert found.stated_at


@with_data
def test_the_day_that_dhl_expects_is_the_day_as_it_is_written() -> None:
    reading = read("dhl", sample("carriers/dhl_universal/tracking.json"))
    assert [event.estimate_on for event in reading.events if event.estimate_on] == [date(2018, 8, 3)]


@with_data
def test_an_article_that_australia_post_does_not_know_says_nothing() -> None:
    reading = read("australiapost", sample("karrio_tracking_samples/australiapost__tracking_response.json"))
    assert {event.tracking_number for event in reading.events} == {"7XX1000634011427", "ET123456789AU"}


def test_a_carrier_that_only_answers_is_believed_nothing_that_it_sends() -> None:
    for name, source in SOURCES.items():
        refusal = source.check({}, b"{}")
        assert refusal is not None, name
        assert refusal.status in (401, 403, 503), name


def answer(source: str, said: Any) -> list[EventDraft]:
    reading = read(source, json.dumps(said).encode())
    assert reading.refusal is None
    return list(reading.events)


def test_one_bad_scan_is_refused_and_loses_none_of_the_others() -> None:
    scan = {"eventCode": "OF", "eventTimestamp": "2026-11-16T08:00:00", "GMTTimestamp": "2026-11-16T13:00:00Z"}
    said = {"trackingNumber": "94001", "trackingEvents": [scan, {"eventCode": "01", "eventTimestamp": "soon"}]}
    reading = read("usps", json.dumps(said).encode())
    assert [event.kind for event in reading.events] == [Kind.OUT_FOR_DELIVERY]
    assert reading.refusal is not None
    assert reading.refusal.code == "bad_scan"


def test_a_freight_of_two_pieces_has_arrived_with_the_second() -> None:
    def scan(piece: str, kind: str, day: int) -> dict[str, str]:
        return {
            "prefix": "AXB", "airWaybill": "00006510", "pieceReference": piece, "eventType": kind,
            "eventDate": f"2026-11-{day}T10:00:00", "eventLocation": "BOS",
        }  # fmt: skip

    first = [scan("1", "BKD", 16), scan("2", "BKD", 16), scan("1", "DDL", 18)]
    assert [event.kind for event in answer("smartkargo", first)][-1] is Kind.DELIVERED_PART
    both = answer("smartkargo", [*first, scan("2", "DDL", 19)])
    assert [event.kind for event in both][-2:] == [Kind.DELIVERED_PART, Kind.DELIVERED]


def test_what_an_estimate_says_is_left_out_once_the_parcel_has_arrived() -> None:
    def parcel(code: str) -> list[EventDraft]:
        event = {"code": code, "date": "2026-11-16T09:00:00+01:00", "label": "…"}
        return answer(
            "laposte", {"shipment": {"idShip": "X1", "event": [event], "estimDate": "2026-11-18T09:00:00+01:00"}}
        )

    assert [event.estimate_on for event in parcel("ET1")] == [None, date(2026, 11, 18)]
    assert [event.kind for event in parcel("DI1")] == [Kind.DELIVERED]


def test_dhl_paket_is_read_in_german_time_with_its_standard_events_before_the_others() -> None:
    events = "".join(
        f'<data name="piece-event" event-timestamp="{at}" event-status="{text}" ice="{ice}" standard-event-code="{code}"/>'
        for at, text, ice, code in (
            ("18.07.2026 10:02", "Zugestellt", "DLVRD", "ZU"),
            ("18.07.2026 07:30", "Im Zustellfahrzeug", "SRTED", "PO"),
            ("17.01.2026 23:10", "Start-Paketzentrum", "LDTMV", ""),
        )
    )
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><data name="piece-shipment-list"><data name="piece-shipment" '
        f'piece-code="00340434161094042557"><data name="piece-event-list">{events}</data></data></data>'
    )
    found = read("dhl_parcel_de", body.encode()).events
    assert [event.kind for event in found] == [Kind.DELIVERED, Kind.OUT_FOR_DELIVERY, Kind.DEPARTED_HUB]
    assert [event.happened_at for event in found] == [
        datetime(2026, 7, 18, 8, 2, tzinfo=UTC), datetime(2026, 7, 18, 5, 30, tzinfo=UTC),
        datetime(2026, 1, 17, 22, 10, tzinfo=UTC),
    ]  # fmt: skip
    assert {event.tracking_number for event in found} == {"00340434161094042557"}


def test_spring_tells_the_instant_by_seconds_and_the_clock_beside_it() -> None:
    event = {"Timestamp": 1704631125, "DateTime": "2024-01-07 07:38:45", "Country": "CA", "State": "ON", "Code": 9301}
    (found,) = answer("spring", {"Shipment": {"TrackingNumber": "LX1", "Events": [event]}})
    assert found.happened_at == datetime(2024, 1, 7, 12, 38, 45, tzinfo=UTC)
    assert found.zone_certain


@pytest.mark.parametrize(("asked", "number"), [("1Z999CC30345678906", "1Z999CC30345678906"), ("", "LTN49100231N3")])
def test_what_a_carrier_answers_under_another_number_of_the_parcel_counts_for_the_one_that_was_asked_for(
    asked: str, number: str
) -> None:
    event = "<Event><DateTime>09/26/2025 11:40 AM</DateTime><EventCode>125</EventCode></Event>"
    body = (
        "<TrackResponse><Result><Packages><Package><TrackingNumber>1Z999CC30345678906</TrackingNumber>"
        f"<LandmarkTrackingNumber>LTN49100231N3</LandmarkTrackingNumber><Events>{event}</Events></Package></Packages></Result>"
        "</TrackResponse>"
    )
    headers = {"X-Milepost-Asked-For": asked} if asked else {}
    (found,) = ports.read(SOURCES["landmark"], headers, body.encode(), NOW).events
    assert (found.tracking_number, found.kind) == (number, Kind.CUSTOMS_CLEARED)


@pytest.mark.parametrize("hours", [0, 3, -9])
def test_an_instant_that_no_clock_of_the_place_can_show_is_not_believed(hours: int) -> None:
    local = datetime(2026, 11, 16, 9, 0)  # noqa: DTZ001  a wall time is meant
    gmt = (local + timedelta(hours=hours)).isoformat() + "Z"
    event = {
        "eventCode": "OF",
        "eventTimestamp": local.isoformat(),
        "GMTTimestamp": gmt,
        "eventState": "NY",
        "eventZIP": "10001",
    }
    (found,) = answer("usps", {"trackingNumber": "94001", "trackingEvents": [event]})
    assert (found.happened_at, found.zone_certain) == (datetime(2026, 11, 16, 14, 0, tzinfo=UTC), False)


def ups(*activity: dict[str, Any], **package: Any) -> list[EventDraft]:
    packages = [{"trackingNumber": "1Z1", "activity": list(activity), **package}]
    return answer("ups", {"trackResponse": {"shipment": [{"inquiryNumber": "1Z1", "package": packages}]}})


OUT = {"type": "I", "code": "OT", "statusCode": "021", "description": "Out For Delivery"}
HAWAII = {"address": {"city": "HONOLULU", "stateProvince": "HI", "countryCode": "US", "postalCode": "96819"}}


@pytest.mark.clause("TRK-2")
@pytest.mark.parametrize(
    ("more", "certain"),
    [
        ({"gmtDate": "20261116", "gmtTime": "183000", "gmtOffset": "-10:00"}, True),
        ({"gmtDate": "20261116", "gmtTime": "183000"}, True),
        ({"gmtOffset": "-10:00"}, True),
        ({"location": HAWAII}, True),
        ({"location": {"address": {"countryCode": "US"}}, "gmtOffset": "-10:00"}, True),
    ],
)
def test_ups_tells_the_time_of_the_place_with_gmt_an_offset_or_the_place_alone(
    more: dict[str, Any], certain: bool
) -> None:
    (event,) = ups({"date": "20261116", "time": "083000", "status": OUT, **more})
    assert (event.happened_at, event.zone_certain) == (datetime(2026, 11, 16, 18, 30, tzinfo=UTC), certain)
    assert event.stated_at == "2026-11-16T08:30:00"


def test_the_rescheduled_day_of_ups_replaces_the_scheduled_one() -> None:
    scan = {"date": "20261116", "time": "083000", "status": OUT, "location": HAWAII}
    dates = [{"type": "SDD", "date": "20261117"}, {"type": "RDD", "date": "20261118"}]
    assert [event.estimate_on for event in ups(scan, deliveryDate=dates)] == [None, date(2026, 11, 18)]
    assert [event.estimate_on for event in ups(scan, deliveryDate=dates[:1])] == [None, date(2026, 11, 17)]
    arrived = {**scan, "status": {"type": "D", "code": "FS", "statusCode": "011", "description": "Delivered"}}
    assert [event.estimate_on for event in ups(arrived, deliveryDate=dates)] == [None]


def test_a_time_of_usps_that_is_spelt_with_a_z_is_that_of_the_place_all_the_same() -> None:
    event = {"eventCode": "OF", "eventTimestamp": "2026-11-16T09:10:00Z", "eventState": "FL", "eventZIP": "34442"}
    (found,) = answer("usps", {"trackingNumber": "94001", "trackingEvents": [event]})
    assert found.happened_at == datetime(2026, 11, 16, 14, 10, tzinfo=UTC)


def test_a_scan_of_fedex_without_an_offset_is_resolved_by_its_place() -> None:
    scan = {
        "date": "2026-07-16T09:10:00",
        "eventType": "OD",
        "scanLocation": {"city": "PHOENIX", "stateOrProvinceCode": "AZ", "countryCode": "US"},
    }
    found = answer(
        "fedex",
        {"output": {"completeTrackResults": [{"trackingNumber": "7", "trackResults": [{"scanEvents": [scan]}]}]}},
    )
    assert [event.happened_at for event in found] == [datetime(2026, 7, 16, 16, 10, tzinfo=UTC)]


def test_who_signed_is_kept_with_the_arrival_only() -> None:
    scan = {"date": "20261116", "time": "083000", "status": OUT, "location": HAWAII}
    arrived = {**scan, "status": {"type": "D", "code": "FS", "statusCode": "011", "description": "Delivered"}}
    events = ups(arrived, scan, deliveryInformation={"receivedBy": "OKAFOR"})
    assert [event.received_by for event in events] == ["OKAFOR", ""]


def paket(*nodes: str) -> list[EventDraft]:
    reading = read("dhl_parcel_de", f'<data><data name="list" code="0">{"".join(nodes)}</data></data>'.encode())
    assert reading.refusal is None
    return list(reading.events)


DELIVERED = '<data name="{}" event-timestamp="16.03.2026 15:29" event-text="Zugestellt" standard-event-code="ZU" {}/>'


def test_dhl_paket_is_read_with_its_events_within_or_beside_the_parcel_in_either_spelling_and_by_its_status_alone() -> (
    None
):
    piece = '<data name="{}" piece-code="0034" recipient-name="Muster" {}>{}</data>'
    beside = paket(piece.format("pieceshipment", "", ""), DELIVERED.format("pieceevent", ""))
    within = paket(piece.format("piece-status-public", "", DELIVERED.format("piece-event", 'ruecksendung="false"')))
    status = 'last-event-timestamp="16.03.2026 15:29" standard-event-code="ZU"'
    alone = paket(piece.format("piece-status-public", status, ""))
    for events in (beside, within, alone):
        assert [(event.kind, event.tracking_number, event.received_by) for event in events] == [
            (Kind.DELIVERED, "0034", "Muster")
        ]
        assert events[0].happened_at == datetime(2026, 3, 16, 14, 29, tzinfo=UTC)
        assert events[0].zone_certain
    assert paket('<data name="piece-shipment-list" code="100" error="No data found"/>') == []


def test_what_dhl_paket_carries_back_is_not_delivered_but_returned() -> None:
    moved = DELIVERED.replace("ZU", "AA").format("piece-event", 'ruecksendung="true"')
    events = moved + DELIVERED.format("piece-event", 'ruecksendung="true"')
    found = paket(f'<data name="piece-shipment" piece-code="0034">{events}</data>')
    assert [event.kind for event in found] == [Kind.RETURNING, Kind.RETURNED]


def test_a_place_at_the_end_of_a_sentence_of_australia_post_does_not_hide_what_it_says() -> None:
    said = (
        ("Awaiting collection at KEW HEIGHTS LPO", Kind.READY_FOR_PICKUP),
        ("In transit to next facility in DARRA QLD", Kind.IN_TRANSIT),
        ("Attempted delivery - Unable to gain access", Kind.ATTEMPT_FAILED), ("Delivered - To agent", Kind.UNKNOWN),
        ("Delivered to the wrong house", Kind.UNKNOWN),
    )  # fmt: skip
    events = [{"description": sentence, "date": "2026-11-16T16:32:17+11:00"} for sentence, _ in said]
    article = {"article_id": "33X", "events": events}
    found = answer("australiapost", {"tracking_results": [{"tracking_id": "33X", "trackable_items": [article]}]})
    assert [event.kind for event in found] == [kind for _, kind in said]


def test_parcel_one_tells_instants_and_a_status_that_is_not_known_by_the_word_beside_it() -> None:
    scans = [
        {"EventdateUTC": "2026-02-16T12:26:00+00:00", "Statuscode": code, "DeliveryStatus": word, "Location": "Mainz, Deutschland"}
        for code, word in (("900", "Delivered_001"), ("430", "InTransit_007"), ("777", "Exception_099"))
    ]  # fmt: skip
    found = answer("parcelone", {"P1Trackno": "4999", "TrackingEvents": scans, "lang": "en"})
    assert [event.kind for event in found] == [Kind.DELIVERED, Kind.DEPARTED_HUB, Kind.UNKNOWN]
    assert {(event.tracking_number, event.happened_at) for event in found} == {
        ("4999", datetime(2026, 2, 16, 12, 26, tzinfo=UTC))
    }


def gls(number: str, state: str, *codes: str) -> dict[str, Any]:
    at = "2026-02-10T15:13:46+0100"
    events = [{"code": code, "country": "DE", "eventDateTime": at} for code in codes]
    return {"requested": "747N6K", "unitno": number, "status": state, "statusDateTime": at, "events": events}


def test_a_parcel_of_gls_with_an_event_that_is_not_known_is_told_by_its_state_too() -> None:
    found = answer("gls", {"parcels": [gls("9383", "DELIVERED", "SOMETHING.NEW", "INTIAL.NORMAL")]})
    assert [event.kind for event in found] == [Kind.UNKNOWN, Kind.PICKED_UP, Kind.DELIVERED]
    shop = answer("gls", {"parcels": [gls("9383", "DELIVEREDPS", "DELIVD.PARCELSHOP")]})
    assert [(event.kind, event.tracking_number) for event in shop] == [(Kind.READY_FOR_PICKUP, "747N6K")]


def test_two_parcels_of_gls_under_one_reference_stay_two() -> None:
    found = answer("gls", {"parcels": [gls("9383", "INTRANSIT", "INTIAL.NORMAL"), gls("9384", "DELIVERED")]})
    assert {(event.tracking_number, event.kind) for event in found} == {
        ("9383", Kind.PICKED_UP),
        ("9384", Kind.DELIVERED),
    }


def test_one_event_of_sendle_is_read_under_its_reference() -> None:
    said = {"sendle_reference": "SAMPLE1", "event_type": "Delivered", "scan_time": "2026-05-25T21:21:05Z"}
    (found,) = SOURCES["sendle"].read(json.dumps(said).encode()).events
    assert (found.kind, found.tracking_number) == (Kind.DELIVERED, "SAMPLE1")
