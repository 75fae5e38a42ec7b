"""What happens next and when, in one statement: the first thing that a customer wants to know (INQ-4). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from milepost.way.orders.words import State
from milepost.way.promising.words import PromiseCard
from milepost.way.tracking.words import Stage


class Outlook(StrEnum):
    """What is to be said; the sentence of each stands in `templates/portal/outlook.html`."""

    CANCELLED = "cancelled"
    OVER = "over"
    DELIVERED = "delivered"
    PARTLY_DELIVERED = "partly_delivered"
    LOST = "lost"
    COMING_BACK = "coming_back"
    PICK_UP = "pick_up"
    MISSED = "missed"
    TODAY = "today"
    OUT = "out"
    DELAYED = "delayed"
    OVERDUE = "overdue"
    PARTLY_ON_THE_WAY = "partly_on_the_way"
    ON_THE_WAY = "on_the_way"
    PACKED = "packed"
    WAITING_FOR_STOCK = "waiting_for_stock"
    PREPARING = "preparing"
    CHECKING = "checking"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the outlook rests on. `out_on` is the local day on which a parcel went out for delivery, `has_rest` that
    not everything has left the house."""

    state: str
    today: date
    now: datetime
    promise: PromiseCard | None = None
    parcels: Sequence[Stage] = ()
    out_on: date | None = None
    has_hold: bool = False
    waits_for_stock: bool = False
    is_delayed: bool = False
    has_rest: bool = False


def outlook(known: Known) -> Outlook:
    """The one thing to say: how it ended, else what needs the customer, else trouble, else the way's next step."""
    return _ended(known) or _needs_somebody(known) or _is_late(known) or _next_step(known)


def _ended(known: Known) -> Outlook | None:
    if known.state == State.CANCELLED:
        return Outlook.CANCELLED
    if known.state in (State.COMPLETED, State.CLOSED):
        return Outlook.OVER
    return Outlook.DELIVERED if known.state == State.DELIVERED else None


def _needs_somebody(known: Known) -> Outlook | None:
    """What one parcel needs comes before what all the others do."""
    for stage, said in (
        (Stage.LOST, Outlook.LOST), (Stage.RETURNED, Outlook.COMING_BACK), (Stage.RETURNING, Outlook.COMING_BACK),
        (Stage.READY_FOR_PICKUP, Outlook.PICK_UP), (Stage.ATTEMPT_FAILED, Outlook.MISSED),
    ):  # fmt: skip
        if stage in known.parcels:
            return said
    if Stage.OUT_FOR_DELIVERY in known.parcels:
        return Outlook.TODAY if known.out_on == known.today else Outlook.OUT
    return None


def _is_late(known: Known) -> Outlook | None:
    if known.promise is not None and known.now > known.promise.latest_at:
        return Outlook.OVERDUE
    return Outlook.DELAYED if known.is_delayed else None


def _next_step(known: Known) -> Outlook:
    if known.state == State.RECEIVED:
        return Outlook.CHECKING if known.has_hold else Outlook.RECEIVED
    if Stage.DELIVERED in known.parcels:
        return Outlook.PARTLY_DELIVERED
    if known.parcels:
        return Outlook.PARTLY_ON_THE_WAY if known.has_rest else Outlook.ON_THE_WAY
    if known.waits_for_stock:
        return Outlook.WAITING_FOR_STOCK
    return Outlook.PACKED if known.state == State.PACKED else Outlook.PREPARING
