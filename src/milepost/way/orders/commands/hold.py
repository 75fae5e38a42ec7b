"""Hold and release: typed reasons to wait (VER-3)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from milepost.ground import journal
from milepost.ground.access import queries as access
from milepost.ground.access.words import ROLES
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused, refuse_any
from milepost.way.orders.facts import HoldReleased, OrderHeld, ReleaseProposed
from milepost.way.orders.models import Hold, Order
from milepost.way.orders.words import OPEN_STATES, WantedHold

NO_SUCH_HOLD = Refusal(
    code="no_such_hold",
    says="There is no open hold of this kind on the order.",
    do="Look at the order's holds again; it may have been released already.",
    status=404,
    field="kind",
)
SAME_PERSON = Refusal(
    code="same_person",
    says="You proposed this release yourself; it takes a second person.",
    do="Ask somebody else to look at the order and approve it.",
    status=409,
    field="kind",
)
NOT_APPROVER = Refusal(
    code="not_approver",
    says="This release is proposed, and {role} has to approve it.",
    do="Ask somebody of that role to look at the order.",
    status=409,
    field="kind",
)


def hold(wanted: Sequence[WantedHold], *, act: Act) -> None:
    """Open holds; an order that already has an open one of the same kind keeps that one."""
    if not wanted:
        return
    with journal.together():
        order_ids = sorted({one.order_id for one in wanted})
        list(Order.objects.select_for_update(no_key=True).filter(id__in=order_ids).order_by("id").values_list("id"))
        open_already = set(
            Hold.objects.filter(order_id__in=order_ids, released_at=None).values_list("order_id", "kind")
        )
        rows = [_row(one, act) for one in wanted if (one.order_id, one.kind) not in open_already]
        journal.insert(rows)
        journal.record([_held(row) for row in rows], act=act)


def _row(one: WantedHold, act: Act) -> Hold:
    return Hold(
        id=new_id(), order_id=one.order_id, kind=one.kind, reason=one.reason, role=one.role, blocking=one.blocking,
        approver=one.approver, evidence=one.evidence, opened_at=act.at, opened_by=act.actor,
    )  # fmt: skip


def _held(row: Hold) -> OrderHeld:
    return OrderHeld(order_id=row.order_id, hold_id=row.id, kind=row.kind, role=row.role, blocking=row.blocking)


def release(order_ids: Sequence[int], *, kind: str, outcome: str, act: Act, settled: bool = False) -> None:
    """Release the open holds of one kind, with the outcome on record.

    A hold with an approver takes two people: who says it first proposes it, and it stays until somebody else, of the
    approver's role, says it too; of history that is not asked. `settled`: nothing that it waited for is open any more, so no
    second word is needed, and an order without such a hold is passed over. Refuses `no_such_hold` (404), `same_person` and
    `not_approver` (409).
    """
    with journal.together():
        list(Order.objects.select_for_update(no_key=True).filter(id__in=order_ids).order_by("id").values_list("id"))
        rows = list(Hold.objects.filter(order_id__in=order_ids, released_at=None, order__state__in=OPEN_STATES))
        mine = [row for row in rows if row.kind == kind]
        if not settled and {row.order_id for row in mine} != set(order_ids):
            raise Refused(NO_SUCH_HOLD)
        alone = settled or act.history
        proposals = [] if alone else [row for row in mine if row.approver and not row.proposed_by]
        released = [row for row in mine if row not in proposals]
        refuse_any([] if alone else _not_theirs(released, act))
        _propose(proposals, outcome, act)
        _release(released, outcome, act)
        left = Counter(row.order_id for row in rows if row.blocking and row not in released)
        journal.record(
            [*(_proposed(row) for row in proposals), *(_released(row, left[row.order_id]) for row in released)], act=act
        )


def _not_theirs(rows: Sequence[Hold], act: Act) -> list[Refusal]:
    """Why this actor cannot approve what somebody proposed. One statement, none where nothing waits for approval."""
    waiting = [row for row in rows if row.approver]
    if not waiting:
        return []
    roles = access.roles_of(act.actor)
    refusals = []
    for row in waiting:
        if row.proposed_by == act.actor:
            refusals.append(SAME_PERSON)
        elif row.approver not in roles and "administrator" not in roles:
            refusals.append(replace(NOT_APPROVER, values={"role": ROLES.get(row.approver, row.approver)}))
    return refusals


def _propose(rows: Sequence[Hold], outcome: str, act: Act) -> None:
    if rows:
        Hold.objects.filter(id__in=[row.id for row in rows]).update(
            proposed_at=act.at, proposed_by=act.actor, outcome=outcome
        )


def _release(rows: Sequence[Hold], outcome: str, act: Act) -> None:
    if rows:
        Hold.objects.filter(id__in=[row.id for row in rows]).update(
            released_at=act.at, released_by=act.actor, outcome=outcome
        )


def _proposed(row: Hold) -> ReleaseProposed:
    return ReleaseProposed(order_id=row.order_id, hold_id=row.id, kind=row.kind, approver=row.approver)


def _released(row: Hold, left: int) -> HoldReleased:
    return HoldReleased(
        order_id=row.order_id, hold_id=row.id, kind=row.kind, blocking_left=left, proposed_by=row.proposed_by
    )
