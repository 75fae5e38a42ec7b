"""The warehouse's desk: the releases that the verbs lock before they work on an order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from milepost.kernel.refusals import Refusal
from milepost.way.fulfilment.models import Release
from milepost.way.fulfilment.rules import NOT_RELEASED, TWICE


def locked(order_ids: Sequence[int]) -> dict[int, Release]:
    """The releases of the orders, locked in one fixed order, after the orders themselves, as every verb does. Two statements."""
    wanted = list(order_ids)
    mine = Release.objects.filter(order_id__in=wanted).order_by("order_id")
    list(mine.select_related("order").only("order_id", "order__state").select_for_update(of=("order",), no_key=True))
    return {row.order_id: row for row in mine.select_for_update()}


def not_on_desk(order_ids: Sequence[int], rows: Mapping[int, Release]) -> list[Refusal]:
    """A refusal for each order that the warehouse may not work on, by index."""
    return [
        replace(NOT_RELEASED, index=index, values={"order_id": order_id})
        for index, order_id in enumerate(order_ids)
        if (row := rows.get(order_id)) is None or row.cancelled_at is not None or row.shipped_at is not None
    ]


def twice(order_ids: Sequence[int]) -> list[Refusal]:
    """A refusal for each order that a batch names again."""
    first: dict[int, int] = {}
    return [TWICE.at(index=index) for index, key in enumerate(order_ids) if first.setdefault(key, index) != index]
