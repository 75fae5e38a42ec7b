"""USPS as a source: what its Tracking API answers, and what its subscriptions push, become events in our words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from milepost.kernel.refusals import Refusal, Refused
from milepost.plugs.carriers.scans import Gathered, Stamp, offset_of, reading, stamped
from milepost.plugs.carriers.tables import Meaning, crosswalk
from milepost.plugs.carriers.usps import signature
from milepost.plugs.carriers.values import (
    NOT_AN_EVENT,
    Object,
    instant,
    load,
    loaded,
    part,
    parts,
    place,
    scans_of,
    text,
    wall,
)
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Kind, Reading

CODES = crosswalk(__file__)
CARRIER, HOME = "USPS", "US"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Usps:
    """USPS. A notification is an envelope whose payload is JSON spelt as a text, signed together with its time."""

    secret: str = ""
    clock: Callable[[], datetime] = _now
    name: str = "usps"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from USPS, or None."""
        return signature.check(headers, body, self.secret, self.clock())

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """By the subscription and all that was sent: a notification that comes again is the same."""
        try:
            envelope = loaded(body)
        except Refused:
            return ""
        return f"{text(envelope.get('subscriptionId'), limit=60)}:{sha256(body).hexdigest()}"

    def read(self, body: bytes) -> Reading:
        """The events of an answer (of one number or several) or of a notification; nothing for "number not found"."""
        try:
            return _read(load(body))
        except Refused as refused:
            return Reading(refusal=refused.refusals[0])


def _read(said: object) -> Reading:
    if isinstance(said, dict) and isinstance(said.get("payload"), str):
        said = load(said["payload"].encode("utf-8", "replace"))
    answers = parts(said)
    if not answers:
        raise Refused(NOT_AN_EVENT)
    return reading(*(_parcel(answer) for answer in answers if not _is_refused(answer)))


def _is_refused(answer: Object) -> bool:
    """USPS says what is wrong with a number in `error`, beside or instead of its events."""
    return bool(part(answer, "error")) or ("statusCode" in answer and "trackingEvents" not in answer)


def _parcel(answer: Object) -> Gathered:
    parcel = Gathered(text(answer.get("trackingNumber")), CARRIER)
    if "trackingEvents" not in answer and ("eventType" in answer or "eventCode" in answer):
        scans = [answer]
    else:
        scans = list(scans_of(answer.get("trackingEvents")))
    for scan in map(part, scans):
        where, code = _place(scan), text(scan.get("eventCode"))
        said = text(scan.get("eventType"), scan.get("eventDescription"))
        parcel.add(
            meaning(code, said), code or said, _when(scan, where), where=where, message=said,
            shown=place(scan.get("eventCity"), scan.get("eventState"), scan.get("eventZIP"), scan.get("eventCountry")),
            received_by=text(scan.get("name"), scan.get("firm")),
        )  # fmt: skip
    if text(answer.get("statusCategory")).casefold() != "delivered":
        parcel.expect("expected", _estimate(answer))
    return parcel


def meaning(code: str, said: str) -> Meaning:
    """What an event says: by its code, a delivery also by where it was left; by its words only where no code is given."""
    found = CODES.first(("codes", code)) if code else _by_words(said)
    if found.kind is Kind.DELIVERED:
        return CODES.meaning("deliveries", said.partition(",")[2]) or found
    return found


def _by_words(said: str) -> Meaning:
    first = said.partition(",")[0]
    return CODES.first(("words", said), ("words", first if first.casefold() == "delivered" else ""))


def _when(scan: Object, where: Place) -> Stamp | None:
    """By GMT, as long as it can be the same moment as the time of the place, which USPS may spell with a Z though it is local."""
    stated = text(scan.get("eventTimestamp"), scan.get("GMTTimestamp"))
    local = _without_zone(text(scan.get("eventTimestamp")))
    utc = instant(scan.get("GMTTimestamp"))
    return stamped(stated, wall=local, where=where, utc=utc, offset=offset_of(text(scan.get("GMTOffset"))))


def _without_zone(said: str) -> datetime | None:
    found = instant(said)
    return found.replace(tzinfo=None) if found else wall(said)


def _estimate(answer: Object) -> str:
    names = (
        "expectedDeliveryTimeStamp",
        "predictedDeliveryDate",
        "predictedDeliveryTimeStamp",
        "guaranteedDeliveryTimeStamp",
    )
    return next((said for name in names if (said := text(answer.get(name)))), "")


def _place(scan: Object) -> Place:
    spot = part(scan, "eventLocation")
    return Place(
        city=text(scan.get("eventCity"), spot.get("city"), limit=80),
        region=text(scan.get("eventState"), spot.get("state"), limit=80), postcode=text(scan.get("eventZIP"), limit=20),
        country=text(scan.get("eventCountry"), spot.get("country"), limit=60) or HOME,
    )  # fmt: skip
