"""Asendia as a source."""

from milepost.plugs.carriers.scans import Asked, Gathered, Stamp, reading
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, instant, part, reading_of, scans_of, text
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER = "Asendia"


def asendia() -> Asked:
    """Asendia."""
    return Asked("asendia", lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    if "trackingEvents" not in said:
        return Reading(refusal=NOT_AN_EVENT)
    parcel = Gathered(text(said.get("trackingNumber")), CARRIER)
    for scan in map(part, scans_of(said.get("trackingEvents"))):
        code, stated = text(scan.get("code")), text(scan.get("time"))
        at = instant(stated)
        where = Place(
            city=text(scan.get("locationName"), limit=80), country=text(scan.get("locationCountry"), limit=60)
        )
        parcel.add(
            CODES.first(("codes", code)), code, Stamp(at, True, stated) if at else None, where=where,
            message=text(scan.get("carrierEventDescription")),
        )  # fmt: skip
    return reading(parcel)
