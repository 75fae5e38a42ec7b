"""Reads of stock."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from milepost.kernel.columns import columns
from milepost.way.stock.models import Allocation, Backorder, Level, Location, Reservation, Supply
from milepost.way.stock.rules import cumulated, expected
from milepost.way.stock.words import (
    AllocationState,
    Availability,
    BackorderState,
    LocationDraft,
    ReservationState,
    SupplyCard,
    SupplyState,
    Waiting,
)


def availability(item_ids: Iterable[int]) -> dict[int, Availability]:
    """What lies, is allocated and is kept aside of each item over all locations; unknown items have nothing. One statement."""
    wanted = list(item_ids)
    rows = Level.objects.filter(item_id__in=wanted).values_list("item_id")
    sums = rows.annotate(Sum("on_hand"), Sum("allocated"), Sum("reserved"))
    found = {item_id: Availability(item_id, *amounts) for item_id, *amounts in sums}
    return {item_id: found.get(item_id, Availability(item_id, Decimal(0), Decimal(0))) for item_id in wanted}


@dataclass(frozen=True, slots=True)
class LineStock:
    """How one order line stands with stock. `together`: while it is short, the order is not sent in parts."""

    allocated: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)
    short: Decimal = Decimal(0)
    together: bool = False


def of_lines(order_ids: Iterable[int]) -> dict[int, dict[int, LineStock]]:
    """Allocated, shipped and short quantities by order and line position. Two statements."""
    wanted = list(order_ids)
    sums: dict[int, dict[int, dict[str, Any]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
    tied = Allocation.objects.filter(order_id__in=wanted).exclude(state=AllocationState.RELEASED)
    for order_id, position, state, quantity in tied.values_list("order_id", "position", "state", "quantity"):
        sums[order_id][position]["allocated" if state == AllocationState.OPEN else "shipped"] += quantity
    waiting = Backorder.objects.filter(order_id__in=wanted, state=BackorderState.OPEN)
    for order_id, position, quantity, together in waiting.values_list("order_id", "position", "quantity", "together"):
        sums[order_id][position]["short"] += quantity
        sums[order_id][position]["together"] = together
    return {
        order_id: {position: LineStock(**kinds) for position, kinds in lines.items()}
        for order_id, lines in sums.items()
    }


def sent_from(order_ids: Iterable[int]) -> dict[int, str]:
    """The code of the location from which each order's goods left; of several the first. One statement."""
    rows = Allocation.objects.filter(order_id__in=list(order_ids), state=AllocationState.SHIPPED)
    found: dict[int, str] = {}
    for order_id, code in rows.order_by("order_id", "location__code").values_list("order_id", "location__code"):
        found.setdefault(order_id, code)
    return found


_WAITING = ("order_id", "position", "item_id", "quantity", "since", "together", "given_at")


def waiting(order_ids: Iterable[int]) -> dict[int, list[Waiting]]:
    """What of each order waits for stock, and when it comes by what is announced. Three statements, one where nothing waits.

    Each line gets its day from its place in the queue of all who wait for the item.
    """
    rows = Backorder.objects.filter(order_id__in=list(order_ids), state=BackorderState.OPEN)
    mine = _lines(rows.order_by("order_id", "position"))
    announced = supplies({one.item_id for one in mine}) if mine else []
    dated = {one.item_id for one in announced if one.due_on}
    reach = _reach(one for one in mine if one.item_id in dated)
    days = expected([(one, reach[one.order_id, one.position]) for one in mine if one.item_id in dated], announced)
    found: dict[int, list[Waiting]] = defaultdict(list)
    for one in mine:
        found[one.order_id].append(replace(one, expected_on=days.get((one.order_id, one.position))))
    return dict(found)


def _lines(rows: QuerySet[Backorder]) -> list[Waiting]:
    return [
        Waiting(
            order_id=order_id, position=position, item_id=item_id, quantity=quantity, since=since, together=together,
            given=given_at is not None,
        )
        for order_id, position, item_id, quantity, since, together, given_at in rows.values_list(*_WAITING)
    ]  # fmt: skip


def _reach(lines: Iterable[Waiting]) -> dict[tuple[int, int], Decimal]:
    """How much of its item each line and all ahead of it wait for. One statement, none for no lines."""
    keys = [(one.order_id, one.position) for one in lines]
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, columns(keys))
        return {(order_id, position): until for order_id, position, until in cursor.fetchall()}


_AHEAD = """
SELECT b.order_id, b.position, (
    SELECT sum(a.quantity) FROM stock_backorder a WHERE a.item_id = b.item_id AND a.state = 'open'
    AND (coalesce(a.given_at, 'infinity'), a.since, a.order_id, a.position)
        <= (coalesce(b.given_at, 'infinity'), b.since, b.order_id, b.position)
) FROM stock_backorder b JOIN unnest(%b::bigint[], %b::int[]) AS mine(order_id, position)
    ON mine.order_id = b.order_id AND mine.position = b.position
WHERE b.state = 'open'
"""


def still_waiting(order_ids: Iterable[int]) -> set[int]:
    """The orders of which something waits. One statement."""
    rows = Backorder.objects.filter(order_id__in=list(order_ids), state=BackorderState.OPEN)
    return set(rows.values_list("order_id", flat=True))


