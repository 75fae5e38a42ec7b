"""What six vendors say of a parcel that travels and is delivered, each in its own form."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

HERE = {"city": "Leipzig", "country": "DE"}
Form = Callable[[str, str, str, int], dict[str, Any]]


def said(vendor: str, number: str, at: datetime, turn: int) -> dict[str, Any]:
    """That the parcel is on its way at `at` and was delivered soon after; `turn` makes the message one of its own."""
    first, then = ((at + timedelta(minutes=later)).isoformat().replace("+00:00", "Z") for later in (0, 20))
    return FORMS[vendor](number, first, then, turn)


def _easypost(number: str, first: str, then: str, turn: int) -> dict[str, Any]:
    scans = [
        {
            "object": "TrackingDetail", "status": status, "status_detail": detail, "datetime": at, "tracking_location": HERE,
            "message": status,
        }
        for status, detail, at in (("in_transit", "departed_facility", first), ("delivered", "arrived_at_destination", then))
    ]  # fmt: skip
    tracker = {"object": "Tracker", "tracking_code": number, "carrier": "DHL", "tracking_details": scans}
    return {"id": f"evt_{turn}", "object": "Event", "description": "tracker.updated", "result": tracker}


def _aftership(number: str, first: str, then: str, turn: int) -> dict[str, Any]:
    points = [
        {"tag": subtag.partition("_")[0], "subtag": subtag, "checkpoint_time": at, **HERE}
        for subtag, at in (("InTransit_007", first), ("Delivered_001", then))
    ]
    told = {"tracking_number": number, "slug": "dhl", "checkpoints": points}
    return {"event": "tracking_update", "event_id": f"e{turn}", "msg": told}


def _shippo(number: str, first: str, then: str, turn: int) -> dict[str, Any]:
    history = [
        {"status": status, "substatus": {"code": code}, "status_date": at, "location": HERE}
        for status, code, at in (("TRANSIT", "package_departed", first), ("DELIVERED", "delivered", then))
    ]
    track = {"tracking_number": number, "carrier": "dhl", "tracking_history": history, "tracking_status": history[-1]}
    return {"event": "track_updated", "data": track}


def _shipengine(number: str, first: str, then: str, turn: int) -> dict[str, Any]:
    where = {"city_locality": "Leipzig", "country_code": "DE"}
    events = [
        {"status_code": status, "status_detail_code": detail, "occurred_at": at, **where}
        for status, detail, at in (("IT", "HUB_SCAN_OUT", first), ("DE", "DELIVERED", then))
    ]
    told = {"tracking_number": number, "carrier_code": "dhl", "status_code": "DE", "events": events}
    return {"resource_type": "API_TRACK", "data": told}


def _seventeentrack(number: str, first: str, then: str, turn: int) -> dict[str, Any]:
    scanned = [
        {"sub_status": status, "time_iso": at, "address": HERE}
        for status, at in (("InTransit_Other", first), ("Delivered_Other", then))
    ]
    providers = [{"provider": {"name": "DHL"}, "events": scanned}]
    return {
        "event": "TRACKING_UPDATED",
        "data": {"number": number, "track_info": {"tracking": {"providers": providers}}},
    }


def _shopify_fulfillments(number: str, first: str, then: str, turn: int) -> dict[str, Any]:
    return {
        "id": turn, "status": "success", "created_at": first, "updated_at": then, "shipment_status": "delivered",
        "tracking_company": "DHL", "tracking_number": number, "tracking_numbers": [number], "line_items": [],
    }  # fmt: skip


FORMS: Mapping[str, Form] = {
    "easypost": _easypost, "aftership": _aftership, "shippo": _shippo, "shipengine": _shipengine,
    "seventeentrack": _seventeentrack, "shopify_fulfillments": _shopify_fulfillments,
}  # fmt: skip
