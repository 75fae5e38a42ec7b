"""Hermes Germany as a source."""

from milepost.plugs.carriers.scans import Asked, Gathered, Stamp, reading
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, instant, part, parts, reading_of, scans_of, text
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER, LONG_NAME_OF_GERMANY = "Hermes", "DEU"


def hermes() -> Asked:
    """Hermes Germany."""
    return Asked("hermes", lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    if "shipmentinfo" not in said:
        return Reading(refusal=NOT_AN_EVENT)
    return reading(*(_parcel(one) for one in parts(said.get("shipmentinfo")) if one.get("status")))


def _parcel(said: Object) -> Gathered:
    parcel = Gathered(text(said.get("shipmentID")), CARRIER)
    for scan in map(part, scans_of(said.get("status"))):
        code, stated, unit = text(scan.get("code")), text(scan.get("timestamp")), part(scan, "scanningUnit")
        at, country = instant(stated), text(unit.get("countryCode"))
        where = Place(
            city=text(unit.get("city"), limit=80), country="DE" if country == LONG_NAME_OF_GERMANY else country
        )
        parcel.add(
            CODES.first(("codes", code)), code, Stamp(at, True, stated) if at else None, where=where,
            message=text(scan.get("description")),
        )  # fmt: skip
    forecast = part(said, "deliveryForecast")
    if forecast.get("fixed") is True:
        parcel.expect("deliveryForecast", text(forecast.get("date")))
    return parcel
