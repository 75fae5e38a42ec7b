"""An order as Shopify spells it, in our words.

All amounts are taken in the shop's currency, in which its catalogue is priced and in which all of them agree; what the customer
was charged in another currency is noted with the payment. Every field is optional, as old and new API versions differ.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.refusals import Refusal, Refused
from milepost.plugs.shops.amounts import balanced, cents
from milepost.plugs.shops.drafts import (
    FULFILLED,
    NOTHING_TO_SHIP,
    TEST_ORDER,
    currency_of,
    language_of,
    name_of,
    service_of,
    without_code,
)
from milepost.plugs.shops.places import country_of, region_of
from milepost.plugs.shops.shopify.lines import Line, lines_of, money, named
from milepost.plugs.shops.values import NOT_AN_ORDER, Values
from milepost.way.intake.words import Address, Draft, LineDraft
from milepost.way.shops.words import Kind, Statement

UNPAID = ("pending", "partially_paid", "voided", "expired", "unpaid")
"""States of payment in which nothing is sent. Authorised money is as good as paid: it is collected when the goods leave."""
REASONS = {"customer": "customer_request", "inventory": "out_of_stock", "fraud": "fraud", "declined": "payment_failed"}


def statement(order: Values, *, rank: int, received_at: datetime) -> Statement:
    """What the order says. Refuses `not_an_order`, and `bad_value` for the first field that makes no sense."""
    number = number_of(order)
    lines = lines_of(order)
    to_ship = [line for line in lines if line.ships and line.quantity > 0]
    ended = order.has("cancelled_at") or (bool(lines) and all(line.quantity <= 0 for line in lines))
    return Statement(
        number=number, kind=Kind.CANCELLED if ended else Kind.STANDS,
        said_at=order.instant("updated_at", "created_at") or received_at, rank=rank, draft=_draft(order, lines, to_ship),
        line_ids=tuple(line.id for line in to_ship), refunded=_paid_back(order),
        reason_code=REASONS.get(order.text("cancel_reason").lower(), "other"), no_order=_no_order(order, lines, to_ship),
        refusals=tuple(without_code(line.title, place) for place, line in enumerate(to_ship) if not line.code),
    )  # fmt: skip


def number_of(order: Values) -> str:
    """Shopify's number of the order, for life; the last part where it is written as an address. Refuses `not_an_order`."""
    number = order.text("id", "admin_graphql_api_id", limit=80).rpartition("/")[2].partition("?")[0]
    if not number:
        raise Refused(NOT_AN_ORDER)
    return number


def _no_order(order: Values, lines: Sequence[Line], to_ship: Sequence[Line]) -> Refusal | None:
    if order.is_true("test"):
        return TEST_ORDER
    if lines and not to_ship:
        return NOTHING_TO_SHIP
    return FULFILLED if order.text("fulfillment_status").lower() == "fulfilled" else None


def _draft(order: Values, lines: Sequence[Line], to_ship: Sequence[Line]) -> Draft:
    total = _total(order)
    paperless = sum((line.amount for line in lines if not line.ships and line.quantity > 0), Decimal(0))
    draft = Draft(
        customer=_customer(order), ship_to=_address(order.part("shipping_address")), lines=tuple(map(_line, to_ship)),
        currency=currency_of(order), external_ref=order.text("name", "order_number", "id", limit=80),
        po_number=order.text("po_number", limit=80), payment_reference=_payment(order), payment_amount=total,
        payment_pending=order.text("financial_status").lower() in UNPAID, freight=cents(_freight(order)), tax=_tax(order),
        charges=cents(paperless + _fees(order)), instructions=_instructions(order), service=_service(order),
    )  # fmt: skip
    return balanced(draft, total, [money(order, "total_tip_received"), -_unallocated(order, lines)])


def _line(line: Line) -> LineDraft:
    return LineDraft(
        code=line.code, quantity=line.quantity, price=max(line.price, Decimal(0)), discount=line.discount,
        instructions=line.instructions, name=line.title,
    )  # fmt: skip


def _total(order: Values) -> Decimal | None:
    """What is to be paid for what is left of the order; the plain total where no version says what is left."""
    edited = any(one.has("current_quantity") for one in order.parts("line_items"))
    name = "current_total_price" if edited and _says(order, "current_total_price") else "total_price"
    if not _says(order, name):
        return None
    return money(order, name) - (Decimal(0) if edited else _paid_back(order))


