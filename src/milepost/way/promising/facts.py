"""What happens to promises."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from milepost.kernel.facts import OrderFact


@dataclass(frozen=True, kw_only=True)
class PromiseMade(OrderFact):
    """The first date given for an order (DEL-2)."""

    says: ClassVar[str] = "Promised for {earliest_on} to {latest_on}"
    promise_id: UUID
    earliest_on: date
    latest_on: date
    latest_at: datetime
    basis: str


@dataclass(frozen=True, kw_only=True)
class PromiseRevised(OrderFact):
    """Another date, with its cause; the earlier ones stay in the ledger (EXC-2)."""

    says: ClassVar[str] = "Promise moved from {was_latest_on} to {latest_on}: {cause}"
    promise_id: UUID
    earliest_on: date
    latest_on: date
    latest_at: datetime
    was_latest_on: date
    cause: str
    basis: str
