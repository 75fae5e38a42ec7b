"""The shipment's transition table: our verbs until the hand-over, then what carriers say, who may correct themselves."""

from milepost.kernel.transitions import Machine, step
from milepost.way.fulfilment.words import State

_UNDER_WAY = (State.SHIPPED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY, State.ATTEMPT_FAILED, State.READY_FOR_PICKUP)
_TOLD = (*_UNDER_WAY, State.DELIVERED, State.RETURNING, State.RETURNED, State.LOST)
_WORKERS = ("fulfilment", "logistics", "administrator")

NEWS = {
    State.SHIPPED: "follow_back",
    State.IN_TRANSIT: "follow_transit",
    State.OUT_FOR_DELIVERY: "follow_out",
    State.ATTEMPT_FAILED: "follow_attempt",
    State.READY_FOR_PICKUP: "follow_pickup",
    State.DELIVERED: "follow_delivery",
    State.RETURNING: "follow_return",
    State.RETURNED: "follow_arrival_back",
    State.LOST: "follow_loss",
}
"""The verb by which a shipment follows its parcels to each state; only the system says it, by reaction to tracking."""

SHIPMENT = Machine(
    name="a shipment",
    initial=State.PACKED,
    final=frozenset({State.DELIVERED, State.RETURNED, State.LOST, State.CANCELLED}),
    transitions=(
        *step("ship", (State.PACKED,), State.SHIPPED, *_WORKERS),
        *step("cancel", (State.PACKED,), State.CANCELLED, *_WORKERS),
        *(t for target, verb in NEWS.items() for t in step(verb, (s for s in _TOLD if s != target), target)),
    ),
)
