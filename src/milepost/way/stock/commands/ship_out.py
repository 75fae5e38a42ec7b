"""Release and ship out: stock that was tied to orders is free again, or leaves the house."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.stock.commands import levels
from milepost.way.stock.commands.reserve import let_go
from milepost.way.stock.facts import StockReleased
from milepost.way.stock.models import Allocation, Movement
from milepost.way.stock.words import AllocationState, BackorderState, Leaving, MovementKind


def release(order_ids: Sequence[int], *, act: Act) -> None:
    """Free what is tied to the orders, end their backorders and what is kept aside for them; what was shipped stays shipped."""
    with journal.together():
        levels.lock(_items_of(order_ids))
        levels.open_backorders(order_ids).update(state=BackorderState.CANCELLED, settled_at=act.at)
        let_go(order_ids, act=act)
        rows = list(levels.open_allocations(order_ids).select_for_update())
        change: dict[levels.Place, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
        for row in rows:
            place = (row.item_id, row.location_id)
            change[place] = (change[place][0] - row.quantity, Decimal(0))
        levels.open_allocations(order_ids).update(state=AllocationState.RELEASED)
        levels.change_held(change)
        journal.record(_released(rows), act=act)


def _items_of(order_ids: Sequence[int]) -> set[int]:
    """The items that are tied to the orders or for which they wait."""
    return {
        *levels.open_allocations(order_ids).values_list("item_id", flat=True),
        *levels.open_backorders(order_ids).values_list("item_id", flat=True),
    }


def _released(rows: Sequence[Allocation]) -> list[StockReleased]:
    lines, items = Counter(row.order_id for row in rows), defaultdict(set)
    for row in rows:
        items[row.order_id].add(row.item_id)
    return [
        StockReleased(order_id=key, lines=count, item_ids=tuple(sorted(items[key])))
        for key, count in sorted(lines.items())
    ]


def ship_out(leaving: Sequence[Leaving], *, act: Act) -> None:
    """Turn allocations into outgoing movements. Refuses `not_allocated` when more leaves than is tied to the lines."""
    if not leaving:
        return
    order_ids = sorted({one.order_id for one in leaving})
    with journal.together():
        levels.lock(set(levels.open_allocations(order_ids).values_list("item_id", flat=True)))
        rows = list(
            levels.open_allocations(order_ids).select_for_update().order_by("order_id", "position", "location_id", "id")
        )
        shares = _split(leaving, rows)
        change: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
        for row, quantity in shares:
            change[row.item_id, row.location_id] -= quantity
        _write_shipped(shares, act)
        levels.change_levels({place: (quantity, quantity) for place, quantity in change.items()})


def _split(leaving: Sequence[Leaving], rows: Sequence[Allocation]) -> list[tuple[Allocation, Decimal]]:
    """Which allocation gives how much of what leaves."""
    by_line: dict[tuple[int, int], list[Allocation]] = defaultdict(list)
    for row in rows:
        by_line[row.order_id, row.position].append(row)
    missing: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for one in leaving:
        missing[one.order_id, one.position] += one.quantity
    shares = []
    for row in (row for line in missing for row in by_line[line]):
        line = (row.order_id, row.position)
        taken = min(missing[line], row.quantity)
        if taken > 0:
            shares.append((row, taken))
            missing[line] -= taken
    refuse_any(_not_allocated(line, short) for line, short in missing.items() if short > 0)
    return shares


def _not_allocated(line: tuple[int, int], missing: Decimal) -> Refusal:
    return Refusal(
        code="not_allocated", says="Line {position} has {missing} fewer allocated than would leave.",
        do="Receive the stock first, or send less.", status=409, field="lines",
        values={"position": line[1], "missing": str(missing.normalize())},
    )  # fmt: skip


def _write_shipped(shares: Sequence[tuple[Allocation, Decimal]], act: Act) -> None:
    Allocation.objects.filter(
        id__in=[row.id for row, _ in shares], order_id__in={r.order_id for r, _ in shares}
    ).update(state=AllocationState.SHIPPED)
    rests = [(row, row.quantity - taken) for row, taken in shares if taken < row.quantity]
    if rests:
        _shrink(rests, act)
    journal.insert(
        [
            Movement(
                id=new_id(), item_id=row.item_id, location_id=row.location_id, kind=MovementKind.SHIPMENT, quantity=-taken,
                order_id=row.order_id, moved_at=act.at, actor=act.actor,
            )
            for row, taken in shares
        ]
    )  # fmt: skip


def _shrink(rests: Sequence[tuple[Allocation, Decimal]], act: Act) -> None:
    """An allocation of which only a part left: that part is the shipped row, the rest stays open in a row of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_allocation a SET quantity = a.quantity - r.rest"
            " FROM unnest(%b::uuid[], %b::bigint[], %b::numeric[]) AS r(id, order_id, rest)"
            " WHERE a.id = r.id AND a.order_id = r.order_id",
            [[row.id for row, _ in rests], [row.order_id for row, _ in rests], [rest for _, rest in rests]],
        )
    journal.insert(
        [
            Allocation(
                id=new_id(), order_id=row.order_id, position=row.position, location_id=row.location_id,
                item_id=row.item_id, quantity=rest, allocated_at=row.allocated_at,
            )
            for row, rest in rests
        ]
    )  # fmt: skip
