"""Lists of orders: by what was chosen, by what was typed, by both; each page a bounded number of index reads.

Three ways lead to a page. What the text means is few orders: they are read and narrowed. It means many, and nothing else was
chosen: the newest of each customer and item are merged. Else the list that was chosen is walked along its index, and each order is
asked whether it is meant; a page may then be short, and the next goes on where it stopped.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from milepost.overview.finding.matching import matched
from milepost.overview.finding.reading import rows
from milepost.overview.finding.walking import Way, few_orders, page_of, walk
from milepost.overview.finding.words import Found, Matched, Place, Show, Wanted
from milepost.way.orders.words import OPEN_STATES, State

END = Place(datetime(9000, 1, 1, tzinfo=UTC), 2**62)
BEGINNING = Place(datetime(1970, 1, 1, tzinfo=UTC), 0)
Conditions = list[tuple[str, Sequence[Any]]]


def orders(wanted: Wanted, *, now: datetime, after: Place | None = None, limit: int = 50) -> Found:
    """The orders that are meant: late ones the longest first, all others newest first. At most twelve statements."""
    meaning = matched(wanted.text) if wanted.text.strip() else None
    if meaning is not None and meaning.nothing:
        return Found([], None)
    few = few_orders(meaning) if meaning else None
    if few is not None:
        return _of_these(few, wanted, now=now, after=after, limit=limit)
    if meaning and not meaning.customers_at_large and not wanted.narrowed:
        return _newest_of_each(meaning, after=after, limit=limit)
    way = _way(wanted)
    return walk(way, _starting(way, wanted, now, after), _conditions(wanted, now, way), meaning, limit=limit)


def _of_these(ids: Sequence[int], wanted: Wanted, *, now: datetime, after: Place | None, limit: int) -> Found:
    """Those of these orders that were chosen, newest first. One statement."""
    asked = _conditions(wanted, now, NEWEST)
    statement = _THESE.format(condition=" AND ".join(["true", *(sql for sql, _ in asked)]))
    return page_of(
        rows(statement, [list(ids), *(v for _, some in asked for v in some), *(after or END), limit + 1]), limit
    )


_THESE = """
SELECT o.id, o.received_at FROM orders_order o WHERE o.id = ANY(%b::bigint[]) AND {condition}
    AND (o.received_at, o.id) < (%s::timestamptz, %s::bigint) ORDER BY o.received_at DESC, o.id DESC LIMIT %s
"""


def _newest_of_each(meaning: Matched, *, after: Place | None, limit: int) -> Found:
    """The newest numbers of each customer and item, merged. One statement."""
    last, most = (after or END).id, limit + 1
    values = [
        list(meaning.order_ids),
        last,
        list(meaning.customer_ids),
        last,
        most,
        list(meaning.item_ids),
        last,
        most,
        most,
    ]
    return page_of(rows(_MERGED, values), limit)


_MERGED = """
SELECT o.id, o.received_at FROM (
    SELECT DISTINCT id FROM (
        SELECT m.id FROM unnest(%b::bigint[]) AS m(id) WHERE m.id < %s::bigint
        UNION ALL SELECT o.id FROM unnest(%b::bigint[]) AS c(id) CROSS JOIN LATERAL (
            SELECT id FROM orders_order WHERE customer_id = c.id AND id < %s::bigint ORDER BY received_at DESC LIMIT %s
        ) o
        UNION ALL SELECT l.order_id FROM unnest(%b::bigint[]) AS i(id) CROSS JOIN LATERAL (
            SELECT order_id FROM orders_line WHERE item_id = i.id AND order_id < %s::bigint ORDER BY order_id DESC LIMIT %s
        ) l
    ) AS each_of_them ORDER BY id DESC LIMIT %s
) AS newest CROSS JOIN LATERAL (SELECT id, received_at FROM orders_order WHERE id = newest.id OFFSET 0) AS o ORDER BY o.id DESC
"""

NEWEST = Way(
    """
    SELECT id, received_at AS at, id AS order_id FROM orders_order WHERE (received_at, id) < (%s::timestamptz, %s::bigint)
    ORDER BY received_at DESC, id DESC LIMIT {limit}
    """
)
_IN_STATE = """
    (SELECT id, received_at AS at, id AS order_id FROM orders_order
    WHERE state = '{state}' AND (received_at, id) < (%s::timestamptz, %s::bigint)
    ORDER BY received_at DESC, id DESC LIMIT {{limit}})
