"""When carriers are asked about parcels, within which budget, and what follows from how they answer. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from milepost.ground.procedures.words import AskingBudget, PollingPolicy
from milepost.way.tracking.words import Stage

LEASE = timedelta(minutes=10)
"""For so long nobody else asks about a parcel that somebody took to ask about; a worker that died gives it back so."""
ASKED_FOR = "X-Milepost-Asked-For"
"""Kept with an answer about one parcel, by its number: carriers do not always say which they answer about."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
NOT_KNOWN_YET = timedelta(hours=1)
OVER = frozenset({Stage.DELIVERED, Stage.RETURNED})


class Verdict(StrEnum):
    """How a carrier's system met a question."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    TOO_OFTEN = "too_often"
    AWAY = "away"
    LOCKED_OUT = "locked_out"
    REFUSED = "refused"


OPEN = frozenset({Verdict.ANSWERED, Verdict.NOT_FOUND})
"""The verdicts that show that the system works and lets us in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A parcel that a carrier is asked about."""

    number: str
    shipped_at: datetime
    parcel_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What came of one call. `body` is as it came; `fingerprint` tells two answers apart where something in them always changes.

    `retry_after` is how long the system asks to be left alone, `says` what went wrong, for people.
    """

    numbers: tuple[str, ...]
    verdict: Verdict
    status: int = 0
    content_type: str = ""
    body: bytes = b""
    fingerprint: str = ""
    retry_after: timedelta | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a carrier's system was asked already: calls of an hour and of a day, and until when it is left alone."""

    hour: datetime
    day: datetime
    in_hour: int = 0
    in_day: int = 0
    closed_until: datetime | None = None
    failures: int = 0

    def at(self, now: datetime) -> "Spent":
        """As of now: a new hour and a new day begin with nothing spent."""
        hour, day = (
            now.replace(minute=0, second=0, microsecond=0),
            now.replace(hour=0, minute=0, second=0, microsecond=0),
        )
        return replace(
            self, hour=hour, day=day, in_hour=self.in_hour if self.hour == hour else 0,
            in_day=self.in_day if self.day == day else 0,
        )  # fmt: skip


def allowance(spent: Spent, budget: AskingBudget, now: datetime) -> int:
    """How many calls may be made now. What is left of the day is spread over its hours, so that no evening goes without."""
    if spent.closed_until is not None and spent.closed_until > now:
        return 0
    known = spent.at(now)
    hours_left = 24 - now.hour
    fair = -(-(budget.per_day - known.in_day + known.in_hour) // hours_left)
    left = min(min(budget.per_hour, fair) - known.in_hour, budget.per_day - known.in_day)
    return max(0, min(left, budget.in_parallel))


def interval(policy: PollingPolicy, stage: str, *, quiet: timedelta) -> timedelta:
    """The time between two looks at a parcel in this stage of which nothing was heard for so long."""
    minutes = policy.minutes.get(stage, policy.minutes["default"])
    days = max(0, quiet.days - policy.slow_after_days)
    slower: int = minutes << min(days, 20)
    return timedelta(minutes=min(slower, max(policy.slowest_minutes, minutes)))


def next_look(
    policy: PollingPolicy, stage: str, *, heard_at: datetime, delivered_at: datetime | None, now: datetime
) -> datetime | None:
    """When to ask again; never where the parcel has long arrived, or is silent for too long. `heard_at`: last news or hand-over."""
    if stage in OVER:
        last = (delivered_at or heard_at) + timedelta(hours=policy.after_delivery_hours)
        return last if last > now else None
    if now - heard_at >= timedelta(days=policy.give_up_days):
        return None
    return now + interval(policy, stage, quiet=now - heard_at)


def pause_after(failures: int, asked_for: timedelta | None) -> timedelta:
    """How long a system is left alone after so many failures in a row; at least as long as it asks for, up to a day."""
    own = min(FIRST_PAUSE * (1 << min(max(failures - 1, 0), 10)), LONGEST_PAUSE)
    return max(own, min(asked_for or timedelta(0), timedelta(days=1)))


def whose(carrier: str, known: Iterable[tuple[str, Sequence[str]]]) -> str:
    """The poller that asks about parcels of a carrier, by the longest name that it begins with; none is ''."""
    plain = squeezed(carrier)
    fitting = [
        (len(squeezed(name)), poller) for poller, names in known for name in names if plain.startswith(squeezed(name))
    ]
    return max(fitting)[1] if plain and fitting else ""


def squeezed(name: str) -> str:
    """A carrier's name as it is compared: "DHL Express" is dhlexpress."""
    return "".join(c for c in name.casefold() if c.isalnum())
