"""Adjust: stock follows an amended order. Surplus is freed, what is added is allocated, and the rest is backordered (STK-1)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.facts import Fact
from milepost.kernel.ids import new_id
from milepost.way.orders import queries as orders
from milepost.way.stock import rules
from milepost.way.stock.commands import levels
from milepost.way.stock.commands.allocate import allocated, allocations, backorder
from milepost.way.stock.commands.backorders import rest_of
from milepost.way.stock.facts import BackordersEnded, ReservationsLapsed, StockReleased
from milepost.way.stock.models import Allocation, Backorder, Reservation
from milepost.way.stock.words import (
    AllocationState,
    Allotment,
    BackorderState,
    Demand,
    Free,
    LineNeed,
    ReservationState,
    near,
)

Line = tuple[int, int]
"""Order and position."""
Change = dict[levels.Place, tuple[Decimal, Decimal]]
"""What is added to (allocated, reserved)."""


@dataclass(slots=True)
class _Work:
    """What is to be written, gathered line by line."""

    cuts: list[tuple[Allocation, Decimal]] = field(default_factory=list)
    ended: list[tuple[Backorder, Decimal]] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)


def adjust(needs: Sequence[LineNeed], *, act: Act) -> Allotment:
    """Let stock follow what lines need now. What was kept aside for the same order is its to take. What is short is backordered.

    What is freed goes to others by reaction to StockReleased. A constant number of statements.
    """
    if not needs:
        return Allotment((), ())
    latest = {(need.order_id, need.position): need for need in needs}
    order_ids = sorted({need.order_id for need in needs})
    with journal.together():
        free = levels.lock({item for need in needs for item in (need.item_id, need.was_item_id)})
        work = _gather(list(latest.values()), order_ids)
        change: Change = defaultdict(lambda: (Decimal(0), Decimal(0)))
        _free_surplus(work.cuts, free, change)
        _end_backorders(work.ended, act)
        used = _use_reservations(work.demands, free, change)
        allotment = rules.allot(work.demands, free)
        for share in allotment.shares:
            _add(change, (share.item_id, share.location_id), allocated=share.quantity)
        levels.change_held(change)
        journal.insert(allocations(allotment.shares, act))
        backorders = _backorder(allotment.short, act)
        facts: list[Fact] = [*_freed(work.cuts), *_ended(work.ended, order_ids), *_left_over(used, allotment)]
        journal.record([*facts, *allocated(work.demands, allotment, backorders)], act=act)
    return allotment


def _gather(needs: Sequence[LineNeed], order_ids: Sequence[int]) -> _Work:
    """What each line has, against what it needs. Four statements."""
    waiting: dict[Line, list[Backorder]] = defaultdict(list)
    for backordered in levels.open_backorders(order_ids).select_for_update(no_key=True).order_by("id"):
        waiting[backordered.order_id, backordered.position].append(backordered)
    tied: dict[Line, list[Allocation]] = defaultdict(list)
    rows = levels.open_allocations(order_ids).select_for_update(no_key=True)
    for row in rows.order_by("order_id", "position", "allocated_at", "id"):
        tied[row.order_id, row.position].append(row)
    gone = Allocation.objects.filter(order_id__in=order_ids, state=AllocationState.SHIPPED)
    shipped = {(o, p): q for o, p, q in gone.values_list("order_id", "position").annotate(Sum("quantity"))}
    places = {key: near(card.ship_to.country, card.ship_to.region) for key, card in orders.cards(order_ids).items()}
    work = _Work()
    for need in needs:
        line = (need.order_id, need.position)
        missing = max(need.quantity - shipped.get(line, Decimal(0)), Decimal(0))
        missing = _keep_what_fits(need, tied[line], missing, work)
        missing = _keep_waiting(need, waiting[line], missing, work)
        if missing > 0:
            work.demands.append(Demand(*line, need.item_id, missing, places.get(need.order_id, "")))
    return work


def _keep_what_fits(need: LineNeed, tied: Sequence[Allocation], missing: Decimal, work: _Work) -> Decimal:
    """Allocations of the right item stay as far as they are needed, the earliest first; the rest is cut."""
    for row in tied:
        kept = min(row.quantity, missing) if row.item_id == need.item_id else Decimal(0)
        missing -= kept
        if kept < row.quantity:
            work.cuts.append((row, row.quantity - kept))
    return missing


def _keep_waiting(need: LineNeed, waiting: Sequence[Backorder], missing: Decimal, work: _Work) -> Decimal:
    """A backorder of the right item stays as far as it is needed; what is needed beyond it is asked for together with it."""
    for row in waiting:
        fits = row.item_id == need.item_id
        if fits and row.quantity == missing:
            return Decimal(0)
        kept = min(row.quantity, missing) if fits else Decimal(0)
        grows = fits and missing > row.quantity
        work.ended.append((row, Decimal(0) if grows else kept))
        missing = missing if grows else missing - kept
    return missing


def _free_surplus(cuts: Sequence[tuple[Allocation, Decimal]], free: Sequence[Free], change: Change) -> None:
    """Release what lines no longer need; of an allocation that is cut, the cut becomes a released row of its own."""
    if not cuts:
        return
    whole = [row for row, cut in cuts if cut == row.quantity]
    part = [(row, cut) for row, cut in cuts if cut < row.quantity]
    Allocation.objects.filter(id__in=[r.id for r in whole], order_id__in={r.order_id for r in whole}).update(
        state=AllocationState.RELEASED
    )
    if part:
        with connection.cursor() as cursor:
            cursor.execute(_CUT, columns((row.id, row.order_id, cut) for row, cut in part))
        journal.insert([_released(row, cut) for row, cut in part])
    for row, cut in cuts:
        _add(change, (row.item_id, row.location_id), allocated=-cut)
    _more_free(free, [(row.item_id, row.location_id, cut) for row, cut in cuts])


_CUT = """
UPDATE stock_allocation a SET quantity = a.quantity - c.cut
FROM unnest(%b::uuid[], %b::bigint[], %b::numeric[]) AS c(id, order_id, cut) WHERE a.id = c.id AND a.order_id = c.order_id
"""


def _released(row: Allocation, cut: Decimal) -> Allocation:
    return Allocation(
        id=new_id(), order_id=row.order_id, position=row.position, location_id=row.location_id, item_id=row.item_id,
        quantity=cut, state=AllocationState.RELEASED, allocated_at=row.allocated_at,
    )  # fmt: skip


def _end_backorders(ended: Sequence[tuple[Backorder, Decimal]], act: Act) -> None:
    """End backorders that no longer fit; what is left of one keeps its place."""
    if not ended:
        return
    Backorder.objects.filter(id__in=[row.id for row, _ in ended]).update(
        state=BackorderState.CANCELLED, settled_at=act.at
    )
    journal.insert([rest_of(row, left) for row, left in ended if left])


def _more_free(free: Sequence[Free], found: Sequence[tuple[int, int, Decimal]]) -> None:
    places = {(place.item_id, place.location_id): place for place in free}
    for item_id, location_id, quantity in found:
        if (item_id, location_id) in places:
            places[item_id, location_id].quantity += quantity


def _use_reservations(demands: Sequence[Demand], free: Sequence[Free], change: Change) -> dict[int, Decimal]:
    """What was kept aside for these orders is free for them; says how much of each item that is."""
    wanted = {(demand.order_id, demand.item_id) for demand in demands}
    held = Reservation.objects.select_for_update(no_key=True).filter(
        order_id__in={order_id for order_id, _ in wanted}, state=ReservationState.HELD
    )
    rows = [row for row in held.order_by("id") if (row.order_id, row.item_id) in wanted] if wanted else []
    used: dict[int, Decimal] = defaultdict(Decimal)
    Reservation.objects.filter(id__in=[row.id for row in rows]).update(state=ReservationState.USED)
    for row in rows:
        _add(change, (row.item_id, row.location_id), reserved=-row.quantity)
        used[row.item_id] += row.quantity
    _more_free(free, [(row.item_id, row.location_id, row.quantity) for row in rows])
    return used


def _left_over(used: Mapping[int, Decimal], allotment: Allotment) -> list[ReservationsLapsed]:
    """What was kept aside beyond what is now needed is free for others."""
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for share in allotment.shares:
        taken[share.item_id] += share.quantity
    return [
        ReservationsLapsed(item_id=key, quantity=quantity - taken[key])
        for key, quantity in sorted(used.items())
        if quantity > taken[key]
    ]


def _backorder(short: Sequence[Demand], act: Act) -> list[Backorder]:
    return backorder(short, act) if short else []


def _add(
    change: Change, place: levels.Place, *, allocated: Decimal = levels.ZERO, reserved: Decimal = levels.ZERO
) -> None:
    change[place] = (change[place][0] + allocated, change[place][1] + reserved)


def _freed(cuts: Sequence[tuple[Allocation, Decimal]]) -> list[StockReleased]:
    lines: Mapping[int, set[int]] = defaultdict(set)
    items: Mapping[int, set[int]] = defaultdict(set)
    for row, _ in cuts:
        lines[row.order_id].add(row.position)
        items[row.order_id].add(row.item_id)
    return [
        StockReleased(order_id=key, lines=len(lines[key]), item_ids=tuple(sorted(items[key]))) for key in sorted(lines)
    ]


def _ended(ended: Sequence[tuple[Backorder, Decimal]], order_ids: Sequence[int]) -> list[BackordersEnded]:
    if not ended:
        return []
    still = set(levels.open_backorders(order_ids).values_list("order_id", flat=True))
    return [
        BackordersEnded(order_id=key, complete=key not in still) for key in sorted({row.order_id for row, _ in ended})
    ]
