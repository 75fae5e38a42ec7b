"""EasyPost as a source of tracking: a webhook's body becomes events in our words."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.easypost import signature
from milepost.plugs.carriers.easypost.crosswalk import meaning
from milepost.way.tracking.words import EventDraft, Kind, Reading

_MOST_SCANS = 2000

NOT_JSON = Refusal(
    code="not_json",
    says="The body is not JSON in UTF-8.",
    do="Look at the raw delivery; EasyPost sends JSON.",
    status=400,
)
NOT_AN_EVENT = Refusal(
    code="not_an_event", says="The body is not an EasyPost event with a tracker.",
    do="Look at the raw delivery and at EasyPost's documentation of events.", status=422,
)  # fmt: skip
NO_NUMBER = Refusal(
    code="no_number", says="The tracker has no tracking code.", do="Look at the raw delivery.", field="tracking_code"
)
BAD_SCAN = Refusal(
    code="bad_scan",
    says="A scan of the tracker makes no sense.",
    do="Look at the raw delivery.",
    field="tracking_details",
)


@dataclass(frozen=True, slots=True)
class EasyPost:
    """EasyPost's webhooks, checked with the installation's secret."""

    secret: str
    name: str = "easypost"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from EasyPost, or None."""
        return signature.check(headers, body, self.secret)

    def read(self, body: bytes) -> Reading:
        """The events of a tracker; nothing for events about other things; a refusal for nonsense."""
        try:
            sent = json.loads(body)
        except (ValueError, RecursionError):
            return Reading(refusal=NOT_JSON)
        if not isinstance(sent, dict) or not isinstance(sent.get("result", sent), dict):
            return Reading(refusal=NOT_AN_EVENT)
        tracker = sent.get("result", sent)
        if tracker.get("object") != "Tracker":
            about_else = sent.get("object") == "Event" and isinstance(sent.get("description"), str)
            return Reading() if about_else else Reading(refusal=NOT_AN_EVENT)
        return _tracker(tracker)


def _tracker(tracker: Mapping[str, Any]) -> Reading:
    number, scans = _text(tracker.get("tracking_code")), tracker.get("tracking_details") or []
    if not number:
        return Reading(refusal=NO_NUMBER)
    if not isinstance(scans, list) or len(scans) > _MOST_SCANS:
        return Reading(refusal=BAD_SCAN)
    events: list[EventDraft] = []
    for scan in scans:
        event = _scan(scan, tracker, number)
        if event is None:
            return Reading(refusal=BAD_SCAN)
        events.append(event)
    events += _estimate(tracker, number)
    if not scans:
        events += _coarse(tracker, number)
    return Reading(events=tuple(events))


def _scan(scan: Any, tracker: Mapping[str, Any], number: str) -> EventDraft | None:
    """One scan; None when it is no object or has no instant."""
    if not isinstance(scan, dict):
        return None
    happened_at = _instant(scan.get("datetime"))
    if happened_at is None:
        return None
    kind, cause, code = _read_code(scan)
    arrived = kind is not None and kind.startswith("delivered")
    return EventDraft(
        kind=kind or Kind.UNKNOWN, cause=cause, code=code, happened_at=happened_at, stated_at=_text(scan.get("datetime")),
        tracking_number=number, carrier=_text(tracker.get("carrier")), place=_place(scan.get("tracking_location")),
        message=_text(scan.get("message")) or _text(scan.get("description")), estimate_on=_day(scan.get("est_delivery_date")),
        received_by=_text(tracker.get("signed_by")) if arrived else "",
    )  # fmt: skip


def _read_code(said: Mapping[str, Any]) -> tuple[Kind | None, Any, str]:
    status, detail = _text(said.get("status")), _text(said.get("status_detail"))
    found = meaning(status, detail)
    code = f"{status}/{detail}" if detail else status
    return (found[0], found[1], code) if found else (None, None, code or "–")


def _estimate(tracker: Mapping[str, Any], number: str) -> Iterable[EventDraft]:
    """The tracker's own estimate, as a statement of the moment it was made: a calendar day, never shifted by a zone.

    `est_delivery_date` is a day at midnight UTC; `est_delivery_date_local`, where there is one, is the true day.
    """
    detail = tracker.get("carrier_detail")
    local = _day(detail.get("est_delivery_date_local")) if isinstance(detail, dict) else None
    day, said_at = local or _midnight_day(tracker.get("est_delivery_date")), _instant(tracker.get("updated_at"))
    if (
        day is not None
        and said_at is not None
        and _text(tracker.get("status")) not in ("delivered", "return_to_sender")
    ):
        yield EventDraft(
            kind=Kind.DELIVERY_SCHEDULED, code="est_delivery_date", happened_at=said_at, estimate_on=day,
            stated_at=_text(tracker.get("updated_at")), tracking_number=number, carrier=_text(tracker.get("carrier")),
        )  # fmt: skip


def _coarse(tracker: Mapping[str, Any], number: str) -> Iterable[EventDraft]:
    """The tracker's own status, only where no scan says more."""
    kind, cause, code = _read_code(tracker)
    said_at = _instant(tracker.get("updated_at"))
    if said_at is not None:
        yield EventDraft(
            kind=kind or Kind.UNKNOWN, cause=cause, code=code, happened_at=said_at, tracking_number=number,
            stated_at=_text(tracker.get("updated_at")), carrier=_text(tracker.get("carrier")),
            received_by=_text(tracker.get("signed_by")) if kind is Kind.DELIVERED else "",
        )  # fmt: skip


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _instant(value: Any) -> datetime | None:
    """An instant; a time without a zone names none."""
    try:
        instant = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(_text(value)[:10])
    except ValueError:
        return None


def _midnight_day(value: Any) -> date | None:
    """The day of a midnight; an estimate with another time of day is no day's name but a test tracker's clock."""
    instant = _instant(value)
    return (
        instant.date() if instant is not None and (instant.hour, instant.minute, instant.second) == (0, 0, 0) else None
    )


def _place(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    return ", ".join(part for key in ("city", "state", "country") if (part := _text(value.get(key))))
