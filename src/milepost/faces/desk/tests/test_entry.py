"""An order by phone: typed while the customer is on the line."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.ground.parties import commands as parties
from milepost.ground.parties import queries as known
from milepost.way.intake.models import OrderRequest, TypedForm
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard, State
from milepost.way.promising import queries as promises
from milepost.way.stock import commands as supplies
from milepost.way.stock import queries as stock
from milepost.way.stock.words import SupplyDraft
from tests import cast

NEW = "/desk/orders/new/"
ADA = {
    "name": "Ada Okafor", "email": "ada@okafor.example", "phone": "+49 30 901820", "ship_name": "Ada Okafor",
    "ship_street": "Lindenstraße 9", "ship_postal_code": "10969", "ship_city": "Berlin", "ship_country": "DE",
}  # fmt: skip
KETTLE = {"line-0-item": "kettle-1", "line-0-quantity": "2"}


def token_in(response: HttpResponse) -> str:
    found = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def typed(client: Client, **more: str) -> dict[str, str]:
    """A form that was just opened, filled in."""
    return {"token": token_in(client.get(NEW)), **more}


def do(client: Client, what: str, form: dict[str, str]) -> Any:
    return client.post(NEW, {**form, "do": what})


def placed(client: Client, form: dict[str, str]) -> OrderCard:
    response = do(client, "place", form)
    assert response.status_code == 302, response.content.decode()
    number = orders.find(response["Location"].split("/")[3])
    assert number is not None
    card = orders.card(number)
    assert card
    return card


def value(response: HttpResponse, name: str) -> str:
    """What stands in a field."""
    page = response.content.decode()
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


@pytest.mark.clause("REC-1")
@pytest.mark.clause("REC-3")
def test_an_order_by_phone_is_placed_as_it_was_typed(mona: Client) -> None:
    cast.stocked()
    form = typed(
        mona, **ADA, **KETTLE, **{"line-0-instructions": "gift wrap", "line-1-item": "TEA-500", "line-1-quantity": "1,5"},
        po_number="PO 7", payment_reference="invoice", freight="4,90", instructions="ring twice", service="express",
    )  # fmt: skip
    order = placed(mona, form)
    assert (order.channel, order.state, order.po_number, order.service) == ("phone", State.CONFIRMED, "PO 7", "express")
    assert [(line.code, line.quantity, line.unit_price, line.instructions) for line in order.lines] == [
        ("KETTLE-1", 2, Decimal("39.90"), "gift wrap"), ("TEA-500", Decimal("1.5"), 12, ""),
    ]  # fmt: skip
    assert (order.total, order.payment_reference, order.instructions) == (Decimal("102.70"), "invoice", "ring twice")
    assert order.ship_to == cast.BERLIN
    request = OrderRequest.objects.get(order_id=order.id)
    original = orjson.loads(bytes(request.raw))
    assert original["typed_by"].startswith("staff:")
    assert original["form"]["line-0-item"] == "kettle-1"
    assert original["form"]["freight"] == "4,90"
    assert request.sender == "+49 30 901820"
    assert {request.origins[field]["from"] for field in ("lines.0.code", "customer.name", "ship_to.city")} == {"clerk"}
    assert request.origins["lines.0.price"]["from"] == "catalogue"


@pytest.mark.clause("ROL-1")
@pytest.mark.parametrize(
    "role", ["fulfilment", "logistics", "inventory", "auditor", "management", "it_support", "driver"]
)
def test_only_who_may_enter_orders_gets_the_form(signed_in: SignedIn, role: str) -> None:
    client = signed_in(role, name="Femi")
    for path in (NEW, f"{NEW}customers/?find=ada", f"{NEW}items/?line-0-item=kettle"):
        assert client.get(path).status_code == 403
    for path in (NEW, f"{NEW}reckoning/"):
        assert client.post(path, {"do": "place"}).status_code == 403
    assert Client().get(NEW).status_code == 302


@pytest.mark.parametrize("role", ["order_entry", "customer_service", "order_management", "administrator"])
def test_who_may_enter_orders_finds_the_way_there(signed_in: SignedIn, role: str) -> None:
    client = signed_in(role)
    assert f'href="{NEW}"' in client.get("/desk/").content.decode()
    assert client.get(NEW).status_code == 200


@pytest.mark.clause("STK-1")
def test_stock_price_and_date_are_shown_while_lines_are_typed_and_nothing_is_reserved(mona: Client) -> None:
    items = cast.stocked(3)
    form = typed(mona, **ADA, **KETTLE, **{"line-1-item": "KETTLE-1", "line-1-quantity": "4"})
    page = mona.post(f"{NEW}reckoning/", form).content.decode()
    first, second = re.findall(r'hx-swap-oob="innerHTML:#told-\d">(.*?)</div>', page, re.DOTALL)
    assert "3 free" in first
    assert "79.80 EUR" in first
    assert "1 free" in second
    assert "3 would wait for stock" in second
    assert "239.40 EUR" in page
    assert "Not all of it is in stock" in page
    assert stock.availability(items.values())[items["KETTLE-1"]].free == 3
    assert not OrderRequest.objects.exists()


@pytest.mark.clause("STK-1")
@pytest.mark.parametrize("quantity", ["2", "50"], ids=["in stock", "short"])
def test_the_date_that_is_shown_is_the_date_that_is_promised(mona: Client, quantity: str) -> None:
    cast.stocked(20)
    form = typed(mona, **ADA, **{"line-0-item": "MUG-BLUE", "line-0-quantity": quantity})
    shown = re.search(r"Would arrive</dt><dd>(.*?)</dd>", do(mona, "reckon", form).content.decode(), re.DOTALL)
    days = re.findall(r'datetime="([^"]+)"', shown[1])
    promise = promises.standing([(order := placed(mona, form)).id])[order.id].now
    assert days in ([str(promise.earliest_on), str(promise.latest_on)], [str(promise.latest_on)])


def last_day(response: HttpResponse) -> str:
    """The last day of the window that is shown."""
    shown = re.search(r"Would arrive</dt><dd>(.*?)</dd>", response.content.decode(), re.DOTALL)
    return re.findall(r'datetime="([^"]+)"', shown[1])[-1] if shown else ""


@pytest.mark.clause("STK-1")
def test_the_date_counts_with_announced_supply_behind_all_who_wait_already(mona: Client) -> None:
    items = cast.stocked(2)
    (waiting,) = cast.ordered(cast.draft(lines=(cast.LineDraft(code="MUG-BLUE", quantity=Decimal(6)),)), act=now())
    assert stock.of_lines([waiting])[waiting][1].short == 4
    soon, later = (cast.today() + timedelta(days=days) for days in (20, 40))
    supplies.expect_supply(
        [
            SupplyDraft(item_id=items["MUG-BLUE"], location="MAIN", quantity=Decimal(5), due_on=soon),
            SupplyDraft(item_id=items["MUG-BLUE"], location="MAIN", quantity=Decimal(5), due_on=later),
        ],
        act=now(),
    )
    one, two = (typed(mona, **ADA, **{"line-0-item": "MUG-BLUE", "line-0-quantity": many}) for many in ("1", "2"))
    assert str(soon) < last_day(do(mona, "reckon", one)) < str(soon + timedelta(days=12))
    shown = last_day(do(mona, "reckon", two))
    assert str(later) < shown < str(later + timedelta(days=12))
    order = placed(mona, two)
    assert str(promises.standing([order.id])[order.id].now.latest_on) == shown


@pytest.mark.clause("VER-3")
def test_what_is_doubtful_is_asked_before_and_after_it_is_placed(mona: Client) -> None:
    cast.stocked()
    form = typed(mona, **{**ADA, "ship_postal_code": "1"}, **{"line-0-item": "KETTLE-1", "line-0-quantity": "50"})
    page = do(mona, "reckon", form).content.decode()
    assert "Still to ask" in page
    assert "which is more than usual" in page
    order = placed(mona, form)
    assert order.state == State.RECEIVED
    assert {hold.kind for hold in order.holds} >= {"address", "quantity"}
    page = mona.get(f"/desk/orders/{order.reference}/questions/").content.decode()
    assert f"The order number to tell the customer: {order.reference}" in page
    assert "Ask now, while the customer is on the line" in page
    assert "which is more than usual" in page
    assert "postal code" in page
    assert "hold-release" in mona.get(f"/desk/orders/{order.reference}/").content.decode()


def test_nothing_is_left_to_ask_of_an_order_that_is_complete(mona: Client) -> None:
    cast.stocked()
    assert "Nothing is left to ask." in do(mona, "reckon", typed(mona, **ADA, **KETTLE)).content.decode()


class TestTheCaller:
    @pytest.fixture
    def ada(self, db: None) -> int:
        cast.stocked()
        (number,) = parties.register([cast.ADA], act=now())
        return number

    @pytest.mark.parametrize("words", ["030 9018", "okafor", "ada@oka", "C-1", "okafro"])
    def test_is_found_while_typing(self, mona: Client, ada: int, words: str) -> None:
        page = mona.get(f"{NEW}customers/", {"find": words}).content.decode()
        assert "Ada Okafor" in page
        assert f'data-do="use_customer:{ada}"' in page

    def test_is_found_without_scripts_too(self, mona: Client, ada: int) -> None:
        page = do(mona, "find_customer", typed(mona, find="030 9018", **KETTLE)).content.decode()
        assert f'value="use_customer:{ada}" autofocus' in page
        assert 'value="kettle-1"' in page
        assert "Nobody on record" in do(mona, "find_customer", typed(mona, find="0711 5555")).content.decode()

    def test_who_is_on_record_is_filled_in_with_the_addresses_of_earlier_orders(self, mona: Client, ada: int) -> None:
        cast.ordered()
        page = do(mona, f"use_customer:{ada}", typed(mona))
        assert value(page, "email") == "ada@okafor.example"
        assert "Lindenstraße 9, 10969 Berlin" in page.content.decode()
        assert value(page, "ship_city") == ""
        page = do(mona, "use_address:0", {**typed(mona), "customer_id": str(ada)})
        assert (value(page, "ship_city"), value(page, "ship_postal_code")) == ("Berlin", "10969")

    def test_who_was_chosen_is_the_customer_even_without_e_mail_or_number(self, mona: Client, db: None) -> None:
        cast.stocked()
        wilhelm = known.cards(
            parties.register([cast.CustomerDraft(name="Wilhelm Ott", phone="+49 721 1330")], act=now())
        )
        (number,) = wilhelm
        form = {**ADA, "name": "Wilhelm Ott", "email": "", "phone": "+49 721 1330", "customer_id": str(number)}
        order = placed(mona, typed(mona, **form, **KETTLE))
        assert order.customer_id == number
        origins = OrderRequest.objects.get(order_id=order.id).origins
        assert origins["customer.name"]["from"] == "record"
        assert origins["ship_to.city"]["from"] == "clerk"

    def test_another_number_than_on_record_is_asked_about(self, mona: Client, ada: int) -> None:
        form = typed(mona, **{**ADA, "phone": "+49 30 1234567", "customer_id": str(ada)}, **KETTLE)
        assert "Which number reaches you for this delivery?" in do(mona, "reckon", form).content.decode()

    def test_somebody_else_starts_over_but_keeps_the_lines(self, mona: Client, ada: int) -> None:
        page = do(mona, "another_customer", typed(mona, **ADA, customer_id=str(ada), **KETTLE))
        assert (value(page, "name"), value(page, "customer_id"), value(page, "line-0-item")) == ("", "", "kettle-1")

    @pytest.mark.parametrize("number", ["0", "999999", "x", "٣", "9" * 40, "-1"])
    def test_a_made_up_number_is_nobody(self, mona: Client, ada: int, number: str) -> None:
        assert do(mona, f"use_customer:{number}", typed(mona)).status_code == 200
        assert do(mona, f"use_address:{number}", typed(mona, customer_id=str(ada))).status_code == 200
        order = placed(mona, typed(mona, **ADA, **KETTLE, customer_id=number))
        assert order.customer_id == ada

    def test_a_form_may_begin_with_a_customer(self, mona: Client, ada: int) -> None:
        assert value(mona.get(NEW, {"customer": str(ada)}), "name") == "Ada Okafor"


class TestTheLines:
    @pytest.mark.parametrize("words", ["kettle", "KETTL", "kettel", "1.7 kettle"])
    def test_items_are_found_by_code_or_words_typos_forgiven(self, mona: Client, words: str) -> None:
        cast.stocked()
        page = mona.get(f"{NEW}items/", {"line-3-item": words}, headers={"HX-Target": "list-3"}).content.decode()
        assert 'id="list-3-1"' in page
        assert 'data-value="KETTLE-1"' in page

    def test_an_item_that_is_not_certain_is_chosen_never_guessed(self, mona: Client) -> None:
        cast.stocked()
        form = typed(mona, **ADA, **{"line-0-item": "kettle", "line-0-quantity": "1"})
        refused = do(mona, "place", form)
        assert refused.status_code == 422
        assert "There is no item “kettle”" in refused.content.decode()
        assert not OrderRequest.objects.exists()
        assert 'value="use_item:0:KETTLE-1" autofocus' in do(mona, "find_item:0", form).content.decode()
        assert value(do(mona, "use_item:0:KETTLE-1", form), "line-0-item") == "KETTLE-1"

    @pytest.mark.parametrize(
        ("quantity", "said"),
        [("", "How many?"), ("0", "How many?"), ("two", "is no amount"), ("1.000", "two ways"), ("1,000", "two ways"),
         ("-1", "is no amount"), ("1e3", "is no amount"), ("1,5,5", "is no amount")],
    )  # fmt: skip
    def test_a_quantity_that_is_not_certain_is_asked_back(self, mona: Client, quantity: str, said: str) -> None:
        cast.stocked()
        refused = do(mona, "place", typed(mona, **ADA, **{**KETTLE, "line-0-quantity": quantity}))
        assert refused.status_code == 422
        assert said in refused.content.decode()

    def test_an_agreed_price_is_kept_and_one_off_the_list_is_asked_about(self, mona: Client) -> None:
        cast.stocked()
        order = placed(mona, typed(mona, **ADA, **KETTLE, **{"line-0-price": "30,00"}))
        assert order.lines[0].unit_price == 30
        assert [hold.kind for hold in order.holds] == ["price"]

    def test_nothing_ordered_is_no_order(self, mona: Client) -> None:
        refused = do(mona, "place", typed(mona, **ADA))
        assert refused.status_code == 422
        assert "Nothing is ordered yet." in refused.content.decode()

    def test_items_of_two_currencies_are_ordered_apart(self, mona: Client) -> None:
        cast.stocked()
        catalog.list_items([ItemDraft(code="USD-1", name="Dollar", price=Decimal(9), currency="USD")], act=now())
        form = typed(mona, **ADA, **KETTLE, **{"line-1-item": "USD-1", "line-1-quantity": "1"})
        assert "It is priced in USD" in do(mona, "place", form).content.decode()

    def test_lines_are_added_and_removed_without_scripts(self, mona: Client) -> None:
        cast.stocked()
        two = typed(mona, **KETTLE, **{"line-5-item": "MUG-BLUE", "line-5-quantity": "1"})
        page = do(mona, "add_line", two).content.decode()
        assert re.findall(r'id="line-(\d)-item"', page) == ["0", "1", "2"]
        page = do(mona, "remove:0", two)
        assert value(page, "line-0-item") == "MUG-BLUE"

    @pytest.mark.parametrize(
        "what", ["", ":", "find_item:", "find_item:99", "use_item:0", "remove:x", "no-such:thing", "\x00"]
    )
    def test_a_made_up_button_does_no_harm(self, mona: Client, what: str) -> None:
        cast.stocked()
        assert do(mona, what, typed(mona, **ADA, **KETTLE)).status_code in (200, 400)

    def test_more_than_fits_is_said_at_its_field(self, mona: Client) -> None:
        cast.stocked()
        refused = do(mona, "place", typed(mona, **{**ADA, "name": "x" * 201}, **KETTLE))
        assert refused.status_code == 422
        assert "Name: Ensure this value has at most 200 characters" in refused.content.decode()

    def test_an_order_takes_as_many_statements_for_one_line_as_for_thirty(
        self, mona: Client, django_assert_num_queries: Any
    ) -> None:
        cast.stocked()
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        counts = []
        for lines in (1, 30):
            form = typed(
                mona,
                **ADA,
                **{f"line-{n}-item": "MUG-BLUE" for n in range(lines)},
                **{f"line-{n}-quantity": "1" for n in range(lines)},
            )
            with CaptureQueriesContext(connection) as asked:
                mona.post(f"{NEW}reckoning/", form)
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestKeeping:
    def test_a_half_typed_order_is_kept_as_it_is_typed_and_found_again(self, mona: Client) -> None:
        cast.stocked()
        form = typed(mona, name="Ada Okafor", **{"line-0-item": "kett"})
        assert "Kept as you type" in mona.post(f"{NEW}reckoning/", form).content.decode()
        page = mona.get(NEW).content.decode()
        assert f"?form={form['token']}" in page
        assert "Ada Okafor, 1 line" in page
        again = mona.get(NEW, {"form": form["token"]})
        assert (value(again, "name"), value(again, "line-0-item"), token_in(again)) == (
            "Ada Okafor",
            "kett",
            form["token"],
        )

    def test_nobody_else_sees_it(self, mona: Client, omar: Client) -> None:
        form = typed(mona, name="Ada Okafor")
        mona.post(f"{NEW}reckoning/", form)
        assert "Ada Okafor" not in omar.get(NEW).content.decode()
        assert value(omar.get(NEW, {"form": form["token"]}), "name") == ""

    def test_keeping_for_later_needs_no_scripts_and_discarding_ends_it(self, mona: Client) -> None:
        form = typed(mona, name="Ada Okafor")
        assert do(mona, "keep", form).status_code == 302
        assert TypedForm.objects.count() == 1
        assert do(mona, "discard", form).status_code == 302
        assert not TypedForm.objects.exists()

    def test_what_is_placed_is_not_kept_any_more(self, mona: Client) -> None:
        cast.stocked()
        form = typed(mona, **ADA, **KETTLE)
        mona.post(f"{NEW}reckoning/", form)
        placed(mona, form)
        assert not TypedForm.objects.exists()

    def test_an_empty_form_is_not_kept(self, mona: Client) -> None:
        mona.post(f"{NEW}reckoning/", typed(mona))
        assert not TypedForm.objects.exists()


class TestSendingTwice:
    def test_a_double_click_places_one_order_and_leads_to_it_twice(self, mona: Client) -> None:
        cast.stocked()
        form = typed(mona, **ADA, **KETTLE)
        first, second = placed(mona, form), placed(mona, form)
        assert first.reference == second.reference
        assert OrderRequest.objects.count() == 1

    def test_a_form_that_was_changed_after_it_was_sent_says_that_nothing_new_was_placed(self, mona: Client) -> None:
        cast.stocked()
        form = typed(mona, **ADA, **KETTLE)
        first = placed(mona, form)
        again = placed(mona, {**form, "line-0-quantity": "9"})
        assert again.reference == first.reference
        assert again.lines[0].quantity == 2
        page = mona.get(f"/desk/orders/{first.reference}/").content.decode()
        assert "This form had been sent before" in page

    def test_two_forms_with_the_same_words_are_two_orders(self, mona: Client) -> None:
        cast.stocked()
        assert placed(mona, typed(mona, **ADA, **KETTLE)).id != placed(mona, typed(mona, **ADA, **KETTLE)).id

    def test_a_refused_form_may_be_corrected_and_sent_again(self, mona: Client) -> None:
        cast.stocked()
        form = typed(mona, **ADA, **{"line-0-item": "nothing", "line-0-quantity": "1"})
        assert do(mona, "place", form).status_code == 422
        assert placed(mona, {**form, **KETTLE}).state == State.CONFIRMED

    def test_another_clerk_s_token_is_another_form(self, mona: Client, omar: Client) -> None:
        cast.stocked()
        form = typed(mona, **ADA, **KETTLE)
        assert placed(mona, form).id != placed(omar, form).id


def test_a_form_without_a_token_that_makes_sense_is_still_an_order(mona: Client) -> None:
    cast.stocked()
    assert placed(mona, {"token": "nonsense", **ADA, **KETTLE}).state == State.CONFIRMED


def test_half_typed_orders_are_forgotten_after_a_month(mona: Client) -> None:
    from milepost.way.intake import commands

    mona.post(f"{NEW}reckoning/", typed(mona, name="Ada Okafor"))
    assert commands.forget_forms(timezone.now() - timedelta(days=30)) == 0
    assert commands.forget_forms(timezone.now() + timedelta(seconds=1)) == 1
