"""Announce: something happened to orders; and plan: what exactly, for whom.

The first is written in the transaction of the fact, at next to no cost, and only while anybody is subscribed. The second reads the
journal afterwards, so that events bear the sequence that the order's chain gave them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from milepost.ground import journal
from milepost.ground.webhooks.models import Endpoint
from milepost.ground.webhooks.ports import Teller
from milepost.ground.webhooks.rules import wants
from milepost.ground.webhooks.words import Event, Standing
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.ids import new_id


def announce(order_ids: Iterable[int], *, act: Act) -> None:
    """There is news of these orders. History is told to nobody. No statement of its own where few orders have news."""
    if not act.history:
        journal.write(_NEWS, [(new_id(), order_id) for order_id in sorted(set(order_ids))])


def plan_news(tell: Teller, *, act: Act, limit: int = 500) -> int:
    """One batch of news: who wants to know gets a delivery of each event, once. Return how many orders had news.

    Any number of workers may plan at once: an order's story is told by one at a time. Eight statements.
    """
    with transaction.atomic():
        order_ids = _claim(limit)
        if not order_ids:
            return 0
        since = _lock_cursors(order_ids)
        events = tell(since)
        endpoints = list(Endpoint.objects.exclude(standing=Standing.GONE).order_by("id"))
        _write_events(events)
        _write_deliveries(_deliveries(events, endpoints, _last_sent(order_ids)), act)
        _advance({event.order_id: event.sequence for event in events})
    return len(order_ids)


def _claim(limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [limit])
        return sorted({order_id for (order_id,) in cursor.fetchall()})


def _lock_cursors(order_ids: Sequence[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [list(order_ids)])
        cursor.execute(_LOCK, [list(order_ids)])
        return dict(cursor.fetchall())


def _last_sent(order_ids: Sequence[int]) -> dict[tuple[UUID, int], int]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [list(order_ids)])
        return {(endpoint, order_id): sequence for endpoint, order_id, sequence in cursor.fetchall()}


def _deliveries(
    events: Sequence[Event], endpoints: Sequence[Endpoint], last: Mapping[tuple[UUID, int], int]
) -> list[tuple[Any, ...]]:
    """What each endpoint is told: of what was recorded since it was opened, in sequence, each with the one before."""
    before: dict[tuple[UUID, int], int] = defaultdict(int, last)
    rows = []
    for event in sorted(events, key=lambda one: (one.order_id, one.sequence)):
        for endpoint in endpoints:
            key = (endpoint.id, event.order_id)
            if not wants(endpoint.types, event.type) or event.recorded_at < endpoint.opened_at:
                continue
            if event.sequence > before[key]:
                rows.append((new_id(), endpoint.id, event.id, event.order_id, event.sequence, before[key]))
                before[key] = event.sequence
    return rows


def _write_events(events: Sequence[Event]) -> None:
    if events:
        rows = [(e.id, e.order_id, e.sequence, e.type, e.recorded_at, e.body) for e in events]
        with connection.cursor() as cursor:
            cursor.execute(_EVENTS, columns(rows))


def _write_deliveries(rows: Sequence[tuple[Any, ...]], act: Act) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_DELIVERIES, [act.at, *columns(rows)])


def _advance(reached: Mapping[int, int]) -> None:
    if reached:
        with connection.cursor() as cursor:
            cursor.execute(_ADVANCE, columns(sorted(reached.items())))


_NEWS = """
INSERT INTO webhooks_news (id, order_id)
SELECT w.id, w.order_id FROM unnest(%b::uuid[], %b::bigint[]) AS w(id, order_id)
WHERE EXISTS (SELECT FROM webhooks_endpoint WHERE standing = 'active')
"""
_CLAIM = """
DELETE FROM webhooks_news WHERE id IN (SELECT id FROM webhooks_news ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING order_id
"""
_BEGIN = """
INSERT INTO webhooks_cursor (order_id, sequence) SELECT o, 0 FROM unnest(%b::bigint[]) AS o ORDER BY o ON CONFLICT DO NOTHING
"""
_LOCK = """
SELECT order_id, sequence FROM webhooks_cursor WHERE order_id = ANY(%b::bigint[]) ORDER BY order_id FOR UPDATE
"""
_LAST = """
SELECT endpoint_id, order_id, max(sequence) FROM webhooks_delivery WHERE order_id = ANY(%b::bigint[]) GROUP BY 1, 2
"""
_EVENTS = """
INSERT INTO webhooks_event (id, order_id, sequence, type, recorded_at, body)
SELECT * FROM unnest(%b::text[], %b::bigint[], %b::int[], %b::text[], %b::timestamptz[], %b::bytea[]) ON CONFLICT DO NOTHING
"""
_DELIVERIES = """
INSERT INTO webhooks_delivery (state, attempts, failures, detail, due_at, id, endpoint_id, event_id, order_id, sequence, previous)
SELECT 'due', 0, 0, '', %s, * FROM unnest(%b::uuid[], %b::uuid[], %b::text[], %b::bigint[], %b::int[], %b::int[])
ON CONFLICT DO NOTHING
"""
_ADVANCE = """
UPDATE webhooks_cursor c SET sequence = greatest(c.sequence, w.sequence)
FROM unnest(%b::bigint[], %b::int[]) AS w(order_id, sequence) WHERE c.order_id = w.order_id
"""
