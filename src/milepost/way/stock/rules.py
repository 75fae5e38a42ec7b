"""Who gets which stock from where, and when the rest comes: pure, in the order of the demands, never more than there is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from milepost.way.stock.words import Allotment, Demand, Free, Share, SupplyCard, Waiting


def allot(demands: Sequence[Demand], free: Iterable[Free]) -> Allotment:
    """Serve the demands in their order; each order from one location where one has all of it, else from the best ones.

    The best location is the nearest to where the order goes, then the one of the best priority (STK-1). `free` is used up in
    place. What no location has is short; nothing is given twice.
    """
    places: dict[int, list[Free]] = defaultdict(list)
    for place in sorted(free, key=lambda f: (f.item_id, f.priority, f.location_id)):
        places[place.item_id].append(place)
    shares: list[Share] = []
    short: list[Demand] = []
    for order_demands in _by_order(demands).values():
        favourite = _one_for_all(order_demands, places)
        for demand in order_demands:
            missing = _serve(demand, places[demand.item_id], favourite, shares)
            if missing:
                short.append(Demand(demand.order_id, demand.position, demand.item_id, missing, demand.near))
    return Allotment(shares, short)


def distance(serves: Sequence[str], near: str) -> int:
    """How far a location is from where an order goes: 0 it serves the region, 1 the country, 2 neither."""
    if not serves or not near:
        return 2
    return 0 if near in serves else 1 if near.partition("-")[0] in serves else 2


def _by_order(demands: Sequence[Demand]) -> Mapping[int, list[Demand]]:
    grouped: dict[int, list[Demand]] = defaultdict(list)
    for demand in demands:
        grouped[demand.order_id].append(demand)
    return grouped


def _one_for_all(demands: Sequence[Demand], places: Mapping[int, list[Free]]) -> int | None:
    """The location that could serve the whole order alone, the best of them, or None."""
    needed: dict[int, Decimal] = defaultdict(Decimal)
    for demand in demands:
        needed[demand.item_id] += demand.quantity
    able: dict[int, Free] | None = None
    for item_id, quantity in needed.items():
        here = {place.location_id: place for place in places.get(item_id, ()) if place.quantity >= quantity}
        able = here if able is None else {key: place for key, place in able.items() if key in here}
    if not able:
        return None
    return min(able, key=lambda key: _rank(able[key], demands[0].near))


def _rank(place: Free, near: str) -> tuple[int, int, int]:
    return distance(place.serves, near), place.priority, place.location_id


def _serve(demand: Demand, places: Sequence[Free], favourite: int | None, shares: list[Share]) -> Decimal:
    """Take from the favourite first, then from the next best; return what is missing."""
    missing = demand.quantity
    for place in _in_turn(places, favourite, demand.near):
        taken = min(missing, place.quantity)
        if taken > 0:
            place.quantity -= taken
            missing -= taken
            shares.append(Share(demand.order_id, demand.position, demand.item_id, place.location_id, taken))
        if not missing:
            break
    return missing


def _in_turn(places: Sequence[Free], favourite: int | None, near: str) -> Sequence[Free]:
    if len(places) < 2:
        return places
    return sorted(places, key=lambda place: (place.location_id != favourite, *_rank(place, near)))


def expected(
    reach: Iterable[tuple[Waiting, Decimal]], supplies: Iterable[SupplyCard]
) -> dict[tuple[int, int], date | None]:
    """When each line that waits is served by what is announced, supplies in the order of their days.

    `reach` has beside each line how much of its item those ahead in the queue and the line itself wait for. None where what is
    announced does not reach that far, or nobody knows its day. A line is served when all of it is.
    """
    announced: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for supply in supplies:
        if supply.due_on and supply.awaited:
            announced[supply.item_id].append((supply.due_on, supply.awaited))
    for days in announced.values():
        days.sort()
    return {(one.order_id, one.position): _reached(announced[one.item_id], until) for one, until in reach}


def cumulated(queue: Iterable[Waiting]) -> list[tuple[Waiting, Decimal]]:
    """A whole queue in its order, each line with how much it and those ahead of it wait for."""
    ahead: dict[int, Decimal] = defaultdict(Decimal)
    found = []
    for one in queue:
        ahead[one.item_id] += one.quantity
        found.append((one, ahead[one.item_id]))
    return found


def _reached(announced: Sequence[tuple[date, Decimal]], wanted: Decimal) -> date | None:
    come = Decimal(0)
    for day, quantity in announced:
        come += quantity
        if come >= wanted:
            return day
    return None
