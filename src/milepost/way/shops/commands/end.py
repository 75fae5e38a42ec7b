"""End: the shop has cancelled or removed an order; ours is cancelled where that is still possible, else it is a clerk's duty."""

from milepost.ground.arrivals.words import Outcome, State
from milepost.kernel.acts import Act
from milepost.way.orders import commands as orders
from milepost.way.orders import queries
from milepost.way.orders.words import State as OrderState
from milepost.way.shops import rules
from milepost.way.shops.commands.said import Said, hand_to_clerk, overtake, remember
from milepost.way.shops.words import Kind, Unmade


def end(said: Said, *, act: Act) -> Outcome:
    """Follow a cancellation, or the removal of an order, of an order of ours."""
    if said.is_overtaken:
        return said.done("A later state of the order was followed already.", code="overtaken")
    was_cancelled = said.row.cancelled
    said.row.cancelled, said.row.reason_code = True, said.statement.reason_code
    remember(said)
    overtake(said, act=act)
    if was_cancelled:
        return said.done("Its cancellation was followed already.", code="unchanged")
    return cancel_or_hand_over(said, said.statement.reason_code, act=act)


def cancel_or_hand_over(said: Said, reason_code: str, *, act: Act) -> Outcome:
    """Cancel our order where nothing of it has left; else a clerk talks to the customer. An order that ended stays as it is."""
    order_id = said.row.order_id or 0
    state = queries.states([order_id])[order_id]
    if state in rules.NOT_LEFT:
        orders.cancel([order_id], reason_code=reason_code, act=act)
        return said.done("The order was cancelled as in the shop.")
    if state == OrderState.CANCELLED:
        return said.done("The order was cancelled already.", code="unchanged")
    if said.statement.kind == Kind.DELETED and state in rules.ARRIVED:
        return said.done("The shop removed an order that had arrived.", code="arrived", state=State.IGNORED)
    why = f"the order is {state.replace('_', ' ')} already. Stop the parcel or agree a return, and tell the customer."
    hand_to_clerk(said, [Unmade("cancellation", why)], act=act)
    return said.done(f"It could not be cancelled by itself: {why}", code="too_late")
