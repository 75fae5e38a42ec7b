"""Teleship as a source."""

from milepost.plugs.carriers.scans import Asked, Gathered, Stamp, reading, spoken
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, instant, part, reading_of, scans_of, text
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER = "Teleship"


def teleship() -> Asked:
    """Teleship."""
    return Asked("teleship", lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    if "events" not in said:
        return Reading(refusal=NOT_AN_EVENT)
    parcel = Gathered(text(said.get("trackingNumber")), CARRIER)
    for scan in map(part, scans_of(said.get("events"))):
        code, stated, spot = text(scan.get("code")), text(scan.get("timestamp")), text(scan.get("location"))
        at = instant(stated)
        parcel.add(
            CODES.first(("codes", code)), code, Stamp(at, True, stated) if at else None, where=spoken(spot), shown=spot,
            message=text(scan.get("description")),
        )  # fmt: skip
    parcel.expect("estimatedDelivery", text(said.get("estimatedDelivery")))
    return reading(parcel)
