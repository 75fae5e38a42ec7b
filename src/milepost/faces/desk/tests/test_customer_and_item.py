"""What a customer's page and an item's page tell."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from milepost.faces.desk import customer_page, item_page
from milepost.faces.desk.tests.conftest import SignedIn, now, reference_of
from milepost.ground.catalog import commands as catalog
from milepost.ground.parties import commands as parties
from milepost.ground.parties.words import ConsentClass, ConsentDraft, ConsentSource, StopReason
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as order_reads
from milepost.way.stock import commands as stock
from milepost.way.stock.words import SupplyDraft
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(db: None) -> list[int]:
    """Two orders of Ada's, the second cancelled."""
    cast.stocked(1000)
    made = cast.ordered(cast.draft(), cast.draft(), act=now())
    orders.cancel(made[1:], reason_code="other", act=now())
    return made


def ada(order_ids: list[int]) -> int:
    return order_reads.contacts(order_ids)[order_ids[0]].customer_id


@pytest.mark.clause("INQ-1")
def test_who_a_customer_is_and_all_that_we_have_with_them(two: list[int], mona: Client) -> None:
    page = mona.get(f"/desk/customers/{ada(two)}/").text
    opened, past = page.split("Past orders")
    assert reference_of(two[0]) in opened
    assert reference_of(two[1]) in past
    for told in ("ada@okafor.example", "tel:+4930901820", "Lindenstraße 9", "Europe/Berlin", "Cancellation"):
        assert told in page
    assert "none is set" in page


def test_blocks_credit_consents_and_stopped_channels_are_told(two: list[int], mona: Client) -> None:
    customer = ada(two)
    parties.block(customer, act=now().because("Two parcels were never paid"))
    parties.set_credit(customer, Decimal(10), "EUR", act=now())
    draft = ConsentDraft(
        customer_id=customer, consent_class=ConsentClass.MARKETING, channel="email", source=ConsentSource.STAFF
    )
    parties.withdraw_consent([draft], act=now())
    parties.stop_channel("email", [cast.ADA.email], reason=StopReason.BOUNCED, detail="550 no such user", act=now())
    page = mona.get(f"/desk/customers/{customer}/").text
    for told in ("Blocked", "Two parcels were never paid", "Over the credit limit", "Marketing", "550 no such user"):
        assert told in page


def test_a_customer_without_orders_is_told_what_stands_there(mona: Client) -> None:
    customer = parties.register([cast.BRUNO], act=now())[0]
    page = mona.get(f"/desk/customers/{customer}/").text
    assert "Nothing is open." in page
    assert "They were told nothing yet" in page


def test_what_there_is_of_an_item_who_waits_and_what_comes(mona: Client) -> None:
    items = cast.stocked(1)
    first, second = cast.ordered(cast.draft(), cast.draft(), act=now())
    stock.expect_supply(
        [SupplyDraft(item_id=items[cast.KETTLE], location="MAIN", quantity=Decimal(5), due_on=date(2030, 1, 7))],
        act=now(),
    )
    page = mona.get(f"/desk/items/{items[cast.KETTLE]}/").text
    assert reference_of(first) not in page
    assert reference_of(second) in page
    assert "7 Jan 2030" in page
    assert "39.90" in page
    gathered = item_page.gather(items[cast.KETTLE])
    assert gathered is not None
    assert (gathered.on_hand, gathered.allocated, gathered.free) == (1, 1, 0)
    assert (gathered.waiting_lines, gathered.waiting_quantity, gathered.coming) == (1, 1, 5)


def test_what_may_stand_in_is_told_with_what_is_free_of_it(mona: Client) -> None:
    items = cast.stocked(7)
    catalog.replace(cast.KETTLE, [cast.MUG])
    page = mona.get(f"/desk/items/{items[cast.KETTLE]}/").text
    assert f'href="/desk/items/{items[cast.MUG]}/"' in page
    assert "7 free" in " ".join(page.split())


def test_unknown_ones_are_not_found(mona: Client) -> None:
    for address in ("customers/999999", f"customers/{10**30}", "items/999999", f"items/{10**30}"):
        assert mona.get(f"/desk/{address}/").status_code == 404


@pytest.mark.clause("ROL-1")
def test_a_driver_reads_neither(two: list[int], signed_in: SignedIn) -> None:
    assert signed_in("driver").get(f"/desk/customers/{ada(two)}/").status_code == 403
    assert signed_in("driver").get("/desk/items/1/").status_code == 403


def test_however_many_orders_there_are_the_pages_take_as_many_statements(
    two: list[int], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    customer, item = ada(two), cast.catalogue()[cast.KETTLE]
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(30) as asked:
            assert customer_page.gather(customer, now=now().at)
        first = len(asked)
        with django_assert_max_num_queries(30) as asked:
            assert item_page.gather(item)
        counts.append((first, len(asked)))
        cast.ordered(*[cast.draft() for _ in range(5)], act=now())
    assert counts[0][0] == counts[1][0] <= 12
    assert counts[0][1] == counts[1][1] <= 10
