"""The words of fulfilment: what is packed, what is shipped, and what stands on a delivery note."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

OWN_CARRIER = "own"
"""The carrier's code of our own drivers: their parcels bear our own tracking numbers."""


class State(StrEnum):
    """Where a shipment is. Forwards by our verbs until it is handed over, then as its parcels' events say."""

    PACKED = "packed"
    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"


class Reached(StrEnum):
    """How far a shipment came on its way to the customer; what its order's stage follows. In the order of the way."""

    PACKED = "packed"
    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedLine:
    """`quantity` of an order's line `position` lies in a parcel."""

    position: int
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedLine:
    """A line of an order that shall be `quantity` from now on, perhaps of another item."""

    order_id: int
    position: int
    quantity: Decimal
    other_item: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelDraft:
    """One box: its lines (none: whatever is left of the order) and its weight in grams, if weighed."""

    lines: tuple[PackedLine, ...] = ()
    weight_grams: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """Parcels of one order that travel together; by default one box with everything that is left."""

    order_id: int
    parcels: tuple[ParcelDraft, ...] = (ParcelDraft(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipping:
    """Hand a shipment (or everything of an order that is not yet handed over) to a carrier.

    `tracking_numbers` are the carrier's, one a parcel in the order of the parcels; without them, and always for our own
    drivers, each parcel gets a number of ours in UPU S10 form. With numbers and an empty `carrier`, the carrier is told by its
    numbers. `numbers_confirmed`: somebody looked again at a number whose check digit seemed wrong.
    """

    order_id: int
    shipment_id: int | None = None
    carrier: str = OWN_CARRIER
    service: str = ""
    tracking_numbers: tuple[str, ...] = ()
    numbers_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCorrection:
    """What really stands on the label of a parcel that was handed over. What is empty stays as it is.

    The carrier that a person names here is remembered: numbers of this shape are taken for that carrier's from now on.
    """

    parcel_id: int
    carrier: str = ""
    tracking_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelNews:
    """What tracking knows of one parcel: its stage, how far it came, and when it was delivered."""

    parcel_id: int
    shipment_id: int
    order_id: int
    state: State
    reached: Reached
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelCard:
    """A parcel as other rooms and faces see it. `lines` are (position, code, quantity)."""

    id: int
    order_id: int
    shipment_id: int
    number: int
    carrier: str
    tracking_number: str
    weight_grams: int | None
    shipped_at: datetime | None
    lines: tuple[tuple[int, str, Decimal], ...] = ()


class Borne(NamedTuple):
    """A parcel that was handed over, as its carrier knows it."""

    parcel_id: int
    shipment_id: int
    order_id: int
    carrier: str
    tracking_number: str
    shipped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingLink:
    """The carrier's page of a parcel."""

    parcel_id: int
    order_id: int
    carrier: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentCard:
    """A shipment with its parcels."""

    id: int
    order_id: int
    number: int
    state: State
    reached: Reached
    carrier: str
    service: str
    complete: bool
    packed_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    parcels: tuple[ParcelCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCard:
    """How far the warehouse is with an order."""

    order_id: int
    released_at: datetime
    picked_at: datetime | None
    packed_at: datetime | None
    shipped_at: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """One line of a delivery note."""

    position: int
    code: str
    name: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryNote:
    """What a delivery note says. `sender` are the brand's lines, `ship_to` the recipient's, both as printed."""

    reference: str
    number: int
    issued_on: date
    sender: tuple[str, ...]
    ship_to: tuple[str, ...]
    lines: tuple[NoteLine, ...]
    parcels: tuple[str, ...]
    carrier: str
    weight_grams: int | None
    instructions: str = ""
    contact: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    right_to_left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedLine:
    """One line of an order confirmation, in finished words."""

    code: str
    name: str
    quantity: str
    price: str
    total: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderConfirmation:
    """What an order confirmation on paper says, all of it in finished words of one language. `sums` are (label, sum), the last of
    them the total; `dates` are (label, date)."""

    reference: str
    language: str
    right_to_left: bool
    sender: tuple[str, ...]
    ship_to: tuple[str, ...]
    dates: tuple[tuple[str, str], ...]
    lines: tuple[ConfirmedLine, ...]
    sums: tuple[tuple[str, str], ...]
    contact: str
    labels: Mapping[str, str] = field(default_factory=dict)


def tidy_number(number: str) -> str:
    """A tracking number as it is kept and compared: capitals and digits, no spaces, dashes or dots."""
    return number.upper().translate(_NOT_COMPARED)


_NOT_COMPARED = str.maketrans("", "", " -–.\u00a0\t")
