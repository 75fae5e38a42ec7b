"""Stock levels under lock: always taken by (item, location), so that two transactions never wait for each other in a ring.

After the levels come the rows that they are the sums of: backorders, reservations, allocations. Who holds some levels and wants
others takes only those that nobody else holds (`lock_idle`), or leaves it to the worker. Every item
has a level from the day it is listed (`stand_ready`), so that who finds nothing of it and who brings it wait for each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from milepost.ground import journal
from milepost.kernel.columns import columns
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.stock.models import Allocation, Backorder
from milepost.way.stock.words import AllocationState, BackorderState, Free

Place = tuple[int, int]
"""Item and location."""
ZERO = Decimal(0)


def lock(item_ids: Iterable[int]) -> list[Free]:
    """Lock all levels of the items in the one fixed order and say what is free there."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_LEVELS, [sorted(set(item_ids))])
        return [Free(*row) for row in cursor.fetchall()]


def lock_idle(item_ids: Iterable[int]) -> list[Free]:
    """As `lock`, but only the levels that no other transaction holds: for those who hold levels already."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_LOCK_LEVELS} SKIP LOCKED", [sorted(set(item_ids))])
        return [Free(*row) for row in cursor.fetchall()]


_LOCK_LEVELS = """
SELECT v.item_id, v.location_id, l.priority, v.on_hand - v.allocated - v.reserved, l.serves FROM stock_level v
JOIN stock_location l ON l.id = v.location_id
WHERE v.item_id = ANY(%b::bigint[]) ORDER BY v.item_id, v.location_id FOR NO KEY UPDATE OF v
"""


def change_levels(change: Mapping[Place, tuple[Decimal, Decimal]]) -> None:
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


def change_held(change: Mapping[Place, tuple[Decimal, Decimal]]) -> None:
    """Add (allocated, reserved) to locked levels, at once."""
    changed = {place: amounts for place, amounts in change.items() if any(amounts)}
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE_HELD, columns((*place, *amounts) for place, amounts in sorted(changed.items())))


_CHANGE_HELD = """
UPDATE stock_level v SET allocated = v.allocated + c.allocated, reserved = v.reserved + c.reserved
FROM unnest(%b::bigint[], %b::bigint[], %b::numeric[], %b::numeric[]) AS c(item_id, location_id, allocated, reserved)
WHERE v.item_id = c.item_id AND v.location_id = c.location_id
"""


def add_on_hand(change: Mapping[Place, Decimal]) -> None:
    """Add to what lies at locked places. Refuses `less_than_allocated`."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_ON_HAND, columns((*place, quantity) for place, quantity in sorted(change.items())))
        if cursor.rowcount != len(change):
            raise Refused(_LESS_THAN_ALLOCATED)


def open_levels(places: Iterable[Place]) -> None:
    """See that there is a level for each item and location, before any is locked."""
    wanted = sorted(set(places))
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(_OPEN_LEVELS, columns(wanted))


_OPEN_LEVELS = """
INSERT INTO stock_level (item_id, location_id, on_hand, allocated, reserved)
SELECT item_id, location_id, 0, 0, 0 FROM unnest(%b::bigint[], %b::bigint[]) AS c(item_id, location_id)
ON CONFLICT DO NOTHING
"""

_ADD_ON_HAND = """
UPDATE stock_level v SET on_hand = v.on_hand + c.quantity
FROM unnest(%b::bigint[], %b::bigint[], %b::numeric[]) AS c(item_id, location_id, quantity)
WHERE v.item_id = c.item_id AND v.location_id = c.location_id AND v.allocated + v.reserved <= v.on_hand + c.quantity
"""

_LESS_THAN_ALLOCATED = Refusal(
    code="less_than_allocated",
    says="After this count less would lie there than is tied to orders or kept aside for them.",
    do="Release or move the allocations first.",
    status=409,
    field="quantity",
)


def open_allocations(order_ids: Sequence[int]) -> QuerySet[Allocation]:
    """The allocations that still tie stock to these orders."""
    return Allocation.objects.filter(order_id__in=order_ids, state=AllocationState.OPEN)


def open_backorders(order_ids: Sequence[int]) -> QuerySet[Backorder]:
    """What of these orders waits for stock."""
    return Backorder.objects.filter(order_id__in=order_ids, state=BackorderState.OPEN)
