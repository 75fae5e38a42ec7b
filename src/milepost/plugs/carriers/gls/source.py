"""GLS as a source: events with their offset; a parcel without events, or with one that we do not know, is told by its state too."""

from milepost.plugs.carriers.scans import Asked, Gathered, Stamp, reading, stamped
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, instant, part, parts, reading_of, scans_of, text, wall
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Kind, Reading

CODES = crosswalk(__file__)
CARRIER = "GLS"


def gls() -> Asked:
    """GLS."""
    return Asked("gls", lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    if "parcels" not in said:
        return Reading() if said.get("errors") or said.get("errorCode") else Reading(refusal=NOT_AN_EVENT)
    known = [one for one in parts(said.get("parcels")) if not one.get("errorCode")]
    asked = [text(one.get("requested")) for one in known]
    return reading(*(_parcel(one, shared=asked.count(text(one.get("requested"))) > 1) for one in known))


def _parcel(said: Object, *, shared: bool) -> Gathered:
    """Under the number that was asked for, unless several parcels share it (a reference, a card that was left)."""
    numbers = ("unitno", "requested") if shared else ("requested", "unitno")
    parcel = Gathered(text(*(said.get(name) for name in numbers)), CARRIER)
    for scan in map(part, scans_of(said.get("events"))):
        code = text(scan.get("code"))
        where = Place(
            city=text(scan.get("city"), limit=80), postcode=text(scan.get("postalCode"), limit=20),
            country=text(scan.get("country"), limit=60),
        )  # fmt: skip
        parcel.add(
            CODES.first(("events", code), ("states", _plain_state(code))), code,
            _when(scan.get("eventDateTime"), where), where=where, message=text(scan.get("description")),
        )  # fmt: skip
    if any(event.kind is Kind.UNKNOWN for event in parcel.events) or not parcel.seen:
        _add_state(parcel, said)
    return parcel


def _add_state(parcel: Gathered, said: Object) -> None:
    """The state of the parcel, which says what its events do not, or not in codes that we know."""
    state = text(said.get("status"))
    if state:
        parcel.add(CODES.first(("states", state)), state, _when(said.get("statusDateTime"), Place()))


def _plain_state(code: str) -> str:
    """The state of an event whose reason says no more than it: DELIVERED.NORMAL."""
    state, _, reason = code.partition(".")
    return state if reason in ("", "NORMAL") else ""


def _when(said: object, where: Place) -> Stamp | None:
    stated = text(said)
    at = instant(stated)
    return Stamp(at, True, stated) if at else stamped(stated, wall=wall(stated), where=where)
