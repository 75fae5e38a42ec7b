"""Lock: whoever is about to work on orders in several steps locks all of them first, in the one order of all verbs."""

from collections.abc import Sequence

from milepost.way.orders.models import Order


def lock(order_ids: Sequence[int]) -> None:
    """Lock the rows of these orders by their ids, for the rest of the transaction. One statement."""
    rows = Order.objects.select_for_update(no_key=True).filter(id__in=list(order_ids)).order_by("id")
    list(rows.values_list("id"))
