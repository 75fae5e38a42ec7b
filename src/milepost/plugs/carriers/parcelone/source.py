"""Parcel.One as a source: its tracking interface tells instants; an older answer tells wall times of the places."""

from milepost.plugs.carriers.scans import Asked, Gathered, Stamp, reading, spoken, stamped
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import (
    NOT_AN_EVENT,
    Object,
    instant,
    part,
    reading_of,
    scans_of,
    text,
    wall,
)
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER = "Parcel.One"


def parcelone() -> Asked:
    """Parcel.One."""
    return Asked("parcelone", lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    results = part(said, "results")
    if "TrackingEvents" in said:
        return reading(_parcel(said))
    if "Events" not in results:
        return Reading() if said.get("success") in (0, False) else Reading(refusal=NOT_AN_EVENT)
    return reading(_older(results))


def _parcel(said: Object) -> Gathered:
    """By Parcel.One's own number of a status; what it does not tell us, by the word beside it."""
    parcel = Gathered(text(said.get("P1Trackno")), CARRIER)
    for scan in map(part, scans_of(said.get("TrackingEvents"))):
        code, word, spot = text(scan.get("Statuscode")), text(scan.get("DeliveryStatus")), text(scan.get("Location"))
        stated = text(scan.get("EventdateCET"), scan.get("EventdateUTC"))
        at = instant(scan.get("EventdateUTC"), scan.get("EventdateCET"))
        parcel.add(
            CODES.first(("numbers", code), ("delivery_status", word)), f"{code}/{word}".strip("/"),
            Stamp(at, True, stated) if at else None, where=spoken(spot), shown=spot, message=text(scan.get("Status")),
        )  # fmt: skip
    return parcel


def _older(results: Object) -> Gathered:
    parcel = Gathered(text(results.get("TrackingID")), CARRIER)
    for scan in map(part, scans_of(results.get("Events"))):
        code, stated, spot = text(scan.get("StatusCode")), text(scan.get("DateTime")), text(scan.get("Location"))
        where = spoken(spot)
        parcel.add(
            CODES.first(("codes", code)), code, stamped(stated, wall=wall(stated), where=where), where=where, shown=spot,
            message=text(scan.get("Description"), scan.get("Status")), received_by=text(results.get("SignedBy")),
        )  # fmt: skip
    parcel.expect("EstimatedDelivery", text(results.get("EstimatedDelivery")))
    return parcel
