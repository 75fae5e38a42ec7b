"""Listing items."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from milepost.ground.catalog import commands, queries
from milepost.ground.catalog.models import Item
from milepost.ground.catalog.rules import wrong
from milepost.ground.catalog.words import ItemDraft
from milepost.ground.journal.queries import story
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

ACT = Act.now("key:1", channel="api", now=datetime(2026, 3, 2, 9, tzinfo=UTC))
KETTLE = ItemDraft(
    code="KET-1",
    name="Kettle",
    price=Decimal("49.90"),
    currency="EUR",
    usual_max=Decimal(10),
    weight_grams=900,
    lead_days=5,
)
ROPE = ItemDraft(code="ROPE", name="Rope", price=Decimal("1.20"), currency="EUR", unit="m")


@pytest.mark.django_db
def test_listed_items_are_read_back_as_they_were_listed(django_assert_num_queries):
    rope, kettle = commands.list_items([ROPE, KETTLE], act=ACT)
    with django_assert_num_queries(1):
        found = queries.by_code(["KET-1", "ROPE", "NONE"])
    assert {code: card.id for code, card in found.items()} == {"KET-1": kettle, "ROPE": rope}
    for draft in (KETTLE, ROPE):
        card = found[draft.code]
        assert all(getattr(card, name) == getattr(draft, name) for name in ItemDraft.__dataclass_fields__)
    assert queries.by_id([rope])[rope].unit == "m"


@pytest.mark.django_db
@pytest.mark.clause("RECD-2")
def test_listing_again_keeps_the_id_and_only_a_change_is_told():
    (kettle,) = commands.list_items([KETTLE], act=ACT)
    assert commands.list_items([KETTLE], act=ACT) == [kettle]
    assert commands.list_items([replace(KETTLE, price=Decimal("44.00"))], act=ACT) == [kettle]
    assert [fact.data["price"] for fact in story(kettle, stream="item")] == ["49.90", "44.00"]


@pytest.mark.django_db
def test_an_item_that_is_no_longer_active_cannot_be_ordered_but_still_has_its_name():
    (kettle,) = commands.list_items([replace(KETTLE, active=False)], act=ACT)
    assert queries.by_code(["KET-1"]) == {}
    assert queries.by_id([kettle])[kettle].name == "Kettle"


@pytest.mark.django_db
def test_a_list_with_faults_is_refused_with_all_of_them_and_nothing_is_listed():
    drafts = [KETTLE, replace(ROPE, price=Decimal(-1), currency="eur"), KETTLE]
    with pytest.raises(Refused) as refused:
        commands.list_items(drafts, act=ACT)
    assert [(r.code, r.index) for r in refused.value.refusals] == [
        ("bad_price", 1), ("bad_currency", 1), ("listed_twice", 2),
    ]  # fmt: skip
    assert Item.objects.count() == 0


@pytest.mark.parametrize(("change", "code"), [
    ({"code": ""}, "bad_code"), ({"code": " K"}, "bad_code"), ({"code": "K" * 65}, "bad_code"), ({"name": " "}, "bad_name"),
    ({"name": "n" * 301}, "bad_name"), ({"unit": ""}, "bad_unit"), ({"price": Decimal("0.001")}, "bad_price"),
    ({"price": Decimal("NaN")}, "bad_price"), ({"price": Decimal("1e13")}, "bad_price"), ({"currency": "EURO"}, "bad_currency"),
    ({"usual_max": Decimal(0)}, "bad_usual_max"), ({"weight_grams": -1}, "bad_weight"), ({"lead_days": 1001}, "bad_lead_days"),
])  # fmt: skip
def test_each_fault_of_an_item_has_its_code(change, code):
    assert [refusal.code for refusal in wrong(replace(KETTLE, **change))] == [code]
    assert not list(wrong(KETTLE))


@pytest.mark.django_db
def test_stand_ins_come_best_first():
    kettle, rope, other = commands.list_items([KETTLE, ROPE, replace(KETTLE, code="KET-2")], act=ACT)
    commands.replace("KET-1", ["KET-2", "ROPE"])
    assert queries.stand_ins([kettle]) == {kettle: [other, rope]}
    commands.replace("KET-1", ["ROPE"])
    assert queries.stand_ins([kettle]) == {kettle: [rope]}
    with pytest.raises(Refused, match="no item NONE"):
        commands.replace("KET-1", ["NONE"])


@pytest.mark.django_db
def test_five_thousand_items_are_listed_in_a_constant_number_of_statements(django_assert_max_num_queries):
    drafts = [replace(ROPE, code=f"R-{number:05}") for number in range(5000)]
    with django_assert_max_num_queries(12):
        ids = commands.list_items(drafts, act=ACT)
    assert len(set(ids)) == 5000
    assert [card.code for card in queries.listed(after="R-04997")] == ["R-04998", "R-04999"]