def queue(item_ids: Collection[int], *, first: int | None = None) -> list[Waiting]:
    """All who wait for these items in the order in which they are served, each with its day; of one item perhaps only the first.

    Two statements.
    """
    rows = Backorder.objects.filter(item_id__in=list(item_ids), state=BackorderState.OPEN).order_by(
        F("given_at").asc(nulls_last=True), "since", "order_id", "position"
    )
    line = _lines(rows[:first])
    days = expected(cumulated(line), supplies(item_ids)) if line else {}
    return [replace(one, expected_on=days[one.order_id, one.position]) for one in line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What lies of an item at one location, and how much of that is spoken for."""

    location: str
    name: str
    on_hand: Decimal
    allocated: Decimal
    reserved: Decimal

    @property
    def free(self) -> Decimal:
        """What can still be promised."""
        return self.on_hand - self.allocated - self.reserved


def shelves(item_id: int) -> list[Shelf]:
    """What lies of an item, by location. One statement."""
    rows = Level.objects.filter(item_id=item_id).order_by("location__priority", "location__code")
    names = ("location__code", "location__name", "on_hand", "allocated", "reserved")
    return [
        Shelf(location=code, name=name, on_hand=on_hand, allocated=allocated, reserved=reserved)
        for code, name, on_hand, allocated, reserved in rows.values_list(*names)
    ]


def short(item_id: int) -> tuple[int, Decimal]:
    """How many lines wait for an item, and for how much of it in all. One statement on its index."""
    found = Backorder.objects.filter(item_id=item_id, state=BackorderState.OPEN).aggregate(Count("id"), Sum("quantity"))
    return found["id__count"], found["quantity__sum"] or Decimal(0)


def shortages(item_ids: Collection[int]) -> dict[int, Decimal]:
    """How much of each item orders wait for; items that nobody waits for are left out. One statement on its index."""
    rows = Backorder.objects.filter(item_id__in=list(item_ids), state=BackorderState.OPEN).values_list("item_id")
    return dict(rows.annotate(Sum("quantity")))


def complete_on(order_ids: Iterable[int]) -> dict[int, date]:
    """The day on which all that each order waits for is here by what is announced; orders without such a day are left out.

    Three statements.
    """
    days = {key: [one.expected_on for one in rows] for key, rows in waiting(order_ids).items()}
    return {key: max(day for day in some if day) for key, some in days.items() if all(some)}


def would_be_here_on(short: Mapping[int, Decimal], *, now: datetime) -> date | None:
    """The day on which as much of each item would be here for somebody who begins to wait now, behind all who wait already.

    None where nobody knows it of all of them. Two statements, nothing is reserved.
    """
    rows = Backorder.objects.filter(item_id__in=list(short), state=BackorderState.OPEN).values_list("item_id")
    ahead: dict[int, Decimal] = dict(rows.annotate(Sum("quantity")))
    last = [
        (Waiting(order_id=0, position=place, item_id=key, quantity=quantity, since=now), ahead.get(key, Decimal(0)) + quantity)
        for place, (key, quantity) in enumerate(short.items())
    ]  # fmt: skip
    days = [day for day in expected(last, supplies(list(short))).values() if day]
    return max(days) if days and len(days) == len(short) else None


_SUPPLY = ("id", "item_id", "quantity", "arrived", "due_on", "reference", "state")


def supplies(item_ids: Collection[int]) -> list[SupplyCard]:
    """What is announced of these items and not yet all here. One statement."""
    return _supplies(Supply.objects.filter(item_id__in=list(item_ids), state=SupplyState.EXPECTED))


def supply(supply_id: UUID) -> SupplyCard | None:
    """One announcement, arrived or not. One statement."""
    return next(iter(_supplies(Supply.objects.filter(id=supply_id))), None)


def announced(*, after: tuple[date | None, UUID] | None = None, limit: int = 100) -> list[SupplyCard]:
    """All that is to come, the next first, what has no day last; keyset-paged by (day, id). One statement."""
    rows = Supply.objects.filter(state=SupplyState.EXPECTED).order_by("due_on", "id")
    if after is not None:
        day, key = after
        undated = Q(due_on=None)
        later = Q(due_on__gt=day) | Q(due_on=day, id__gt=key) | undated if day else undated & Q(id__gt=key)
        rows = rows.filter(later)
    return _supplies(rows[:limit])


def _supplies(rows: QuerySet[Supply]) -> list[SupplyCard]:
    return [
        SupplyCard(location=location, **dict(zip(_SUPPLY, values, strict=True)))
        for location, *values in rows.values_list("location__code", *_SUPPLY)
    ]


def kept_aside(order_ids: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """How much of each item is kept aside for each order, by (order, item). One statement."""
    rows = Reservation.objects.filter(order_id__in=list(order_ids), state=ReservationState.HELD)
    return {(o, i): q for o, i, q in rows.values_list("order_id", "item_id").annotate(Sum("quantity"))}


def locations() -> list[LocationDraft]:
    """All places where stock lies, by code. One statement."""
    rows = Location.objects.order_by("code").values_list("code", "name", "priority", "serves")
    return [LocationDraft(code=code, name=name, priority=priority, serves=tuple(s)) for code, name, priority, s in rows]
