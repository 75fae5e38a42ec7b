"""What happens to items."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from milepost.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ItemListed(Fact):
    """An item can be ordered, or what is said of it has changed."""

    stream: ClassVar[str] = "item"
    says: ClassVar[str] = "Item {code} listed at {price} {currency}"
    item_id: int
    code: str
    price: Decimal
    currency: str
    active: bool

    @property
    def stream_id(self) -> int:
        return self.item_id
