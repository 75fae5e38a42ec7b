"""The page on which customers choose what is done about lines that are short."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from milepost.ground.access import links
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.kernel.acts import Act
from milepost.way.cases import commands as cases
from milepost.way.cases import queries as offers
from milepost.way.cases.words import OfferState
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as read
from milepost.way.stock import commands as stock
from milepost.way.stock.words import StockReceipt, SupplyDraft
from tests import cast

pytestmark = pytest.mark.django_db
GREEN = "MUG-GREEN"


def act(actor: str = "key:1") -> Act:
    return Act.now(actor, channel="api", now=datetime.now(UTC))


@pytest.fixture
def items() -> dict[str, int]:
    items = cast.catalogue()
    green = ItemDraft(code=GREEN, name="Mug, green", unit="piece", price=Decimal("9.00"), currency="EUR")
    items[GREEN] = catalog.list_items([green], act=cast.SHOP)[0]
    catalog.replace(cast.MUG, [GREEN])
    bring(items[cast.KETTLE], 3)
    bring(items[GREEN], 3)
    return items


def bring(item_id: int, quantity: int) -> None:
    stock.receive_stock([StockReceipt(item_id=item_id, location="MAIN", quantity=Decimal(quantity))], act=act())


@pytest.fixture
def order_id(items: dict[str, int]) -> int:
    """Ada's order, of which the mugs are short, placed a moment ago."""
    return cast.ordered(act=act())[0]


def page_of(order_id: int, *, days_ago: int = 0) -> str:
    return f"/t/alternatives/{links.make('alternatives', order_id, now=timezone.now() - timedelta(days=days_ago))}/"


@pytest.mark.clause("STK-2")
@pytest.mark.clause("EXC-5")
def test_the_page_shows_each_choice_with_its_date_price_and_availability(items: dict[str, int], order_id: int) -> None:
    page = Client().get(page_of(order_id)).text
    for words in (
        "2 × <bdi>Mug, blue</bdi>", "Wait for it", "Our supplier has given us no date yet.", "Send the rest now",
        "Take <bdi>Mug, green</bdi> instead",
        "9.00 EUR each, 0.50 EUR more. In stock; we keep it aside for you.", "Cancel it", "We keep the order together",
    ):  # fmt: skip
        assert words in page, words
    due_on = cast.today() + timedelta(days=9)
    supply = SupplyDraft(item_id=items[cast.MUG], location="MAIN", quantity=Decimal(5), due_on=due_on)
    stock.expect_supply([supply], act=act())
    assert f'We expect it on <time datetime="{due_on.isoformat()}"' in Client().get(page_of(order_id)).text


@pytest.mark.clause("STK-2")
def test_a_choice_is_carried_out_and_the_page_says_what_is_done_however_often_it_is_sent(
    items: dict[str, int], order_id: int
) -> None:
    where = page_of(order_id)
    for _ in range(2):
        answer = Client().post(where, {"line_2": f"item:{items[GREEN]}"}, follow=True)
        assert answer.status_code == 200
        assert "You get Mug, green instead, at 9.00 EUR." in answer.text
        assert "Your order now costs 62.80 EUR in all." in answer.text
    another = Client().post(where, {"line_2": "cancel"})
    assert another.status_code == 409
    assert "Your choice has reached us already" in another.text
    assert [line.code for line in read.card(order_id).lines] == [cast.KETTLE, GREEN]


@pytest.mark.parametrize("said", [{}, {"line_2": ""}, {"line_2": "item:x"}, {"line_2": "moon"}, {"line_1": "wait"}])
def test_what_is_no_choice_is_asked_for_again(said: dict[str, str], order_id: int) -> None:
    answer = Client().post(page_of(order_id), said)
    assert answer.status_code == 422
    assert "Nothing is chosen for Mug, blue yet." in answer.text
    assert offers.latest_offers([order_id])[order_id].state is OfferState.OPEN


def test_what_went_to_others_cannot_be_picked_and_the_page_is_sorry(items: dict[str, int], order_id: int) -> None:
    stock.let_go([order_id], act=act())
    stock.lapse_reservations(act=act())
    lines = (replace(cast.draft().lines[0], code=GREEN, quantity=Decimal(3)),)
    cast.ordered(cast.draft(external_ref="other", lines=lines), act=act())
    assert "It cannot be had any more." in Client().get(page_of(order_id)).text
    answer = Client().post(page_of(order_id), {"line_2": f"item:{items[GREEN]}"})
    assert answer.status_code == 409
    assert "We are sorry: Mug, green cannot be had any more" in answer.text


def test_when_it_came_first_the_page_says_so(items: dict[str, int], order_id: int) -> None:
    where = page_of(order_id)
    bring(items[cast.MUG], 2)
    assert "what was missing has come in" in Client().get(where).text
    answer = Client().post(where, {"line_2": "cancel"})
    assert answer.status_code == 409
    assert not read.card(order_id).lines[1].cancelled


def test_after_the_deadline_the_page_says_what_is_done(order_id: int) -> None:
    offer = offers.latest_offers([order_id])[order_id]
    late = Act.now("system:clock", channel="worker", now=offer.deadline_at + timedelta(seconds=1))
    cases.lapse_offers(act=late)
    page = Client().get(page_of(order_id)).text
    assert "We have not heard from you, so this is what we do:" in page
    assert "We wait for it and send everything together." in page


def test_of_a_cancelled_order_nothing_can_be_chosen(order_id: int) -> None:
    orders.cancel([order_id], reason_code="customer", act=act())
    assert "This order was cancelled." in Client().get(page_of(order_id)).text


def test_links_that_are_no_good_are_answered_kindly(order_id: int) -> None:
    track = links.make("track", order_id, now=timezone.now())
    (other,) = cast.ordered(cast.draft(external_ref="x", lines=cast.draft().lines[:1]), act=act())
    for where in ("/t/alternatives/dead/", f"/t/alternatives/{track}/", page_of(other)):
        answer = Client().get(where)
        assert (answer.status_code, "This link leads nowhere." in answer.text) == (404, True)
    expired = Client().post(page_of(order_id, days_ago=400), {"line_2": "cancel"})
    assert (expired.status_code, expired.content) == (404, Client().get("/t/alternatives/dead/").content)
    assert not read.card(order_id).lines[1].cancelled


def test_the_page_shows_nobodys_name_and_keeps_its_address_to_itself(order_id: int) -> None:
    answer = Client().get(page_of(order_id))
    for secret in ("Okafor", "Lindenstra", "10969", "okafor.example"):
        assert secret not in answer.text
    assert not answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "mailto:help@milepost.example" in answer.text
