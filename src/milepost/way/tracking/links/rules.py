"""What a look at a tracking link means. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from milepost.ground.procedures.words import LinkRules
from milepost.way.tracking.links.words import LinkState, Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a link stands after a look, and when it is looked at again."""

    state: LinkState
    failures: int
    next_check_at: datetime


def after(look: Look, *, state: LinkState, failures: int, rules: LinkRules, now: datetime) -> Standing:
    """One page that is not there may be a hiccup: a link is broken after as many looks in a row as the procedure says.

    Until then it stands as it stood, and is looked at again soon. A broken one is looked at as often as a good one: carriers
    repair their pages.
    """
    if look is Look.ALIVE:
        return Standing(state=LinkState.ALIVE, failures=0, next_check_at=now + timedelta(hours=rules.recheck_hours))
    failures = min(failures + 1, 999)
    if failures >= rules.looks_before_broken:
        return Standing(
            state=LinkState.BROKEN, failures=failures, next_check_at=now + timedelta(hours=rules.recheck_hours)
        )
    return Standing(state=state, failures=failures, next_check_at=now + timedelta(minutes=rules.retry_minutes))
