"""Reads across rooms for single orders; each is one statement."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from milepost.ground.access import queries as access
from milepost.overview.insight.words import Outcome, Status, StatusAnswer
from milepost.way.intake.numbers import references


def outcomes(order_ids: Sequence[int]) -> dict[int, Outcome]:
    """What became of orders that were just received: state, promise and open holds. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOMES, [list(order_ids)])
        return {row[0]: Outcome(*(*row[:9], _holds(row[9]))) for row in cursor.fetchall()}


def _holds(pairs: list[list[str]] | None) -> tuple[tuple[str, str], ...]:
    return tuple((kind, reason) for kind, reason in pairs or ())


_OUTCOMES = """
SELECT o.id, o.reference, o.external_ref, o.state, o.received_at, o.total, o.currency, p.earliest_on, p.latest_on,
    (SELECT array_agg(ARRAY[h.kind, h.reason] ORDER BY h.opened_at, h.kind) FROM orders_hold h
     WHERE h.order_id = o.id AND h.released_at IS NULL)
FROM orders_order o LEFT JOIN promising_promise p ON p.order_id = o.id AND p.stands WHERE o.id = ANY(%b::bigint[])
"""


def status(plain_key: str, name: str) -> StatusAnswer | None:
    """Where an order stands, asked for with an API key; None when the key is not valid. One statement for both.

    `name` is our reference or the shop's own number.
    """
    parts = access.key_parts(plain_key)
    if parts is None:
        return None
    number = references().find(name)
    row = _one(_STATUS_BY_ID, [number, *parts]) if number is not None else None
    if row is None or row[1] is None:
        row = _one(_STATUS_BY_NAME, [name, *parts])
    if row is None:
        return None
    return StatusAnswer(frozenset(row[0]), Status(*row[1:]) if row[1] is not None else None)


def _one(statement: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


_STATUS_BY_ID = """
SELECT k.scopes, o.reference, o.state, o.received_at, o.delivered_at, p.earliest_on, p.latest_on
FROM access_api_key k LEFT JOIN orders_order o ON o.id = %s
LEFT JOIN promising_promise p ON p.order_id = o.id AND p.stands
WHERE k.prefix = %s AND k.digest = %s AND k.revoked_at IS NULL
"""

_STATUS_BY_NAME = """
SELECT k.scopes, o.reference, o.state, o.received_at, o.delivered_at, p.earliest_on, p.latest_on
FROM access_api_key k LEFT JOIN LATERAL (
    SELECT * FROM orders_order WHERE external_ref = %s AND external_ref <> '' ORDER BY id DESC LIMIT 1
) o ON true
LEFT JOIN promising_promise p ON p.order_id = o.id AND p.stands
WHERE k.prefix = %s AND k.digest = %s AND k.revoked_at IS NULL
"""
