"""Alternatives by phone, who is served first, and incoming supply on the desk."""

from decimal import Decimal

import pytest
from django.test import Client

from milepost.faces.desk.tests.conftest import SignedIn, now, reference_of
from milepost.way.cases import queries as offers
from milepost.way.orders import queries as orders
from milepost.way.stock import commands as stock
from milepost.way.stock import queries as levels
from milepost.way.stock.words import StockReceipt, SupplyDraft
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def items() -> dict[str, int]:
    items = cast.catalogue()
    kettles = StockReceipt(item_id=items[cast.KETTLE], location="MAIN", quantity=Decimal(5))
    stock.receive_stock([kettles], act=now())
    return items


@pytest.fixture
def short(items: dict[str, int]) -> int:
    return cast.ordered(act=now())[0]


@pytest.fixture
def ines(signed_in: SignedIn) -> Client:
    return signed_in("inventory", name="Ines")


def say(client: Client, order_id: int, verb: str, **values: object):
    return client.post(f"/desk/orders/{reference_of(order_id)}/{verb}/", values, follow=True)


@pytest.mark.clause("STK-2")
@pytest.mark.clause("EXC-5")
def test_the_customers_choice_on_the_phone_is_recorded_with_who_and_when(mona: Client, short: int) -> None:
    page = mona.get(f"/desk/orders/{reference_of(short)}/").text
    assert "The customer chooses until" in page
    assert "no date yet" in page
    answer = say(mona, short, "alternatives", line_2="cancel", said_by="Ada Okafor", said_at="2026-11-20T10:30")
    assert "Recorded, and carried out." in answer.text
    assert "said by Ada Okafor" in answer.text
    found = offers.latest_offers([short])[short]
    assert (found.channel, found.said_by) == ("phone", "Ada Okafor")
    assert orders.card(short).lines[1].cancelled


def test_a_choice_that_is_missing_is_asked_for(mona: Client, short: int) -> None:
    answer = say(mona, short, "alternatives", said_by="Ada", said_at="2026-11-20T10:30")
    assert answer.status_code == 422
    assert not orders.card(short).lines[1].cancelled


def test_an_order_that_is_kept_together_can_be_sent_in_parts_when_the_customer_says_so(
    mona: Client, femi: Client, short: int
) -> None:
    say(mona, short, "alternatives", line_2="wait", said_by="Ada", said_at="2026-11-20T10:30")
    refused = say(femi, short, "packing")
    assert refused.status_code == 409
    assert "The customer wants all of the order together" in refused.text
    assert "the rest follows" in say(mona, short, "sending-in-parts").text
    assert "Packed." in say(femi, short, "packing").text


@pytest.mark.clause("STK-2")
def test_who_goes_first_is_decided_with_a_reason_by_those_who_may(
    mona: Client, ines: Client, items: dict[str, int], short: int
) -> None:
    (later,) = cast.ordered(cast.draft(external_ref="later"), act=now())
    assert say(mona, later, "precedence", reason="please").status_code == 403
    assert say(ines, later, "precedence").status_code == 422
    assert "served before" in say(ines, later, "precedence", reason="A hospital").text
    stock.receive_stock([StockReceipt(item_id=items[cast.MUG], location="MAIN", quantity=Decimal(2))], act=now())
    assert levels.still_waiting([short, later]) == {short}


@pytest.mark.clause("STK-2")
def test_supply_is_announced_corrected_and_received_on_the_desk(
    ines: Client, mona: Client, items: dict[str, int], short: int
) -> None:
    said = {"code": cast.MUG, "quantity": "5", "due_on": "2027-01-11", "location": "MAIN", "reference": "PO-7"}
    assert "Announced." in ines.post("/desk/stock/incoming/", said, follow=True).text
    page = mona.get("/desk/stock/incoming/").text
    assert "Mug, blue" in page
    assert "PO-7" in page
    assert "Receive" not in page, "she may only look"
    assert "11 Jan 2027" in mona.get(f"/desk/orders/{reference_of(short)}/").text
    (supply,) = levels.supplies([items[cast.MUG]])
    where = f"/desk/stock/incoming/{supply.id}"
    assert "Corrected." in ines.post(f"{where}/correction/", {"quantity": "4", "due_on": ""}, follow=True).text
    assert levels.waiting([short])[short][0].expected_on is None
    assert "Received." in ines.post(f"{where}/arrival/", {"quantity": "4"}, follow=True).text
    assert levels.still_waiting([short]) == set()
    gone = ines.post(f"{where}/arrival/", {"quantity": "1"})
    assert (gone.status_code, "There is no such supply" in gone.text) == (404, True)


@pytest.mark.parametrize(
    ("said", "status"), [({"code": "NONE"}, 422), ({"quantity": ""}, 422), ({"quantity": "-1"}, 422)]
)
def test_what_cannot_be_announced_is_told_with_what_was_typed(
    said: dict[str, str], status: int, ines: Client, items: dict[str, int]
) -> None:
    usual = {"code": cast.MUG, "quantity": "5", "location": "MAIN", "reference": "PO-KEPT"}
    answer = ines.post("/desk/stock/incoming/", usual | said)
    assert answer.status_code == status
    assert 'value="PO-KEPT"' in answer.text
    assert levels.announced() == []


def test_the_same_supply_is_not_announced_twice(ines: Client, items: dict[str, int]) -> None:
    draft = SupplyDraft(item_id=items[cast.MUG], location="MAIN", quantity=Decimal(1), reference="PO-1")
    stock.expect_supply([draft], act=now())
    said = {"code": cast.MUG, "quantity": "5", "location": "MAIN", "reference": "PO-1"}
    assert "already expected there under the reference PO-1" in ines.post("/desk/stock/incoming/", said).text
