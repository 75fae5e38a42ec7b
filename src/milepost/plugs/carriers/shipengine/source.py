"""ShipEngine as a source of tracking: a webhook's body becomes events in our words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.shipengine.crosswalk import ARRIVED_DAMAGED, CARRIERS, CODES
from milepost.plugs.carriers.shipengine.keys import Keys, KeysAway
from milepost.plugs.carriers.signing import FORGED, STALE, UNSIGNED, Clock, from_base64, is_fresh
from milepost.plugs.carriers.values import (
    NO_NUMBER,
    NOT_AN_EVENT,
    Object,
    country_code,
    decimal,
    estimate,
    header,
    instant,
    moment,
    part,
    place,
    promised_day,
    read_scans,
    reading_of,
    text,
    wall,
)
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import DELIVERIES, Cause, EventDraft, Kind, Reading

SIGNATURE, KEY_ID, SIGNED_AT = (
    "x-shipengine-rsa-sha256-signature", "x-shipengine-rsa-sha256-key-id", "x-shipengine-timestamp",
)  # fmt: skip
TRACKED = "API_TRACK"
KEYS_AWAY = Refusal(
    code="keys_away", says="The keys that ShipEngine publishes cannot be had, so its signature cannot be checked now.",
    do="Send it again later. If it stays so, see that this machine reaches the address of the keys.", status=503,
)  # fmt: skip
UNKNOWN_KEY = Refusal(
    code="unknown_key", says="ShipEngine publishes no key of the id that the delivery names.",
    do="Look whether the delivery is from ShipEngine at all.", status=401,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShipEngine:
    """ShipEngine's webhooks, signed with RSA-SHA256 by keys that it publishes. Without the keys none is trusted."""

    keys: Keys
    clock: Clock
    name: str = "shipengine"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from ShipEngine, or None; a signed time that is too far from now makes it a replay."""
        signature, kid, signed_at = (header(headers, name) for name in (SIGNATURE, KEY_ID, SIGNED_AT))
        if not (signature and kid and signed_at):
            return UNSIGNED
        if not is_fresh(instant(signed_at), self.clock()):
            return STALE
        try:
            key = self.keys.find(kid)
        except KeysAway:
            return KEYS_AWAY
        if key is None:
            return UNKNOWN_KEY
        given = from_base64(signature)
        fits = given is not None and key.fits(given, signed_at.encode("utf-8", "replace") + b"." + body)
        return None if fits else FORGED

    def read(self, body: bytes) -> Reading:
        """The events of a tracking; nothing for messages about other things; a refusal for nonsense."""
        return reading_of(body, lambda sent: _message(sent, None))

    def read_envelope(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Reading:
        """As `read`; what has no time of its own in the body is said at the signed time."""
        said_at = instant(header(headers, SIGNED_AT)) or received_at
        return reading_of(body, lambda sent: _message(sent, said_at))


def _message(sent: Object, said_at: datetime | None) -> Reading:
    """A webhook (`data`), or an answer of the API."""
    kind = text(sent.get("resource_type"))
    if kind and kind.upper() != TRACKED:
        return Reading()
    tracking = part(sent, "data") if "data" in sent else sent
    if not tracking:
        return Reading(refusal=NOT_AN_EVENT)
    number, carrier = text(tracking.get("tracking_number")), _carrier(sent, tracking)
    if not number:
        return Reading(refusal=NO_NUMBER)
    scans = read_scans(tracking.get("events"), lambda scan: _scan(scan, number, carrier))
    coarse = () if scans.events or scans.refusal else _coarse(tracking, number, carrier, said_at)
    expected = () if _has_ended(tracking) else estimate(
        promised_day(tracking.get("estimated_delivery_date")), said_at, number=number, carrier=carrier,
        code="estimated_delivery_date",
    )  # fmt: skip
    return replace(scans, events=(*scans.events, *coarse, *expected))


def _carrier(sent: Object, tracking: Object) -> str:
    """The carrier, which older messages name only in the address of the resource; not who sold the label."""
    code = text(tracking.get("carrier_code"))
    if not code:
        try:
            code = parse_qs(urlsplit(text(sent.get("resource_url"))).query).get("carrier_code", [""])[0]
        except ValueError:
            code = ""
    return CARRIERS.get(code.lower(), code)


def _has_ended(tracking: Object) -> bool:
    meant = CODES.meaning(text(tracking.get("status_code")).upper(), text(tracking.get("status_detail_code")).upper())
    return meant is not None and (meant[0] in DELIVERIES or meant[0] in (Kind.RETURNING, Kind.RETURNED))


def _scan(scan: Object, number: str, carrier: str) -> tuple[EventDraft, ...] | None:
    """One event; None when it has no time.

    `occurred_at` is the instant where the carrier gave a zone; where it gave none it is the carrier's wall time called UTC, and
    then the place of the scan decides.
    """
    city, region, country = (
        text(scan.get("city_locality")),
        text(scan.get("state_province")),
        text(scan.get("country_code")),
    )
    where = Place(city=city, region=region, postcode=text(scan.get("postal_code")), country=country)
    at, local = instant(scan.get("occurred_at")), wall(scan.get("carrier_occurred_at"))
    mislabelled = (
        at is not None and local is not None and at.replace(tzinfo=None) == local and at.utcoffset() is not None
    )
    when = moment(scan.get("carrier_occurred_at" if mislabelled else "occurred_at"), where)
    when = when or moment(scan.get("carrier_occurred_at"), where)
    if when is None:
        return None
    draft = EventDraft(
        kind=Kind.UNKNOWN, happened_at=when[0], zone_certain=when[1],
        stated_at=text(scan.get("carrier_occurred_at"), scan.get("occurred_at")), tracking_number=number, carrier=carrier,
        place=place(city, region, country), city=city, region=region, country=country_code(country),
        message=text(scan.get("description"), scan.get("carrier_status_description")),
        latitude=decimal(scan.get("latitude")), longitude=decimal(scan.get("longitude")), received_by=text(scan.get("signer")),
    )  # fmt: skip
    return _meant(scan, draft)


def _coarse(tracking: Object, number: str, carrier: str, said_at: datetime | None) -> tuple[EventDraft, ...]:
    """The tracking's own codes, only where no event says more."""
    delivered_at = instant(tracking.get("actual_delivery_date")) if _has_ended(tracking) else None
    at = delivered_at or said_at
    if at is None or not text(tracking.get("status_code")):
        return ()
    message = text(tracking.get("carrier_status_description"), tracking.get("status_description"))
    draft = EventDraft(
        kind=Kind.UNKNOWN, happened_at=at, stated_at=at.isoformat(), tracking_number=number, carrier=carrier, message=message
    )  # fmt: skip
    return _meant(tracking, draft)


def _meant(said: Object, draft: EventDraft) -> tuple[EventDraft, ...]:
    """The draft with what the codes mean; one that arrived damaged is two statements."""
    detail = text(said.get("status_detail_code")).upper()
    kind, cause, code = CODES.read(text(said.get("status_code")).upper(), detail)
    event = replace(
        draft, kind=kind, cause=cause, code=code, received_by=draft.received_by if kind in DELIVERIES else ""
    )
    if detail not in ARRIVED_DAMAGED or kind not in DELIVERIES:
        return (event,)
    damage = replace(event, kind=Kind.DAMAGED, cause=Cause.CARRIER, code=f"{code}/damaged", received_by="")
    return (replace(event, cause=None), damage)
