"""Advance: the order follows its shipments from stage to stage, is completed and closed (HND-2, CLO-2)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact
from milepost.way.orders import rules
from milepost.way.orders.facts import (
    OrderAcknowledged,
    OrderClosed,
    OrderCompleted,
    OrderDelivered,
    OrderInTransit,
    OrderOutForDelivery,
    OrderPacked,
    OrderProcessing,
    OrderReopened,
    OrderShipped,
)  # fmt: skip
from milepost.way.orders.models import Order
from milepost.way.orders.states import ORDER
from milepost.way.orders.words import State

_STAGE_FACTS: dict[str, Callable[..., OrderFact]] = {
    State.PROCESSING: OrderProcessing,
    State.PACKED: OrderPacked,
    State.SHIPPED: OrderShipped,
    State.IN_TRANSIT: OrderInTransit,
    State.OUT_FOR_DELIVERY: OrderOutForDelivery,
}


def follow(stages: Mapping[int, str], *, act: Act, delivered_at: Mapping[int, datetime] | None = None) -> None:
    """Move orders to the stage that their shipments have reached, over several states or back after a correction.

    Orders that are there already, or are completed, closed or cancelled, stay. `delivered_at` gives the instants of
    arrival where the carrier's differ from the act's.
    """
    with journal.together():
        rows = Order.objects.select_for_update().filter(id__in=list(stages)).order_by("id")
        steps: dict[str, dict[int, str]] = defaultdict(dict)
        for order_id, state in rows.values_list("id", "state"):
            verb = rules.verb_towards(state, stages[order_id])
            if verb:
                steps[verb][order_id] = state
        for verb, moving in steps.items():
            _follow(verb, moving, act, delivered_at or {})


def _follow(verb: str, moving: Mapping[int, str], act: Act, delivered_at: Mapping[int, datetime]) -> None:
    arrived: dict[datetime, dict[int, str]] = defaultdict(dict)
    for order_id, state in moving.items():
        arrived[delivered_at.get(order_id, act.at) if verb == "deliver" else act.at][order_id] = state
    for instant, some in arrived.items():
        journal.move(ORDER, Order, some, verb, act=act, fact=_stage_fact(instant), also=_stamp(verb, instant))


def _stamp(verb: str, instant: datetime) -> dict[str, datetime | None]:
    if verb == "deliver":
        return {"delivered_at": instant}
    if verb == "ship":
        return {"shipped_at": instant}
    return {"delivered_at": None} if verb.startswith("take_back") else {}


def _stage_fact(instant: datetime) -> Callable[[int, str, str], OrderFact]:
    def fact(order_id: int, source: str, target: str) -> OrderFact:
        if target == State.DELIVERED:
            return OrderDelivered(order_id=order_id, was=source, delivered_at=instant)
        return _STAGE_FACTS[target](order_id=order_id, was=source)

    return fact


def acknowledge(order_ids: Sequence[int], *, act: Act) -> None:
    """Note that the acknowledgement has left; those that were acknowledged before keep their first time (ACK-2)."""
    with journal.together():
        rows = Order.objects.select_for_update().filter(id__in=order_ids, acknowledged_at=None).order_by("id")
        received = dict(rows.values_list("id", "received_at"))
        Order.objects.filter(id__in=list(received)).update(acknowledged_at=act.at)
        journal.record(
            [
                OrderAcknowledged(order_id=order_id, minutes_after_receipt=int((act.at - at).total_seconds() // 60))
                for order_id, at in received.items()
            ],
            act=act,
        )


def complete(order_ids: Sequence[int], *, act: Act) -> None:
    """The customer has accepted: nothing more to do. Refuses `not_now` unless delivered (CLO-2)."""
    _move(order_ids, "complete", OrderCompleted, act, completed_at=act.at)


def reopen(order_ids: Sequence[int], *, act: Act) -> None:
    """It was completed too early. Refuses `not_now` unless completed."""
    _move(order_ids, "reopen", OrderReopened, act, completed_at=None)


def close(order_ids: Sequence[int], *, act: Act) -> None:
    """Lock completed orders. Refuses `not_now` otherwise (CLO-2)."""
    _move(order_ids, "close", OrderClosed, act, closed_at=act.at)


def _move(
    order_ids: Sequence[int], verb: str, kind: Callable[..., OrderFact], act: Act, **also: datetime | None
) -> None:
    with journal.together():
        rows = Order.objects.select_for_update().filter(id__in=order_ids).order_by("id")
        states = dict(rows.values_list("id", "state"))
        journal.move(
            ORDER, Order, states, verb, act=act, also=also,
            fact=lambda order_id, source, target: kind(order_id=order_id),
        )  # fmt: skip
