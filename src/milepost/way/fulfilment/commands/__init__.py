"""Verbs of fulfilment: what the warehouse does with an order, and how shipments follow their parcels."""

from milepost.way.fulfilment.commands.correct import correct_labels
from milepost.way.fulfilment.commands.finish import finish
from milepost.way.fulfilment.commands.follow import follow
from milepost.way.fulfilment.commands.pack import cancel_shipments, pack
from milepost.way.fulfilment.commands.packed import keep_packed
from milepost.way.fulfilment.commands.release import pick, release, withdraw
from milepost.way.fulfilment.commands.ship import ship

__all__ = [
    "cancel_shipments",
    "correct_labels",
    "finish",
    "follow",
    "keep_packed",
    "pack",
    "pick",
    "release",
    "ship",
    "withdraw",
]
