"""Restate: a sender says anew what was asked, so that verification looks at what they say now; the original stays (VER-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import orjson

from milepost.ground import journal
from milepost.way.intake.models import OrderRequest
from milepost.way.intake.words import Draft, LineDraft, draft_from_json, draft_to_json


def restate(said: Mapping[int, tuple[Draft, Sequence[Decimal]]]) -> None:
    """Take over what the sender says of payment and amounts now; with it, line by line of the order, the discounts that they gave.

    What stands in the order is changed by amending it; this is what it is verified against. Two statements.
    """
    with journal.together():
        rows = list(OrderRequest.objects.select_for_update().filter(order_id__in=list(said)).order_by("order_id"))
        for row in rows:
            row.draft = orjson.loads(
                draft_to_json(_restated(draft_from_json(row.draft or {}), *said[row.order_id or 0]))
            )
        OrderRequest.objects.bulk_update(rows, ["draft"])


def _restated(asked: Draft, now: Draft, discounts: Sequence[Decimal]) -> Draft:
    return replace(
        asked, payment_amount=now.payment_amount, payment_pending=now.payment_pending, freight=now.freight, tax=now.tax,
        charges=now.charges, lines=tuple(_lines(asked.lines, discounts)),
    )  # fmt: skip


def _lines(lines: Sequence[LineDraft], discounts: Sequence[Decimal]) -> list[LineDraft]:
    """What was asked for, with the discounts given now; lines that the order gained are not among it."""
    given = [*discounts, *(line.discount for line in lines[len(discounts) :])]
    return [replace(line, discount=discount) for line, discount in zip(lines, given, strict=False)]
