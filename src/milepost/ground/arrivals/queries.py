"""Reads of arrivals; each is one statement."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min

from milepost.ground.arrivals.models import Answer, Arrival, Mark
from milepost.ground.arrivals.words import SETTLED, UNSETTLED, AnswerCard, ArrivalRow, Original, Received, Unsettled

_LISTED = (
    "id", "source", "topic", "sender", "state", "code", "error", "about", "order_id", "attempts", "size", "received_at",
    "processed_at", "processed_by",
)  # fmt: skip
_ANSWER = ("id", "arrival_id", "order_id", "kind", "name", "content_type", "body", "made_at", "sent_at", "sent_by")


def arrivals(*, source: str = "", state: str = "", before: UUID | None = None, limit: int = 50) -> list[ArrivalRow]:
    """What peers sent, newest first, keyset-paged by id (OPS-1)."""
    rows = Arrival.objects.order_by("-id")
    for name, value in (("source", source), ("state", state), ("id__lt", before)):
        if value:
            rows = rows.filter(**{name: value})
    return [ArrivalRow(**row) for row in rows.values(*_LISTED)[:limit]]


def arrival(arrival_id: UUID) -> ArrivalRow | None:
    """One arrival without its body, or None."""
    row = Arrival.objects.filter(id=arrival_id).values(*_LISTED).first()
    return ArrivalRow(**row) if row else None


def these(arrival_ids: Collection[UUID]) -> dict[UUID, ArrivalRow]:
    """These arrivals without their bodies; unknown ones are left out. One statement, none for nothing."""
    rows = Arrival.objects.filter(id__in=list(arrival_ids)).values(*_LISTED) if arrival_ids else ()
    return {row["id"]: ArrivalRow(**row) for row in rows}


def of_order(order_id: int) -> list[ArrivalRow]:
    """What was sent about an order, in the order of its coming (RECD-1)."""
    return [ArrivalRow(**row) for row in Arrival.objects.filter(order_id=order_id).order_by("id").values(*_LISTED)]


def received_at(arrival_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When these arrived. One statement."""
    return dict(Arrival.objects.filter(id__in=list(arrival_ids)).values_list("id", "received_at"))


def original(arrival_id: UUID) -> Original | None:
    """Headers and body as they came, byte for byte (REC-1)."""
    row = Arrival.objects.filter(id=arrival_id).values("content_type", "headers", "body").first()
    return Original(content_type=row["content_type"], headers=row["headers"], body=bytes(row["body"])) if row else None


def originals(arrival_ids: Sequence[UUID]) -> dict[UUID, Received]:
    """Several bodies as they came, and when. One statement."""
    rows = Arrival.objects.filter(id__in=list(arrival_ids)).values_list("id", "received_at", "body")
    return {key: Received(received_at, bytes(body)) for key, received_at, body in rows}


def counts(*, source: str = "") -> dict[str, int]:
    """How many arrivals are not settled, by state (OPS-1)."""
    rows = Arrival.objects.exclude(state__in=SETTLED)
    if source:
        rows = rows.filter(source=source)
    return dict(rows.values_list("state").annotate(Count("id")))


def unsettled() -> list[Unsettled]:
    """What lies here of each source, by standing, and since when; neither settled nor forged. One statement on its index."""
    rows = Arrival.objects.filter(state__in=UNSETTLED).values("source", "state")
    return [
        Unsettled(**row)
        for row in rows.annotate(count=Count("id"), oldest_at=Min("received_at")).order_by("source", "state")
    ]


def answers(arrival_id: UUID) -> list[AnswerCard]:
    """What the sender of an arrival was answered, in order."""
    return [_answer(row) for row in Answer.objects.filter(arrival_id=arrival_id).order_by("id").values(*_ANSWER)]


def unsent_answers(*, kind: str = "", limit: int = 100) -> list[AnswerCard]:
    """Answers that have not left yet, oldest first."""
    rows = Answer.objects.filter(sent_at=None).order_by("id")
    return [_answer(row) for row in (rows.filter(kind=kind) if kind else rows).values(*_ANSWER)[:limit]]


def _answer(row: dict[str, Any]) -> AnswerCard:
    return AnswerCard(**{**row, "body": bytes(row["body"])})


def marked(name: str) -> dict[str, Any]:
    """How far a peer's store was read; nothing where it never was."""
    row = Mark.objects.filter(name=name).values("place").first()
    return dict(row["place"]) if row else {}
