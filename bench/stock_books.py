"""What must be true of stock at every moment, and in the end: compared with the rows themselves."""

import time
from datetime import UTC, datetime
from typing import Any

import psycopg

FIRST_NUMBER = 10_000_000_000
"""Orders made only to have something allocated to them begin with this id."""


def look_on(url: str, seconds: float) -> dict[str, Any]:
    """Compare balances with the sums of their rows in one snapshot after another."""
    looks = wrong = 0
    example = ""
    with psycopg.connect(url) as books:
        books.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = books.execute(UNEQUAL).fetchall()
            books.rollback()
            looks += 1
            if found:
                wrong, example = wrong + 1, str(found[:3])
            time.sleep(0.02)
    return {"looks": looks, "wrong": wrong, "example": example}


UNEQUAL = """
WITH moved AS (SELECT item_id, location_id, sum(quantity) AS q FROM stock_movement GROUP BY 1, 2),
tied AS (SELECT item_id, location_id, sum(quantity) AS q FROM stock_allocation WHERE state = 'open' GROUP BY 1, 2),
kept AS (SELECT item_id, location_id, sum(quantity) AS q FROM stock_reservation WHERE state = 'held' GROUP BY 1, 2)
SELECT item_id, location_id, v.on_hand, moved.q, v.allocated, tied.q, v.reserved, kept.q FROM stock_level v
FULL JOIN moved USING (item_id, location_id) FULL JOIN tied USING (item_id, location_id) FULL JOIN kept USING (item_id, location_id)
WHERE coalesce(v.on_hand, 0) <> coalesce(moved.q, 0) OR coalesce(v.allocated, 0) <> coalesce(tied.q, 0)
    OR coalesce(v.reserved, 0) <> coalesce(kept.q, 0) OR v.allocated + v.reserved > v.on_hand
"""
LINES = """
SELECT l.order_id, l.position, o.state, CASE WHEN l.cancelled OR o.state = 'cancelled' THEN 0 ELSE l.quantity END AS wanted,
    coalesce(a.tied, 0), coalesce(a.gone, 0), coalesce(b.short, 0)
FROM orders_line l JOIN orders_order o ON o.id = l.order_id
LEFT JOIN (SELECT order_id, position, sum(quantity) FILTER (WHERE state = 'open') AS tied,
    sum(quantity) FILTER (WHERE state = 'shipped') AS gone FROM stock_allocation GROUP BY 1, 2) a
    ON (a.order_id, a.position) = (l.order_id, l.position)
LEFT JOIN (SELECT order_id, position, sum(quantity) AS short FROM stock_backorder WHERE state = 'open' GROUP BY 1, 2) b
    ON (b.order_id, b.position) = (l.order_id, l.position)
WHERE l.order_id < 10000000000 AND coalesce(a.tied, 0) + coalesce(a.gone, 0) + coalesce(b.short, 0) <> greatest(
    CASE WHEN l.cancelled OR o.state = 'cancelled' THEN 0 ELSE l.quantity END, coalesce(a.gone, 0))
"""
BESIDE_FREE = """
SELECT v.item_id, sum(v.on_hand - v.allocated - v.reserved) FROM stock_level v
WHERE EXISTS (SELECT 1 FROM stock_backorder b WHERE b.item_id = v.item_id AND b.state = 'open')
GROUP BY 1 HAVING sum(v.on_hand - v.allocated - v.reserved) > 0
"""


def disagreements(url: str) -> list[str]:
    """Where the books do not agree in the end."""
    from milepost.config.server import disconnect
    from milepost.overview.records import queries as records

    faults = []
    with psycopg.connect(url) as books:
        for name, statement in (
            ("a level is not the sum of its rows", UNEQUAL), ("a line has not what it needs", LINES),
            ("somebody waits beside free stock", BESIDE_FREE),
        ):  # fmt: skip
            found = books.execute(statement).fetchall()
            faults += [f"{name}: {row}" for row in found[:5]]
    real = [one for one in records.audit(datetime.now(UTC)) if (one.order_id or 0) < FIRST_NUMBER]
    faults += [f"audit: {breach}" for breach in real[:5]]
    disconnect()
    return faults


def deadlocks(url: str) -> int:
    """How many PostgreSQL has counted."""
    with psycopg.connect(url) as books:
        books.execute("SELECT pg_stat_force_next_flush()")
        books.commit()
        row = books.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
    return int(row[0]) if row else 0
