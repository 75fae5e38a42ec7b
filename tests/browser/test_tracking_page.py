"""The tracking page as customers have it before them: on a phone and a desk, light and dark, from right to left, without scripts;
and opened by the code from their own mailbox."""

import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from milepost.faces.look.colours import Palette
from milepost.faces.portal.customers import COOKIE
from milepost.faces.portal.tests.signing_in import send_messages, signed_in
from milepost.faces.portal.tests.test_opening import codes_sent
from milepost.ground.access import links
from milepost.ground.notices import queries as messages
from milepost.kernel.acts import Act
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import Shipping
from milepost.way.orders import queries as orders
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.clause("TRK-3")]
PICTURES = os.environ.get("MILEPOST_PICTURES", "")
"""A folder for pictures of each page, for who wants to look at them."""


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


def ordered(language: str = "en") -> int:
    cast.stocked()
    return cast.ordered(cast.draft(customer=replace(cast.ADA, language=language)), act=now())[0]


def sent_off(order_id: int, *more: Kind) -> None:
    fulfilment.pick([order_id], act=now())
    fulfilment.ship([Shipping(order_id=order_id)], act=now())
    parcel = shipments.shipments_of([order_id])[order_id][0].parcels[0]
    way = [
        (Kind.PICKED_UP, "Hamburg, Germany"),
        (Kind.ARRIVED_HUB, "Leipzig, Germany"),
        *((kind, "Berlin") for kind in more),
    ]
    tracking.record_events(
        [
            EventDraft(
                kind=kind, happened_at=datetime.now(UTC) - timedelta(hours=10 - 2 * place), parcel_id=parcel.id, place=town,
                received_by="Neighbour Schmidt" if kind == Kind.DELIVERED else "",
            )
            for place, (kind, town) in enumerate(way)
        ],
        act=now(),
    )  # fmt: skip


def link(order_id: int) -> str:
    return f"/t/{links.make('track', order_id, now=timezone.now())}/"


def looked_at(page: Page, name: str) -> None:
    """No flaws; and a picture, where somebody wants one."""
    assert flaws(page) == []
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")])
def test_what_happens_next_stands_first_and_the_way_on_a_map(
    live_server: LiveServer, opened: OpenPage, viewport: dict[str, int], scheme: str
) -> None:
    order_id = ordered()
    sent_off(order_id)
    page = opened(viewport, color_scheme=scheme)
    page.goto(live_server.url + link(order_id))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Your order is on its way.")
    box, way = heading.bounding_box(), page.get_by_role("heading", name="The way of your order").bounding_box()
    assert box
    assert way
    assert box["y"] < way["y"] < 844
    picture = page.get_by_role("img", name="Map: last seen in Leipzig, on the way to Berlin.")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)
    expect(picture).to_have_js_property("naturalWidth", 640)
    looked_at(page, f"track-{scheme}-{viewport['width']}")


def test_the_code_from_the_customers_mailbox_opens_all_of_it_and_the_address_is_put_right(
    live_server: LiveServer, opened: OpenPage
) -> None:
    order_id = ordered()
    page = opened(PHONE, java_script_enabled=True)
    page.goto(live_server.url + link(order_id))
    expect(page.locator("body")).not_to_contain_text("Lindenstraße")
    page.get_by_role("link", name="Change the delivery details").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("See all of your order")
    looked_at(page, "code-ask")
    page.get_by_role("button", name="By e-mail a•••@okafor.example").click()
    looked_at(page, "code-type")
    ((address, code),) = codes_sent()
    assert address == cast.ADA.email
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Show my order").click()
    expect(page.get_by_label("Street and house number")).to_have_value("Lindenstraße 9")
    looked_at(page, "correction")
    page.get_by_label("Street and house number").fill("Lindenstraße 11")
    page.get_by_label("Leave it with a neighbour").check()
    page.get_by_label("With whom, where, or which name?").fill("Schmidt, second floor")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("status").first).to_contain_text("We have changed it")
    expect(page.locator("body")).to_contain_text("Lindenstraße 11")
    looked_at(page, "opened")
    card = orders.card(order_id)
    assert card is not None
    assert (card.ship_to.street, card.instructions) == (
        "Lindenstraße 11", "If nobody opens, leave it with a neighbour: Schmidt, second floor",
    )  # fmt: skip
    page.get_by_role("button", name="Hide this again").click()
    expect(page.locator("body")).not_to_contain_text("Lindenstraße")


