"""The portal in Arabic on a phone: from right to left, no wider than the screen, and switched without scripts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import links
from milepost.kernel.acts import Act
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import Shipping
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind
from tests import cast
from tests.browser.conftest import PHONE, OpenPage, flaws

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def where() -> str:
    """The page of an order whose customer reads German, with a parcel on its way."""
    cast.stocked()
    order_id = cast.ordered(cast.draft(customer=replace(cast.ADA, language="de")), act=now())[0]
    fulfilment.pick([order_id], act=now())
    fulfilment.ship([Shipping(order_id=order_id)], act=now())
    parcel = shipments.shipments_of([order_id])[order_id][0].parcels[0]
    scan = EventDraft(kind=Kind.ARRIVED_HUB, happened_at=datetime.now(UTC), parcel_id=parcel.id, place="Berlin")
    tracking.record_events([scan], act=now())
    return f"/t/{links.make('track', order_id, now=timezone.now())}/"


@pytest.mark.clause("TRK-3")
def test_a_customer_switches_to_arabic_on_a_phone_without_scripts(
    live_server: LiveServer, opened: OpenPage, where: str
) -> None:
    phone = opened(PHONE, is_mobile=True, java_script_enabled=False)
    phone.goto(live_server.url + where)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Ihre Bestellung ist unterwegs.")
    phone.get_by_role("button", name="العربية").click()
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    expect(phone.locator("html")).to_have_attribute("lang", "ar")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("طلبكم في الطريق.")
    assert phone.url == live_server.url + where
    context = phone.context.browser.new_context(viewport=PHONE, storage_state=phone.context.storage_state())
    scripted = context.new_page()
    scripted.goto(live_server.url + where)
    assert flaws(scripted) == []
    assert scripted.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    dot, stage = (
        scripted.locator(".stages .dot").first.bounding_box(),
        scripted.locator(".stages .stage").first.bounding_box(),
    )
    assert dot
    assert stage
    assert dot["x"] > stage["x"] + stage["width"], "the dots stand at the right, before the words"
    context.close()
