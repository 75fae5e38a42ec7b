"""Orders as they are sent and as they are answered."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from milepost.faces.api.shapes.terms import (
    Code,
    Country,
    Currency,
    Day,
    Email,
    Instant,
    Language,
    Money,
    Name,
    Number,
    OccurredAt,
    OrderName,
    Prose,
    Quantity,
    Sent,
    Street,
    Told,
    Unit,
    Word,
    Zone,
)  # fmt: skip

MOST_LINES = 1000
MOST_ORDERS = 1000
MOST_CONTACTS = 10

EXAMPLE: dict[str, Any] = {
    "external_ref": "SHOP-10023",
    "customer": {"external_ref": "C-77", "name": "Ada Okafor", "email": "ada@okafor.example", "language": "en"},
    "ship_to": {
        "name": "Ada Okafor", "street": "Kastanienallee 12", "postal_code": "10435", "city": "Berlin", "country": "DE",
    },
    "currency": "EUR",
    "lines": [{"code": "TEA-100", "quantity": 2, "price": "12.50"}, {"code": "CUP-2", "quantity": 1}],
    "freight": "4.90",
    "payment": {"reference": "pay_81J", "amount": "49.80"},
}  # fmt: skip


class CustomerIn(Sent):
    """Who orders. Found again by `external_ref`, else by e-mail."""

    external_ref: Number = ""
    name: Name = ""
    email: Email = ""
    phone: Word = ""
    language: Language = ""
    zone: Zone = ""


class AddressIn(Sent):
    """Where it goes. What is missing for the country opens a hold; nothing is guessed."""

    name: Name = ""
    company: Name = ""
    street: Street = ""
    postal_code: Word = ""
    city: Name = ""
    region: Name = ""
    country: Country


class ContactIn(Sent):
    """Somebody else who hears of the order: the recipient of the goods, or a stakeholder, by e-mail, phone or both."""

    kind: Literal["recipient", "stakeholder"]
    name: Name = ""
    email: Email = ""
    phone: Word = ""
    language: Language = ""


class LineIn(Sent):
    """One line. Without a price the list price counts."""

    code: Code
    quantity: Quantity
    unit: Unit = ""
    price: Money | None = None
    instructions: Prose = ""


class PaymentIn(Sent):
    """How it is paid. `pending` opens a hold until the payment is approved."""

    reference: Annotated[str, Field(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    amount: Money | None = None
    pending: bool = False


class PromiseIn(Sent):
    """What the shop has already told the customer. `latest_at` is the instant after which it is late."""

    latest_on: Day
    latest_at: Instant | None = None


def _agree(promise: PromiseIn) -> PromiseIn:
    at, on = promise.latest_at, promise.latest_on
    if at is not None and abs(at.date() - on) > timedelta(days=2):
        raise PydanticCustomError("dates_disagree", "the instant lies on another day")
    return promise


class OrderIn(Sent):
    """An order as a shop sends it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    external_ref: Number = ""
    customer: CustomerIn
    ship_to: AddressIn
    contacts: Annotated[list[ContactIn], Field(max_length=MOST_CONTACTS)] = []
    currency: Currency
    lines: Annotated[list[LineIn], Field(max_length=MOST_LINES)]
    freight: Money = Decimal(0)
    tax: Money = Decimal(0)
    po_number: Number = ""
    payment: PaymentIn = PaymentIn()
    instructions: Prose = ""
    service: Word = ""
    promised: Annotated[PromiseIn, AfterValidator(_agree)] | None = None
    zone: Zone = ""
    occurred_at: OccurredAt | None = None


class OrdersIn(Sent):
    """Up to 1,000 orders, and what becomes of all when one is refused."""

    orders: Annotated[list[OrderIn], Field(min_length=1, max_length=MOST_ORDERS)]
    on_failure: Annotated[
        Literal["reject_all", "reject_failing"],
        Field(description="`reject_all`: all or none are accepted; `reject_failing`: those without fault are."),
    ] = "reject_all"


class BatchIn(Sent):
    """What is around the orders of a batch; the orders themselves are read one by one."""

    orders: Annotated[list[None], Field(min_length=1, max_length=MOST_ORDERS)]
    on_failure: Literal["reject_all", "reject_failing"] = "reject_all"


class WindowOut(Told):
    """What the customer was promised, both days included, in the recipient's calendar."""

    earliest_on: date
    latest_on: date


class HoldOut(Told):
    """Why the order waits."""

    kind: str
    reason: str


class LinksOut(Told):
    """Where to look: the order here, and the customer's tracking page."""

    self: str
    tracking: str


