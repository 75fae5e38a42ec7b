"""MyDHL (DHL Express): checkpoints with a wall time and its offset."""

from milepost.plugs.carriers.scans import AskedByAnyNumber, Gathered, Stamp, offset_of, reading, stamped
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, part, parts, reading_of, scans_of, text, wall
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
CARRIER = "DHL Express"


def dhl_express() -> AskedByAnyNumber:
    """DHL Express."""
    return AskedByAnyNumber("dhl_express", lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    if "shipments" not in said:
        return Reading() if "title" in said or "detail" in said else Reading(refusal=NOT_AN_EVENT)
    return reading(*(_parcel(shipment) for shipment in parts(said.get("shipments"))))


def _parcel(shipment: Object) -> Gathered:
    parcel = Gathered(text(shipment.get("shipmentTrackingNumber")), CARRIER)
    scans = scans_of(shipment.get("events")) or [
        scan for piece in parts(shipment.get("pieces")) for scan in scans_of(piece.get("events"))
    ]
    for scan in map(part, scans):
        code, where = text(scan.get("typeCode")), _place(scan)
        parcel.add(
            CODES.first(("express", code)), code, _when(scan, where), where=where,
            message=text(scan.get("description")), received_by=text(scan.get("signedBy")),
        )  # fmt: skip
    parcel.expect("estimated", text(shipment.get("estimatedDeliveryDate"), shipment.get("estimatedTimeOfDelivery")))
    return parcel


def _when(scan: Object, where: Place) -> Stamp | None:
    stated = f"{text(scan.get('date'))}T{text(scan.get('time')) or '00:00:00'}"
    offset = text(scan.get("GMTOffset"))
    return stamped(f"{stated}{offset}", wall=wall(stated), where=where, offset=offset_of(offset))


def _place(scan: Object) -> Place:
    """The service area; its name may end in the country: "NEW YORK CITY GATEWAY,NY-USA"."""
    area = next(iter(parts(scan.get("serviceArea"))), {})
    name, _, country = text(area.get("description"), limit=80).rpartition("-")
    return Place(city=name or country, country=country if name else "")
