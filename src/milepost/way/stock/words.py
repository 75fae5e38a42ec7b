"""The standard terms of stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


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


class ReservationState(StrEnum):
    """Whether stock is kept aside. *used*: it went to the order for which it was kept."""

    HELD = "held"
    USED = "used"
    LAPSED = "lapsed"


class SupplyState(StrEnum):
    """Whether goods that were announced are still awaited."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
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
    """What one order line needs. `near`: where it goes, as locations name whom they serve ("DE", "US-CA")."""

    order_id: int
    position: int
    item_id: int
    quantity: Decimal
    near: str = ""


@dataclass(slots=True)
class Free:
    """What is free at one place while allocations are being decided; `serves` are the regions and countries near to it."""

    item_id: int
    location_id: int
    priority: int
    quantity: Decimal
    serves: Sequence[str] = ()


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
    reserved: Decimal = Decimal(0)

    @property
    def free(self) -> Decimal:
        """What can still be promised from stock."""
        return self.on_hand - self.allocated - self.reserved


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A quantity of one order line that leaves the house."""

    order_id: int
    position: int
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LineNeed:
    """What an order line needs after an amendment: nothing (0) when it was cancelled. `was_item_id`: what it was before."""

    order_id: int
    position: int
    item_id: int
    was_item_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedReservation:
    """Stock to be kept aside for an order's line until an instant."""

    order_id: int
    position: int
    item_id: int
    quantity: Decimal
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationDraft:
    """A place where stock lies. `serves`: the regions ("US-CA") and countries ("DE") that it is near to."""

    code: str
    name: str = ""
    priority: int = 100
    serves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyDraft:
    """Goods that are to come. Without `due_on` nobody knows when."""

    item_id: int
    location: str
    quantity: Decimal
    due_on: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyCorrection:
    """What is now known of goods that are to come: their whole quantity and their day, or that they will not come."""

    supply_id: UUID
    quantity: Decimal
    due_on: date | None
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Announced goods are here: so many of them, or all that is still awaited. `last`: no more of them will come."""

    supply_id: UUID
    quantity: Decimal | None = None
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyCard:
    """Announced goods as others read it."""

    id: UUID
    item_id: int
    location: str
    quantity: Decimal
    arrived: Decimal
    due_on: date | None
    reference: str
    state: str

    @property
    def awaited(self) -> Decimal:
        """What is still to come."""
        return max(self.quantity - self.arrived, Decimal(0)) if self.state == SupplyState.EXPECTED else Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A line, or the part of one, that waits for stock. `expected_on`: when it comes by what is announced, if that is known."""

    order_id: int
    position: int
    item_id: int
    quantity: Decimal
    since: datetime
    together: bool = False
    given: bool = False
    expected_on: date | None = None


def near(country: str, region: str = "") -> str:
    """Where something goes, as locations name whom they serve."""
    place, part = country.strip().upper(), region.strip().upper()
    return f"{place}-{part}"[:24] if part else place
