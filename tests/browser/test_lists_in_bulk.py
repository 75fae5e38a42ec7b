"""A list is worked on as a whole, in a real browser: a view is kept, rows are chosen, looked at, done, and taken home as a file."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import commands as access
from milepost.kernel.acts import Act
from milepost.overview.bulk import commands as bulk
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as order_reads
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "milepost-demo"


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def three(db: None) -> list[int]:
    """Three orders of Ada's, the last cancelled; one of Bruno's."""
    access.join(email="olga@milepost.example", name="Olga", roles=["order_management"], password=PASSWORD, act=now())
    cast.stocked(3)
    made = cast.ordered(*[cast.draft() for _ in range(3)], cast.draft(customer=cast.BRUNO), act=now())
    orders.cancel(made[2:3], reason_code="other", act=now())
    return made


@pytest.mark.clause("ROL-1")
@pytest.mark.parametrize(("screen", "scripted"), [(DESK, True), (PHONE, True), (PHONE, False)])
def test_a_clerk_keeps_a_view_cancels_many_and_takes_the_list_home(
    live_server: LiveServer, opened: OpenPage, three: list[int], screen: dict[str, int], scripted: bool, tmp_path: Path
) -> None:
    page = signed_in(
        opened(screen, java_script_enabled=scripted, accept_downloads=True), live_server.url, "olga@milepost.example", PASSWORD
    )  # fmt: skip

    def sound() -> None:
        if scripted:
            assert flaws(page) == []

    page.goto(f"{live_server.url}/desk/orders/?show=all")
    sound()
    page.get_by_text("Keep this view").click()
    page.get_by_label("Name", exact=True).fill("All of them")
    page.get_by_label("For whom").select_option("order_management")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("link", name="All of them")).to_have_attribute("aria-current", "true")
    sound()
    page.get_by_role("link", name="Saved views …").click()
    expect(page.get_by_text("Show: All")).to_be_visible()
    sound()
    page.get_by_role("link", name="All of them").click()
    expect(page.locator("input[name=chosen]")).to_have_count(len(three))

    if scripted:
        page.get_by_role("button", name="Tick all on this page").click()
    else:
        for box in page.locator("input[name=chosen]").all():
            box.check()
    page.get_by_label("With the chosen rows").select_option("cancel")
    page.get_by_role("button", name="Go on").click()
    sound()
    page.get_by_label("Why").select_option("customer_request")
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("heading", name="What it would do")).to_be_visible()
    expect(page.get_by_text("3 × Cancellation")).to_be_visible()
    expect(page.get_by_text("An order that is cancelled cannot cancel.")).to_be_visible()
    assert list(order_reads.states(three).values()).count("cancelled") == 1
    sound()
    page.get_by_role("button", name="Cancel: 3 rows").click()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert set(order_reads.states(three).values()) == {"cancelled"}
    sound()
    assert len(taken(page, "Every row as a table (CSV)", tmp_path / "rows.csv")) == 5

    page.goto(f"{live_server.url}/desk/orders/?show=all")
    assert len(taken(page, "CSV", tmp_path / "orders.csv")) == 5
    page.goto(f"{live_server.url}/desk/bulk/")
    sound()


def taken(page: Page, name: str, where: Path) -> list[list[str]]:
    with page.expect_download() as waited:
        page.get_by_role("link", name=name, exact=True).click()
    waited.value.save_as(where)
    with where.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_long_run_shows_its_progress_while_the_worker_is_at_it(
    live_server: LiveServer, opened: OpenPage, three: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "IN_A_SET", 1)
    page = signed_in(opened(DESK), live_server.url, "olga@milepost.example", PASSWORD)
    page.goto(f"{live_server.url}/desk/orders/?show=all")
    page.get_by_label("With all that match").check()
    page.get_by_label("With the chosen rows").select_option("cancel")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("heading", name="Gathering the rows")).to_be_visible()
    bulk.work(now().at)
    expect(page.get_by_role("heading", name="Looking at what it would do")).to_be_visible()
    bulk.work(now().at)
    expect(page.get_by_text("1 of 4 rows")).to_be_visible()
    assert flaws(page) == []
    while bulk.work(now().at):
        pass
    expect(page.get_by_role("button", name="Cancel: 3 rows")).to_be_visible()


@pytest.mark.clause("INQ-1")
@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_the_pages_of_a_customer_and_of_an_item(
    live_server: LiveServer, opened: OpenPage, three: list[int], screen: dict[str, int]
) -> None:
    page = signed_in(opened(screen), live_server.url, "olga@milepost.example", PASSWORD)
    customer = order_reads.contacts(three)[three[0]].customer_id
    page.goto(f"{live_server.url}/desk/customers/{customer}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Okafor")
    assert flaws(page) == []
    page.goto(f"{live_server.url}/desk/items/{cast.catalogue()[cast.MUG]}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mug, blue")
    assert flaws(page) == []
