"""Spring XBS as a source: `Timestamp` counts seconds and is the instant, `DateTime` the clock of the place."""

from milepost.plugs.carriers.scans import Asked, Gathered, reading, stamped
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, epoch, part, reading_of, scans_of, text, wall
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER = "Spring"


def spring() -> Asked:
    """Spring XBS."""
    return Asked("spring", lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    shipment = part(said, "Shipment")
    if not shipment:
        return Reading() if said.get("ErrorLevel") else Reading(refusal=NOT_AN_EVENT)
    parcel = Gathered(text(shipment.get("TrackingNumber")), CARRIER)
    for scan in map(part, scans_of(shipment.get("Events"))):
        code, stated = text(scan.get("Code")), text(scan.get("DateTime"))
        where = Place(
            city=text(scan.get("City"), limit=80), region=text(scan.get("State"), limit=80),
            postcode=text(scan.get("Zip"), limit=20), country=text(scan.get("Country"), limit=60),
        )  # fmt: skip
        parcel.add(
            CODES.first(("codes", code)), code,
            stamped(stated or text(scan.get("Timestamp")), wall=wall(stated), utc=epoch(scan.get("Timestamp")), where=where),
            where=where, message=text(scan.get("Description"), scan.get("CarrierDescription")),
        )  # fmt: skip
    return reading(parcel)
