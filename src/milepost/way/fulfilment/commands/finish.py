"""Finish: an order was amended so that nothing of it is left to pack, perhaps nothing even to send (HND-2)."""

from collections.abc import Sequence

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.way.fulfilment.commands.desk import locked
from milepost.way.fulfilment.commands.pack import left_of
from milepost.way.fulfilment.facts import ReleaseFinished
from milepost.way.fulfilment.models import Release, Shipment
from milepost.way.fulfilment.words import State


def finish(order_ids: Sequence[int], *, act: Act) -> None:
    """Note of which of these orders nothing is left to pack, after a part of them was; the others are passed over."""
    with journal.together():
        at_work = [
            row.order_id for row in locked(order_ids).values() if row.cancelled_at is None and row.packed_at is None
        ]
        if not at_work:
            return
        rows = Shipment.objects.filter(order_id__in=at_work).exclude(state=State.CANCELLED)
        standing = set(rows.filter(state=State.PACKED).values_list("order_id", flat=True))
        begun = set(rows.values_list("order_id", flat=True))
        left = left_of(sorted(begun)) if begun else {}
        done = [key for key in sorted(begun) if not any(quantity > 0 for quantity in left[key].unpacked.values())]
        gone = [key for key in done if key not in standing]
        Release.objects.filter(order_id__in=done).update(packed_at=act.at)
        Release.objects.filter(order_id__in=gone).update(shipped_at=act.at)
        journal.record([ReleaseFinished(order_id=key, shipped=key in gone) for key in done], act=act)
