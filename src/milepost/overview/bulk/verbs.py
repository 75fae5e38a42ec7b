"""What can be done with many rows of a list at once: each verb with its permission, what it needs to be told, and its command.

The commands are those that do it to one row, with the same refusals. `certain` only spares the command rows that it would refuse
anyway, so that a set need not be tried again and again; what it overlooks, the command refuses.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias
from uuid import UUID

from milepost.ground.access import queries as access
from milepost.ground.duties import commands as duties
from milepost.ground.duties.models import Duty
from milepost.ground.notices import commands as notices
from milepost.ground.notices.models import Notice
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal
from milepost.way.closeout import commands as closeout
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.models import Shipment
from milepost.way.fulfilment.states import SHIPMENT
from milepost.way.fulfilment.words import Shipping
from milepost.way.intake import commands as intake
from milepost.way.intake.models import OrderRequest
from milepost.way.intake.numbers import references
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as order_reads
from milepost.way.orders.models import Hold
from milepost.way.orders.states import ORDER
from milepost.way.orders.words import HoldKind, WantedHold


class Named(NamedTuple):
    """What a verb calls a row, and what people call it."""

    key: str
    label: str


Values: TypeAlias = Mapping[str, str]
Refusals: TypeAlias = dict[str, Refusal]

HELD = Refusal(
    code="held", says="It is on hold: {reason}", do="Settle and release the hold first.", status=409, values={"reason": ""}
)  # fmt: skip
NO_HOLD = Refusal(
    code="no_such_hold", says="There is no open hold of this kind on it.", do="It may have been released already.", status=404
)  # fmt: skip
LONGEST_NUMBER = 19
NO_DUTY = Refusal(code="no_duty", says="It has no open duty of yours.", do="Look at your desk.", status=404)
GONE = Refusal(code="gone", says="It is not there any more.", do="Look at the list as it is now.", status=404)
HELD_ALREADY = Refusal(code="held_already", says="It is on hold already.", do="There is nothing to do.", status=409)


def _none(keys: Sequence[str], values: Values, act: Act) -> Refusals:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkVerb:
    """One verb. `needs`: what it has to be told, by name; `certain`: the rows that it would refuse for certain, and why."""

    name: str
    listing: str
    permission: str
    perform: Callable[[Sequence[str], Values, Act], None]
    certain: Callable[[Sequence[str], Values, Act], Refusals] = _none
    needs: tuple[str, ...] = ()


def _ids(keys: Sequence[str]) -> list[int]:
    return [int(key) for key in keys]


def _unless(verb: str) -> Callable[[Sequence[str], Values, Act], Refusals]:
    """Refused is what stands in a state that does not know the verb. One statement."""

    def certain(keys: Sequence[str], values: Values, act: Act) -> Refusals:
        states = order_reads.states(_ids(keys))
        return {
            key: ORDER.not_now(state, verb) if (state := states.get(int(key))) else GONE
            for key in keys
            if (state := states.get(int(key))) is None or not ORDER.allows(state, verb)
        }

    return certain


def _not_to_confirm(keys: Sequence[str], values: Values, act: Act) -> Refusals:
    refused = _unless("confirm")(keys, values, act)
    held = Hold.objects.filter(order_id__in=_ids(keys), released_at=None, blocking=True).order_by("opened_at")
    for order_id, reason in held.values_list("order_id", "reason"):
        refused.setdefault(str(order_id), replace(HELD, values={"reason": reason}))
    return refused


def _confirm(keys: Sequence[str], values: Values, act: Act) -> None:
    orders.confirm(_ids(keys), act=act)


def _not_to_release(keys: Sequence[str], values: Values, act: Act) -> Refusals:
    held = Hold.objects.filter(order_id__in=_ids(keys), released_at=None, kind=values["kind"])
    having = set(held.values_list("order_id", flat=True))
    return {key: NO_HOLD for key in keys if int(key) not in having}


def _release(keys: Sequence[str], values: Values, act: Act) -> None:
    orders.release(_ids(keys), kind=values["kind"], outcome=values["outcome"], act=act)


def _not_to_hold(keys: Sequence[str], values: Values, act: Act) -> Refusals:
    """As on the order's page: before it leaves, and not twice. Two statements."""
    states = order_reads.states(_ids(keys))
    refused = {key: HELD_ALREADY for key in keys if key not in _not_to_release(keys, {"kind": HoldKind.MANUAL}, act)}
    for key in keys:
        state = states.get(int(key))
        if state is None or not ORDER.allows(state, "cancel"):
            refused[key] = ORDER.not_now(state, "hold") if state else GONE
    return refused


