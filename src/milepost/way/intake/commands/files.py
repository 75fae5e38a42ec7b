"""Verbs on files of orders: keep one as it was sent, and let its orders be received bit by bit."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import rules
from milepost.way.intake.commands.receive import receive
from milepost.way.intake.commands.refuse import keep_refused
from milepost.way.intake.models import OrderFile
from milepost.way.intake.ports import reader
from milepost.way.intake.queries import file_card
from milepost.way.intake.words import FileCard, Incoming, Receipt, RefusedRow

NO_FILE = Refusal(code="no_file", says="There is no such file.", do="Send it again.", status=404)


def keep_file(body: bytes, *, name: str, form: str = "csv", act: Act) -> FileCard:
    """Keep a file of orders as it was sent. Refuses what cannot be read at all; refused lines are kept beside it."""
    sheet = reader(form).read(body)
    if not sheet.orders:
        raise Refused(*sheet.refusals)
    row = OrderFile.objects.create(
        id=new_id(), name=name[-200:], form=form, raw=body, digest=sha256(body).digest(), kept_by=act.actor, kept_at=act.at,
        orders=len(sheet.incoming), refused=[asdict(one) for one in rules.refused_rows(sheet)],
        finished_at=None if sheet.incoming else act.at,
    )  # fmt: skip
    return file_card(row)


def take_in(file_id: UUID, *, limit: int, act: Act) -> FileCard:
    """Receive the next `limit` orders of a file, in one transaction with its progress, so none is received twice.

    Whoever stops in between goes on where the last one ended. Refuses `no_file`.
    """
    with transaction.atomic():
        row = OrderFile.objects.select_for_update().filter(id=file_id).first()
        if row is None:
            raise Refused(NO_FILE)
        if row.finished_at is None:
            sheet = reader(row.form).read(bytes(row.raw))
            _receive(row, sheet.incoming[row.done : row.done + limit], act)
    return file_card(row)


def _receive(row: OrderFile, some: Sequence[Incoming], act: Act) -> None:
    incoming = [replace(one, sender=row.name, origins={**one.origins, "file": str(row.id)}) for one in some]
    receipts = receive(incoming, act=act)
    keep_refused(incoming, receipts, act=act)
    row.done += len(incoming)
    row.placed += sum(not receipt.refusals for receipt in receipts)
    row.refused = [*row.refused, *(asdict(one) for one in _refused(incoming, receipts))]
    row.finished_at = act.at if row.done >= row.orders else None
    row.save(update_fields=["done", "placed", "refused", "finished_at"])


def _refused(incoming: Sequence[Incoming], receipts: Sequence[Receipt]) -> Iterable[RefusedRow]:
    for one, receipt in zip(incoming, receipts, strict=True):
        yield from (rules.row_of(one, refusal) for refusal in receipt.refusals)
