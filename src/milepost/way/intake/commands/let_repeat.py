"""Let repeat: what was cancelled may be ordered again without looking like a repeat."""

from collections.abc import Sequence

from milepost.way.intake.models import OrderRequest


def let_repeat(order_ids: Sequence[int]) -> None:
    """Forget by what these orders are recognised as likes of others; the sender's own number stays. One statement."""
    OrderRequest.objects.filter(order_id__in=list(order_ids)).update(ordered_by="", purchase=None)
