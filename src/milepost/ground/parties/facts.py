"""What happens to customers. No fact holds a name or an address."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from milepost.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CustomerFact(Fact):
    """A fact of one customer."""

    stream: ClassVar[str] = "customer"
    says: ClassVar[str] = ""
    customer_id: int

    @property
    def stream_id(self) -> int:
        return self.customer_id


@dataclass(frozen=True, kw_only=True)
class CustomerCorrected(CustomerFact):
    """What we have on record of a customer was put right; which fields, not what they say."""

    says: ClassVar[str] = "Customer's {fields} corrected"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CustomerBlocked(CustomerFact):
    """No order of theirs goes on by itself; the reason is the act's."""

    says: ClassVar[str] = "Customer blocked"


@dataclass(frozen=True, kw_only=True)
class CustomerUnblocked(CustomerFact):
    """They may order again."""

    says: ClassVar[str] = "Customer unblocked"


@dataclass(frozen=True, kw_only=True)
class CreditSet(CustomerFact):
    """How much their open orders may come to was set, or taken away."""

    says: ClassVar[str] = "Credit limit {limit} {currency}"
    limit: Decimal | None
    currency: str
