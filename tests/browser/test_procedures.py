"""Procedures in real browsers: read, looked at on a real order, written anew, reviewed by another, published, compared."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
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


@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_two_people_change_how_long_customers_may_object(
    live_server: LiveServer, opened: OpenPage, db: None, screen: dict[str, int]
) -> None:
    for name, role in (("omar", "order_management"), ("maria", "management")):
        access.join(email=f"{name}@milepost.example", name=name.title(), roles=[role], password=PASSWORD, act=now())
    omar, maria = (
        signed_in(opened(screen), live_server.url, f"{name}@milepost.example", PASSWORD) for name in ("omar", "maria")
    )
    omar.get_by_role("link", name="Procedures", exact=True).first.click()
    expect(omar.get_by_role("heading", level=1)).to_have_text("Procedures")
    assert flaws(omar) == []
    omar.get_by_role("link", name="Closing", exact=True).click()
    assert flaws(omar) == []
    omar.get_by_role("link", name="Write a new version").click()
    text = omar.get_by_label("The document (TOML)")
    omar.get_by_label("What changes, and why").fill("Two days more, as agreed with the team.")
    text.fill(text.input_value().replace("acceptance_days = 7", "acceptance_days = nine"))
    omar.get_by_role("button", name="Check it").click()
    expect(omar.get_by_role("alert")).to_contain_text("at line 1")
    assert flaws(omar) == []
    text.fill(text.input_value().replace("nine", "9"))
    omar.get_by_role("button", name="Check it").click()
    expect(omar.get_by_role("row", name="+ added acceptance_days = 9")).to_be_visible()
    assert flaws(omar) == []
    omar.get_by_role("button", name="Keep as a draft").click()
    expect(omar.get_by_text("You wrote this version, so a colleague reviews it.")).to_be_visible()
    maria.goto(omar.url)
    maria.get_by_role("button", name="I have read it and agree").click()
    maria.get_by_role("button", name="Publish").click()
    expect(maria.get_by_role("status")).to_have_text("Published and in force.")
    assert flaws(maria) == []
    maria.get_by_role("button", name="Show").click()
    expect(maria.get_by_role("heading", level=1)).to_have_text("From version 1 to version 2")
    assert flaws(maria) == []
    assert queries.book().closing.acceptance_days == 9


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
            assert flaws(page) == [], line.kind
    letter = next(line.id for line in queries.lines() if line.name == "acknowledgement.de")
    page.goto(f"{live_server.url}/desk/procedures/{letter}/")
    assert flaws(page) == []
    page.get_by_label("Order reference").fill(orders.contacts([order_id])[order_id].reference)
    page.get_by_role("button", name="Preview").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Guten Tag Ada Okafor,").first).to_be_visible()
    expect(page.get_by_text("2 segments")).to_be_visible()
    assert flaws(page) == []
