"""Cancel: the order will not be delivered."""

from collections import defaultdict
from collections.abc import Sequence

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.way.orders import rules
from milepost.way.orders.facts import OrderCancelled
from milepost.way.orders.models import Hold, Order
from milepost.way.orders.states import ORDER


def cancel(order_ids: Sequence[int], *, reason_code: str, act: Act) -> None:
    """Cancel orders, or write off those already on their way. Refuses `not_now` once delivered.

    Open holds end with the order. Stock, duties and messages follow by reaction.
    """
    with journal.together():
        rows = Order.objects.select_for_update(no_key=True).filter(id__in=order_ids).order_by("id")
        steps: dict[str, dict[int, str]] = defaultdict(dict)
        for order_id, state in rows.values_list("id", "state"):
            steps[rules.cancel_verb(state)][order_id] = state
        for verb, moving in steps.items():
            journal.move(
                ORDER, Order, moving, verb, act=act, also={"cancelled_at": act.at, "cancel_reason": reason_code},
                fact=lambda order_id, source, target: OrderCancelled(
                    order_id=order_id, was=source, reason_code=reason_code
                ),
            )  # fmt: skip
        Hold.objects.filter(order_id__in=order_ids, released_at=None).update(
            released_at=act.at, released_by=act.actor, outcome="cancelled"
        )
