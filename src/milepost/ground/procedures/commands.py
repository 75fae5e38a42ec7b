"""Verbs of procedures: draft, review, publish. A version is never edited; its successor replaces it (REV-1)."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from milepost.ground import journal
from milepost.ground.procedures import defaults, queries
from milepost.ground.procedures.facts import (
    ProcedureDrafted,
    ProcedureFact,
    ProcedureInForce,
    ProcedureKept,
    ProcedurePublished,
    ProcedureReviewed,
    ProcedureRewritten,
)
from milepost.ground.procedures.models import Document
from milepost.ground.procedures.proof import template_faults
from milepost.ground.procedures.rules import compile_mjml, read, review_due
from milepost.ground.procedures.words import DocumentDraft
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused, refuse_any

F = TypeVar("F", bound=ProcedureFact)
SHIPPED = "system:shipped"

NO_DOCUMENT = Refusal(code="no_document", says="There is no such document.", do="Look at the list.", status=404)
NOT_NOW = Refusal(
    code="not_now", says="A version that is {state} cannot be {verb}.", do="It goes from draft to reviewed to published.",
    status=409,
)  # fmt: skip
OWN_WORK = Refusal(
    code="own_work", says="Nobody reviews what they wrote themselves.", do="Ask a colleague to review it.", status=409
)

NOT_YOURS = Refusal(
    code="not_yours", says="Only who wrote a draft goes on with it.", do="Write a version of your own that begins with it.",
    status=409,
)  # fmt: skip
WRITTEN_SINCE = Refusal(
    code="written_since", says="This draft was changed since you opened it, in another window.",
    do="Look at what stands there now, and write into that.", status=409,
)  # fmt: skip
OTHER_IN_FORCE = Refusal(
    code="other_in_force", says="Version {version} has come into force since you looked.",
    do="Look at the difference to it below, then publish, or have it written anew.", status=409,
)  # fmt: skip


def draft(drafts: Sequence[DocumentDraft], *, act: Act) -> list[int]:
    """Write new versions and return their ids. Refuses `unknown_kind` and `bad_document` with the place that is wrong."""
    for one in drafts:
        read(one.kind, one.body)
    with transaction.atomic():
        _take_turn()
        latest = _latest_versions()
        rows = []
        for one in drafts:
            version = latest[one.kind, one.name] = latest.get((one.kind, one.name), 0) + 1
            rows.append(_row(one, version, act))
        Document.objects.bulk_create(rows)
        journal.record([_said(ProcedureDrafted, row) for row in rows], act=act)
    return [row.pk for row in rows]


def _row(one: DocumentDraft, version: int, act: Act) -> Document:
    return Document(
        kind=one.kind, name=one.name, version=version, body=dict(one.body), state="draft", author=act.actor, note=one.note,
        drafted_at=act.at,
    )  # fmt: skip


def rewrite(document_id: int, body: Mapping[str, Any], *, act: Act, seen: Mapping[str, Any], note: str = "") -> None:
    """Go on with a draft of one's own. `seen` is what it said when it was opened. Refuses `no_document`, `not_now`, `not_yours`,
    `written_since` where it says something else by now, and what `draft` refuses."""
    with transaction.atomic():
        (row,) = _locked([document_id], "draft", "rewritten")
        read(row.kind, body)
        if row.author != act.actor:
            raise Refused(NOT_YOURS)
        if row.body != seen:
            raise Refused(WRITTEN_SINCE)
        row.body, row.note = dict(body), note
        row.save(update_fields=["body", "note"])
        journal.record([_said(ProcedureRewritten, row)], act=act)


def review(document_ids: Sequence[int], *, act: Act) -> None:
    """Say that somebody else has read drafts and agrees. Refuses `not_now`, `own_work`, `no_document`."""
    with transaction.atomic():
        rows = _locked(document_ids, "draft", "reviewed")
        refuse_any(
            OWN_WORK.at(index=place) for place, row in enumerate(rows) if row.author == act.actor and _is_person(act)
        )
        for row in rows:
            row.state, row.reviewed_by, row.reviewed_at = "reviewed", act.actor, act.at
        Document.objects.bulk_update(rows, ["state", "reviewed_by", "reviewed_at"])
        journal.record([_said(ProcedureReviewed, row) for row in rows], act=act)


def publish(
    document_ids: Sequence[int],
    *,
    act: Act,
    effective_on: date | None = None,
    instead_of: Mapping[int, int] | None = None,
) -> None:
    """Sign reviewed versions; they come into force on `effective_on`, or at once. `instead_of`: for each the version that was in
    force when its publisher looked (0: none).

    Refuses `other_in_force` where that is another one by now, `not_now`, `no_document`, `dangling` where the whole would point
    to something that does not exist, and of a template `bad_mjml`, `bad_template`, `undeclared`, `no_variable`, `no_type` and
    `other_type`, each with its place.
    """
    today = act.at.date()
    with transaction.atomic():
        _take_turn()
        rows = _locked(document_ids, "reviewed", "published")
        refuse_any(_overtaken(rows, instead_of or {}))
        for row in rows:
            row.state, row.published_by, row.published_at = "published", act.actor, act.at
            row.effective_on = effective_on or today
            row.body = _compiled(row)
        Document.objects.bulk_update(rows, ["state", "published_by", "published_at", "effective_on", "body"])
        said = [_said(ProcedurePublished, row, effective_on=row.effective_on) for row in rows]
        journal.record(said, act=act)
        if (effective_on or today) <= today:
            _put_in_force(rows, act)


def _overtaken(rows: Sequence[Document], instead_of: Mapping[int, int]) -> Iterator[Refusal]:
    """Those that would replace another version than their publisher has seen."""
    if not instead_of:
        return
    names = {(row.kind, row.name): row for row in rows}
    standing = Document.objects.filter(
        state="published",
        in_force_at__isnull=False,
        kind__in={kind for kind, _ in names},
        name__in={name for _, name in names},
    ).values_list("kind", "name", "pk", "version")
    now = {(kind, name): (pk, version) for kind, name, pk, version in standing}
    for place, row in enumerate(rows):
        pk, version = now.get((row.kind, row.name), (0, 0))
        if row.pk in instead_of and pk != instead_of[row.pk]:
            yield replace(OTHER_IN_FORCE, values={"version": version}, index=place)


def keep(document_ids: Sequence[int], *, act: Act) -> None:
    """Record that documents in force were looked at and stay as they are; each is reviewed again a quarter or a year from then
    (REV-1). Refuses `not_now`, `no_document`."""
    with transaction.atomic():
        rows = _locked(document_ids, "published", "kept")
        refuse_any(
            _not_now("published for later", "kept").at(index=n) for n, row in enumerate(rows) if not row.in_force_at
        )
        for row in rows:
            row.review_due_on = review_due(row.kind, act.at.date())
        Document.objects.bulk_update(rows, ["review_due_on"])
        journal.record([_said(ProcedureKept, row, review_due_on=row.review_due_on) for row in rows], act=act)


def bring_into_force(on: date, *, act: Act) -> int:
    """Put in force what was published for this day or earlier; the worker calls it daily. Returns how many."""
    with transaction.atomic():
        _take_turn()
        waiting = Document.objects.select_for_update().filter(
            state="published", in_force_at__isnull=True, effective_on__lte=on
        )
        rows = list(waiting.order_by("effective_on", "version"))
        for row in rows:  # rarely more than one; each may replace the one before it
            _put_in_force([row], act)
    return len(rows)


def install_defaults(act: Act) -> int:
    """Publish the shipped documents that are new, or newer than what was installed and never changed by people.

    Can be repeated; returns how many were published.
    """
    with transaction.atomic():
        _take_turn()
        new = _newly_shipped()
        if new:
            by_us = Act(
                actor=SHIPPED,
                channel=act.channel,
                at=act.at,
                recorded_at=act.recorded_at,
                reason="shipped with Milepost",
            )
            ids = draft(new, act=by_us)
            review(ids, act=by_us)
            publish(ids, act=by_us)
    return len(new)


def _newly_shipped() -> list[DocumentDraft]:
    """Compared by the database, so that what is installed need not travel. One statement."""
    shipped = defaults.documents()
    names = [(one.kind, one.name) for one in shipped]
    with connection.cursor() as cursor:
        cursor.execute(
            _NEWLY_SHIPPED,
            [
                [kind for kind, _ in names],
                [name for _, name in names],
                [json.dumps(one.body) for one in shipped],
                SHIPPED,
            ],
        )
        wanted = set(cursor.fetchall())
    return [one for one in shipped if (one.kind, one.name) in wanted]


_NEWLY_SHIPPED = """
SELECT shipped.kind, shipped.name
FROM unnest(%b::text[], %b::text[], %b::text[]) AS shipped (kind, name, body)
LEFT JOIN (
    SELECT DISTINCT ON (kind, name) kind, name, author, body FROM procedures_document ORDER BY kind, name, version DESC
) AS known USING (kind, name)
WHERE known.kind IS NULL OR (known.author = %s AND known.body - 'html' <> shipped.body::jsonb - 'html')
"""


def _put_in_force(rows: Sequence[Document], act: Act) -> None:
    """Retire what these replace, check the whole, and let every process know by a new token."""
    keys = [(row.kind, row.name) for row in rows]
    before = {
        (row.kind, row.name): row
        for row in Document.objects.filter(
            state="published",
            in_force_at__isnull=False,
            kind__in={kind for kind, _ in keys},
            name__in={name for _, name in keys},
        )
        if (row.kind, row.name) in keys
    }
    for row in before.values():
        row.state = "retired"
    Document.objects.bulk_update(before.values(), ["state"])
    for row in rows:
        row.in_force_at, row.review_due_on = act.at, review_due(row.kind, act.at.date())
    Document.objects.bulk_update(rows, ["in_force_at", "review_due_on"])
    queries.whole(token=None)
    _turn_edition(new_id())
    journal.record([_in_force(row, before.get((row.kind, row.name))) for row in rows], act=act)


def _in_force(row: Document, before: Document | None) -> ProcedureInForce:
    return _said(ProcedureInForce, row, review_due_on=row.review_due_on, replaces=before.pk if before else None)


def _said(kind: Callable[..., F], row: Document, **more: Any) -> F:
    return kind(document_id=row.pk, kind_of_document=row.kind, name=row.name, version=row.version, **more)


def _locked(document_ids: Sequence[int], state: str, verb: str) -> list[Document]:
    found = Document.objects.select_for_update().order_by("pk").in_bulk(document_ids)
    missing = [NO_DOCUMENT.at(index=place) for place, one in enumerate(document_ids) if one not in found]
    refuse_any(missing)
    rows = [found[one] for one in document_ids]
    wrong = [(place, row.state) for place, row in enumerate(rows) if row.state != state]
    if wrong:
        raise Refused(*(_not_now(was, verb).at(index=place) for place, was in wrong))
    return rows


def _not_now(state: str, verb: str) -> Refusal:
    return Refusal(
        code=NOT_NOW.code,
        says=NOT_NOW.says,
        do=NOT_NOW.do,
        status=NOT_NOW.status,
        values={"state": state, "verb": verb},
    )


def _compiled(row: Document) -> dict[str, Any]:
    """The body as it is kept when it is signed: a template with its HTML, which is checked unless it came with Milepost."""
    body: dict[str, Any] = row.body
    if row.kind != "template":
        return body
    html = compile_mjml(body["mjml"])
    if row.author != SHIPPED:
        refuse_any(template_faults(read("template", body), html))
    return {**body, "html": html}


def _is_person(act: Act) -> bool:
    return not act.actor.startswith("system:")


def _latest_versions() -> dict[tuple[str, str], int]:
    rows = Document.objects.values("kind", "name").annotate(latest=Max("version"))
    return {(row["kind"], row["name"]): row["latest"] for row in rows}


def _take_turn() -> None:
    """One change of procedures at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('procedures', 0))")


def _turn_edition(token: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procedures_edition (id, token) VALUES (1, %s) ON CONFLICT (id) DO UPDATE SET token = excluded.token",
            [token],
        )
    queries.forget_book()
