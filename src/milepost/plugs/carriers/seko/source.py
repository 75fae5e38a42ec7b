"""SEKO OmniParcel as a source: wall times of the places."""

from milepost.kernel.refusals import Refused
from milepost.plugs.carriers.scans import Asked, Gathered, reading, spoken, stamped
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, load, part, parts, scans_of, text, wall
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER = "SEKO"


def seko() -> Asked:
    """SEKO OmniParcel."""
    return Asked("seko", _read)


def _read(body: bytes) -> Reading:
    said = load(body)
    answers = [one for one in parts(said) if "ConsignmentNo" in one]
    if not answers and said != []:
        raise Refused(NOT_AN_EVENT)
    return reading(*(_parcel(answer) for answer in answers))


def _parcel(answer: Object) -> Gathered:
    parcel = Gathered(text(answer.get("ConsignmentNo")), CARRIER)
    for scan in map(part, scans_of(answer.get("Events"))):
        code, stated, said = (
            text(scan.get("OmniCode"), scan.get("Code")),
            text(scan.get("EventDT")),
            text(scan.get("Location")),
        )
        where = spoken(said)
        parcel.add(
            CODES.first(("codes", code)), code, stamped(stated, wall=wall(stated), where=where), where=where, shown=said,
            message=text(scan.get("Description")),
        )  # fmt: skip
    return parcel
