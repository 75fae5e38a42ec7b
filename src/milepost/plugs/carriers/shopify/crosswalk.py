"""Shopify's codes in our words: the status of a fulfilment event (and of a fulfilment's `shipment_status`), and of a fulfilment."""

from collections.abc import Mapping

from milepost.plugs.carriers.codes import Codes, Meaning
from milepost.way.tracking.words import Cause, Kind

EVENTS: Mapping[str, Meaning] = {
    "label_purchased": (Kind.LABEL_CREATED, None),
    "label_printed": (Kind.LABEL_CREATED, None),
    "confirmed": (Kind.LABEL_CREATED, None),  # "the default value when no other information is available"
    "carrier_picked_up": (Kind.PICKED_UP, None),
    "in_transit": (Kind.IN_TRANSIT, None),
    "out_for_delivery": (Kind.OUT_FOR_DELIVERY, None),
    "attempted_delivery": (Kind.ATTEMPT_FAILED, None),
    "ready_for_pickup": (Kind.READY_FOR_PICKUP, None),
    "delayed": (Kind.DELAYED, Cause.CARRIER),
    "delivered": (Kind.DELIVERED, None),
    "failure": (Kind.ATTEMPT_FAILED, Cause.CARRIER),
}

CODES = Codes(statuses=EVENTS)

FULFILLMENTS: Mapping[str, Meaning | None] = {
    "success": (Kind.LABEL_CREATED, None),  # the shop says that it is shipped; no carrier has said anything yet
    "cancelled": (Kind.CANCELLED, None),
    "pending": None,
    "open": None,
    "error": None,
    "failure": None,
}
"""What a fulfilment's own status says of its parcels; None: nothing, it is about the request to a warehouse."""

NO_CARRIER = frozenset({"", "other", "custom", "null-company", "unknown"})
"""Names of tracking companies that name none."""
