"""Who gets which stock: in order, never twice, never more than there is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.way.stock.rules import allot
from milepost.way.stock.words import Demand, Free

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
