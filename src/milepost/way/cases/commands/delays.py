"""Delays and losses: found by carriers' word, by the clock, by supply or by hand; resolved (EXC-1 to EXC-3)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.kernel.texts import printable
from milepost.way.cases import rules
from milepost.way.cases.facts import DelayFound, DelayResolved, ExceptionFound, ExceptionSettled
from milepost.way.cases.models import Case
from milepost.way.cases.words import CaseKind, DelayDraft, FoundBy, Outcome, Verdict
from milepost.way.orders import queries as orders
from milepost.way.orders.words import State
from milepost.way.promising import queries as promising
from milepost.way.promising.words import Cause
from milepost.way.stock import queries as stock
from milepost.way.tracking import queries as tracking
from milepost.way.tracking.words import Progress, Reached, Stage

AWAITED = (
    State.CONFIRMED, State.PROCESSING, State.PACKED, State.SHIPPED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY,
)  # fmt: skip
_SHIPPED = (State.SHIPPED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY)
_LOCKS = 0x6361736573 << 24
"""Marks the advisory locks of this room; an order's id is added."""

NOT_AWAITED = Refusal(
    code="not_awaited",
    says="No delivery of this order is awaited, so it cannot be delayed.",
    do="Look at its state and its promise.",
    status=409,
    field="order_id",
)
BAD_CAUSE = Refusal(
    code="bad_cause", says="There is no such cause of delay.", do="Choose one of: {causes}.", field="cause",
    values={"causes": ", ".join(cause for cause in Cause if cause)},
)  # fmt: skip
IN_TIME = Refusal(
    code="in_time",
    says="The new date is not later than the one that was promised.",
    do="Give a later date, or no date to have one reckoned.",
    field="new_latest_on",
)


def reconsider(order_ids: Sequence[int], *, act: Act) -> None:
    """Carriers reported, moved or ended delays: open, revise or resolve the orders' delays by what stands now.

    A delay found by the clock or by staff is not resolved by a carrier's silence. A constant number of statements.
    """
    with journal.together():
        wanted = _in_turn(order_ids)
        standing = promising.standing(wanted)
        awaited = {key for key, state in orders.states(wanted).items() if state in AWAITED and key in standing}
        delays, cases = tracking.delays(awaited), _open(awaited)
        calendar = procedures.book().calendar()
        found: dict[int, Verdict] = {}
        ended: list[Case] = []
        for order_id in sorted(awaited):
            case = cases.get(order_id)
            due_was = case.due_was if case and case.due_was else standing[order_id].now.latest_on
            verdict = rules.by_carriers(delays.get(order_id, ()), due_was=due_was, calendar=calendar)
            if verdict is not None:
                found[order_id] = verdict
            elif case is not None and case.found_by == FoundBy.CARRIER:
                ended.append(case)
        due = {order_id: standing[order_id].now.latest_on for order_id in found}
        facts = _find(found, cases, due, FoundBy.CARRIER, act)
        journal.record([*facts, *_end(ended, Outcome.BACK_IN_TIME, act)], act=act)


def find_delays(*, act: Act, limit: int = 500, after: int = 0) -> int:
    """Find orders that are past their promise and not delivered; open or revise their delay (FUP-1). Return how many.

    For the worker; several may run. An order with a revised promise is found again when that passes too. Imported history
    is left alone. Pass the last order's id as `after` to go on.
    """
    with journal.together():
        past = promising.overdue(now=act.at, after=after, limit=limit, awaited=AWAITED)
        contacts = orders.contacts([promise.order_id for promise in past])
        wanted = _in_turn([key for key, c in contacts.items() if c.state in AWAITED and not c.history])
        standing = promising.standing(wanted)
        late = {key: found.now for key, found in standing.items() if found.now.latest_at < act.at}
        cases = _open(late)
        due = {key: promise.latest_on for key, promise in late.items()}
        known = {key: case.cause for key, case in cases.items()}
        found = _reckon(due, known, {key: contacts[key].state for key in late}, act)
        facts = _find(found, cases, due, FoundBy.CLOCK, act)
        journal.record(facts, act=act)
    return len(facts)


