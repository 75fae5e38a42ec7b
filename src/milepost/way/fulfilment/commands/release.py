"""Release, pick and withdraw: an order on the warehouse's desk."""

from collections.abc import Sequence

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.refusals import refuse_any
from milepost.way.fulfilment.commands.desk import locked, not_on_desk
from milepost.way.fulfilment.commands.pack import cancel_shipments
from milepost.way.fulfilment.facts import OrderPicked, OrderReleased, ReleaseWithdrawn
from milepost.way.fulfilment.models import Release, Shipment
from milepost.way.fulfilment.words import State


def release(order_ids: Sequence[int], *, act: Act) -> None:
    """Put confirmed orders on the warehouse's desk (HND-1). One that lies there already is an error of ours."""
    with journal.together():
        journal.insert([Release(order_id=order_id, released_at=act.at) for order_id in order_ids])
        journal.record([OrderReleased(order_id=order_id) for order_id in order_ids], act=act)


def pick(order_ids: Sequence[int], *, act: Act) -> None:
    """The goods are taken from the shelves; picked ones stay so. Refuses `not_released` (409)."""
    with journal.together():
        rows = locked(order_ids)
        refuse_any(not_on_desk(order_ids, rows))
        new = [order_id for order_id in dict.fromkeys(order_ids) if rows[order_id].picked_at is None]
        Release.objects.filter(order_id__in=new).update(picked_at=act.at)
        journal.record([OrderPicked(order_id=order_id) for order_id in new], act=act)


def withdraw(order_ids: Sequence[int], *, act: Act) -> None:
    """The warehouse shall not work on the orders any more; what stands packed is taken apart."""
    with journal.together():
        rows = [row for row in locked(order_ids).values() if row.cancelled_at is None and row.shipped_at is None]
        gone = [row.order_id for row in rows]
        packed = Shipment.objects.filter(order_id__in=gone, state=State.PACKED).values_list("id", flat=True)
        cancel_shipments(list(packed), act=act)
        Release.objects.filter(order_id__in=gone).update(cancelled_at=act.at)
        journal.record([ReleaseWithdrawn(order_id=order_id) for order_id in gone], act=act)
