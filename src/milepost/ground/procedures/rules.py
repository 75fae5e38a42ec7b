"""How documents are read: pure, with a refusal for each place that cannot be read or that points to nothing."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from mjml import mjml2html
from pydantic import TypeAdapter, ValidationError

from milepost.ground.access.words import ROLES
from milepost.ground.procedures.words import (
    DEFAULT,
    KINDS,
    OUTSIDE,
    QUARTERLY,
    RESPONSIBLE,
    Book,
    CalendarSheet,
    CallsPolicy,
    CheckRule,
    Clock,
    Closing,
    ConsentPolicy,
    InquiriesPolicy,
    LinkRules,
    MatrixRow,
    OffersPolicy,
    PollingPolicy,
    PromisingRules,
    RetentionRule,
    RoleSheet,
    Rung,
    SendingPolicy,
    SilencePolicy,
    Strict,
    Telling,
    TemplateSheet,
    TemplateVersion,
    WebhookRules,
)
from milepost.kernel.refusals import Refusal, Refused, refuse_any

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix(Strict):
    """The communication matrix document."""

    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks(Strict):
    """The clocks document."""

    clocks: tuple[Clock, ...]

    def __post_init__(self) -> None:
        kinds = [clock.kind for clock in self.clocks]
        twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
        if twice:
            raise ValueError(f"a kind has one clock, but twice stands {', '.join(twice)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladders(Strict):
    """The escalation matrix document."""

    ladders: dict[str, tuple[Rung, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendars(Strict):
    """The calendars document; one is named "default"."""

    calendars: dict[str, CalendarSheet]

    def __post_init__(self) -> None:
        if DEFAULT not in self.calendars:
            raise ValueError(f"one calendar is named {DEFAULT}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification(Strict):
    """The verification document."""

    checks: tuple[CheckRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention(Strict):
    """The retention document."""

    rules: tuple[RetentionRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles(Strict):
    """The roles document."""

    roles: dict[str, RoleSheet]


FORMS: Mapping[str, TypeAdapter[Any]] = {
    "communication_matrix": TypeAdapter(Matrix),
    "clocks": TypeAdapter(Clocks),
    "escalation_matrix": TypeAdapter(Ladders),
    "calendars": TypeAdapter(Calendars),
    "promising": TypeAdapter(PromisingRules),
    "offers": TypeAdapter(OffersPolicy),
    "telling": TypeAdapter(Telling),
    "silence": TypeAdapter(SilencePolicy),
    "polling": TypeAdapter(PollingPolicy),
    "consent": TypeAdapter(ConsentPolicy),
    "calls": TypeAdapter(CallsPolicy),
    "sending": TypeAdapter(SendingPolicy),
    "links": TypeAdapter(LinkRules),
    "webhooks": TypeAdapter(WebhookRules),
    "inquiries": TypeAdapter(InquiriesPolicy),
    "verification": TypeAdapter(Verification),
    "retention": TypeAdapter(Retention),
    "closing": TypeAdapter(Closing),
    "roles": TypeAdapter(Roles),
    "template": TypeAdapter(TemplateSheet),
}


def read(kind: str, body: Mapping[str, Any]) -> Any:
    """A document's body as its form. Refuses `unknown_kind`, and `bad_document` once for each place that is wrong."""
    form = FORMS.get(kind)
    if form is None:
        known = ", ".join(KINDS)
        raise Refused(Refusal(
            code="unknown_kind", says="There is no kind of procedure named {kind}.", do="Known kinds: {known}.",
            field="kind", values={"kind": kind, "known": known},
        ))  # fmt: skip
    try:
        return form.validate_python(dict(body))
    except ValidationError as wrong:
        raise Refused(*(_bad(kind, error) for error in wrong.errors())) from None


def _bad(kind: str, error: Any) -> Refusal:
    place = ".".join(str(part) for part in error["loc"]) or "the whole"
    reason = str(error["msg"]).removeprefix("Value error, ")
    return Refusal(
        code="bad_document", says="{title}: {place} cannot be read: {reason}.", do="Correct this place.", field=place,
        values={"title": KINDS[kind], "place": place, "reason": reason},
    )  # fmt: skip


