"""What happens to orders."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from milepost.kernel.facts import OrderFact


@dataclass(frozen=True, kw_only=True)
class PlacedLine:
    """One line as it was agreed."""

    position: int
    item_id: int
    code: str
    quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(OrderFact):
    """The request became an order (REC-3)."""

    says: ClassVar[str] = "Order placed: {total} {currency}"
    reference: str
    customer_id: int
    currency: str
    total: Decimal
    service: str
    zone: str
    country: str
    lines: tuple[PlacedLine, ...]
    region: str = ""
    promised_on: date | None = None
    promised_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OrderHeld(OrderFact):
    """Something keeps the order from moving (VER-3)."""

    says: ClassVar[str] = "On hold: {kind}"
    hold_id: UUID
    kind: str
    role: str
    blocking: bool


@dataclass(frozen=True, kw_only=True)
class ReleaseProposed(OrderFact):
    """Somebody would release the hold; it takes a second person (VER-3)."""

    says: ClassVar[str] = "Release proposed: {kind}; {approver} is to approve it"
    hold_id: UUID
    kind: str
    approver: str


@dataclass(frozen=True, kw_only=True)
class HoldReleased(OrderFact):
    """The reason to wait is gone, and how it was settled is on record (VER-3)."""

    says: ClassVar[str] = "Hold released: {kind}"
    hold_id: UUID
    kind: str
    blocking_left: int
    proposed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderReviewed(OrderFact):
    """Looked at for completeness and accuracy, by the procedure's rules or by a person (VER-4)."""

    says: ClassVar[str] = "Reviewed for completeness and accuracy, by {by}"
    by: str


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(OrderFact):
    """Reviewed and binding (VER-4, ACK-3)."""

    says: ClassVar[str] = "Order confirmed"


@dataclass(frozen=True, kw_only=True)
class OrderAcknowledged(OrderFact):
    """The acknowledgement has left (ACK-2)."""

    says: ClassVar[str] = "Order acknowledged to the customer"
    minutes_after_receipt: int


@dataclass(frozen=True, kw_only=True)
class OrderProcessing(OrderFact):
    """Somebody works on it."""

    says: ClassVar[str] = "Processing has begun"
    was: str


@dataclass(frozen=True, kw_only=True)
class OrderPacked(OrderFact):
    """All of it is packed."""

    says: ClassVar[str] = "Order packed"
    was: str


@dataclass(frozen=True, kw_only=True)
class OrderShipped(OrderFact):
    """All of it was handed over."""

    says: ClassVar[str] = "Order shipped"
    was: str


@dataclass(frozen=True, kw_only=True)
class OrderInTransit(OrderFact):
    """All of it is on its way."""

    says: ClassVar[str] = "Order in transit"
    was: str


@dataclass(frozen=True, kw_only=True)
class OrderOutForDelivery(OrderFact):
    """It is on the vehicle that brings it."""

    says: ClassVar[str] = "Out for delivery"
    was: str


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(OrderFact):
    """All of it has arrived (DEL-4)."""

    says: ClassVar[str] = "Order delivered"
    was: str
    delivered_at: datetime


@dataclass(frozen=True, kw_only=True)
class ArrivalCorrected(OrderFact):
    """It arrived at another instant than was first reported; on-time delivery is measured against this one (KPI-2)."""

    says: ClassVar[str] = "Arrival corrected from {was_delivered_at} to {delivered_at}"
    was_delivered_at: datetime
    delivered_at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(OrderFact):
    """The customer has what was agreed (CLO-2)."""

    says: ClassVar[str] = "Order completed"


@dataclass(frozen=True, kw_only=True)
class OrderReopened(OrderFact):
    """Completed too early."""

    says: ClassVar[str] = "Order reopened"


@dataclass(frozen=True, kw_only=True)
class OrderClosed(OrderFact):
    """Locked; only records remain."""

    says: ClassVar[str] = "Order closed"


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(OrderFact):
    """It will not be delivered."""

    says: ClassVar[str] = "Order cancelled: {reason_code}"
    was: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class OrderAmended(OrderFact):
    """A checked set of changes was made; what stood there and what stands there now is in the amendment's rows (VER-3)."""

    says: ClassVar[str] = "Order amended: {fields}; the total was {was_total} and is {total}"
    amendment_id: UUID
    fields: tuple[str, ...]
    total: Decimal
    was_total: Decimal


@dataclass(frozen=True, kw_only=True)
class LineAmended(OrderFact):
    """One line is another, or costs another price. Quantities are what is still ordered: 0 of a cancelled line and, before,
    of one that was added."""

    says: ClassVar[str] = (
        "Line {position} amended: {was_quantity} at {was_unit_price} became {quantity} at {unit_price}"
    )
    amendment_id: UUID
    position: int
    item_id: int
    was_item_id: int
    quantity: Decimal
    was_quantity: Decimal
    unit_price: Decimal
    was_unit_price: Decimal
    cancelled: bool
