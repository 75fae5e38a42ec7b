"""FedEx as a source: what its Track API answers becomes events in our words."""

from datetime import datetime

from milepost.plugs.carriers.scans import Asked, Gathered, Stamp, reading, stamped
from milepost.plugs.carriers.tables import UNKNOWN, Meaning, crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, instant, part, parts, reading_of, scans_of, text, wall
from milepost.way.tracking.places import Place
from milepost.way.tracking.words import Kind, Reading

CODES = crosswalk(__file__)
CARRIER = "FedEx"
DELIVERY_EXCEPTION = "DE"


def fedex() -> Asked:
    """FedEx: asked, never pushing."""
    return Asked("fedex", lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    output = part(said, "output")
    if "completeTrackResults" not in output:
        return Reading() if said.get("errors") else Reading(refusal=NOT_AN_EVENT)
    return reading(
        *(
            _parcel(result, complete)
            for complete in parts(output.get("completeTrackResults"))
            for result in parts(complete.get("trackResults"))
            if result.get("scanEvents")
        )
    )


def _parcel(result: Object, asked: Object) -> Gathered:
    """One parcel, under the number that was asked for. FedEx writes scans with their offset, other times without."""
    number = text(asked.get("trackingNumber"), part(result, "trackingNumberInfo").get("trackingNumber"))
    parcel, details = Gathered(number, CARRIER), part(result, "deliveryDetails")
    who = text(details.get("signedByName"), details.get("receivedByName"))
    for scan in scans_of(result.get("scanEvents")):
        where = _place(part(scan, "scanLocation"))
        means, code = _code(part(scan))
        parcel.add(
            means, code, _when(part(scan), where), where=where, received_by=who,
            message=text(part(scan).get("exceptionDescription"), part(scan).get("eventDescription")),
        )  # fmt: skip
    parcel.expect(*_estimate(result))
    return parcel


def _when(scan: Object, where: Place) -> Stamp | None:
    stated = text(scan.get("date"))
    at, local = instant(stated), wall(stated)
    return stamped(stated, wall=local, where=where) if at is None else _exact(at, stated)


def _exact(at: datetime, stated: str) -> Stamp:
    return Stamp(at, True, stated)


def _code(scan: Object) -> tuple[Meaning, str]:
    event, exception = text(scan.get("eventType")), text(scan.get("exceptionCode"))
    about = text(part(scan, "delayDetail").get("type"))
    return meaning(event, exception, about), f"{event}/{exception}".strip("/")


def meaning(event: str, exception: str, about: str) -> Meaning:
    """What a scan says: by its event; a failed delivery by its exception, a delay by what it is about."""
    found = CODES.first(("events", event))
    if event == DELIVERY_EXCEPTION and exception:
        return CODES.meaning("delivery_exceptions", exception) or UNKNOWN
    if found.kind is Kind.DELAYED:
        return CODES.meaning("delays", about) or found
    return found


def _estimate(result: Object) -> tuple[str, str]:
    """The estimated day: of the dates, else the end of the window."""
    dates = {text(one.get("type")): text(one.get("dateTime")) for one in parts(result.get("dateAndTimes"))}
    window = part(result, "estimatedDeliveryTimeWindow", "window")
    return "ESTIMATED_DELIVERY", dates.get("ESTIMATED_DELIVERY", "") or text(window.get("ends"), window.get("begins"))


def _place(address: Object) -> Place:
    return Place(
        city=text(address.get("city"), limit=80), region=text(address.get("stateOrProvinceCode"), limit=80),
        postcode=text(address.get("postalCode"), limit=20), country=text(address.get("countryCode"), limit=60),
    )  # fmt: skip
