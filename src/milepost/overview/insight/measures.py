"""The measures of a period's orders (KPI-1 to KPI-6): five statements whatever the number of orders."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection

from milepost.overview.insight.words import DELIVERED_STATES, Duration, Measures, OnTime, Period, Ratings
from milepost.way.orders.words import State

IN_TIME = timedelta(hours=24)
ERRORS = ("lost", "return")
"""The kinds of cases that make an order one that was not processed without errors (KPI-1)."""


def measures(period: Period, *, now: datetime | None = None) -> Measures:
    """The measures of all orders that were received in the period. What is overdue is so at `now`; without, nothing is."""
    bounds = [period.start, period.end]
    promised = _rows(_ON_TIME, [*bounds, _zones(), list(DELIVERED_STATES)])[0]
    ratings = _ratings(bounds)
    errors = _rows(_ACCURATE, [*bounds, list(DELIVERED_STATES), list(ERRORS)])[0]
    acknowledged = _rows(_ACKNOWLEDGED, [*bounds, IN_TIME, now and now - IN_TIME])[0]
    cases = {kind: Duration(*rest) for kind, *rest in _rows(_RESOLVED, bounds)}
    return Measures(
        states=_states(bounds),
        first_promise=OnTime(*promised[:3]),
        last_promise=OnTime(*promised[3:]),
        accurate=errors[0],
        ratings=_together(ratings),
        ratings_late=ratings["late"],
        ratings_on_time=ratings["on_time"],
        ratings_not_delivered=ratings["not_delivered"],
        orders_rated=errors[1],
        orders_rated_more_than_once=errors[2],
        acknowledged=Duration(*acknowledged[:3]),
        acknowledged_p95_hours=acknowledged[3],
        acknowledged_in_time=acknowledged[4],
        acknowledgement_overdue=acknowledged[5],
        delays_resolved=cases.get("delay", Duration()),
        issues_resolved=cases.get("any", Duration()),
    )


def _states(bounds: Sequence[Any]) -> dict[str, int]:
    counted = dict(_rows(_STATES, bounds))
    return {state.value: counted.get(state.value, 0) for state in State}


def _ratings(bounds: Sequence[Any]) -> dict[str, Ratings]:
    """Ratings by what became of the order, measured against its first promise, to the second."""
    found = {name: dict.fromkeys(range(1, 6), 0) for name in ("late", "on_time", "not_delivered", "unmeasured")}
    for name, rating, times in _rows(_RATINGS, [*bounds, list(DELIVERED_STATES)]):
        found[name][rating] = times
    return {name: Ratings(counts) for name, counts in found.items()}


def _together(ratings: dict[str, Ratings]) -> Ratings:
    return Ratings({rating: sum(one.counts[rating] for one in ratings.values()) for rating in range(1, 6)})


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


@cache
def _zones() -> list[str]:
    """The time zones that this PostgreSQL knows; it would refuse the whole read for one that it does not."""
    return [name for (name,) in _rows("SELECT name FROM pg_timezone_names", [])]


_IN_PERIOD = """
    o.received_at >= coalesce(%s::timestamptz, '-infinity') AND o.received_at < coalesce(%s::timestamptz, 'infinity')
"""

_STATES = f"SELECT o.state, count(*) FROM orders_order o WHERE {_IN_PERIOD} GROUP BY o.state"  # noqa: S608 our own words

_ON_TIME = f"""
WITH period AS (SELECT * FROM orders_order o WHERE {_IN_PERIOD}),
arrived AS (
    SELECT o.delivered_at, (o.delivered_at AT TIME ZONE coalesce(z.name, 'UTC'))::date AS day,
        first.latest_at AS first_at, first.latest_on AS first_on, last.latest_at AS last_at, last.latest_on AS last_on
    FROM period o LEFT JOIN unnest(%b::text[]) AS z(name) ON z.name = o.zone
    JOIN promising_promise first ON first.order_id = o.id AND first.sequence = 1
    JOIN promising_promise last ON last.order_id = o.id AND last.stands
    WHERE o.state = ANY(%b::text[]) AND o.delivered_at IS NOT NULL
)
SELECT count(*), count(*) FILTER (WHERE delivered_at > first_at), count(*) FILTER (WHERE day > first_on),
    count(*), count(*) FILTER (WHERE delivered_at > last_at), count(*) FILTER (WHERE day > last_on)
FROM arrived
"""  # noqa: S608 our own words

_RATINGS = f"""
WITH period AS (SELECT * FROM orders_order o WHERE {_IN_PERIOD})
SELECT CASE WHEN o.delivered_at IS NULL OR o.state <> ALL(%b::text[]) THEN 'not_delivered'
        WHEN p.latest_at IS NULL THEN 'unmeasured' WHEN o.delivered_at > p.latest_at THEN 'late' ELSE 'on_time' END,
    f.rating, count(*)
FROM closeout_feedback f JOIN period o ON o.id = f.order_id
LEFT JOIN promising_promise p ON p.order_id = o.id AND p.sequence = 1
GROUP BY 1, 2
"""  # noqa: S608 our own words

_ACCURATE = f"""
WITH period AS (SELECT o.id, o.state FROM orders_order o WHERE {_IN_PERIOD}),
rated AS (SELECT f.order_id, count(*) AS times FROM closeout_feedback f JOIN period o ON o.id = f.order_id GROUP BY 1)
SELECT (SELECT count(*) FROM period o WHERE o.state = ANY(%b::text[])
        AND NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.order_id = o.id AND c.kind = ANY(%b::text[]))
        AND NOT EXISTS (SELECT 1 FROM closeout_acceptance a WHERE a.order_id = o.id AND a.dispute <> '')),
    (SELECT count(*) FROM rated), (SELECT count(*) FROM rated WHERE times > 1)
"""  # noqa: S608 our own words

_ACKNOWLEDGED = f"""
WITH took AS (
    SELECT o.acknowledged_at - o.received_at AS time, o.received_at FROM orders_order o
    WHERE {_IN_PERIOD} AND (o.acknowledged_at IS NOT NULL OR o.state <> 'cancelled' AND NOT o.history)
)
SELECT count(time), round(extract(epoch FROM avg(time)) / 3600, 4)::float8,
    round((extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY time)) / 3600), 4)::float8,
    round((extract(epoch FROM percentile_cont(0.95) WITHIN GROUP (ORDER BY time)) / 3600), 4)::float8,
    count(*) FILTER (WHERE time <= %s::interval), count(*) FILTER (WHERE time IS NULL AND received_at < %s::timestamptz)
FROM took
"""  # noqa: S608 our own words

_RESOLVED = f"""
WITH took AS (
    SELECT c.kind, c.resolved_at - c.found_at AS time FROM cases_case c JOIN orders_order o ON o.id = c.order_id
    WHERE {_IN_PERIOD} AND c.resolved_at IS NOT NULL AND (c.kind <> 'delay' OR c.new_latest_on > c.due_was)
)
SELECT coalesce(kind, 'any'), count(*), round(extract(epoch FROM avg(time)) / 3600, 4)::float8,
    round(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY time)) / 3600, 4)::float8
FROM took GROUP BY GROUPING SETS ((kind), ())
"""  # noqa: S608 our own words
