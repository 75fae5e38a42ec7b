"""Reads of open requests: what waits for a person, and what is known of it so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from milepost.way.intake.models import OrderRequest
from milepost.way.intake.reading import Doubt, Origin, origins_from_json
from milepost.way.intake.words import Draft, RequestState, draft_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A request that a person completes, or completed: the draft as it stands, the text that was read, and what is in doubt."""

    id: UUID
    order_id: int
    reference: str
    channel: str
    sender: str
    state: str
    received_at: datetime
    draft: Draft
    subject: str = ""
    text: str = ""
    origins: Mapping[str, Origin]
    doubts: tuple[Doubt, ...] = ()
    files: tuple[str, ...] = ()
    arrival_id: UUID | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.state == RequestState.OPEN


_FIELDS = ("id", "order_id", "reference", "channel", "sender", "state", "received_at", "draft", "origins")


def open_requests(*, after: tuple[datetime, UUID] | None = None, limit: int = 50) -> list[OpenRequest]:
    """What waits for a person, the longest first; keyset-paged by time and id. One statement on its index."""
    return [_card(row) for row in _waiting(after).values(*_FIELDS)[:limit]]


def _waiting(after: tuple[datetime, UUID] | None) -> QuerySet[OrderRequest]:
    """The open ones after a place. The state stands in the statement as it is, or no plan made once could use their own index."""
    rows = OrderRequest.objects.extra(where=["intake_request.state = 'open'"]).order_by("received_at", "id")
    if after is not None:
        rows = rows.filter(received_at__gte=after[0]).exclude(received_at=after[0], id__lte=after[1])
    return rows


def look_up(text: str, *, after: tuple[datetime, UUID] | None = None, limit: int = 50) -> list[OpenRequest]:
    """Of what waits for a person, that which has the text in reference, sender, number of theirs, PO number or name.

    Two statements, which walk along the open ones alone and no further than `WALKED` of them a page.
    """
    plain = text.strip()
    found = OrderRequest.objects.filter(id__in=list(_waiting(after).values_list("id", flat=True)[:WALKED])).filter(
        Q(reference__icontains=plain) | Q(sender__icontains=plain) | Q(external_ref__icontains=plain)
        | Q(po_number__icontains=plain) | Q(draft__customer__name__icontains=plain) | Q(origins__subject__icontains=plain)
    )  # fmt: skip
    return [_card(row) for row in found.order_by("received_at", "id").values(*_FIELDS)[:limit]]


WALKED = 2000


def open_request(request_id: UUID) -> OpenRequest | None:
    """One request that was opened once, whatever became of it. One statement."""
    row = OrderRequest.objects.filter(id=request_id, order_id__isnull=False).values(*_FIELDS).first()
    return _card(row) if row and "doubts" in row["origins"] else None


def by_arrival(arrival_ids: Iterable[UUID]) -> dict[UUID, OpenRequest]:
    """The requests that were opened for these arrivals, whatever became of them. One statement."""
    rows = OrderRequest.objects.filter(id__in=list(arrival_ids), order_id__isnull=False)
    return {card.id: card for card in map(_card, rows.values(*_FIELDS))}


def without_order(order_ids: Iterable[int]) -> dict[int, OpenRequest]:
    """The requests of these numbers that are no orders yet, or never became one. One statement."""
    states = (RequestState.OPEN, RequestState.DISCARDED)
    rows = OrderRequest.objects.filter(order_id__in=list(order_ids), state__in=states)
    return {card.order_id: card for card in map(_card, rows.values(*_FIELDS))}


def _card(row: dict[str, Any]) -> OpenRequest:
    origins = row["origins"]
    arrival = origins.get("arrival")
    return OpenRequest(
        id=row["id"], order_id=row["order_id"], reference=row["reference"], channel=row["channel"], sender=row["sender"],
        state=row["state"], received_at=row["received_at"], draft=draft_from_json(row["draft"]),
        subject=origins.get("subject", ""), text=origins.get("text", ""), origins=origins_from_json(origins),
        doubts=tuple(_doubt(one) for one in origins.get("doubts", ())), files=tuple(origins.get("files", ())),
        arrival_id=UUID(arrival) if arrival else None,
    )  # fmt: skip


def _doubt(one: Mapping[str, Any]) -> Doubt:
    span = one.get("span")
    return Doubt(one["code"], (span[0], span[1]) if span else None, one.get("text", ""))
