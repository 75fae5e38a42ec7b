"""Reads of documents and files of orders: what stands in them, by what is remembered of their senders, and what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models.fields.json import KeyTextTransform

from milepost.ground.catalog import queries as catalog
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import naming, queries, rules
from milepost.way.intake.models import OrderFile, OrderRequest, SenderLayout, SenderNumber
from milepost.way.intake.ports import OrderReader, reader, reader_of
from milepost.way.intake.words import (
    AS_IT_STANDS,
    DocumentCard,
    FileCard,
    Incoming,
    Layout,
    LayoutCard,
    OrderSheet,
    RefusedRow,
    RequestState,
    draft_from_json,
)

TABLE = "table"
"""The form of layouts: what a column means does not depend on whether the file is a workbook or a text."""
TABLES = ("csv", "xlsx")
ANSWERED = ("x12", "edifact", "ubl")
UNKNOWN_FORM = Refusal(
    code="unknown_form", says="What was sent is of no form in which orders are read here.",
    do="Send a CSV file, a workbook, an X12 850, an EDIFACT ORDERS message, or an order in UBL.", status=415,
)  # fmt: skip

TRIAL = Refusal(
    code="trial",
    says="This is a trial, as its sender says: no order is made of it.",
    do="Have it sent without the mark of a trial.",
)


def is_trial(sheet: OrderSheet) -> bool:
    """Whether nothing shall come of it but answers."""
    return bool(sheet.exchange and sheet.exchange.test and not settings.EDI_TRIALS_ARE_ORDERS)


def reader_for(body: bytes, form: str = "") -> OrderReader:
    """Who reads this: by its looks, or by name where it was told. Refuses `unknown_form` (415)."""
    found = reader(form) if form else reader_of(body)
    if found is None:
        raise Refused(UNKNOWN_FORM)
    return found


def layouts(senders: Iterable[str]) -> dict[str, LayoutCard]:
    """The latest layout of each sender, by the sender as it was given; who has none is left out. One statement."""
    wanted = {sender: naming.sender_key(sender) for sender in senders}
    if not wanted:
        return {}
    rows = (
        SenderLayout.objects.filter(sender__in=set(wanted.values()), form=TABLE)
        .order_by("sender", "-version")
        .distinct("sender")
    )
    known = {row.sender: layout_card(row) for row in rows}
    return {sender: known[key] for sender, key in wanted.items() if key in known}


def layout_of(sender: str) -> Layout:
    """What is remembered of a sender's files. One statement."""
    card = layouts([sender]).get(sender)
    return card.layout if card else AS_IT_STANDS


def layout_card(row: SenderLayout) -> LayoutCard:
    """A layout as others read it."""
    return LayoutCard(
        sender=row.sender, form=row.form, version=row.version, layout=Layout(**row.layout), by=row.by, at=row.at
    )


def senders(*, limit: int = 200) -> list[str]:
    """Senders of whom a layout is remembered, by name. One statement."""
    return list(SenderLayout.objects.order_by("sender").values_list("sender", flat=True).distinct()[:limit])


def read(body: bytes, *, sender: str = "", form: str = "", layout: Layout | None = None) -> OrderSheet:
    """What stands in a document or file of orders; tables by what is remembered of the sender. One statement, none for other forms.

    Refuses `unknown_form` (415); everything else that is wrong stands in the sheet.
    """
    found = reader_for(body, form)
    if layout is None:
        layout = layout_of(sender) if found.name in TABLES else AS_IT_STANDS
    return found.read(body, layout)


def sent_by(sheet: OrderSheet, sender: str) -> str:
    """Whose document it is: as its envelope says, else as whoever brought it says."""
    return sheet.exchange.sender if sheet.exchange else sender


def name_items(incoming: Sequence[Incoming]) -> tuple[list[Incoming], list[Refusal]]:
    """The requests that can be received, with items and units as we list them; and why the others cannot. Two statements.

    Items are found by any number of ours, in whatever case, and by numbers of the sender's own of which a person has said it.
    """
    theirs = their_numbers(naming.their_numbers_of(incoming))
    items = catalog.by_typed_code(naming.numbers_of(incoming, theirs))
    good: list[Incoming] = []
    refused: list[Refusal] = []
    for one in incoming:
        known, reasons = naming.named(one, items, theirs)
        refused += reasons
        good += [] if reasons else [known]
    return good, refused


