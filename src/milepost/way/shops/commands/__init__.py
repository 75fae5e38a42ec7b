"""Verbs of shops."""

from milepost.way.shops.commands.follow import follow
from milepost.way.shops.commands.receive import receive

__all__ = ["follow", "receive"]
