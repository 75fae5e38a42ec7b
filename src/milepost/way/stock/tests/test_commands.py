"""Stock on real PostgreSQL: sums agree, nothing is oversold, and what was short is filled."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from milepost.ground.journal import queries as journal
from milepost.kernel.refusals import Refused
from milepost.way.stock import commands, queries
from milepost.way.stock.models import Allocation, Backorder, Level, Movement
from milepost.way.stock.words import Leaving, MovementKind, StockReceipt
from tests import cast

pytestmark = pytest.mark.django_db


def bring(item_id: int, quantity: int, *, kind: MovementKind = MovementKind.RECEIPT) -> None:
    commands.receive_stock(
        [StockReceipt(item_id=item_id, location="MAIN", quantity=Decimal(quantity), kind=kind)], act=cast.SHOP
    )


def levels() -> dict[int, tuple[Decimal, Decimal]]:
    return {row.item_id: (row.on_hand, row.allocated) for row in Level.objects.all()}


@pytest.mark.clause("STK-1")
def test_an_order_ties_stock_to_every_line() -> None:
    items = cast.stocked(10)
    (order_id,) = cast.ordered()
    assert levels()[items[cast.KETTLE]] == (10, 1)
    assert levels()[items[cast.MUG]] == (10, 2)
    assert queries.of_lines([order_id])[order_id][2].allocated == 2
    assert "StockAllocated" in {told.kind for told in journal.story(order_id)}


@pytest.mark.clause("STK-2")
def test_what_is_short_is_backordered_and_filled_when_it_comes_oldest_first() -> None:
    items = cast.stocked(1)
    first, second, third = cast.ordered(cast.draft(), cast.draft(customer=cast.BRUNO), cast.draft(po_number="P-3"))
    assert queries.of_lines([second])[second][1].short == 1
    bring(items[cast.KETTLE], 1)
    assert queries.of_lines([second])[second][1].short == 0
    assert queries.of_lines([third])[third][1].short == 1
    assert queries.of_lines([first])[first][1].allocated == 1
    assert "BackordersFilled" in {told.kind for told in journal.story(second)}


def test_a_partly_filled_backorder_waits_for_the_rest() -> None:
    items = cast.catalogue()
    bring(items[cast.KETTLE], 1)
    (order_id,) = cast.ordered()
    bring(items[cast.MUG], 1)
    assert queries.of_lines([order_id])[order_id][2].short == 1
    assert queries.of_lines([order_id])[order_id][2].allocated == 1


def test_what_leaves_is_no_longer_on_hand_nor_allocated() -> None:
    items = cast.stocked(10)
    (order_id,) = cast.ordered()
    commands.ship_out([Leaving(order_id=order_id, position=2, quantity=Decimal(1))], act=cast.OMAR)
    assert levels()[items[cast.MUG]] == (9, 1)
    commands.ship_out([Leaving(order_id=order_id, position=2, quantity=Decimal(1))], act=cast.OMAR)
    assert levels()[items[cast.MUG]] == (8, 0)
    assert queries.of_lines([order_id])[order_id][2].shipped == 2


def test_no_more_leaves_than_is_tied_to_the_line() -> None:
    cast.stocked(10)
    (order_id,) = cast.ordered()
    with pytest.raises(Refused) as refused:
        commands.ship_out([Leaving(order_id=order_id, position=2, quantity=Decimal(3))], act=cast.OMAR)
    assert refused.value.refusals[0].code == "not_allocated"


def test_a_cancelled_order_frees_its_stock() -> None:
    from milepost.way.orders import commands as orders

    items = cast.stocked(2)
    (order_id,) = cast.ordered()
    orders.cancel([order_id], reason_code="customer", act=cast.OMAR)
    assert levels()[items[cast.MUG]] == (2, 0)
    assert set(Allocation.objects.values_list("state", flat=True)) == {"released"}


def test_a_count_may_not_leave_less_than_is_tied_to_orders() -> None:
    items = cast.stocked(1)
    cast.ordered(cast.draft(lines=cast.draft().lines[:1]))
    with pytest.raises(Refused) as refused:
        bring(items[cast.KETTLE], -1, kind=MovementKind.COUNT)
    assert refused.value.refusals[0].code == "less_than_allocated"


@pytest.mark.clause("STK-1")
@pytest.mark.django_db(transaction=True)
def test_eight_buyers_at_once_never_get_more_than_there_is() -> None:
    items = cast.stocked(10)

    def buy(number: int) -> None:
        try:
            for turn in range(3):
                cast.ordered(cast.draft(po_number=f"P-{number}-{turn}", lines=cast.draft().lines[:1]))
        finally:
            connection.close()

    buyers = [threading.Thread(target=buy, args=(number,)) for number in range(8)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()
    assert levels()[items[cast.KETTLE]] == (10, 10)
    assert sum(Allocation.objects.values_list("quantity", flat=True)) == 10
    assert sum(Backorder.objects.values_list("quantity", flat=True)) == 14
    assert sum(Movement.objects.filter(item_id=items[cast.KETTLE]).values_list("quantity", flat=True)) == 10
