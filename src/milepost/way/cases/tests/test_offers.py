"""Offers of alternatives: what is offered, answers that come twice or too late, and stock that changed meanwhile."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemCard, ItemDraft
from milepost.ground.journal import queries as journal
from milepost.ground.procedures import commands as procedures
from milepost.ground.procedures.words import DocumentDraft, OffersPolicy
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.cases import commands, queries
from milepost.way.cases.offering import stand_ins
from milepost.way.cases.words import Choice, Closed, LineChoice, OfferAnswer, OfferCard, OfferState
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as read
from milepost.way.orders.words import Amendment, Change, LineCard
from milepost.way.stock import commands as stock
from milepost.way.stock import queries as levels
from milepost.way.stock.words import Demand, StockReceipt
from tests import cast

GREEN, GREY = "MUG-GREEN", "MUG-GREY"
ADA = Act.now("customer", channel="portal", now=cast.MONDAY + timedelta(hours=1))
WAIT, REST, CANCEL = (LineChoice(choice=one) for one in (Choice.WAIT, Choice.SHIP_REST, Choice.CANCEL))


@pytest.fixture
def items(db: None) -> dict[str, int]:
    """Kettles and green and grey mugs are there; blue mugs, for which these may stand in, are not."""
    items = cast.catalogue()
    drafts = [
        ItemDraft(code=code, name=code.title(), unit="piece", price=Decimal("8.00"), currency="EUR")
        for code in (GREEN, GREY)
    ]
    items |= dict(zip((GREEN, GREY), catalog.list_items(drafts, act=cast.SHOP), strict=True))
    catalog.replace(cast.MUG, [GREEN, GREY])
    bring(items[cast.KETTLE], 9)
    bring(items[GREEN], 3)
    bring(items[GREY], 9)
    return items


def bring(item_id: int, quantity: int) -> None:
    stock.receive_stock([StockReceipt(item_id=item_id, location="MAIN", quantity=Decimal(quantity))], act=cast.SHOP)


@pytest.fixture
def order_id(items: dict[str, int]) -> int:
    return cast.ordered()[0]


def offer(order_id: int) -> OfferCard:
    return queries.latest_offers([order_id])[order_id]


def answer(order_id: int, *choices: LineChoice, positions: tuple[int, ...] = (2,), **more: Any) -> OfferAnswer:
    chosen = dict(zip(positions, choices, strict=True))
    return OfferAnswer(order_id=order_id, offer_id=offer(order_id).id, choices=chosen, **more)


def instead(item_id: int) -> LineChoice:
    return LineChoice(choice=Choice.SUBSTITUTE, item_id=item_id)


def refused(said: OfferAnswer, act: Act = ADA) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        commands.accept([said], act=act)
    return [(refusal.code, refusal.field) for refusal in caught.value.refusals]


def facts(order_id: int, kind: str) -> int:
    return [entry.kind for entry in journal.story(order_id)].count(kind)


@pytest.mark.clause("STK-2")
@pytest.mark.clause("EXC-5")
def test_a_short_line_is_offered_with_what_may_stand_in_for_it_kept_aside(items: dict[str, int], order_id: int) -> None:
    made = offer(order_id)
    (line,) = made.lines
    assert (line.position, line.quantity, made.state, made.default) == (2, 2, OfferState.OPEN, Choice.WAIT)
    assert [(one.code, one.difference, one.held) for one in line.stand_ins] == [
        (GREEN, Decimal("-0.50"), True), (GREY, Decimal("-0.50"), True),
    ]  # fmt: skip
    assert levels.availability([items[GREEN]])[items[GREEN]].free == 1
    (other,) = cast.ordered(cast.draft(external_ref="second"))
    assert [one.code for one in offer(other).lines[0].stand_ins] == [GREY], "one green mug is too few for two"


def test_an_order_that_is_not_short_is_offered_nothing(items: dict[str, int]) -> None:
    (order_id,) = cast.ordered(cast.draft(lines=cast.draft().lines[:1]))
    assert queries.latest_offers([order_id]) == {}


def test_of_history_nobody_is_asked(items: dict[str, int]) -> None:
    (order_id,) = cast.ordered(act=cast.SHOP.in_the_past(cast.MONDAY - timedelta(days=400)))
    assert queries.latest_offers([order_id]) == {}


@pytest.mark.clause("STK-2")
def test_the_same_answer_again_changes_nothing_and_another_one_is_told_that_it_is_too_late(
    items: dict[str, int], order_id: int
) -> None:
    for _ in ("one tab", "another tab"):
        commands.accept([answer(order_id, instead(items[GREEN]))], act=ADA)
    assert facts(order_id, "OfferAnswered") == facts(order_id, "OrderAmended") == 1
    assert refused(answer(order_id, CANCEL)) == [("offer_answered", "")]
    assert [line.code for line in read.card(order_id).lines] == [cast.KETTLE, GREEN]


def test_an_answer_names_a_choice_for_each_line_and_only_what_was_offered(items: dict[str, int], order_id: int) -> None:
    assert refused(answer(order_id, positions=())) == [("choice_missing", "line_2")]
    assert refused(answer(order_id, instead(items[cast.TEA]))) == [("substitute_gone", "line_2")]
    assert refused(replace(answer(order_id, WAIT), order_id=order_id + 1)) == [("no_offer", "offer_id")]
    assert offer(order_id).state is OfferState.OPEN


def test_after_the_deadline_the_default_stands_even_before_the_worker_has_looked(
    items: dict[str, int], order_id: int
) -> None:
    late = Act.now("customer", channel="portal", now=offer(order_id).deadline_at + timedelta(seconds=1))
    assert refused(answer(order_id, CANCEL), late) == [("offer_over", "")]
    assert commands.lapse_offers(act=late) == 1
    assert refused(answer(order_id, CANCEL), late) == [("offer_over", "")]
    assert commands.lapse_offers(act=late) == 0
    assert facts(order_id, "OfferLapsed") == 1


def test_a_substitute_that_went_to_others_is_regretted_and_another_can_be_chosen(
    items: dict[str, int], order_id: int
) -> None:
    stock.let_go([order_id], act=cast.OMAR)
    stock.lapse_reservations(act=cast.OMAR)
    (other,) = cast.ordered(
        cast.draft(external_ref="other", lines=(replace(cast.draft().lines[0], code=GREEN, quantity=Decimal(3)),))
    )
    assert levels.of_lines([other])[other][1].allocated == 3
    assert refused(answer(order_id, instead(items[GREEN]))) == [("substitute_gone", "line_2")]
    commands.accept([answer(order_id, instead(items[GREY]))], act=ADA)
    assert read.card(order_id).lines[1].code == GREY


def test_of_a_line_that_is_short_in_part_only_that_part_becomes_another(items: dict[str, int]) -> None:
    bring(items[cast.MUG], 1)
    (order_id,) = cast.ordered()
    commands.accept([answer(order_id, instead(items[GREEN]))], act=ADA)
    lines = {line.code: line.quantity for line in read.card(order_id).lines}
    assert lines == {cast.KETTLE: 1, cast.MUG: 1, GREEN: 1}
    assert [line.allocated for line in levels.of_lines([order_id])[order_id].values()] == [1, 1, 1]


def test_what_came_in_part_before_the_answer_is_not_taken_away_by_it(items: dict[str, int], order_id: int) -> None:
    bring(items[cast.MUG], 1)
    commands.accept([answer(order_id, CANCEL)], act=ADA)
    assert {line.code: line.quantity for line in read.card(order_id).lines} == {cast.KETTLE: 1, cast.MUG: 1}
    assert offer(order_id).lines[0].carried == 1


@pytest.mark.clause("STK-2")
def test_what_came_in_full_closes_the_offer_and_so_do_amendment_and_cancellation(items: dict[str, int]) -> None:
    came, amended, cancelled = cast.ordered(*(cast.draft(external_ref=name) for name in "abc"))
    bring(items[cast.MUG], 2)
    changes = (Change("lines.2.cancelled", value=True),)
    orders.amend([Amendment(order_id=amended, changes=changes)], act=cast.OMAR)
    orders.cancel([cancelled], reason_code="customer", act=cast.OMAR)
    assert [offer(key).closed_because for key in (came, amended, cancelled)] == [
        Closed.STOCK_CAME, Closed.AMENDED, Closed.CANCELLED,
    ]  # fmt: skip
    assert refused(answer(came, CANCEL)) == [("nothing_to_choose", "")]
    stock.lapse_reservations(act=replace(cast.OMAR, at=cast.MONDAY + timedelta(minutes=1)))
    assert levels.availability([items[GREY]])[items[GREY]].reserved == 0


def test_a_new_shortage_renews_the_offer_and_the_old_one_leads_nowhere(items: dict[str, int], order_id: int) -> None:
    old = answer(order_id, WAIT)
    orders.amend([Amendment(order_id=order_id, changes=(Change("lines.1.quantity", Decimal(30)),))], act=cast.OMAR)
    made = queries.offers_of([order_id])[order_id]
    assert [(one.state, one.closed_because) for one in made] == [
        (OfferState.CLOSED, Closed.RENEWED), (OfferState.OPEN, Closed.NONE),
    ]  # fmt: skip
    assert [line.position for line in made[-1].lines] == [1, 2]
    assert refused(old) == [("nothing_to_choose", "")]
    commands.accept([answer(order_id, REST, CANCEL, positions=(1, 2))], act=ADA)
    assert [line.cancelled for line in read.card(order_id).lines] == [False, True]


def test_what_others_held_when_it_was_offered_is_kept_aside_by_the_worker_or_no_longer_offered(
    items: dict[str, int], order_id: int
) -> None:
    from milepost.way.cases.models import OfferedItem

    stock.let_go([order_id], act=cast.OMAR)
    stock.lapse_reservations(act=cast.OMAR)
    OfferedItem.objects.update(held=False)
    demand = Demand(order_id, 1, items[GREEN], Decimal(2))
    stock.allocate([demand], act=cast.OMAR)
    commands.tidy_offers(act=cast.OMAR)
    assert [(one.code, one.held) for one in offer(order_id).lines[0].stand_ins] == [(GREY, True)]


POLICY = OffersPolicy(
    deadline_days=3, default="wait", substitutes=True, most_substitutes=2, max_price_difference=Decimal(10)
)
LINE = LineCard(1, 1, "A", "A", Decimal(1), "piece", Decimal("10.00"))


def candidate(number: int, **changes: Any) -> ItemCard:
    usual = {"code": str(number), "name": "x", "price": Decimal("10.00"), "currency": "EUR", "unit": "piece"}
    return ItemCard(id=number, **(usual | changes))


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({}, True), ({"price": Decimal("11.00")}, True), ({"price": Decimal("11.01")}, False), ({"price": Decimal(1)}, True),
        ({"unit": "box"}, False), ({"currency": "USD"}, False), ({"active": False}, False),
    ],
)  # fmt: skip
def test_only_what_is_of_the_same_kind_and_not_much_dearer_stands_in(changes: dict[str, Any], offered: bool) -> None:
    free = {2: Decimal(5)}
    found = stand_ins(LINE, Decimal(5), [candidate(2, **changes)], free, currency="EUR", policy=POLICY)
    assert bool(found) is offered
    assert not stand_ins(LINE, Decimal(6), [candidate(2, **changes)], free, currency="EUR", policy=POLICY)


def test_no_more_are_offered_than_the_policy_says_and_never_the_item_itself() -> None:
    free = MappingProxyType(dict.fromkeys(range(9), Decimal(9)))
    candidates = [candidate(number) for number in (1, 4, 3, 2)]
    found = stand_ins(LINE, Decimal(1), candidates, free, currency="EUR", policy=POLICY)
    assert [(one.item_id, one.rank) for one in found] == [(4, 1), (3, 2)]
    none = replace(POLICY, substitutes=False)
    assert stand_ins(LINE, Decimal(1), candidates, free, currency="EUR", policy=none) == ()


@pytest.mark.parametrize(("default", "cancelled"), [("cancel", True), ("ship_rest", False)])
def test_the_policy_is_a_procedure_and_says_what_silence_means(
    default: str, cancelled: bool, items: dict[str, int]
) -> None:
    body = {
        "deadline_days": 1, "default": default, "substitutes": False, "most_substitutes": 0, "max_price_difference": "0",
    }  # fmt: skip
    ids = procedures.draft([DocumentDraft(kind="offers", name="default", body=body)], act=cast.OMAR)
    procedures.review(ids, act=cast.SHOP)
    procedures.publish(ids, act=cast.SHOP)
    (order_id,) = cast.ordered()
    made = offer(order_id)
    assert (made.default, made.lines[0].stand_ins) == (default, ())
    assert made.deadline_at.date() == (cast.MONDAY + timedelta(days=1)).date()
    late = Act.now("system:clock", channel="worker", now=made.deadline_at + timedelta(minutes=1))
    commands.lapse_offers(act=late)
    assert read.card(order_id).lines[1].cancelled is cancelled
    assert levels.waiting([order_id]).get(order_id, []) == [] or not levels.waiting([order_id])[order_id][0].together
