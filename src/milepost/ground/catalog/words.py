"""What other rooms say and hear about items."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """An item to be listed. `usual_max` is the quantity above which an order is looked at; `lead_days` the days until
    its supplier delivers."""

    code: str
    name: str
    price: Decimal
    currency: str
    unit: str = "piece"
    active: bool = True
    usual_max: Decimal | None = None
    weight_grams: int | None = None
    lead_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCard(ItemDraft):
    """An item as it is listed."""

    id: int
