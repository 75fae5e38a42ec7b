"""The order page in real browsers: two people on one order, what the page tells by itself, the story, and sheets on paper."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import commands as access
from milepost.kernel.acts import Act
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import Shipping
from milepost.way.orders import commands, queries
from milepost.way.orders.words import WantedHold
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "milepost-demo"


def now(actor: str = "key:1") -> Act:
    return Act.now(actor, channel="desk", now=datetime.now(UTC))


@pytest.fixture
def order_id() -> int:
    cast.stocked()
    return cast.ordered(cast.draft(payment_pending=True), act=now())[0]


@pytest.fixture
def reference(order_id: int) -> str:
    return queries.contacts([order_id])[order_id].reference


def somebody(name: str, *roles: str) -> str:
    email = f"{name.lower()}@milepost.example"
    access.join(email=email, name=name, roles=roles, password=PASSWORD, act=now())
    return email


def desk(page: Page, server: LiveServer, reference: str, email: str) -> Page:
    signed_in(page, server.url, email, PASSWORD)
    page.goto(f"{server.url}/desk/orders/{reference}/")
    return page


def unfolded(page: Page, words: str) -> None:
    page.locator("summary", has_text=words).first.click()


@pytest.mark.clause("INQ-1")
@pytest.mark.clause("VER-3")
def test_two_people_amend_one_order_and_neither_undoes_the_other(
    live_server: LiveServer, opened: OpenPage, reference: str, order_id: int
) -> None:
    anna = desk(opened(DESK), live_server, reference, somebody("Anna", "order_management"))
    omar = desk(opened(DESK), live_server, reference, somebody("Omar", "order_management"))
    for page in (anna, omar):
        unfolded(page, "Amend the order")
    form = omar.locator("#amendment")
    form.get_by_label("Street and number").fill("Lindenstraße 11")
    form.get_by_label("Why").fill("She has moved")

    anna.locator("#amendment").get_by_label("Phone").first.fill("+49 30 55")
    anna.locator("#amendment").get_by_label("Why").fill("She called")
    anna.locator("#amendment").get_by_role("button", name="Amend the order").click()
    expect(anna.get_by_role("status").filter(has_text="Amended")).to_be_visible()

    form.get_by_role("button", name="Amend the order").click()
    meanwhile = omar.get_by_role("region", name="What happened since you opened the page")
    expect(meanwhile).to_contain_text("Anna")
    expect(meanwhile).to_contain_text("+49 30 901820")
    expect(meanwhile).to_contain_text("+49 30 55")
    assert flaws(omar) == []
    form = omar.locator("#amendment")
    expect(form.get_by_label("Street and number")).to_have_value("Lindenstraße 11")
    expect(form.get_by_label("Phone").first).to_have_value("+49 30 55")
    form.get_by_role("button", name="Amend the order").click()
    expect(omar.get_by_role("status").filter(has_text="Amended")).to_be_visible()
    card = queries.card(order_id)
    assert card is not None
    assert (card.ship_to.street, card.phone) == ("Lindenstraße 11", "+49 30 55")


@pytest.mark.clause("INQ-1")
def test_the_page_tells_what_somebody_else_did_and_leaves_alone_what_is_typed(
    live_server: LiveServer, opened: OpenPage, reference: str, order_id: int
) -> None:
    email = somebody("Omar", "order_management")
    page = opened(DESK)
    page.route("**/desk/orders/*/", _hurried)
    desk(page, live_server, reference, email)
    unfolded(page, "Put on hold")
    page.get_by_label("Why it shall wait").fill("He calls back tomor")
    number = access.join(email="anna@milepost.example", name="Anna", roles=["management"], act=now())
    commands.hold(
        [WantedHold(order_id=order_id, kind="address", reason="Which door?", role="customer_service")],
        act=now(f"staff:{number}"),
    )
    news = page.locator(".news")
    expect(news).to_contain_text("Anna", timeout=10_000)
    assert flaws(page) == []
    expect(page.locator("#holds")).not_to_contain_text("Which door?")
    news.get_by_role("link", name="Show").click()
    expect(page.locator("#holds")).to_contain_text("Which door?")
    expect(page.get_by_label("Why it shall wait")).to_have_value("He calls back tomor")
    expect(page.locator(".news")).to_be_empty()
    page.get_by_role("button", name="Put on hold").click()
    expect(page.get_by_role("region", name="What happened since you opened the page")).to_contain_text("Anna")
    expect(page.get_by_label("Why it shall wait")).to_have_value("He calls back tomor")


@pytest.mark.clause("INQ-1")
def test_whoever_presses_show_the_moment_it_appears_loses_nothing_typed(
    live_server: LiveServer, opened: OpenPage, reference: str, order_id: int
) -> None:
    email = somebody("Omar", "order_management")
    page = opened(DESK)
    page.route("**/desk/orders/*/", _hurried)
    desk(page, live_server, reference, email)
    unfolded(page, "Put on hold")
    page.get_by_label("Why it shall wait").fill("He calls back tomor")
    page.evaluate(
        """document.body.addEventListener("htmx:afterSwap", (event) => {
          if (event.detail.target.matches(".news")) queueMicrotask(() => event.detail.target.querySelector("a")?.click());
        })"""
    )
    commands.hold(
        [WantedHold(order_id=order_id, kind="address", reason="Which door?", role="customer_service")], act=now()
    )
    expect(page.locator("#holds")).to_contain_text("Which door?")
    expect(page.get_by_label("Why it shall wait")).to_have_value("He calls back tomor")


def _hurried(route: Route) -> None:
    """The page as it is, but it looks for news every second, and what is shown anew comes after the next look."""
    answer = route.fetch()
    if "hx-request" in route.request.headers:
        time.sleep(1.5)
    route.fulfill(response=answer, body=answer.text().replace("every 15s", "every 1s"))


def test_the_story_is_narrowed_without_leaving_the_page(
    live_server: LiveServer, opened: OpenPage, reference: str
) -> None:
    page = desk(opened(DESK), live_server, reference, somebody("Mona", "customer_service"))
    story = page.locator("#story")
    whole = story.locator("ol.story > li").count()
    story.get_by_label("About").select_option("orders")
    expect(story.get_by_role("link", name="Show all")).to_be_visible()
    assert 0 < story.locator("ol.story > li").count() < whole
    assert flaws(page) == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.clause("RECD-1")
def test_no_piece_of_the_order_page_makes_anybody_stumble(
    viewport: dict[str, int], colours: str, live_server: LiveServer, opened: OpenPage, reference: str, order_id: int
) -> None:
    page = desk(opened(viewport, color_scheme=colours), live_server, reference, somebody("Ida", "administrator"))
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert flaws(page) == []
    commands.release([order_id], kind="payment", outcome="paid", act=now())
    fulfilment.ship([Shipping(order_id=order_id)], act=now())
    (shipment,) = shipments.shipments_of([order_id])[order_id]
    page.reload()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert flaws(page) == []
    for path in (f"orders/{reference}/form/", f"shipments/{shipment.id}/delivery-note/"):
        page.goto(f"{live_server.url}/desk/{path}")
        assert (path, flaws(page)) == (path, [])


@pytest.mark.clause("RECD-1")
def test_sheets_print_without_what_belongs_to_the_screen(
    live_server: LiveServer, opened: OpenPage, reference: str, order_id: int, tmp_path: Path
) -> None:
    commands.release([order_id], kind="payment", outcome="paid", act=now())
    fulfilment.ship([Shipping(order_id=order_id)], act=now())
    (shipment,) = shipments.shipments_of([order_id])[order_id]
    page = desk(opened(DESK, color_scheme="dark"), live_server, reference, somebody("Femi", "fulfilment"))
    page.emulate_media(media="print", color_scheme="dark")
    for path, words in (
        (f"orders/{reference}/form/", "Order form"), (f"shipments/{shipment.id}/delivery-note/", "Received in good order"),
        (f"orders/{reference}/", "Kettle, 1.7 l"),
    ):  # fmt: skip
        page.goto(f"{live_server.url}/desk/{path}")
        expect(page.locator("main")).to_contain_text(words)
        for gone in ("header.top", ".unprinted", "button", "aside", ".on-page"):
            assert not any(one.is_visible() for one in page.locator(gone).all()), (path, gone)
        ink = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
        assert ink == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        made = page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
        assert made.startswith(b"%PDF-")
        assert (made.count(b"/Type /Page\n") or 1) == 1 or path == f"orders/{reference}/"
