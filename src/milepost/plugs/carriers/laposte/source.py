"""La Poste as a source: a short code decides; the sentence beside it is for people."""

from milepost.plugs.carriers.scans import Asked, Gathered, Stamp, reading
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, instant, part, parts, reading_of, scans_of, text
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER = ""
"""La Poste speaks for Colissimo, Chronopost and others; parcels bear those names."""


def laposte() -> Asked:
    """La Poste."""
    return Asked("laposte", lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    answers = parts(said.get("responses")) or [said]
    shipments = [part(answer, "shipment") for answer in answers]
    if not any("returnCode" in answer or "shipment" in answer for answer in answers):
        return Reading(refusal=NOT_AN_EVENT)
    return reading(*(_parcel(shipment) for shipment in shipments if shipment.get("idShip")))


def _parcel(shipment: Object) -> Gathered:
    parcel = Gathered(text(shipment.get("idShip")), CARRIER)
    for scan in map(part, scans_of(shipment.get("event"))):
        code, stated = text(scan.get("code")), text(scan.get("date"))
        at = instant(stated)
        parcel.add(
            CODES.first(("codes", code)), code, Stamp(at, True, stated) if at else None, message=text(scan.get("label"))
        )
    parcel.expect("estimDate", text(shipment.get("estimDate")))
    return parcel
