"""Reads of cases; each says how many statements it takes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from milepost.way.cases.models import Case
from milepost.way.cases.words import CaseCard, CaseKind, FoundBy, Outcome


def cases_of(order_ids: Iterable[int]) -> dict[int, list[CaseCard]]:
    """The cases of each order, first to last. One statement."""
    found: dict[int, list[CaseCard]] = defaultdict(list)
    for row in Case.objects.filter(order_id__in=list(order_ids)).order_by("found_at", "id"):
        found[row.order_id].append(card_of(row))
    return dict(found)


def delayed(order_ids: Iterable[int]) -> dict[int, CaseCard]:
    """The open delay of each order that has one: the flag beside its state (HND-2). One statement."""
    rows = Case.objects.filter(order_id__in=list(order_ids), kind=CaseKind.DELAY, resolved_at=None)
    return {row.order_id: card_of(row) for row in rows}


def open_cases(*, after: datetime | None = None, limit: int = 50) -> list[CaseCard]:
    """Open cases, the oldest first, keyset-paged by the instant they were found. One statement."""
    rows = Case.objects.filter(resolved_at=None).order_by("found_at")
    if after is not None:
        rows = rows.filter(found_at__gt=after)
    return [card_of(row) for row in rows[:limit]]


def card_of(row: Case) -> CaseCard:
    """A row as others see it."""
    return CaseCard(
        id=row.id, order_id=row.order_id, kind=CaseKind(row.kind), cause=row.cause, found_by=FoundBy(row.found_by),
        found_at=row.found_at, due_was=row.due_was, new_latest_on=row.new_latest_on, note=row.note,
        resolved_at=row.resolved_at, outcome=Outcome(row.outcome) if row.outcome else None,
    )  # fmt: skip
