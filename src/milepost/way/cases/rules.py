"""Pure decisions about delays: whether an order will be late, why, and from when to when it will arrive (EXC-1)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from milepost.ground.procedures.words import SilencePolicy
from milepost.kernel.worktime import WorkingCalendar
from milepost.way.cases.words import STATED, Sign, Verdict
from milepost.way.promising.words import Cause
from milepost.way.tracking.words import Cause as Incident
from milepost.way.tracking.words import Delay, Stage, StandingConcern

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


def weigh(said: Verdict | None, noticed: Verdict | None) -> Verdict | None:
    """What stands of an order, by carriers' word and by the clock: the latest date decides, of two the same the word.

    It looks only at what stands and at the dates promised before, so the order of reports does not matter.
    """
    found = [verdict for verdict in (said, noticed) if verdict is not None]
    return max(found, key=lambda verdict: (verdict.new_latest_on, verdict.sign in STATED), default=None)


def by_carriers(
    delays: Sequence[Delay], *, due_was: date, calendar: WorkingCalendar, policy: SilencePolicy
) -> Verdict | None:
    """What the delays mean that carriers report: the latest date decides. None when all is still in time."""
    verdicts = [_stated(delay, due_was=due_was, calendar=calendar, policy=policy) for delay in delays]
    late = [verdict for verdict in verdicts if verdict.new_latest_on > due_was]
    return max(late, key=lambda verdict: (verdict.new_latest_on, verdict.cause), default=None)


def _stated(delay: Delay, *, due_was: date, calendar: WorkingCalendar, policy: SilencePolicy) -> Verdict:
    cause = CAUSES[delay.cause]
    sign = Sign.CUSTOMS if cause is Cause.CUSTOMS else Sign.CARRIER_EXCEPTION
    if delay.estimate_on is not None:
        return Verdict(cause, delay.estimate_on, delay.estimate_on, policy.stated_confidence, sign)
    start = max(due_was, delay.since_at.astimezone(calendar.zone).date())
    return _allowed(cause, start, calendar, policy, sign)


def by_clock(concerns: Sequence[StandingConcern], *, due_was: date, policy: SilencePolicy) -> Verdict | None:
    """What the concerns mean that the clock has found: the latest date decides; one that is still in time leaves the promise."""
    verdicts = [
        Verdict(
            Cause(policy.sign(one.concern).cause or Cause.UNKNOWN), max(one.latest_on, due_was),
            min(one.earliest_on, max(one.latest_on, due_was)), one.confidence, Sign(one.concern), one.parcel_id,
        )
        for one in concerns
    ]  # fmt: skip
    return max(verdicts, key=lambda verdict: (verdict.new_latest_on, verdict.cause, verdict.parcel_id), default=None)


def takes_over(verdict: Verdict, *, new_latest_on: date) -> bool:
    """Whether a verdict replaces what an open case says. A carrier's word does; what the clock finds only makes it later.

    So the same matter is not told again, and what was told is not taken back by a guess.
    """
    return verdict.sign in STATED or verdict.new_latest_on > new_latest_on


def reckoned(
    *, start: date, shipped: bool, short: bool, known: str, calendar: WorkingCalendar, policy: SilencePolicy,
    sign: Sign = Sign.PAST_PROMISE,
) -> Verdict:  # fmt: skip
    """New dates where nobody stated one: `start` and the working days that the cause usually takes.

    The cause is the one already known, else the one that the order's place on its way suggests.
    """
    suggested = Cause.CARRIER if shipped else Cause.SUPPLY if short else Cause.WAREHOUSE
    return _allowed(Cause(known) if known else suggested, start, calendar, policy, sign, more=0 if shipped else 1)


def _allowed(
    cause: Cause, start: date, calendar: WorkingCalendar, policy: SilencePolicy, sign: Sign, *, more: int = 0
) -> Verdict:
    allowance = policy.allowance(cause)
    least, most = allowance.days
    return Verdict(
        cause, calendar.plus_working_days(start, most + more), calendar.plus_working_days(start, least + more),
        allowance.confidence, sign,
    )  # fmt: skip


def waits_for_the_recipient(stages: Iterable[Stage]) -> bool:
    """Whether all parcels are there or lie ready to be collected, so that a promise that passes is not broken by anybody here."""
    found = set(stages)
    return Stage.READY_FOR_PICKUP in found and found <= {Stage.READY_FOR_PICKUP, Stage.DELIVERED}
