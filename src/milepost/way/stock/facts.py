"""What happens to stock."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from milepost.kernel.facts import Fact, OrderFact


@dataclass(frozen=True, kw_only=True)
class ShortLine:
    """A line, or the part of one, that waits for stock."""

    position: int
    item_id: int
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class StockAllocated(OrderFact):
    """Stock was tied to the order's lines (STK-1)."""

    says: ClassVar[str] = "Stock allocated to {lines} lines"
    lines: int
    complete: bool


@dataclass(frozen=True, kw_only=True)
class LinesBackordered(OrderFact):
    """Lines, or parts of them, wait for stock (STK-2)."""

    says: ClassVar[str] = "Lines wait for stock"
    lines: tuple[ShortLine, ...]


@dataclass(frozen=True, kw_only=True)
class BackordersFilled(OrderFact):
    """What was short has come and is tied to the order."""

    says: ClassVar[str] = "Backorder filled"
    complete: bool


@dataclass(frozen=True, kw_only=True)
class StockReleased(OrderFact):
    """What was tied to the order is free again."""

    says: ClassVar[str] = "Stock released"
    lines: int


@dataclass(frozen=True, kw_only=True)
class StockReceived(Fact):
    """Goods arrived, or a count corrected what lies there."""

    stream: ClassVar[str] = "item"
    says: ClassVar[str] = "Stock received: {quantity} at {location}"
    item_id: int
    location: str
    quantity: Decimal
    reference: str

    @property
    def stream_id(self) -> int:
        return self.item_id
