"""Read procedures: the Book that the house works by, and the documents with their revision history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from milepost.ground.procedures import assembling, defaults
from milepost.ground.procedures.models import Document
from milepost.ground.procedures.rules import make_book
from milepost.ground.procedures.shelf import Source, Templates
from milepost.ground.procedures.words import Book, DocumentCard, DocumentLine, LetterWords
from milepost.kernel.refusals import Refusal, Refused

_known: Book | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What this transaction reads; it waits among the transaction's own hooks, so it ends with the transaction."""

    book: Book

    def __call__(self) -> None:
        """Nothing is left to do at the commit."""


def book() -> Book:
    """All procedures in force, the same for the whole of a transaction.

    Parsed once per edition and process. The first call in a transaction costs one tiny statement, the others none; outside
    of a transaction each call costs that statement. What a company has not published itself is as shipped.
    """
    reading = next(
        (hook.book for _, hook, *_ in reversed(connection.run_on_commit) if isinstance(hook, _Reading)), None
    )
    if reading is not None:
        return reading
    found = _current()
    if connection.in_atomic_block:
        transaction.on_commit(_Reading(found))
    return found


def forget_book() -> None:
    """Read anew from here on, also in this transaction; for the commands that change what is in force."""
    global _known
    _known = None
    connection.run_on_commit = [hook for hook in connection.run_on_commit if not isinstance(hook[1], _Reading)]


def _current() -> Book:
    global _known
    token = _token()
    if token is None:
        return defaults.book()
    if _known is None or _known.token != token:
        _known = _load(token)
    return _known


def _token() -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM procedures_edition WHERE id = 1")
        row = cursor.fetchone()
    return row[0] if row else None


def _load(token: UUID) -> Book:
    return whole(token=token)


def whole(*, token: UUID | None) -> Book:
    """All that is in force, read anew. Refuses `dangling`. Two statements, and one for each template when it is first used."""
    settled = {(draft.kind, draft.name): (0, draft.body) for draft in defaults.settled()}
    sources = dict.fromkeys(assembling.names(), defaults.template)
    return make_book({**settled, **in_force()}, token=token, templates=Templates({**sources, **_own_templates()}))


def in_force() -> dict[tuple[str, str], tuple[int, Any]]:
    """The company's own documents in force by kind and name, each with its version; no templates. One statement."""
    rows = _IN_FORCE().exclude(kind="template")
    return {
        (kind, name): (version, body)
        for kind, name, version, body in rows.values_list("kind", "name", "version", "body")
    }


def _own_templates() -> dict[str, Source]:
    rows = _IN_FORCE().filter(kind="template").values_list("name", "pk")
    return {name: partial(_stored, document_id) for name, document_id in rows}


def _stored(document_id: int, name: str) -> tuple[int, Any]:
    version, body = Document.objects.values_list("version", "body").get(pk=document_id)
    return version, body


def _IN_FORCE() -> QuerySet[Document]:  # noqa: N802 reads as the set that it is
    return Document.objects.filter(state="published", in_force_at__isnull=False)


def history(kind: str, name: str) -> list[DocumentCard]:
    """All versions of a document, newest first: its revision history (REV-1). One statement."""
    return [_card(row) for row in Document.objects.filter(kind=kind, name=name).order_by("-version")]


def documents() -> list[DocumentCard]:
    """The newest version of each document, by kind and name. One statement."""
    newest = Document.objects.order_by("kind", "name", "-version").distinct("kind", "name")
    return [_card(row) for row in newest]


def lines() -> list[DocumentLine]:
    """All versions that are not replaced: those in force and those that people work on, by kind, name and version, without what
    they say. One statement."""
    rows = Document.objects.exclude(state="retired").order_by("kind", "name", "version").values(*_OF_A_LINE)
    return [DocumentLine(in_force=bool(row.pop("in_force_at")), **row) for row in rows]


_OF_A_LINE = (
    "id", "kind", "name", "version", "state", "author", "drafted_at", "published_by", "effective_on", "in_force_at",
    "review_due_on",
)  # fmt: skip


def letter_words(letter: str) -> list[LetterWords]:
    """The words of a letter ("acknowledgement") in all languages in which it is in force. One statement."""
    rows = _IN_FORCE().filter(kind="template", name__startswith=f"{letter}.").order_by("name")
    said = rows.values_list("pk", "name", "body__subject", "body__text", "body__sms", "body__phone")
    return [
        LetterWords(
            document_id=pk, language=name.rpartition(".")[2], subject=subject or "", text=text or "", sms=sms or "",
            phone=phone or "",
        )
        for pk, name, subject, text, sms, phone in said
        if name.rpartition(".")[0] == letter
    ]  # fmt: skip


def due_for_review(kind: str, by: date) -> list[tuple[int, str, date]]:
    """Documents of a kind in force whose review is due by a day: (id, name, due), the most urgent first. One statement."""
    rows = _IN_FORCE().filter(kind=kind, review_due_on__lte=by).order_by("review_due_on", "name")
    return [(pk, name, due) for pk, name, due in rows.values_list("pk", "name", "review_due_on") if due]


def what_if(kind: str, name: str, body: Mapping[str, Any]) -> tuple[Refusal, ...]:
    """What would point to nothing if this were in force, as publishing it would refuse. Two statements."""
    settled = {(draft.kind, draft.name): (0, draft.body) for draft in defaults.settled()}
    sources = dict.fromkeys(assembling.names(), defaults.template)
    templates = Templates({**sources, **_own_templates()})
    try:
        make_book({**settled, **in_force(), (kind, name): (0, body)}, token=None, templates=templates)
    except Refused as refused:
        return refused.refusals
    return ()


def document(document_id: int) -> DocumentCard | None:
    """One version, or None."""
    row = Document.objects.filter(pk=document_id).first()
    return _card(row) if row else None


def _card(row: Document) -> DocumentCard:
    return DocumentCard(
        id=row.pk, kind=row.kind, name=row.name, version=row.version, state=row.state, body=row.body, author=row.author,
        note=row.note, drafted_at=row.drafted_at, reviewed_by=row.reviewed_by, published_by=row.published_by,
        published_at=row.published_at, effective_on=row.effective_on,
        in_force=row.state == "published" and row.in_force_at is not None, review_due_on=row.review_due_on,
        in_force_at=row.in_force_at,
    )  # fmt: skip
