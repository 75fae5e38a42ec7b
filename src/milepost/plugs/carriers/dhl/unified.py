"""DHL's Shipment Tracking Unified API: one form for the answers of all its systems, each with its own words behind it."""

from milepost.plugs.carriers.scans import ARRIVALS, AskedByAnyNumber, Gathered, Stamp, reading, stamped
from milepost.plugs.carriers.tables import UNKNOWN, Meaning, crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, instant, part, parts, reading_of, scans_of, text, wall
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Kind, Reading

CODES = crosswalk(__file__)
CARRIER = "DHL"
SYSTEMS = {
    "express": ("express",), "parcel-de": ("parcel_de", "parcel_de_ice"), "ecommerce": ("ecommerce",),
    "parcel-nl": ("parcel_nl",), "parcel-pl": ("parcel_pl",),
}  # fmt: skip
"""Where the word beside the coarse code is a code of the system itself: the tables in which it may stand."""


def dhl() -> AskedByAnyNumber:
    """DHL, whichever of its systems carries the parcel."""
    return AskedByAnyNumber("dhl", lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    answer = part(said, "trackingResponse") or said
    if "shipments" not in answer:
        return Reading() if _is_refused(said) else Reading(refusal=NOT_AN_EVENT)
    return reading(*(_parcel(shipment) for shipment in parts(answer.get("shipments"))))


def _is_refused(said: Object) -> bool:
    """A problem as RFC 7807 has it: 404 where the number is not known."""
    return "title" in said or "detail" in said or bool(part(said, "error"))


def _parcel(shipment: Object) -> Gathered:
    parcel = Gathered(text(shipment.get("id")), CARRIER)
    service = text(shipment.get("service")).casefold()
    who = _person(part(shipment, "details", "proofOfDelivery", "signed"))
    scans = scans_of(shipment.get("events"))
    for scan in map(part, scans or [shipment.get("status")]):
        where, (means, code) = _place(scan), _code(service, scan)
        parcel.add(
            means, code, _when(scan, where, exact=bool(scans)), where=where, received_by=who,
            message=text(scan.get("description"), scan.get("status")),
        )  # fmt: skip
    frame = part(shipment, "estimatedDeliveryTimeFrame")
    parcel.expect("estimated", text(shipment.get("estimatedTimeOfDelivery"), frame.get("estimatedThrough")))
    return parcel


def _when(scan: Object, where: Place, *, exact: bool) -> Stamp | None:
    """An event's time has no zone and is that of its place; the shipment's own has a Z that means nothing."""
    stated = text(scan.get("timestamp"))
    at = instant(stated)
    if at is not None and (exact or not stated.endswith("Z")):
        return Stamp(at, True, stated)
    found = stamped(stated, wall=at.replace(tzinfo=None) if at else wall(stated), where=where)
    return Stamp(found.at, found.certain and exact, found.stated) if found else None


def _code(service: str, scan: Object) -> tuple[Meaning, str]:
    coarse, word = text(scan.get("statusCode")), text(scan.get("statusDetailed"), scan.get("status"), limit=60)
    return meaning(service, coarse, word), ":".join(one for one in (service, f"{coarse}/{word}".strip("/")) if one)


def meaning(service: str, coarse: str, word: str) -> Meaning:
    """What an event says: the word of the system where we know it, else the coarse code; nothing where the two contradict."""
    tables = (*SYSTEMS.get(service, ()), "unified_words")
    by_word = next((found for table in tables if (found := CODES.meaning(table, word))), None)
    by_code = CODES.meaning("unified", coarse)
    if by_word is None or by_code is None or by_code is UNKNOWN:
        return by_word or by_code or UNKNOWN
    return by_word if _agree(by_code.kind, by_word.kind) else UNKNOWN


def _agree(coarse: Kind | None, fine: Kind | None) -> bool:
    if coarse is Kind.LABEL_CREATED:
        return fine in (Kind.LABEL_CREATED, None)
    return coarse is Kind.UNKNOWN or (coarse in ARRIVALS) == (fine in ARRIVALS)


def _person(signed: Object) -> str:
    whole = " ".join(name for key in ("givenName", "familyName") if (name := text(signed.get(key))))
    return whole or text(signed.get("name"))


def _place(scan: Object) -> Place:
    address = part(scan, "location", "address")
    return Place(
        city=text(address.get("addressLocality"), limit=80), postcode=text(address.get("postalCode"), limit=20),
        country=text(address.get("countryCode"), limit=60),
    )  # fmt: skip
