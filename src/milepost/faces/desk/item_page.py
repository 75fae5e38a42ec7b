"""Everything that the page of an item shows, gathered in a constant number of statements (STK-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from milepost.ground.catalog import queries as catalog
from milepost.ground.catalog.words import ItemCard
from milepost.way.orders import queries as orders
from milepost.way.orders.queries import Contact
from milepost.way.stock import queries as stock
from milepost.way.stock.queries import Shelf
from milepost.way.stock.words import Availability, SupplyCard, Waiting

WAITING_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """An item with its stock, who waits for it, what is to come, and what may stand in for it."""

    card: ItemCard
    shelves: Sequence[Shelf]
    waiting: Sequence[tuple[Waiting, Contact | None]]
    waiting_lines: int
    waiting_quantity: Decimal
    supplies: Sequence[SupplyCard]
    stand_ins: Sequence[tuple[ItemCard, Availability]]

    @property
    def on_hand(self) -> Decimal:
        """What lies anywhere."""
        return sum((shelf.on_hand for shelf in self.shelves), Decimal(0))

    @property
    def allocated(self) -> Decimal:
        """What is tied to order lines."""
        return sum((shelf.allocated for shelf in self.shelves), Decimal(0))

    @property
    def reserved(self) -> Decimal:
        """What is kept aside for a while."""
        return sum((shelf.reserved for shelf in self.shelves), Decimal(0))

    @property
    def free(self) -> Decimal:
        """What can still be promised."""
        return sum((shelf.free for shelf in self.shelves), Decimal(0))

    @property
    def coming(self) -> Decimal:
        """What is announced and not here yet."""
        return sum((supply.awaited for supply in self.supplies), Decimal(0))


def gather(item_id: int) -> ItemPage | None:
    """All of an item's page, or None when there is no such item. Ten statements at most."""
    card = catalog.by_id([item_id]).get(item_id)
    if card is None:
        return None
    line = stock.queue([item_id], first=WAITING_SHOWN)
    lines, quantity = stock.short(item_id)
    named = orders.contacts({one.order_id for one in line})
    instead = catalog.stand_ins([item_id]).get(item_id, [])
    cards, there = catalog.by_id(instead), stock.availability(instead)
    supplies = sorted(stock.supplies([item_id]), key=lambda one: (one.due_on is None, one.due_on, one.id))
    return ItemPage(
        card=card, shelves=stock.shelves(item_id), waiting=[(one, named.get(one.order_id)) for one in line],
        waiting_lines=lines, waiting_quantity=quantity, supplies=supplies,
        stand_ins=[(cards[key], there[key]) for key in instead if key in cards],
    )  # fmt: skip
