"""SmartKargo as a source: wall times of the place, whose zone it names where it knows more than an airport."""

from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from milepost.kernel.refusals import Refused
from milepost.plugs.carriers.scans import Asked, Gathered, Stamp, reading, stamped
from milepost.plugs.carriers.tables import Meaning, crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, instant, load, part, parts, text, wall
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import DELIVERIES, Kind, Reading

CODES = crosswalk(__file__)
CARRIER = "SmartKargo"


def smartkargo() -> Asked:
    """SmartKargo."""
    return Asked("smartkargo", _read)


def _read(body: bytes) -> Reading:
    said = load(body)
    scans = [one for one in parts(said) if "eventType" in one]
    if not scans and said != []:
        raise Refused(NOT_AN_EVENT)
    return reading(*(_parcel(number, list(some)) for number, some in groupby(sorted(scans, key=_number), key=_number)))


def _number(scan: Object) -> str:
    """The air waybill: what all pieces travel under."""
    return f"{text(scan.get('prefix'))}{text(scan.get('airWaybill'))}"


def _parcel(number: str, scans: list[Object]) -> Gathered:
    parcel, whole = Gathered(number, CARRIER), _completes(scans)
    for scan in scans:
        code, where = text(scan.get("eventType")), _place(scan)
        means = CODES.first(("types", code))
        if means.kind in DELIVERIES and scan is not whole:
            means = Meaning(Kind.DELIVERED_PART)
        parcel.add(
            means, code, _when(scan, where), where=where, shown=text(scan.get("eventLocation"), limit=80),
            message=text(scan.get("description")),
        )  # fmt: skip
    if scans:
        parcel.expect("estimatedDeliveryDate", text(scans[-1].get("estimatedDeliveryDate")))
    return parcel


def _completes(scans: list[Object]) -> Object | None:
    """The delivery with which the last piece has arrived; None while pieces are missing."""
    pieces = {text(scan.get("pieceReference")) for scan in scans}
    arrived = [scan for scan in scans if CODES.first(("types", text(scan.get("eventType")))).kind in DELIVERIES]
    if pieces - {text(scan.get("pieceReference")) for scan in arrived}:
        return None
    return max(arrived, key=lambda scan: text(scan.get("eventDate")), default=None)


def _when(scan: Object, where: Place) -> Stamp | None:
    stated, zone = text(scan.get("eventDate")), text(part(scan, "location").get("timezone"))
    at, local = instant(stated), wall(stated)
    if at is not None:
        return Stamp(at, True, stated)
    if local is not None and zone:
        try:
            return Stamp(local.replace(tzinfo=ZoneInfo(zone)), True, stated)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    return stamped(stated, wall=local, where=where)


def _place(scan: Object) -> Place:
    spot = part(scan, "location")
    return Place(
        city=text(spot.get("city"), limit=80), region=text(spot.get("state"), limit=80), postcode=text(spot.get("zip"), limit=20),
        country=text(spot.get("countryId"), limit=60),
    )  # fmt: skip
