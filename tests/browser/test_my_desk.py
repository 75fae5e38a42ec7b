"""My desk in real browsers: it changes while somebody types and loses nothing, and it is worked without a mouse."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import commands as access
from milepost.ground.duties import commands as duties
from milepost.ground.duties import queries
from milepost.ground.duties.words import DutyCard, Wanted
from milepost.kernel.acts import Act
from milepost.way.orders import queries as orders
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "milepost-demo"
FOCUSED = "(one => one.type === 'checkbox' ? 'tick' : Object.keys(one.dataset).join())(document.activeElement)"
LOOK = "document.getElementById('live').dispatchEvent(new Event('look-again'))"
"""What the clock does every quarter of a minute."""


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def team() -> dict[str, str]:
    """Femi and Gus of the warehouse, and Max who leads."""
    people = {"femi": ["fulfilment", "logistics"], "gus": ["fulfilment"], "max": ["management"]}
    for name, roles in people.items():
        access.join(email=f"{name}@milepost.example", name=name.title(), roles=roles, password=PASSWORD, act=now())
    return {name: f"{name}@milepost.example" for name in people}


@pytest.fixture
def references() -> list[str]:
    cast.stocked()
    placed = cast.ordered(cast.draft(), cast.draft(po_number="PO-2"), cast.draft(po_number="PO-3"), act=now())
    return [orders.contacts([order_id])[order_id].reference for order_id in placed]


def duty_of(reference: str, kind: str = "pick") -> DutyCard:
    found = queries.duties_of(orders.find(reference) or 0)
    return next(duty for duty in found if duty.kind == kind and duty.is_open)


def row(page: Page, duty: DutyCard) -> object:
    return page.locator(f"#duty-{duty.id}")


@pytest.fixture
def desk(live_server: LiveServer, opened: OpenPage, team: dict[str, str]) -> Callable[..., Page]:
    def open_desk(name: str, viewport: dict[str, int] = DESK, **options: object) -> Page:
        return signed_in(opened(viewport, **options), live_server.url, team[name], PASSWORD)

    return open_desk


@pytest.mark.clause("HND-1")
def test_while_one_types_another_takes_the_duty_and_a_new_one_comes_and_no_letter_is_lost(
    desk: Callable[..., Page], references: list[str]
) -> None:
    femi, gus = desk("femi"), desk("gus")
    gone, other, mine = (duty_of(reference) for reference in references)
    femi.locator(f"#duty-{mine.id} [data-more]").click()
    why = femi.locator(f"#duty-{mine.id}").get_by_label("Why")
    why.fill("The shelf is being cou")
    before = why.bounding_box()

    gus.locator(f"#duty-{mine.id} [data-take]").click()
    expect(gus.locator(f"#duty-{mine.id}")).to_contain_text("It is yours now.")
    gus.locator(f"#duty-{gone.id} [data-do]").click()
    expect(gus.locator(f"#duty-{gone.id}")).to_contain_text("Picked. Next, pack it.")
    duties.open_duties(
        [
            Wanted(
                kind="it_repair", subject_kind="code", subject_id="new", role="fulfilment", says="Look at this first.",
                due_at=datetime.now(UTC) - timedelta(days=3),
            )
        ],
        act=now(),
    )  # fmt: skip

    why.press("End")
    femi.evaluate(LOOK)
    expect(femi.locator(f"#duty-{mine.id}")).to_contain_text("taken by Gus")
    expect(femi.locator(f"#duty-{gone.id} [data-gone]")).to_be_visible()
    expect(femi.locator("#news")).to_have_text("2 new duties came.")
    expect(femi.locator(".what", has_text="Look at this first.")).to_have_count(0)
    assert why.bounding_box() == before, "nothing jumps while somebody types"
    expect(why).to_be_focused()
    femi.keyboard.type("nted")
    expect(why).to_have_value("The shelf is being counted")
    femi.locator(f"#duty-{other.id}").get_by_label("Tick").check()

    femi.get_by_role("button", name="Show it now").click()
    expect(femi.locator(".what", has_text="Look at this first.")).to_be_visible()
    expect(femi.locator(f"#duty-{gone.id}")).to_have_count(0)
    expect(why).to_have_value("The shelf is being counted")
    expect(femi.locator(f"#duty-{other.id}").get_by_label("Tick")).to_be_checked()

    femi.locator(f"#duty-{mine.id} .slot").get_by_role("button", name="Put off").click()
    expect(femi.locator(f"#duty-{mine.id}")).to_contain_text("It waits. Its due time stays as it was.")
    found = queries.duty(mine.id)
    assert found is not None
    assert found.snoozed_because == "The shelf is being counted"


def test_a_row_in_which_somebody_types_stays_when_the_duty_is_done_and_the_refusal_keeps_the_words(
    desk: Callable[..., Page], references: list[str]
) -> None:
    femi = desk("femi")
    duty = duty_of(references[0])
    femi.locator(f"#duty-{duty.id} [data-more]").click()
    femi.locator(f"#duty-{duty.id}").get_by_label("Why").fill("Box is torn")
    duties.close_by_hand([duty.id], outcome="done", act=now().because("on paper"))
    femi.evaluate(LOOK)
    expect(femi.locator(f"#duty-{duty.id} [data-gone]")).to_be_visible()
    femi.locator(f"#duty-{duty.id} .slot").get_by_role("button", name="Put off").click()
    expect(femi.locator(f"#duty-{duty.id}").get_by_role("alert")).to_contain_text("There is no such open duty.")
    expect(femi.locator(f"#duty-{duty.id}")).to_contain_text("Box is torn")


def test_the_list_renews_itself_when_nobody_is_at_work_in_it(desk: Callable[..., Page], references: list[str]) -> None:
    femi = desk("femi")
    duties.close_by_hand([duty_of(references[0]).id], outcome="done", act=now().because("on paper"))
    femi.evaluate(LOOK)
    expect(femi.get_by_role("link", name=references[0], exact=True)).to_have_count(0)
    expect(femi.get_by_role("link", name=references[1], exact=True)).to_have_count(1)
    expect(femi.locator("#held-news")).to_be_hidden()


@pytest.mark.clause("HND-1")
def test_a_clerk_takes_does_and_puts_off_duties_without_a_mouse(
    desk: Callable[..., Page], references: list[str]
) -> None:
    femi = desk("femi")
    first, second, _ = (duty_of(reference) for reference in references)
    femi.keyboard.press("Tab")
    expect(femi.get_by_role("link", name="Skip to the content")).to_be_focused()
    femi.keyboard.press("Enter")
    femi.keyboard.press("j")
    expect(femi.locator(f"#duty-{first.id}")).to_be_focused()
    femi.keyboard.press("t")
    expect(femi.locator(f"#duty-{first.id}")).to_contain_text("It is yours now.")
    expect(femi.locator(f"#duty-{first.id}")).to_be_focused()
    femi.keyboard.press("d")
    expect(femi.locator(f"#duty-{first.id}")).to_contain_text("Picked. Next, pack it.")
    expect(femi.locator(f"#duty-{first.id}")).to_be_focused()
    packing = duty_of(references[0], "pack")
    femi.keyboard.press("j")
    expect(femi.locator(f"#duty-{packing.id}")).to_be_focused()
    femi.keyboard.press("d")
    expect(femi.get_by_label("Weight in kg")).to_be_focused()
    femi.keyboard.type("2")
    femi.keyboard.press("Enter")
    expect(femi.locator(f"#duty-{packing.id}")).to_contain_text("Packed. Next, hand it over.")
    expect(femi.locator(f"#duty-{packing.id}")).to_be_focused()

    femi.locator(f"#duty-{second.id}").focus()
    femi.keyboard.press("s")
    until = femi.locator(f"#duty-{second.id}").get_by_label("Wait until")
    expect(until).to_be_focused()
    femi.locator(f"#duty-{second.id}").get_by_label("Why").focus()
    femi.keyboard.type("just a sec, t d n ?")
    femi.keyboard.press("Enter")
    expect(femi.locator(f"#duty-{second.id}")).to_contain_text("It waits.")
    found = queries.duty(second.id)
    assert found is not None
    assert found.snoozed_because == "just a sec, t d n ?", "letters that are typed are no shortcuts"


def test_tab_alone_reaches_what_a_row_does_in_the_order_in_which_it_stands(
    desk: Callable[..., Page], references: list[str]
) -> None:
    femi = desk("femi")
    duty = duty_of(references[0])
    femi.locator(f"#duty-{duty.id}").focus()
    reached = []
    for _ in range(5):
        femi.keyboard.press("Tab")
        reached.append(femi.evaluate(FOCUSED))
    assert reached == ["open", "tick", "do", "take", "more"]


def test_keys_show_themselves_lead_on_and_can_be_switched_off(
    desk: Callable[..., Page], live_server: LiveServer, references: list[str]
) -> None:
    femi = desk("femi")
    femi.keyboard.press("?")
    expect(femi.get_by_role("dialog")).to_contain_text("Go to orders")
    assert flaws(femi) == []
    femi.keyboard.press("Escape")
    expect(femi.get_by_role("dialog")).to_have_count(0)
    femi.keyboard.press("/")
    expect(femi.locator("#find")).to_be_focused()
    femi.keyboard.type("?go")
    expect(femi.locator("#find")).to_have_value("?go")
    femi.locator("#find").fill("")
    femi.locator("main").focus()
    femi.keyboard.press("g")
    femi.keyboard.press("o")
    femi.wait_for_url("**/desk/orders/**")
    femi.keyboard.press("j")
    femi.keyboard.press("Enter")
    expect(femi.get_by_role("heading", level=1)).to_contain_text(orders_reference(femi))
    femi.goto(f"{live_server.url}/desk/keys/")
    femi.locator("main").get_by_label("Use these keys in this browser").uncheck()
    femi.goto(f"{live_server.url}/desk/")
    femi.keyboard.press("?")
    femi.keyboard.press("j")
    expect(femi.get_by_role("dialog")).to_have_count(0)
    assert femi.evaluate("document.activeElement === document.body")
    femi.get_by_role("link", name="Keyboard").click()
    expect(femi.get_by_role("dialog")).to_be_visible()
    assert femi.evaluate("Object.entries(localStorage)") == [["milepost.keys", "off"]]


def orders_reference(page: Page) -> str:
    """The reference in the address of an order's page."""
    page.wait_for_url(re.compile(r"/desk/orders/M[^/]+/$"))
    return page.url.rstrip("/").rpartition("/")[2]


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nobody_stumbles_over_the_desk_its_forms_its_teams_and_its_keys(
    viewport: dict[str, int], colours: str, desk: Callable[..., Page], live_server: LiveServer, references: list[str]
) -> None:
    femi = desk("femi", viewport, color_scheme=colours)
    first, second, third = (duty_of(reference) for reference in references)
    duties.snooze([second.id], until=datetime.now(UTC) + timedelta(days=1), act=now().because("Waits for a box"))
    duties.reschedule("pick", {third.order_id or 0: datetime.now(UTC) - timedelta(hours=30)}, act=now())
    femi.goto(f"{live_server.url}/desk/")
    assert flaws(femi) == []
    femi.locator(f"#duty-{first.id}").get_by_label("Tick").check()
    femi.locator(f"#duty-{first.id} [data-more]").click()
    expect(femi.locator(f"#duty-{first.id}").get_by_label("Why")).to_be_visible()
    assert flaws(femi) == []
    for path in (f"duties/{first.id}/", "keys/", "?group=late", "?mine=1"):
        femi.goto(f"{live_server.url}/desk/{path}")
        assert (path, flaws(femi)) == (path, [])
    lead = desk("max", viewport, color_scheme=colours)
    for path in ("teams/", "?role=fulfilment"):
        lead.goto(f"{live_server.url}/desk/{path}")
        assert (path, flaws(lead)) == (path, [])


def test_the_desk_is_worked_without_scripts(desk: Callable[..., Page], references: list[str]) -> None:
    femi = desk("femi", java_script_enabled=False)
    duty = duty_of(references[0])
    femi.locator(f"#duty-{duty.id} [data-do]").click()
    expect(femi.get_by_text("Picked. Next, pack it.")).to_be_visible()
    packing = duty_of(references[0], "pack")
    femi.locator(f"#duty-{packing.id} [data-do]").click()
    femi.get_by_label("Weight in kg").fill("2")
    femi.get_by_role("button", name="Pack", exact=True).click()
    expect(femi.get_by_text("Packed. Next, hand it over.")).to_be_visible()
    for reference in references[1:]:
        femi.locator(f"#duty-{duty_of(reference).id}").get_by_label("Tick").check()
    femi.get_by_role("button", name="Take", exact=True).last.click()
    expect(femi.get_by_text("2 duties are yours now.")).to_be_visible()