def _reckon(
    due: Mapping[int, date], known: Mapping[int, str], states: Mapping[int, str], act: Act
) -> dict[int, Verdict]:
    """A cause and a new date for each order, by what is known and where it is; no earlier than it was due."""
    if not due:
        return {}
    calendar = procedures.book().calendar()
    today = act.at.astimezone(calendar.zone).date()
    reported, lines = tracking.delays(due), stock.of_lines(due)
    return {
        key: rules.reckoned(
            start=max(today, due_on), shipped=states[key] in _SHIPPED,
            short=any(line.short for line in lines.get(key, {}).values()),
            known=known.get(key) or (rules.CAUSES[reported[key][0].cause] if key in reported else ""), calendar=calendar,
        )
        for key, due_on in due.items()
    }  # fmt: skip


def report_delays(drafts: Sequence[DelayDraft], *, act: Act) -> None:
    """Staff know of a delay: its cause, and the new date if there is one (else it is reckoned).

    Refuses, by index, `not_awaited` (409), `bad_cause`, `in_time`.
    """
    with journal.together():
        wanted = _in_turn([draft.order_id for draft in drafts])
        standing, states, cases = promising.standing(wanted), orders.states(wanted), _open(wanted)
        due = {key: found.now.latest_on for key, found in standing.items() if states.get(key) in AWAITED}
        refuse_any(_bad_drafts(drafts, due, cases))
        undated = {d.order_id: d.cause for d in drafts if d.new_latest_on is None}
        reckoned = _reckon({key: due[key] for key in undated}, undated, states, act)
        found = {d.order_id: Verdict(d.cause, d.new_latest_on or reckoned[d.order_id].new_latest_on) for d in drafts}
        notes = {draft.order_id: printable(draft.note, 2000) for draft in drafts}
        journal.record(_find(found, cases, due, FoundBy.STAFF, act, notes=notes), act=act)


def late_supply(expected: Mapping[int, date], *, act: Act) -> None:
    """What orders wait for comes so late that they will be there by these days: open or revise a delay where that is past the
    promise (EXC-1). Orders that nobody awaits are passed over.
    """
    with journal.together():
        wanted = _in_turn(expected)
        standing, states, cases = promising.standing(wanted), orders.states(wanted), _open(wanted)
        due = {key: found.now.latest_on for key, found in standing.items() if states.get(key) in AWAITED}
        found = {key: Verdict(Cause.SUPPLY, expected[key]) for key in due if expected[key] > due[key]}
        journal.record(_find(found, cases, due, FoundBy.SUPPLY, act), act=act)


def _bad_drafts(drafts: Sequence[DelayDraft], due: Mapping[int, date], cases: Mapping[int, Case]) -> Iterable[Refusal]:
    for index, draft in enumerate(drafts):
        if draft.order_id not in due:
            yield NOT_AWAITED.at(index=index)
            continue
        if draft.cause not in set(Cause) - {Cause.NONE}:
            yield BAD_CAUSE.at(index=index)
        case = cases.get(draft.order_id)
        promised = case.due_was if case and case.due_was else due[draft.order_id]
        if draft.new_latest_on is not None and draft.new_latest_on <= promised:
            yield IN_TIME.at(index=index)


def watch_parcels(order_ids: Sequence[int], *, act: Act) -> None:
    """Open a case for each order of which a parcel is lost or comes back undelivered; settle it when none is any more."""
    with journal.together():
        wanted = _in_turn(order_ids)
        progress = tracking.progress(wanted)
        facts: list[OrderFact] = []
        for kind, is_so in _TROUBLES.items():
            cases = _open(wanted, kind)
            bad = [key for key in wanted if any(is_so(parcel) for parcel in progress.get(key, ()))]
            rows = [_exception(order_id, kind, act) for order_id in bad if order_id not in cases]
            Case.objects.bulk_create(rows)
            facts += [ExceptionFound(order_id=r.order_id, case_id=r.id, kind=r.kind, cause=r.cause) for r in rows]
            facts += _end([case for key, case in cases.items() if key not in bad], Outcome.SETTLED, act)
        journal.record(facts, act=act)


