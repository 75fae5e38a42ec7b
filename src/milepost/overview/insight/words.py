"""The standard terms of insight: outcomes of orders, and the measures (KPI-1 to KPI-6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

DELIVERED_STATES = ("delivered", "completed", "closed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order right after it was received."""

    order_id: int
    reference: str
    external_ref: str
    state: str
    received_at: datetime
    total: Decimal
    currency: str
    earliest_on: date | None
    latest_on: date | None
    holds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Status:
    """Where an order stands, in the fewest words."""

    reference: str
    state: str
    received_at: datetime
    delivered_at: datetime | None
    earliest_on: date | None
    latest_on: date | None


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """A status that was asked for with an API key: the key's scopes, and the status when there is such an order."""

    scopes: frozenset[str]
    status: Status | None


@dataclass(frozen=True, slots=True)
class Period:
    """From one instant (included) to another (excluded); open where None."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnTime:
    """Delivered orders against a promise (KPI-2): late to the second, and late by calendar day at the recipient's place."""

    measured: int = 0
    late: int = 0
    late_by_day: int = 0

    @property
    def rate(self) -> float | None:
        """Share that arrived no later than the promise's last instant."""
        return share(self.measured - self.late, self.measured)

    @property
    def rate_by_day(self) -> float | None:
        """Share that arrived no later than the promise's last calendar day."""
        return share(self.measured - self.late_by_day, self.measured)


@dataclass(frozen=True, slots=True)
class Ratings:
    """How many times each rating from 1 to 5 was given (KPI-3)."""

    counts: Mapping[int, int] = field(default_factory=lambda: dict.fromkeys(range(1, 6), 0))

    @property
    def count(self) -> int:
        """All ratings; each counts once."""
        return sum(self.counts.values())

    @property
    def mean(self) -> float | None:
        """Mean rating to four decimals."""
        if not self.count:
            return None
        return round(sum(rating * times for rating, times in self.counts.items()) / self.count, 4)


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something took, in hours."""

    count: int = 0
    mean_hours: float | None = None
    median_hours: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The measures of a period's orders."""

    states: Mapping[str, int]
    first_promise: OnTime
    last_promise: OnTime
    accurate: int
    ratings: Ratings
    ratings_late: Ratings
    ratings_on_time: Ratings
    ratings_not_delivered: Ratings
    orders_rated: int
    orders_rated_more_than_once: int
    acknowledged: Duration
    acknowledged_p95_hours: float | None
    acknowledged_in_time: int
    acknowledgement_overdue: int
    delays_resolved: Duration
    issues_resolved: Duration

    @property
    def orders(self) -> int:
        """All orders that were received."""
        return sum(self.states.values())

    @property
    def delivered(self) -> int:
        """Orders that have arrived."""
        return sum(self.states.get(state, 0) for state in DELIVERED_STATES)

    @property
    def cancelled(self) -> int:
        """Orders that will not be delivered."""
        return self.states.get("cancelled", 0)

    @property
    def acknowledged_rate(self) -> float | None:
        """Share of the orders that were acknowledged within 24 hours; those that still wait past them count as missed (ACK-2)."""
        return share(self.acknowledged_in_time, self.acknowledged.count + self.acknowledgement_overdue)

    @property
    def accuracy(self) -> float | None:
        """Share of the delivered orders without loss, return or dispute (KPI-1)."""
        return share(self.accurate, self.delivered)


def share(part: int, whole: int) -> float | None:
    """A share to six decimals; None of nothing."""
    return round(part / whole, 6) if whole else None
