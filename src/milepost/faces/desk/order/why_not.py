"""Why a verb cannot be said of an order as it stands: one sentence each, none where it can. Pure; commands keep the same law."""

from dataclasses import replace

from milepost.faces.desk.order.order_page import OrderPage
from milepost.ground.access.words import PERMISSIONS, ROLES
from milepost.kernel.refusals import Refusal
from milepost.way.closeout.words import Answer
from milepost.way.orders.states import ORDER
from milepost.way.orders.words import STILL_HERE, HoldKind, State

_ON_THE_WAY = (State.SHIPPED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY)


def _not(code: str, says: str, do: str = "") -> Refusal:
    return Refusal(code=code, says=says, do=do, status=409)


CANCELLED = _not("cancelled", "The order is cancelled.")
CLOSED = _not("closed", "The order is closed; only its records remain.")
NOT_ALLOWED = Refusal(code="not_allowed", says="This is for others to do: {roles}.", do="Ask one of them.", status=403)
ON_HOLD = _not("held", "The order is on hold.", "Settle and release the hold first.")
CONFIRMED_ALREADY = _not("confirmed_already", "The order is confirmed already.")
NOT_CONFIRMED = _not("not_confirmed", "The order is not confirmed yet, so the warehouse does not have it.")
NOT_CONFIRMED_YET = _not("not_confirmed", "The order is not confirmed yet.")
TAKEN_BACK = _not("taken_back", "The order was taken back from the warehouse.")
ALL_LEFT = _not("all_left", "All of the order has left the house.")
PICKED = _not("picked_already", "The order is picked already.", "Next, pack it.")
TOGETHER = _not(
    "kept_together", "The customer wants all of the order together, and a part of it still waits for stock.",
    "Wait for the stock, or record that the customer wants the rest now.",
)  # fmt: skip
ALL_PACKED = _not("all_packed", "All of the order is packed already.", "Next, hand it over.")
WAITS_FOR_STOCK = _not("waits_for_stock", "What is left to pack waits for stock.")
NOTHING_PACKED = _not("nothing_packed", "Nothing of the order stands packed.", "Pack it first.")
NONE_LEFT = _not("no_parcel_left", "No parcel of the order has left the house yet.")
NOT_DELIVERED = _not("not_delivered", "The order was not delivered yet, so the customer was asked nothing.")
ACCEPTED = _not("accepted_already", "The customer has accepted already.")
DOUBTED = _not("asked_nothing", "The delivery was corrected, so the customer is asked nothing now.")
NOT_COMPLETED = _not("not_completed", "The order is not completed: the customer has not accepted yet.")
ACKNOWLEDGED = _not("acknowledged_already", "The order was acknowledged already.")
NO_HOLD = _not("no_such_hold", "Nothing holds the order.")
NO_PROMISE = _not("no_promise", "No date was promised yet.")
NOT_AWAITED = _not("not_awaited", "No delivery of the order is awaited.")
HAS_LEFT = _not("has_left", "The order has left the house.")
HELD_BY_HAND = _not("held_already", "The order is on hold by hand already.", "Release that hold first.")
NO_OFFER = _not("no_offer", "There is nothing that the customer could choose.")
OFFER_OVER = _not("offer_over", "The time to choose is over; what was stated is done.")
NOT_TOGETHER = _not("not_together", "Nothing is kept back to be sent all together.")
NOTHING_WAITS = _not("nothing_waits", "Nothing of the order waits for stock.")
FIRST_ALREADY = _not("first_already", "The order is served first already.")
HERE_YET = _not("here_yet", "The order has not left the house.", "Cancel it instead.")
GONE = _not("gone", "The order has left the house, so only management can write it off.")
ARRIVED = _not("arrived", "The order was delivered.")
TOO_LATE = _not("too_late", "The order has left the house, so it can no longer be changed.")


def not_theirs(permission: str) -> Refusal:
    """That a verb is for others: the roles that hold its permission, by their names."""
    others = [name for role, name in ROLES.items() if role in PERMISSIONS[permission] and role != "administrator"]
    return replace(NOT_ALLOWED, values={"roles": ", ".join(others) or ROLES["administrator"]})


def _over(page: OrderPage) -> Refusal | None:
    return {State.CANCELLED.value: CANCELLED, State.CLOSED.value: CLOSED}.get(page.order.state)


