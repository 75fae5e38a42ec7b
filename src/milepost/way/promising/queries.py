"""Reads of the promise ledger."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from milepost.ground.procedures import queries as procedures
from milepost.way.promising.models import Promise
from milepost.way.promising.rules import first_window
from milepost.way.promising.words import PromiseCard, Standing, WantedPromise, Window

_FIELDS = (
    "id", "order_id", "sequence", "earliest_on", "latest_on", "latest_at", "basis", "cause", "explanation", "made_at",
    "confidence",
)  # fmt: skip


def ledger(order_ids: Iterable[int]) -> dict[int, list[PromiseCard]]:
    """Every date ever given for each order, first to last. One statement."""
    rows: dict[int, list[PromiseCard]] = defaultdict(list)
    for values in (
        Promise.objects.filter(order_id__in=list(order_ids)).order_by("order_id", "sequence").values_list(*_FIELDS)
    ):
        rows[values[1]].append(PromiseCard(**dict(zip(_FIELDS, values, strict=True))))
    return dict(rows)


def standing(order_ids: Iterable[int]) -> dict[int, Standing]:
    """The first promise of each order and the one that stands now. One statement."""
    return {order_id: Standing(rows[0], rows[-1]) for order_id, rows in ledger(order_ids).items()}


def reckoned(wanted: Sequence[WantedPromise], *, now: datetime) -> dict[int, Window]:
    """When each order would be there by stock and supply alone, whatever was promised. No statement but the book's."""
    book = procedures.book()
    calendar = book.calendar()
    return {
        one.order_id: first_window(replace(one, stated_on=None), book.promising, calendar, now=now)[0] for one in wanted
    }


def overdue(*, now: datetime, after: tuple[datetime, int] | None = None, limit: int = 500) -> list[PromiseCard]:
    """Promises that stand, are past and still awaited, the longest past first, keyset-paged by (latest_at, order_id).

    One statement on an index that holds no others.
    """
    rows = Promise.objects.filter(stands=True, awaited=True, latest_at__lt=now).order_by("latest_at", "order_id")
    if after is not None:
        at, order_id = after
        rows = rows.filter(Q(latest_at__gt=at) | Q(order_id__gt=order_id), latest_at__gte=at)
    return [PromiseCard(**dict(zip(_FIELDS, values, strict=True))) for values in rows.values_list(*_FIELDS)[:limit]]
