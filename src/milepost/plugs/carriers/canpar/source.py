"""Canpar Express as a source: the answer of `trackByBarcode` becomes events in our words."""

from milepost.plugs.carriers.scans import Asked, Gathered, reading, stamped, xml
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import text, wall
from milepost.plugs.inboxes.edi.safe_xml import Node
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER, HOME = "Canpar", "CA"


def canpar() -> Asked:
    """Canpar Express."""
    return Asked("canpar", _read)


def _read(body: bytes) -> Reading:
    return reading(*(_parcel(result) for result in _within(xml(body), "result") if result.one("barcode")))


def _within(node: Node, name: str) -> list[Node]:
    found = [node] if node.name == name else []
    return found + [deeper for child in node.children for deeper in _within(child, name)]


def _parcel(result: Node) -> Gathered:
    """`local_date_time` is the time of the place; what `time_shift` is measured from is not documented, so it decides nothing."""
    parcel = Gathered(text(result.says("barcode")), CARRIER)
    for scan in result.all("events"):
        code, where, stated = text(scan.says("code")), _place(scan), text(scan.says("local_date_time"))
        parcel.add(
            CODES.first(("codes", code)), code, stamped(stated, wall=wall(stated, "%Y%m%d %H%M%S"), where=where), where=where,
            message=text(scan.says("comment"), scan.says("code_description_en")), received_by=text(result.says("signed_by")),
        )  # fmt: skip
    parcel.expect("estimated_delivery_date", text(result.says("estimated_delivery_date")))
    return parcel


def _place(scan: Node) -> Place:
    return Place(
        city=text(scan.says("address", "city"), limit=80), region=text(scan.says("address", "province"), limit=80),
        postcode=text(scan.says("address", "postal_code"), limit=20),
        country=text(scan.says("address", "country"), limit=60) or HOME,
    )  # fmt: skip
