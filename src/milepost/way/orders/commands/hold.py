"""Hold and release: typed reasons to wait (VER-3)."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import Q

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.orders.facts import HoldReleased, OrderHeld
from milepost.way.orders.models import Hold, Order
from milepost.way.orders.words import OPEN_STATES, WantedHold

NO_SUCH_HOLD = Refusal(
    code="no_such_hold",
    says="There is no open hold of this kind on the order.",
    do="Look at the order's holds again; it may have been released already.",
    status=404,
    field="kind",
)


def hold(wanted: Sequence[WantedHold], *, act: Act) -> None:
    """Open holds; an order that already has an open one of the same kind keeps that one."""
    if not wanted:
        return
    with journal.together():
        order_ids = sorted({one.order_id for one in wanted})
        list(Order.objects.select_for_update().filter(id__in=order_ids).order_by("id").values_list("id"))
        open_already = set(
            Hold.objects.filter(order_id__in=order_ids, released_at=None).values_list("order_id", "kind")
        )
        rows = [_row(one, act) for one in wanted if (one.order_id, one.kind) not in open_already]
        journal.insert(rows)
        journal.record([_held(row) for row in rows], act=act)


def _row(one: WantedHold, act: Act) -> Hold:
    return Hold(
        id=new_id(), order_id=one.order_id, kind=one.kind, reason=one.reason, role=one.role, blocking=one.blocking,
        evidence=one.evidence, opened_at=act.at, opened_by=act.actor,
    )  # fmt: skip


def _held(row: Hold) -> OrderHeld:
    return OrderHeld(order_id=row.order_id, hold_id=row.id, kind=row.kind, role=row.role, blocking=row.blocking)


def release(order_ids: Sequence[int], *, kind: str, outcome: str, act: Act) -> None:
    """Release the open holds of one kind, with the outcome on record. Refuses `no_such_hold` if an order has none."""
    with journal.together():
        list(Order.objects.select_for_update().filter(id__in=order_ids).order_by("id").values_list("id"))
        rows = list(Hold.objects.filter(order_id__in=order_ids, released_at=None, order__state__in=OPEN_STATES))
        mine = [row for row in rows if row.kind == kind]
        if {row.order_id for row in mine} != set(order_ids):
            raise Refused(NO_SUCH_HOLD)
        Hold.objects.filter(Q(id__in=[row.id for row in mine])).update(
            released_at=act.at, released_by=act.actor, outcome=outcome
        )
        left = Counter(row.order_id for row in rows if row.blocking and row.kind != kind)
        journal.record(
            [
                HoldReleased(order_id=row.order_id, hold_id=row.id, kind=kind, blocking_left=left[row.order_id])
                for row in mine
            ],
            act=act,
        )
