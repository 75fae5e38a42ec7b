"""AfterShip as a source of tracking: a webhook's body becomes events in our words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.aftership.crosswalk import CODES
from milepost.plugs.carriers.codes import turned_back
from milepost.plugs.carriers.signing import FORGED, UNSIGNED, hmac_base64, is_any, no_secret
from milepost.plugs.carriers.values import (
    NO_NUMBER,
    NOT_AN_EVENT,
    Object,
    country_code,
    day,
    decimal,
    epoch,
    estimate,
    header,
    instant,
    moment,
    named,
    part,
    place,
    read_scans,
    reading_of,
    text,
)
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import DELIVERIES, EventDraft, Kind, Reading

SETTING = "MILEPOST_AFTERSHIP_WEBHOOK_SECRET"
TRACKING, SHIPPING, SHIPPING_PREFIX = "aftership-hmac-sha256", "am-webhook-signature", "hmac-sha256="
"""The headers of the product Tracking, and of its sibling, which puts a prefix before the same signature."""


@dataclass(frozen=True, slots=True)
class AfterShip:
    """AfterShip's webhooks, checked with the account's secret. They bear no signed time; repeats are known by their event's id."""

    secret: str
    name: str = "aftership"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from AfterShip, or None."""
        if not self.secret:
            return no_secret("AfterShip", SETTING)
        given, sibling = header(headers, TRACKING), header(headers, SHIPPING)
        if not given and sibling.startswith(SHIPPING_PREFIX):
            given = sibling.removeprefix(SHIPPING_PREFIX)
        if not given:
            return FORGED if sibling else UNSIGNED
        return None if is_any(given, [hmac_base64(self.secret, body)]) else FORGED

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """The id of the event; a repeat of it bears the same bytes."""
        return named(body, "event_id")

    def read(self, body: bytes) -> Reading:
        """The checkpoints of a tracking; nothing for messages about other things; a refusal for nonsense."""
        return reading_of(body, _message)


def _message(sent: Object) -> Reading:
    """A webhook (`msg`), or an answer of the API (`data`, in older versions `data.tracking`)."""
    tracking = part(sent, "msg") or part(sent, "data", "tracking") or part(sent, "data")
    if not tracking:
        return Reading() if text(sent.get("event")) and not sent.get("msg") else Reading(refusal=NOT_AN_EVENT)
    number = text(tracking.get("tracking_number"))
    if not number:
        return Reading(refusal=NO_NUMBER)
    said_at = instant(tracking.get("updated_at")) or epoch(sent.get("ts"))
    scans = read_scans(tracking.get("checkpoints"), lambda scan: _checkpoint(scan, tracking, number))
    coarse = () if scans.events or scans.refusal else _coarse(tracking, number, said_at)
    return replace(scans, events=(*scans.events, *coarse, *_estimate(tracking, number, said_at)))


def _checkpoint(scan: Object, tracking: Object, number: str) -> tuple[EventDraft, ...] | None:
    """One checkpoint. Its time may be an instant, a wall time, a day, or empty: then when AfterShip got it stands in for it."""
    country = country_code(scan.get("country_region"), scan.get("country"))
    named_country = text(
        country, scan.get("country_region"), scan.get("country_iso3"), scan.get("country_region_name"), scan.get("country_name")
    )  # fmt: skip
    city, region = text(scan.get("city")), text(scan.get("state"))
    postcode = text(scan.get("postal_code"), scan.get("zip"))
    when = moment(
        scan.get("checkpoint_time"), Place(city=city, region=region, postcode=postcode, country=named_country)
    )
    got_at = instant(scan.get("created_at"))
    if when is None and got_at is not None and not text(scan.get("checkpoint_time")):
        when = got_at, False
    if when is None:
        return None
    shown = text(scan.get("location")) or place(city, region, text(scan.get("country_region_name"), named_country))
    return _event(
        scan, tracking, number,
        EventDraft(
            kind=Kind.UNKNOWN, happened_at=when[0], zone_certain=when[1],
            stated_at=text(scan.get("checkpoint_time")), place=shown, city=city, region=region, country=country,
            message=text(scan.get("message"), scan.get("subtag_message")),
            latitude=decimal(part(scan, "coordinate").get("latitude")),
            longitude=decimal(part(scan, "coordinate").get("longitude")),
        ),
    )  # fmt: skip


def _coarse(tracking: Object, number: str, said_at: datetime | None) -> tuple[EventDraft, ...]:
    """The tracking's own tag and subtag, only where no checkpoint says more."""
    if said_at is None or not text(tracking.get("tag")):
        return ()
    return _event(
        tracking, tracking, number,
        EventDraft(kind=Kind.UNKNOWN, happened_at=said_at, stated_at=said_at.isoformat()),
    )  # fmt: skip


def _event(said: Object, tracking: Object, number: str, draft: EventDraft) -> tuple[EventDraft, ...]:
    """The draft with what tag and subtag mean; what a returned shipment goes through is a way back."""
    kind, cause, code = CODES.read(text(said.get("tag")), text(said.get("subtag")))
    if text(tracking.get("shipment_direction")).lower() == "return":
        kind = turned_back(kind)
    return (
        replace(
            draft, kind=kind, cause=cause, code=code, tracking_number=number, carrier=text(tracking.get("slug")),
            received_by=text(tracking.get("signed_by")) if kind in DELIVERIES else "",
        ),
    )  # fmt: skip


def _estimate(tracking: Object, number: str, said_at: datetime | None) -> tuple[EventDraft, ...]:
    """The carrier's estimate, else AfterShip's own; once the parcel has arrived or turned back there is none."""
    if text(tracking.get("tag")) == "Delivered" or tracking.get("return_to_sender") is True:
        return ()
    carriers, latest = part(tracking, "courier_estimated_delivery_date"), part(tracking, "latest_estimated_delivery")
    on = (
        day(carriers.get("estimated_delivery_date")) or day(latest.get("datetime")) or day(tracking.get("expected_delivery"))
    )  # fmt: skip
    return estimate(on, said_at, number=number, carrier=text(tracking.get("slug")), code="estimated_delivery_date")
