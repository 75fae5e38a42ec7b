"""What procedures say, as the code reads it: one frozen record for each kind of statement, all in one Book."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
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
ChannelName = Literal["email", "sms", "phone", "in_app", "portal"]
Timing = Literal["at_once", "next_window", "digest"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CUSTOMER, RESPONSIBLE = "customer", "responsible"
"""Audiences besides the roles: who ordered; the role that the fact itself names."""
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

    `audience` is "customer", "responsible" or a role. `channels` stand in order of preference. Of the rows with a `rank`,
    one with a higher rank replaces what is unsent of lower ones; 0 stands alone. `wait_minutes`: it leaves no sooner, so that
    what follows at once makes one message. `expects`: the audit misses a notice that is not there.
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
    expects: bool = True

    def __post_init__(self) -> None:
        if not self.channels:
            raise ValueError("at least one channel is needed")
        if self.rank < 0:
            raise ValueError("rank must not be negative")


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
        if any(minutes <= 0 for minutes in self.ladder_minutes) or list(self.ladder_minutes) != sorted(self.ladder_minutes):
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
    """A template as people write it. `mjml` becomes `html` when it is published."""

    subject: str
    mjml: str
    text: str
    language: str = "en"
    variables: tuple[str, ...] = ()
    html: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """A template that is in force."""

    name: str
    version: int
    language: str
    subject: str
    html: str
    text: str
    variables: tuple[str, ...]


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
    links: LinkRules
    webhooks: WebhookRules
    verification: tuple[CheckRule, ...]
    retention: tuple[RetentionRule, ...]
    closing: Closing
    roles: Mapping[str, RoleSheet]
    templates: Mapping[str, TemplateVersion]

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
