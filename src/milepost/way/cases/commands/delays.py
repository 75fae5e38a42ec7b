"""Delays: found by carriers' word, by what they do not say, by supply or by hand; and ended (EXC-1 to EXC-3)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import Book
from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.kernel.texts import printable
from milepost.way.cases import rules
from milepost.way.cases.commands.finding import AWAITED, end, find, in_turn, open_cases
from milepost.way.cases.commands.past_promise import reckon
from milepost.way.cases.models import Case
from milepost.way.cases.words import NOTICED, STATED, CaseKind, DelayDraft, FoundBy, Outcome, Sign, Verdict
from milepost.way.orders import queries as orders
from milepost.way.promising import queries as promising
from milepost.way.promising.words import Cause
from milepost.way.tracking import queries as tracking
from milepost.way.tracking.words import Delay, StandingConcern

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
    """Carriers reported, moved or ended delays, or the clock noticed something of parcels, or that is over.

    Opens, revises or ends the orders' delays by what stands now. What staff, supply or a passed promise found is not ended by it.
    A constant number of statements.
    """
    with journal.together():
        wanted = in_turn(order_ids)
        standing = promising.standing(wanted)
        awaited = {key for key, state in orders.states(wanted).items() if state in AWAITED and key in standing}
        delays, concerns, cases = tracking.delays(awaited), tracking.concerns(awaited), open_cases(awaited)
        promised = {key: standing[key].now.latest_on for key in awaited}
        before = _before_the_last(set(delays) - set(cases), promised)
        book = procedures.book()
        verdicts = _weighed(awaited, delays, concerns, cases, promised | before, promised, book)
        facts = find(_of(STATED, verdicts, cases), cases, promised | before, FoundBy.CARRIER, act)
        facts += find(_of(NOTICED, verdicts, cases), cases, promised, FoundBy.CLOCK, act)
        over = [case for key, case in cases.items() if key not in verdicts and Sign(case.sign) in STATED | NOTICED]
        journal.record([*facts, *_let_go(over, act.at.astimezone(book.calendar().zone).date(), act)], act=act)


def _before_the_last(order_ids: Collection[int], promised: Mapping[int, date]) -> dict[int, date]:
    """What was promised before the last delay of each order that carriers reported, where nothing was promised since.

    So a delay that ends and comes again is measured by the same date as one that never ended. At most one statement.
    """
    rows = Case.objects.filter(
        order_id__in=order_ids, kind=CaseKind.DELAY, outcome=Outcome.MOVING_AGAIN, sign__in=STATED
    ).order_by("resolved_at", "found_at")
    found = {row.order_id: row for row in rows} if order_ids else {}
    return {key: row.due_was for key, row in found.items() if row.due_was and row.new_latest_on == promised[key]}


def _weighed(
    awaited: Iterable[int], delays: Mapping[int, Sequence[Delay]], concerns: Mapping[int, Sequence[StandingConcern]],
    cases: Mapping[int, Case], measured_by: Mapping[int, date], promised: Mapping[int, date], book: Book,
) -> dict[int, Verdict]:  # fmt: skip
    """What stands of each order, if anything, measured by what was promised before its delay."""
    calendar, found = book.calendar(), {}
    for key in sorted(awaited):
        case = cases.get(key)
        before = case.due_was if case else None
        verdict = rules.weigh(
            rules.by_carriers(
                delays.get(key, ()), due_was=before or measured_by[key], calendar=calendar, policy=book.silence
            ),
            rules.by_clock(concerns.get(key, ()), due_was=before or promised[key], policy=book.silence),
        )
        if verdict is not None:
            found[key] = verdict
    return found


def _of(signs: Collection[Sign], verdicts: Mapping[int, Verdict], cases: Mapping[int, Case]) -> dict[int, Verdict]:
    """The verdicts by these signs; what an open case says already, better, is left as it is."""
    return {
        key: verdict
        for key, verdict in verdicts.items()
        if verdict.sign in signs and (key not in cases or _takes_over(verdict, cases[key]))
    }


def _takes_over(verdict: Verdict, case: Case) -> bool:
    return case.new_latest_on is None or rules.takes_over(verdict, new_latest_on=case.new_latest_on)


def _let_go(cases: Sequence[Case], today: date, act: Act) -> list[OrderFact]:
    """A delay that carriers report no more gives back the date that was promised before, if it is still to come.

    What the clock noticed does not: the date that was told last stands, and need not be told again when it falls silent again.
    """
    back = [case for case in cases if Sign(case.sign) in STATED and case.due_was is not None and case.due_was >= today]
    rest = [case for case in cases if case not in back]
    return [*end(back, Outcome.BACK_IN_TIME, act), *end(rest, Outcome.MOVING_AGAIN, act)]


def report_delays(drafts: Sequence[DelayDraft], *, act: Act) -> None:
    """Staff know of a delay: its cause, and the new date if there is one (else it is reckoned).

    Refuses, by index, `not_awaited` (409), `bad_cause`, `in_time`.
    """
    with journal.together():
        wanted = in_turn([draft.order_id for draft in drafts])
        standing, states, cases = promising.standing(wanted), orders.states(wanted), open_cases(wanted)
        due = {key: found.now.latest_on for key, found in standing.items() if states.get(key) in AWAITED}
        refuse_any(_bad_drafts(drafts, due, cases))
        undated = {d.order_id: d.cause for d in drafts if d.new_latest_on is None}
        signs = dict.fromkeys(undated, Sign.REPORTED)
        reckoned = reckon({key: due[key] for key in undated}, undated, states, act, signs=signs)
        found = {d.order_id: _reported(d) or reckoned[d.order_id] for d in drafts}
        notes = {draft.order_id: printable(draft.note, 2000) for draft in drafts}
        journal.record(find(found, cases, due, FoundBy.STAFF, act, notes=notes), act=act)


def _reported(draft: DelayDraft) -> Verdict | None:
    if draft.new_latest_on is None:
        return None
    sure = procedures.book().silence.stated_confidence
    return Verdict(draft.cause, draft.new_latest_on, draft.new_latest_on, sure, Sign.REPORTED)


def late_supply(expected: Mapping[int, date], *, act: Act) -> None:
    """What orders wait for comes so late that they will be there by these days: open or revise a delay where that is past the
    promise (EXC-1). Orders that nobody awaits are passed over.
    """
    with journal.together():
        wanted = in_turn(expected)
        standing, states, cases = promising.standing(wanted), orders.states(wanted), open_cases(wanted)
        due = {key: found.now.latest_on for key, found in standing.items() if states.get(key) in AWAITED}
        sure = procedures.book().silence.stated_confidence
        found = {
            key: Verdict(Cause.SUPPLY, expected[key], expected[key], sure, Sign.SUPPLY)
            for key in due
            if expected[key] > due[key]
        }
        journal.record(find(found, cases, due, FoundBy.SUPPLY, act), act=act)


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


def resolve(order_ids: Sequence[int], *, outcome: Outcome, act: Act, signs: Collection[Sign] = ()) -> None:
    """The orders' open delays are over (with `signs`, those that were found so); when delivered or cancelled, all their open
    cases are. Three statements.
    """
    with journal.together():
        rows = Case.objects.select_for_update().filter(order_id__in=list(order_ids), resolved_at=None).order_by("id")
        if outcome not in (Outcome.DELIVERED, Outcome.CANCELLED):
            rows = rows.filter(kind=CaseKind.DELAY)
        if signs:
            rows = rows.filter(sign__in=signs)
        journal.record(end(list(rows), outcome, act), act=act)
