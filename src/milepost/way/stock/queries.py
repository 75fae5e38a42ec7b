"""Reads of stock."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from milepost.way.stock.models import Allocation, Backorder, Level
from milepost.way.stock.words import AllocationState, Availability, BackorderState


def availability(item_ids: Iterable[int]) -> dict[int, Availability]:
    """What lies and what is allocated of each item over all locations; unknown items have nothing. One statement."""
    wanted = list(item_ids)
    rows = Level.objects.filter(item_id__in=wanted).values_list("item_id").annotate(Sum("on_hand"), Sum("allocated"))
    found = {item_id: Availability(item_id, on_hand, allocated) for item_id, on_hand, allocated in rows}
    return {item_id: found.get(item_id, Availability(item_id, Decimal(0), Decimal(0))) for item_id in wanted}


@dataclass(frozen=True, slots=True)
class LineStock:
    """How one order line stands with stock."""

    allocated: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)
    short: Decimal = Decimal(0)


def of_lines(order_ids: Iterable[int]) -> dict[int, dict[int, LineStock]]:
    """Allocated, shipped and short quantities by order and line position. Two statements."""
    wanted = list(order_ids)
    sums: dict[int, dict[int, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
    tied = Allocation.objects.filter(order_id__in=wanted).exclude(state=AllocationState.RELEASED)
    for order_id, position, state, quantity in tied.values_list("order_id", "position", "state", "quantity"):
        sums[order_id][position]["allocated" if state == AllocationState.OPEN else "shipped"] += quantity
    waiting = Backorder.objects.filter(order_id__in=wanted, state=BackorderState.OPEN)
    for order_id, position, quantity in waiting.values_list("order_id", "position", "quantity"):
        sums[order_id][position]["short"] += quantity
    return {
        order_id: {position: LineStock(**kinds) for position, kinds in lines.items()}
        for order_id, lines in sums.items()
    }