def confirm(page: OrderPage) -> Refusal | None:
    """Only what is received and not held."""
    if page.order.state != State.RECEIVED:
        return _over(page) or CONFIRMED_ALREADY
    return ON_HOLD if any(hold.blocking for hold in page.open_holds) else None


def _at_warehouse(page: OrderPage) -> Refusal | None:
    release = page.release
    if release is None:
        return _over(page) or NOT_CONFIRMED
    if release.shipped_at is not None:
        return ALL_LEFT
    return (_over(page) or TAKEN_BACK) if release.cancelled_at is not None else None


def pick(page: OrderPage) -> Refusal | None:
    """Only what lies on the warehouse's desk and is not picked."""
    return _at_warehouse(page) or (PICKED if page.release and page.release.picked_at else None)


def pack(page: OrderPage) -> Refusal | None:
    """Only what is there, and not in a parcel."""
    if away := _at_warehouse(page):
        return away
    if not any(line.left_to_pack for line in page.lines):
        return ALL_PACKED
    if any(line.stock.together for line in page.lines):
        return TOGETHER
    return None if any(line.can_be_packed for line in page.lines) else WAITS_FOR_STOCK


def ship(page: OrderPage) -> Refusal | None:
    """Only what stands packed."""
    return _at_warehouse(page) or (None if page.has_packed else NOTHING_PACKED)


def of_parcels(page: OrderPage) -> Refusal | None:
    """Only of parcels that have left."""
    return None if page.has_left else NONE_LEFT


def accept(page: OrderPage) -> Refusal | None:
    """Only where the customer was asked, and has not said yes."""
    if page.order.state in (State.CANCELLED, State.CLOSED):
        return _over(page)
    if page.acceptance is None:
        return NOT_DELIVERED
    if page.acceptance.state == Answer.WITHDRAWN:
        return DOUBTED
    return None if page.acceptance.state in (Answer.ASKED, Answer.DISPUTED) else ACCEPTED


def close(page: OrderPage) -> Refusal | None:
    """Only what is completed."""
    return None if page.order.state == State.COMPLETED else _over(page) or NOT_COMPLETED


def acknowledge(page: OrderPage) -> Refusal | None:
    """Only once."""
    return _over(page) or (ACKNOWLEDGED if page.order.acknowledged_at else None)


def release(page: OrderPage) -> Refusal | None:
    """Only while there is a hold."""
    return _over(page) or (None if page.open_holds else NO_HOLD)


def await_it(page: OrderPage) -> Refusal | None:
    """Only while it is promised and to come: for what moves its date."""
    awaited = page.order.state in (State.CONFIRMED, State.PROCESSING, State.PACKED, *_ON_THE_WAY)
    if not awaited:
        return _over(page) or (NOT_CONFIRMED_YET if page.order.state == State.RECEIVED else NOT_AWAITED)
    return None if page.ledger else NO_PROMISE


def hold(page: OrderPage) -> Refusal | None:
    """Only what is in the house, and once."""
    if page.order.state not in STILL_HERE:
        return _over(page) or HAS_LEFT
    return HELD_BY_HAND if any(one.kind == HoldKind.MANUAL for one in page.open_holds) else None


def choose(page: OrderPage) -> Refusal | None:
    """Only from an offer that stands, while something waits."""
    if page.offer is None or not page.waiting or page.order.state not in STILL_HERE:
        return _over(page) or NO_OFFER
    return None if page.offer.is_open(page.now) else OFFER_OVER


def send_in_parts(page: OrderPage) -> Refusal | None:
    """Only what is kept together."""
    return None if any(one.together for one in page.waiting.values()) else _over(page) or NOT_TOGETHER


def serve_first(page: OrderPage) -> Refusal | None:
    """Only what waits, and once."""
    if not page.waiting:
        return _over(page) or NOTHING_WAITS
    return None if any(not one.given for one in page.waiting.values()) else FIRST_ALREADY


def cancel(page: OrderPage) -> Refusal | None:
    """Only before it leaves."""
    if ORDER.allows(page.order.state, "cancel"):
        return None
    return _over(page) or (GONE if page.order.state in _ON_THE_WAY else ARRIVED)


def write_off(page: OrderPage) -> Refusal | None:
    """Only on the way."""
    if ORDER.allows(page.order.state, "write_off"):
        return None
    return _over(page) or (HERE_YET if page.order.state in STILL_HERE else ARRIVED)


def amend(page: OrderPage) -> Refusal | None:
    """Only before all of it leaves."""
    return None if page.order.state in STILL_HERE else _over(page) or TOO_LATE
