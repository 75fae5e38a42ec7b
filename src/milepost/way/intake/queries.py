"""Reads of intake."""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from milepost.ground.catalog import queries as catalog
from milepost.kernel.columns import columns
from milepost.way.intake import rules
from milepost.way.intake.models import FindingRow, OrderFile, OrderRequest
from milepost.way.intake.ports import reader
from milepost.way.intake.words import (
    Draft,
    FileCard,
    Finding,
    OrderSheet,
    RefusedRow,
    Verified,
    draft_from_json,
)

_verified: ContextVar[dict[int, Verified] | None] = ContextVar("verified in this transaction", default=None)


def remember_verified(verified: Sequence[Verified]) -> None:
    """Keep what was just verified for the reactions to it, which run in the same transaction."""
    _verified.set({one.order_id: one for one in verified})


def verified(order_ids: Sequence[int]) -> list[Verified]:
    """The verified requests of these orders, in their order; from memory within the receiving transaction, else two statements."""
    fresh = _verified.get() or {}
    if all(order_id in fresh for order_id in order_ids):
        return [fresh[order_id] for order_id in order_ids]
    findings: dict[int, list[Finding]] = {}
    for row in FindingRow.objects.filter(order_id__in=order_ids):
        findings.setdefault(row.order_id, []).append(_finding(row))
    rows = {row.order_id: row for row in OrderRequest.objects.filter(order_id__in=order_ids)}
    return [_from_row(rows[order_id], tuple(findings.get(order_id, ()))) for order_id in order_ids]


def _from_row(row: OrderRequest, findings: tuple[Finding, ...]) -> Verified:
    return Verified(
        order_id=row.order_id or 0, request_id=row.id, reference=row.reference, channel=row.channel,
        received_at=row.received_at, history=row.history, draft=draft_from_json(row.draft or {}), findings=findings,
    )  # fmt: skip


def _finding(row: FindingRow) -> Finding:
    return Finding(
        check=row.check_name, field=row.field, value=row.value, expected=row.expected, question=row.question,
        blocking=row.blocking and row.settled_at is None, hold=row.check_name, role="customer_service",
    )  # fmt: skip


def likeness(draft: Draft) -> tuple[str, str, str]:
    """By what an order request is recognised as the like of another: who ordered, the shop's number, the PO number."""
    return (draft.customer.external_ref or draft.customer.email).lower(), draft.external_ref, draft.po_number


def like_requests(drafts: Sequence[Draft]) -> list[tuple[str, ...]]:
    """References of earlier orders with the same shop number or, from the same customer, the same PO number. One statement."""
    keys = [likeness(draft) for draft in drafts]
    if not any(external_ref or po_number for _, external_ref, po_number in keys):
        return [()] * len(keys)
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, [list(range(len(keys))), *columns(keys)])
        found: dict[int, list[str]] = {}
        for place, reference in cursor.fetchall():
            found.setdefault(place, []).append(reference)
    return [tuple(sorted(found.get(place, ()))) for place in range(len(keys))]


_LIKE = """
SELECT k.place, r.reference FROM unnest(%b::int[], %b::text[], %b::text[], %b::text[])
    AS k(place, ordered_by, external_ref, po_number)
CROSS JOIN LATERAL (
    SELECT reference FROM intake_request WHERE external_ref = k.external_ref AND k.external_ref <> '' AND external_ref <> ''
    UNION SELECT reference FROM intake_request
    WHERE po_number = k.po_number AND k.po_number <> '' AND po_number <> '' AND ordered_by = k.ordered_by
    LIMIT 3
) r WHERE r.reference <> ''
"""


def findings_of(order_id: int) -> list[dict[str, Any]]:
    """All findings of an order, settled or not."""
    names = ("check_name", "field", "value", "expected", "question", "blocking", "found_at", "settled_at", "answer")
    return list(FindingRow.objects.filter(order_id=order_id).order_by("found_at").values(*names))


def original(request_id: UUID) -> tuple[str, bytes] | None:
    """The raw original of a request: its content type and bytes."""
    row = OrderRequest.objects.filter(id=request_id).values_list("content_type", "raw").first()
    return None if row is None else (row[0], bytes(row[1]))


def file_card(row: OrderFile) -> FileCard:
    """A row as others read it."""
    return FileCard(
        id=row.id, name=row.name, form=row.form, kept_by=row.kept_by, kept_at=row.kept_at, orders=row.orders, done=row.done,
        placed=row.placed, finished_at=row.finished_at, refused=tuple(RefusedRow(**one) for one in row.refused),
    )  # fmt: skip


def order_file(file_id: UUID) -> FileCard | None:
    """A file of orders and how far it has become orders. One statement."""
    row = OrderFile.objects.defer("raw").filter(id=file_id).first()
    return file_card(row) if row else None


def order_files(*, limit: int = 20) -> list[FileCard]:
    """The newest files of orders. One statement."""
    return [file_card(row) for row in OrderFile.objects.defer("raw").order_by("-kept_at")[:limit]]


def same_file_before(file_id: UUID) -> FileCard | None:
    """The last earlier file with the very same bytes of which orders were placed, or None. One statement."""
    same = OrderFile.objects.filter(digest=OrderFile.objects.filter(id=file_id).values("digest")[:1], placed__gt=0)
    row = same.exclude(id=file_id).defer("raw").order_by("-kept_at").first()
    return file_card(row) if row else None


def foretold(file_id: UUID, *, now: datetime) -> tuple[OrderSheet, list[RefusedRow]]:
    """The orders of a file, and what would be refused if they were received now. Two statements, nothing is written."""
    form, raw = OrderFile.objects.values_list("form", "raw").get(id=file_id)
    sheet = reader(form).read(bytes(raw))
    items = catalog.by_code(sorted({line.code for one in sheet.incoming for line in one.draft.lines}))
    refused = [
        rules.row_of(one, refusal) for one in sheet.incoming for refusal in rules.impossible(one.draft, items, now=now)
    ]
    return sheet, sorted([*rules.refused_rows(sheet), *refused], key=lambda one: one.line)
