"""AfterShip's codes in our words: the tag of a checkpoint, and its subtag, which says more and decides.

As documented under "Delivery statuses" and "Delivery sub-statuses" (those of March 2026 among them). A subtag belongs to one tag.
"""

from collections.abc import Mapping

from milepost.plugs.carriers.codes import Codes, Meaning
from milepost.way.tracking.words import Cause, Kind

TAGS: Mapping[str, Meaning] = {
    "Pending": (Kind.NOT_FOUND, None),
    "InfoReceived": (Kind.LABEL_CREATED, None),
    "InTransit": (Kind.IN_TRANSIT, None),
    "OutForDelivery": (Kind.OUT_FOR_DELIVERY, None),
    "AttemptFail": (Kind.ATTEMPT_FAILED, None),
    "Delivered": (Kind.DELIVERED, None),
    "AvailableForPickup": (Kind.READY_FOR_PICKUP, None),
    "Exception": (Kind.DELAYED, Cause.CARRIER),
    "Expired": (Kind.NOT_FOUND, None),
}

SUBTAGS: Mapping[str, Meaning] = {
    "Delivered_001": (Kind.DELIVERED, None),
    "Delivered_002": (Kind.COLLECTED, None),
    "Delivered_003": (Kind.DELIVERED, None),  # and signed for
    "Delivered_004": (Kind.DELIVERED, None),  # and cash collected
    "Delivered_005": (Kind.DELIVERED_NEIGHBOUR, None),
    "AvailableForPickup_001": (Kind.READY_FOR_PICKUP, None),
    "Exception_001": (Kind.DELAYED, Cause.CARRIER),
    "Exception_002": (Kind.ADDRESS_PROBLEM, Cause.ADDRESS),  # customer moved
    "Exception_003": (Kind.REFUSED, Cause.CONSIGNEE),
    "Exception_004": (Kind.DELAYED, Cause.CUSTOMS),
    "Exception_005": (Kind.DELAYED, Cause.FORCE_MAJEURE),  # external factors
    "Exception_006": (Kind.HELD, Cause.CONSIGNEE),  # for payment
    "Exception_007": (Kind.ADDRESS_PROBLEM, Cause.ADDRESS),
    "Exception_008": (Kind.HELD, Cause.CONSIGNEE),  # not collected
    "Exception_009": (Kind.HELD, Cause.US),  # rejected by the carrier as against its rules
    "Exception_010": (Kind.RETURNING, None),
    "Exception_011": (Kind.RETURNED, None),
    "Exception_012": (Kind.DAMAGED, Cause.CARRIER),
    "Exception_013": (Kind.LOST, Cause.CARRIER),
    "Exception_016": (Kind.DELAYED, Cause.CARRIER),  # processing issue
    "Exception_017": (Kind.DELAYED, Cause.WEATHER),
    "Exception_018": (Kind.CUSTOMS_ACTION, Cause.CUSTOMS),  # documents wrong or missing
    "Exception_019": (Kind.DELAYED, Cause.CARRIER),  # late flight
    "Exception_020": (Kind.CANCELLED, None),
    "Exception_021": (Kind.DISPOSED, None),
    "AttemptFail_001": (Kind.ATTEMPT_FAILED, None),
    "AttemptFail_002": (Kind.ATTEMPT_FAILED, Cause.CONSIGNEE),  # nobody there
    "AttemptFail_003": (Kind.ATTEMPT_FAILED, Cause.CONSIGNEE),  # business closed
    "InTransit_001": (Kind.IN_TRANSIT, None),
    "InTransit_002": (Kind.PICKED_UP, None),  # accepted by the carrier
    "InTransit_003": (Kind.ARRIVED_HUB, None),
    "InTransit_004": (Kind.ARRIVED_HUB, None),  # in the destination's country, which is not yet its area
    "InTransit_005": (Kind.CUSTOMS_CLEARED, None),
    "InTransit_006": (Kind.CUSTOMS_PROCESSING, None),
    "InTransit_007": (Kind.DEPARTED_HUB, None),
    "InTransit_008": (Kind.IN_TRANSIT, None),  # a problem is resolved
    "InTransit_009": (Kind.REDIRECTED, None),
    "InfoReceived_001": (Kind.LABEL_CREATED, None),
    "OutForDelivery_001": (Kind.OUT_FOR_DELIVERY, None),
    "OutForDelivery_002": (Kind.READY_FOR_PICKUP, None),  # of older versions
    "OutForDelivery_003": (Kind.OUT_FOR_DELIVERY, None),  # customer contacted before the delivery
    "OutForDelivery_004": (Kind.DELIVERY_SCHEDULED, None),
    "Pending_001": (Kind.NOT_FOUND, None),
    "Pending_002": (Kind.NOT_FOUND, None),
    "Pending_003": (Kind.NOT_FOUND, None),
    "Pending_004": (Kind.NOT_FOUND, None),
    "Pending_005": (Kind.NOT_FOUND, None),
    "Pending_006": (Kind.NOT_FOUND, None),
    "Expired_001": (Kind.NOT_FOUND, None),
}

CODES = Codes(statuses=TAGS, details=SUBTAGS)
