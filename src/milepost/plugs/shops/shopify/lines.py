"""The lines of Shopify's orders: what is still ordered of each, at which price after discounts, and whether it is shipped."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from milepost.plugs.shops.amounts import each, fine
from milepost.plugs.shops.values import Values

CANCELLING = ("cancel", "no_restock", "legacy_restock", "")
"""Kinds of refunded lines that are no longer to be sent; what was returned had been sent."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `price` is what one costs, `discount` what was taken off it."""

    id: str
    code: str
    title: str
    quantity: Decimal
    price: Decimal
    discount: Decimal
    instructions: str
    ships: bool

    @property
    def amount(self) -> Decimal:
        """What the line costs."""
        return self.quantity * self.price


def lines_of(order: Values) -> list[Line]:
    """The lines of an order, those of which nothing is left included. Refuses `bad_value`."""
    refunded = _refunded(order)
    return [_line(one, refunded) for one in order.parts("line_items")]


def _line(one: Values, refunded: Counter[str]) -> Line:
    ordered, number = one.amount("quantity"), one.text("id", limit=80)
    left = one.number("current_quantity")
    full, off = money(one, "price"), _discount(one)
    discount = each(off, ordered)
    return Line(
        id=number or one.place, code=one.text("sku", limit=80), title=one.text("title", "name", limit=200),
        quantity=ordered - refunded[number] if left is None else left, price=fine(full - discount), discount=discount,
        instructions=_wishes(one), ships=_ships(one),
    )  # fmt: skip


def _discount(one: Values) -> Decimal:
    """All that was taken off a line: as allocated, of the whole order's discounts too, or the line's own in old versions."""
    allocated = [money(part, "amount") for part in one.parts("discount_allocations")]
    return sum(allocated, Decimal(0)) if allocated else money(one, "total_discount")


def _refunded(order: Values) -> Counter[str]:
    """How many of each line were refunded without having been sent, for versions that do not say what is left."""
    found: Counter[str] = Counter()
    for refund in order.parts("refunds"):
        for one in refund.parts("refund_line_items"):
            if one.text("restock_type").lower() in CANCELLING:
                found[one.text("line_item_id", limit=80)] += int(one.amount("quantity"))
    return found


def _ships(one: Values) -> bool:
    """Whether it goes into a parcel. A tip stands among the lines of some versions."""
    is_tip = one.has("tip_payment_gateway") or one.has("tip_payment_method") or one.has("tip")
    return one.said.get("requires_shipping") is not False and not one.is_true("gift_card") and not is_tip


def _wishes(one: Values) -> str:
    """What the customer wants of a line, such as an engraving; names that begin with _ are the theme's own."""
    return named(one.pairs("properties"))


def named(pairs: Iterable[Values]) -> str:
    """Names and values, one a line, without those that are meant for machines."""
    said = [(pair.text("name", "key", limit=200), pair.text("value", limit=1000)) for pair in pairs]
    return "\n".join(f"{name}: {value}" for name, value in said if name and value and not name.startswith("_"))


def money(one: Values, name: str) -> Decimal:
    """An amount in the shop's currency, from the plain field or, where only that is sent, from the set of both currencies."""
    if not one.has(name) and one.has(f"{name}_set"):
        return one.part(f"{name}_set").part("shop_money").amount("amount")
    return one.amount(name)
