"""Verification, told without a database: what can be no order is refused, what is doubtful is asked about."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from milepost.ground.catalog.words import ItemCard
from milepost.way.intake import rules
from milepost.way.intake.words import Draft, LineDraft, StatedPromise, draft_from_json, draft_to_json
from tests import cast

KETTLE = ItemCard(
    id=1, code=cast.KETTLE, name="Kettle, 1.7 l", unit="piece", price=Decimal("39.90"), currency="EUR", active=True,
    usual_max=Decimal(20), weight_grams=900,
)  # fmt: skip
ITEMS = {cast.KETTLE: KETTLE}


def one(**line: object) -> Draft:
    return cast.draft(lines=(LineDraft(code=cast.KETTLE, **{"quantity": Decimal(1), **line}),))


def refusals(draft: Draft) -> list[tuple[str, str]]:
    return [(refusal.code, refusal.field) for refusal in rules.impossible(draft, ITEMS, now=cast.MONDAY)]


def test_a_good_order_is_refused_nothing() -> None:
    assert refusals(one()) == []


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


def test_a_draft_comes_back_from_the_database_as_it_went() -> None:
    draft = rules.with_catalogue(
        replace(one(), promised=StatedPromise(latest_on=date(2026, 12, 1), latest_at=cast.MONDAY)), ITEMS
    )
    assert draft_from_json(json.loads(draft_to_json(draft))) == draft
