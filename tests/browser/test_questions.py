"""Questions answered in real browsers: by a customer on a phone, without a script, and by a clerk with the keyboard."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from milepost.faces.portal.tests.test_opening import codes_sent
from milepost.ground.access import commands as access
from milepost.ground.access import links
from milepost.kernel.acts import Act
from milepost.way.intake.words import LineDraft
from milepost.way.orders import queries as orders
from milepost.way.orders.words import State
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.clause("VER-3")]

PASSWORD = "milepost-demo"


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def order_id(db: None) -> int:
    """An order with an address that does not exist and an unusual quantity."""
    cast.stocked()
    lines = (LineDraft(code=cast.KETTLE, quantity=Decimal(50)),)
    return cast.ordered(cast.draft(ship_to=replace(cast.BERLIN, postal_code="1096"), lines=lines), act=now())[0]


def questions_page(page: Page, live_server: LiveServer, order_id: int) -> Page:
    page.goto(f"{live_server.url}/t/questions/{links.make('questions', order_id, now=timezone.now())}/")
    return page


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_a_customer_corrects_one_thing_and_confirms_another_on_a_phone(
    live_server: LiveServer, opened: OpenPage, order_id: int, scripted: bool
) -> None:
    phone = questions_page(opened(PHONE, java_script_enabled=scripted), live_server, order_id)
    expect(phone.get_by_role("heading", level=1)).to_have_text("We have a few questions about your order")
    if scripted:
        assert flaws(phone) == []
    address = phone.get_by_role("group", name="postal code")
    address.get_by_label("It should be").check()
    address.get_by_label("Postal code").fill("10969")
    phone.get_by_role("group", name="Kettle").get_by_label("It is right as it is").check()
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.get_by_role("status")).to_contain_text("Everything is clear")
    if scripted:
        assert flaws(phone) == []
    assert orders.states([order_id]) == {order_id: State.CONFIRMED}


@pytest.mark.clause("ROL-2")
def test_a_recipient_changes_the_street_from_the_tracking_page(live_server: LiveServer, opened: OpenPage) -> None:
    cast.stocked()
    (order_id,) = cast.ordered(act=now())
    phone = opened(PHONE)
    phone.goto(f"{live_server.url}/t/{links.make('track', order_id, now=timezone.now())}/")
    phone.get_by_role("link", name="Change the delivery details").click()
    assert flaws(phone) == []
    phone.get_by_role("button", name="By e-mail").click()
    ((_, code),) = codes_sent()
    phone.get_by_label("Code").fill(code)
    phone.get_by_role("button", name="Show my order").click()
    assert flaws(phone) == []
    phone.get_by_label("Street and house number").fill("Oranienstraße 1")
    phone.get_by_role("button", name="Change it").click()
    expect(phone.get_by_role("status").filter(has_text="We have changed it")).to_be_visible()
    card = orders.card(order_id)
    assert card
    assert card.ship_to.street == "Oranienstraße 1"


def test_a_clerk_writes_an_answer_down_with_the_keyboard(
    live_server: LiveServer, opened: OpenPage, order_id: int
) -> None:
    access.join(
        email="mona@milepost.example", name="Mona", roles=["customer_service"], password=PASSWORD, act=now()
    )  # fmt: skip
    desk = signed_in(opened(DESK), live_server.url, "mona@milepost.example", PASSWORD)
    desk.goto(f"{live_server.url}/desk/orders/{orders.contacts([order_id])[order_id].reference}/")
    desk.get_by_role("link", name="Questions and answers").press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Questions to the customer")
    assert flaws(desk) == []
    expect(desk.get_by_label("Who said so")).to_have_value("Ada Okafor")
    address = desk.get_by_role("group", name="postal code")
    address.get_by_label("It should be").press("Space")
    address.get_by_label("Postal code").fill("10969")
    desk.get_by_role("group", name="Kettle").get_by_label("It is right as it is").press("Space")
    desk.get_by_label("Who said so").press("Enter")
    expect(desk.get_by_text("Written down.")).to_be_visible()
    assert orders.states([order_id]) == {order_id: State.CONFIRMED}
