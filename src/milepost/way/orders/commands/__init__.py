"""Verbs of orders, one a file."""

from milepost.way.orders.commands.advance import (
    acknowledge,
    close,
    close_if_completed,
    complete,
    follow,
    note_first_shipped,
    reopen,
    reopen_if_completed,
)
from milepost.way.orders.commands.amend import amend
from milepost.way.orders.commands.cancel import cancel
from milepost.way.orders.commands.confirm import confirm, confirm_if_clear
from milepost.way.orders.commands.hold import hold, release
from milepost.way.orders.commands.lock import lock
from milepost.way.orders.commands.place import place
from milepost.way.orders.commands.seen import as_seen

__all__ = [
    "acknowledge", "amend", "as_seen", "cancel", "close", "close_if_completed", "complete", "confirm", "confirm_if_clear", "follow",
    "hold", "lock", "note_first_shipped", "place", "release", "reopen", "reopen_if_completed",
]  # fmt: skip
