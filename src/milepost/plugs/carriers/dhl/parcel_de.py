"""DHL Parcel Germany (Paket): the XML of its business customers' interface, in German wall time."""

from collections.abc import Mapping, Sequence

from milepost.plugs.carriers.codes import turned_back
from milepost.plugs.carriers.scans import Asked, Gathered, reading, stamped, xml
from milepost.plugs.carriers.tables import Meaning, crosswalk
from milepost.plugs.carriers.values import text, wall
from milepost.plugs.inboxes.edi.safe_xml import Node
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER, HOME, ZONE = "DHL", "DE", "Europe/Berlin"
PIECES = ("pieceshipment", "piecestatuspublic")
EVENT = "pieceevent"
Attributes = Mapping[str, str]


def dhl_parcel_de() -> Asked:
    """DHL Parcel Germany."""
    return Asked("dhl_parcel_de", _read)


def _read(body: bytes) -> Reading:
    root = xml(body)
    pieces = _named(root, *PIECES)
    if len(pieces) == 1:  # its events may stand beside it instead of within
        return reading(*_piece(pieces[0].attributes, _named(root, EVENT)))
    return reading(*(parcel for piece in pieces for parcel in _piece(piece.attributes, _named(piece, EVENT))))


def _named(node: Node, *names: str) -> list[Node]:
    """All nodes within whose attribute `name` says what they are, as this interface writes everything, with hyphens or without."""
    found = [node] if node.attributes.get("name", "").replace("-", "") in names else []
    return found + [deeper for child in node.children for deeper in _named(child, *names)]


def _piece(said: Attributes, events: Sequence[Node]) -> list[Gathered]:
    """The parcel with its events; where none are given, with the last of them, which the parcel itself tells."""
    scans: list[Attributes] = [node.attributes for node in events]
    if not scans and _code(said):
        scans = [said]
    if not scans:
        return []
    number = text(said.get("piece-code"), said.get("searched-piece-code"), said.get("piece-identifier"))
    parcel = Gathered(number, CARRIER)
    for scan in scans:
        _add(parcel, scan, text(said.get("recipient-name")))
    return [parcel]


def _code(scan: Attributes) -> str:
    return "/".join(filter(None, (text(scan.get("standard-event-code")), text(scan.get("ice")))))


def _add(parcel: Gathered, scan: Attributes, who: str) -> None:
    where = Place(
        city=text(scan.get("event-location"), limit=80), country=text(scan.get("event-country"), limit=60) or HOME
    )
    stated = text(scan.get("event-timestamp"), scan.get("status-timestamp"), scan.get("last-event-timestamp"))
    when = stamped(stated, wall=wall(stated, "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S"), where=where, zone=ZONE)
    said = text(scan.get("event-text"), scan.get("event-status"), scan.get("status"))
    parcel.add(_meaning(scan), _code(scan), when, where=where, message=said, received_by=who)


def _meaning(scan: Attributes) -> Meaning:
    """By its standard code, else by its ICE; a sending that is marked as going back moves to the sender."""
    found = CODES.first(
        ("parcel_de", text(scan.get("standard-event-code"))), ("parcel_de_ice", text(scan.get("ice")))
    )  # fmt: skip
    back = text(scan.get("ruecksendung")).casefold() == "true"
    return Meaning(turned_back(found.kind), found.cause) if back and found.kind else found
