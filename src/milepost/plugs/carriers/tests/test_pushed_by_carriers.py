"""What UPS (Track Alert) and USPS (subscriptions) push: believed only with their credential or signature, and then read."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from milepost.plugs.carriers.ups import Ups
from milepost.plugs.carriers.usps import Usps
from milepost.plugs.carriers.usps.signature import signature
from milepost.way.tracking.words import Kind

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SECRET = "32-characters-of-a-shared-secret"
OUT = {
    "trackingNumber": "1Z204W4R0308071865", "localActivityDate": "20240423", "localActivityTime": "091519",
    "activityLocation": {"city": "Charlotte", "stateProvince": "NC", "postalCode": "", "country": "US"},
    "activityStatus": {"type": "I", "code": "OT", "description": "Out for Delivery", "descriptionCode": "021"},
    "scheduledDeliveryDate": "20240423", "actualDeliveryDate": "", "actualDeliveryTime": "", "gmtActivityDate": "20240423",
    "gmtActivityTime": "131519", "deliveryStartTime": "", "deliveryEndTime": "", "deliveryTimeDescription": "end of day",
}  # fmt: skip


def alert(**changes: Any) -> bytes:
    return json.dumps({**OUT, **changes}).encode()


@pytest.mark.clause("TRK-2")
def test_a_track_alert_is_one_event_with_the_scheduled_day() -> None:
    (event,) = Ups().read(alert()).events
    assert (event.kind, event.tracking_number, event.code) == (Kind.OUT_FOR_DELIVERY, "1Z204W4R0308071865", "I/OT/021")
    assert (event.happened_at, event.zone_certain) == (datetime(2024, 4, 23, 13, 15, 19, tzinfo=UTC), True)
    assert (event.place, event.estimate_on) == ("Charlotte, NC, US", date(2024, 4, 23))


def test_a_gmt_of_ups_that_cannot_be_the_same_moment_as_its_local_time_gives_way_to_the_place() -> None:
    """UPS's own example of a manifest has a GMT before the local time, in America."""
    (event,) = Ups().read(alert(gmtActivityTime="041230", localActivityTime="091230")).events
    assert (event.happened_at, event.zone_certain) == (datetime(2024, 4, 23, 13, 12, 30, tzinfo=UTC), False)


def test_an_update_of_ups_is_a_new_day_and_nothing_else() -> None:
    status = {"type": "U", "code": "ZZ", "description": "Updated", "descriptionCode": ""}
    (event,) = Ups().read(alert(activityStatus=status, scheduledDeliveryDate="20240425")).events
    assert (event.kind, event.estimate_on) == (Kind.DELIVERY_SCHEDULED, date(2024, 4, 25))


@pytest.mark.parametrize(
    ("credential", "headers", "code"),
    [
        ("", {"credential": ""}, "no_secret"),
        ("", {"credential": "x"}, "no_secret"),
        ("x", {}, "unsigned"),
        ("x", {"Credential": "y"}, "bad_signature"),
        ("x", {"credential": "x\u00e9"}, "bad_signature"),
        ("x", {"Credential": "x"}, None),
    ],
)
def test_a_track_alert_is_believed_with_our_credential_only(
    credential: str, headers: dict[str, str], code: str | None
) -> None:
    refusal = Ups(credential).check(headers, alert())
    assert (refusal and refusal.code) == code


def envelope(timestamp: str = "2026-11-16T08:59:30Z", **changes: Any) -> dict[str, Any]:
    event = {
        "eventType": "Delivered, Front Door/Porch", "eventTimestamp": "2026-11-16T03:58:00", "GMTTimestamp": "2026-11-16T08:58:00Z",
        "GMTOffset": "-05:00", "eventCity": "HERNANDO", "eventState": "FL", "eventZIP": "34442", "eventCode": "01",
    }  # fmt: skip
    payload = json.dumps({"trackingNumber": "9400109104250532908587", "trackingEvents": [event]})
    return {
        "subscriptionId": "s-1",
        "subscriptionType": "TRACKING",
        "timestamp": timestamp,
        "payload": payload,
        **changes,
    }


def signed(said: dict[str, Any], secret: str = SECRET, name: str = "X-HMAC") -> dict[str, str]:
    return {name: signature(said["timestamp"], said["payload"], secret)}


USPS = Usps(secret=SECRET, clock=lambda: NOW)


@pytest.mark.clause("TRK-2")
@pytest.mark.parametrize("name", ["X-HMAC", "x-hmac", "hmac-header"])
def test_a_notification_of_usps_is_believed_by_its_signature_and_read(name: str) -> None:
    said = envelope()
    body = json.dumps(said).encode()
    assert USPS.check(signed(said, name=name), body) is None
    (event,) = USPS.read(body).events
    assert (event.kind, event.tracking_number) == (Kind.DELIVERED_SAFE_PLACE, "9400109104250532908587")
    assert event.happened_at == datetime(2026, 11, 16, 8, 58, tzinfo=UTC)


def test_what_usps_did_not_sign_just_now_is_refused() -> None:
    said = envelope()
    body, good = json.dumps(said).encode(), signed(envelope())

    def code(headers: dict[str, str], sent: bytes = body, plug: Usps = USPS) -> str | None:
        refusal = plug.check(headers, sent)
        return refusal.code if refusal else None

    assert code(good) is None
    assert code({}) == "unsigned"
    assert code(good, plug=Usps(secret="", clock=lambda: NOW)) == "no_secret"
    assert code(signed(said, secret="another-secret")) == "bad_signature"
    assert (
        code(good, json.dumps(envelope(payload=said["payload"].replace("34442", "34443"))).encode()) == "bad_signature"
    )
    assert code(good, json.dumps(envelope(timestamp="2026-11-16T08:59:31Z")).encode()) == "bad_signature"
    for broken in (b"", b"\xff", b"[]", b'{"timestamp": 1}', b"{}"):
        assert code(good, broken) == "bad_signature"
    late = Usps(secret=SECRET, clock=lambda: NOW + timedelta(hours=2))
    assert code(good, plug=late) == "stale"
    early = envelope(timestamp="2026-11-16T12:00:00Z")
    assert code(signed(early), json.dumps(early).encode()) == "stale"


def test_a_notification_that_comes_again_is_known_and_another_is_another() -> None:
    one, two = (json.dumps(envelope(timestamp=at)).encode() for at in ("2026-11-16T08:59:30Z", "2026-11-16T08:59:31Z"))
    assert USPS.delivery_id({}, one) == USPS.delivery_id({}, one) != USPS.delivery_id({}, two)
    assert USPS.delivery_id({}, b"\xff") == ""
