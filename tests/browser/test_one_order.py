"""One order in real browsers: found, picked, packed and shipped on the desk, followed and rated on a phone."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import commands as access
from milepost.kernel.acts import Act
from milepost.way.cases import commands as cases
from milepost.way.cases.words import DelayDraft
from milepost.way.closeout import queries as closeout
from milepost.way.orders import queries as orders
from milepost.way.orders.words import State
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "milepost-demo"


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def femi() -> str:
    roles = ["fulfilment", "logistics"]
    access.join(email="femi@milepost.example", name="Femi", roles=roles, password=PASSWORD, act=now())
    return "femi@milepost.example"


@pytest.fixture
def order_id() -> int:
    cast.stocked()
    return cast.ordered(act=now())[0]


def do(page: Page, verb: str) -> None:
    """Open a verb of the order's page, if it is not open, and say it."""
    box = (
        page.locator("details.boxed", has=page.locator("summary", has_text=verb)).filter(has=page.locator("form")).first
    )
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    box.get_by_role("button", name=verb).click()


@pytest.mark.clause("HND-2")
@pytest.mark.clause("TRK-3")
@pytest.mark.clause("CLO-1")
def test_an_order_is_shipped_on_the_desk_and_followed_and_rated_on_a_phone(
    live_server: LiveServer, opened: OpenPage, femi: str, order_id: int
) -> None:
    reference = orders.contacts([order_id])[order_id].reference
    desk = signed_in(opened(DESK), live_server.url, femi, PASSWORD)
    desk.get_by_label("Find an order").fill(reference.lower())
    desk.get_by_label("Find an order").press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text(reference)
    do(desk, "Pick")
    expect(desk.get_by_role("status")).to_have_text("Picked. Next, pack it.")
    desk.get_by_label("Weight in kg").fill("2.4")
    do(desk, "Pack")
    expect(desk.get_by_role("status")).to_have_text("Packed. Next, hand it over.")
    do(desk, "Ship")
    expect(desk.get_by_role("status")).to_contain_text("Handed over.")
    assert flaws(desk) == []

    phone = opened(PHONE, is_mobile=True, java_script_enabled=False)
    phone.goto(live_server.url + str(desk.get_by_role("link", name="The customer’s page").get_attribute("href")))
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Your order is on its way.")

    box = desk.locator("details.boxed", has=desk.locator("summary", has_text="Record a tracking event"))
    box.locator("summary").click()
    box.get_by_label("What happened").select_option("delivered")
    box.get_by_label("Where").fill("Berlin")
    do(desk, "Record a tracking event")
    expect(desk.get_by_role("status")).to_have_text("Recorded.")
    assert orders.states([order_id])[order_id] == State.DELIVERED

    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Your order was delivered")
    phone.get_by_label("4 of 5").check()
    phone.get_by_label("Comment").fill("Quick and well packed")
    phone.locator("section", has=phone.get_by_role("heading", name="Your rating")).get_by_role(
        "button", name="Send"
    ).click()
    expect(phone.locator("#answer")).to_have_text("Thank you. Your rating has arrived.")
    phone.get_by_role("button", name="Yes, all is well").click()
    expect(phone.locator("#answer")).to_contain_text("We are glad")
    (kept,) = closeout.feedback_of([order_id])[order_id]
    assert (kept.rating, kept.comment) == (4, "Quick and well packed")
    assert orders.states([order_id])[order_id] == State.COMPLETED


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_page_makes_anybody_stumble(
    viewport: dict[str, int], colours: str, live_server: LiveServer, opened: OpenPage, order_id: int
) -> None:
    access.join(email="ada@milepost.example", name="Ina", roles=["administrator"], password=PASSWORD, act=now())
    cases.report_delays([DelayDraft(order_id=order_id, cause="weather")], act=now())
    reference = orders.contacts([order_id])[order_id].reference
    page = opened(viewport, color_scheme=colours)
    page.goto(f"{live_server.url}/accounts/login/")
    assert flaws(page) == []
    signed_in(page, live_server.url, "ada@milepost.example", PASSWORD)
    for path in ("/desk/", "/desk/orders/", f"/desk/orders/{reference}/", "/desk/orders/import/", "/mailbox/"):
        page.goto(live_server.url + path)
        assert (path, flaws(page)) == (path, [])
    page.goto(live_server.url + f"/desk/orders/{reference}/")
    page.get_by_role("link", name="The customer’s page").click()
    page.get_by_role("heading", name="The way of your order").wait_for()
    assert flaws(page) == []


def test_the_look_for_flaws_finds_them(opened: OpenPage) -> None:
    page = opened(PHONE)
    page.set_content(
        "<h1>A</h1><h3>B</h3><input name=x><button></button><p id=a></p><p id=a></p><img><pre>" + "x" * 999
    )
    assert {flaw.split(":")[0] for flaw in flaws(page)} >= {
        "not one main", "not one a.skip", "no language", "no label", "no name", "twice", "skips a level", "wider than the screen",
    }  # fmt: skip


def test_the_first_tab_leads_past_the_menu(live_server: LiveServer, opened: OpenPage, femi: str) -> None:
    page = signed_in(opened(DESK), live_server.url, femi, PASSWORD)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.clause("REC-1")
def test_a_file_of_orders_is_imported_to_its_end_by_itself(
    live_server: LiveServer, opened: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milepost.faces.desk.taking.imports.AT_ONCE", 2)
    access.join(email="omar@milepost.example", name="Omar", roles=["order_management"], password=PASSWORD, act=now())
    cast.stocked()
    rows = [f"N-{n},KETTLE-1,1,Ada Okafor,ada@okafor.example,Lindenstraße 9,10969,Berlin,DE" for n in range(6)]
    heading = "order,item,quantity,customer_name,customer_email,street,postal_code,city,country"
    page = signed_in(opened(DESK), live_server.url, "omar@milepost.example", PASSWORD)
    page.get_by_role("link", name="Import").click()
    body = "\n".join([heading, *rows]).encode()
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "orders.csv", "mimeType": "text/csv", "buffer": body}
    )
    page.get_by_role("button", name="Check the file").click()
    assert flaws(page) == []
    page.get_by_role("button", name="Import 6 orders").click()
    expect(page.get_by_text("6 of 6 orders were placed.")).to_be_visible()
