"""What procedures say, as the code reads it: one frozen record for each kind of statement, all in one Book."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, Literal, cast, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.worktime import Shift, WorkingCalendar

KINDS: Mapping[str, str] = {
    "communication_matrix": "Communication matrix",
    "clocks": "Clocks",
    "escalation_matrix": "Escalation matrix",
    "calendars": "Calendars",
    "promising": "Promising",
    "offers": "Offers of alternatives",
    "telling": "Telling",
    "sending": "Sending",
    "silence": "Silence and delay",
    "polling": "Asking carriers",
    "consent": "Consent",
    "calls": "Calls",
    "links": "Tracking links",
    "webhooks": "Webhooks out",
    "verification": "Verification",
    "retention": "Retention",
    "closing": "Closing",
    "roles": "Roles",
    "template": "Template",
}
QUARTERLY = frozenset({"template", "communication_matrix"})
"""Reviewed every quarter; all others every year (REV-1)."""
DEFAULT = "default"
"""The name of a document of which there is one of its kind."""
STATES = ("draft", "reviewed", "published", "retired")
ChannelName = Literal["email", "sms", "phone", "in_app", "portal", "web_push", "staff_alert"]
TemplateClass = Literal["transactional", "service", "marketing"]
Timing = Literal["at_once", "next_window", "digest"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CUSTOMER, RESPONSIBLE = "customer", "responsible"
"""Audiences besides the roles: who ordered; the role that the fact itself names."""
RECIPIENT, STAKEHOLDERS, SUPPLIER = "recipient", "stakeholders", "supplier"
"""Audiences besides: whom the goods go to where that is somebody else; who else is named on the order; whom we buy from."""
OUTSIDE = frozenset({CUSTOMER, RECIPIENT, STAKEHOLDERS, SUPPLIER})
"""Audiences outside of the house: they are reached by their own addresses, in their own language and hours."""
LEAST_MONTHS = 12
"""No record is kept for less (RECD-3)."""


class Strict:
    """A record of a document: a field that it does not know is a mistake, and is refused."""

    __slots__ = ()
    __pydantic_config__ = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Strict):
    """How long a kind of duty may take, whose it is, when to warn (percent of the time), and which ladder it climbs.

    `says` is the sentence of what to do. `warn_at` 90 means: when nine tenths of the time are gone.
    """

    kind: str
    hours: Decimal
    role: str
    says: str
    ladder: str = "standard"
    working_time: bool = False
    warn_at: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.hours <= 0:
            raise ValueError("hours must be more than zero")
        if list(self.warn_at) != sorted(set(self.warn_at)) or not all(0 < percent < 100 for percent in self.warn_at):
            raise ValueError("warn_at lists rising percents between 1 and 99")


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow(Strict):
    """Who is told of a fact, how, in which words, and when (NTF-1).

    `audience` is "customer", "recipient", "stakeholders", "supplier", "responsible" or a role. `channels` stand in order of
    preference. Of the rows with a `rank`, one with a higher rank replaces what is unsent of lower ones; 0 stands alone.
    `timing`: "at_once" within the channel's hours, in the "next_window", or in the "digest" of the recipient's day.
    `wait_minutes`: it leaves no sooner; with `joins`, what the same fact tells of the same order until then goes in the same
    message. `expects`: the audit misses a notice that is not there. `when`: only
    where the fact's own values are among these ({ kind = ["lost"] }).
    """

    fact: str
    audience: str
    channels: tuple[ChannelName, ...]
    template: str
    milestone: str
    role_responsible: str
    timing: Timing = "at_once"
    rank: int = 0
    wait_minutes: int = 0
    joins: bool = False
    expects: bool = True
    when: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.channels:
            raise ValueError("at least one channel is needed")
        if self.rank < 0:
            raise ValueError("rank must not be negative")
        if self.wait_minutes < 0 or (self.joins and not self.wait_minutes):
            raise ValueError("wait_minutes must not be negative, and what joins needs some")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung(Strict):
    """One step of a ladder: when a duty is not done after this share of its time, or this long after it was due."""

    level: int
    role: str
    after_percent: int | None = None
    after_hours: Decimal | None = None
    channels: tuple[ChannelName, ...] = ("in_app",)

    def __post_init__(self) -> None:
        if (self.after_percent is None) == (self.after_hours is None):
            raise ValueError("give either after_percent (of the time) or after_hours (past the due time)")
        if (self.after_percent or 0) < 0 or (self.after_hours or 0) < 0:
            raise ValueError("a rung is not climbed before the start")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSheet(Strict):
    """A working calendar as people write it: "08:00-12:00" for a shift, until "24:00" at most."""

    zone: str
    week: dict[Weekday, tuple[str, ...]]
    country: str = ""
    subdivision: str = ""
    closed: dict[date, str] = field(default_factory=dict)
    special: dict[date, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.calendar("this").working_day_from(date(2026, 1, 1))

    def calendar(self, name: str) -> WorkingCalendar:
        """The calendar that can reckon."""
        return WorkingCalendar(
            name=name,
            zone=_zone(self.zone),
            week={WEEKDAYS.index(day): _shifts(written) for day, written in self.week.items()},
            country=self.country,
            subdivision=self.subdivision,
            closed=self.closed,
            special={day: _shifts(written) for day, written in self.special.items()},
        )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(f"there is no time zone {name}") from unknown


def _shifts(written: Sequence[str]) -> tuple[Shift, ...]:
    return tuple(_shift(text) for text in written)


def _shift(text: str) -> Shift:
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"a shift is written as 08:00-12:00, not {text}")
    return Shift(
        time.fromisoformat(start.strip()), time.max if end.strip() == "24:00" else time.fromisoformat(end.strip())
    )


Days = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierService(Strict):
    """How many working days a service takes, from and to; other figures for some countries (ISO 3166-1 alpha-2)."""

    days: Days
    countries: dict[str, Days] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(not 0 <= least <= most for least, most in (self.days, *self.countries.values())):
            raise ValueError("days are [least, most], both 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisingRules(Strict):
    """What a first promise is reckoned from (DEL-2)."""

    cut_off: time
    handling_days: int
    backorder_days: int
    default_service: str
    services: dict[str, CarrierService]
    zone: str

    def __post_init__(self) -> None:
        if self.default_service not in self.services:
            raise ValueError(f"the default service {self.default_service} is not among the services")
        if self.handling_days < 0 or self.backorder_days < 0:
            raise ValueError("days must not be negative")
        _zone(self.zone)

    def transit_days(self, service: str, country: str) -> Days:
        """Working days from hand-over to arrival, least and most; an unknown service counts as the default one."""
        found = self.services.get(service) or self.services[self.default_service]
        return found.countries.get(country, found.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersPolicy(Strict):
    """What a customer is offered when a line is short, and what is done when no answer comes (STK-2, EXC-5).

    `deadline_days` are working days; the answer may come until the end of the last of them at the recipient's place. A stand-in
    may cost `max_price_difference` percent more than what was ordered; a cheaper one is always offered.
    """

    deadline_days: int
    default: Literal["wait", "ship_rest", "cancel"]
    substitutes: bool
    most_substitutes: int
    max_price_difference: Decimal

    def __post_init__(self) -> None:
        if not 1 <= self.deadline_days <= 90:
            raise ValueError("deadline_days are 1 to 90")
        if not 0 <= self.most_substitutes <= 9:
            raise ValueError("most_substitutes are 0 to 9")
        if self.max_price_difference < 0:
            raise ValueError("max_price_difference must not be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Strict):
    """How many messages one person gets in 24 hours, over all channels and orders (NTF-1).

    What is `needed`, by template, is never held back, but counts. Of the others those that stand first in `first` matter most,
    and what is not named matters least. `beyond` it, they are joined into one digest, or withheld.
    """

    per_day: int
    needed: tuple[str, ...]
    first: tuple[str, ...] = ()
    beyond: Literal["digest", "withhold"] = "digest"

    def __post_init__(self) -> None:
        if self.per_day < 1:
            raise ValueError("per_day is one at least")

    def place(self, template: str) -> int:
        """How far down it stands in what matters."""
        return self.first.index(template) if template in self.first else len(self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness(Strict):
    """How old news may be when it is told, in hours: `news` by template, and a date that rests on the `carrier`'s word.

    `instead`, by language, is the sentence that stands where no date can be stated any more.
    """

    news: dict[str, int] = field(default_factory=dict)
    carrier: int
    instead: dict[str, str]

    def __post_init__(self) -> None:
        if self.carrier < 1 or any(hours < 1 for hours in self.news.values()):
            raise ValueError("hours are one at least")
        if "en" not in self.instead:
            raise ValueError("the sentence without a date is needed in English")

    def sentence(self, language: str) -> str:
        """What is said where no date can be stated, in this language, its main language, or English."""
        main = language.partition("-")[0]
        return self.instead.get(language) or self.instead.get(main) or self.instead["en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling(Strict):
    """When people are written to, how often, and how old news may be (NTF-1, NTF-3).

    `hours` are those, at the recipient's place, in which a channel may be used; of a channel that is not named, all. `window` is
    that of "next_window", and `digest_at` the time of the digest. What somebody asked for on the spot goes out `at_any_time`.
    """

    hours: dict[ChannelName, str]
    window: str
    digest_at: time
    at_any_time: tuple[str, ...] = ()
    budget: Budget
    freshness: Freshness

    def __post_init__(self) -> None:
        for written in (self.window, *self.hours.values()):
            _shift(written)
        if self.digest_at.tzinfo:
            raise ValueError("digest_at is wall time and has no zone of its own")

    def allowed(self, channel: str) -> Shift | None:
        """The hours of a channel; None: all."""
        return _hours_of(self).get(channel)

    def usual(self) -> Shift:
        """The hours of "next_window"."""
        return _shift(self.window)


@lru_cache(maxsize=32)
def _hours(written: tuple[tuple[str, str], ...]) -> Mapping[str, Shift]:
    return {channel: _shift(text) for channel, text in written}


def _hours_of(telling: Telling) -> Mapping[str, Shift]:
    return _hours(tuple(telling.hours.items()))


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
class ConsentWords(Strict):
    """What a class of messages is called and what it brings, in one language: the words that somebody agrees to."""

    name: str
    says: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPolicy(Strict):
    """What people are asked before they are written to, on which channels, and in which words (by class, then language).

    Of a class named in `asked_first` nothing goes out on these channels before somebody said that they want it; of all other
    ways nothing any more once they said that they do not. `channels` are those on the page where they choose. The version of this
    document is the wording that is kept with each consent.
    """

    channels: tuple[ChannelName, ...]
    asked_first: dict[TemplateClass, tuple[ChannelName, ...]]
    words: dict[TemplateClass, dict[str, ConsentWords]]

    def __post_init__(self) -> None:
        if any("en" not in languages for languages in self.words.values()):
            raise ValueError("the words of each class are there in English at least")

    def asked(self) -> frozenset[tuple[str, str]]:
        """The (class, channel) that take a yes first."""
        return frozenset((of, channel) for of, channels in self.asked_first.items() for channel in channels)

    def wording(self, of: str, language: str) -> ConsentWords:
        """What a class is called in this language, or in English."""
        known = self.words[cast(TemplateClass, of)]
        spoken = language.partition("-")[0].lower()
        tag = spoken if spoken in known else "en"
        return replace(known[tag], language=tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsPolicy(Strict):
    """When customers are called, at their place, and how often it is tried. `voicemail_tells`: what was left there was told."""

    week: dict[Weekday, tuple[str, ...]]
    tries: int
    again_after_hours: Decimal
    voicemail_tells: bool = True

    def __post_init__(self) -> None:
        if not any(self.week.values()):
            raise ValueError("there is no time to call in the whole week")
        if self.tries < 1 or self.again_after_hours <= 0:
            raise ValueError("tries is one at least, and again_after_hours more than zero")
        self.shifts()

    def shifts(self) -> dict[int, tuple[Shift, ...]]:
        """The hours of each day of the week, Monday 0."""
        return {WEEKDAYS.index(day): _shifts(written) for day, written in self.week.items()}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRules(Strict):
    """How long peers are called that do not answer (NTF-1, OPS-1).

    After each failure the next call waits as many minutes as `ladder_minutes` says; after the last it is up to a person. An
    endpoint that nothing has reached for `give_up_days` is stopped. A former secret signs for `rotation_hours` beside the new
    one. What was delivered can be delivered again for `keep_days`.
    """

    ladder_minutes: tuple[Decimal, ...]
    give_up_days: int
    rotation_hours: int
    keep_days: int

    def __post_init__(self) -> None:
        if any(minutes <= 0 for minutes in self.ladder_minutes) or list(self.ladder_minutes) != sorted(
            self.ladder_minutes
        ):
            raise ValueError("ladder_minutes are more than zero and rise")
        if self.give_up_days < 1 or self.rotation_hours < 0 or self.keep_days < 1:
            raise ValueError("give_up_days and keep_days are 1 or more, rotation_hours not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWords(Strict):
    """How one finding is put to people: what we expect, and the question to the customer (none: it is not for them).

    Both may name {value}, {expected}, {part}, {item} and what else the check knows. `confirm`: the customer may say that it is
    right as it is.
    """

    expects: str
    question: str = ""
    confirm: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPrice(Strict):
    """What a sender charges for one segment of an SMS to numbers that begin with `prefix` (+49); the longest that fits counts."""

    sender: str
    prefix: str
    price: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPolicy(Strict):
    """How messages are handed to senders (NTF-1, OPS-1).

    `ladder_minutes`: how long to wait after each "later" of a sender. `asking_minutes`: for how long a sender is asked about a
    message whose answer never came, before a person decides. Of several senders of a channel each gets messages by its
    `weights` (100 unless named; 0: only while no other does). A sender rests when of at least `least` attempts in
    `window_minutes` at least `down_percent` went wrong: `rest_minutes`, doubled each time up to `longest_rest_minutes`; then
    `probes` messages find out whether it is back, which it is when `up_percent` of them get through.
    """

    ladder_minutes: tuple[int, ...]
    asking_minutes: int
    window_minutes: int
    least: int
    down_percent: int
    probes: int
    up_percent: int
    rest_minutes: int
    longest_rest_minutes: int
    weights: dict[str, int] = field(default_factory=dict)
    prices: tuple[SegmentPrice, ...] = ()

    def __post_init__(self) -> None:
        counts = (self.asking_minutes, self.window_minutes, self.least, self.probes, self.rest_minutes)
        if min(*counts, *self.ladder_minutes) <= 0:
            raise ValueError("minutes and numbers of attempts are more than zero")
        if not (0 < self.down_percent <= 100 and 0 < self.up_percent <= 100):
            raise ValueError("percents lie between 1 and 100")
        if self.up_percent <= 100 - self.down_percent:
            raise ValueError("a sender must do better to come back than to stay")
        if self.longest_rest_minutes < self.rest_minutes:
            raise ValueError("the longest rest is no shorter than the first")
        if any(weight < 0 for weight in self.weights.values()):
            raise ValueError("weights are zero or more")

    def price_of(self, sender: str, number: str) -> SegmentPrice | None:
        """What a segment to this number costs, where that is known."""
        fitting = [one for one in self.prices if one.sender == sender and number.startswith(one.prefix)]
        return max(fitting, key=lambda one: len(one.prefix), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule(Strict):
    """One check of verification: whether it blocks, the hold it opens, the role that settles it, its thresholds (VER-1).

    Findings named in `advisory` never block. `countries` are those where a street has a house number. `word_suffices`: the
    customer's word that it is right as it is settles it; without, their answer is on record and the role decides. `four_eyes`: who
    releases the hold by hand only proposes it; somebody else, of the role `approver`, approves. `words` are the sentences of its
    findings, by their code.
    """

    check: str
    blocking: bool
    hold: str
    role: str
    thresholds: dict[str, Decimal] = field(default_factory=dict)
    advisory: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    word_suffices: bool = True
    four_eyes: bool = False
    approver: str = "management"
    words: dict[str, FindingWords] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule(Strict):
    """How long records of one sort are kept, counted from the close of their order (RECD-3)."""

    records: str
    months: int
    then: Literal["archive", "erase"] = "archive"

    def __post_init__(self) -> None:
        if self.months < LEAST_MONTHS:
            raise ValueError(f"records are kept for {LEAST_MONTHS} months at least")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing(Strict):
    """Days after delivery in which the customer may speak before the order counts as accepted; days after that to closing."""

    acceptance_days: int
    close_days: int

    def __post_init__(self) -> None:
        if self.acceptance_days < 0 or self.close_days < 0:
            raise ValueError("days must not be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSheet(Strict):
    """What a role answers for, in the words of the procedures."""

    name: str
    responsibilities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSheet(Strict):
    """A template as people write it: one letter in one language, on all the channels that it may take.

    `mjml` becomes `html` when it is published. `sms` is its short form (also for push and staff alerts), `phone` the script for
    a call. `variables` are the names that it may use, each with its type; a list of names alone is of before types. `category`:
    what the recipient's consent must cover.
    """

    subject: str
    mjml: str
    text: str
    sms: str = ""
    phone: str = ""
    language: str = "en"
    variables: dict[str, str] | tuple[str, ...] = ()
    category: TemplateClass = "transactional"
    html: str = ""
    purpose: str = ""

    @property
    def typed(self) -> Mapping[str, str]:
        """The variables with their types; "any" for those of before types."""
        return self.variables if isinstance(self.variables, dict) else dict.fromkeys(self.variables, "any")


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """A template that is in force."""

    name: str
    version: int
    language: str
    subject: str
    html: str
    text: str
    variables: Mapping[str, str] = field(default_factory=dict, compare=False)
    sms: str = ""
    phone: str = ""
    category: str = "transactional"


NO_TEMPLATE = Refusal(
    code="no_template", says="There is no template {name}.", do="Publish one under this name.", status=404
)
NO_CALENDAR = Refusal(
    code="no_calendar", says="There is no calendar {name}.", do="Publish calendars with this name.", status=404
)
NO_CLOCK = Refusal(
    code="no_clock",
    says="No clock is set for duties of the kind {kind}.",
    do="Publish clocks with this kind.",
    status=404,
)


@dataclass(frozen=True)
class Book:
    """All procedures in force. Frozen: it is read by many threads, and the same within one transaction."""

    token: UUID | None
    versions: Mapping[tuple[str, str], int]
    matrix: tuple[MatrixRow, ...]
    clocks: Mapping[str, Clock]
    ladders: Mapping[str, tuple[Rung, ...]]
    calendars: Mapping[str, WorkingCalendar]
    promising: PromisingRules
    offers: OffersPolicy
    sending: SendingPolicy
    telling: Telling
    silence: SilencePolicy
    polling: PollingPolicy
    consent: ConsentPolicy
    calls: CallsPolicy
    links: LinkRules
    webhooks: WebhookRules
    verification: tuple[CheckRule, ...]
    retention: tuple[RetentionRule, ...]
    closing: Closing
    roles: Mapping[str, RoleSheet]
    templates: Mapping[str, TemplateVersion]
    """By name and language ("acknowledgement.en"); each is read when it is first asked for."""

    def rows_for(self, fact_kind: str) -> tuple[MatrixRow, ...]:
        """The rows of the communication matrix for one kind of fact."""
        return self._rows.get(fact_kind, ())

    def clock(self, kind: str) -> Clock:
        """The clock of a kind of duty. Refuses `no_clock`."""
        found = self.clocks.get(kind)
        if found is None:
            raise Refused(_named(NO_CLOCK, kind=kind))
        return found

    def ladder(self, kind: str) -> tuple[Rung, ...]:
        """The rungs that a kind of duty climbs; none for a kind without clock or ladder."""
        clock = self.clocks.get(kind)
        return self.ladders.get(clock.ladder, ()) if clock else ()

    def calendar(self, name: str = DEFAULT) -> WorkingCalendar:
        """A working calendar. Refuses `no_calendar`."""
        found = self.calendars.get(name)
        if found is None:
            raise Refused(_named(NO_CALENDAR, name=name))
        return found

    def template(self, name: str, language: str = "en") -> TemplateVersion:
        """The template in this language, or in its main language, or in English. Refuses `no_template`."""
        for key in _template_keys(name, language):
            if key in self.templates:
                return self.templates[key]
        raise Refused(_named(NO_TEMPLATE, name=name))

    @cached_property
    def _rows(self) -> Mapping[str, tuple[MatrixRow, ...]]:
        kinds = {row.fact for row in self.matrix}
        return {kind: tuple(row for row in self.matrix if row.fact == kind) for kind in kinds}


def _template_keys(name: str, language: str) -> Iterator[str]:
    tag = language.replace("_", "-").lower()
    yield from (f"{name}.{tag}", f"{name}.{tag.partition('-')[0]}", f"{name}.en")


def _named(refusal: Refusal, **values: str) -> Refusal:
    return Refusal(code=refusal.code, says=refusal.says, do=refusal.do, status=refusal.status, values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDraft:
    """A new version of a document. Templates are named with their language: "acknowledgement.en"."""

    kind: str
    name: str
    body: Mapping[str, Any]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCard:
    """One version of a document as others read it."""

    id: int
    kind: str
    name: str
    version: int
    state: str
    body: Mapping[str, Any]
    author: str
    note: str
    drafted_at: Any
    reviewed_by: str
    published_by: str
    published_at: Any
    effective_on: date | None
    in_force: bool
    review_due_on: date | None
