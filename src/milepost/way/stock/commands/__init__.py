"""Verbs of stock, one a file, all in sets and under locks taken in one fixed order."""

from milepost.way.stock.commands.allocate import allocate, fill_backorders
from milepost.way.stock.commands.receive import receive_stock
from milepost.way.stock.commands.ship_out import release, ship_out

__all__ = ["allocate", "fill_backorders", "receive_stock", "release", "ship_out"]
