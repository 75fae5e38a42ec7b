"""Orders taken in real browsers: by a clerk on the phone with the keyboard alone, and by a customer who comes back."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from milepost.faces.portal.tests.signing_in import code_for
from milepost.ground.access import commands as access
from milepost.kernel.acts import Act
from milepost.way.intake.models import TypedForm
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard, Search, State
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "milepost-demo"
MONA = "mona@milepost.example"


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def world(db: None) -> None:
    """Mona at her desk, goods on the shelf, and Ada, who has ordered before."""
    access.join(email=MONA, name="Mona", roles=["customer_service"], password=PASSWORD, act=now())
    cast.stocked()
    cast.ordered(act=now())


@pytest.fixture
def desk(world: None, live_server: LiveServer, opened: OpenPage) -> Page:
    page = signed_in(opened(DESK), live_server.url, MONA, PASSWORD)
    page.goto(f"{live_server.url}/desk/orders/new/")
    return page


def latest(channel: str) -> OrderCard:
    found = next(card for card in orders.page(Search()) if card.channel == channel)
    card = orders.card(found.id)
    assert card
    return card


@pytest.mark.clause("REC-1")
@pytest.mark.clause("STK-1")
@pytest.mark.clause("ROL-1")
def test_a_clerk_takes_a_phone_order_with_the_keyboard_alone(desk: Page) -> None:
    keys = desk.keyboard
    expect(desk.get_by_label("Phone number, name, e-mail or customer number")).to_be_focused()
    keys.type("030 9018", delay=20)
    expect(desk.get_by_role("option", name=re.compile("Ada Okafor"))).to_be_visible()
    expect(desk.locator("#said")).to_contain_text("1 found")
    keys.press("ArrowDown")
    expect(desk.get_by_role("option", name=re.compile("Ada Okafor"))).to_have_attribute("aria-selected", "true")
    keys.press("Enter")
    expect(desk.get_by_label("E-mail", exact=True)).to_have_value("ada@okafor.example")
    expect(desk.get_by_label("Item", exact=True).first).to_be_focused()

    keys.type("kettel", delay=20)
    expect(desk.get_by_role("option", name=re.compile("Kettle, 1.7 l"))).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(desk.get_by_label("Item", exact=True).first).to_have_value("KETTLE-1")
    expect(desk.get_by_label("Quantity").first).to_be_focused()
    keys.type("3")
    expect(desk.locator("#told-0")).to_contain_text("99 free")
    expect(desk.locator("#told-0")).to_contain_text("119.70 EUR")
    keys.press("Enter")
    keys.press("Enter")
    keys.type("gift wrap")
    keys.press("Enter")
    expect(desk.locator("#line-1-item")).to_be_focused()
    keys.type("mug-blue")
    keys.press("Enter")
    keys.type("2")
    expect(desk.locator("#summary")).to_contain_text("136.70 EUR")
    expect(desk.locator("#summary time").first).to_be_visible()
    keys.press("Alt+KeyL")
    expect(desk.locator("#line-2-item")).to_be_focused()
    keys.press("Enter")
    expect(desk.get_by_role("button", name=re.compile("Lindenstraße 9"))).to_be_focused()
    keys.press("Enter")
    expect(desk.get_by_label("City")).to_have_value("Berlin")
    expect(desk.get_by_text("Nothing is left to ask.")).to_be_visible()
    assert flaws(desk) == []
    keys.press("Control+Enter")
    expect(desk.get_by_role("status").first).to_contain_text("Placed.")
    order = latest("phone")
    assert (order.state, order.total) == (State.CONFIRMED, Decimal("136.70"))
    assert [(line.code, line.quantity, line.instructions) for line in order.lines] == [
        ("KETTLE-1", 3, "gift wrap"), ("MUG-BLUE", 2, ""),
    ]  # fmt: skip
    assert order.ship_to == cast.BERLIN


def test_escape_closes_the_list_and_arrows_go_round(desk: Page) -> None:
    field = desk.locator("#line-0-item")
    field.press_sequentially("ket", delay=20)
    expect(desk.locator("#list-0 [role=option]")).to_have_count(1)
    field.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", "list-0-1")
    field.press("Escape")
    expect(desk.locator("#list-0")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("ket")


def test_leaving_by_accident_loses_nothing(desk: Page, live_server: LiveServer) -> None:
    desk.get_by_label("Name", exact=True).fill("Chiara Conti")
    desk.locator("#line-0-item").fill("TEA-500")
    expect(desk.locator("#kept")).to_contain_text("Kept as you type")
    assert TypedForm.objects.count() == 1
    desk.goto(f"{live_server.url}/desk/")
    desk.get_by_role("link", name="Phone order").click()
    desk.get_by_text("Half-typed orders").click()
    desk.get_by_role("link", name="Chiara Conti, 1 line").click()
    expect(desk.get_by_label("Name", exact=True)).to_have_value("Chiara Conti")
    expect(desk.locator("#line-0-item")).to_have_value("TEA-500")


def test_what_is_doubtful_is_asked_on_the_same_call(desk: Page) -> None:
    desk.get_by_label("Name", exact=True).fill("Chiara Conti")
    desk.locator("#line-0-item").fill("KETTLE-1")
    desk.locator("#line-0-quantity").fill("50")
    expect(desk.get_by_text("Still to ask")).to_be_visible()
    expect(desk.locator("#summary")).to_contain_text("which is more than usual")
    desk.get_by_role("button", name="Place the order").click()
    expect(desk.get_by_text("Ask now, while the customer is on the line")).to_be_visible()
    expect(desk.get_by_text("which is more than usual").first).to_be_visible()
    assert flaws(desk) == []


def test_the_phone_form_works_without_scripts(world: None, live_server: LiveServer, opened: OpenPage) -> None:
    page = signed_in(opened(DESK, java_script_enabled=False), live_server.url, MONA, PASSWORD)
    page.get_by_role("link", name="Phone order").click()
    page.get_by_label("Phone number, name, e-mail or customer number").fill("okafor")
    page.get_by_role("button", name="Look up the customer").click()
    page.get_by_role("button", name=re.compile("Ada Okafor")).click()
    page.locator("#line-0-item").fill("ketle")
    page.get_by_role("button", name="Look up the item of line 1").click()
    page.get_by_role("button", name=re.compile("Kettle, 1.7 l")).click()
    page.locator("#line-0-quantity").fill("2")
    page.get_by_role("button", name=re.compile("Lindenstraße 9")).click()
    page.get_by_role("button", name="Reckon and check").click()
    expect(page.locator("#summary")).to_contain_text("79.80 EUR")
    page.get_by_role("button", name="Place the order").click()
    expect(page.get_by_role("status").first).to_contain_text("Placed.")
    assert latest("phone").lines[0].quantity == 2


@pytest.mark.clause("REC-1")
@pytest.mark.clause("INQ-4")
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_customer_signs_in_and_orders_again(
    viewport: dict[str, int], scripts: bool, world: None, live_server: LiveServer, opened: OpenPage
) -> None:
    page = opened(viewport, java_script_enabled=scripts)
    page.goto(f"{live_server.url}/shop/")
    page.get_by_label("E-mail").fill("ada@okafor.example")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_for("ada@okafor.example"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My orders")).to_be_visible()
    page.get_by_role("link", name="Order again").click()
    expect(page.locator("#line-0-item")).to_have_value("KETTLE-1")
    page.locator("#line-1-quantity").fill("5")
    page.get_by_label("Purchase order number").fill("PO 77")
    if scripts:
        expect(page.locator("#summary")).to_contain_text("82.40 EUR")
    page.get_by_role("button", name="Order now").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you. Your order has arrived.")
    order = latest("portal")
    assert (order.po_number, [line.quantity for line in order.lines]) == ("PO 77", [1, 5])
    page.get_by_role("link", name="Follow it on its way").click()
    expect(page.get_by_role("heading", name="The way of your order")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_page_for_taking_orders_makes_anybody_stumble(
    viewport: dict[str, int], colours: str, world: None, live_server: LiveServer, opened: OpenPage
) -> None:
    desk = signed_in(opened(viewport, color_scheme=colours), live_server.url, MONA, PASSWORD)
    desk.goto(f"{live_server.url}/desk/orders/new/")
    assert flaws(desk) == []
    desk.locator("#line-0-item").fill("KETTLE-1")
    desk.locator("#line-0-quantity").fill("500")
    expect(desk.locator("#told-0")).to_contain_text("would wait for stock")
    desk.get_by_role("button", name="Add a line").click()
    assert flaws(desk) == []

    shop = opened(viewport, color_scheme=colours)
    shop.goto(f"{live_server.url}/shop/sign-in/")
    assert flaws(shop) == []
    shop.get_by_label("E-mail").fill("ada@okafor.example")
    shop.get_by_role("button", name="Send me a code").click()
    shop.get_by_label("Code").fill(code_for("ada@okafor.example"))
    assert flaws(shop) == []
    shop.get_by_role("button", name="Sign in").click()
    shop.get_by_role("heading", name="My orders").wait_for()
    reference = orders.page(Search())[0].reference
    for path in ("/shop/", f"/shop/orders/{reference}/", "/shop/orders/new/", f"/shop/orders/new/?again={reference}"):
        shop.goto(live_server.url + path)
        assert (path, flaws(shop)) == (path, [])