def their_numbers(wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which items of ours senders' own numbers mean, by sender and number; the latest word counts. One statement."""
    if not wanted:
        return {}
    senders, numbers = {sender for sender, _ in wanted}, {number for _, number in wanted}
    rows = SenderNumber.objects.filter(sender__in=senders, number__in=numbers).order_by("version")
    found = {(sender, number): code for sender, number, code in rows.values_list("sender", "number", "code")}
    return {key: found[key] for key in wanted if key in found}


def unknown_numbers(sheet: OrderSheet, sender: str) -> list[tuple[str, str]]:
    """The first number of each line whose item is not known, with all that the document says of it. Two statements."""
    incoming = [replace(one, sender=sender) for one in sheet.incoming]
    _, refused = name_items(incoming)
    by_index = {one.index: one for one in incoming}
    found: dict[str, str] = {}
    for reason in refused:
        one, place = by_index[reason.index or 0], int(reason.field.split(".")[1])
        numbers = one.their_numbers[place] or one.numbers[place] if place < len(one.their_numbers) else ()
        if reason.code == "unknown_item" and numbers:
            found.setdefault(numbers[0], str(one.origins.get(f"lines.{place}.code", {}).get("from", "")))
    return list(found.items())


def foretold(file_id: UUID, *, now: datetime) -> tuple[OrderSheet, list[RefusedRow]]:
    """The orders of a file, and what would be refused if they were received now. Four statements at most, nothing is written."""
    form, raw, sender = OrderFile.objects.values_list("form", "raw", "sender").get(id=file_id)
    sheet = read(bytes(raw), sender=sender, form=form)
    good, refused = name_items([replace(one, sender=sent_by(sheet, sender)) for one in sheet.incoming])
    items = catalog.by_code(sorted({line.code for one in good for line in one.draft.lines}))
    by_index = {one.index: one for one in sheet.incoming}
    refused += [reason.at(index=one.index) for one in good for reason in rules.impossible(one.draft, items, now=now)]
    rows = [rules.row_of(by_index[reason.index or 0], reason) for reason in refused]
    return sheet, sorted([*rules.refused_rows(sheet), *rows], key=lambda one: one.line)


def file_original(file_id: UUID) -> tuple[FileCard, bytes] | None:
    """A file with its bytes. One statement."""
    row = OrderFile.objects.filter(id=file_id).first()
    return (queries.file_card(row), bytes(row.raw)) if row else None


def placed_from(arrival_ids: Iterable[UUID]) -> dict[UUID, dict[int, tuple[int, str]]]:
    """The orders that were placed from documents: by arrival and place in it, order id and reference. One statement."""
    found: dict[UUID, dict[int, tuple[int, str]]] = {}
    wanted = [str(one) for one in arrival_ids]
    rows = OrderRequest.objects.filter(origins__has_key="document", state=RequestState.PLACED).annotate(
        document=KeyTextTransform("document", "origins")
    )
    rows = rows.filter(document__in=wanted)
    for order_id, reference, origins in rows.values_list("order_id", "reference", "origins"):
        found.setdefault(UUID(origins["document"]), {})[int(origins["place"])] = (order_id or 0, reference)
    return found


def to_answer(order_ids: Sequence[int]) -> list[DocumentCard]:
    """Of these orders, those that came in a form in which their sender is answered. One statement, none for orders that came
    by other ways in this transaction."""
    if queries.came_by_others(order_ids):
        return []
    rows = OrderRequest.objects.filter(
        order_id__in=list(order_ids), origins__has_key="document", origins__form__in=ANSWERED
    )
    names = ("order_id", "raw", "draft", "origins")
    return [_document(*values) for values in rows.order_by("order_id").values_list(*names)]


def _document(order_id: int, raw: bytes, draft: dict[str, Any], origins: dict[str, Any]) -> DocumentCard:
    return DocumentCard(
        order_id=order_id, arrival_id=UUID(origins["document"]), form=origins["form"], raw=bytes(raw),
        asked=draft_from_json(draft).lines,
    )  # fmt: skip


def answer_numbers(count: int) -> list[int]:
    """Numbers for what leaves us, each given once. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('intake_answer_numbers') FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]
