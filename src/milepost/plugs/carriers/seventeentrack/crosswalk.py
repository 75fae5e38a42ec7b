"""17TRACK's codes in our words: main status, and sub-status, which says more and decides, as documented for its version 2."""

from collections.abc import Mapping

from milepost.plugs.carriers.codes import Codes, Meaning
from milepost.way.tracking.words import Cause, Kind

STATUSES: Mapping[str, Meaning] = {
    "NotFound": (Kind.NOT_FOUND, None),
    "InfoReceived": (Kind.LABEL_CREATED, None),
    "InTransit": (Kind.IN_TRANSIT, None),
    "Expired": (Kind.NOT_FOUND, None),
    "AvailableForPickup": (Kind.READY_FOR_PICKUP, None),
    "OutForDelivery": (Kind.OUT_FOR_DELIVERY, None),
    "DeliveryFailure": (Kind.ATTEMPT_FAILED, None),
    "Delivered": (Kind.DELIVERED, None),
    "Exception": (Kind.DELAYED, Cause.CARRIER),
}

SUBSTATUSES: Mapping[str, Meaning] = {
    "NotFound_Other": (Kind.NOT_FOUND, None),
    "NotFound_InvalidCode": (Kind.NOT_FOUND, None),
    "InfoReceived": (Kind.LABEL_CREATED, None),
    "InTransit_PickedUp": (Kind.PICKED_UP, None),
    "InTransit_Other": (Kind.IN_TRANSIT, None),
    "InTransit_Departure": (Kind.DEPARTED_HUB, None),  # from the origin's port
    "InTransit_Arrival": (Kind.ARRIVED_HUB, None),  # at the port of the destination's country
    "InTransit_TransportDeparted": (Kind.DEPARTED_HUB, None),
    "InTransit_TransportArrived": (Kind.ARRIVED_HUB, None),
    "InTransit_CustomsProcessing": (Kind.CUSTOMS_PROCESSING, None),
    "InTransit_CustomsReleased": (Kind.CUSTOMS_CLEARED, None),
    "InTransit_CustomsRequiringInformation": (Kind.CUSTOMS_ACTION, Cause.CUSTOMS),
    "Expired_Other": (Kind.NOT_FOUND, None),
    "AvailableForPickup_Other": (Kind.READY_FOR_PICKUP, None),
    "OutForDelivery_Other": (Kind.OUT_FOR_DELIVERY, None),
    "DeliveryFailure_Other": (Kind.ATTEMPT_FAILED, None),
    "DeliveryFailure_NoBody": (Kind.ATTEMPT_FAILED, Cause.CONSIGNEE),
    "DeliveryFailure_Security": (Kind.ATTEMPT_FAILED, Cause.SECURITY),
    "DeliveryFailure_Rejected": (Kind.REFUSED, Cause.CONSIGNEE),
    "DeliveryFailure_InvalidAddress": (Kind.ADDRESS_PROBLEM, Cause.ADDRESS),
    "Delivered_Other": (Kind.DELIVERED, None),
    "Exception_Other": (Kind.DELAYED, Cause.CARRIER),
    "Exception_Returning": (Kind.RETURNING, None),
    "Exception_Returned": (Kind.RETURNED, None),
    "Exception_NoBody": (Kind.HELD, Cause.CONSIGNEE),
    "Exception_Security": (Kind.HELD, Cause.SECURITY),
    "Exception_Damage": (Kind.DAMAGED, Cause.CARRIER),
    "Exception_Rejected": (Kind.REFUSED, Cause.CONSIGNEE),
    "Exception_Delayed": (Kind.DELAYED, Cause.CARRIER),
    "Exception_Lost": (Kind.LOST, Cause.CARRIER),
    "Exception_Destroyed": (Kind.DISPOSED, None),
    "Exception_Cancel": (Kind.CANCELLED, None),
}

STAGES: Mapping[str, Meaning] = {
    "InfoReceived": (Kind.LABEL_CREATED, None),
    "PickedUp": (Kind.PICKED_UP, None),
    "Departure": (Kind.DEPARTED_HUB, None),
    "Arrival": (Kind.ARRIVED_HUB, None),
    "AvailableForPickup": (Kind.READY_FOR_PICKUP, None),
    "OutForDelivery": (Kind.OUT_FOR_DELIVERY, None),
    "Delivered": (Kind.DELIVERED, None),
    "Returning": (Kind.RETURNING, None),
    "Returned": (Kind.RETURNED, None),
}
"""The `stage` of an event that has no sub-status: a milestone of the way."""

CODES = Codes(statuses=STATUSES, details=SUBSTATUSES)


def main_status(detail: str) -> str:
    """The main status that a sub-status belongs to: what stands before its underscore."""
    return detail.partition("_")[0]
