"""The standard terms of order requests: drafts, findings and receipts."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.refusals import Refusal


class RequestState(StrEnum):
    """Where a request stands on its way to being an order."""

    RECEIVED = "received"
    PLACED = "placed"
    REFUSED = "refused"


class Check(StrEnum):
    """What verification looks at (VER-1, VER-2)."""

    COMPLETENESS = "completeness"
    CUSTOMER = "customer"
    ADDRESS = "address"
    CONTACT = "contact"
    PAYMENT = "payment"
    PRICE = "price"
    QUANTITY = "quantity"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address; `country` is ISO 3166-1 alpha-2."""

    name: str = ""
    company: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""

    def lines(self) -> list[str]:
        """As it is written on a parcel, without empty lines."""
        place = " ".join(part for part in (self.postal_code, self.city) if part)
        written = (self.name, self.company, *self.street.splitlines(), place, self.region, self.country)
        return [line for line in written if line]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """One line as it was asked for; the last four fields are filled from the catalogue at receipt."""

    code: str
    quantity: Decimal
    price: Decimal | None = None
    unit: str = ""
    instructions: str = ""
    item_id: int = 0
    name: str = ""
    list_price: Decimal = Decimal(0)
    usual_max: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPromise:
    """A date that the shop told the customer before the order reached us."""

    latest_on: date
    latest_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was asked for, read but not yet agreed (REC-3)."""

    customer: CustomerDraft
    ship_to: Address
    lines: tuple[LineDraft, ...]
    currency: str
    external_ref: str = ""
    po_number: str = ""
    payment_reference: str = ""
    payment_amount: Decimal | None = None
    payment_pending: bool = False
    freight: Decimal = Decimal(0)
    instructions: str = ""
    service: str = ""
    zone: str = ""
    promised: StatedPromise | None = None
    customer_id: int = 0

    @property
    def items_total(self) -> Decimal:
        """Sum of the lines, each to the cent."""
        cents = Decimal("0.01")
        return sum(((line.quantity * (line.price or Decimal(0))).quantize(cents) for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One order request as it arrived: the raw original beside what was read from it (REC-1)."""

    draft: Draft
    raw: bytes
    content_type: str = "application/json"
    sender: str = ""
    index: int = 0
    origins: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column of a file of orders, and what it says."""

    name: str
    required: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSheet:
    """What was read in a file of orders. A refusal's `index` is the line of the file, 0 the file as a whole.

    An order with a refused line is not among `incoming`; with a refusal of the whole, nothing is. `origins["rows"]` of each
    says on which lines it stands.
    """

    incoming: tuple[Incoming, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    orders: int = 0
    rows: int = 0
    columns: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """Why a line of a file became no order; `line` 0 is the file as a whole."""

    line: int
    order: str
    field: str
    code: str
    sentence: str
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCard:
    """A file of orders and how far it has become orders. `orders` counts those that could be read; `done` of them were tried."""

    id: UUID
    name: str
    form: str
    kept_by: str
    kept_at: datetime
    orders: int
    done: int
    placed: int
    finished_at: datetime | None
    refused: tuple[RefusedRow, ...] = ()

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return 100 if self.finished_at else self.done * 100 // max(self.orders, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of verification: what was found where, what was expected, and the question to ask (VER-3)."""

    check: str
    field: str
    value: str
    expected: str
    question: str
    blocking: bool
    hold: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a request: its order and reference, or why it was refused."""

    index: int
    order_id: int = 0
    reference: str = ""
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A request that is ready to be placed."""

    order_id: int
    request_id: UUID
    reference: str
    channel: str
    received_at: datetime
    history: bool
    draft: Draft
    findings: tuple[Finding, ...]


def draft_to_json(draft: Draft) -> str:
    """The draft as JSON text, for the database."""
    return orjson.dumps(draft, default=str).decode()


def draft_from_json(data: dict[str, Any]) -> Draft:
    """The draft behind `draft_to_json`."""
    promised = data["promised"]
    return Draft(
        **{
            **data,
            "customer": CustomerDraft(**data["customer"]),
            "ship_to": Address(**data["ship_to"]),
            "lines": tuple(_line(line) for line in data["lines"]),
            "freight": Decimal(data["freight"]),
            "payment_amount": _decimal(data["payment_amount"]),
            "promised": promised and StatedPromise(
                latest_on=date.fromisoformat(promised["latest_on"]),
                latest_at=promised["latest_at"] and datetime.fromisoformat(promised["latest_at"]),
            ),
        }
    )  # fmt: skip


def _line(data: dict[str, Any]) -> LineDraft:
    return LineDraft(
        **{
            **data,
            "quantity": Decimal(data["quantity"]),
            "price": _decimal(data["price"]),
            "list_price": Decimal(data["list_price"]),
            "usual_max": _decimal(data["usual_max"]),
        }
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
