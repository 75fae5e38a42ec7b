"""The portal of customers who have signed in."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client

from milepost.faces.portal.tests.signing_in import signed_in
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.kernel.acts import Act
from milepost.way.intake.models import OrderRequest
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard, State
from tests import cast

pytestmark = pytest.mark.django_db

NEW = "/shop/orders/new/"
KETTLE = {"line-0-item": "KETTLE-1", "line-0-quantity": "2"}


def act() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


def reference(order_id: int) -> str:
    return orders.contacts([order_id])[order_id].reference


@pytest.fixture
def hers(db: None) -> str:
    """Ada's order of a kettle and two mugs."""
    cast.stocked()
    return reference(cast.ordered(act=act())[0])


@pytest.fixture
def his(hers: str) -> str:
    """Bruno's order of tea."""
    tea = cast.draft(customer=cast.BRUNO, lines=(cast.LineDraft(code=cast.TEA, quantity=Decimal(3)),))
    return reference(cast.ordered(tea, act=act())[0])


@pytest.fixture
def ada(hers: str, his: str) -> Client:
    return signed_in()


def field(page: str, name: str) -> str:
    found = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*?(?:value="([^"]*)"[^>]*>|>\s*([^<]*)<)', page)
    return (found[1] or found[2] or "").strip() if found else ""


def form(page: HttpResponse) -> dict[str, str]:
    """All fields of the order form as they stand on the page."""
    text = page.content.decode().partition('id="entry"')[2].partition("<template")
    names = re.findall(r'<(?:input|textarea|select)[^>]*?name="([^"]+)"', text[0] + text[2].partition("</template>")[2])
    filled = {name: field(page.content.decode(), name) for name in names}
    country = re.search(r'<option value="([A-Z]{2})" selected', page.content.decode())
    return {**filled, "ship_country": country[1] if country else ""}


def do(client: Client, what: str, typed: dict[str, str]) -> Any:
    return client.post(NEW, {**typed, "do": what})


def placed(client: Client, typed: dict[str, str]) -> OrderCard:
    response = do(client, "place", typed)
    assert response.status_code == 302, response.content.decode()
    number = orders.find(response["Location"].split("/")[3])
    assert number is not None
    card = orders.card(number)
    assert card
    return card