"""
IN_STATE = {state: Way(_IN_STATE.format(state=state)) for state in map(str, State)}
OPEN = Way(" UNION ALL ".join(IN_STATE[state].sql for state in OPEN_STATES) + " ORDER BY at DESC, id DESC")
OF_CUSTOMER = Way(
    """
    SELECT id, received_at AS at, id AS order_id FROM orders_order
    WHERE customer_id = %s AND received_at <= %s::timestamptz AND (received_at, id) < (%s::timestamptz, %s::bigint)
    ORDER BY received_at DESC, id DESC LIMIT {limit}
    """
)
HELD = Way(
    """
    SELECT order_id AS id, opened_at AS at, order_id FROM orders_hold h
    WHERE released_at IS NULL AND (opened_at, order_id) < (%s::timestamptz, %s::bigint) AND NOT EXISTS (
        SELECT 1 FROM orders_hold other WHERE other.order_id = h.order_id AND other.released_at IS NULL
            AND (other.opened_at, other.id) > (h.opened_at, h.id)
    ) ORDER BY opened_at DESC, order_id DESC LIMIT {limit}
    """
)
DELAYED = Way(
    """
    SELECT order_id AS id, found_at AS at, order_id FROM cases_case
    WHERE resolved_at IS NULL AND kind = 'delay' AND (found_at, order_id) < (%s::timestamptz, %s::bigint)
    ORDER BY found_at DESC, order_id DESC LIMIT {limit}
    """
)
LATE = Way(
    """
    SELECT order_id AS id, latest_at AS at, order_id FROM promising_promise
    WHERE stands AND awaited AND latest_at < %s::timestamptz AND (latest_at, order_id) > (%s::timestamptz, %s::bigint)
    ORDER BY latest_at, order_id LIMIT {limit}
    """,
    "at, id",
)


def _way(wanted: Wanted) -> Way:
    """The index that leads along the list."""
    if wanted.customer_id is not None:
        return OF_CUSTOMER
    if wanted.show in SHOWN and (wanted.show is not Show.OPEN or not wanted.state):
        return SHOWN[wanted.show]
    return IN_STATE[wanted.state] if wanted.state else NEWEST


SHOWN = {Show.OPEN: OPEN, Show.HELD: HELD, Show.DELAYED: DELAYED, Show.LATE: LATE}


def _starting(way: Way, wanted: Wanted, now: datetime, after: Place | None) -> list[Any]:
    if way is LATE:
        return [now, *(after or BEGINNING)]
    place = list(after or END)
    if way is OF_CUSTOMER:
        return [wanted.customer_id, place[0], *place]
    return place * len(OPEN_STATES) if way is OPEN else place


def _conditions(wanted: Wanted, now: datetime, way: Way) -> Conditions:
    """What was chosen besides what the way along the list grants already."""
    found: Conditions = []
    if wanted.state and way is not IN_STATE[wanted.state]:
        found.append(("o.state = %s", [wanted.state]))
    elif not wanted.state and wanted.show is not Show.ALL and way not in (OPEN, LATE):
        found.append(("o.state = ANY(%b::text[])", [list(OPEN_STATES)]))
    if wanted.show is Show.HELD and way is not HELD:
        found.append(("EXISTS (SELECT 1 FROM orders_hold h WHERE h.order_id = o.id AND h.released_at IS NULL)", []))
    if wanted.show is Show.DELAYED and way is not DELAYED:
        found.append((_IS_DELAYED, []))
    if wanted.show is Show.LATE and way is not LATE:
        found.append((_IS_LATE, [now]))
    if wanted.customer_id is not None and way is not OF_CUSTOMER:
        found.append(("o.customer_id = %s", [wanted.customer_id]))
    return found


_IS_DELAYED = (
    "EXISTS (SELECT 1 FROM cases_case k WHERE k.order_id = o.id AND k.kind = 'delay' AND k.resolved_at IS NULL)"
)
_IS_LATE = (
    "EXISTS (SELECT 1 FROM promising_promise p WHERE p.order_id = o.id AND p.stands AND p.awaited AND p.latest_at < %s)"
)
