"""Who gets which stock from where: pure, in the order of the demands, never more than is free (STK-1)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from milepost.way.stock.words import Allotment, Demand, Free, Share


def allot(demands: Sequence[Demand], free: Iterable[Free]) -> Allotment:
    """Serve the demands in their order; each order from one location where one has all of it, else from the best ones.

    `free` is used up in place. What no location has is short; nothing is given twice.
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
                short.append(Demand(demand.order_id, demand.position, demand.item_id, missing))
    return Allotment(shares, short)


def _by_order(demands: Sequence[Demand]) -> Mapping[int, list[Demand]]:
    grouped: dict[int, list[Demand]] = defaultdict(list)
    for demand in demands:
        grouped[demand.order_id].append(demand)
    return grouped


def _one_for_all(demands: Sequence[Demand], places: Mapping[int, list[Free]]) -> int | None:
    """The location that could serve the whole order alone, of the best priority, or None."""
    needed: dict[int, Decimal] = defaultdict(Decimal)
    for demand in demands:
        needed[demand.item_id] += demand.quantity
    able: set[int] | None = None
    for item_id, quantity in needed.items():
        here = {place.location_id for place in places.get(item_id, ()) if place.quantity >= quantity}
        able = here if able is None else able & here
    if not able:
        return None
    return min(able, key=lambda location: (_priority(location, places), location))


def _priority(location_id: int, places: Mapping[int, list[Free]]) -> int:
    return min(p.priority for here in places.values() for p in here if p.location_id == location_id)


def _serve(demand: Demand, places: Sequence[Free], favourite: int | None, shares: list[Share]) -> Decimal:
    """Take from the favourite first, then in order of priority; return what is missing."""
    missing = demand.quantity
    for place in sorted(places, key=lambda p: p.location_id != favourite) if favourite else places:
        taken = min(missing, place.quantity)
        if taken > 0:
            place.quantity -= taken
            missing -= taken
            shares.append(Share(demand.order_id, demand.position, demand.item_id, place.location_id, taken))
        if not missing:
            break
    return missing
