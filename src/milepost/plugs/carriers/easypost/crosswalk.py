"""EasyPost's codes in our words, keyed by status and status_detail as the vendor documents them."""

from collections.abc import Mapping

from milepost.plugs.carriers.codes import Codes, Meaning, going_back
from milepost.way.tracking.words import Cause, Kind

DETAILS: Mapping[str, Meaning] = {
    "address_correction": (Kind.ADDRESS_PROBLEM, Cause.ADDRESS),
    "arrived_at_destination": (Kind.ARRIVED_DESTINATION, None),
    "arrived_at_facility": (Kind.ARRIVED_HUB, None),
    "arrived_at_pickup_location": (Kind.READY_FOR_PICKUP, None),
    "awaiting_information": (Kind.HELD, Cause.UNKNOWN),
    "cancelled": (Kind.CANCELLED, None),
    "damaged": (Kind.DAMAGED, Cause.CARRIER),
    "delayed": (Kind.DELAYED, Cause.CARRIER),
    "delivery_exception": (Kind.DELAYED, Cause.CARRIER),
    "departed_facility": (Kind.DEPARTED_HUB, None),
    "departed_origin_facility": (Kind.DEPARTED_HUB, None),
    "expired": (Kind.NOT_FOUND, None),
    "held": (Kind.HELD, Cause.CARRIER),
    "in_transit": (Kind.IN_TRANSIT, None),
    "label_created": (Kind.LABEL_CREATED, None),
    "lost": (Kind.LOST, Cause.CARRIER),
    "missorted": (Kind.DELAYED, Cause.CARRIER),
    "out_for_delivery": (Kind.OUT_FOR_DELIVERY, None),
    "received_at_destination_facility": (Kind.ARRIVED_DESTINATION, None),
    "received_at_origin_facility": (Kind.ARRIVED_HUB, None),
    "refused": (Kind.REFUSED, Cause.CONSIGNEE),
    "return": (Kind.RETURNING, None),
    "transferred_to_destination_carrier": (Kind.HANDED_OVER, None),
    "transit_exception": (Kind.DELAYED, Cause.CARRIER),
    "weather_delay": (Kind.DELAYED, Cause.WEATHER),
}
"""What a status_detail means, whatever the status beside it, except where `EXCEPTIONS` says otherwise."""

STATUSES: Mapping[str, Meaning] = {
    "pre_transit": (Kind.LABEL_CREATED, None),
    "in_transit": (Kind.IN_TRANSIT, None),
    "out_for_delivery": (Kind.OUT_FOR_DELIVERY, None),
    "delivered": (Kind.DELIVERED, None),
    "available_for_pickup": (Kind.READY_FOR_PICKUP, None),
    "return_to_sender": (Kind.RETURNING, None),
    "failure": (Kind.ATTEMPT_FAILED, Cause.CARRIER),
    "cancelled": (Kind.CANCELLED, None),
    "canceled": (Kind.CANCELLED, None),
    "unknown": (Kind.NOT_FOUND, None),
    "error": (Kind.NOT_FOUND, None),
}
"""What a status means where no detail says more."""

SAYS_NOTHING = frozenset({"", "unknown", "status_update", "failure"})
"""Details that leave it to the status."""

EXCEPTIONS: Mapping[tuple[str, str], Meaning] = {
    **going_back("return_to_sender", DETAILS, arrived=("arrived_at_destination", "delivered")),
    ("available_for_pickup", "arrived_at_destination"): (Kind.READY_FOR_PICKUP, None),
    ("available_for_pickup", "arrived_at_facility"): (Kind.READY_FOR_PICKUP, None),
    ("available_for_pickup", "held"): (Kind.READY_FOR_PICKUP, None),
    ("delivered", "arrived_at_destination"): (Kind.DELIVERED, None),
    ("delivered", "arrived_at_pickup_location"): (Kind.DELIVERED_LOCKER, None),
    ("delivered", "delivered"): (Kind.DELIVERED, None),
    ("delivered", "return"): (Kind.RETURNED, None),
    ("pre_transit", "in_transit"): (Kind.LABEL_CREATED, None),
    ("return_to_sender", "refused"): (Kind.RETURNING, Cause.CONSIGNEE),
    ("return_to_sender", "address_correction"): (Kind.RETURNING, Cause.ADDRESS),
}
"""Pairs where the status changes what the detail means."""

CODES = Codes(statuses=STATUSES, details=DETAILS, pairs=EXCEPTIONS, silent=SAYS_NOTHING)


def meaning(status: str, detail: str) -> Meaning | None:
    """What the pair means; None for what the tables do not know."""
    return CODES.meaning(status, detail)
