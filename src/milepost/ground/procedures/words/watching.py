"""When a parcel is silent, how often carriers are asked, and how their pages are looked after."""

from dataclasses import dataclass
from typing import Literal, get_args

from milepost.ground.procedures.words.promising import Days
from milepost.ground.procedures.words.terms import Strict

StageName = Literal["shipped", "in_transit", "out_for_delivery", "attempt_failed", "ready_for_pickup"]
SignName = Literal[
    "dispatch_not_scanned", "label_never_activated", "stalled", "predicted_miss", "carrier_exception", "customs", "past_promise",
    "supply", "reported",
]  # fmt: skip
CauseName = Literal[
    "", "weather", "carrier", "customs", "address", "consignee", "security", "supply", "warehouse", "unknown"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StageHours(Strict):
    """What is usual in a stage of a parcel where nothing was learned yet; hours count on working days, 24 to a day.

    After `hours` without news (`abroad_hours` to another country) its silence is noticed. `rest_percent` is how much of the
    service's transit time still lies ahead of who enters the stage.
    """

    hours: int
    abroad_hours: int
    rest_percent: int

    def __post_init__(self) -> None:
        if not 1 <= self.hours <= self.abroad_hours:
            raise ValueError("hours are one at least, and no more than abroad_hours")
        if not 1 <= self.rest_percent <= 100:
            raise ValueError("rest_percent is 1 to 100")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance(Strict):
    """Working days, least and most, that a cause of delay usually takes where nobody stated a date, and how sure that is."""

    days: Days
    confidence: int

    def __post_init__(self) -> None:
        if not 0 <= self.days[0] <= self.days[1] or self.days[1] < 1:
            raise ValueError("days are [least, most], the most 1 or more")
        if not 1 <= self.confidence <= 99:
            raise ValueError("confidence is 1 to 99 percent")


@dataclass(frozen=True, slots=True, kw_only=True)
class DelaySign(Strict):
    """A sign by which a delay is found: what it says of the cause (none: what brought it says), and what is to be done."""

    says: str
    cause: CauseName = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingBudget(Strict):
    """How often one carrier's system may be asked: calls an hour and a day (UTC), and how many at the same time."""

    per_hour: int
    per_day: int
    in_parallel: int = 1

    def __post_init__(self) -> None:
        if min(self.per_hour, self.per_day, self.in_parallel) < 1:
            raise ValueError("per_hour, per_day and in_parallel are one at least")


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingPolicy(Strict):
    """How often carriers that are asked are asked about a parcel (FUP-1, TRK-2).

    `minutes` are those between two looks, by the parcel's stage. After `slow_after_days` without news the time between doubles
    with each further day, up to `slowest_minutes`; after `give_up_days` nobody asks any more. A delivered parcel is asked
    about once more after `after_delivery_hours`, as carriers correct themselves. `alarm_after` failures in a row are IT's duty.
    """

    minutes: dict[str, int]
    slow_after_days: int
    slowest_minutes: int
    give_up_days: int
    after_delivery_hours: int
    alarm_after: int
    budgets: dict[str, AskingBudget]

    def __post_init__(self) -> None:
        if "default" not in self.budgets or "default" not in self.minutes:
            raise ValueError("budgets and minutes have a default each")
        if min(*self.minutes.values(), self.slowest_minutes, self.alarm_after) < 1:
            raise ValueError("minutes and alarm_after are one at least")
        if min(self.slow_after_days, self.give_up_days, self.after_delivery_hours) < 0:
            raise ValueError("days and hours must not be negative")

    def budget(self, carrier: str) -> AskingBudget:
        """The budget of a carrier's system; one without its own has the default."""
        return self.budgets.get(carrier) or self.budgets["default"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SilencePolicy(Strict):
    """When silence is longer than usual, and what is estimated then (EXC-1, FUP-1).

    Learned from parcels delivered in the last `learn_days`, the `most_parcels` latest of them, by carrier, service, origin and
    destination; a lane with fewer than `least_samples` borrows from its carrier's service, then from the carrier, then from
    `stages`. Silence is noticed after the `percentile` of usual gaps times `margin_percent`, never before `least_hours`; the
    second of the same parcel after `again_percent` of that, and so on. A miss is predicted where the chance to be late reaches
    `miss_opens_at` percent, and no longer where it falls to `miss_ends_at`.
    """

    percentile: Literal[75, 90, 95, 99]
    margin_percent: int
    again_percent: int
    least_hours: int
    least_samples: int
    learn_days: int
    most_parcels: int
    miss_opens_at: int
    miss_ends_at: int
    stated_confidence: int
    unwatched: tuple[str, ...] = ()
    stages: dict[StageName, StageHours]
    allowances: dict[CauseName, Allowance]
    signs: dict[SignName, DelaySign]

    def __post_init__(self) -> None:
        if self.margin_percent < 100 or self.again_percent < 100:
            raise ValueError("margin_percent and again_percent are 100 or more")
        if min(self.least_hours, self.least_samples, self.learn_days, self.most_parcels) < 1:
            raise ValueError("least_hours, least_samples, learn_days and most_parcels are one at least")
        if not 0 < self.miss_ends_at < self.miss_opens_at < 100:
            raise ValueError("miss_ends_at lies below miss_opens_at, both between 1 and 99 percent")
        if not 1 <= self.stated_confidence <= 99:
            raise ValueError("stated_confidence is 1 to 99 percent")
        if "unknown" not in self.allowances:
            raise ValueError("allowances has one for a cause that is unknown")
        missing = sorted(set(get_args(SignName)) - set(self.signs))
        if missing:
            raise ValueError(f"signs lack {', '.join(missing)}")

    def allowance(self, cause: str) -> Allowance:
        """What a cause usually takes; one without its own as an unknown one."""
        return next((found for name, found in self.allowances.items() if name == cause), self.allowances["unknown"])

    def hours(self, stage: str) -> StageHours | None:
        """What is usual in a stage; None where it is not watched."""
        return next((found for name, found in self.stages.items() if name == stage), None)

    def sign(self, name: str) -> DelaySign:
        """What a sign says."""
        return next(found for known, found in self.signs.items() if known == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRules(Strict):
    """How carriers' tracking pages are looked after (TRK-4).

    A page counts as broken after `looks_before_broken` looks in a row that did not find it, `retry_minutes` apart; else it
    is looked at every `recheck_hours` until the parcel has arrived. Of one host no more than `per_host_per_minute` are looked
    at; what is beyond that takes a look at the host's other pages for its own, for `trust_minutes`. A shipment notice waits up
    to `wait_minutes` for the first look, then goes without the carrier's page.
    """

    recheck_hours: int
    retry_minutes: int
    looks_before_broken: int
    per_host_per_minute: int
    trust_minutes: int
    wait_minutes: int

    def __post_init__(self) -> None:
        if min(self.recheck_hours, self.retry_minutes, self.looks_before_broken, self.per_host_per_minute) < 1:
            raise ValueError("recheck_hours, retry_minutes, looks_before_broken and per_host_per_minute are 1 or more")
        if self.trust_minutes < 0 or self.wait_minutes < 0:
            raise ValueError("minutes must not be negative")
