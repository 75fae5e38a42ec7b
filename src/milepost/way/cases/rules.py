"""Pure decisions about delays: whether an order will be late, why, and until when it will take (EXC-1)."""

from collections.abc import Mapping, Sequence
from datetime import date

from milepost.kernel.worktime import WorkingCalendar
from milepost.way.cases.words import Verdict
from milepost.way.promising.words import Cause
from milepost.way.tracking.words import Cause as Incident
from milepost.way.tracking.words import Delay

CAUSES: Mapping[Incident, Cause] = {
    Incident.WEATHER: Cause.WEATHER,
    Incident.CARRIER: Cause.CARRIER,
    Incident.CONSIGNEE: Cause.CONSIGNEE,
    Incident.ADDRESS: Cause.ADDRESS,
    Incident.CUSTOMS: Cause.CUSTOMS,
    Incident.SUPPLIER: Cause.SUPPLY,
    Incident.US: Cause.WAREHOUSE,
    Incident.SECURITY: Cause.SECURITY,
    Incident.FORCE_MAJEURE: Cause.WEATHER,
    Incident.UNKNOWN: Cause.UNKNOWN,
}
"""What a carrier's incident reason is in the words of promises."""

ALLOWANCE: Mapping[Cause, int] = {
    Cause.WEATHER: 2, Cause.CARRIER: 2, Cause.CUSTOMS: 5, Cause.ADDRESS: 3, Cause.CONSIGNEE: 3, Cause.SECURITY: 3,
    Cause.SUPPLY: 5, Cause.WAREHOUSE: 2,
}  # fmt: skip
"""Working days to allow for a cause when nobody has stated a date."""
_ALLOWANCE_ELSE = 3


def by_carriers(delays: Sequence[Delay], *, due_was: date, calendar: WorkingCalendar) -> Verdict | None:
    """What the standing delays of an order's parcels mean: the latest date decides. None when all is still in time.

    It looks only at what stands and at the date promised before the delay, so the order of reports does not matter.
    """
    verdicts = [Verdict(CAUSES[d.cause], _expected(d, due_was=due_was, calendar=calendar)) for d in delays]
    late = [verdict for verdict in verdicts if verdict.new_latest_on > due_was]
    return max(late, key=lambda verdict: (verdict.new_latest_on, verdict.cause), default=None)


def _expected(delay: Delay, *, due_was: date, calendar: WorkingCalendar) -> date:
    if delay.estimate_on is not None:
        return delay.estimate_on
    start = max(due_was, delay.since_at.astimezone(calendar.zone).date())
    return calendar.plus_working_days(start, ALLOWANCE.get(CAUSES[delay.cause], _ALLOWANCE_ELSE))


def reckoned(*, start: date, shipped: bool, short: bool, known: str, calendar: WorkingCalendar) -> Verdict:
    """A new date where nobody stated one: `start` and the working days that the cause usually takes.

    The cause is the one already known, else the one that the order's place on its way suggests.
    """
    suggested = Cause.CARRIER if shipped else Cause.SUPPLY if short else Cause.WAREHOUSE
    cause = Cause(known) if known else suggested
    days = ALLOWANCE.get(cause, _ALLOWANCE_ELSE)
    return Verdict(cause, calendar.plus_working_days(start, days if shipped else days + 1))
