"""Verification by the shipped procedure, told without a database: what is doubtful is found, with its question."""

import json
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from milepost.ground.catalog.words import ItemCard
from milepost.ground.procedures import defaults
from milepost.ground.procedures.words import CheckRule, FindingWords
from milepost.way.intake import rules
from milepost.way.intake.alike import Like
from milepost.way.intake.questions import is_correctable
from milepost.way.intake.verification import Known, address_problems, email_problem, phone_problem, verify
from milepost.way.intake.words import Address, Draft, Finding, LineDraft
from tests import cast

SHARED = Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[6] / "shared" / "data")
with_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not there")
KETTLE = ItemCard(
    id=1, code=cast.KETTLE, name="Kettle, 1.7 l", unit="piece", price=Decimal("39.90"), currency="EUR", active=True,
    usual_max=Decimal(20), weight_grams=900,
)  # fmt: skip
ITEMS = {cast.KETTLE: KETTLE}
SHIPPED = defaults.book().verification
NOBODY = Known()


def one(**line: object) -> Draft:
    return cast.draft(lines=(LineDraft(code=cast.KETTLE, **{"quantity": Decimal(1), **line}),))


def at(**parts: str) -> Draft:
    return replace(one(), ship_to=replace(cast.BERLIN, **parts))


def found(draft: Draft, known: Known = NOBODY, *, history: bool = False) -> tuple[Finding, ...]:
    return verify(rules.with_catalogue(draft, ITEMS), known, SHIPPED, history=history)


def findings(draft: Draft, known: Known = NOBODY, *, history: bool = False) -> list[tuple[str, str, bool]]:
    return [(f.code, f.field, f.blocking) for f in found(draft, known, history=history)]


def test_a_good_order_raises_nothing() -> None:
    assert findings(one()) == []


@pytest.mark.clause("VER-1")
@pytest.mark.clause("VER-2")
@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (cast.draft(lines=()), [("no_lines", "lines", True)]),
        (at(postal_code="12"), [("invalid", "ship_to.postal_code", True)]),
        (at(city=""), [("missing", "ship_to.city", True)]),
        (at(city="n/a"), [("missing", "ship_to.city", True)]),
        (at(street="--"), [("missing", "ship_to.street", True)]),
        (at(street="Lindenstraße"), [("no_house_number", "ship_to.street", False)]),
        (replace(one(), ship_to=Address(name="Ada Okafor")), [("missing", "ship_to.country", True)]),
        (at(country="XX"), [("invalid", "ship_to.country", True)]),
        (replace(one(), customer=replace(cast.ADA, email="ada@")), [("bad_email", "customer.email", False)]),
        (replace(one(), customer=replace(cast.ADA, email="ada@", phone="")), [("bad_email", "customer.email", True)]),
        (replace(one(), customer=replace(cast.ADA, phone="12")), [("bad_phone", "customer.phone", False)]),
        (replace(one(), customer=replace(cast.ADA, email="", phone="call me")), [("bad_phone", "customer.phone", True)]),
        (replace(one(), customer=replace(cast.ADA, email="", phone="")), [("unreachable", "customer.email", True)]),
        (replace(one(), payment_pending=True), [("pending", "payment", True)]),
        (
            replace(one(), payment_amount=Decimal("40.00"), payment_reference="pi_1"),
            [("other_amount", "payment_amount", False)],
        ),
        (replace(one(), payment_amount=Decimal("44.80")), [("no_reference", "payment_reference", False)]),
        (one(price=Decimal("30.00")), [("other_price", "lines.0.price", True)]),
        (one(quantity=Decimal(21)), [("unusual", "lines.0.quantity", True)]),
        (
            one(quantity=Decimal(20), price=Decimal("1500.00")),
            [("other_price", "lines.0.price", True), ("high_value", "total", True)],
        ),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_found_with_its_field(draft: Draft, expected: list[tuple[str, str, bool]]) -> None:
    assert findings(draft) == expected


def test_a_price_within_tolerance_and_a_usual_quantity_raise_nothing() -> None:
    assert findings(one(price=Decimal("39.00"), quantity=Decimal(20))) == []


def test_a_blocked_customer_and_a_second_order_with_the_same_number_are_found() -> None:
    known = Known(blocked=True, like_orders=(Like("M123-456-789"),))
    assert findings(one(), known) == [("blocked", "customer", True), ("like_order", "po_number", True)]


