"""Verbs on files of orders: keep one as it was sent, and let its orders be received bit by bit."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.words import Outcome, State
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import documents, rules
from milepost.way.intake.commands.documents import REUSED, keep_document, receive_named
from milepost.way.intake.commands.refuse import keep_refused
from milepost.way.intake.models import OrderFile
from milepost.way.intake.queries import file_card
from milepost.way.intake.words import FileCard, Incoming, OrderSheet, Receipt, RefusedRow

NO_FILE = Refusal(code="no_file", says="There is no such file.", do="Send it again.", status=404)
CAME_BEFORE = Refusal(
    code="came_before",
    says="This document came before, and was answered.",
    do="See what became of it; nothing was placed again.",
)

REPEATED = Refusal(
    code="repeated", says="This very order came before, as {reference}.", do="Nothing was placed again.", field="order"
)


def keep_file(body: bytes, *, name: str, sender: str = "", form: str = "", act: Act) -> FileCard:
    """Keep a file of orders as it was sent. Refuses what cannot be read at all; refused lines are kept beside it.

    A table whose columns are not known is kept too: once somebody has said what they mean, it is read again by `read_again`.
    """
    reader = documents.reader_for(body, form)
    sheet = documents.read(body, sender=sender, form=reader.name)
    if not (sheet.orders or sheet.is_to_be_mapped):
        raise Refused(*sheet.refusals)
    row = OrderFile(
        id=new_id(), name=name[-200:], form=reader.name, raw=body, digest=sha256(body).digest(), kept_by=act.actor, kept_at=act.at,
        sender=sender[:254],
    )  # fmt: skip
    _fill(row, sheet, act)
    row.save(force_insert=True)
    return file_card(row)


def _fill(row: OrderFile, sheet: OrderSheet, act: Act) -> None:
    """How much there is to do by what was read. What is still to be mapped is not finished, though nothing of it can be done."""
    if documents.is_trial(sheet):
        sheet = replace(sheet, incoming=(), refusals=(*sheet.refusals, documents.TRIAL))
    row.orders = len(sheet.incoming)
    row.refused = [asdict(one) for one in rules.refused_rows(sheet)]
    row.finished_at = None if sheet.incoming or sheet.is_to_be_mapped or sheet.asks else act.at


def read_again(file_id: UUID, *, sender: str = "", act: Act) -> FileCard:
    """Read a file anew by what is remembered of its sender by now; nothing of it may have been received yet. Refuses `no_file`."""
    with transaction.atomic():
        row = _locked(file_id)
        if row.done == 0 and row.placed == 0:
            row.sender = sender[:254] or row.sender
            _fill(row, documents.read(bytes(row.raw), sender=row.sender, form=row.form), act)
            row.save(update_fields=["sender", "orders", "refused", "finished_at"])
    return file_card(row)


def _locked(file_id: UUID) -> OrderFile:
    row = OrderFile.objects.select_for_update().filter(id=file_id).first()
    if row is None:
        raise Refused(NO_FILE)
    return row


def take_in(file_id: UUID, *, limit: int, act: Act) -> FileCard:
    """Receive the next `limit` orders of a file, in one transaction with its progress, so none is received twice.

    Whoever stops in between goes on where the last one ended. A document of a form that is answered is kept among the arrivals
    too, and one that came there before places nothing. Refuses `no_file`.
    """
    with transaction.atomic():
        row = _locked(file_id)
        if row.finished_at is None:
            sheet = documents.read(bytes(row.raw), sender=row.sender, form=row.form)
            refusal = _not_to_be_placed(row, act) if row.form in documents.ANSWERED else None
            if refusal is not None:
                _refuse_all(row, refusal, act)
            elif not sheet.is_to_be_mapped:
                _receive(row, sheet, limit, act)
    return file_card(row)


def _not_to_be_placed(row: OrderFile, act: Act) -> Refusal | None:
    """Keep it among the arrivals, once, so that it is answered and known when it comes again; why it may not be placed, if so."""
    if row.arrival_id is not None:
        return None
    receipt = keep_document(bytes(row.raw), sender=row.sender, name=row.name, form=row.form, state=State.OPEN, act=act)
    if receipt.repeated:
        return CAME_BEFORE
    row.arrival_id = receipt.arrival_id
    reused = [one for one in receipt.refusals if one.code == REUSED.code]
    return reused[0] if reused else None


def _refuse_all(row: OrderFile, refusal: Refusal, act: Act) -> None:
    row.refused = [*row.refused, asdict(_row_of_all(refusal))]
    row.done, row.finished_at = row.orders, act.at
    row.save(update_fields=["done", "refused", "finished_at", "arrival_id"])


def _row_of_all(refusal: Refusal) -> RefusedRow:
    return RefusedRow(
        line=0, order="", field="", code=refusal.code, sentence=refusal.sentence, next_step=refusal.next_step
    )


def _receive(row: OrderFile, sheet: OrderSheet, limit: int, act: Act) -> None:
    some = sheet.incoming[row.done : row.done + limit]
    sender = documents.sent_by(sheet, row.sender or row.name)
    before = documents.placed_from([row.arrival_id]).get(row.arrival_id, {}) if row.arrival_id else {}
    numbered = [(place, one) for place, one in enumerate(some, start=row.done) if place not in before]
    incoming = [replace(_prepared(row, place, one), sender=sender) for place, one in numbered]
    receipts = receive_named(incoming, act=act)
    keep_refused(incoming, receipts, act=act)
    row.done += len(some)
    row.placed += sum(not (receipt.refusals or receipt.repeated) for receipt in receipts)
    row.refused = [*row.refused, *(asdict(one) for one in _refused(incoming, receipts))]
    row.finished_at = act.at if row.done >= row.orders else None
    row.save(update_fields=["done", "placed", "refused", "finished_at", "arrival_id"])
    if row.finished_at is not None and row.arrival_id is not None:
        arrivals.settle({row.arrival_id: _outcome(row)}, act=act)


def _prepared(row: OrderFile, place: int, one: Incoming) -> Incoming:
    about: dict[str, object] = {"file": str(row.id)}
    if row.arrival_id is not None:
        about |= {"document": str(row.arrival_id), "place": place, "form": row.form}
    return replace(one, origins={**one.origins, **about}, arrival_id=row.arrival_id)


def _outcome(row: OrderFile) -> Outcome:
    if row.refused:
        first = row.refused[0]
        return Outcome(
            state=State.REFUSED, code=first["code"][:40], sentence=f"{first['sentence']} {first['next_step']}".strip()
        )
    return Outcome(state=State.PROCESSED)


def _refused(incoming: Sequence[Incoming], receipts: Sequence[Receipt]) -> Iterable[RefusedRow]:
    for one, receipt in zip(incoming, receipts, strict=True):
        yield from (rules.row_of(one, refusal) for refusal in receipt.refusals)
        if receipt.repeated:
            yield rules.row_of(one, replace(REPEATED, values={"reference": receipt.reference}))
