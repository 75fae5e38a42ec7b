"""What happens to order requests."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from milepost.kernel.facts import OrderFact


@dataclass(frozen=True, kw_only=True)
class OrderReceived(OrderFact):
    """A request arrived, was kept as it came, and has its reference for life (REC-1, REC-2)."""

    says: ClassVar[str] = "Order received"
    opens: ClassVar[bool] = True
    reference: str
    request_id: UUID
    digest: str


@dataclass(frozen=True, kw_only=True)
class OrderVerified(OrderFact):
    """Every check of the procedure was made (VER-1)."""

    says: ClassVar[str] = "Order verified: {findings} findings, {blocking} blocking"
    findings: int
    blocking: int


@dataclass(frozen=True, kw_only=True)
class FindingSettled(OrderFact):
    """A discrepancy was clarified with the customer (VER-3)."""

    says: ClassVar[str] = "Settled: {field}"
    finding_id: UUID
    field: str
