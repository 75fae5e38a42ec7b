"""The lists of the desk in a real browser: found while one types, on a phone, by keyboard, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from milepost.faces.desk.lists import LISTINGS
from milepost.faces.desk.tests.conftest import now
from milepost.ground.access import commands as access
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import Shipping
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "milepost-demo"


@pytest.fixture
def omar() -> str:
    """Omar, with an order that was handed over and one that is held."""
    access.join(email="omar@milepost.example", name="Omar", roles=["order_management"], password=PASSWORD, act=now())
    cast.stocked()
    ids = cast.ordered(cast.draft(), cast.draft(customer=cast.BRUNO, payment_pending=True), act=now())
    fulfilment.ship([Shipping(order_id=ids[0], carrier="own")], act=now())
    return "omar@milepost.example"


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_list_is_read_by_everybody(
    viewport: dict[str, int], scheme: str, omar: str, opened: OpenPage, live_server
) -> None:
    page = signed_in(opened(viewport, color_scheme=scheme), live_server.url, omar, PASSWORD)
    for name, listing in LISTINGS.items():
        page.goto(f"{live_server.url}/desk/{listing.path}")
        assert flaws(page) == [], name
    page.goto(f"{live_server.url}/desk/lists/customers/?q=Zebra")
    assert flaws(page) == []


def test_orders_are_found_while_one_types_and_the_address_can_be_passed_on(
    omar: str, opened: OpenPage, live_server
) -> None:
    page = signed_in(opened(DESK), live_server.url, omar, PASSWORD)
    page.goto(f"{live_server.url}/desk/orders/")
    table = page.locator("#found")
    page.get_by_role("searchbox", name="Search").press_sequentially("brunno", delay=30)
    expect(table.get_by_text("Bruno Keller")).to_be_visible()
    expect(table.get_by_text("Ada Okafor")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?q=brunno$"))
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.get_by_label("Stage").select_option("shipped")
    expect(table.get_by_text("No order is like that")).to_be_visible()
    page.reload()
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("brunno")
    expect(page.get_by_label("Stage")).to_have_value("shipped")


def test_a_search_works_by_enter_without_scripts(omar: str, opened: OpenPage, live_server) -> None:
    page = opened(PHONE, java_script_enabled=False)
    page.goto(f"{live_server.url}/desk/lists/items/")
    page.get_by_label("E-mail").fill(omar)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("searchbox", name="Search").fill("ketle")
    page.get_by_role("searchbox", name="Search").press("Enter")
    expect(page.locator("#found").get_by_text("Kettle, 1.7 l")).to_be_visible()
    expect(page.locator("#found").get_by_text("Mug, blue")).to_have_count(0)
