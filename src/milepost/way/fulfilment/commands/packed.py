"""What lies in parcels stays ordered: an order may not be amended below what is packed of it (VER-3)."""

from collections.abc import Sequence
from dataclasses import replace

from milepost.kernel.refusals import refuse_any
from milepost.way.fulfilment.queries import packed_quantities
from milepost.way.fulfilment.rules import PACKED_ALREADY
from milepost.way.fulfilment.words import AmendedLine


def keep_packed(amended: Sequence[AmendedLine]) -> None:
    """Refuse `packed_already` (409) where a line would be another item, or less than what of it is packed. One statement."""
    packed = packed_quantities([line.order_id for line in amended])
    refuse_any(
        replace(PACKED_ALREADY, values={"position": line.position, "packed": f"{quantity.normalize():f}"})
        for line in amended
        if (quantity := packed.get((line.order_id, line.position))) and (line.other_item or line.quantity < quantity)
    )
