"""Reads of close-out; each says how many statements it takes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from milepost.way.closeout.models import Acceptance, Feedback
from milepost.way.closeout.words import AcceptanceCard, Answer, FeedbackCard

_ACCEPTANCE = (
    "order_id", "state", "asked_at", "due_at", "answered_at", "dispute", "close_due_at", "closed_at",
)  # fmt: skip
_FEEDBACK = ("id", "order_id", "rating", "comment", "given_at")


def acceptances(order_ids: Iterable[int]) -> dict[int, AcceptanceCard]:
    """Where the question of acceptance stands for each order that was asked. One statement."""
    rows = Acceptance.objects.filter(order_id__in=list(order_ids)).values(*_ACCEPTANCE)
    return {row["order_id"]: AcceptanceCard(**{**row, "state": Answer(row["state"])}) for row in rows}


def feedback_of(order_ids: Iterable[int]) -> dict[int, list[FeedbackCard]]:
    """All reviews of each order, first to last. One statement."""
    found: dict[int, list[FeedbackCard]] = defaultdict(list)
    rows = Feedback.objects.filter(order_id__in=list(order_ids)).order_by("given_at", "id")
    for row in rows.values(*_FEEDBACK):
        found[row["order_id"]].append(FeedbackCard(**row))
    return dict(found)


def newest_feedback(*, before: tuple[datetime, UUID] | None = None, limit: int = 50) -> list[FeedbackCard]:
    """Reviews, newest first, keyset-paged by (given_at, id) (REV-2). One statement."""
    rows = Feedback.objects.order_by("-given_at", "-id")
    if before is not None:
        rows = rows.filter(given_at__lte=before[0]).exclude(given_at=before[0], id__gte=before[1])
    return [FeedbackCard(**row) for row in rows.values(*_FEEDBACK)[:limit]]
