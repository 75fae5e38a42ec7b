"""Lists of customers, who came to us last first, and of items by their codes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from milepost.ground.catalog import queries as catalog
from milepost.ground.parties import queries as parties
from milepost.kernel.search import has_all
from milepost.overview.finding.matching import MOST_CUSTOMERS, MOST_ITEMS, named_customers
from milepost.overview.finding.reading import rows
from milepost.overview.finding.walking import WINDOW, page_of
from milepost.overview.finding.words import Found, Place

LAST = 2**62
FIRST = Place(datetime(1970, 1, 1, tzinfo=UTC), "")


def customers(*, text: str = "", blocked: bool = False, after: Place | None = None, limit: int = 50) -> Found:
    """Customers by number, name, e-mail address or phone number, the newest first. At most ten statements."""
    last, plain = after.id if after else LAST, text.strip()
    asked = "c.blocked_at IS NOT NULL" if blocked else "true"
    if not plain:
        return _walk(asked, [], last, limit, whole=not blocked)
    ids = named_customers(plain)
    if ids is None:
        words = parties.words_of(plain)
        return _walk(f"{asked} AND {has_all('c.words', words)}", words, last, limit, whole=False)
    ids = ids or parties.alike(plain, limit=MOST_CUSTOMERS)
    return page_of(rows(_THESE.format(condition=asked), [ids, last, limit + 1]), limit)


def _walk(condition: str, values: Sequence[Any], last: int, limit: int, *, whole: bool) -> Found:
    window = limit + 1 if whole else WINDOW
    found = page_of(rows(_NEWEST.format(condition=condition), [last, window, *values, limit + 1]), limit)
    if found.next is not None or whole:
        return found
    ended = rows(_END, [last, WINDOW - 1])
    return Found(found.ids, Place(ended[0][1], ended[0][0]) if ended else None)


_THESE = """
SELECT c.id, c.created_at FROM parties_customer c WHERE c.id = ANY(%b::bigint[]) AND c.id < %s::bigint AND {condition}
ORDER BY c.id DESC LIMIT %s
"""
_NEWEST = """
SELECT c.id, c.created_at FROM (SELECT * FROM parties_customer WHERE id < %s::bigint ORDER BY id DESC LIMIT %s) AS c
WHERE {condition} ORDER BY c.id DESC LIMIT %s
"""
_END = "SELECT id, created_at FROM parties_customer WHERE id < %s::bigint ORDER BY id DESC OFFSET %s LIMIT 1"


def items(*, text: str = "", short_only: bool = False, after: Place | None = None, limit: int = 50) -> Found:
    """Items by code or words; `short_only`: those that orders wait for. At most eight statements."""
    plain = text.strip()
    values = [(after or FIRST).id, limit + 1]
    if plain:
        ids = catalog.having(plain, limit=MOST_ITEMS) or catalog.alike(plain, limit=MOST_ITEMS)
        short = (
            "AND EXISTS (SELECT 1 FROM stock_backorder b WHERE b.item_id = i.id AND b.state = 'open')"
            if short_only
            else ""
        )
        return page_of(rows(_NAMED.format(short=short), [ids, *values]), limit)
    return page_of(rows(_SHORT if short_only else _BY_CODE, values), limit)


_BY_CODE = "SELECT id, code FROM catalog_item WHERE code > %s ORDER BY code LIMIT %s"
_NAMED = "SELECT i.id, i.code FROM catalog_item i WHERE i.id = ANY(%b::bigint[]) AND i.code > %s {short} ORDER BY i.code LIMIT %s"
_SHORT = """
WITH RECURSIVE short(item_id) AS (
    SELECT min(item_id) FROM stock_backorder WHERE state = 'open'
    UNION ALL
    SELECT (SELECT min(b.item_id) FROM stock_backorder b WHERE b.state = 'open' AND b.item_id > short.item_id)
    FROM short WHERE short.item_id IS NOT NULL
)
SELECT i.id, i.code FROM short JOIN catalog_item i ON i.id = short.item_id WHERE i.code > %s ORDER BY i.code LIMIT %s
"""