def test_all_of_it_works_without_scripts(live_server: LiveServer, opened: OpenPage) -> None:
    order_id = ordered()
    page = opened(PHONE, java_script_enabled=False)
    page.goto(f"{live_server.url}{link(order_id)}code/")
    page.get_by_role("button", name="By e-mail").click()
    ((_, code),) = codes_sent()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Show my order").click()
    expect(page.locator("body")).to_contain_text("10969 Berlin")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Add to calendar").click()
    assert coming.value.suggested_filename == "delivery.ics"


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_from_right_to_left_before_and_after_the_code(
    live_server: LiveServer, opened: OpenPage, viewport: dict[str, int]
) -> None:
    order_id = ordered("ar")
    sent_off(order_id, Kind.OUT_FOR_DELIVERY, Kind.DELIVERED)
    page = opened(viewport)
    page.goto(live_server.url + link(order_id))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    looked_at(page, f"ar-{viewport['width']}")
    page.get_by_role("link", name="إظهار كل شيء").click()
    looked_at(page, f"ar-code-{viewport['width']}")
    page.get_by_role("button", name="بالبريد الإلكتروني").click()
    send_messages()
    found = (re.search(r"\b\d{6}\b", one.text) for one in messages.mailbox() if one.subject.startswith("رمزكم"))
    code = next(one[0] for one in found if one)
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="إظهار طلبي").click()
    expect(page.locator("body")).to_contain_text("Neighbour Schmidt")
    looked_at(page, f"ar-opened-{viewport['width']}")


@pytest.mark.clause("INQ-4")
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_who_has_lost_the_link_has_it_sent_again(
    live_server: LiveServer, opened: OpenPage, viewport: dict[str, int]
) -> None:
    order_id = ordered()
    card: Any = orders.card(order_id)
    context: dict[str, Any] = {"extra_http_headers": {"Accept-Language": "en"}}
    page = opened(viewport, **context)
    page.goto(f"{live_server.url}/track/")
    looked_at(page, f"lookup-{viewport['width']}")
    page.get_by_label("Order number").fill(card.reference)
    page.get_by_label("E-mail").fill(cast.ADA.email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("status")).to_contain_text("If that is one of our orders, we have just sent its link")
    looked_at(page, f"lookup-sent-{viewport['width']}")
    send_messages()
    letter = next(one for one in messages.mailbox() if one.subject.startswith("The link of your order"))
    path = next(word for word in letter.text.split() if "/t/" in word).partition("/t/")[2]
    page.goto(f"{live_server.url}/t/{path}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("We are getting your order ready.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_brands_colours_and_logo_can_be_read_and_seen(
    live_server: LiveServer, opened: OpenPage, settings: Any, tmp_path: Path, scheme: str
) -> None:
    settings.BRAND_PALETTE, settings.BRAND_LOGO = Palette.of("#c2185b"), tmp_path / "acme.svg"
    settings.BRAND_LOGO.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#c2185b"/></svg>'
    )
    order_id = ordered()
    sent_off(order_id)
    page = opened(PHONE, color_scheme=scheme)
    page.goto(live_server.url + link(order_id))
    logo = page.get_by_role("img", name=settings.BRAND)
    expect(logo).to_have_js_property("naturalWidth", 120)
    shown = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()")
    assert shown == (settings.BRAND_PALETTE.accent if scheme == "light" else settings.BRAND_PALETTE.accent_dark)
    looked_at(page, f"brand-{scheme}")
    page.goto(f"{live_server.url}/accounts/login/")
    looked_at(page, f"brand-login-{scheme}")


@pytest.mark.clause("INQ-4")
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_customer_finds_an_order_among_their_own(
    live_server: LiveServer, opened: OpenPage, viewport: dict[str, int]
) -> None:
    order_id = ordered()
    page = opened(viewport)
    token = signed_in().cookies[COOKIE].value
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": f"{live_server.url}/shop/"}])
    page.goto(f"{live_server.url}/shop/")
    card: Any = orders.card(order_id)
    looked_at(page, f"my-orders-{viewport['width']}")
    page.get_by_label("Search my orders").fill("piano")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("main")).to_contain_text("No order of yours has “piano”.")
    looked_at(page, f"my-orders-none-{viewport['width']}")
    page.get_by_label("Search my orders").fill("mug")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Under way").click()
    expect(page.get_by_role("link", name=card.reference, exact=True)).to_be_visible()
