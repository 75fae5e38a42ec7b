"""ShipEngine's codes in our words: `status_code` of two letters, and `status_detail_code`, which says more and decides.

As its API documents them (the list of its older and of its present version). The carrier's own codes come beside them and are kept.
"""

from collections.abc import Mapping

from milepost.plugs.carriers.codes import Codes, Meaning
from milepost.way.tracking.words import Cause, Kind

STATUSES: Mapping[str, Meaning] = {
    "UN": (Kind.NOT_FOUND, None),
    "NY": (Kind.NOT_FOUND, None),  # not yet in the carrier's system
    "AC": (Kind.PICKED_UP, None),  # accepted
    "IT": (Kind.IN_TRANSIT, None),
    "AT": (Kind.ATTEMPT_FAILED, None),
    "EX": (Kind.DELAYED, Cause.CARRIER),
    "SP": (Kind.READY_FOR_PICKUP, None),  # delivered to a service point
    "DE": (Kind.DELIVERED, None),
}

DETAILS: Mapping[str, Meaning] = {
    # before the carrier has it
    "SHIPMENT_CREATED": (Kind.LABEL_CREATED, None),
    "AWAITING_DESPATCH": (Kind.LABEL_CREATED, None),
    "AWAITING_ELECTRONIC_ADVICE": (Kind.LABEL_CREATED, None),
    "AWAITING_PICKUP_DROP_OFF": (Kind.LABEL_CREATED, None),
    "COLLECTION_REQUESTED": (Kind.LABEL_CREATED, None),
    "ELEC_ADVICE_RECD_BY_CARRIER": (Kind.LABEL_CREATED, None),
    "NOT_YET_RECEIVED_BY_CARRIER": (Kind.LABEL_CREATED, None),
    "COLLECTION_FAILED": (Kind.DELAYED, Cause.CARRIER),
    # on the way
    "COLLECTION_MADE": (Kind.PICKED_UP, None),
    "DESPATCHED": (Kind.PICKED_UP, None),
    "DROPPED_OFF": (Kind.PICKED_UP, None),
    "PICKED_UP": (Kind.PICKED_UP, None),
    "RECEIVED_BY_CARRIER": (Kind.PICKED_UP, None),
    "RECD_BY_CARRIER_NO_ELEC_ADVICE": (Kind.PICKED_UP, None),
    "IN_TRANSIT": (Kind.IN_TRANSIT, None),
    "HUB_PROCESSING": (Kind.IN_TRANSIT, None),
    "PARCEL_OVER_LABELLED": (Kind.IN_TRANSIT, None),
    "SUB_CONTRACTOR_EVENT": (Kind.IN_TRANSIT, None),
    "SUB_CONTRACTOR_RECEIVED": (Kind.HANDED_OVER, None),
    "HUB_SCAN_IN": (Kind.ARRIVED_HUB, None),
    "HUB_SCAN_OUT": (Kind.DEPARTED_HUB, None),
    "RECEIVED_LOCAL_DELIVERY_DEPOT": (Kind.ARRIVED_DESTINATION, None),
    "PARCEL_REDIRECTED": (Kind.REDIRECTED, None),
    "DELIVERY_ARRANGED_WITH_RECIPIENT": (Kind.DELIVERY_SCHEDULED, None),
    "DELIVERY_SCHEDULED": (Kind.DELIVERY_SCHEDULED, None),
    "DELIVERY_RESCHEDULED": (Kind.DELIVERY_SCHEDULED, None),
    "OUT_FOR_DELIVERY": (Kind.OUT_FOR_DELIVERY, None),
    "COD_AMOUNT_PAID": (Kind.OUT_FOR_DELIVERY, None),  # at the door
    "CUSTOMS_PROCESSING": (Kind.CUSTOMS_PROCESSING, None),
    "CUSTOMS_CLEARED": (Kind.CUSTOMS_CLEARED, None),
    # what went wrong
    "ADDRESS_QUERY": (Kind.ADDRESS_PROBLEM, Cause.ADDRESS),
    "CARRIER_DELAYS": (Kind.DELAYED, Cause.CARRIER),
    "DELAYED_NOT_CARRIER": (Kind.DELAYED, Cause.FORCE_MAJEURE),
    "INCORRECT_DECLARATION": (Kind.DELAYED, Cause.US),
    "MISSORTED": (Kind.DELAYED, Cause.CARRIER),
    "ROUTING_ERROR": (Kind.DELAYED, Cause.CARRIER),
    "PARCEL_REPACKED": (Kind.DELAYED, Cause.CARRIER),
    "HELD_BY_CARRIER": (Kind.HELD, Cause.CARRIER),
    "HELD_BY_CARRIER_FOR_CLEARANCE_PRE_PROCESSING": (Kind.HELD, Cause.CUSTOMS),
    "HELD_BY_CUSTOMS": (Kind.HELD, Cause.CUSTOMS),
    "HELD_BY_EXPORT_CUSTOMS": (Kind.HELD, Cause.CUSTOMS),
    "HELD_BY_IMPORT_CUSTOMS": (Kind.HELD, Cause.CUSTOMS),
    "ATTEMPTED_DELIVERY": (Kind.ATTEMPT_FAILED, None),
    "ATTEMPTED_DELIVERY_2ND": (Kind.ATTEMPT_FAILED, None),
    "ATTEMPTED_DELIVERY_3RD": (Kind.ATTEMPT_FAILED, None),
    "ATTEMPTED_DELIVERY_FINAL": (Kind.ATTEMPT_FAILED, None),
    "COD_AMOUNT_NOT_PAID": (Kind.ATTEMPT_FAILED, Cause.CONSIGNEE),
    "CUSTOMER_CARDED": (Kind.ATTEMPT_FAILED, Cause.CONSIGNEE),
    "CUSTOMER_IDENTIFICATION_FAILED": (Kind.ATTEMPT_FAILED, Cause.CONSIGNEE),
    "INVALID_METHOD_OF_PAYMENT": (Kind.ATTEMPT_FAILED, Cause.CONSIGNEE),
    "NO_ACCESS_TO_RECIPIENTS_ADDRESS": (Kind.ATTEMPT_FAILED, Cause.ADDRESS),
    # back, or gone
    "REFUSED_BY_CUSTOMER": (Kind.REFUSED, Cause.CONSIGNEE),
    "NOT_DELIVERED_ADDRESSEE_DECEASED": (Kind.HELD, Cause.CONSIGNEE),
    "CUSTOMER_MOVED": (Kind.RETURNING, Cause.ADDRESS),
    "HAZARDOUS_PROHIBITED": (Kind.RETURNING, Cause.US),
    "NOT_COLLECTED_FROM_PICKUP_POINT": (Kind.RETURNING, Cause.CONSIGNEE),
    "NOT_DELIVERED": (Kind.RETURNING, None),
    "PARCEL_OUTSIDE_OF_SERVICE_CAPABILITY": (Kind.RETURNING, Cause.US),
    "RETURN_TO_SENDER": (Kind.RETURNING, None),
    "PARCEL_DAMAGED": (Kind.DAMAGED, Cause.CARRIER),
    "PARCEL_DISPOSED": (Kind.DISPOSED, None),
    "PARCEL_LOST": (Kind.LOST, Cause.CARRIER),
    "CANCELLED": (Kind.CANCELLED, None),
    "CANCELLED_BEFORE_DESPATCH": (Kind.CANCELLED, None),
    # waiting to be fetched
    "AWAITING_COLLECTION_FROM_PICKUP_POINT": (Kind.READY_FOR_PICKUP, None),
    "COLLECT_AT_LOCAL_PO": (Kind.READY_FOR_PICKUP, None),
    "CUSTOMER_TO_COLLECT_FROM_CARRIER": (Kind.READY_FOR_PICKUP, None),
    "DELIVERED_TO_ALTERNATIVE_DELIVERY_LOCATION": (
        Kind.READY_FOR_PICKUP,
        None,
    ),  # "check instructions for pickup details"
    # arrived
    "DELIVERED": (Kind.DELIVERED, None),
    "DELIVERED_DAMAGED": (Kind.DELIVERED, Cause.CARRIER),
    "DELIVERED_IN_PART": (Kind.DELIVERED_PART, None),
    "DELIVERED_SPECIFIED_SAFE_PLACE": (Kind.DELIVERED_SAFE_PLACE, None),
    "DELIVERED_TO_LOCKER_COLLECTION_POINT": (Kind.DELIVERED_LOCKER, None),
    "DELIVERED_TO_NEIGHBOUR": (Kind.DELIVERED_NEIGHBOUR, None),
    "DELIVERED_TO_PO_BOX": (Kind.DELIVERED, None),
    "PARCEL_COLLECTED_FROM_PICKUP_POINT": (Kind.COLLECTED, None),
    "PROOF_OF_DELIVERY": (Kind.DELIVERED, None),
}

SILENT = frozenset(
    {
        "CARRIER_STATUS_NOT_MAPPED", "INFORMATION", "PARCEL_UPDATE_NOTIFICATION", "PARCEL_UPDATE_NOTIFICATION_VIA_EMAIL",
        "PARCEL_UPDATE_NOTIFICATION_VIA_SMS", "POST_TRANSIT_STATUS",
    }
)  # fmt: skip
"""Details that say nothing of where the parcel is."""

ARRIVED_DAMAGED = frozenset({"DELIVERED_DAMAGED"})
"""Details that are two statements: it arrived, and it is damaged."""

CODES = Codes(statuses=STATUSES, details=DETAILS, silent=SILENT)

CARRIERS: Mapping[str, str] = {"stamps_com": "USPS", "endicia": "USPS", "usps_ship": "USPS"}
"""Carriers that ShipEngine names by who sells their labels."""
