"""Orders that are past their promise and not there: found by the clock (EXC-1, FUP-1)."""

from collections.abc import Mapping
from datetime import date, datetime

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.way.cases import rules
from milepost.way.cases.commands.finding import AWAITED, SHIPPED, find, in_turn, open_cases
from milepost.way.cases.models import Case
from milepost.way.cases.words import FoundBy, Sign, Swept, Verdict
from milepost.way.orders import queries as orders
from milepost.way.promising import queries as promising
from milepost.way.stock import queries as stock
from milepost.way.tracking import queries as tracking


def find_delays(*, act: Act, limit: int = 500, after: tuple[datetime, int] | None = None) -> Swept:
    """Find orders that are past their promise and not delivered; open or revise their delay (FUP-1).

    For the worker; several may run. An order with a revised promise is found again when that passes too. Imported history is left
    alone, and so is what lies ready for its recipient. Go on with `after` of the answer until there is none. A constant number of
    statements, the first of them on an index that holds no order that has arrived.
    """
    with journal.together():
        promises = promising.overdue(now=act.at, after=after, limit=limit)
        past = [promise.order_id for promise in promises]
        wanted = in_turn(set(past) - _ready(past)) if past else []
        contacts, standing = orders.contacts(wanted), promising.standing(wanted)
        states = {key: one.state for key, one in contacts.items() if one.state in AWAITED and not one.history}
        due = {key: standing[key].now.latest_on for key in states if standing[key].now.latest_at < act.at}
        cases = open_cases(due)
        facts = find(_verdicts(due, cases, states, act), cases, due, FoundBy.CLOCK, act)
        journal.record(facts, act=act)
    last = promises[-1] if len(promises) == limit else None
    return Swept(len(facts), (last.latest_at, last.order_id) if last else None)


def _ready(order_ids: list[int]) -> set[int]:
    """The orders that wait for nobody but their recipient."""
    parcels = tracking.progress(order_ids)
    return {key for key, some in parcels.items() if rules.waits_for_the_recipient(one.stage for one in some)}


def _verdicts(
    due: Mapping[int, date], cases: Mapping[int, Case], states: Mapping[int, str], act: Act
) -> dict[int, Verdict]:
    """By what sign an order was found first, stays on record when its new date passes too."""
    known = {key: case.cause for key, case in cases.items()}
    signs = {key: Sign(case.sign) for key, case in cases.items()}
    return reckon(due, known, states, act, signs=signs)


def reckon(
    due: Mapping[int, date], known: Mapping[int, str], states: Mapping[int, str], act: Act, *,
    signs: Mapping[int, Sign] | None = None,
) -> dict[int, Verdict]:  # fmt: skip
    """A cause and a range of new dates for each order, by what is known and where it is; no earlier than it was due."""
    if not due:
        return {}
    book = procedures.book()
    calendar = book.calendar()
    today = act.at.astimezone(calendar.zone).date()
    reported, lines = tracking.delays(due), stock.of_lines(due)
    return {
        key: rules.reckoned(
            start=max(today, due_on), shipped=states[key] in SHIPPED,
            short=any(line.short for line in lines.get(key, {}).values()),
            known=known.get(key) or (rules.CAUSES[reported[key][0].cause] if key in reported else ""),
            sign=(signs or {}).get(key, Sign.PAST_PROMISE), calendar=calendar, policy=book.silence,
        )
        for key, due_on in due.items()
    }  # fmt: skip
