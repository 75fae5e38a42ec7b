"""Confirm: the order was reviewed and is binding (VER-4, ACK-3)."""

from collections.abc import Sequence

from django.db import connection

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.orders import rules
from milepost.way.orders.facts import OrderConfirmed, OrderReviewed
from milepost.way.orders.models import Hold, Order
from milepost.way.orders.states import ORDER
from milepost.way.orders.words import HoldCard, State


def confirm(order_ids: Sequence[int], *, act: Act) -> None:
    """Confirm orders. Refuses `held` while a blocking hold is open and `not_now` unless the order is received."""
    with journal.together():
        rows = dict(_locked(order_ids))
        refuse_any(_still_held(order_ids))
        _move(rows, act, by=rules.reviewed_by(act.actor))


def confirm_if_clear(order_ids: Sequence[int], *, act: Act, by: str = "rule") -> None:
    """Confirm those of the orders that are received and have no blocking hold; leave the others as they are.

    `by`: who has reviewed them, the procedure's rules or staff (VER-4).
    """
    if not order_ids:
        return
    with journal.together():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK_CLEAR, [list(order_ids), State.RECEIVED.value])
            clear = dict(cursor.fetchall())
        _move(clear, act, by=by)


_LOCK_CLEAR = """
SELECT o.id, o.state FROM orders_order o WHERE o.id = ANY(%s::bigint[]) AND o.state = %s
    AND NOT EXISTS (SELECT 1 FROM orders_hold h WHERE h.order_id = o.id AND h.released_at IS NULL AND h.blocking)
ORDER BY o.id FOR NO KEY UPDATE OF o
"""


def _locked(order_ids: Sequence[int]) -> list[tuple[int, str]]:
    if not order_ids:
        return []
    rows = Order.objects.select_for_update(no_key=True).filter(id__in=order_ids).order_by("id")
    return list(rows.values_list("id", "state"))


def _still_held(order_ids: Sequence[int]) -> list[Refusal]:
    holds = Hold.objects.filter(order_id__in=order_ids, released_at=None, blocking=True).select_related("order")
    return [
        refusal
        for row in holds
        for refusal in rules.still_held(
            row.order.reference, [HoldCard(row.id, row.kind, row.reason, row.role, row.blocking, row.opened_at)]
        )
    ]


def _move(rows: dict[int, str], act: Act, *, by: str) -> None:
    if rows:
        journal.record([OrderReviewed(order_id=order_id, by=by) for order_id in rows], act=act)
        journal.move(
            ORDER, Order, rows, "confirm", act=act, also={"confirmed_at": act.at},
            fact=lambda order_id, source, target: OrderConfirmed(order_id=order_id),
        )  # fmt: skip
