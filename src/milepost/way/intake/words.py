"""The standard terms of order requests: drafts, findings and receipts."""

from collections.abc import Mapping, Sequence
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
    OPEN = "open"
    DISCARDED = "discarded"


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
    CREDIT = "credit"
    VALUE = "value"


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


class ContactKind(StrEnum):
    """Who else is named on an order: whom the goods go to, and those who want to know how it stands."""

    RECIPIENT = "recipient"
    STAKEHOLDER = "stakeholder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody else on an order, besides who ordered: they hear of it by their own address, in their own language."""

    kind: ContactKind
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalCard:
    """What an order was asked with, as it came: its form and size; `document` is the arrival that brought it, where one did."""

    channel: str
    content_type: str
    size: int
    received_at: datetime
    document: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """One line as it was asked for. Item, name, list price and usual quantity are filled from the catalogue at receipt.

    `price` is what one costs, after the `discount` that the sender says was taken off it.
    """

    code: str
    quantity: Decimal
    price: Decimal | None = None
    unit: str = ""
    instructions: str = ""
    item_id: int = 0
    name: str = ""
    list_price: Decimal = Decimal(0)
    usual_max: Decimal | None = None
    discount: Decimal = Decimal(0)

    @property
    def before_discount(self) -> Decimal:
        """The price of one before what was taken off it; comparable with the list."""
        return (self.price or Decimal(0)) + self.discount


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
    tax: Decimal = Decimal(0)
    charges: Decimal = Decimal(0)
    instructions: str = ""
    service: str = ""
    zone: str = ""
    promised: StatedPromise | None = None
    customer_id: int = 0
    contacts: tuple[Contact, ...] = ()

    @property
    def items_total(self) -> Decimal:
        """Sum of the lines, each to the cent."""
        cents = Decimal("0.01")
        return sum(((line.quantity * (line.price or Decimal(0))).quantize(cents) for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What is to be paid: goods, freight, tax that is not within the prices, and other charges or credits."""
        return self.items_total + self.freight + self.tax + self.charges


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One order request as it arrived: the raw original beside what was read from it (REC-1).

    `arrived_at` is when the original reached us, where that was earlier than now, and `arrival_id` where it is kept.
    `numbers` are, line by line, all numbers of ours, of makers and of trade by which a document names an item; `their_numbers` the
    sender's own, which mean an item of ours only where a person has said so.
    """

    draft: Draft
    raw: bytes
    content_type: str = "application/json"
    sender: str = ""
    index: int = 0
    origins: dict[str, Any] = field(default_factory=dict)
    arrived_at: datetime | None = None
    arrival_id: UUID | None = None
    numbers: tuple[tuple[str, ...], ...] = ()
    their_numbers: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column of a file of orders, and what it says."""

    name: str
    required: bool
    says: str


IGNORED = "-"
"""Stands for a column that was looked at and says nothing to us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a person once said of the files of a sender.

    `columns`: which of our columns each of their headings means, or IGNORED. `numbers`: the decimal mark, "," or ".".
    `days`: the order of day, month and year, "dmy", "mdy" or "ymd". `sheet`: which sheet of a workbook. `whole`: the file as a
    whole is one order, `label` what it is called where it bears no number of its own.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    numbers: str = ""
    days: str = ""
    sheet: str = ""
    whole: bool = False
    label: str = ""


AS_IT_STANDS = Layout()


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutCard:
    """A layout on record: whose files it is for, who said so, when, and which version it is."""

    sender: str
    form: str
    version: int
    layout: Layout
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column of a file as its sender wrote it: `means` what we are sure it is, `maybe` what it may be, best first."""

    text: str
    means: str = ""
    maybe: tuple[str, ...] = ()
    sample: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What only a person can say of a file: `what` is a field of Layout, `choices` the possible answers, `text` what raised it."""

    what: str
    choices: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The envelope of a document: from whom to whom, under which number; `test` when it is only a trial."""

    sender: str
    receiver: str = ""
    number: str = ""
    test: bool = False


TO_BE_MAPPED = frozenset({"column_unknown", "column_missing", "column_twice", "several_sheets", "text_above"})


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
    form: str = ""
    headings: tuple[Heading, ...] = ()
    asks: tuple[Ask, ...] = ()
    exchange: Exchange | None = None

    @property
    def is_to_be_mapped(self) -> bool:
        """Whether a person must say once what the columns mean."""
        return not self.orders and any(one.code in TO_BE_MAPPED for one in self.refusals)


class Response(StrEnum):
    """What a partner is told of their order as a whole."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResponse:
    """What a partner is told of one line: what they get, what of it comes later, and when."""

    position: int
    code: str
    quantity: Decimal
    unit_price: Decimal
    short: Decimal = Decimal(0)
    short_until: date | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderResponse:
    """What a partner is told of their order, in our terms."""

    order_id: int
    reference: str
    response: Response
    currency: str
    lines: tuple[LineResponse, ...] = ()
    deliver_on: date | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a partner is sent in their own form."""

    kind: str
    name: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCard:
    """Where the original of an order came in, and what is needed to answer it in its own form."""

    order_id: int
    arrival_id: UUID
    form: str
    raw: bytes
    asked: tuple[LineDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReceipt:
    """The answer to a document: where it is kept, whether it came before, and what was read in it."""

    arrival_id: UUID
    sheet: OrderSheet
    repeated: bool = False
    refusals: tuple[Refusal, ...] = ()


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
    sender: str = ""
    arrival_id: UUID | None = None

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return 100 if self.finished_at else self.done * 100 // max(self.orders, 1)


@dataclass(frozen=True, slots=True)
class KeptForm:
    """An order that somebody has half typed, field by field as it was typed."""

    id: UUID
    form: dict[str, str]
    kept_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of verification: what was found where, what was expected, and the question to ask (VER-3).

    Without a question it is not for the customer. `confirm`: they may say that it is right as it is; `word_suffices`: that
    settles it. `approver`: the role whose second pair of eyes it takes to release its hold by hand.
    """

    check: str
    code: str = ""
    field: str
    value: str
    expected: str
    question: str
    blocking: bool
    hold: str
    role: str
    confirm: bool = True
    word_suffices: bool = True
    approver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a request: its order and reference, or why it was refused. A repeat is answered as the first was."""

    index: int
    order_id: int = 0
    reference: str = ""
    repeated: bool = False
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
            "contacts": contacts_from_json(data.get("contacts", ())),
            "lines": tuple(_line(line) for line in data["lines"]),
            "freight": Decimal(data["freight"]),
            "tax": Decimal(data.get("tax", 0)),
            "charges": Decimal(data.get("charges", 0)),
            "payment_amount": _decimal(data["payment_amount"]),
            "promised": promised and StatedPromise(
                latest_on=date.fromisoformat(promised["latest_on"]),
                latest_at=promised["latest_at"] and datetime.fromisoformat(promised["latest_at"]),
            ),
        }
    )  # fmt: skip


def contacts_from_json(data: Sequence[dict[str, Any]]) -> tuple[Contact, ...]:
    """The contacts as the database keeps them."""
    return tuple(Contact(**{**one, "kind": ContactKind(one["kind"])}) for one in data)


def _line(data: dict[str, Any]) -> LineDraft:
    return LineDraft(
        **{
            **data,
            "quantity": Decimal(data["quantity"]),
            "price": _decimal(data["price"]),
            "list_price": Decimal(data["list_price"]),
            "usual_max": _decimal(data["usual_max"]),
            "discount": Decimal(data.get("discount", 0)),
        }
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
