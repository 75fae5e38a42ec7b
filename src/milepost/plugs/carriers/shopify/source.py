"""Shopify as a source of tracking: fulfilments name tracking numbers, and fulfilment events say what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.shopify.crosswalk import CODES, FULFILLMENTS, NO_CARRIER
from milepost.plugs.carriers.signing import FORGED, UNSIGNED, hmac_base64, is_any, no_secret
from milepost.plugs.carriers.values import (
    BAD_SCAN,
    NOT_AN_EVENT,
    Object,
    country_code,
    decimal,
    header,
    instant,
    moment,
    part,
    place,
    promised_day,
    reading_of,
    text,
    with_digest,
)
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Cause, EventDraft, Kind, Name, Reading

SIGNATURE, TOPIC, SETTING = "x-shopify-hmac-sha256", "x-shopify-topic", "MILEPOST_SHOPIFY_WEBHOOK_SECRET"
TOPICS = frozenset({"fulfillments/create", "fulfillments/update", "fulfillment_events/create"})
DELETED = "fulfillment_events/delete"
MOST_NUMBERS = 200

EVENT_DELETED = Refusal(
    code="event_deleted", says="An event of a fulfilment was deleted in Shopify.",
    do="Look at the parcel, and withdraw the event here if it was wrong.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShopifyFulfillments:
    """Shopify's webhooks about fulfilments, checked with the app's secret, and with the one before while it is renewed."""

    secret: str
    former_secret: str = ""
    name: str = "shopify_fulfillments"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from Shopify, or None."""
        known = [secret for secret in (self.secret, self.former_secret) if secret]
        if not known:
            return no_secret("Shopify", SETTING)
        given = header(headers, SIGNATURE)
        if not given:
            return UNSIGNED
        return None if is_any(given, [hmac_base64(secret, body) for secret in known]) else FORGED

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """The webhook's id; a repeat has the same one and the same bytes."""
        return with_digest(text(header(headers, "x-shopify-webhook-id"), header(headers, "x-shopify-event-id")), body)

    def read(self, body: bytes) -> Reading:
        """What a fulfilment or one of its events says."""
        return reading_of(body, _message)

    def read_envelope(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Reading:
        """As `read`; nothing for other topics, and a refusal, for a person, where an event was deleted."""
        topic = header(headers, TOPIC).lower()
        if topic == DELETED:
            return Reading(refusal=EVENT_DELETED)
        return self.read(body) if not topic or topic in TOPICS else Reading()


def _message(sent: Object) -> Reading:
    event = part(sent, "fulfillment_event") or sent
    if text(event.get("fulfillment_id")):
        return _event(event)
    fulfillment = part(sent, "fulfillment") or sent
    has_numbers = "tracking_number" in fulfillment or "tracking_numbers" in fulfillment
    return _fulfillment(fulfillment) if has_numbers and text(fulfillment.get("id")) else Reading(refusal=NOT_AN_EVENT)


def _reference(fulfillment_id: object) -> str:
    return f"fulfillment/{text(fulfillment_id, limit=60)}"


def _event(event: Object) -> Reading:
    """An event of all parcels of its fulfilment, which it names by the fulfilment's id alone."""
    city, region, country = text(event.get("city")), text(event.get("province")), text(event.get("country"))
    where = Place(city=city, region=region, postcode=text(event.get("zip")), country=country)
    when = moment(event.get("happened_at") or event.get("created_at"), where)
    if when is None:
        return Reading(refusal=BAD_SCAN)
    kind, cause, code = CODES.read(text(event.get("status")).lower())
    draft = EventDraft(
        kind=kind, cause=cause, code=code, happened_at=when[0], zone_certain=when[1],
        stated_at=text(event.get("happened_at"), event.get("created_at")), place=place(city, region, country), city=city,
        region=region, country=country_code(country), message=text(event.get("message")),
        estimate_on=promised_day(event.get("estimated_delivery_at"), where),
        latitude=decimal(event.get("latitude")), longitude=decimal(event.get("longitude")),
    )  # fmt: skip
    return Reading(by_reference=((_reference(event.get("fulfillment_id")), draft),))


def _fulfillment(fulfillment: Object) -> Reading:
    """A fulfilment: its parcels' numbers, of which it may have several, and what it says of them itself."""
    said_at = instant(fulfillment.get("updated_at"), fulfillment.get("created_at"))
    numbers = _numbers(fulfillment)
    if said_at is None:
        return Reading(refusal=BAD_SCAN)
    if not numbers:
        return Reading()
    company = text(fulfillment.get("tracking_company"), limit=80)
    carrier = "" if company.lower() in NO_CARRIER else company
    name = Name(
        reference=_reference(fulfillment.get("id")), numbers=numbers, said_at=said_at, carrier=carrier
    )  # fmt: skip
    draft = _said(fulfillment, said_at)
    events = [replace(draft, tracking_number=number, carrier=carrier) for number in numbers] if draft else []
    return Reading(names=(name,), events=tuple(events))


def _numbers(fulfillment: Object) -> tuple[str, ...]:
    listed = fulfillment.get("tracking_numbers")
    said = [*(listed if isinstance(listed, list) else []), fulfillment.get("tracking_number")]
    numbers = dict.fromkeys(text(one, limit=40) for one in said[:MOST_NUMBERS])
    return tuple(number for number in numbers if number)


def _said(fulfillment: Object, said_at: datetime) -> EventDraft | None:
    """What it says of its parcels: that it was cancelled, else `shipment_status` (the last event's), else its own status."""
    status, shipment = text(fulfillment.get("status")).lower(), text(fulfillment.get("shipment_status")).lower()
    if shipment and status != "cancelled":
        return _draft(CODES.read(shipment), said_at, fulfillment.get("updated_at"))
    if status not in FULFILLMENTS:
        return _draft((Kind.UNKNOWN, None, f"fulfillment/{status or '–'}"), said_at, fulfillment.get("updated_at"))
    meant = FULFILLMENTS[status]
    if meant is None:
        return None
    shipped_at = instant(fulfillment.get("created_at")) if status == "success" else None
    stated = fulfillment.get("created_at") if shipped_at else fulfillment.get("updated_at")
    return _draft((*meant, f"fulfillment/{status}"), shipped_at or said_at, stated)


def _draft(meant: tuple[Kind, Cause | None, str], at: datetime, stated: object) -> EventDraft:
    kind, cause, code = meant
    return EventDraft(kind=kind, cause=cause, code=code, happened_at=at, stated_at=text(stated))
