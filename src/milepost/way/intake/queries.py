"""Reads of intake."""

from collections.abc import Collection, Iterable, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.functions import Length

from milepost.ground.catalog import queries as catalog
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import CustomerDraft
from milepost.ground.procedures import queries as procedures
from milepost.kernel.columns import columns
from milepost.kernel.refusals import Refusal
from milepost.way.intake import rules
from milepost.way.intake.alike import How, Like, Trace, likeness, trace_of
from milepost.way.intake.models import AnswerRow, FindingRow, OrderFile, OrderRequest, TypedForm
from milepost.way.intake.numbers import references
from milepost.way.intake.ports import open_totals
from milepost.way.intake.questions import Correction, Question, is_correctable
from milepost.way.intake.verification import Known, verify
from milepost.way.intake.words import (
    Address,
    Check,
    Draft,
    FileCard,
    Finding,
    KeptForm,
    OriginalCard,
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


def came_by_others(order_ids: Sequence[int]) -> bool:
    """Whether all of these were verified in this transaction and came by ways on which no documents travel."""
    fresh = _verified.get() or {}
    return all(
        order_id in fresh and fresh[order_id].channel in ("api", "shop", "portal", "phone") for order_id in order_ids
    )


def received_at(order_ids: Sequence[int]) -> dict[int, datetime]:
    """When the original of each order reached us; from memory within the receiving transaction, else one statement."""
    fresh = _verified.get() or {}
    if all(order_id in fresh for order_id in order_ids):
        return {order_id: fresh[order_id].received_at for order_id in order_ids}
    rows = OrderRequest.objects.filter(order_id__in=order_ids).values_list("order_id", "received_at")
    return {order_id: at for order_id, at in rows if order_id is not None}


def _from_row(row: OrderRequest, findings: tuple[Finding, ...]) -> Verified:
    return Verified(
        order_id=row.order_id or 0, request_id=row.id, reference=row.reference, channel=row.channel,
        received_at=row.received_at, history=row.history, draft=draft_from_json(row.draft or {}), findings=findings,
    )  # fmt: skip


def _finding(row: FindingRow) -> Finding:
    return Finding(
        check=row.check_name, code=row.code, field=row.field, value=row.value, expected=row.expected, question=row.question,
        blocking=row.blocking and row.settled_at is None, hold=row.hold, role=row.role, confirm=row.confirm,
        word_suffices=row.word_suffices, approver=row.approver,
    )  # fmt: skip


def like_requests(drafts: Sequence[Draft], *, own: Collection[int] = ()) -> list[tuple[Like, ...]]:
    """As `likes`, for drafts that nobody sends now: by the sender's number or the PO number of the same customer.

    `own`: the orders that the drafts are already; they are like nobody but themselves.
    """
    mine = {references().make(order_id) for order_id in own}
    found = likes([Trace(*likeness(draft)) for draft in drafts])
    return [tuple(like for like in some if like.reference not in mine) for some in found]


def same_purchase_since(at: datetime) -> datetime | None:
    """Since when the same goods for the same total count as one purchase told twice, by the procedure; None where they never do."""
    hours = max(
        (rule.thresholds.get("hours", 0) for rule in procedures.book().verification if rule.check == Check.DUPLICATE),
        default=0,
    )
    return at - timedelta(hours=float(hours)) if hours else None


def likes(traces: Sequence[Trace]) -> list[tuple[Like, ...]]:
    """Earlier requests that are alike: repeats; the same number of the same sender or customer; the same PO number of the same
    customer; the same purchase within the time, unless they are numbered apart. One statement, none where nothing is
    looked for; four index scans a request."""
    if not any(trace.is_looked_for for trace in traces):
        return [()] * len(traces)
    found: dict[int, list[Like]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, columns((place, *_sought(trace)) for place, trace in enumerate(traces)))
        for place, reference, how, order_id in cursor.fetchall():
            found.setdefault(place, []).append(Like(reference, How(how), order_id))
    return [tuple(sorted(found.get(place, ()))) for place in range(len(traces))]


def _sought(trace: Trace) -> tuple[Any, ...]:
    return (
        trace.ordered_by, trace.external_ref, trace.po_number, trace.sender, trace.digest,
        trace.purchase if trace.since else None, trace.since, trace.own, trace.before,
    )  # fmt: skip


_LIKE = """
SELECT k.place, r.reference, r.how, r.order_id FROM unnest(%b::int[], %b::text[], %b::text[], %b::text[], %b::text[], %b::bytea[],
    %b::bigint[], %b::timestamptz[], %b::bigint[], %b::timestamptz[])
    AS k(place, ordered_by, external_ref, po_number, sender, digest, purchase, since, own, before)
CROSS JOIN LATERAL (
    SELECT reference, order_id, state, received_at,
        CASE WHEN sender = k.sender AND state = 'placed' AND sha256(raw) = k.digest THEN 'repeat' ELSE 'number' END AS how
    FROM intake_request WHERE external_ref = k.external_ref AND k.external_ref <> '' AND external_ref <> ''
        AND (sender = k.sender OR ordered_by = k.ordered_by)
    UNION ALL SELECT reference, order_id, state, received_at, 'po_number' FROM intake_request
    WHERE po_number = k.po_number AND k.po_number <> '' AND po_number <> '' AND ordered_by = k.ordered_by
    UNION ALL SELECT reference, order_id, state, received_at, 'purchase' FROM intake_request
    WHERE purchase = k.purchase AND received_at > k.since
        AND (sender <> k.sender OR external_ref = '' AND k.external_ref = '') AND '' IN (po_number, k.po_number)
    LIMIT 8
) r WHERE r.reference <> '' AND r.state IN ('placed', 'open') AND r.order_id <> k.own
    AND r.received_at <= coalesce(k.before, r.received_at)
"""


def findings_of(order_id: int) -> list[dict[str, Any]]:
    """All findings of an order, settled or not."""
    names = (
        "id", "check_name", "field", "value", "expected", "question", "blocking", "hold", "found_at", "asked_at", "settled_at",
        "settled_by", "outcome", "answer",
    )  # fmt: skip
    return list(FindingRow.objects.filter(order_id=order_id).order_by("found_at").values(*names))


def questions(order_ids: Iterable[int]) -> dict[int, list[Question]]:
    """The open questions to the customer of each order, those that they answered without settling it included. One statement."""
    names = (
        "id", "order_id", "code", "field", "value", "expected", "question", "confirm", "blocking", "answer", "asked_at",
    )  # fmt: skip
    rows = FindingRow.objects.filter(order_id__in=list(order_ids), settled_at=None).exclude(question="")
    found: dict[int, list[Question]] = {}
    for row in rows.order_by("order_id", "-blocking", "id").values_list(*names):
        found.setdefault(row[1], []).append(Question(**dict(zip(("finding_id", *names[1:]), row, strict=True))))
    return found


def delivery_doubts(address: Address, *, phone: str) -> list[Finding]:
    """What verification would find in an address, and in a phone number if one is given. Nothing is written."""
    checks = [rule for rule in procedures.book().verification if rule.check in (Check.ADDRESS, Check.CONTACT)]
    draft = Draft(customer=CustomerDraft(phone=phone), ship_to=address, lines=(), currency="")
    found = verify(draft, Known(), checks)
    return [one for one in found if one.check == Check.ADDRESS or phone]


def corrections(answer_ids: Iterable[UUID]) -> list[Correction]:
    """What shall stand elsewhere in orders by these answers; what was confirmed, or has no place in an order, is left out.
    One statement."""
    rows = AnswerRow.objects.filter(answer_id__in=list(answer_ids)).exclude(confirmed=True, finding_id__isnull=False)
    names = ("order_id", "answer_id", "field", "value", "said_by", "said_at")
    found = [Correction(**row) for row in rows.order_by("order_id", "field").values(*names)]
    return [one for one in found if is_correctable(one.field)]


def answers_of(order_id: int) -> list[dict[str, Any]]:
    """All that was said about an order, oldest first. One statement."""
    names = ("answer_id", "field", "confirmed", "value", "said_by", "said_at", "actor", "channel", "at")
    return list(AnswerRow.objects.filter(order_id=order_id).order_by("at", "field").values(*names))


def blocking_findings(order_ids: Iterable[int]) -> dict[int, list[Finding]]:
    """What keeps each order from moving. One statement."""
    found: dict[int, list[Finding]] = {}
    for row in FindingRow.objects.filter(order_id__in=list(order_ids), settled_at=None, blocking=True).order_by("id"):
        found.setdefault(row.order_id, []).append(_finding(row))
    return found


def original(request_id: UUID) -> tuple[str, bytes] | None:
    """The raw original of a request: its content type and bytes."""
    row = OrderRequest.objects.filter(id=request_id).values_list("content_type", "raw").first()
    return None if row is None else (row[0], bytes(row[1]))


def original_of(order_id: int) -> OriginalCard | None:
    """What an order was asked with, without its bytes. One statement."""
    rows = OrderRequest.objects.filter(order_id=order_id).annotate(size=Length("raw"))
    row = rows.values_list("channel", "content_type", "size", "received_at", "origins").first()
    if row is None:
        return None
    document = row[4].get("document")
    return OriginalCard(
        channel=row[0],
        content_type=row[1],
        size=row[2],
        received_at=row[3],
        document=UUID(document) if document else None,
    )


def original_bytes(order_id: int) -> tuple[str, bytes] | None:
    """The raw original that an order was asked with: its content type and bytes. One statement."""
    row = OrderRequest.objects.filter(order_id=order_id).values_list("content_type", "raw").first()
    return None if row is None else (row[0], bytes(row[1]))


def file_card(row: OrderFile) -> FileCard:
    """A row as others read it."""
    return FileCard(
        id=row.id, name=row.name, form=row.form, kept_by=row.kept_by, kept_at=row.kept_at, orders=row.orders, done=row.done,
        placed=row.placed, finished_at=row.finished_at, refused=tuple(RefusedRow(**one) for one in row.refused),
        sender=row.sender, arrival_id=row.arrival_id,
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


def foresee(draft: Draft, *, now: datetime) -> tuple[list[Refusal], list[Finding]]:
    """What would be refused, and what would be found, if this were received now: to ask whoever is on the phone.

    Four statements at most. Findings about who orders are made for a customer who was chosen from the record.
    """
    items = catalog.by_code(sorted({line.code for line in draft.lines}))
    refusals = list(rules.impossible(draft, items, now=now))
    if any(line.code not in items for line in draft.lines):
        return refusals, []
    known = _known_of(rules.with_catalogue(draft, items), now)
    return refusals, list(verify(rules.with_catalogue(draft, items), known, procedures.book().verification))


def _known_of(draft: Draft, now: datetime) -> Known:
    (like,) = likes([trace_of(draft, sender="", raw=b"", channel="", since=same_purchase_since(now))])
    card = parties.cards([draft.customer_id]).get(draft.customer_id) if draft.customer_id else None
    if card is None:
        return Known(like_orders=like)
    owed = open_totals([card.id], except_orders=()) if card.credit_limit is not None else {}
    return Known(
        blocked=card.blocked, like_orders=like, on_record={"name": card.name, "phone": card.phone, "email": card.email},
        credit_limit=card.credit_limit, credit_currency=card.credit_currency,
        open_total=owed.get((card.id, draft.currency), Decimal(0)),
    )  # fmt: skip


def kept_forms(owner: str) -> list[KeptForm]:
    """The forms that somebody has half filled in, the latest first. One statement."""
    rows = TypedForm.objects.filter(owner=owner).order_by("-kept_at").values_list("id", "form", "kept_at")
    return [KeptForm(*row) for row in rows]


def kept_form(token: UUID, owner: str) -> KeptForm | None:
    """A form that somebody has half filled in, if it is theirs. One statement."""
    row = TypedForm.objects.filter(id=token, owner=owner).values_list("id", "form", "kept_at").first()
    return KeptForm(*row) if row else None