def _says(order: Values, name: str) -> bool:
    return order.has(name) or order.has(f"{name}_set")


def _tax(order: Values) -> Decimal:
    """Tax that comes on top of the prices; none where they include it."""
    if order.is_true("taxes_included"):
        return Decimal(0)
    name = "current_total_tax" if _says(order, "current_total_tax") else "total_tax"
    return cents(money(order, name))


def _fees(order: Values) -> Decimal:
    """Duties and other fees of the whole order."""
    names = ("current_total_duties", "current_total_additional_fees")
    former = ("original_total_duties", "original_total_additional_fees")
    return sum(
        (money(order, now if _says(order, now) else was) for now, was in zip(names, former, strict=True)), Decimal(0)
    )


def _freight(order: Values) -> Decimal:
    lines = [line for line in order.parts("shipping_lines") if not line.is_true("is_removed")]
    paid = sum((money(line, "price") - _off(line) for line in lines), Decimal(0))
    return max(paid - _freight_paid_back(order), Decimal(0))


def _off(line: Values) -> Decimal:
    allocated = [money(part, "amount") for part in line.parts("discount_allocations")]
    if allocated or not _says(line, "discounted_price"):
        return sum(allocated, Decimal(0))
    return money(line, "price") - money(line, "discounted_price")


def _freight_paid_back(order: Values) -> Decimal:
    adjustments = [one for refund in order.parts("refunds") for one in refund.parts("order_adjustments")]
    back = [abs(money(one, "amount")) for one in adjustments if one.text("kind").lower() == "shipping_refund"]
    return sum(back, Decimal(0))


def _unallocated(order: Values, lines: Sequence[Line]) -> Decimal:
    """Discounts of the order that no line bears; old versions only list them."""
    on_lines = sum((line.discount * line.quantity for line in lines), Decimal(0))
    on_freight = sum((_off(line) for line in order.parts("shipping_lines")), Decimal(0))
    return max(cents(money(order, "total_discounts") - on_lines - on_freight), Decimal(0))


def _paid_back(order: Values) -> Decimal:
    made = [one for refund in order.parts("refunds") for one in refund.parts("transactions")]
    good = [
        one for one in made if one.text("kind").lower() == "refund" and one.text("status").lower() in ("success", "")
    ]
    return sum((money(one, "amount") for one in good), Decimal(0))


def _customer(order: Values) -> CustomerDraft:
    person, billing, shipping = (order.part(name) for name in ("customer", "billing_address", "shipping_address"))
    number = person.text("id", limit=60).rpartition("/")[2]
    return CustomerDraft(
        external_ref=f"shopify:{number}" if number else "",
        name=name_of(person) or name_of(billing) or name_of(shipping),
        email=order.text("email", "contact_email", limit=254) or person.text("email", limit=254),
        phone=next(filter(None, (one.text("phone", limit=40) for one in (order, shipping, person, billing))), ""),
        language=language_of(order.text("customer_locale")),
    )  # fmt: skip


def _address(said: Values) -> Address:
    country = country_of(said.text("country_code"), said.text("country", limit=80))
    return Address(
        name=name_of(said), company=said.text("company", limit=200),
        street="\n".join(filter(None, (said.text("address1", limit=200), said.text("address2", limit=200)))),
        postal_code=said.text("zip", limit=40), city=said.text("city", limit=200),
        region=region_of(country, said.text("province_code", limit=40), said.text("province", limit=200)), country=country,
    )  # fmt: skip


def _payment(order: Values) -> str:
    """How it was paid, and what the customer was charged where that was in another currency."""
    parts = [", ".join(order.list_of_texts("payment_gateway_names")) or order.text("gateway")]
    parts += [order.text("confirmation_number")]
    charged = order.part("total_price_set").part("presentment_money")
    currency = charged.text("currency_code", limit=3)
    if currency and currency != currency_of(order):
        parts.append(f"charged {charged.amount('amount')} {currency}")
    return " · ".join(filter(None, parts))[:120]


def _instructions(order: Values) -> str:
    return "\n".join(filter(None, (order.text("note"), named(order.pairs("note_attributes")))))


def _service(order: Values) -> str:
    return next(_services(order), "")


def _services(order: Values) -> Iterator[str]:
    for line in order.parts("shipping_lines"):
        if not line.is_true("is_removed"):
            yield service_of(line.text("title", "code", limit=40))
