"""The transition table of orders: what can be said of an order in each state, and who may (HND-2)."""

from milepost.kernel.transitions import Machine, Transition, step
from milepost.way.orders.words import State

_BEFORE_SHIPPING = (State.CONFIRMED, State.PROCESSING, State.PACKED)
_ON_THE_WAY = (State.SHIPPED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY)

ORDER = Machine(
    name="an order",
    initial=State.RECEIVED,
    final=frozenset({State.CLOSED, State.CANCELLED}),
    transitions=(
        Transition(State.RECEIVED, "confirm", State.CONFIRMED, ("order_entry", "order_management")),
        Transition(State.CONFIRMED, "process", State.PROCESSING, ("fulfilment",)),
        *step("pack", (State.CONFIRMED, State.PROCESSING), State.PACKED, "fulfilment"),
        *step("ship", _BEFORE_SHIPPING, State.SHIPPED, "fulfilment", "logistics"),
        Transition(State.SHIPPED, "transit", State.IN_TRANSIT),
        *step("go_out", (State.SHIPPED, State.IN_TRANSIT), State.OUT_FOR_DELIVERY),
        *step("deliver", _ON_THE_WAY, State.DELIVERED, "logistics", "driver"),
        Transition(State.DELIVERED, "complete", State.COMPLETED, ("customer_service",)),
        Transition(State.COMPLETED, "close", State.CLOSED),
        *step("take_back_to_shipped", (State.IN_TRANSIT, State.OUT_FOR_DELIVERY, State.DELIVERED), State.SHIPPED, "logistics"),
        *step("take_back_to_transit", (State.OUT_FOR_DELIVERY, State.DELIVERED), State.IN_TRANSIT, "logistics"),
        Transition(State.DELIVERED, "take_back_to_delivery", State.OUT_FOR_DELIVERY, ("logistics",)),
        Transition(State.COMPLETED, "reopen", State.DELIVERED, ("customer_service",)),
        *step("cancel", (State.RECEIVED, *_BEFORE_SHIPPING), State.CANCELLED, "order_management", "customer_service"),
        *step("write_off", _ON_THE_WAY, State.CANCELLED, "management"),
    ),
)  # fmt: skip
