"""Reads of webhooks out; each says how many statements it takes."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from milepost.ground.webhooks.models import Attempt, Delivery, Endpoint
from milepost.ground.webhooks.rules import with_previous
from milepost.ground.webhooks.words import AttemptCard, Backlog, DeliveryCard, EndpointCard, Standing, State

_DELIVERY = (
    "id", "endpoint_id", "event_id", "order_id", "sequence", "previous", "state", "attempts", "failures", "due_at",
    "delivered_at", "status", "detail",
)  # fmt: skip


def endpoints() -> list[EndpointCard]:
    """All subscriptions, the newest first; closed ones last. One statement."""
    rows = sorted(Endpoint.objects.all(), key=lambda row: (row.standing == Standing.GONE, -row.opened_at.timestamp()))
    return list(map(_endpoint, rows))


def endpoint(endpoint_id: UUID) -> EndpointCard | None:
    """One subscription. One statement."""
    row = Endpoint.objects.filter(id=endpoint_id).first()
    return _endpoint(row) if row else None


def _endpoint(row: Endpoint) -> EndpointCard:
    return EndpointCard(
        id=row.id, url=row.url, name=row.name, types=tuple(row.types), standing=Standing(row.standing),
        generation=row.generation, former_until=row.former_until, opened_at=row.opened_at,
        failing_since=row.failing_since, last_delivered_at=row.last_delivered_at,
    )  # fmt: skip


def deliveries(
    endpoint_id: UUID, *, failed: bool = False, before: UUID | None = None, limit: int = 50
) -> list[DeliveryCard]:
    """What goes to a subscription, the newest first, keyset-paged by id. One statement on its index."""
    rows = Delivery.objects.filter(endpoint_id=endpoint_id)
    if failed:
        rows = rows.filter(state=State.FAILED)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = rows.order_by("-id").values(*_DELIVERY, "event__type")[:limit]
    return [DeliveryCard(type=row.pop("event__type"), **{**row, "state": State(row["state"])}) for row in found]


def delivery(delivery_id: UUID) -> DeliveryCard | None:
    """One delivery with its body as it is sent and all its calls. Two statements."""
    row = Delivery.objects.filter(id=delivery_id).values(*_DELIVERY, "event__type", "event__body").first()
    if row is None:
        return None
    tries = Attempt.objects.filter(delivery_id=delivery_id).order_by("number")
    return DeliveryCard(
        type=row.pop("event__type"), body=with_previous(bytes(row.pop("event__body")), row["previous"]),
        tries=tuple(AttemptCard(number=t.number, at=t.at, status=t.status, detail=t.detail, took_ms=t.took_ms) for t in tries),
        **{**row, "state": State(row["state"])},
    )  # fmt: skip


def backlog(now: datetime) -> Backlog:
    """How the outbox stands. One statement on its indexes."""
    with connection.cursor() as cursor:
        cursor.execute(_BACKLOG, [now])
        due, oldest, failed, silent = cursor.fetchone()
    return Backlog(due=due, failed=failed, oldest_due_at=oldest, silent_endpoints=silent)


_BACKLOG = """
SELECT (SELECT count(*) FROM webhooks_delivery d JOIN webhooks_endpoint e ON e.id = d.endpoint_id
        WHERE d.state = 'due' AND d.due_at <= %s AND e.standing = 'active'),
    (SELECT min(d.due_at) FROM webhooks_delivery d JOIN webhooks_endpoint e ON e.id = d.endpoint_id
        WHERE d.state = 'due' AND e.standing = 'active'),
    (SELECT count(*) FROM webhooks_delivery WHERE state = 'failed'),
    (SELECT count(*) FROM webhooks_endpoint WHERE standing = 'given_up')
"""


def untold(order_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Events of these orders that an active subscription wants and has no delivery of: (order, sequence). One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_UNTOLD, [list(order_ids)])
        return list(cursor.fetchall())


_UNTOLD = """
SELECT DISTINCT v.order_id, v.sequence FROM webhooks_event v JOIN webhooks_endpoint e
    ON e.standing = 'active' AND v.recorded_at >= e.opened_at AND (v.type = ANY(e.types) OR '*' = ANY(e.types))
WHERE v.order_id = ANY(%b::bigint[]) AND NOT EXISTS (
    SELECT FROM webhooks_delivery d WHERE d.endpoint_id = e.id AND d.order_id = v.order_id AND d.sequence = v.sequence)
"""
