"""Advance: the order follows its shipments from stage to stage, is completed and closed (HND-2, CLO-2)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import connection

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact
from milepost.way.orders import rules
from milepost.way.orders.facts import (
    ArrivalCorrected,
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
    arrival where the carrier's differ from the act's; one that turns out to be another is corrected.
    """
    arrivals = delivered_at or {}
    with journal.together():
        rows = Order.objects.select_for_update(no_key=True).filter(id__in=list(stages)).order_by("id")
        steps: dict[str, dict[int, str]] = defaultdict(dict)
        corrected: dict[int, tuple[datetime, datetime]] = {}
        for order_id, state, known in rows.values_list("id", "state", "delivered_at"):
            verb, arrived = rules.verb_towards(state, stages[order_id]), arrivals.get(order_id)
            if verb:
                steps[verb][order_id] = state
            elif state in _ARRIVED and known and arrived and known != arrived:
                corrected[order_id] = (known, arrived)
        instants = {order_id: arrivals.get(order_id, act.at) for order_id in steps.get("deliver", ())}
        _write_arrivals({**instants, **{order_id: arrived for order_id, (_, arrived) in corrected.items()}})
        for verb, moving in steps.items():
            journal.move(ORDER, Order, moving, verb, act=act, fact=_stage_fact(instants), also=_stamp(verb, act.at))
        journal.record([_corrected(order_id, *times) for order_id, times in corrected.items()], act=act)


_ARRIVED = (State.DELIVERED, State.COMPLETED)


def _write_arrivals(instants: Mapping[int, datetime]) -> None:
    """The instant at which each order arrived. One statement."""
    if not instants:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order o SET delivered_at = w.delivered_at"
            " FROM unnest(%b::bigint[], %b::timestamptz[]) AS w(id, delivered_at) WHERE o.id = w.id",
            [list(instants), list(instants.values())],
        )


def _stamp(verb: str, at: datetime) -> dict[str, datetime | None]:
    if verb == "ship":
        return {"shipped_at": at}
    return {"delivered_at": None} if verb.startswith("take_back") else {}


def _stage_fact(instants: Mapping[int, datetime]) -> Callable[[int, str, str], OrderFact]:
    def fact(order_id: int, source: str, target: str) -> OrderFact:
        if target == State.DELIVERED:
            return OrderDelivered(order_id=order_id, was=source, delivered_at=instants[order_id])
        return _STAGE_FACTS[target](order_id=order_id, was=source)

    return fact


def _corrected(order_id: int, was: datetime, now: datetime) -> ArrivalCorrected:
    return ArrivalCorrected(order_id=order_id, was_delivered_at=was, delivered_at=now)


def note_first_shipped(order_ids: Sequence[int], *, act: Act) -> None:
    """A shipment of these orders has left, so the address of what is still here can no longer be another. One statement."""
    Order.objects.filter(id__in=order_ids, first_shipped_at=None).update(first_shipped_at=act.at)


def acknowledge(order_ids: Sequence[int], *, act: Act) -> None:
    """Note that the acknowledgement has left; those that were acknowledged before keep their first time (ACK-2)."""
    with journal.together():
        rows = (
            Order.objects.select_for_update(no_key=True).filter(id__in=order_ids, acknowledged_at=None).order_by("id")
        )
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


def reopen_if_completed(order_ids: Sequence[int], *, act: Act) -> None:
    """As `reopen`; whatever is not completed (any more) stays as it is."""
    _move(order_ids, "reopen", OrderReopened, act, only=State.COMPLETED, completed_at=None)


def close(order_ids: Sequence[int], *, act: Act) -> None:
    """Lock completed orders. Refuses `not_now` otherwise (CLO-2)."""
    _move(order_ids, "close", OrderClosed, act, closed_at=act.at)


def close_if_completed(order_ids: Sequence[int], *, act: Act) -> None:
    """As `close`; whatever is not completed (any more) stays as it is."""
    _move(order_ids, "close", OrderClosed, act, only=State.COMPLETED, closed_at=act.at)


def _move(
    order_ids: Sequence[int],
    verb: str,
    kind: Callable[..., OrderFact],
    act: Act,
    *,
    only: State | None = None,
    **also: datetime | None,
) -> None:
    with journal.together():
        rows = Order.objects.select_for_update(no_key=True).filter(id__in=order_ids).order_by("id")
        states = {key: state for key, state in rows.values_list("id", "state") if only in (None, state)}
        journal.move(
            ORDER, Order, states, verb, act=act, also=also,
            fact=lambda order_id, source, target: kind(order_id=order_id),
        )  # fmt: skip
