"""Reserve: stock is kept aside for a while, for who is asked whether they want it; what is not taken lapses by itself."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.way.stock import rules
from milepost.way.stock.commands import levels
from milepost.way.stock.facts import ReservationsLapsed, StockReserved
from milepost.way.stock.models import Reservation
from milepost.way.stock.words import Demand, Free, ReservationState, Share, WantedReservation


def reserve(wanted: Sequence[WantedReservation], *, act: Act, patient: bool = False) -> list[bool]:
    """Keep stock aside for each of these, whole or not at all; say for which it was done.

    Who holds stock already must not wait for more, so levels that others hold are passed over; the worker asks `patient`,
    with empty hands.
    """
    if not wanted:
        return []
    take: Callable[[Iterable[int]], list[Free]] = levels.lock if patient else levels.lock_idle
    with journal.together():
        free = take({one.item_id for one in wanted})
        shares = [_shares(one, free) for one in wanted]
        rows = [_row(one, share, act) for one, some in zip(wanted, shares, strict=True) for share in some]
        change: dict[levels.Place, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
        for row in rows:
            place = (row.item_id, row.location_id)
            change[place] = (Decimal(0), change[place][1] + row.quantity)
        levels.change_held(change)
        journal.insert(rows)
        journal.record(_reserved(rows), act=act)
    return [bool(some) for some in shares]


def _shares(one: WantedReservation, free: list[Free]) -> list[Share]:
    """Where all of it is taken from, and that is used up; nothing where there is too little."""
    if sum(place.quantity for place in free if place.item_id == one.item_id) < one.quantity:
        return []
    return list(rules.allot([Demand(one.order_id, one.position, one.item_id, one.quantity)], free).shares)


def _row(one: WantedReservation, share: Share, act: Act) -> Reservation:
    return Reservation(
        id=new_id(), order_id=one.order_id, position=one.position, item_id=one.item_id, location_id=share.location_id,
        quantity=share.quantity, made_at=act.at, expires_at=one.expires_at,
    )  # fmt: skip


def _reserved(rows: Sequence[Reservation]) -> list[StockReserved]:
    by_order: dict[int, list[Reservation]] = defaultdict(list)
    for row in rows:
        by_order[row.order_id].append(row)
    return [
        StockReserved(
            order_id=key, item_ids=tuple(sorted({row.item_id for row in some})),
            expires_at=max(row.expires_at for row in some),
        )
        for key, some in sorted(by_order.items())
    ]  # fmt: skip


def let_go(order_ids: Sequence[int], *, act: Act) -> None:
    """What is kept aside for these orders is wanted no more: it lapses at the worker's next look. One statement."""
    Reservation.objects.filter(order_id__in=list(order_ids), state=ReservationState.HELD, expires_at__gt=act.at).update(
        expires_at=act.at
    )


def lapse_reservations(*, act: Act, limit: int = 500) -> int:
    """Free what was kept aside and has expired; say how many reservations that were. For the worker; several may run."""
    with journal.together():
        due = Reservation.objects.filter(state=ReservationState.HELD, expires_at__lte=act.at).order_by("expires_at")
        seen = list(due.values_list("id", "item_id")[:limit])
        if not seen:
            return 0
        levels.lock({item_id for _, item_id in seen})
        rows = list(due.select_for_update(no_key=True).filter(id__in=[key for key, _ in seen]))
        Reservation.objects.filter(id__in=[row.id for row in rows]).update(state=ReservationState.LAPSED)
        freed: dict[levels.Place, Decimal] = defaultdict(Decimal)
        for row in rows:
            freed[row.item_id, row.location_id] += row.quantity
        levels.change_held({place: (Decimal(0), -quantity) for place, quantity in freed.items()})
        by_item: dict[int, Decimal] = defaultdict(Decimal)
        for (item_id, _), quantity in freed.items():
            by_item[item_id] += quantity
        journal.record([ReservationsLapsed(item_id=key, quantity=by_item[key]) for key in sorted(by_item)], act=act)
    return len(seen)
