"""The list of orders: search, filters, pages."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from milepost.faces.desk import places
from milepost.faces.desk.lists.words import Listing
from milepost.faces.desk.tests.conftest import now, reference_of
from tests import cast

pytestmark = pytest.mark.django_db


def references_in(text: str) -> list[str]:
    return re.findall(r'class="code strong" href="/desk/orders/([^/]+)/"', text)


@pytest.fixture
def three() -> list[str]:
    """Ada's order, Bruno's order on hold, and one of Ada's with numbers of her own."""
    cast.stocked()
    drafts = [
        cast.draft(),
        cast.draft(customer=cast.BRUNO, payment_pending=True),
        cast.draft(external_ref="WEB-77", po_number="PO-9"),
    ]
    return [reference_of(order_id) for order_id in cast.ordered(*drafts, act=now())]


@pytest.mark.clause("INQ-1")
@pytest.mark.parametrize("spelling", [str, str.lower, lambda text: text.replace("-", " ")])
def test_a_reference_however_typed_leads_straight_to_its_order(spelling, three: list[str], mona: Client):
    answer = mona.get("/desk/orders/", {"q": spelling(three[0])})
    assert answer.headers["Location"] == f"/desk/orders/{three[0]}/"


def test_the_shops_number_leads_straight_to_its_order(three: list[str], mona: Client):
    assert mona.get("/desk/orders/", {"q": "WEB-77"}).headers["Location"] == f"/desk/orders/{three[2]}/"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"q": "bruno@keller.example"}, [1]),
        ({"q": "Ada"}, [2, 0]),
        ({"q": "PO-9"}, [2]),
        ({"show": "held"}, [1]),
        ({"state": "received"}, [1]),
        ({"state": "confirmed", "show": "all"}, [2, 0]),
        ({"q": "nobody@example.com"}, []),
        ({"state": "no such stage"}, [2, 1, 0]),
        ({"customer": "9" * 30}, [2, 1, 0]),
    ],
)
def test_the_list_is_narrowed_by_what_was_searched(search, found, three: list[str], mona: Client):
    assert references_in(mona.get("/desk/orders/", search).text) == [three[place] for place in found]


def test_a_list_without_hits_says_how_to_search(three: list[str], mona: Client):
    assert "No order is like that" in mona.get("/desk/orders/", {"q": "Zebra"}).text


def test_pages_follow_each_other_without_gap_or_repeat(three: list[str], mona: Client, monkeypatch):
    monkeypatch.setattr(Listing.page, "__defaults__", ("", 2))
    first = mona.get("/desk/orders/?show=all").text
    older = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert older is not None
    second = mona.get(older[1].replace("&amp;", "&")).text
    assert references_in(first) + references_in(second) == three[::-1]
    assert "after=" not in second.replace("Back", "").split("pager")[-1]


@pytest.mark.parametrize("place", ["x", "AAAA", "%00", places.spell("2026-01-01"), places.spell("no day", 3)])
def test_a_made_up_place_in_the_list_is_as_good_as_none(place: str, three: list[str], mona: Client):
    assert len(references_in(mona.get("/desk/orders/", {"after": place}).text)) == 3


def test_the_list_takes_as_many_statements_for_many_orders_as_for_one(mona: Client, django_assert_max_num_queries):
    cast.stocked()
    cast.ordered(*(replace(cast.draft(), external_ref=f"N-{number}") for number in range(30)), act=now())
    with django_assert_max_num_queries(8):
        assert len(references_in(mona.get("/desk/orders/").text)) == 30
