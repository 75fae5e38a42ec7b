"""UPS as a source: what its Tracking API answers, and what Track Alert pushes, become events in our words."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.scans import Gathered, Stamp, offset_of, reading, stamped
from milepost.plugs.carriers.tables import UNKNOWN, Meaning, crosswalk
from milepost.plugs.carriers.values import (
    NOT_AN_EVENT,
    Object,
    day,
    header,
    part,
    parts,
    reading_of,
    scans_of,
    text,
    wall,
)
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import DELIVERIES, Kind, Reading

CODES = crosswalk(__file__)
CARRIER = "UPS"
ANNOUNCED = ("M", "MV", "P", "I", "")
"""Types under which a parcel may still be no more than announced."""
SCANS = {"M": "manifests", "MV": "manifests", "D": "deliveries", "X": "exceptions", "U": "updates"}
"""The table of a type's scans, where it is not that of movements."""
GOING_BACK = (Kind.RETURNING, Kind.RETURNED)

NO_CREDENTIAL = Refusal(
    code="no_secret",
    says="No credential for UPS Track Alert is set, so nothing that comes in its name can be trusted.",
    do="Set MILEPOST_UPS_TRACK_ALERT_CREDENTIAL to the credential of the subscription.",
    status=503,
)
UNSIGNED = Refusal(
    code="unsigned",
    says="The delivery bears no credential.",
    do="Give a credential when you subscribe at UPS.",
    status=401,
)
FORGED = Refusal(
    code="bad_signature",
    says="The credential is not the one that UPS was given.",
    do="Check that the subscription and this installation have the same credential.",
    status=401,
)


@dataclass(frozen=True, slots=True)
class Ups:
    """UPS. A push bears the credential that we gave when we subscribed; UPS signs nothing."""

    credential: str = ""
    name: str = "ups"

    def check(self, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Why this is not from UPS, or None."""
        if not self.credential:
            return NO_CREDENTIAL
        given = header(headers, "credential")
        if not given:
            return UNSIGNED
        same = hmac.compare_digest(given.encode("utf-8", "replace"), self.credential.encode("utf-8", "replace"))
        return None if same else FORGED

    def read(self, body: bytes) -> Reading:
        """The events of an answer or of a push; nothing for "number not found"."""
        return reading_of(body, _read)


def _read(said: Object) -> Reading:
    if "trackResponse" in said:
        packages = [
            (shipment, package)
            for shipment in parts(part(said, "trackResponse").get("shipment"))
            for package in parts(shipment.get("package"))
        ]
        return reading(*(_package(shipment, package) for shipment, package in packages))
    if "activityStatus" in said:
        return _alert(said)
    if part(said, "response").get("errors") or said.get("errors"):
        return Reading()
    return Reading(refusal=NOT_AN_EVENT)


def _package(shipment: Object, package: Object) -> Gathered:
    parcel = Gathered(text(package.get("trackingNumber"), shipment.get("inquiryNumber")), CARRIER)
    who = text(part(package, "deliveryInformation").get("receivedBy"))
    for scan in scans_of(package.get("activity")):
        status, where = part(scan, "status"), _place(part(scan, "location", "address"))
        kind, code = _read_code(status, status.get("statusCode"))
        parcel.add(
            kind, code, _when(part(scan)), where=where, message=text(status.get("description")), received_by=who,
        )  # fmt: skip
    dates = {text(one.get("type")): text(one.get("date")) for one in parts(package.get("deliveryDate"))}
    for name in ("RDD", "SDD"):
        if day(dates.get(name)):
            parcel.expect(name, dates[name])
            break
    return parcel


def _when(scan: Object) -> Stamp | None:
    """By UPS's GMT where it is given, which is not always; its own date and time are those of the place."""
    return _moment(
        _join(scan.get("date"), scan.get("time")), _join(scan.get("gmtDate"), scan.get("gmtTime")),
        text(scan.get("gmtOffset")), _place(part(scan, "location", "address")),
    )  # fmt: skip


def _moment(local: datetime | None, gmt: datetime | None, offset: str, where: Place) -> Stamp | None:
    stated = local.isoformat() if local else gmt.isoformat() + "Z" if gmt else ""
    utc = gmt.replace(tzinfo=UTC) if gmt else None
    return stamped(stated, wall=local, where=where, utc=utc, offset=offset_of(offset))


def _join(on: object, at: object) -> datetime | None:
    """`20210210` and `071356`; leading zeros of the time may be missing."""
    date, time = text(on), text(at).replace(":", "")
    return wall(f"{date}T{time.zfill(6)}") if date and time else None


def _read_code(status: Object, detail: object) -> tuple[Meaning, str]:
    kind, scan, code = text(status.get("type")).upper(), text(status.get("code")), text(detail)
    return meaning(kind, scan, code), f"{kind}/{scan}/{code}".strip("/")


def meaning(kind: str, scan: str, status: str) -> Meaning:
    """What type, scan and status say together: the scan first, then the status; the coarse type only where both are missing."""
    by_scan = CODES.meaning(SCANS.get(kind, "scans"), scan)
    by_status = CODES.meaning("statuses", status.zfill(3) if status else "")
    found = by_status if by_scan is None or _status_says_more(by_scan.kind, by_status) else by_scan
    if found is None:
        return UNKNOWN if scan or status else CODES.first(("types", kind))
    return found if _agrees(kind, found.kind) else UNKNOWN


def _status_says_more(scanned: Kind | None, status: Meaning | None) -> bool:
    """A scan does not know that a parcel goes back, and says where something was left that may not be its address."""
    if status is None:
        return False
    return status.kind in GOING_BACK or (scanned in DELIVERIES and status.kind not in DELIVERIES)


def _agrees(kind: str, found: Kind | None) -> bool:
    if found is Kind.LABEL_CREATED:
        return kind in ANNOUNCED
    return found not in DELIVERIES or kind in ("D", "")


def _alert(said: Object) -> Reading:
    """One push of Track Alert: one event, with the scheduled day beside it."""
    parcel = Gathered(text(said.get("trackingNumber")), CARRIER)
    status, where = part(said, "activityStatus"), _place(part(said, "activityLocation"))
    means, code = _read_code(status, status.get("descriptionCode"))
    scheduled = day(said.get("scheduledDeliveryDate"))
    if text(status.get("type")).upper() == "U" and means is UNKNOWN and scheduled:
        means = Meaning(Kind.DELIVERY_SCHEDULED)
    when = _moment(
        _join(said.get("localActivityDate"), said.get("localActivityTime")),
        _join(said.get("gmtActivityDate"), said.get("gmtActivityTime")), "", where,
    )  # fmt: skip
    parcel.add(means, code, when, where=where, message=text(status.get("description")), estimate_on=scheduled)
    return reading(parcel)


def _place(address: Object) -> Place:
    return Place(
        city=text(address.get("city"), limit=80), region=text(address.get("stateProvince"), limit=80),
        postcode=text(address.get("postalCode"), limit=20),
        country=text(address.get("countryCode"), address.get("country"), limit=60),
    )  # fmt: skip
