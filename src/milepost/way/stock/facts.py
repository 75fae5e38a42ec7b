"""What happens to stock."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

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
    backorder_id: UUID | None = None
    """The first of the lines' backorders: what tells one shortage from the next."""


@dataclass(frozen=True, kw_only=True)
class BackordersFilled(OrderFact):
    """What was short has come and is tied to the order."""

    says: ClassVar[str] = "Backorder filled"
    complete: bool
    backorder_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class BackordersEnded(OrderFact):
    """The order was amended, so less of it waits for stock, or nothing (`complete`)."""

    says: ClassVar[str] = "Less waits for stock"
    complete: bool


@dataclass(frozen=True, kw_only=True)
class OrderPutFirst(OrderFact):
    """By decision of a person this order is served before those that have waited longer (STK-2)."""

    says: ClassVar[str] = "Put first among those who wait for stock"
    lines: int


@dataclass(frozen=True, kw_only=True)
class SendingAgreed(OrderFact):
    """Whether the order waits until all of it is there, or leaves in parts."""

    says: ClassVar[str] = "To be sent {how}"
    how: str
    together: bool


@dataclass(frozen=True, kw_only=True)
class StockReserved(OrderFact):
    """Stock is kept aside for the order until an instant."""

    says: ClassVar[str] = "Stock kept aside until {expires_at}"
    item_ids: tuple[int, ...]
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class StockReleased(OrderFact):
    """What was tied to the order is free again."""

    says: ClassVar[str] = "Stock released"
    lines: int
    item_ids: tuple[int, ...] = ()


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


@dataclass(frozen=True, kw_only=True)
class ItemFact(Fact):
    """A fact of one item's stock."""

    stream: ClassVar[str] = "item"
    says: ClassVar[str] = ""
    item_id: int

    @property
    def stream_id(self) -> int:
        return self.item_id


@dataclass(frozen=True, kw_only=True)
class ReservationsLapsed(ItemFact):
    """What was kept aside and not taken is free again."""

    says: ClassVar[str] = "No longer kept aside: {quantity}"
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class SupplyExpected(ItemFact):
    """Goods are to come."""

    says: ClassVar[str] = "Expected at {location}: {quantity}, due {due_on}"
    supply_id: UUID
    location: str
    quantity: Decimal
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class SupplyCorrected(ItemFact):
    """Other goods, or on another day, than was announced; or none."""

    says: ClassVar[str] = "Supply corrected: {quantity} due {due_on}, was {was_quantity} due {was_due_on}"
    supply_id: UUID
    quantity: Decimal
    due_on: date | None
    was_quantity: Decimal
    was_due_on: date | None
    cancelled: bool


@dataclass(frozen=True, kw_only=True)
class SupplyArrived(ItemFact):
    """Announced goods have come, `left` is still awaited."""

    says: ClassVar[str] = "Supply arrived: {quantity}, still awaited: {left}"
    supply_id: UUID
    quantity: Decimal
    left: Decimal


@dataclass(frozen=True, kw_only=True)
class LocationDescribed(Fact):
    """Where stock lies, how early it is taken from, and whom it is near to."""

    stream: ClassVar[str] = "location"
    says: ClassVar[str] = "Location {code}: priority {priority}, serves {serves}"
    location_id: int
    code: str
    priority: int
    serves: tuple[str, ...]

    @property
    def stream_id(self) -> int:
        return self.location_id
