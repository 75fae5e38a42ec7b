"""Open, revise and end delays: one open delay of an order, told when its date or cause changes (EXC-1 to EXC-3)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection

from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact
from milepost.kernel.ids import new_id
from milepost.way.cases.facts import DelayFound, DelayResolved, DelaySuspected, ExceptionSettled
from milepost.way.cases.models import Case
from milepost.way.cases.words import CaseKind, FoundBy, Outcome, Verdict
from milepost.way.orders.words import State

AWAITED = (
    State.CONFIRMED, State.PROCESSING, State.PACKED, State.SHIPPED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY,
)  # fmt: skip
SHIPPED = (State.SHIPPED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY)
_LOCKS = 0x6361736573 << 24
"""Marks the advisory locks of this room; an order's id is added."""


def in_turn(order_ids: Iterable[int]) -> list[int]:
    """Have those who look at the same orders' cases wait for each other, in one fixed order. One statement."""
    wanted = sorted(set(order_ids))
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(k) FROM unnest(%b::bigint[]) AS k", [[_LOCKS + k for k in wanted]]
            )
    return wanted


def open_cases(order_ids: Iterable[int], kind: CaseKind = CaseKind.DELAY) -> dict[int, Case]:
    """The open case of each order that has one of this kind, locked. One statement."""
    rows = Case.objects.select_for_update().filter(order_id__in=list(order_ids), kind=kind, resolved_at=None)
    return {row.order_id: row for row in rows.order_by("id")}


def find(
    found: Mapping[int, Verdict], cases: Mapping[int, Case], due: Mapping[int, date], by: FoundBy, act: Act,
    *, notes: Mapping[int, str] | None = None,
) -> list[OrderFact]:  # fmt: skip
    """Open new cases, revise those whose cause or date has changed; return what is to be told of both. Two statements."""
    new = [
        _case(key, verdict, due[key], by, act, (notes or {}).get(key, ""))
        for key, verdict in found.items()
        if key not in cases
    ]
    moved = [_revised(cases[key], v) for key, v in found.items() if key in cases and _differs(cases[key], v)]
    Case.objects.bulk_create(new)
    if moved:
        Case.objects.bulk_update(moved, _REVISED)
    return [_found(case, by) for case in (*new, *moved)]


_REVISED = ("cause", "new_latest_on", "new_earliest_on", "confidence", "sign", "parcel_id", "revisions")


def _case(order_id: int, verdict: Verdict, due_was: date, by: FoundBy, act: Act, note: str) -> Case:
    return Case(
        id=new_id(), order_id=order_id, kind=CaseKind.DELAY, cause=verdict.cause, found_by=by, found_at=act.at,
        due_was=due_was, new_latest_on=verdict.new_latest_on, new_earliest_on=verdict.new_earliest_on,
        confidence=verdict.confidence, sign=verdict.sign, parcel_id=verdict.parcel_id, note=note,
    )  # fmt: skip


def _differs(case: Case, verdict: Verdict) -> bool:
    return (case.cause, case.new_latest_on) != (verdict.cause, verdict.new_latest_on)


def _revised(case: Case, verdict: Verdict) -> Case:
    case.cause, case.new_latest_on, case.new_earliest_on = verdict.cause, verdict.new_latest_on, verdict.new_earliest_on
    case.confidence, case.sign, case.parcel_id = verdict.confidence, verdict.sign, verdict.parcel_id
    case.revisions += 1
    return case


def _found(case: Case, by: FoundBy) -> OrderFact:
    """A delay where the date moves; else only a suspicion, of which customers hear nothing."""
    if case.due_was is None or case.new_latest_on is None:
        raise ValueError("a delay has dates")
    if case.new_latest_on > case.due_was:
        return DelayFound(
            order_id=case.order_id, case_id=case.id, cause=case.cause, due_was=case.due_was,
            new_latest_on=case.new_latest_on, new_earliest_on=case.new_earliest_on, confidence=case.confidence,
            found_by=by, sign=case.sign,
        )  # fmt: skip
    return DelaySuspected(
        order_id=case.order_id, case_id=case.id, cause=case.cause, due_on=case.due_was, earliest_on=case.new_earliest_on,
        latest_on=case.new_latest_on, confidence=case.confidence, found_by=by, sign=case.sign,
    )  # fmt: skip


def end(rows: Sequence[Case], outcome: Outcome, act: Act) -> list[OrderFact]:
    """The cases are over; return what is to be told of it. One statement."""
    if not rows:
        return []
    Case.objects.filter(id__in=[row.id for row in rows]).update(resolved_at=act.at, outcome=outcome)
    return [_ended(row, outcome, act) for row in rows]


def _ended(case: Case, outcome: Outcome, act: Act) -> OrderFact:
    if case.kind != CaseKind.DELAY or case.due_was is None:
        return ExceptionSettled(order_id=case.order_id, case_id=case.id, kind=case.kind, outcome=outcome)
    minutes = max(0, int((act.at - case.found_at).total_seconds() // 60))
    return DelayResolved(
        order_id=case.order_id, case_id=case.id, outcome=outcome, due_was=case.due_was, open_minutes=minutes
    )