@pytest.mark.clause("VER-2")
def test_what_differs_from_the_record_is_found_but_does_not_block_and_spelling_does_not_matter() -> None:
    known = Known(on_record={"name": "Ada Okafor", "phone": "+49 30 1111111", "email": "ADA@okafor.example"})
    assert findings(one(), known) == [("other_phone", "customer.phone", False)]
    same = Known(on_record={"name": " ADA  ÓKAFOR", "phone": "030901820", "email": ""})
    assert findings(one(), same) == [("other_phone", "customer.phone", False)]
    assert findings(one(), replace(same, on_record={"name": " ADA  ÓKAFOR", "phone": "+49 (30) 90-18-20"})) == []


def test_history_is_not_held_for_what_was_settled_long_ago_but_an_open_payment_still_blocks() -> None:
    doubtful = replace(one(quantity=Decimal(21)), payment_pending=True)
    assert findings(doubtful, history=True) == [("pending", "payment", True), ("unusual", "lines.0.quantity", False)]


@pytest.mark.clause("VER-2")
def test_open_orders_and_this_one_together_may_reach_a_credit_limit_but_not_pass_it() -> None:
    owed = Known(credit_limit=Decimal(100), credit_currency="EUR", open_total=Decimal("55.20"))
    assert findings(one(), owed) == []
    (over,) = found(one(), replace(owed, open_total=Decimal("55.21")))
    assert (over.code, over.value, over.hold, over.question, over.approver) == (
        "over_limit", "100.01", "credit", "", "management",
    )  # fmt: skip
    assert findings(one(), replace(owed, credit_currency="USD")) == [("other_currency", "currency", True)]
    assert findings(one(), Known(open_total=Decimal(10**6))) == []


@pytest.mark.clause("VER-3")
def test_every_finding_says_what_we_have_what_we_expect_and_asks_in_a_whole_sentence() -> None:
    draft = replace(
        one(quantity=Decimal(21), price=Decimal(30)), customer=replace(cast.ADA, email="", phone="12"),
        ship_to=replace(cast.BERLIN, postal_code="12", city=""),
    )  # fmt: skip
    asked = {f.code: (f.expected, f.question) for f in found(draft, Known(like_orders=(Like("M1"),)))}
    assert asked["unusual"] == (
        "at most 20",
        "You ordered 21 of Kettle, 1.7 l, which is more than usual. Is that the quantity you wish?",
    )
    assert asked["invalid"] == (
        "a postal code as it is written in Germany, such as 26133",
        "Could you check the postal code of your delivery address? We read “12”.",
    )
    assert asked["missing"] == ("a city", "Which city belongs to your delivery address?")
    assert asked["like_order"][0] == "not yet used (see M1)"
    for expected, question in asked.values():
        assert expected
        assert "{" not in question + expected
        assert "…" not in question + expected
        assert question.endswith(("?", "”."))


def test_each_shipped_finding_has_its_words_and_a_question_only_where_the_customer_can_say_something() -> None:
    ours = {
        ("customer", "blocked"), ("payment", "pending"), ("credit", "over_limit"), ("credit", "other_currency"),
        ("value", "high_value"),
    }  # fmt: skip
    silent = {(rule.check, code) for rule in SHIPPED for code, words in rule.words.items() if not words.question}
    assert silent == ours


def test_a_company_says_otherwise_in_its_procedure() -> None:
    rule = CheckRule(
        check="price", blocking=True, hold="price", role="management", thresholds={"percent": Decimal(50)},
        advisory=("other_price",), words={"other_price": FindingWords(expects="about {expected}", question="Really {value}?")},
    )  # fmt: skip
    draft = rules.with_catalogue(one(price=Decimal(10)), ITEMS)
    (finding,) = verify(draft, NOBODY, [rule])
    assert (finding.expected, finding.question, finding.blocking) == ("about 39.90", "Really 10?", False)
    assert verify(rules.with_catalogue(one(price=Decimal(30)), ITEMS), NOBODY, [rule]) == ()


def test_a_rule_without_words_finds_and_asks_nobody() -> None:
    rule = CheckRule(check="quantity", blocking=True, hold="quantity", role="management")
    (finding,) = verify(rules.with_catalogue(one(quantity=Decimal(21)), ITEMS), NOBODY, [rule])
    assert (finding.expected, finding.question, finding.blocking) == ("20", "", True)


