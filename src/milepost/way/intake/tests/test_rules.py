"""Verification, told without a database: what can be no order is refused, what is doubtful is asked about."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from milepost.ground.catalog.words import ItemCard
from milepost.ground.procedures.words import CheckRule
from milepost.way.intake import rules
from milepost.way.intake.words import Address, Draft, LineDraft, StatedPromise, draft_from_json, draft_to_json
from tests import cast

KETTLE = ItemCard(
    id=1, code=cast.KETTLE, name="Kettle, 1.7 l", unit="piece", price=Decimal("39.90"), currency="EUR", active=True,
    usual_max=Decimal(20), weight_grams=900,
)  # fmt: skip
ITEMS = {cast.KETTLE: KETTLE}
ALL = [
    CheckRule(check=check, blocking=True, hold=hold, role="customer_service")
    for check, hold in {
        "completeness": "incomplete", "customer": "customer", "address": "address", "contact": "contact", "payment": "payment",
        "price": "price", "quantity": "quantity", "duplicate": "duplicate",
    }.items()
]  # fmt: skip
NOBODY = rules.Known()


def one(**line: object) -> Draft:
    return cast.draft(lines=(LineDraft(code=cast.KETTLE, **{"quantity": Decimal(1), **line}),))


def refusals(draft: Draft) -> list[tuple[str, str]]:
    return [(refusal.code, refusal.field) for refusal in rules.impossible(draft, ITEMS, now=cast.MONDAY)]


def findings(draft: Draft, known: rules.Known = NOBODY, *, history: bool = False) -> list[tuple[str, bool]]:
    listed = rules.with_catalogue(draft, ITEMS)
    return [(f.field, f.blocking) for f in rules.verify(listed, known, ALL, history=history)]


def test_a_good_order_raises_nothing() -> None:
    assert refusals(one()) == []
    assert findings(one()) == []


@pytest.mark.clause("VER-1")
@pytest.mark.parametrize(
    ("draft", "refused"),
    [
        (cast.draft(lines=(LineDraft(code="NO-SUCH", quantity=Decimal(1)),)), ("unknown_item", "lines.0.code")),
        (one(quantity=Decimal(0)), ("bad_quantity", "lines.0.quantity")),
        (one(quantity=Decimal(-1)), ("bad_quantity", "lines.0.quantity")),
        (one(quantity=Decimal("1e9")), ("bad_quantity", "lines.0.quantity")),
        (one(quantity=Decimal("0.0001")), ("bad_quantity", "lines.0.quantity")),
        (one(price=Decimal(-1)), ("bad_price", "lines.0.price")),
        (replace(one(), zone="Mars/Olympus"), ("unknown_zone", "zone")),
        (replace(one(), currency="USD"), ("wrong_currency", "currency")),
        (replace(one(), freight=Decimal(-1)), ("bad_amount", "freight")),
        (replace(one(), promised=StatedPromise(latest_on=date(2026, 11, 1))), ("date_in_the_past", "promised_on")),
    ],
)
def test_what_can_be_no_order_is_refused_with_its_field(draft: Draft, refused: tuple[str, str]) -> None:
    assert refusals(draft) == [refused]


def test_all_that_is_wrong_is_said_at_once() -> None:
    both = cast.draft(lines=(LineDraft(code="NO-SUCH", quantity=Decimal(0)),))
    assert refusals(both) == [("unknown_item", "lines.0.code"), ("bad_quantity", "lines.0.quantity")]


@pytest.mark.clause("VER-1")
@pytest.mark.clause("VER-2")
@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (cast.draft(lines=()), [("lines", True)]),
        (replace(one(), ship_to=replace(cast.BERLIN, postal_code="12")), [("ship_to.postal_code", True)]),
        (replace(one(), ship_to=replace(cast.BERLIN, city="")), [("ship_to.city", True)]),
        (replace(one(), ship_to=Address(name="Ada Okafor")), [("ship_to.country", True)]),
        (replace(one(), customer=replace(cast.ADA, email="ada@")), [("customer.email", False)]),
        (replace(one(), customer=replace(cast.ADA, email="ada@", phone="")), [("customer.email", True)]),
        (replace(one(), customer=replace(cast.ADA, phone="12")), [("customer.phone", False)]),
        (replace(one(), customer=replace(cast.ADA, email="", phone="")), [("customer.email", True)]),
        (replace(one(), payment_pending=True), [("payment", True)]),
        (replace(one(), payment_amount=Decimal("40.00")), [("payment_amount", False)]),
        (one(price=Decimal("30.00")), [("lines.0.price", True)]),
        (one(quantity=Decimal(21)), [("lines.0.quantity", True)]),
    ],
)
def test_what_is_doubtful_is_found_with_its_field(draft: Draft, found: list[tuple[str, bool]]) -> None:
    assert findings(draft) == found


def test_a_price_within_tolerance_and_a_usual_quantity_raise_nothing() -> None:
    assert findings(one(price=Decimal("39.00"), quantity=Decimal(20))) == []


def test_a_blocked_customer_and_a_second_order_with_the_same_number_are_found() -> None:
    known = rules.Known(blocked=True, like_orders=("M123-456-789",))
    assert findings(one(), known) == [("customer", True), ("po_number", True)]


@pytest.mark.clause("VER-2")
def test_contact_data_that_differs_from_what_is_on_record_is_found_but_does_not_block() -> None:
    known = rules.Known(on_record={"phone": "+49 30 1111111", "email": "ada@okafor.example"})
    assert findings(one(), known) == [("customer.phone", False)]


def test_history_is_not_held_for_what_was_settled_long_ago_but_an_open_payment_still_blocks() -> None:
    doubtful = replace(one(quantity=Decimal(21)), payment_pending=True)
    assert findings(doubtful, history=True) == [("payment", True), ("lines.0.quantity", False)]


def test_every_finding_has_a_question_or_is_ours_to_settle() -> None:
    for finding in rules.verify(rules.with_catalogue(one(quantity=Decimal(21)), ITEMS), NOBODY, ALL):
        assert finding.question
        assert finding.expected == "at most 20"


def test_a_draft_comes_back_from_the_database_as_it_went() -> None:
    draft = rules.with_catalogue(
        replace(one(), promised=StatedPromise(latest_on=date(2026, 12, 1), latest_at=cast.MONDAY)), ITEMS
    )
    assert draft_from_json(json.loads(draft_to_json(draft))) == draft
