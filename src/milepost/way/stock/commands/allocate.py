"""Allocate: tie free stock to order lines; what is short is backordered (STK-1, STK-2)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.way.orders import queries as orders
from milepost.way.stock import rules
from milepost.way.stock.commands import levels
from milepost.way.stock.facts import LinesBackordered, ShortLine, StockAllocated
from milepost.way.stock.models import Allocation, Backorder
from milepost.way.stock.words import Allotment, Demand, Share


def allocate(demands: Sequence[Demand], *, act: Act) -> Allotment:
    """Tie free stock to order lines in the order of the demands; what is short is backordered (STK-1, STK-2).

    The stock rows are locked in one order (item, location), so concurrent allocations never deadlock and never oversell.
    Two statements more where something is short.
    """
    if not demands:
        return Allotment((), ())
    with journal.together():
        free = levels.lock({demand.item_id for demand in demands})
        allotment = rules.allot(demands, free)
        tie(allotment.shares, act)
        backorders = backorder(allotment.short, act) if allotment.short else []
        journal.record(allocated(demands, allotment, backorders), act=act)
    return allotment


def allocated(
    demands: Sequence[Demand], allotment: Allotment, backorders: Sequence[Backorder]
) -> list[StockAllocated | LinesBackordered]:
    """What is told of an allotment, order by order."""
    short: dict[int, list[Demand]] = defaultdict(list)
    for demand in allotment.short:
        short[demand.order_id].append(demand)
    first = {row.order_id: row.id for row in reversed(backorders)}
    lines = Counter(order_id for order_id, _ in {(share.order_id, share.position) for share in allotment.shares})
    facts: list[StockAllocated | LinesBackordered] = []
    for order_id in dict.fromkeys(demand.order_id for demand in demands):
        if lines[order_id]:
            facts.append(StockAllocated(order_id=order_id, lines=lines[order_id], complete=order_id not in short))
        if order_id in short:
            told = tuple(_short_line(demand) for demand in short[order_id])
            facts.append(LinesBackordered(order_id=order_id, lines=told, backorder_id=first[order_id]))
    return facts


def _short_line(demand: Demand) -> ShortLine:
    return ShortLine(position=demand.position, item_id=demand.item_id, quantity=demand.quantity)


def backorder(short: Sequence[Demand], act: Act) -> list[Backorder]:
    """Write down that lines wait, each with its order's place in the queue. Two statements."""
    since = {
        order_id: contact.received_at
        for order_id, contact in orders.contacts({demand.order_id for demand in short}).items()
    }
    rows = [_backorder(demand, since, act) for demand in short]
    journal.insert(rows)
    return rows


def _backorder(demand: Demand, since: Mapping[int, datetime], act: Act) -> Backorder:
    return Backorder(
        id=new_id(), order_id=demand.order_id, position=demand.position, item_id=demand.item_id, quantity=demand.quantity,
        opened_at=act.at, since=since.get(demand.order_id, act.at), near=demand.near,
    )  # fmt: skip


def tie(shares: Sequence[Share], act: Act) -> None:
    """Write down which stock is tied to which lines."""
    if not shares:
        return
    journal.insert(allocations(shares, act))
    levels.change_levels({place: (Decimal(0), quantity) for place, quantity in by_place(shares).items()})


def allocations(shares: Sequence[Share], act: Act) -> list[Allocation]:
    """A row for each share."""
    return [
        Allocation(
            id=new_id(), order_id=s.order_id, position=s.position, location_id=s.location_id, item_id=s.item_id,
            quantity=s.quantity, allocated_at=act.at,
        )
        for s in shares
    ]  # fmt: skip


def by_place(shares: Iterable[Share]) -> dict[levels.Place, Decimal]:
    """How much is taken from each item and location."""
    taken: dict[levels.Place, Decimal] = defaultdict(Decimal)
    for share in shares:
        taken[share.item_id, share.location_id] += share.quantity
    return taken
