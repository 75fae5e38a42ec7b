"""Templates, and the Book: all procedures in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from milepost.ground.procedures.words.answering import InquiriesPolicy
from milepost.ground.procedures.words.clocks import Clock, Rung
from milepost.ground.procedures.words.keeping import CheckRule, Closing, RetentionRule, RoleSheet
from milepost.ground.procedures.words.promising import OffersPolicy, PromisingRules
from milepost.ground.procedures.words.sending import SendingPolicy, WebhookRules
from milepost.ground.procedures.words.telling import CallsPolicy, ConsentPolicy, MatrixRow, Telling
from milepost.ground.procedures.words.terms import DEFAULT, Strict, TemplateClass
from milepost.ground.procedures.words.watching import LinkRules, PollingPolicy, SilencePolicy
from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.worktime import WorkingCalendar


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
    inquiries: InquiriesPolicy
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
    in_force_at: datetime | None = None
    """When it came into force; it may be out of force again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One version of a document as it stands in a list, without what it says."""

    id: int
    kind: str
    name: str
    version: int
    state: str
    author: str
    drafted_at: datetime
    published_by: str
    effective_on: date | None
    in_force: bool
    review_due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWords:
    """The words of one letter in one language, as they are in force."""

    document_id: int
    language: str
    subject: str
    text: str
    sms: str
    phone: str
