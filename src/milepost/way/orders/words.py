"""The standard terms of orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from milepost.way.intake.words import Address, Contact


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


STILL_HERE = (State.RECEIVED, State.CONFIRMED, State.PROCESSING, State.PACKED)
"""Before hand-over: what may still be amended."""


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
    VALUE = "value"
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
    """One hold as others read it. With an `approver`, its release takes two people: one proposes, one of that role approves."""

    id: UUID
    kind: str
    reason: str
    role: str
    blocking: bool
    opened_at: datetime
    released_at: datetime | None = None
    outcome: str = ""
    approver: str = ""
    proposed_by: str = ""
    proposed_at: datetime | None = None
    opened_by: str = ""
    released_by: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


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
    first_shipped_at: datetime | None = None
    tax: Decimal = Decimal(0)
    charges: Decimal = Decimal(0)
    contacts: tuple[Contact, ...] = ()
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
    approver: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line to be added to an order; without a price it costs what the catalogue says."""

    code: str
    quantity: Decimal
    price: Decimal | None = None
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What shall stand in one field of an order.

    Fields: `freight`, `tax`, `charges` (amounts; only charges may be negative);
    `ship_to.<part>` (name, company, street, postal_code, city, region, country), `email`, `phone`, `contact_name`,
    `instructions`, `po_number`, `payment_reference`, `service`; `lines.<position>.quantity`, `.price`, `.item` (a code of the
    catalogue; the line then costs what the catalogue says, unless its price is given too), `.cancelled` (true or false);
    `lines.add` (a NewLine); `contacts.<place>.<part>` (name, email, phone, language; places counted from 1),
    `contacts.<place>.removed` (true), `contacts.add` (a Contact). Places are those before the amendment.
    """

    field: str
    value: str | Decimal | bool | NewLine | Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """Changes of one order that stand or fall together; who said so and when, where it was not the actor at that moment.

    `expected_version` is the version of the order that was looked at; another one makes the amendment stale.
    """

    order_id: int
    changes: tuple[Change, ...]
    reason: str = ""
    said_by: str = ""
    said_at: datetime | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What stood in a field before, and what stands there now; personal data, so never in a fact."""

    field: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedCard:
    """One field of an amendment on record."""

    amendment_id: UUID
    field: str
    was: str
    now: str
    said_by: str
    said_at: datetime | None
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a list of orders is narrowed by."""

    text: str = ""
    state: str = ""
    open_only: bool = False
    held: bool = False
    customer_id: int | None = None