def make_book(
    documents: Mapping[tuple[str, str], tuple[int, Mapping[str, Any]]], *, token: UUID | None,
    templates: Mapping[str, TemplateVersion] | None = None,
) -> Book:  # fmt: skip
    """One Book of all documents by (kind, name), each with its version. Refuses `dangling` where one points to nothing.

    `templates` are those that are read when they are asked for; without, those among the documents are read at once.
    """
    read_all = {key: read(key[0], body) for key, (_, body) in documents.items()}
    book = Book(
        token=token,
        versions={key: version for key, (version, _) in documents.items()},
        matrix=_one(read_all, "communication_matrix", Matrix).rows,
        clocks={clock.kind: clock for clock in _one(read_all, "clocks", Clocks).clocks},
        ladders={
            name: tuple(sorted(rungs, key=lambda rung: rung.level))
            for name, rungs in _one(read_all, "escalation_matrix", Ladders).ladders.items()
        },
        calendars={
            name: sheet.calendar(name) for name, sheet in _one(read_all, "calendars", Calendars).calendars.items()
        },
        promising=_one(read_all, "promising", PromisingRules),
        offers=_one(read_all, "offers", OffersPolicy),
        sending=_one(read_all, "sending", SendingPolicy),
        telling=_one(read_all, "telling", Telling),
        silence=_one(read_all, "silence", SilencePolicy),
        polling=_one(read_all, "polling", PollingPolicy),
        consent=_one(read_all, "consent", ConsentPolicy),
        calls=_one(read_all, "calls", CallsPolicy),
        links=_one(read_all, "links", LinkRules),
        webhooks=_one(read_all, "webhooks", WebhookRules),
        inquiries=_one(read_all, "inquiries", InquiriesPolicy),
        verification=_one(read_all, "verification", Verification).checks,
        retention=_one(read_all, "retention", Retention).rules,
        closing=_one(read_all, "closing", Closing),
        roles=_one(read_all, "roles", Roles).roles,
        templates={
            name: read_template(name, version, body)
            for (kind, name), (version, body) in documents.items()
            if kind == "template"
        }
        if templates is None
        else templates,
    )
    refuse_any(dangling(book))
    return book


def _one(documents: Mapping[tuple[str, str], Any], kind: str, form: type[T]) -> T:
    found = documents.get((kind, DEFAULT))
    if not isinstance(found, form):
        raise Refused(Refusal(
            code="no_document", says="{title} is missing.", do="Publish one, or install the defaults.", status=503,
            values={"title": KINDS[kind]},
        ))  # fmt: skip
    return found


def read_template(name: str, version: int, body: Mapping[str, Any]) -> TemplateVersion:
    """One template by its full name ("acknowledgement.en"), ready to be written with."""
    sheet = read("template", body)
    return TemplateVersion(
        name.removesuffix(f".{sheet.language.lower()}"), version, sheet.language, sheet.subject,
        sheet.html or compile_mjml(sheet.mjml), sheet.text, sheet.typed, sheet.sms, sheet.phone, sheet.category,
    )  # fmt: skip


def compile_mjml(source: str) -> str:
    """MJML as HTML that mail programs show. Refuses `bad_mjml` with what the compiler says."""
    try:
        return str(mjml2html(source, disable_comments=True))
    except (ValueError, OSError) as wrong:
        raise Refused(Refusal(
            code="bad_mjml", says="The template is no MJML: {reason}.", do="Correct it and try again.", field="mjml",
            values={"reason": str(wrong)},
        )) from None  # fmt: skip


def dangling(book: Book) -> Iterator[Refusal]:
    """Every place in a book that points to a role, ladder, template or audience that does not exist."""
    audiences = {*ROLES, *OUTSIDE, RESPONSIBLE}
    templates = {name.rpartition(".")[0] for name in book.templates}
    for place, row in enumerate(book.matrix):
        where = f"communication_matrix.rows.{place}"
        yield from _missing(f"{where}.audience", row.audience, audiences)
        yield from _missing(f"{where}.role_responsible", row.role_responsible, ROLES)
        yield from _missing(f"{where}.template", row.template, templates) if templates else ()
        if row.timing == "digest" and row.template in book.telling.budget.needed:
            yield _never_in_a_digest(f"{where}.timing", row.template)
    for clock in book.clocks.values():
        yield from _missing(f"clocks.{clock.kind}.role", clock.role, ROLES)
        yield from _missing(f"clocks.{clock.kind}.ladder", clock.ladder, book.ladders)
    for name, rungs in book.ladders.items():
        for rung in rungs:
            yield from _missing(f"escalation_matrix.{name}.{rung.level}.role", rung.role, ROLES)
    for rule in book.verification:
        yield from _missing(f"verification.{rule.check}.role", rule.role, ROLES)
        yield from _missing(f"verification.{rule.check}.approver", rule.approver, ROLES)
    for role in book.roles:
        yield from _missing("roles", role, ROLES)


def _never_in_a_digest(place: str, template: str) -> Refusal:
    return Refusal(
        code="needed_at_once", says="{place} puts {template} into a digest, but telling says that it is needed.",
        do="Tell it at once, or take it from what is needed.", field=place, values={"place": place, "template": template},
    )  # fmt: skip


def _missing(place: str, name: str, known: Collection[str]) -> Iterator[Refusal]:
    if name not in known:
        yield Refusal(
            code="dangling", says="{place} names {name}, which does not exist.", do="Known: {known}.", field=place,
            values={"place": place, "name": name, "known": ", ".join(sorted(known))},
        )  # fmt: skip


def review_due(kind: str, on: date) -> date:
    """The day by which a document that comes into force on a day must be looked at again (REV-1)."""
    return on + timedelta(days=91 if kind in QUARTERLY else 365)
