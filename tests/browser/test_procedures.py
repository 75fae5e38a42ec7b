"""Procedures in real browsers: read, looked at on a real order, written anew by form, reviewed by another, published, compared."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import commands as access
from milepost.ground.procedures import queries
from milepost.kernel.acts import Act
from milepost.way.orders import queries as orders
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.clause("REV-1")]
PASSWORD = "milepost-demo"


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


def both(live_server: LiveServer, opened: OpenPage, screen: dict[str, int]) -> tuple[Page, Page]:
    """Maria of management and Omar of order management, each in a browser of their own."""
    people = (("maria", "management"), ("omar", "order_management"))
    for name, role in people:
        access.join(email=f"{name}@milepost.example", name=name.title(), roles=[role], password=PASSWORD, act=now())
    maria, omar = (
        signed_in(opened(screen), live_server.url, f"{name}@milepost.example", PASSWORD) for name, _ in people
    )
    return maria, omar


def reviewed_and_published(maria: Page, omar: Page) -> None:
    expect(maria.get_by_text("You wrote this version, so a colleague reviews it.")).to_be_visible()
    assert flaws(maria) == []
    omar.goto(maria.url)
    expect(omar.get_by_role("heading", name="What would change against version 1")).to_be_visible()
    assert flaws(omar) == []
    omar.get_by_role("button", name="I have read it and agree").click()
    maria.goto(maria.url)
    maria.get_by_role("button", name="Publish").click()
    expect(maria.get_by_role("status").first).to_have_text("Published and in force.")


@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_a_manager_changes_a_clock_and_a_row_of_the_matrix_by_form_and_a_colleague_reviews_them(
    live_server: LiveServer, opened: OpenPage, db: None, screen: dict[str, int]
) -> None:
    maria, omar = both(live_server, opened, screen)
    maria.get_by_role("link", name="Procedures", exact=True).first.click()
    expect(maria.get_by_role("heading", level=1)).to_have_text("Procedures")
    assert flaws(maria, contrast=False) == []
    maria.get_by_role("link", name="Clocks", exact=True).click()
    maria.get_by_role("link", name="Write a new version").click()
    maria.get_by_role("button", name="Change Acknowledge").click()
    hours = maria.get_by_label("Time", exact=True)
    hours.fill("a day")
    maria.get_by_role("button", name="Done with this row Acknowledge").click()
    expect(hours).to_have_attribute("aria-invalid", "true")
    expect(maria.get_by_text("“a day” is no number. Write it in figures.")).to_be_visible()
    expect(hours).to_have_value("a day")
    maria.evaluate("scrollTo(0, 0)")
    assert flaws(maria, contrast=False) == []
    hours.fill("20")
    maria.get_by_label("What changes, and why").fill("Faster, as agreed with the team.")
    maria.get_by_role("button", name="Done with this row Acknowledge").click()
    expect(maria.get_by_text("20 hours", exact=True)).to_be_visible()
    expect(maria.get_by_label("What changes, and why")).to_have_value("Faster, as agreed with the team.")
    maria.get_by_role("button", name="Check it").click()
    maria.evaluate("scrollTo(0, 0)")
    expect(maria.get_by_role("row", name=re.compile("Acknowledge · Time.*24 hours.*20 hours"))).to_be_visible()
    assert flaws(maria, contrast=False) == []
    maria.get_by_role("button", name="Keep as a draft").click()
    reviewed_and_published(maria, omar)
    assert queries.book().clock("acknowledge").hours == 20
    maria.get_by_role("link", name="Procedures", exact=True).first.click()
    maria.get_by_role("link", name="Communication matrix", exact=True).click()
    maria.get_by_role("link", name="Write a new version").click()
    maria.get_by_role("button", name="Change Order received, Customer").click()
    maria.get_by_label("At what time").select_option(label="In the next window")
    maria.get_by_label("Number 2").select_option(label="Push in the browser")
    maria.evaluate("scrollTo(0, 0)")
    assert flaws(maria, contrast=False) == []
    maria.get_by_label("What changes, and why").fill("Nobody is woken up.")
    maria.get_by_role("button", name="Keep as a draft").click()
    reviewed_and_published(maria, omar)
    assert flaws(maria, contrast=False) == []
    row = queries.book().matrix[0]
    assert (row.fact, row.timing, row.channels) == ("OrderReceived", "next_window", ("email", "web_push"))
    maria.get_by_role("button", name="Show").click()
    expect(maria.get_by_role("heading", level=1)).to_have_text("From version 1 to version 2")
    assert flaws(maria) == []


@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_every_kind_is_written_as_a_form_without_a_flaw(
    live_server: LiveServer, opened: OpenPage, db: None, screen: dict[str, int]
) -> None:
    access.join(email="maria@milepost.example", name="Maria", roles=["management"], password=PASSWORD, act=now())
    page = signed_in(opened(screen), live_server.url, "maria@milepost.example", PASSWORD)
    for line in queries.lines():
        if line.kind != "template":
            page.goto(f"{live_server.url}/desk/procedures/{line.id}/new/")
            assert flaws(page, contrast=line.kind == "closing") == [], line.kind


def test_a_letter_is_shown_while_it_is_written(live_server: LiveServer, opened: OpenPage, db: None) -> None:
    cast.stocked()
    (order_id,) = cast.ordered(act=now())
    access.join(email="maria@milepost.example", name="Maria", roles=["management"], password=PASSWORD, act=now())
    page = signed_in(opened(DESK), live_server.url, "maria@milepost.example", PASSWORD)
    letter = next(line.id for line in queries.lines() if line.name == "acknowledgement.en")
    page.goto(f"{live_server.url}/desk/procedures/{letter}/new/")
    page.get_by_label("Order reference").fill(orders.contacts([order_id])[order_id].reference)
    source = page.get_by_label("The e-mail (MJML)")
    source.fill(source.input_value().replace("Your order is confirmed", "Your order is surely confirmed"))
    page.get_by_label("Short form, for SMS and pushes").fill("Hello {{ name }}, soon.")
    expect(page.frame_locator("iframe").get_by_text("Dear Ada Okafor,").first).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("Your order is surely confirmed").first).to_be_visible()
    expect(page.get_by_text("Hello Ada Okafor, soon.")).to_be_visible()
    expect(page.get_by_text("1 segment, 23 places, GSM-7")).to_be_visible()
    expect(page.get_by_label("Short form, for SMS and pushes")).to_have_value("Hello {{ name }}, soon.")
    assert flaws(page) == []


def test_the_form_works_without_scripts(live_server: LiveServer, opened: OpenPage, db: None) -> None:
    access.join(email="maria@milepost.example", name="Maria", roles=["management"], password=PASSWORD, act=now())
    page = signed_in(opened(DESK, java_script_enabled=False), live_server.url, "maria@milepost.example", PASSWORD)
    page.goto(
        f"{live_server.url}/desk/procedures/{next(one.id for one in queries.lines() if one.kind == 'retention')}/new/"
    )
    page.get_by_role("button", name="Add a row").click()
    page.get_by_label("Records,").last.fill("conversations")
    page.get_by_label("Kept for,").last.fill("24")
    page.get_by_role("button", name="Remove Orders").click()
    page.get_by_label("What changes, and why").fill("One more sort.")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_text("Kept as a draft. A colleague reviews it.")).to_be_visible()
    expect(page.get_by_text("conversations").first).to_be_visible()


@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_a_letter_and_each_kind_are_seen(
    live_server: LiveServer, opened: OpenPage, db: None, screen: dict[str, int]
) -> None:
    cast.stocked()
    (order_id,) = cast.ordered(act=now())
    access.join(email="mona@milepost.example", name="Mona", roles=["customer_service"], password=PASSWORD, act=now())
    page = signed_in(opened(screen), live_server.url, "mona@milepost.example", PASSWORD)
    for line in queries.lines():
        if line.kind != "template":
            page.goto(f"{live_server.url}/desk/procedures/{line.id}/")
            assert flaws(page, contrast=line.kind == "closing") == [], line.kind
    letter = next(line.id for line in queries.lines() if line.name == "acknowledgement.de")
    page.goto(f"{live_server.url}/desk/procedures/{letter}/")
    assert flaws(page) == []
    page.get_by_label("Order reference").fill(orders.contacts([order_id])[order_id].reference)
    page.get_by_role("button", name="Preview").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Guten Tag Ada Okafor,").first).to_be_visible()
    expect(page.get_by_text("2 segments")).to_be_visible()
    assert flaws(page) == []
