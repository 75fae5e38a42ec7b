"""Claim: whoever is about to work on stock in several steps locks all of it first, in the one order of `levels`."""

from collections.abc import Sequence

from milepost.way.stock.commands import levels
from milepost.way.stock.commands.receive import locations
from milepost.way.stock.words import StockReceipt


def lock_tied(order_ids: Sequence[int]) -> None:
    """Lock the levels of all items that are tied to these orders or for which they wait."""
    tied = levels.open_allocations(order_ids).values_list("item_id", flat=True)
    waited_for = levels.open_backorders(order_ids).values_list("item_id", flat=True)
    levels.lock({*tied, *waited_for})


def lock_places(receipts: Sequence[StockReceipt]) -> None:
    """Lock the levels to which these receipts will add, and open those that are not there yet."""
    places = locations({receipt.location for receipt in receipts})
    levels.open_levels((receipt.item_id, places[receipt.location]) for receipt in receipts)
    levels.lock({receipt.item_id for receipt in receipts})
