"""EasyPost as a source of tracking: a webhook's body becomes events in our words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.easypost import signature
from milepost.plugs.carriers.easypost.crosswalk import CODES
from milepost.plugs.carriers.values import (
    NO_NUMBER,
    NOT_AN_EVENT,
    Object,
    country_code,
    day,
    estimate,
    instant,
    midnight_day,
    moment,
    named,
    part,
    place,
    read_scans,
    reading_of,
    text,
)
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import DELIVERIES, EventDraft, Reading


@dataclass(frozen=True, slots=True)
class EasyPost:
    """EasyPost's webhooks, checked with the installation's secret."""

    secret: str
    name: str = "easypost"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from EasyPost, or None."""
        return signature.check(headers, body, self.secret)

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """The id of the event; a repeat of it bears the same bytes."""
        return named(body, "id")

    def read(self, body: bytes) -> Reading:
        """The events of a tracker; nothing for events about other things; a refusal for nonsense."""
        return reading_of(body, _event)


def _event(sent: Object) -> Reading:
    """An event with a tracker in it, or a tracker alone."""
    if "result" in sent and not isinstance(sent["result"], Mapping):
        return Reading(refusal=NOT_AN_EVENT)
    tracker = part(sent, "result") if "result" in sent else sent
    if tracker.get("object") != "Tracker":
        about_else = sent.get("object") == "Event" and isinstance(sent.get("description"), str)
        return Reading() if about_else else Reading(refusal=NOT_AN_EVENT)
    return _tracker(tracker)


def _tracker(tracker: Object) -> Reading:
    number = text(tracker.get("tracking_code"))
    if not number:
        return Reading(refusal=NO_NUMBER)
    scans = read_scans(tracker.get("tracking_details"), lambda scan: _scan(scan, tracker, number))
    said = () if scans.events or scans.refusal else _coarse(tracker, number)
    return replace(scans, events=(*scans.events, *_estimate(tracker, number), *said))


def _scan(scan: Object, tracker: Object, number: str) -> tuple[EventDraft, ...] | None:
    """One scan; None when it has no time."""
    there = part(scan, "tracking_location")
    city, region, country = text(there.get("city")), text(there.get("state")), text(there.get("country"))
    where = Place(city=city, region=region, postcode=text(there.get("zip")), country=country)
    when = moment(scan.get("datetime"), where)
    if when is None:
        return None
    kind, cause, code = CODES.read(text(scan.get("status")), text(scan.get("status_detail")))
    return (
        EventDraft(
            kind=kind, cause=cause, code=code, happened_at=when[0], zone_certain=when[1], stated_at=text(scan.get("datetime")),
            tracking_number=number, carrier=text(tracker.get("carrier")), place=place(city, region, country), city=city,
            region=region, country=country_code(country), message=text(scan.get("message"), scan.get("description")),
            estimate_on=day(scan.get("est_delivery_date")),
            received_by=text(tracker.get("signed_by")) if kind in DELIVERIES else "",
        ),
    )  # fmt: skip


def _estimate(tracker: Object, number: str) -> tuple[EventDraft, ...]:
    """The tracker's own estimate, as a statement of the moment it was made: a calendar day, never shifted by a zone.

    `est_delivery_date` is a day at midnight UTC (with another time of day it is a test tracker's clock);
    `est_delivery_date_local`, where there is one, is the true day.
    """
    if text(tracker.get("status")) in ("delivered", "return_to_sender"):
        return ()
    local = day(part(tracker, "carrier_detail").get("est_delivery_date_local"))
    return estimate(
        local or midnight_day(tracker.get("est_delivery_date")), instant(tracker.get("updated_at")), number=number,
        carrier=text(tracker.get("carrier")), code="est_delivery_date",
    )  # fmt: skip


def _coarse(tracker: Object, number: str) -> tuple[EventDraft, ...]:
    """The tracker's own status, only where no scan says more."""
    said_at = instant(tracker.get("updated_at"))
    if said_at is None:
        return ()
    kind, cause, code = CODES.read(text(tracker.get("status")), text(tracker.get("status_detail")))
    return (
        EventDraft(
            kind=kind, cause=cause, code=code, happened_at=said_at, tracking_number=number,
            stated_at=text(tracker.get("updated_at")), carrier=text(tracker.get("carrier")),
            received_by=text(tracker.get("signed_by")) if kind in DELIVERIES else "",
        ),
    )  # fmt: skip
