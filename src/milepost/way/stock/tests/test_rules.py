"""Who gets which stock: in order, never twice, never more than there is."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.way.stock.rules import allot, cumulated, distance, expected
from milepost.way.stock.words import Demand, Free, SupplyCard, Waiting, near

KETTLE, MUG = 1, 2
HERE, THERE = 1, 2


def free(item: int, place: int, quantity: int, priority: int = 100) -> Free:
    return Free(item, place, priority, Decimal(quantity))


def need(order: int, position: int, item: int, quantity: int) -> Demand:
    return Demand(order, position, item, Decimal(quantity))


@pytest.mark.clause("STK-1")
def test_an_order_is_served_from_one_place_where_one_has_all_of_it() -> None:
    shelf = [free(KETTLE, HERE, 9, 1), free(KETTLE, THERE, 1, 2), free(MUG, THERE, 2, 2)]
    shares = allot([need(7, 1, KETTLE, 1), need(7, 2, MUG, 2)], shelf).shares
    assert {share.location_id for share in shares} == {THERE}


def test_otherwise_the_best_places_are_taken_from_in_turn() -> None:
    shelf = [free(KETTLE, HERE, 2, 2), free(KETTLE, THERE, 2, 1)]
    shares = allot([need(7, 1, KETTLE, 3)], shelf).shares
    assert [(share.location_id, share.quantity) for share in shares] == [(THERE, 2), (HERE, 1)]


def test_the_first_order_gets_the_last_one_and_the_second_waits() -> None:
    outcome = allot([need(1, 1, KETTLE, 1), need(2, 1, KETTLE, 1)], [free(KETTLE, HERE, 1)])
    assert [share.order_id for share in outcome.shares] == [1]
    assert [demand.order_id for demand in outcome.short] == [2]


def test_a_part_is_given_and_only_the_rest_is_short() -> None:
    outcome = allot([need(1, 1, KETTLE, 5)], [free(KETTLE, HERE, 3)])
    assert (outcome.shares[0].quantity, outcome.short[0].quantity) == (3, 2)


@pytest.mark.clause("STK-1")
def test_the_nearest_location_is_taken_from_first_and_priority_decides_among_equals() -> None:
    shelf = [
        Free(KETTLE, 1, 1, Decimal(5), ("DE", "AT")), Free(KETTLE, 2, 9, Decimal(5), ("US",)),
        Free(KETTLE, 3, 9, Decimal(5), ("US-CA",)), Free(KETTLE, 4, 5, Decimal(5), ("DE",)),
    ]  # fmt: skip

    def place(where: str) -> int:
        fresh = [Free(f.item_id, f.location_id, f.priority, f.quantity, f.serves) for f in shelf]
        return allot([Demand(7, 1, KETTLE, Decimal(1), where)], fresh).shares[0].location_id

    assert {where: place(where) for where in ("DE", "US-CA", "US-NY", "FR", "")} == {
        "DE": 1, "US-CA": 3, "US-NY": 2, "FR": 1, "": 1,
    }  # fmt: skip


def test_a_place_is_near_by_region_or_by_country() -> None:
    assert [distance(("US-CA", "MX"), where) for where in ("US-CA", "MX", "MX-JAL", "US", "")] == [0, 0, 1, 2, 2]
    assert (near("us", "ca "), near("DE")) == ("US-CA", "DE")


def test_one_location_for_the_whole_order_comes_before_the_nearest_for_each_line() -> None:
    shelf = [Free(KETTLE, 1, 1, Decimal(1), ("DE",)), Free(KETTLE, 2, 1, Decimal(1)), Free(MUG, 2, 1, Decimal(1))]
    shares = allot([Demand(7, 1, KETTLE, Decimal(1), "DE"), Demand(7, 2, MUG, Decimal(1), "DE")], shelf).shares
    assert {share.location_id for share in shares} == {2}


def supply(quantity: int, due_on: date | None, arrived: int = 0, state: str = "expected") -> SupplyCard:
    return SupplyCard(
        id=UUID(int=1), item_id=KETTLE, location="MAIN", quantity=Decimal(quantity), arrived=Decimal(arrived), due_on=due_on,
        reference="", state=state,
    )  # fmt: skip


def days(quantities: Sequence[int], *supplies: SupplyCard) -> list[date | None]:
    """When each of those who wait in this order is served."""
    queue = [
        Waiting(order_id=n, position=1, item_id=KETTLE, quantity=Decimal(q), since=datetime(2026, 1, 1, tzinfo=UTC))
        for n, q in enumerate(quantities)
    ]
    return list(expected(cumulated(queue), supplies).values())


@pytest.mark.clause("STK-2")
def test_a_backorder_is_served_by_the_supply_that_reaches_it_and_without_one_has_no_date() -> None:
    early, late = date(2026, 12, 1), date(2026, 12, 9)
    assert days([2, 2, 2], supply(3, late), supply(3, early)) == [early, late, late]
    assert days([2, 2], supply(3, early)) == [early, None]
    assert days([1], supply(5, None)) == [None]
    assert days([1], supply(5, early, arrived=5)) == [None]
    assert days([1], supply(5, early, state="cancelled")) == [None]
    assert days([]) == []


demands = st.lists(
    st.builds(need, st.integers(1, 5), st.integers(1, 3), st.sampled_from([KETTLE, MUG]), st.integers(1, 9)), max_size=12,
    unique_by=lambda d: (d.order_id, d.position),
)  # fmt: skip
shelves = st.lists(
    st.builds(free, st.sampled_from([KETTLE, MUG]), st.integers(1, 3), st.integers(0, 9), st.integers(1, 2)),
    max_size=6, unique_by=lambda f: (f.item_id, f.location_id),
)  # fmt: skip


@given(demands, shelves)
def test_what_is_given_and_what_is_short_is_what_was_asked_and_nothing_is_given_twice(
    asked: list[Demand], shelf: list[Free]
) -> None:
    before = {(f.item_id, f.location_id): f.quantity for f in shelf}
    outcome = allot(asked, shelf)
    for demand in asked:
        line = (demand.order_id, demand.position)
        given_ = sum(s.quantity for s in outcome.shares if (s.order_id, s.position) == line)
        short = sum(d.quantity for d in outcome.short if (d.order_id, d.position) == line)
        assert given_ + short == demand.quantity
    for place, quantity in before.items():
        taken = sum(s.quantity for s in outcome.shares if (s.item_id, s.location_id) == place)
        assert taken <= quantity
    for item in (KETTLE, MUG):
        if any(d.item_id == item for d in outcome.short):
            left = sum(f.quantity for f in shelf if f.item_id == item)
            assert left == 0
