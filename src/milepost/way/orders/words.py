"""The standard terms of orders."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from milepost.way.intake.words import Address


class State(StrEnum):
    """The stage of an order (HND-2); *delayed* is flagged beside it, never instead of it."""

    RECEIVED = "received"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    PACKED = "packed"
    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


STAGES = (
    State.CONFIRMED, State.PROCESSING, State.PACKED, State.SHIPPED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY, State.DELIVERED,
)  # fmt: skip
OPEN_STATES = tuple(state for state in State if state not in (State.CLOSED, State.CANCELLED))


class HoldKind(StrEnum):
    """Why an order waits."""

    INCOMPLETE = "incomplete"
    CUSTOMER = "customer"
    ADDRESS = "address"
    CONTACT = "contact"
    PAYMENT = "payment"
    PRICE = "price"
    QUANTITY = "quantity"
    DUPLICATE = "duplicate"
    CREDIT = "credit"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class LineCard:
    """One order line as others read it."""

    position: int
    item_id: int
    code: str
    name: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    instructions: str = ""
    cancelled: bool = False

    @property
    def total(self) -> Decimal:
        """Quantity times price, to the cent."""
        return (self.quantity * self.unit_price).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class HoldCard:
    """One hold as others read it."""

    id: UUID
    kind: str
    reason: str
    role: str
    blocking: bool
    opened_at: datetime
    released_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCard:
    """All that a letter or a page needs to know of an order; personal data included, so it never enters a fact."""

    id: int
    reference: str
    external_ref: str
    state: str
    customer_id: int
    channel: str
    contact_name: str
    email: str
    phone: str
    language: str
    zone: str
    ship_to: Address
    currency: str
    items_total: Decimal
    freight: Decimal
    total: Decimal
    po_number: str
    payment_reference: str
    instructions: str
    service: str
    history: bool
    received_at: datetime
    confirmed_at: datetime | None
    acknowledged_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    version: int
    lines: tuple[LineCard, ...] = ()
    holds: tuple[HoldCard, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether anything remains to be done."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedHold:
    """A hold to be opened."""

    order_id: int
    kind: str
    reason: str
    role: str
    blocking: bool = True
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a list of orders is narrowed by."""

    text: str = ""
    state: str = ""
    open_only: bool = False
    held: bool = False
    customer_id: int | None = None
