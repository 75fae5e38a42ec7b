"""Walking along a list: the rows of one index in their order, each asked whether it is meant, a window of them a page at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from milepost.kernel.search import has_all
from milepost.overview.finding.reading import rows
from milepost.overview.finding.words import Found, Matched, Place

WINDOW = 5000


@dataclass(frozen=True, slots=True)
class Way:
    """A list along its index: a statement of rows `id`, `at`, `order_id` (and what conditions ask), ended by `LIMIT {limit}`.

    The limit and our own words stand in it as they are: a plan is made for each of them, and not for what might be.
    `place` is the column that, after `at`, orders the rows and names their place.
    """

    sql: str
    order: str = "at DESC, id DESC"
    place: str = "id"


def walk(
    way: Way, started: Sequence[Any], conditions: Sequence[tuple[str, Sequence[Any]]], meaning: Matched | None, *, limit: int
) -> Found:  # fmt: skip
    """From a place on until the page is full or the window is through. Two statements; where nothing is asked of a row, one.

    `started` are the values that the way takes; a condition speaks of the row `w`, and of its order `o`.
    """
    asked = [*conditions, *([is_meant(meaning)] if meaning else [])]
    window = WINDOW if asked else limit + 1
    sql = way.sql.format(limit=window)
    statement = _WALK.format(
        way=sql, limit=limit + 1, place=way.place, order=", ".join(f"w.{part}" for part in way.order.split(", ")),
        join=_ORDER if any("o." in sql for sql, _ in asked) else "", condition=" AND ".join(sql for sql, _ in asked) or "true",
    )  # fmt: skip
    found = page_of(rows(statement, [*started, *(value for _, some in asked for value in some)]), limit)
    if found.next is not None or not asked:
        return found
    ended = rows(_END.format(place=way.place, way=sql, order=way.order, last=window - 1), started)
    return Found(found.ids, Place(ended[0][1], ended[0][0]) if ended else None)


_WALK = "SELECT w.id, w.at, w.{place} FROM ({way}) AS w {join} WHERE {condition} ORDER BY {order} LIMIT {limit}"
_END = "SELECT {place}, at FROM ({way}) AS w ORDER BY {order} OFFSET {last} LIMIT 1"
_ORDER = "JOIN LATERAL (SELECT * FROM orders_order WHERE id = w.order_id OFFSET 0) AS o ON true"


def is_meant(meaning: Matched) -> tuple[str, list[Any]]:
    """Whether a text means the order `o`: a condition with its values. Ids are looked up in a hash: `IS TRUE` keeps
    PostgreSQL from joining them row by row."""
    asked: list[tuple[str, list[Any]]] = []
    if meaning.customers_at_large:
        words = meaning.customers_at_large
        asked.append((_OF_A_CUSTOMER.format(has=has_all("c.words", words)), [*words]))
    if meaning.customer_ids:
        asked.append(("(o.customer_id IN (SELECT unnest(%b::bigint[]))) IS TRUE", [list(meaning.customer_ids)]))
    if meaning.item_ids:
        asked.append((_WITH_AN_ITEM, [list(meaning.item_ids)]))
    if meaning.order_ids:
        asked.append(("(o.id IN (SELECT unnest(%b::bigint[]))) IS TRUE", [list(meaning.order_ids)]))
    return f"({' OR '.join(sql for sql, _ in asked)})", [value for _, some in asked for value in some]


_OF_A_CUSTOMER = "EXISTS (SELECT 1 FROM parties_customer c WHERE c.id = o.customer_id AND {has})"
_WITH_AN_ITEM = """
EXISTS (SELECT 1 FROM orders_line l WHERE l.order_id = o.id AND (l.item_id IN (SELECT unnest(%b::bigint[]))) IS TRUE)
"""
FEW = 1000


def few_orders(meaning: Matched, *, most: int = FEW) -> list[int] | None:
    """All orders that are meant, or None where they are more than few. One statement."""
    if meaning.customers_at_large or len(meaning.customer_ids) > most // 4:
        return None
    more = [most + 1, most + 1]
    values = [list(meaning.order_ids), list(meaning.customer_ids), *more, list(meaning.item_ids), *more]
    found = rows(_ALL_OF, values)
    return None if len(found) > most else list(dict.fromkeys(order_id for (order_id,) in found))


_ALL_OF = """
SELECT unnest(%b::bigint[])
UNION ALL (
    SELECT o.id FROM unnest(%b::bigint[]) AS c(id) CROSS JOIN LATERAL (
        SELECT id FROM orders_order WHERE customer_id = c.id ORDER BY received_at DESC LIMIT %s
    ) o LIMIT %s
) UNION ALL (
    SELECT l.order_id FROM unnest(%b::bigint[]) AS i(id) CROSS JOIN LATERAL (
        SELECT order_id FROM orders_line WHERE item_id = i.id ORDER BY order_id DESC LIMIT %s
    ) l LIMIT %s
)
"""


def page_of(found: Sequence[Any], limit: int) -> Found:
    """A page of rows (id, at, and what names its place if that is not the id) of which one more than the limit was asked for."""
    shown = found[:limit]
    if len(found) <= limit:
        return Found([row[0] for row in shown], None)
    return Found([row[0] for row in shown], Place(shown[-1][1], shown[-1][2] if len(shown[-1]) > 2 else shown[-1][0]))
