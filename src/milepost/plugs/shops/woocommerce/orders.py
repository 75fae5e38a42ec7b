"""An order as WooCommerce spells it, in our words.

Its amounts are always without tax, whatever the customer saw: `prices_include_tax` says whether prices, freight and fees were
agreed with their tax, and then they are taken so, for that is how its catalogue is priced.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import unescape

from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.refusals import Refusal, Refused
from milepost.plugs.shops.amounts import balanced, cents, each
from milepost.plugs.shops.drafts import FULFILLED, NOTHING_TO_SHIP, currency_of, name_of, service_of, without_code
from milepost.plugs.shops.places import country_of, region_of
from milepost.plugs.shops.values import NOT_AN_ORDER, Values
from milepost.plugs.shops.woocommerce.states import state_name
from milepost.way.intake.words import Address, Draft, LineDraft
from milepost.way.shops.words import Kind, Statement

NOT_YET = ("checkout-draft", "auto-draft", "draft", "new")
UNPAID = ("pending", "on-hold", "failed")
ENDED = {"cancelled": "customer_request", "trash": "other", "refunded": "other"}
DRAFT_ORDER = Refusal(code="not_yet_ordered", says="The customer has not placed it yet: it is a draft of the shop.")
_PO_NUMBER = re.compile(r"_?(billing_|order_|wc_)*(po|purchase_order)(_?(number|no|num))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    id: str
    draft: LineDraft
    title: str


def number_of(order: Values) -> str:
    """The shop's number of the order, for life. Refuses `not_an_order`."""
    number = order.text("id", limit=80)
    if not number:
        raise Refused(NOT_AN_ORDER)
    return number


def statement(order: Values, *, namespace: str, rank: int, received_at: datetime) -> Statement:
    """What the order says. Refuses `not_an_order`, and `bad_value` for the first field that makes no sense."""
    number, status = number_of(order), order.text("status", limit=40).casefold().removeprefix("wc-")
    if not status:
        raise Refused(NOT_AN_ORDER)
    lines = [one for one in _lines(order) if one.draft.quantity > 0]
    return Statement(
        number=number, namespace=namespace, kind=Kind.CANCELLED if status in ENDED else Kind.STANDS, rank=rank,
        said_at=order.instant("date_modified_gmt", "date_created_gmt") or received_at,
        draft=_draft(order, namespace, status, lines), line_ids=tuple(one.id for one in lines), refunded=_refunded(order),
        reason_code=ENDED.get(status, "other"),
        no_order=_no_order(order, status),
        refusals=tuple(without_code(one.title, place) for place, one in enumerate(lines) if not one.draft.code),
    )  # fmt: skip


def _no_order(order: Values, status: str) -> Refusal | None:
    if status in NOT_YET:
        return DRAFT_ORDER
    if order.said.get("needs_processing") is False:
        return NOTHING_TO_SHIP
    return FULFILLED if status == "completed" else None


def _draft(order: Values, namespace: str, status: str, lines: Sequence[_Line]) -> Draft:
    gross = order.is_true("prices_include_tax")
    fees = sum((_with_tax(one, "total", "total_tax", gross) for one in order.parts("fee_lines")), Decimal(0))
    total = order.number("total")
    draft = Draft(
        customer=_customer(order, namespace), ship_to=_address(order.part("shipping")), lines=tuple(one.draft for one in lines),
        currency=currency_of(order), external_ref=order.text("number", "id", limit=80), po_number=_po_number(order),
        payment_reference=_payment(order), payment_amount=None if total is None else total - _refunded(order),
        payment_pending=status in UNPAID, freight=cents(_with_tax(order, "shipping_total", "shipping_tax", gross)),
        tax=Decimal(0) if gross else cents(order.amount("total_tax")), charges=cents(fees),
        instructions=order.text("customer_note"), service=_service(order),
    )  # fmt: skip
    return balanced(draft, total)


def _with_tax(one: Values, net: str, tax: str, gross: bool) -> Decimal:
    return one.amount(net) + (one.amount(tax) if gross else Decimal(0))


def _lines(order: Values) -> list[_Line]:
    gross = order.is_true("prices_include_tax")
    return [_line(one, gross) for one in order.parts("line_items")]


def _line(one: Values, gross: bool) -> _Line:
    """A line with what one costs after its discounts, as agreed."""
    quantity, title = one.amount("quantity"), unescape(one.text("name", limit=200))
    price = each(_with_tax(one, "total", "total_tax", gross), quantity)
    before = each(_with_tax(one, "subtotal", "subtotal_tax", gross), quantity)
    draft = LineDraft(
        code=one.text("sku", limit=80), quantity=quantity, price=max(price, Decimal(0)), name=title,
        discount=max(before - price, Decimal(0)) if one.has("subtotal") else Decimal(0), instructions=_wishes(one),
    )  # fmt: skip
    return _Line(one.text("id", limit=80) or one.place, draft, title)


def _wishes(one: Values) -> str:
    """What the customer wants of a line; what begins with _ or pa_ is the shop's own or part of what is ordered."""
    said = [
        (
            unescape(pair.text("display_key", "key", limit=200)),
            unescape(pair.text("display_value", "value", limit=1000)),
            pair,
        )
        for pair in one.parts("meta_data")
    ]
    own = re.compile(r"_|pa_", re.IGNORECASE)
    return "\n".join(
        f"{key}: {value}" for key, value, pair in said if key and value and not own.match(pair.text("key"))
    )


def _refunded(order: Values) -> Decimal:
    """All that was paid back; the shop says it as negative totals."""
    return sum((abs(one.amount("total")) for one in order.parts("refunds")), Decimal(0))


def _customer(order: Values, namespace: str) -> CustomerDraft:
    billing, shipping, number = order.part("billing"), order.part("shipping"), order.text("customer_id", limit=20)
    return CustomerDraft(
        external_ref=f"woocommerce:{namespace[:60]}:{number}" if number not in ("", "0") else "",
        name=name_of(billing) or name_of(shipping), email=billing.text("email", limit=254) or shipping.text("email", limit=254),
        phone=billing.text("phone", limit=40) or shipping.text("phone", limit=40),
    )  # fmt: skip


def _address(said: Values) -> Address:
    country = country_of(said.text("country", limit=80), "")
    return Address(
        name=name_of(said), company=said.text("company", limit=200),
        street="\n".join(filter(None, (said.text("address_1", limit=200), said.text("address_2", limit=200)))),
        postal_code=said.text("postcode", limit=40), city=said.text("city", limit=200),
        region=region_of(country, state_name(country, said.text("state", limit=80))), country=country,
    )  # fmt: skip


def _po_number(order: Values) -> str:
    """The customer's number, which shops keep among their own fields under several names."""
    found = (one.text("value", limit=80) for one in order.parts("meta_data") if _PO_NUMBER.fullmatch(one.text("key")))
    return next(filter(None, found), "")


def _payment(order: Values) -> str:
    title = unescape(order.text("payment_method_title", "payment_method", limit=80))
    return " · ".join(filter(None, (title, order.text("transaction_id", limit=80))))[:120]


def _service(order: Values) -> str:
    titles = (
        service_of(unescape(one.text("method_title", "method_id", limit=40))) for one in order.parts("shipping_lines")
    )
    return next(titles, "")