class PlacedOut(Told):
    """The answer to an order: its reference for life, its state and what was promised."""

    reference: str
    external_ref: str
    state: str
    received_at: datetime
    promise: WindowOut | None
    total: Decimal
    currency: str
    holds: list[HoldOut]
    links: LinksOut


class AcceptedOut(PlacedOut):
    """One order of a batch that was accepted."""

    index: int


class RefusedOut(Told):
    """One reason why one order of a batch was refused."""

    index: int | None
    field: str
    code: str
    sentence: str
    next_step: str


class BatchOut(Told):
    """What became of a batch. A refused order may have several reasons, each in its own entry."""

    accepted: list[AcceptedOut]
    refused: list[RefusedOut]


class StatusOut(Told):
    """Where an order stands."""

    reference: str
    state: str
    received_at: datetime
    delivered_at: datetime | None
    promise: WindowOut | None


class LineOut(Told):
    """One line as it was agreed, and how it stands with stock."""

    position: int
    code: str
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    instructions: str
    cancelled: bool
    allocated: Decimal
    shipped: Decimal
    short: Decimal


class HoldStoryOut(Told):
    """A hold, open or released."""

    kind: str
    reason: str
    role: str
    blocking: bool
    opened_at: datetime
    released_at: datetime | None
    outcome: str


class PromiseOut(Told):
    """One entry of the promise ledger."""

    sequence: int
    earliest_on: date
    latest_on: date
    latest_at: datetime
    basis: str
    cause: str
    made_at: datetime


class ParcelOut(Told):
    """One labelled box and where it is."""

    carrier: str
    tracking_number: str
    shipped_at: datetime | None


class ShipmentOut(Told):
    """Parcels that travel together."""

    number: int
    state: str
    carrier: str
    service: str
    packed_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    parcels: list[ParcelOut]


class OrderCustomerOut(Told):
    """Who ordered, as told with the order."""

    name: str
    email: str
    phone: str
    language: str


class AddressOut(Told):
    """Where it goes."""

    name: str
    company: str
    street: str
    postal_code: str
    city: str
    region: str
    country: str


class ContactOut(Told):
    """Somebody else who hears of the order."""

    kind: str
    name: str
    email: str
    phone: str
    language: str


class OrderOut(Told):
    """An order with all that belongs to it."""

    reference: str
    external_ref: str
    state: str
    channel: str
    history: bool
    customer: OrderCustomerOut
    ship_to: AddressOut
    contacts: list[ContactOut]
    zone: str
    currency: str
    items_total: Decimal
    freight: Decimal
    tax: Decimal
    charges: Decimal
    total: Decimal
    po_number: str
    payment_reference: str
    instructions: str
    service: str
    received_at: datetime
    confirmed_at: datetime | None
    acknowledged_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    lines: list[LineOut]
    holds: list[HoldStoryOut]
    promises: list[PromiseOut]
    shipments: list[ShipmentOut]
    links: LinksOut


class OrderRowOut(Told):
    """An order in a list."""

    reference: str
    external_ref: str
    state: str
    received_at: datetime
    total: Decimal
    currency: str
    delivered_at: datetime | None


class PageOut(Told):
    """A page of orders, newest first; `next` is the cursor of the following page, or null at the end."""

    orders: list[OrderRowOut]
    next: str | None


class FactOut(Told):
    """One fact of an order's story, as a sentence and as data."""

    sequence: int
    kind: str
    sentence: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    channel: str
    reason: str
    data: dict[str, Any]


class StoryOut(Told):
    """All that happened to an order, in its sequence."""

    reference: str
    facts: list[FactOut]


class HoldReleaseIn(Sent):
    """A hold that is settled, with its outcome on record."""

    order: OrderName
    kind: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[a-z_]+$", examples=["payment"])]
    outcome: Annotated[Prose, Field(min_length=1)]
    occurred_at: OccurredAt | None = None


class HoldReleasesIn(Sent):
    """Holds to release: all or none."""

    releases: Annotated[list[HoldReleaseIn], Field(min_length=1, max_length=1000)]


class CancellationIn(Sent):
    """An order that shall not be delivered."""

    order: OrderName
    reason_code: Annotated[
        str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_.-]+$", examples=["customer_request"])
    ]
    occurred_at: OccurredAt | None = None


class CancellationsIn(Sent):
    """Orders to cancel: all or none."""

    cancellations: Annotated[list[CancellationIn], Field(min_length=1, max_length=1000)]


class StateOut(Told):
    """Where one of the named orders stands now."""

    order: str
    reference: str
    state: str


class StatesOut(Told):
    """Where the named orders stand now, in the order in which they were named."""

    orders: list[StateOut]
