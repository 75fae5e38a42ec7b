"""A customer on a phone and a clerk at a desk talk live, neither losing what they type; and without scripts all the same."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import commands as access
from milepost.ground.access import links
from milepost.kernel.acts import Act
from milepost.way.care import queries as care
from milepost.way.orders import queries as orders
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.clause("INQ-3", "INQ-4")]

PASSWORD = "milepost-demo"
SOON = 15_000
"""Milliseconds in which what one says stands before the other."""


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def order_id(db: None) -> int:
    cast.stocked()
    return cast.ordered(act=now())[0]


def tracking(page: Page, live_server: LiveServer, order_id: int) -> Page:
    page.goto(f"{live_server.url}/t/{links.make('track', order_id, now=timezone.now())}/")
    return page


def clerk(page: Page, live_server: LiveServer) -> Page:
    access.join(
        email="mona@milepost.example", name="Mona Meyer", roles=["customer_service"], password=PASSWORD, act=now()
    )
    return signed_in(page, live_server.url, "mona@milepost.example", PASSWORD)


def test_a_customer_and_a_clerk_talk_live_and_neither_loses_what_they_type(
    live_server: LiveServer, opened: OpenPage, order_id: int
) -> None:
    phone = tracking(opened(PHONE), live_server, order_id)
    assert flaws(phone) == []
    phone.get_by_label("What is it about?").select_option(label="Where is my order?")
    phone.get_by_label("Your message").fill("Hello, where is my order?")
    phone.get_by_role("button", name="Send the message").click()
    expect(phone.get_by_role("log")).to_contain_text("Hello, where is my order?")
    expect(phone.get_by_label("Your message")).to_have_value("")
    expect(phone.get_by_label("Your message")).to_be_focused()
    expect(phone.locator("#messages")).to_contain_text("We answer by")
    assert flaws(phone) == []

    desk = clerk(opened(DESK), live_server)
    desk.get_by_role("link", name="Conversations").click()
    assert flaws(desk) == []
    desk.get_by_role("link", name="Ada Okafor").click()
    expect(desk.get_by_role("log")).to_contain_text("Hello, where is my order?")
    reference = orders.contacts([order_id])[order_id].reference
    answer = desk.get_by_label("Answer", exact=True)
    assert f"Your order {reference} is confirmed" in answer.input_value(), "the ledger proposes it"
    expect(desk.locator("#standing")).to_contain_text("They are on the page now", timeout=SOON)
    assert flaws(desk) == []

    answer.fill("It is being packed, and leaves us tom")
    expect(phone.locator("#messages")).to_contain_text("One of us is writing", timeout=SOON)
    phone.get_by_label("Your message").press_sequentially("Take your ti")
    expect(desk.locator("#standing")).to_contain_text("They are writing", timeout=SOON)
    expect(answer).to_have_value("It is being packed, and leaves us tom")
    answer.press_sequentially("orrow.")
    desk.get_by_role("button", name="Send the answer").click()
    expect(phone.get_by_role("log")).to_contain_text("It is being packed, and leaves us tomorrow.", timeout=SOON)
    expect(phone.get_by_role("log")).to_contain_text("Mona")
    expect(phone.get_by_label("Your message")).to_have_value("Take your ti")
    phone.get_by_label("Your message").press_sequentially("me, thanks!")
    desk.get_by_label("Answer", exact=True).fill("Half a thought")
    phone.get_by_role("button", name="Send the message").click()
    expect(desk.get_by_role("log")).to_contain_text("Take your time, thanks!", timeout=SOON)
    expect(desk.get_by_label("Answer", exact=True)).to_have_value("Half a thought")
    expect(desk.get_by_role("log")).to_contain_text("read on the page", timeout=SOON)
    said = care.on_page(order_id)
    assert [one.direction for one in said] == ["in", "out", "in"]


def test_a_customer_writes_and_reads_without_scripts(live_server: LiveServer, opened: OpenPage, order_id: int) -> None:
    phone = tracking(opened(PHONE, java_script_enabled=False), live_server, order_id)
    phone.get_by_label("Your message").fill("Is there a gift box?")
    phone.get_by_role("button", name="Send the message").click()
    expect(phone.get_by_role("log")).to_contain_text("Is there a gift box?")
    desk = clerk(opened(DESK, java_script_enabled=False), live_server)
    desk.get_by_role("link", name="Conversations").click()
    desk.get_by_role("link", name="Ada Okafor").click()
    desk.get_by_label("Answer", exact=True).fill("There is, for free.")
    desk.get_by_role("button", name="Send the answer").click()
    expect(desk.get_by_role("log")).to_contain_text("There is, for free.")
    phone.reload()
    expect(phone.get_by_role("log")).to_contain_text("There is, for free.")


def test_a_refused_message_says_why_and_keeps_what_was_typed(
    live_server: LiveServer, browser: Browser, order_id: int
) -> None:
    context = browser.new_context(viewport=PHONE)
    phone = tracking(context.new_page(), live_server, order_id)
    phone.get_by_label("Your message").fill("   ")
    phone.get_by_role("button", name="Send the message").click()
    expect(phone.get_by_role("alert")).to_contain_text("There are no words in your message.")
    expect(phone.get_by_label("Your message")).to_have_value("   ")
    assert flaws(phone) == []
    context.close()


def test_a_call_is_logged_on_the_orders_page_with_the_keyboard(
    live_server: LiveServer, opened: OpenPage, order_id: int
) -> None:
    desk = clerk(opened(DESK), live_server)
    reference = orders.contacts([order_id])[order_id].reference
    desk.goto(f"{live_server.url}/desk/orders/{reference}/")
    section = desk.locator("#interactions")
    section.get_by_text("Log a call").focus()
    desk.keyboard.press("Enter")
    section.get_by_label("What was said").fill("She wants it on Monday.")
    section.get_by_label("What came of it").select_option(label="They wait for our answer")
    section.get_by_role("button", name="Write it down").click()
    expect(desk.locator("#interactions")).to_contain_text("She wants it on Monday.")
    assert flaws(desk) == []
    desk.get_by_role("link", name="Go on with the latest conversation").click()
    desk.set_viewport_size(PHONE)
    assert flaws(desk) == []
    for name in ("Log a call", "Note for us alone", "Hand over"):
        desk.locator("aside").get_by_text(name, exact=True).first.click()
    assert flaws(desk) == []
