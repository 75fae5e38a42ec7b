"""Allocate: tie free stock to order lines, and give what comes in to those who have waited longest (STK-1, STK-2)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.way.stock import rules
from milepost.way.stock.commands import levels
from milepost.way.stock.facts import BackordersFilled, LinesBackordered, ShortLine, StockAllocated
from milepost.way.stock.models import Allocation, Backorder
from milepost.way.stock.words import Allotment, BackorderState, Demand, Share


def allocate(demands: Sequence[Demand], *, act: Act) -> Allotment:
    """Tie free stock to order lines in the order of the demands; what is short is backordered (STK-1, STK-2).

    The stock rows are locked in one order (item, location), so concurrent allocations never deadlock and never oversell.
    """
    if not demands:
        return Allotment((), ())
    with journal.together():
        free = levels.lock({demand.item_id for demand in demands})
        allotment = rules.allot(demands, free)
        _tie(allotment.shares, act)
        journal.insert([_backorder(demand, act) for demand in allotment.short])
        journal.record(_allocated(demands, allotment), act=act)
    return allotment


def _allocated(demands: Sequence[Demand], allotment: Allotment) -> list[StockAllocated | LinesBackordered]:
    short: dict[int, list[Demand]] = defaultdict(list)
    for demand in allotment.short:
        short[demand.order_id].append(demand)
    lines = Counter(order_id for order_id, _ in {(share.order_id, share.position) for share in allotment.shares})
    facts: list[StockAllocated | LinesBackordered] = []
    for order_id in dict.fromkeys(demand.order_id for demand in demands):
        if lines[order_id]:
            facts.append(StockAllocated(order_id=order_id, lines=lines[order_id], complete=order_id not in short))
        if order_id in short:
            facts.append(LinesBackordered(order_id=order_id, lines=tuple(_short_line(d) for d in short[order_id])))
    return facts


def _short_line(demand: Demand) -> ShortLine:
    return ShortLine(position=demand.position, item_id=demand.item_id, quantity=demand.quantity)


def _backorder(demand: Demand, act: Act) -> Backorder:
    return Backorder(
        id=new_id(), order_id=demand.order_id, position=demand.position, item_id=demand.item_id, quantity=demand.quantity,
        opened_at=act.at,
    )  # fmt: skip


def _tie(shares: Sequence[Share], act: Act) -> None:
    if not shares:
        return
    journal.insert(
        [
            Allocation(
                id=new_id(), order_id=s.order_id, position=s.position, location_id=s.location_id, item_id=s.item_id,
                quantity=s.quantity, allocated_at=act.at,
            )
            for s in shares
        ]
    )  # fmt: skip
    change: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for share in shares:
        change[share.item_id, share.location_id] += share.quantity
    levels.change_levels({place: (Decimal(0), quantity) for place, quantity in change.items()})


def fill_backorders(item_ids: Sequence[int], *, act: Act) -> None:
    """Give what has come in to the lines that have waited longest (STK-2)."""
    with journal.together():
        free = levels.lock(set(item_ids))
        waiting = list(
            Backorder.objects.filter(item_id__in=item_ids, state=BackorderState.OPEN).order_by(
                "opened_at", "order_id", "position"
            )
        )
        demands = [Demand(row.order_id, row.position, row.item_id, row.quantity) for row in waiting]
        allotment = rules.allot(demands, free)
        _tie(allotment.shares, act)
        _settle_backorders(waiting, allotment, act)


def _settle_backorders(waiting: Sequence[Backorder], allotment: Allotment, act: Act) -> None:
    """Close what was filled, shrink what was filled in part."""
    short = {(d.order_id, d.position): d.quantity for d in allotment.short}
    touched = {(s.order_id, s.position) for s in allotment.shares}
    done = [row for row in waiting if (row.order_id, row.position) in touched]
    Backorder.objects.filter(id__in=[row.id for row in done]).update(state=BackorderState.FILLED, settled_at=act.at)
    journal.insert(
        [
            Backorder(
                id=new_id(), order_id=row.order_id, position=row.position, item_id=row.item_id,
                quantity=short[row.order_id, row.position], opened_at=row.opened_at,
            )
            for row in done if (row.order_id, row.position) in short
        ]
    )  # fmt: skip
    order_ids = {row.order_id for row in done}
    still = set(
        Backorder.objects.filter(order_id__in=order_ids, state=BackorderState.OPEN).values_list("order_id", flat=True)
    )
    journal.record(
        [BackordersFilled(order_id=order_id, complete=order_id not in still) for order_id in sorted(order_ids)], act=act
    )