@pytest.mark.clause("INQ-4")
class TestMyOrders:
    def test_are_listed_newest_first_with_their_tracking_page(self, ada: Client, hers: str) -> None:
        page = ada.get("/shop/").content.decode()
        assert f"/shop/orders/{hers}/" in page
        track = re.search(r'href="(/t/[^"]+)"', page)
        assert track
        assert Client().get(track[1]).status_code == 200

    def test_are_mine_alone(self, ada: Client, hers: str, his: str) -> None:
        page = ada.get("/shop/").content.decode()
        assert his not in page
        assert "Bruno" not in page
        assert ada.get(f"/shop/orders/{hers}/").status_code == 200
        for path in (f"/shop/orders/{his}/", f"{NEW}?again={his}", "/shop/orders/MP-NONE-0/", f"{NEW}?again=nothing"):
            assert (path, ada.get(path).status_code) == (path, 404)

    def test_somebody_else_s_order_looks_like_none(self, ada: Client, his: str) -> None:
        theirs, none = (ada.get(f"/shop/orders/{name}/").content for name in (his, "MP-NONE-0"))
        assert theirs == none

    def test_are_those_of_all_who_share_the_address(self, ada: Client, hers: str) -> None:
        office = cast.CustomerDraft(external_ref="C-9", name="Okafor & Co", email=cast.ADA.email)
        (second,) = cast.ordered(cast.draft(customer=office), act=act())
        page = ada.get("/shop/").content.decode()
        assert hers in page
        assert reference(second) in page

    def test_show_prices_address_and_the_expected_day(self, ada: Client, hers: str) -> None:
        page = ada.get(f"/shop/orders/{hers}/").content.decode()
        for said in ("61.80 EUR", "KETTLE-1", "Lindenstraße 9", "Expected"):
            assert said in page

    def test_an_odd_reference_is_brought_in_order(self, ada: Client, hers: str) -> None:
        assert ada.get(f"/shop/orders/{hers.lower()}/").status_code == 200

    def test_older_ones_stand_on_the_next_page(self, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("milepost.faces.portal.shop.ON_ONE_PAGE", 2)
        for _ in range(2):
            cast.ordered(act=act())
        page = ada.get("/shop/").content.decode()
        older = re.search(r'href="(\?after=[^"]+)"', page)
        assert older
        assert len(re.findall(r'<a class="code strong"', page)) == 2
        assert len(re.findall(r'<a class="code strong"', ada.get("/shop/" + older[1]).content.decode())) == 1


@pytest.mark.clause("REC-1")
@pytest.mark.clause("REC-3")
class TestOrdering:
    def test_something_new_is_ordered_with_the_address_of_the_last_order(self, ada: Client) -> None:
        typed = form(ada.get(NEW))
        assert (typed["ship_city"], typed["phone"], typed["ship_country"]) == ("Berlin", "+49 30 901820", "DE")
        order = placed(ada, {**typed, **KETTLE, "po_number": "PO 12", "instructions": "leave with the neighbour"})
        assert (order.channel, order.state, order.email) == ("portal", State.CONFIRMED, cast.ADA.email)
        assert (order.po_number, order.instructions, order.ship_to) == (
            "PO 12",
            "leave with the neighbour",
            cast.BERLIN,
        )
        assert [(line.code, line.quantity, line.unit_price) for line in order.lines] == [
            ("KETTLE-1", 2, Decimal("39.90"))
        ]
        request = OrderRequest.objects.get(order_id=order.id)
        original = orjson.loads(bytes(request.raw))
        assert original["ordered_by"] == f"customer:{order.customer_id}"
        assert original["form"]["po_number"] == "PO 12"
        assert request.sender == cast.ADA.email
        assert request.origins["ship_to.city"]["from"] == "record"
        assert "lines.0.code" not in request.origins

    def test_the_confirmation_names_the_reference(self, ada: Client) -> None:
        response = do(ada, "place", {**form(ada.get(NEW)), **KETTLE})
        page = ada.get(response["Location"]).content.decode()
        assert "Thank you. Your order has arrived." in page
        assert response["Location"].split("/")[3] in page

    def test_again_what_was_ordered_before_at_today_s_prices(self, ada: Client, hers: str) -> None:
        catalog.list_items([item("MUG-BLUE", "9.20"), item("KETTLE-1", "39.90")], act=act())
        page = ada.get(NEW, {"again": hers})
        assert "Another price than last time:" in page.content.decode()
        assert "9.20 EUR" in page.content.decode()
        order = placed(ada, form(page))
        assert [(line.code, line.quantity, line.unit_price) for line in order.lines] == [
            ("KETTLE-1", 1, Decimal("39.90")), ("MUG-BLUE", 2, Decimal("9.20")),
        ]  # fmt: skip
        assert order.ship_to == cast.BERLIN

    def test_what_is_not_sold_any_more_is_said_and_left_out(self, ada: Client, hers: str) -> None:
        catalog.list_items([item("MUG-BLUE", "8.50", active=False)], act=act())
        page = ada.get(NEW, {"again": hers})
        assert "Not to be had any more:" in page.content.decode()
        assert "Mug, blue" in page.content.decode()
        assert [line.code for line in placed(ada, form(page)).lines] == ["KETTLE-1"]

    def test_nobody_sets_their_own_price(self, ada: Client) -> None:
        order = placed(
            ada, {**form(ada.get(NEW)), **KETTLE, "line-0-price": "0.01", "freight": "0", "payment_reference": "paid"}
        )
        assert order.lines[0].unit_price == Decimal("39.90")
        assert order.payment_reference == ""

    def test_nobody_orders_in_another_s_name(self, ada: Client, his: str) -> None:
        bruno = orders.card(orders.find(his)).customer_id
        order = placed(ada, {**form(ada.get(NEW)), **KETTLE, "customer_id": str(bruno)})
        assert order.customer_id != bruno
        assert order.email == cast.ADA.email

    def test_the_catalogue_is_searched_and_items_are_added_without_scripts(self, ada: Client) -> None:
        page = do(ada, "search", {**form(ada.get(NEW)), "q": "mug"}).content.decode()
        assert 'value="add:MUG-BLUE"' in page
        once = do(ada, "add:MUG-BLUE", form(ada.get(NEW)))
        twice = form(do(ada, "add:MUG-BLUE", form(once)))
        assert (twice["line-0-item"], twice["line-0-quantity"]) == ("MUG-BLUE", "2")
        assert "Nothing is called like that." in do(ada, "search", {**form(once), "q": "trampoline"}).content.decode()

    def test_stock_is_told_in_words_and_the_date_with_it(self, ada: Client) -> None:
        page = ada.post(
            f"{NEW}reckoning/", {**form(ada.get(NEW)), "line-0-item": "TEA-500", "line-0-quantity": "500"}
        ).content.decode()
        assert "to come" in page
        assert "97 in stock," in page
        assert re.search(r"Would arrive</dt><dd><time", page)

    def test_earlier_addresses_are_the_address_book(self, ada: Client) -> None:
        cast.ordered(
            cast.draft(
                ship_to=cast.Address(name="Ada", street="Hof 2", postal_code="20095", city="Hamburg", country="DE")
            ),
            act=act(),
        )
        page = ada.get(NEW)
        assert "Hof 2, 20095 Hamburg" in page.content.decode()
        assert form(page)["ship_city"] == "Hamburg"
        assert form(do(ada, "use_address:1", form(page)))["ship_city"] == "Berlin"

    def test_what_is_not_certain_is_asked_back(self, ada: Client) -> None:
        refused = do(ada, "place", {**form(ada.get(NEW)), "line-0-item": "kettl", "line-0-quantity": "1"})
        assert refused.status_code == 422
        assert "There is no item “kettl”" in refused.content.decode()

    def test_a_double_click_orders_once(self, ada: Client) -> None:
        typed = {**form(ada.get(NEW)), **KETTLE}
        first, second = do(ada, "place", typed), do(ada, "place", typed)
        assert first["Location"] == second["Location"]
        changed = do(ada, "place", {**typed, "line-0-quantity": "7"})
        assert changed["Location"] == first["Location"].replace("placed", "before")
        assert "You had sent this form before" in ada.get(changed["Location"]).content.decode()
        assert OrderRequest.objects.filter(channel="portal").count() == 1

    def test_what_we_ask_about_an_order_is_answered_from_its_page(self, ada: Client) -> None:
        order = placed(ada, {**form(ada.get(NEW)), "line-0-item": "KETTLE-1", "line-0-quantity": "40"})
        page = ada.get(f"/shop/orders/{order.reference}/").content.decode()
        asked = re.search(r'href="(/t/questions/[^"]+)"', page)
        assert asked
        assert "40" in Client().get(asked[1]).content.decode()

    def test_a_blocked_customer_s_order_waits(self, ada: Client, hers: str) -> None:
        from milepost.ground.parties import commands as parties

        customer_id = orders.card(orders.find(hers)).customer_id
        parties.block(customer_id, act=act().because("unpaid"))
        order = placed(ada, {**form(ada.get(NEW)), **KETTLE})
        assert order.state == State.RECEIVED
        page = ada.get(f"/shop/orders/{order.reference}/").content.decode()
        assert "unpaid" not in page


def test_every_page_of_the_shop_asks_who_is_there(ada: Client, hers: str) -> None:
    nobody = Client()
    for path in ("/shop/", NEW, f"/shop/orders/{hers}/", f"{NEW}items/?line-0-item=mug", f"{NEW}?again={hers}"):
        response = nobody.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/shop/sign-in/")
    for path in (NEW, f"{NEW}reckoning/"):
        assert nobody.post(path, {"do": "place", **KETTLE}).status_code == 302
    partly = nobody.get(f"{NEW}items/?line-0-item=mug", headers={"HX-Request": "true"})
    assert (partly.status_code, partly["HX-Redirect"]) == (204, "/shop/sign-in/")
    assert not OrderRequest.objects.filter(channel="portal").exists()


def test_forms_of_the_shop_are_refused_without_their_token(ada: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["milepost_customer"] = ada.cookies["milepost_customer"].value
    assert strict.post(NEW, {"do": "place", **KETTLE}).status_code == 403
    assert strict.post("/shop/sign-out/").status_code == 403


def item(code: str, price: str, *, active: bool = True) -> ItemDraft:
    names = {"MUG-BLUE": "Mug, blue", "KETTLE-1": "Kettle, 1.7 l"}
    return ItemDraft(code=code, name=names[code], price=Decimal(price), currency="EUR", active=active)
