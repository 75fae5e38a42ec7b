"""Shippo's codes in our words: status, and the substatus's code, which says more and decides, as its documentation lists them."""

from collections.abc import Mapping

from milepost.plugs.carriers.codes import Codes, Meaning, going_back
from milepost.way.tracking.words import Cause, Kind

STATUSES: Mapping[str, Meaning] = {
    "UNKNOWN": (Kind.NOT_FOUND, None),
    "PRE_TRANSIT": (Kind.LABEL_CREATED, None),
    "TRANSIT": (Kind.IN_TRANSIT, None),
    "DELIVERED": (Kind.DELIVERED, None),
    "RETURNED": (Kind.RETURNING, None),  # on its way back, or back: the status does not say which
    "FAILURE": (Kind.ATTEMPT_FAILED, Cause.CARRIER),
}

SUBSTATUSES: Mapping[str, Meaning] = {
    "information_received": (Kind.LABEL_CREATED, None),
    "address_issue": (Kind.ADDRESS_PROBLEM, Cause.ADDRESS),
    "contact_carrier": (Kind.HELD, Cause.CARRIER),
    "delayed": (Kind.DELAYED, Cause.CARRIER),
    "delivery_attempted": (Kind.ATTEMPT_FAILED, None),
    "delivery_rescheduled": (Kind.DELIVERY_SCHEDULED, None),
    "delivery_scheduled": (Kind.DELIVERY_SCHEDULED, None),
    "location_inaccessible": (Kind.ATTEMPT_FAILED, Cause.ADDRESS),
    "notice_left": (Kind.ATTEMPT_FAILED, Cause.CONSIGNEE),
    "out_for_delivery": (Kind.OUT_FOR_DELIVERY, None),
    "package_accepted": (Kind.PICKED_UP, None),
    "package_arrived": (Kind.ARRIVED_HUB, None),
    "package_damaged": (Kind.DAMAGED, Cause.CARRIER),
    "package_departed": (Kind.DEPARTED_HUB, None),
    "package_forwarded": (Kind.REDIRECTED, None),
    "package_held": (Kind.HELD, Cause.CARRIER),
    "package_processed": (Kind.IN_TRANSIT, None),
    "package_processing": (Kind.IN_TRANSIT, None),
    "pickup_available": (Kind.READY_FOR_PICKUP, None),
    "reschedule_delivery": (Kind.ATTEMPT_FAILED, Cause.CONSIGNEE),
    "delivered": (Kind.DELIVERED, None),
    "return_to_sender": (Kind.RETURNING, None),
    "package_unclaimed": (Kind.HELD, Cause.CONSIGNEE),
    "package_undeliverable": (Kind.ATTEMPT_FAILED, Cause.UNKNOWN),
    "package_disposed": (Kind.DISPOSED, None),
    "package_lost": (Kind.LOST, Cause.CARRIER),
}

PAIRS: Mapping[tuple[str, str], Meaning] = {
    **going_back("RETURNED", SUBSTATUSES),
    ("RETURNED", "package_unclaimed"): (Kind.RETURNING, Cause.CONSIGNEE),
}

SILENT = frozenset({"other"})
"""A carrier's status that Shippo did not recognise: then its own status is all there is."""

CODES = Codes(statuses=STATUSES, details=SUBSTATUSES, pairs=PAIRS, silent=SILENT)
