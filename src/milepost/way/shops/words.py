"""The standard terms of web shops."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from milepost.kernel.refusals import Refusal
from milepost.way.intake.words import Draft


class Kind(StrEnum):
    """What a statement is: the order as it now stands, its end, its return, or only word that it was edited."""

    STANDS = "stands"
    CANCELLED = "cancelled"
    DELETED = "deleted"
    RESTORED = "restored"
    EDITED = "edited"


ENDS = (Kind.CANCELLED, Kind.DELETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What is written on a delivery, apart from its content. None of it is signed, so nothing is decided by it alone."""

    sender: str = ""
    topic: str = ""
    delivery_id: str = ""
    is_ping: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a shop says of one of its orders, in our words.

    `number` is the shop's id of the order, unique in `namespace`, for life. `said_at` and `rank` put the statements of an
    order into their order, whatever the order of their arrival. `no_order` is why nothing would be made of it (a test order,
    nothing to be shipped); `refusals` are why it cannot be an order as it stands. `line_ids` are the shop's, line by line.
    """

    number: str
    kind: Kind
    said_at: datetime | None
    namespace: str = ""
    rank: int = 0
    draft: Draft | None = None
    line_ids: tuple[str, ...] = ()
    refunded: Decimal = Decimal(0)
    reason_code: str = "customer"
    no_order: Refusal | None = None
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a plug read in one delivery: a statement; or why it says nothing to us; or why it makes no sense."""

    statement: Statement | None = None
    ignored: Refusal | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopOrderCard:
    """How far a shop's order has been followed."""

    source: str
    sender: str
    number: str
    order_id: int | None
    said_at: datetime | None
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Unmade:
    """A change that could not be made by itself: of which field, and why."""

    field: str
    why: str
