"""What is left to pack, and how far shipments and orders are: decided without a database."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest

from milepost.way.fulfilment.rules import bad_numbers, fill, order_stage, shipment_standing
from milepost.way.fulfilment.states import NEWS, SHIPMENT
from milepost.way.fulfilment.words import PackedLine, ParcelDraft, ParcelNews, Reached, State, tidy_number

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 12, tzinfo=UTC)
ONE, TWO = Decimal(1), Decimal(2)


def parcel(state: State, reached: Reached, delivered_at: datetime | None = None) -> ParcelNews:
    return ParcelNews(parcel_id=1, shipment_id=1, order_id=1, state=state, reached=reached, delivered_at=delivered_at)


@pytest.mark.clause("HND-2")
def test_a_shipment_is_where_its_least_advanced_parcel_is() -> None:
    there = parcel(State.DELIVERED, Reached.DELIVERED, NOON)
    under_way = parcel(State.IN_TRANSIT, Reached.IN_TRANSIT)
    for order in permutations([there, under_way]):
        assert shipment_standing(order) == (State.IN_TRANSIT, Reached.IN_TRANSIT, None)


@pytest.mark.clause("DEL-4")
def test_a_shipment_has_arrived_when_its_last_parcel_has() -> None:
    parcels = [parcel(State.DELIVERED, Reached.DELIVERED, at) for at in (LATER, NOON)]
    assert shipment_standing(parcels) == (State.DELIVERED, Reached.DELIVERED, LATER)


def test_a_failed_attempt_does_not_take_back_how_far_a_shipment_came() -> None:
    state, reached, _ = shipment_standing([parcel(State.ATTEMPT_FAILED, Reached.OUT_FOR_DELIVERY)])
    assert (state, reached) == (State.ATTEMPT_FAILED, Reached.OUT_FOR_DELIVERY)


@pytest.mark.clause("HND-2")
def test_an_order_is_no_further_than_its_least_advanced_shipment() -> None:
    there, on_its_way = (State.DELIVERED, Reached.DELIVERED, NOON), (State.IN_TRANSIT, Reached.IN_TRANSIT, None)
    assert order_stage([there, on_its_way], all_shipped=True) == (Reached.IN_TRANSIT, None)
    assert order_stage([there], all_shipped=True) == (Reached.DELIVERED, NOON)


def test_an_order_of_which_something_is_still_in_the_house_has_no_stage_by_its_shipments() -> None:
    assert order_stage([(State.DELIVERED, Reached.DELIVERED, NOON)], all_shipped=False) is None


def test_a_cancelled_shipment_does_not_count() -> None:
    there, cancelled = (State.DELIVERED, Reached.DELIVERED, NOON), (State.CANCELLED, Reached.PACKED, None)
    assert order_stage([cancelled, there], all_shipped=True) == (Reached.DELIVERED, NOON)


def test_a_parcel_without_lines_takes_all_that_is_left_and_not_in_another() -> None:
    drafts = [ParcelDraft(lines=(PackedLine(position=1, quantity=ONE),)), ParcelDraft()]
    filled, refusals = fill(drafts, available={1: TWO, 2: ONE}, unpacked={1: TWO, 2: ONE})
    assert not refusals
    assert filled[1] == (PackedLine(position=1, quantity=ONE), PackedLine(position=2, quantity=ONE))


def test_what_waits_for_stock_is_not_packed_by_itself() -> None:
    filled, refusals = fill([ParcelDraft()], available={1: ONE}, unpacked={1: TWO, 2: ONE})
    assert (filled, refusals) == ([(PackedLine(position=1, quantity=ONE),)], [])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (PackedLine(position=9, quantity=ONE), "unknown_line"),
        (PackedLine(position=1, quantity=Decimal(0)), "bad_quantity"),
        (PackedLine(position=1, quantity=Decimal(-1)), "bad_quantity"),
        (PackedLine(position=1, quantity=Decimal(3)), "more_than_ordered"),
    ],
)
def test_what_cannot_be_packed_is_refused(line: PackedLine, code: str) -> None:
    _, refusals = fill([ParcelDraft(lines=(line,))], available={1: TWO}, unpacked={1: TWO})
    assert [refusal.code for refusal in refusals] == [code]


def test_two_parcels_may_not_share_more_than_there_is() -> None:
    drafts = [ParcelDraft(lines=(PackedLine(position=1, quantity=TWO),)) for _ in range(2)]
    _, refusals = fill(drafts, available={1: TWO}, unpacked={1: TWO})
    assert [refusal.code for refusal in refusals] == ["more_than_ordered"]


def test_nothing_left_and_a_parcel_without_weight_are_refused() -> None:
    _, refusals = fill([ParcelDraft(weight_grams=0)], available={}, unpacked={1: ONE})
    assert [refusal.code for refusal in refusals] == ["bad_weight", "nothing_to_pack"]


@pytest.mark.parametrize(
    ("numbers", "code"),
    [(["1Z12345"], "wrong_count"), (["1Z12345", "1Z12345"], "same_number"), (["1Z12345", "1Z#"], "bad_number")],
)
def test_tracking_numbers_are_one_a_parcel_and_readable(numbers: list[str], code: str) -> None:
    assert [refusal.code for refusal in bad_numbers(numbers, 2)] == [code]
    assert bad_numbers(["1Z12345", "1Z12346"], 2) == []


def test_a_number_is_kept_without_the_spaces_and_dashes_of_its_label() -> None:
    assert tidy_number(" 1z 999-aa1 ") == "1Z999AA1"


@pytest.mark.clause("HND-2")
def test_the_table_of_shipments_has_no_trap_and_no_orphan() -> None:
    assert SHIPMENT.traps() == SHIPMENT.orphans() == frozenset()
    assert set(SHIPMENT.states) == set(State)


def test_after_the_hand_over_a_shipment_can_follow_its_parcels_from_anywhere_to_anywhere() -> None:
    for source in NEWS:
        assert all(SHIPMENT.allows(source, verb) for target, verb in NEWS.items() if target != source)
    assert not any(SHIPMENT.allows(State.PACKED, verb) for verb in NEWS.values())
