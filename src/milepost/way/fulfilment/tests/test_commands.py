"""What the warehouse does with an order, on a real database."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.journal import queries as journal
from milepost.kernel.refusals import Refused
from milepost.way.fulfilment import commands, queries
from milepost.way.fulfilment.numbers import is_s10
from milepost.way.fulfilment.words import PackedLine, Packing, ParcelDraft, Shipping, State
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as order_queries
from milepost.way.stock import queries as stock
from tests import cast

pytestmark = pytest.mark.django_db

ONE, TWO = Decimal(1), Decimal(2)
KETTLE = ParcelDraft(lines=(PackedLine(position=1, quantity=ONE),), weight_grams=900)
MUGS = ParcelDraft(lines=(PackedLine(position=2, quantity=TWO),), weight_grams=700)


def order() -> int:
    """Ada's order of a kettle and two mugs, confirmed and on the warehouse's desk."""
    cast.stocked()
    return cast.ordered()[0]


def refused(*packings: Packing) -> list[tuple[int | None, str]]:
    with pytest.raises(Refused) as caught:
        commands.pack(packings, act=cast.OMAR)
    return [(refusal.index, refusal.code) for refusal in caught.value.refusals]


def state_of(order_id: int) -> str:
    return order_queries.states([order_id])[order_id]


@pytest.mark.clause("HND-1")
def test_a_confirmed_order_lies_on_the_warehouses_desk() -> None:
    order_id = order()
    release = queries.releases([order_id])[order_id]
    assert (release.released_at, release.picked_at, release.shipped_at) == (cast.MONDAY, None, None)


@pytest.mark.clause("HND-2")
def test_picking_begins_the_processing_and_picking_again_changes_nothing() -> None:
    order_id = order()
    commands.pick([order_id], act=cast.OMAR)
    before = len(journal.story(order_id))
    commands.pick([order_id], act=cast.OMAR)
    assert state_of(order_id) == "processing"
    assert len(journal.story(order_id)) == before


@pytest.mark.clause("HND-2")
def test_packing_all_of_an_order_in_two_boxes_makes_it_packed() -> None:
    order_id = order()
    (shipment_id,) = commands.pack([Packing(order_id=order_id, parcels=(KETTLE, MUGS))], act=cast.OMAR)
    shipment = queries.shipment(shipment_id)
    assert shipment is not None
    assert (shipment.state, shipment.complete, shipment.number) == (State.PACKED, True, 1)
    assert [parcel.lines for parcel in shipment.parcels] == [((1, cast.KETTLE, ONE),), ((2, cast.MUG, TWO),)]
    assert state_of(order_id) == "packed"


def test_a_part_that_is_packed_leaves_the_order_in_processing_until_the_rest_is() -> None:
    order_id = order()
    commands.pack([Packing(order_id=order_id, parcels=(KETTLE,))], act=cast.OMAR)
    assert state_of(order_id) == "processing"
    commands.pack([Packing(order_id=order_id)], act=cast.OMAR)
    shipments = queries.shipments_of([order_id])[order_id]
    assert [(s.number, s.complete) for s in shipments] == [(1, False), (2, True)]
    assert shipments[1].parcels[0].lines == ((2, cast.MUG, TWO),)
    assert state_of(order_id) == "packed"


@pytest.mark.clause("TRK-1")
def test_shipping_gives_each_parcel_a_number_of_ours_and_takes_the_goods_out_of_stock() -> None:
    order_id = order()
    before = stock.of_lines([order_id])[order_id][1]
    commands.pack([Packing(order_id=order_id, parcels=(KETTLE, MUGS))], act=cast.OMAR)
    commands.ship([Shipping(order_id=order_id)], act=cast.OMAR)
    (shipment,) = queries.shipments_of([order_id])[order_id]
    numbers = [parcel.tracking_number for parcel in shipment.parcels]
    assert len(set(numbers)) == 2
    assert all(is_s10(number) for number in numbers)
    after = stock.of_lines([order_id])[order_id][1]
    assert (before.allocated, before.shipped, after.allocated, after.shipped) == (1, 0, 0, 1)
    assert state_of(order_id) == "shipped"


@pytest.mark.clause("TRK-1")
def test_the_carriers_number_is_kept_tidy_and_finds_its_order() -> None:
    order_id = order()
    commands.ship(
        [Shipping(order_id=order_id, carrier="ups", service="ground", tracking_numbers=("1z 999 aa1-01",))],
        act=cast.OMAR,
    )
    (shipment,) = queries.shipments_of([order_id])[order_id]
    assert (shipment.carrier, shipment.parcels[0].tracking_number) == ("ups", "1Z999AA101")
    assert queries.orders_by_number("1Z 999 AA1 01") == [order_id]
    assert queries.orders_by_number("1Z999AA102") == []


def test_two_orders_may_bear_the_same_recycled_number_of_a_carrier() -> None:
    cast.stocked()
    first, second = cast.ordered(cast.draft(), cast.draft(external_ref="again"))
    for order_id in (first, second):
        commands.ship([Shipping(order_id=order_id, carrier="ups", tracking_numbers=("1Z999AA101",))], act=cast.OMAR)
    assert queries.orders_by_number("1Z999AA101") == [second, first]


def test_what_is_shipped_in_parts_is_shipped_when_the_last_part_has_left() -> None:
    order_id = order()
    for parcel in (KETTLE, MUGS):
        commands.pack([Packing(order_id=order_id, parcels=(parcel,))], act=cast.OMAR)
    first, second = queries.shipments_of([order_id])[order_id]
    commands.ship([Shipping(order_id=order_id, shipment_id=first.id)], act=cast.OMAR)
    assert state_of(order_id) == "packed"
    commands.ship([Shipping(order_id=order_id, shipment_id=second.id)], act=cast.OMAR)
    assert state_of(order_id) == "shipped"
    told = [entry.data["complete"] for entry in journal.story(order_id) if entry.kind == "ShipmentShipped"]
    assert told == [False, True]


def test_both_parts_shipped_in_one_go_are_complete_once() -> None:
    order_id = order()
    for parcel in (KETTLE, MUGS):
        commands.pack([Packing(order_id=order_id, parcels=(parcel,))], act=cast.OMAR)
    commands.ship([Shipping(order_id=order_id)], act=cast.OMAR)
    told = [entry.data["complete"] for entry in journal.story(order_id) if entry.kind == "ShipmentShipped"]
    assert sorted(told) == [False, True]
    assert state_of(order_id) == "shipped"


@pytest.mark.clause("STK-2")
def test_what_waits_for_stock_stays_behind_and_keeps_the_order_open() -> None:
    cast.stocked(quantity=1)
    (order_id,) = cast.ordered()
    commands.ship([Shipping(order_id=order_id)], act=cast.OMAR)
    (shipment,) = queries.shipments_of([order_id])[order_id]
    assert shipment.parcels[0].lines == ((1, cast.KETTLE, ONE), (2, cast.MUG, ONE))
    assert not shipment.complete
    assert state_of(order_id) == "processing"
    with pytest.raises(Refused, match="waits for stock"):
        commands.ship([Shipping(order_id=order_id)], act=cast.OMAR)


def test_what_is_refused_is_told_by_its_place_and_nothing_of_the_batch_is_written() -> None:
    good = order()
    too_much = ParcelDraft(lines=(PackedLine(position=1, quantity=TWO),))
    assert refused(Packing(order_id=good), Packing(order_id=987654)) == [(1, "not_released")]
    assert refused(Packing(order_id=good), Packing(order_id=good)) == [(1, "twice_in_batch")]
    assert refused(Packing(order_id=good, parcels=(too_much,))) == [(0, "more_than_ordered")]
    assert queries.shipments_of([good]) == {}


def test_a_shipped_order_cannot_be_packed_or_shipped_again() -> None:
    order_id = order()
    commands.ship([Shipping(order_id=order_id)], act=cast.OMAR)
    assert refused(Packing(order_id=order_id)) == [(0, "not_released")]
    with pytest.raises(Refused) as caught:
        commands.ship([Shipping(order_id=order_id)], act=cast.OMAR)
    assert caught.value.status == 409


@pytest.mark.parametrize(
    ("numbers", "code"), [(("1Z1", "1Z2", "1Z3"), "wrong_count"), (("1Z$$$$",), "bad_number"), (("x",), "bad_number")]
)
def test_bad_tracking_numbers_are_refused(numbers: tuple[str, ...], code: str) -> None:
    order_id = order()
    with pytest.raises(Refused) as caught:
        commands.ship([Shipping(order_id=order_id, carrier="ups", tracking_numbers=numbers)], act=cast.OMAR)
    assert caught.value.refusals[0].code == code
    assert state_of(order_id) == "confirmed"


def test_a_shipment_of_another_order_is_not_shipped_by_mistake() -> None:
    cast.stocked()
    mine, other = cast.ordered(cast.draft(), cast.draft(external_ref="other"))
    (shipment_id,) = commands.pack([Packing(order_id=other)], act=cast.OMAR)
    with pytest.raises(Refused) as caught:
        commands.ship([Shipping(order_id=mine, shipment_id=shipment_id)], act=cast.OMAR)
    assert caught.value.refusals[0].code == "no_shipment"


def test_what_stands_packed_can_be_taken_apart_and_packed_anew_but_not_what_has_left() -> None:
    order_id = order()
    (first,) = commands.pack([Packing(order_id=order_id)], act=cast.OMAR)
    commands.cancel_shipments([first], act=cast.OMAR)
    (second,) = commands.pack([Packing(order_id=order_id, parcels=(KETTLE, MUGS))], act=cast.OMAR)
    commands.ship([Shipping(order_id=order_id)], act=cast.OMAR)
    assert [s.state for s in queries.shipments_of([order_id])[order_id]] == [State.CANCELLED, State.SHIPPED]
    with pytest.raises(Refused, match="cannot cancel"):
        commands.cancel_shipments([second], act=cast.OMAR)


def test_a_cancelled_order_leaves_the_desk_and_its_parcels_are_taken_apart() -> None:
    order_id = order()
    commands.pack([Packing(order_id=order_id)], act=cast.OMAR)
    orders.cancel([order_id], reason_code="customer", act=cast.OMAR)
    assert queries.shipments_of([order_id])[order_id][0].state == State.CANCELLED
    assert refused(Packing(order_id=order_id)) == [(0, "not_released")]


def test_fifty_orders_are_packed_and_shipped_in_as_many_statements_as_fifteen() -> None:
    cast.stocked(quantity=1000)
    few, many = (cast.ordered(*(cast.draft(external_ref=f"{n}-{i}") for i in range(n))) for n in (15, 50))
    counts = []
    for order_ids in (few, many):
        with CaptureQueriesContext(connection) as caught:
            commands.ship([Shipping(order_id=order_id) for order_id in order_ids], act=cast.OMAR)
        counts.append(len(caught))
    assert counts[1] <= counts[0]


@pytest.mark.clause("RECD-1")
def test_the_delivery_note_lists_what_lies_in_the_shipment_and_no_more() -> None:
    order_id = order()
    (shipment_id,) = commands.pack([Packing(order_id=order_id, parcels=(MUGS,))], act=cast.OMAR)
    note = queries.delivery_note(shipment_id)
    assert note is not None
    assert [(line.code, line.name, line.quantity) for line in note.lines] == [(cast.MUG, "Mug, blue", TWO)]
    assert note.ship_to == ("Ada Okafor", "Lindenstraße 9", "10969 Berlin", "DE")
    assert (note.weight_grams, note.parcels) == (700, ())
    assert queries.delivery_note(shipment_id + 1) is None
