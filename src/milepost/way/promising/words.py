"""The standard terms of promises."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Basis(StrEnum):
    """What a promise rests on."""

    STOCK = "stock"
    BACKORDER = "backorder"
    STATED = "stated"
    CARRIER = "carrier"
    JUDGEMENT = "judgement"


class Cause(StrEnum):
    """Why a promise was revised, in words fit for counting (EXC-3)."""

    NONE = ""
    WEATHER = "weather"
    CARRIER = "carrier"
    CUSTOMS = "customs"
    ADDRESS = "address"
    SUPPLY = "supply"
    WAREHOUSE = "warehouse"
    CONSIGNEE = "consignee"
    SECURITY = "security"
    STOCK_ARRIVED = "stock_arrived"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Calendar days at the recipient's place, both included; `latest_at` is the instant after which it is late."""

    earliest_on: date
    latest_on: date
    latest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPromise:
    """An order that needs a promise. `supply_on`: the day on which what it is short of comes, if that is known."""

    order_id: int
    service: str
    zone: str
    short: bool
    country: str = ""
    supply_on: date | None = None
    stated_on: date | None = None
    stated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A new date with its cause; `latest_on` in the recipient's calendar. `confidence` in percent, if anybody reckoned it."""

    order_id: int
    latest_on: date
    cause: Cause
    basis: Basis = Basis.JUDGEMENT
    earliest_on: date | None = None
    confidence: int | None = None
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCard:
    """One row of the ledger as others read it."""

    id: UUID
    order_id: int
    sequence: int
    earliest_on: date
    latest_on: date
    latest_at: datetime
    basis: str
    cause: str
    explanation: str
    made_at: datetime
    confidence: int = 90


@dataclass(frozen=True, slots=True)
class Standing:
    """The first promise and the one that stands now; on-time is measured against each separately (KPI-2)."""

    first: PromiseCard
    now: PromiseCard

    @property
    def revised(self) -> bool:
        """Whether the customer was told another date since."""
        return self.first.id != self.now.id
