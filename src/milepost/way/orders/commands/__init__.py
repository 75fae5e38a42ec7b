"""Verbs of orders, one a file."""

from milepost.way.orders.commands.advance import acknowledge, close, complete, follow, reopen
from milepost.way.orders.commands.cancel import cancel
from milepost.way.orders.commands.confirm import confirm, confirm_if_clear
from milepost.way.orders.commands.hold import hold, release
from milepost.way.orders.commands.place import place

__all__ = [
    "acknowledge", "cancel", "close", "complete", "confirm", "confirm_if_clear", "follow", "hold", "place", "release", "reopen",
]  # fmt: skip
