"""Stock levels under lock: always taken by (item, location), so that two transactions never wait for each other in a ring."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from milepost.ground import journal
from milepost.kernel.columns import columns
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.stock.models import Allocation
from milepost.way.stock.words import AllocationState, Free


def lock(item_ids: set[int]) -> list[Free]:
    """Lock all levels of the items in the one fixed order and say what is free there."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_LEVELS, [sorted(item_ids)])
        return [Free(*row) for row in cursor.fetchall()]


_LOCK_LEVELS = """
SELECT v.item_id, v.location_id, l.priority, v.on_hand - v.allocated FROM stock_level v
JOIN stock_location l ON l.id = v.location_id
WHERE v.item_id = ANY(%b::bigint[]) ORDER BY v.item_id, v.location_id FOR UPDATE OF v
"""


def change_levels(change: Mapping[tuple[int, int], tuple[Decimal, Decimal]]) -> None:
    """Add (on hand, allocated) to locked levels."""
    if not change:
        return
    rows = [(*place, *amounts) for place, amounts in sorted(change.items())]
    journal.write(_CHANGE_LEVELS, rows)


_CHANGE_LEVELS = """
UPDATE stock_level v SET on_hand = v.on_hand + c.on_hand, allocated = v.allocated + c.allocated
FROM unnest(%b::bigint[], %b::bigint[], %b::numeric[], %b::numeric[]) AS c(item_id, location_id, on_hand, allocated)
WHERE v.item_id = c.item_id AND v.location_id = c.location_id
"""


def add_on_hand(change: Mapping[tuple[int, int], Decimal]) -> None:
    """Add to what lies at places, known or new. Refuses `less_than_allocated`."""
    items, places, quantities = columns((*place, quantity) for place, quantity in sorted(change.items()))
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_LEVELS, [items, places])
        cursor.execute(_ADD_ON_HAND, [items, places, quantities])
        if cursor.rowcount != len(change):
            raise Refused(_LESS_THAN_ALLOCATED)


_OPEN_LEVELS = """
INSERT INTO stock_level (item_id, location_id, on_hand, allocated)
SELECT item_id, location_id, 0, 0 FROM unnest(%b::bigint[], %b::bigint[]) AS c(item_id, location_id)
ON CONFLICT DO NOTHING
"""

_ADD_ON_HAND = """
UPDATE stock_level v SET on_hand = v.on_hand + c.quantity
FROM unnest(%b::bigint[], %b::bigint[], %b::numeric[]) AS c(item_id, location_id, quantity)
WHERE v.item_id = c.item_id AND v.location_id = c.location_id AND v.allocated <= v.on_hand + c.quantity
"""

_LESS_THAN_ALLOCATED = Refusal(
    code="less_than_allocated",
    says="After this count less would lie there than is tied to orders.",
    do="Release or move the allocations first.",
    status=409,
    field="quantity",
)


def open_allocations(order_ids: Sequence[int]) -> QuerySet[Allocation]:
    """The allocations that still tie stock to these orders."""
    return Allocation.objects.filter(order_id__in=order_ids, state=AllocationState.OPEN)
