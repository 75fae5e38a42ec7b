"""Who is served from what comes in, what is kept aside, and what follows an amended line; on real PostgreSQL."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from milepost.ground.journal import queries as journal
from milepost.kernel.refusals import Refused
from milepost.way.cases import queries as cases
from milepost.way.promising import queries as promises
from milepost.way.stock import commands, queries
from milepost.way.stock.words import (
    Arrival,
    LineNeed,
    LocationDraft,
    StockReceipt,
    SupplyCorrection,
    SupplyDraft,
    SupplyState,
    WantedReservation,
)
from tests import cast

pytestmark = pytest.mark.django_db
EARLY, LATE = date(2026, 12, 1), date(2026, 12, 15)


def bring(item_id: int, quantity: int, location: str = "MAIN") -> None:
    receipt = StockReceipt(item_id=item_id, location=location, quantity=Decimal(quantity))
    commands.receive_stock([receipt], act=cast.SHOP)


def expect(item_id: int, quantity: int, due_on: date | None = EARLY, reference: str = ""):
    draft = SupplyDraft(
        item_id=item_id, location="MAIN", quantity=Decimal(quantity), due_on=due_on, reference=reference
    )
    return commands.expect_supply([draft], act=cast.SHOP)[0]


def kettles(name: str, quantity: int = 1, *, hours: int = 0) -> int:
    """An order of kettles alone, received so many hours after Monday's nine o'clock."""
    (line, _) = cast.draft().lines
    later = cast.MONDAY + timedelta(hours=hours)
    (order_id,) = cast.ordered(
        cast.draft(external_ref=name, lines=(replace(line, quantity=Decimal(quantity)),)),
        act=replace(cast.SHOP, at=later, recorded_at=later),
    )
    return order_id


def short(order_id: int) -> Decimal:
    return queries.of_lines([order_id])[order_id][1].short


def told(order_id: int) -> list[str]:
    return [entry.kind for entry in journal.story(order_id)]


@pytest.mark.clause("STK-1")
def test_an_order_is_served_from_the_location_that_is_near_to_it() -> None:
    items = cast.catalogue()
    commands.describe_locations(
        [
            LocationDraft(code="AACHEN", priority=1, serves=("BE", "NL")),
            LocationDraft(code="BERLIN", priority=9, serves=("de", "pl")),
        ],
        act=cast.SHOP,
    )
    for place in ("AACHEN", "BERLIN"):
        bring(items[cast.KETTLE], 5, place)
    berlin, ghent = cast.draft(), cast.draft(ship_to=replace(cast.BERLIN, country="BE"))
    lines = cast.draft().lines[:1]
    found = cast.ordered(replace(berlin, lines=lines), replace(ghent, lines=lines, external_ref="G"))
    from milepost.way.stock.models import Allocation

    places = dict(Allocation.objects.values_list("order_id", "location__code"))
    assert [places[order_id] for order_id in found] == ["BERLIN", "AACHEN"]


@pytest.mark.clause("STK-2")
def test_incoming_supply_gives_those_who_wait_their_dates_in_the_order_of_their_promises() -> None:
    items = cast.catalogue()
    second, first = kettles("B", 2, hours=2), kettles("A", 2)
    assert queries.waiting([first])[first][0].expected_on is None
    expect(items[cast.KETTLE], 3)
    assert queries.waiting([first])[first][0].expected_on == EARLY
    assert queries.waiting([second])[second][0].expected_on is None, "one of the two is not announced"
    expect(items[cast.KETTLE], 3, LATE)
    assert queries.waiting([second])[second][0].expected_on == LATE
    assert queries.complete_on([first, second]) == {first: EARLY, second: LATE}
    assert promises.standing([second])[second].now.latest_on > LATE


@pytest.mark.clause("STK-2")
def test_what_comes_in_goes_to_the_oldest_promise_even_when_it_came_short_later() -> None:
    items = cast.catalogue()
    bring(items[cast.KETTLE], 1)
    old = kettles("old")
    young = kettles("young", hours=1)
    need = LineNeed(
        order_id=old, position=1, item_id=items[cast.KETTLE], was_item_id=items[cast.KETTLE], quantity=Decimal(2)
    )
    commands.adjust([need], act=replace(cast.OMAR, at=cast.MONDAY + timedelta(hours=5)))
    assert (short(old), short(young)) == (1, 1)
    bring(items[cast.KETTLE], 1)
    assert (short(old), short(young)) == (0, 1)


@pytest.mark.clause("STK-2")
def test_a_person_may_put_an_order_first_with_a_reason_on_record() -> None:
    items = cast.catalogue()
    old, young = kettles("old"), kettles("young", hours=1)
    with pytest.raises(Refused, match="needs a reason"):
        commands.give_to([young], act=cast.OMAR)
    commands.give_to([young], act=cast.OMAR.because("A hospital"))
    bring(items[cast.KETTLE], 1)
    assert (short(old), short(young)) == (1, 0)
    (entry,) = [entry for entry in journal.story(young) if entry.kind == "OrderPutFirst"]
    assert (entry.actor, entry.reason) == (cast.OMAR.actor, "A hospital")
    with pytest.raises(Refused) as refused:
        commands.give_to([old, young], act=cast.OMAR.because("All"))
    assert [(r.code, r.index) for r in refused.value.refusals] == [("nothing_waits", 1)]


def test_arrivals_are_booked_as_received_and_what_is_still_to_come_stays_expected() -> None:
    items = cast.catalogue()
    order_id = kettles("A", 2)
    supply = expect(items[cast.KETTLE], 5, reference="PO-9")
    commands.arrive([Arrival(supply_id=supply, quantity=Decimal(1))], act=cast.OMAR)
    assert short(order_id) == 1
    (card,) = queries.supplies([items[cast.KETTLE]])
    assert (card.arrived, card.awaited, card.reference) == (1, 4, "PO-9")
    commands.arrive([Arrival(supply_id=supply)], act=cast.OMAR)
    assert queries.supplies([items[cast.KETTLE]]) == []
    assert queries.supply(supply).state == SupplyState.ARRIVED
    assert queries.availability([items[cast.KETTLE]])[items[cast.KETTLE]].free == 3
    with pytest.raises(Refused) as refused:
        commands.arrive([Arrival(supply_id=supply)], act=cast.OMAR)
    assert refused.value.refusals[0].code == "no_supply"


@pytest.mark.clause("EXC-1")
def test_supply_that_will_be_late_is_a_delay_with_its_cause_before_the_promise_is_broken() -> None:
    items = cast.catalogue()
    supply = expect(items[cast.KETTLE], 5)
    order_id = kettles("A")
    promised = promises.standing([order_id])[order_id].now
    assert promised.latest_on > EARLY
    correction = SupplyCorrection(supply_id=supply, quantity=Decimal(5), due_on=LATE)
    commands.correct_supply([correction], act=cast.OMAR)
    standing = promises.standing([order_id])[order_id].now
    assert (standing.latest_on > LATE, standing.cause) == (True, "supply")
    assert cases.delayed([order_id])[order_id].found_by == "supply"
    commands.correct_supply([replace(correction, due_on=EARLY)], act=cast.OMAR)
    assert told(order_id).count("DelayFound") == 1, "sooner is no delay"


@pytest.mark.parametrize(("draft", "code"), [({"quantity": Decimal(0)}, "bad_quantity"), ({}, "already_expected")])
def test_what_cannot_be_announced_is_refused(draft: dict[str, object], code: str) -> None:
    items = cast.catalogue()
    usual = SupplyDraft(item_id=items[cast.KETTLE], location="MAIN", quantity=Decimal(1), reference="PO-1")
    commands.expect_supply([usual], act=cast.OMAR)
    with pytest.raises(Refused) as refused:
        commands.expect_supply([replace(usual, **draft)], act=cast.OMAR)
    assert refused.value.refusals[0].code == code


def test_less_than_has_arrived_cannot_be_said_and_what_will_not_come_gives_no_date() -> None:
    items = cast.catalogue()
    order_id = kettles("A", 9)
    supply = expect(items[cast.KETTLE], 10)
    commands.arrive([Arrival(supply_id=supply, quantity=Decimal(4))], act=cast.OMAR)
    with pytest.raises(Refused) as refused:
        commands.correct_supply([SupplyCorrection(supply_id=supply, quantity=Decimal(3), due_on=EARLY)], act=cast.OMAR)
    assert refused.value.refusals[0].code == "already_here"
    gone = SupplyCorrection(supply_id=supply, quantity=Decimal(4), due_on=None, cancelled=True)
    commands.correct_supply([gone], act=cast.OMAR)
    assert queries.waiting([order_id])[order_id][0].expected_on is None


def need(order_id: int, item_id: int, was: int, quantity: int) -> LineNeed:
    return LineNeed(order_id=order_id, position=1, item_id=item_id, was_item_id=was, quantity=Decimal(quantity))


@pytest.mark.clause("STK-1")
def test_stock_follows_an_amended_line_and_what_it_frees_goes_to_who_waits() -> None:
    items = cast.catalogue()
    kettle, mug = items[cast.KETTLE], items[cast.MUG]
    bring(kettle, 3)
    bring(mug, 1)
    order_id, other = kettles("A", 3), kettles("B", 2, hours=1)
    commands.adjust([need(order_id, kettle, kettle, 2)], act=cast.OMAR)
    assert (queries.of_lines([order_id])[order_id][1].allocated, short(other)) == (2, 1)
    commands.adjust([need(order_id, mug, kettle, 2)], act=cast.OMAR)
    line = queries.of_lines([order_id])[order_id][1]
    assert (line.allocated, line.short, short(other)) == (1, 1, 0)
    commands.adjust([need(order_id, mug, mug, 0)], act=cast.OMAR)
    assert queries.of_lines([order_id]).get(order_id, {}) == {}
    assert queries.availability([mug])[mug].free == 1


def test_what_is_kept_aside_is_nobody_elses_until_it_lapses_and_then_goes_to_who_waits() -> None:
    items = cast.catalogue()
    kettle = items[cast.KETTLE]
    bring(kettle, 2)
    holder = kettles("none", 2)
    commands.adjust([need(holder, items[cast.TEA], kettle, 1)], act=cast.OMAR)
    until = cast.MONDAY + timedelta(hours=4)
    wanted = WantedReservation(order_id=holder, position=1, item_id=kettle, quantity=Decimal(2), expires_at=until)
    assert commands.reserve([wanted, wanted], act=cast.OMAR) == [True, False]
    waits = kettles("waits")
    assert short(waits) == 1
    assert commands.lapse_reservations(act=replace(cast.OMAR, at=until - timedelta(seconds=1))) == 0
    assert commands.lapse_reservations(act=replace(cast.OMAR, at=until)) == 1
    assert short(waits) == 0
    assert queries.availability([kettle])[kettle].free == 1


def test_what_is_kept_aside_for_an_order_is_its_own_to_take() -> None:
    items = cast.catalogue()
    kettle, mug = items[cast.KETTLE], items[cast.MUG]
    bring(mug, 2)
    order_id = kettles("A", 2)
    until = cast.MONDAY + timedelta(hours=4)
    wanted = WantedReservation(order_id=order_id, position=1, item_id=mug, quantity=Decimal(2), expires_at=until)
    assert commands.reserve([wanted], act=cast.OMAR) == [True]
    commands.adjust([need(order_id, mug, kettle, 2)], act=cast.OMAR)
    assert queries.of_lines([order_id])[order_id][1].allocated == 2
    found = queries.availability([mug])[mug]
    assert (found.allocated, found.reserved) == (2, 0)


def test_a_count_may_not_take_what_is_kept_aside() -> None:
    from milepost.way.stock.words import MovementKind

    items = cast.catalogue()
    bring(items[cast.MUG], 1)
    order_id = kettles("A")
    wanted = WantedReservation(
        order_id=order_id, position=1, item_id=items[cast.MUG], quantity=Decimal(1),
        expires_at=cast.MONDAY + timedelta(hours=1),
    )  # fmt: skip
    commands.reserve([wanted], act=cast.OMAR)
    counted = StockReceipt(item_id=items[cast.MUG], location="MAIN", quantity=Decimal(-1), kind=MovementKind.COUNT)
    with pytest.raises(Refused) as refused:
        commands.receive_stock([counted], act=cast.OMAR)
    assert refused.value.refusals[0].code == "less_than_allocated"


@pytest.mark.parametrize("serves", [("Germany",), ("D",), ("US-",)])
def test_a_location_serves_countries_and_regions_and_nothing_else(serves: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        commands.describe_locations([LocationDraft(code="X", serves=serves)], act=cast.OMAR)
    assert refused.value.refusals[0].code == "bad_place"


def test_a_fully_available_order_asks_stock_for_nothing_more(django_assert_max_num_queries) -> None:
    cast.stocked(10)
    cast.ordered()
    with django_assert_max_num_queries(14):
        cast.ordered(cast.draft(external_ref="again"))
