"""The words of cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class CaseKind(StrEnum):
    """What a case is about."""

    DELAY = "delay"
    LOST = "lost"
    RETURN = "return"


class FoundBy(StrEnum):
    """Who found it."""

    CARRIER = "carrier"
    CLOCK = "clock"
    STAFF = "staff"
    SUPPLY = "supply"


class Sign(StrEnum):
    """The sign by which a delay was found, in a form fit for analysis (EXC-3). What each means stands in the procedure."""

    DISPATCH_NOT_SCANNED = "dispatch_not_scanned"
    LABEL_NEVER_ACTIVATED = "label_never_activated"
    STALLED = "stalled"
    PREDICTED_MISS = "predicted_miss"
    CARRIER_EXCEPTION = "carrier_exception"
    CUSTOMS = "customs"
    PAST_PROMISE = "past_promise"
    SUPPLY = "supply"
    REPORTED = "reported"


STATED = frozenset({Sign.CARRIER_EXCEPTION, Sign.CUSTOMS})
"""The signs that carriers give themselves."""
NOTICED = frozenset({Sign.DISPATCH_NOT_SCANNED, Sign.LABEL_NEVER_ACTIVATED, Sign.STALLED, Sign.PREDICTED_MISS})
"""The signs that the clock finds in what carriers do not say."""


class Outcome(StrEnum):
    """How a case ended. *moving_again*: there is news, and the date that was told last stands."""

    DELIVERED = "delivered"
    BACK_IN_TIME = "back_in_time"
    MOVING_AGAIN = "moving_again"
    CANCELLED = "cancelled"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayDraft:
    """A delay as staff report it: its cause (a tracking cause) and, if known, the new date."""

    order_id: int
    cause: str
    new_latest_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be thought of an order's delay now: its cause, the new range of dates with its confidence, and by which sign."""

    cause: str
    new_latest_on: date
    new_earliest_on: date | None = None
    confidence: int | None = None
    sign: Sign = Sign.REPORTED
    parcel_id: int | None = None


@dataclass(frozen=True, slots=True)
class Swept:
    """How many orders a sweep found, and the promise (its end, its order) after which the next goes on; None when it is through."""

    found: int
    after: tuple[datetime, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One line of the analysis of delays: how often a cause was found by a sign, and what came of it (EXC-3).

    `moved` of them moved the promise, by so many days together; `open` are not over.
    """

    cause: str
    sign: Sign
    found: int
    moved: int
    days: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """A case as other rooms and faces see it."""

    id: UUID
    order_id: int
    kind: CaseKind
    cause: str
    found_by: FoundBy
    found_at: datetime
    due_was: date | None
    new_latest_on: date | None
    note: str
    resolved_at: datetime | None
    outcome: Outcome | None
    sign: Sign | None = None
    new_earliest_on: date | None = None
    confidence: int | None = None
    parcel_id: int | None = None

    @property
    def moves_the_date(self) -> bool:
        """Whether the promise is later by it; else somebody looks after it, and the customer's date stands."""
        return self.due_was is not None and self.new_latest_on is not None and self.new_latest_on > self.due_was


class Choice(StrEnum):
    """What a customer may choose for a line that is short (STK-2)."""

    WAIT = "wait"
    SHIP_REST = "ship_rest"
    SUBSTITUTE = "substitute"
    CANCEL = "cancel"


class OfferState(StrEnum):
    """Where an offer stands. *lapsed*: nobody answered, so what was stated was done. *closed*: there is nothing left to choose."""

    OPEN = "open"
    ANSWERED = "answered"
    LAPSED = "lapsed"
    CLOSED = "closed"


class Closed(StrEnum):
    """Why there is nothing left to choose."""

    NONE = ""
    STOCK_CAME = "stock_came"
    RENEWED = "renewed"
    AMENDED = "amended"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """An item that may be taken instead, at the price at which it is offered. `held`: enough of it is kept aside."""

    item_id: int
    code: str
    name: str
    unit: str
    unit_price: Decimal
    difference: Decimal
    rank: int
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChoice:
    """What is chosen for a line; for a substitute which item."""

    choice: Choice
    item_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """A line that was short when the offer was made, what stands in for it, and what was chosen.

    `carried` is the quantity for which the choice was carried out; None when by then nothing was short any more.
    """

    position: int
    item_id: int
    code: str
    name: str
    unit: str
    quantity: Decimal
    expected_on: date | None
    stand_ins: tuple[StandIn, ...] = ()
    chosen: LineChoice | None = None
    carried: Decimal | None = None

    @property
    def taken(self) -> StandIn | None:
        """The item that was chosen instead."""
        wanted = self.chosen.item_id if self.chosen else None
        return next((one for one in self.stand_ins if one.item_id == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """An offer as others read it; `said_by` is who said the answer when somebody else wrote it down."""

    id: UUID
    order_id: int
    state: OfferState
    default: Choice
    made_at: datetime
    deadline_at: datetime
    settled_at: datetime | None
    actor: str
    channel: str
    said_by: str
    said_at: datetime | None
    closed_because: Closed
    currency: str
    lines: tuple[OfferLine, ...]

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be answered."""
        return self.state is OfferState.OPEN and now <= self.deadline_at


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswer:
    """A customer's answer to an offer: a choice for each line that is still short."""

    order_id: int
    offer_id: UUID
    choices: Mapping[int, LineChoice] = field(default_factory=dict)
    said_by: str = ""
    said_at: datetime | None = None