def _is_lost(parcel: Progress) -> bool:
    return parcel.stage is Stage.LOST


def _comes_back(parcel: Progress) -> bool:
    """Undelivered; what a customer sends back is no exception."""
    return parcel.stage in (Stage.RETURNING, Stage.RETURNED) and parcel.reached is not Reached.DELIVERED


_TROUBLES = {CaseKind.LOST: _is_lost, CaseKind.RETURN: _comes_back}


def _exception(order_id: int, kind: CaseKind, act: Act) -> Case:
    return Case(
        id=new_id(), order_id=order_id, kind=kind, cause=Cause.CARRIER, found_by=FoundBy.CARRIER, found_at=act.at
    )


def resolve(order_ids: Sequence[int], *, outcome: Outcome, act: Act) -> None:
    """The orders' open delays are over; when delivered or cancelled, all their open cases are. Three statements."""
    with journal.together():
        rows = Case.objects.select_for_update().filter(order_id__in=list(order_ids), resolved_at=None).order_by("id")
        if outcome in (Outcome.BACK_IN_TIME, Outcome.SETTLED):
            rows = rows.filter(kind=CaseKind.DELAY)
        journal.record(_end(list(rows), outcome, act), act=act)


def _in_turn(order_ids: Iterable[int]) -> list[int]:
    """Have those who look at the same orders' cases wait for each other, in one fixed order. One statement."""
    wanted = sorted(set(order_ids))
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(k) FROM unnest(%b::bigint[]) AS k", [[_LOCKS + k for k in wanted]]
            )
    return wanted


def _open(order_ids: Iterable[int], kind: CaseKind = CaseKind.DELAY) -> dict[int, Case]:
    rows = Case.objects.select_for_update().filter(order_id__in=list(order_ids), kind=kind, resolved_at=None)
    return {row.order_id: row for row in rows.order_by("id")}


def _find(
    found: Mapping[int, Verdict], cases: Mapping[int, Case], due: Mapping[int, date], by: FoundBy, act: Act,
    *, notes: Mapping[int, str] | None = None,
) -> list[OrderFact]:  # fmt: skip
    """Open new cases, revise those whose cause or date has changed, and tell of both."""
    new = [
        _case(key, verdict, due[key], by, act, (notes or {}).get(key, ""))
        for key, verdict in found.items()
        if key not in cases
    ]
    moved = [_revised(cases[key], v) for key, v in found.items() if key in cases and _differs(cases[key], v)]
    Case.objects.bulk_create(new)
    if moved:
        Case.objects.bulk_update(moved, ["cause", "new_latest_on", "revisions"])
    return [_found(case, by) for case in (*new, *moved)]


def _case(order_id: int, verdict: Verdict, due_was: date, by: FoundBy, act: Act, note: str) -> Case:
    return Case(
        id=new_id(), order_id=order_id, kind=CaseKind.DELAY, cause=verdict.cause, found_by=by, found_at=act.at,
        due_was=due_was, new_latest_on=verdict.new_latest_on, note=note,
    )  # fmt: skip


def _differs(case: Case, verdict: Verdict) -> bool:
    return (case.cause, case.new_latest_on) != (verdict.cause, verdict.new_latest_on)


def _revised(case: Case, verdict: Verdict) -> Case:
    case.cause, case.new_latest_on, case.revisions = verdict.cause, verdict.new_latest_on, case.revisions + 1
    return case


def _found(case: Case, by: FoundBy) -> DelayFound:
    if case.due_was is None or case.new_latest_on is None:
        raise ValueError("a delay has dates")
    return DelayFound(
        order_id=case.order_id, case_id=case.id, cause=case.cause, due_was=case.due_was, new_latest_on=case.new_latest_on,
        found_by=by,
    )  # fmt: skip


def _end(rows: Sequence[Case], outcome: Outcome, act: Act) -> list[OrderFact]:
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