def _hold(keys: Sequence[str], values: Values, act: Act) -> None:
    reason = values["reason"]
    wanted = [
        WantedHold(order_id=one, kind=HoldKind.MANUAL, reason=reason, role="order_management") for one in _ids(keys)
    ]
    orders.hold(wanted, act=act)


def _pick(keys: Sequence[str], values: Values, act: Act) -> None:
    fulfilment.pick(_ids(keys), act=act)


def _accept(keys: Sequence[str], values: Values, act: Act) -> None:
    closeout.accept(_ids(keys), act=act)


def _close(keys: Sequence[str], values: Values, act: Act) -> None:
    orders.close(_ids(keys), act=act)


def _cancel(keys: Sequence[str], values: Values, act: Act) -> None:
    orders.cancel(_ids(keys), reason_code=values["reason_code"], act=act)


def _their_duties(keys: Sequence[str], act: Act, *, all_roles: bool) -> dict[str, list[UUID]]:
    """The open duties of each order: all, or those of the actor's roles. Two statements at most."""
    rows = Duty.objects.filter(order_id__in=_ids(keys), closed_at=None)
    if not all_roles:
        rows = rows.filter(role__in=sorted(access.roles_of(act.actor)))
    found: dict[str, list[UUID]] = defaultdict(list)
    for order_id, duty_id in rows.order_by("id").values_list("order_id", "id"):
        found[str(order_id)].append(duty_id)
    return found


def _no_duties(*, all_roles: bool) -> Callable[[Sequence[str], Values, Act], Refusals]:
    def certain(keys: Sequence[str], values: Values, act: Act) -> Refusals:
        having = _their_duties(keys, act, all_roles=all_roles)
        return {key: NO_DUTY for key in keys if key not in having}

    return certain


def _take(keys: Sequence[str], values: Values, act: Act) -> None:
    theirs = [one for some in _their_duties(keys, act, all_roles=False).values() for one in some]
    duties.take(theirs, staff_id=int(act.actor.partition(":")[2]), act=act)


def _hand_over(keys: Sequence[str], values: Values, act: Act) -> None:
    theirs = [one for some in _their_duties(keys, act, all_roles=True).values() for one in some]
    duties.hand_over(theirs, role=values["role"], act=act)


def _not_packed(keys: Sequence[str], values: Values, act: Act) -> Refusals:
    """One statement."""
    states = dict(Shipment.objects.filter(id__in=_ids(keys)).values_list("id", "state"))
    return {
        key: SHIPMENT.not_now(states[int(key)], "ship") if int(key) in states else GONE
        for key in keys
        if int(key) not in states or not SHIPMENT.allows(states[int(key)], "ship")
    }


def _ship(keys: Sequence[str], values: Values, act: Act) -> None:
    orders_of = dict(Shipment.objects.filter(id__in=_ids(keys)).values_list("id", "order_id"))
    leaving = [Shipping(order_id=orders_of[one], shipment_id=one, carrier=values["carrier"]) for one in _ids(keys)]
    fulfilment.ship(leaving, act=act)


def _discard(keys: Sequence[str], values: Values, act: Act) -> None:
    intake.discard([UUID(key) for key in keys], reason_code=values["no_order"], act=act)


def _notice_ids(keys: Sequence[str]) -> list[UUID]:
    return [UUID(key) for key in keys]


def _send_again(keys: Sequence[str], values: Values, act: Act) -> None:
    notices.send_again(_notice_ids(keys), act=act)


def _mark_as_sent(keys: Sequence[str], values: Values, act: Act) -> None:
    notices.mark_as_sent(_notice_ids(keys), act=act)