def test_what_customers_are_asked_they_can_correct_or_it_is_only_put_on_record() -> None:
    fields = (
        "customer.email",
        "customer.name",
        "ship_to.postal_code",
        "lines.12.quantity",
        "po_number",
        "payment_reference",
    )
    assert all(map(is_correctable, fields))
    assert not any(map(is_correctable, ("payment_amount", "customer", "total", "lines", "lines.0.code", "state")))


@pytest.mark.parametrize(
    ("address", "problems"),
    [
        (("1 Main St", "62701", "Springfield", "IL", "US"), {}),
        (("1 Main St", "62701", "Springfield", "illinois", "US"), {}),
        (("1 Main St", "62701", "Springfield", "US-IL", "US"), {}),
        (("1600 Pennsylvania Ave", "20500", "Washington", "Washington, D.C.", "US"), {}),
        (("1 Main St", "02701", "Springfield", "IL", "US"), {"postal_code": "invalid"}),
        (("1 Main St", "62701", "Springfield", "Atlantis", "US"), {"region": "invalid"}),
        (("5 Linking Road", "400096", "Mumbai", "Mahārāshtra", "IN"), {}),
        (("Rua A 1", "01310-100", "São Paulo", "sao paulo", "BR"), {}),
        (("2 Rue A", "75001", "Paris", "Île-de-France", "FR"), {}),
        (("1 O'Connell Street", "D01 F5P2", "Dublin", "Leinster", "IE"), {}),
        (("Keizersgracht 1", "1015cj", "Amsterdam", "", "NL"), {}),
        (("64 Melbourne Road", "e10 7hf", "London", "", "GB"), {}),
        (("64 Melbourne Road", "E10", "London", "", "GB"), {"postal_code": "invalid"}),
        (("1 Queen's Road", "", "", "Hong Kong Island", "HK"), {}),
        (("99 West Lujiazui Road", "200120", "Somewhere", "Shanghai", "CN"), {"city": "unknown_place"}),
    ],
)
def test_addresses_are_checked_as_their_country_writes_them(address: tuple[str, ...], problems: dict[str, str]) -> None:
    parts = dict(zip(("street", "postal_code", "city", "region", "country"), address, strict=True))
    assert address_problems(Address(**parts)) == problems


@with_data
@pytest.mark.clause("VER-1")
def test_real_places_of_the_world_raise_nothing_when_all_is_there_and_something_when_a_part_is_not() -> None:
    whole = [a for a in _places() if a.street and a.city and a.postal_code]
    assert len(whole) > 20
    wrong = {a.lines()[0]: problems for a in whole if (problems := address_problems(a))}
    assert len(wrong) <= len(whole) // 8, wrong
    for address in whole:
        for part in ("street", "postal_code"):
            if part == "postal_code" and address.country in ("IE", "HK"):
                continue
            assert address_problems(replace(address, **{part: ""})).get(part) == "missing", address


def _places() -> list[Address]:
    cases = json.loads((SHARED / "addresses/world/opencage-testcases.json").read_text())
    return [_place(case["components"], case["country"]) for case in cases]


def _place(parts: dict[str, str], country: str) -> Address:
    street = parts.get("road") or parts.get("pedestrian") or parts.get("footway") or ""
    return Address(
        street=f"{street} {parts.get('house_number', '')}".strip(), postal_code=parts.get("postcode", ""),
        city=parts.get("city") or parts.get("town") or parts.get("village") or parts.get("hamlet") or "",
        region=parts.get("state_code") or parts.get("state", ""),
        country=(parts.get("country_code") or country).upper(),
    )  # fmt: skip


@with_data
@pytest.mark.clause("VER-2")
def test_a_number_of_each_country_is_known_at_home_and_from_abroad_and_one_cut_short_is_not() -> None:
    numbers = json.loads((SHARED / "phones/libphonenumber-mobile-examples.json").read_text())
    assert numbers
    for known in numbers:
        country, national = known["country"], known["national_mobile_example"]
        assert not phone_problem(national, country), known
        assert not phone_problem(f" ({national[:3]}) {national[3:]} ", country), known
        assert phone_problem(national[:3], country), known
        assert phone_problem(national * 2, country), known


def test_mail_addresses_are_judged_by_their_form_alone() -> None:
    for fine in ("ada@okafor.example", "ada+order@okafor.example", "bjørn@blåbær.example"):
        assert email_problem(fine) == ""
    for bad in ("ada", "ada@", "@okafor.example", "ada@okafor", "ada okafor@x.example", "ada@@okafor.example"):
        assert email_problem(bad)
