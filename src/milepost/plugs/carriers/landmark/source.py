"""Landmark Global as a source: wall times of the places, written in the American way."""

from milepost.plugs.carriers.scans import AskedByAnyNumber, Gathered, reading, spoken, stamped, xml
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, text, wall
from milepost.plugs.inboxes.edi.safe_xml import Node
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER = "Landmark"


def landmark() -> AskedByAnyNumber:
    """Landmark Global."""
    return AskedByAnyNumber("landmark", _read)


def _read(body: bytes) -> Reading:
    root = xml(body)
    if root.name != "TrackResponse":
        return Reading(refusal=NOT_AN_EVENT)
    return reading(*(_parcel(package) for package in root.all("Result", "Packages", "Package")))


def _parcel(package: Node) -> Gathered:
    """Under Landmark's own number; that of the last mile stands beside it."""
    parcel = Gathered(text(package.says("LandmarkTrackingNumber"), package.says("TrackingNumber")), CARRIER)
    for scan in package.all("Events", "Event"):
        code, stated = text(scan.says("EventCode")), text(scan.says("DateTime"))
        where = spoken(scan.says("Location"))
        parcel.add(
            CODES.first(("codes", code)), code, where=where, shown=text(scan.says("Location")),
            stamp=stamped(stated, wall=wall(stated, "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M"), where=where),
            message=text(scan.says("Status")),
        )  # fmt: skip
    return parcel