VERBS = (
    BulkVerb(name="confirm", listing="orders", permission="orders.confirm", perform=_confirm, certain=_not_to_confirm),
    BulkVerb(
        name="release", listing="orders", permission="orders.release", perform=_release, certain=_not_to_release,
        needs=("kind", "outcome"),
    ),
    BulkVerb(
        name="hold", listing="orders", permission="orders.hold", perform=_hold, certain=_not_to_hold, needs=("reason",)
    ),
    BulkVerb(name="pick", listing="orders", permission="fulfilment.pick", perform=_pick),
    BulkVerb(name="take", listing="orders", permission="duties.work", perform=_take, certain=_no_duties(all_roles=False)),
    BulkVerb(
        name="hand_over", listing="orders", permission="duties.assign", perform=_hand_over,
        certain=_no_duties(all_roles=True), needs=("role",),
    ),
    BulkVerb(name="accept", listing="orders", permission="closeout.work", perform=_accept, certain=_unless("complete")),
    BulkVerb(name="close", listing="orders", permission="orders.close", perform=_close, certain=_unless("close")),
    BulkVerb(
        name="cancel", listing="orders", permission="orders.cancel", perform=_cancel, certain=_unless("cancel"),
        needs=("reason_code",),
    ),
    BulkVerb(
        name="ship", listing="shipments", permission="fulfilment.ship", perform=_ship, certain=_not_packed, needs=("carrier",)
    ),
    BulkVerb(name="discard", listing="requests", permission="orders.enter", perform=_discard, needs=("no_order",)),
    BulkVerb(name="send_again", listing="messages", permission="notices.repair", perform=_send_again),
    BulkVerb(
        name="mark_as_sent", listing="messages", permission="notices.repair", perform=_mark_as_sent, needs=("reason",)
    ),
)  # fmt: skip
BY_NAME = {(verb.listing, verb.name): verb for verb in VERBS}


def _name_orders(keys: Sequence[str]) -> dict[str, Named]:
    """Orders by their references. Two statements."""
    found = order_reads.find_many([key for key in keys if key])
    references = {one.order_id: one.reference for one in order_reads.contacts(found.values()).values()}
    return {key: Named(str(number), references[number]) for key, number in found.items() if number in references}


def _name_shipments(keys: Sequence[str]) -> dict[str, Named]:
    """Shipments by the references of their orders. Two statements."""
    wanted = [int(key) for key in keys if key.isdecimal() and len(key) < LONGEST_NUMBER]
    of = dict(Shipment.objects.filter(id__in=wanted).values_list("id", "order_id"))
    about = order_reads.contacts(set(of.values()))
    return {str(one): Named(str(one), about[order_id].reference) for one, order_id in of.items() if order_id in about}


def _name_requests(keys: Sequence[str]) -> dict[str, Named]:
    """Order requests by their references. One statement."""
    numbers = {number: key for key in keys if (number := references().find(key)) is not None}
    rows = OrderRequest.objects.filter(order_id__in=list(numbers)).values_list("order_id", "id")
    return {numbers[number or 0]: Named(str(one), numbers[number or 0]) for number, one in rows}


def _name_messages(keys: Sequence[str]) -> dict[str, Named]:
    """Messages by their numbers. One statement."""
    rows = Notice.objects.filter(id__in=[one for key in keys if (one := _uuid(key))]).values_list("id", "template")
    return {str(key): Named(str(key), template.replace("_", " ").capitalize()) for key, template in rows}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


NAMED: Mapping[str, Callable[[Sequence[str]], dict[str, Named]]] = {
    "orders": _name_orders, "shipments": _name_shipments, "requests": _name_requests, "messages": _name_messages,
}  # fmt: skip
"""What the keys of a list's rows mean; a key that is not in the answer is none of ours."""


def _lock_none(keys: Sequence[str]) -> None:
    """The command locks what it needs."""


LOCKED: Mapping[str, Callable[[Sequence[str]], None]] = {"orders": lambda keys: orders.lock(_ids(keys))}
"""How the rows of a list are locked before they are looked at, where a look and a verb must see the same."""


def lock(listing: str, keys: Sequence[str]) -> None:
    """Lock the rows for the rest of the transaction."""
    LOCKED.get(listing, _lock_none)(keys)
