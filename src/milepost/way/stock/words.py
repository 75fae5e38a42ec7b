"""The standard terms of stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class AllocationState(StrEnum):
    """Whether stock is still tied to its line."""

    OPEN = "open"
    SHIPPED = "shipped"
    RELEASED = "released"


class BackorderState(StrEnum):
    """Whether a line still waits for stock."""

    OPEN = "open"
    FILLED = "filled"
    CANCELLED = "cancelled"


class MovementKind(StrEnum):
    """Why stock on hand changed."""

    RECEIPT = "receipt"
    SHIPMENT = "shipment"
    COUNT = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockReceipt:
    """Goods that arrived at a location, or a counted difference (negative allowed for kind `count` only)."""

    item_id: int
    location: str
    quantity: Decimal
    reference: str = ""
    kind: MovementKind = MovementKind.RECEIPT


@dataclass(frozen=True, slots=True)
class Demand:
    """What one order line needs."""

    order_id: int
    position: int
    item_id: int
    quantity: Decimal


@dataclass(slots=True)
class Free:
    """What is free at one place while allocations are being decided."""

    item_id: int
    location_id: int
    priority: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """A quantity of one line that one location gives."""

    order_id: int
    position: int
    item_id: int
    location_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Allotment:
    """The outcome for a set of orders: what is allocated and what is short."""

    shares: Sequence[Share]
    short: Sequence[Demand]


@dataclass(frozen=True, slots=True)
class Availability:
    """One item over all locations."""

    item_id: int
    on_hand: Decimal
    allocated: Decimal

    @property
    def free(self) -> Decimal:
        """What can still be promised from stock."""
        return self.on_hand - self.allocated


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A quantity of one order line that leaves the house."""

    order_id: int
    position: int
    quantity: Decimal
