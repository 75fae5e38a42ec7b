"""Verbs of stock, one a file, all in sets and under locks taken in one fixed order."""

from milepost.way.stock.commands.adjust import adjust
from milepost.way.stock.commands.allocate import allocate
from milepost.way.stock.commands.backorders import agree_sending, fill_backorders, give_to
from milepost.way.stock.commands.claim import lock_places, lock_tied
from milepost.way.stock.commands.incoming import arrive, correct_supply, expect_supply
from milepost.way.stock.commands.levels import lock
from milepost.way.stock.commands.locations import describe_locations
from milepost.way.stock.commands.receive import receive_stock, stand_ready
from milepost.way.stock.commands.reserve import lapse_reservations, let_go, reserve
from milepost.way.stock.commands.ship_out import release, ship_out

__all__ = [
    "adjust", "agree_sending", "allocate", "arrive", "correct_supply", "describe_locations", "expect_supply", "fill_backorders",
    "give_to", "lapse_reservations", "let_go", "lock", "lock_places", "lock_tied", "receive_stock", "release", "reserve",
    "ship_out", "stand_ready",
]  # fmt: skip
