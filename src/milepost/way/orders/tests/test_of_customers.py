"""What a customer ordered before, and where it went."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.kernel.acts import Act
from milepost.way.orders import queries
from tests import cast

pytestmark = pytest.mark.django_db


def at(hours: int) -> Act:
    return Act.now("key:1", channel="api", now=cast.MONDAY + timedelta(hours=hours))


def customer_of(order_id: int) -> int:
    return queries.contacts([order_id])[order_id].customer_id


def test_a_customer_s_orders_come_newest_first_page_by_page_and_nobody_else_s() -> None:
    cast.stocked()
    mine = [cast.ordered(cast.draft(), act=at(hour))[0] for hour in range(5)]
    (theirs,) = cast.ordered(cast.draft(customer=cast.BRUNO), act=at(2))
    who = [customer_of(mine[0])]
    first = queries.of_customers(who, limit=3)
    rest = queries.of_customers(who, after=(first[-1].received_at, first[-1].id), limit=3)
    assert [card.id for card in (*first, *rest)] == mine[::-1]
    assert [card.id for card in queries.of_customers([customer_of(theirs)])] == [theirs]
    assert queries.of_customers([]) == []


def test_addresses_are_offered_once_each_the_latest_first() -> None:
    cast.stocked()
    office = replace(cast.BERLIN, company="Okafor & Co", street="Torstraße 1")
    orders = [cast.draft(), cast.draft(ship_to=office), cast.draft(), cast.draft(ship_to=office), cast.draft()]
    ids = [cast.ordered(one, act=at(hour))[0] for hour, one in enumerate(orders)]
    assert queries.addresses_of([customer_of(ids[0])]) == [cast.BERLIN, office]
    assert queries.addresses_of([customer_of(ids[0])], limit=1) == [cast.BERLIN]


@pytest.mark.parametrize("read", [queries.of_customers, queries.addresses_of])
def test_a_customer_s_past_is_read_by_the_index(read) -> None:
    cast.stocked()
    (mine,) = cast.ordered()
    with CaptureQueriesContext(connection) as asked:
        assert read([customer_of(mine)])
    assert len(asked) == 2
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked.captured_queries[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "orders_order_by_customer" in plan, plan
