"""What people are told, in real browsers: what they want to hear, pushes, the bell of the desk, and a call."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from milepost.config import errands
from milepost.faces.portal.tests.signing_in import send_messages
from milepost.ground.access import commands as access
from milepost.ground.access import links
from milepost.ground.notices import people
from milepost.ground.notices import queries as messages
from milepost.ground.notices.commands import plan
from milepost.ground.notices.models import Notice
from milepost.ground.notices.tests.acting import in_app, wanted
from milepost.ground.parties import commands as parties
from milepost.ground.parties import queries as known
from milepost.ground.parties.words import StopReason
from milepost.kernel.acts import Act
from milepost.way.orders import queries as orders
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.clause("NTF-2")]
PASSWORD = "milepost-demo"
PUBLIC = urlsafe_b64encode(b"\x04" + bytes(range(64))).decode().rstrip("=")
SECRET = urlsafe_b64encode(bytes(16)).decode().rstrip("=")
FAKE_SUBSCRIPTION = f"""
const said = {{ endpoint: "https://fcm.googleapis.com/fcm/send/this-browser", keys: {{ p256dh: "{PUBLIC}", auth: "{SECRET}" }} }};
let held = null;
const one = {{ toJSON: () => said, endpoint: said.endpoint }};
PushManager.prototype.subscribe = async (wanted) => {{
  window.asked = Array.from(wanted.applicationServerKey).length;
  return held = one;
}};
PushManager.prototype.getSubscription = async () => held;
"""


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def order_id(db: None) -> int:
    cast.stocked()
    return cast.ordered(act=now())[0]


@pytest.fixture
def customer_id(order_id: int) -> int:
    return orders.contacts([order_id])[order_id].customer_id


def preferences(live_server: LiveServer, customer_id: int) -> str:
    return f"{live_server.url}/t/preferences/{links.make('preferences', customer_id, now=timezone.now())}/"


@pytest.mark.clause("NTF-1")
@pytest.mark.parametrize(("screen", "scripted"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_a_customer_chooses_what_they_hear(
    live_server: LiveServer, opened: OpenPage, customer_id: int, screen: dict[str, int], scripted: bool
) -> None:
    parties.stop_channel("sms", [cast.ADA.phone], reason=StopReason.OPTED_OUT, act=now())
    page = opened(screen, java_script_enabled=scripted)
    page.goto(preferences(live_server, customer_id))
    expect(page.get_by_role("heading", level=1)).to_have_text("What we tell you")
    expect(page.get_by_text("You answered STOP")).to_be_visible()
    if scripted:
        assert flaws(page) == []
    offers = page.get_by_role("group", name="Offers")
    offers.get_by_label("E-mail").check()
    page.get_by_role("group", name="Your orders").get_by_label("Text message").check()
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("status")).to_have_text("Kept. It counts from now on.")
    expect(offers.get_by_label("E-mail")).to_be_checked()
    expect(page.get_by_text("You answered STOP")).to_have_count(0)
    assert known.open_stops([("sms", cast.ADA.phone)]) == {}
    page.get_by_role("button", name="Send me nothing at all").click()
    expect(page.get_by_role("status")).to_contain_text("You get no more messages")
    assert not any(one.given for one in known.consents([customer_id])[customer_id].said.values())


@pytest.mark.clause("NTF-1")
def test_somebody_unsubscribes_on_a_phone_with_one_press(
    live_server: LiveServer, opened: OpenPage, order_id: int, customer_id: int
) -> None:
    send_messages()
    notice = Notice.objects.get(template="receipt_note")
    page = opened(PHONE)
    page.goto(f"{live_server.url}/t/unsubscribe/{links.to_unsubscribe(notice.id)}/")
    assert flaws(page) == []
    assert known.consent_history(customer_id) == []
    page.get_by_role("button", name="Yes, send no more of them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Done. You get no more of these.")
    assert flaws(page) == []
    assert [one.given for one in known.consent_history(customer_id)] == [False]
    page.get_by_role("link", name="Choose what else we tell you").click()
    expect(page.get_by_role("group", name="Your orders").get_by_label("E-mail")).not_to_be_checked()


def test_a_browser_asks_for_pushes_shows_one_and_says_no_more(
    live_server: LiveServer, opened: OpenPage, order_id: int, customer_id: int, settings
) -> None:
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = "private", PUBLIC
    page = opened(PHONE, permissions=["notifications"])
    page.add_init_script(FAKE_SUBSCRIPTION)
    worker = listen_to_workers(page)
    page.goto(f"{live_server.url}/t/{links.make('track', order_id, now=timezone.now())}/")
    assert flaws(page) == []
    page.get_by_role("button", name="Tell me in this browser").click()
    expect(page.get_by_role("status").filter(has_text="This browser tells you when something changes.")).to_be_visible()
    assert page.evaluate("window.asked") == 65, "the browser was given our key"
    key = f"customer:{customer_id}"
    assert [one.order_id for one in people.browsers([key])[key]] == [order_id]
    shown = pushed(
        page, worker, live_server.url, {"title": "Out for delivery", "body": "Today.", "tag": "n1", "url": page.url}
    )
    assert shown == [["Out for delivery", "Today.", "n1"]]
    again = pushed(
        page, worker, live_server.url, {"title": "Out for delivery", "body": "By noon.", "tag": "n1", "url": page.url}
    )
    assert again == [["Out for delivery", "By noon.", "n1"]], "the same message takes the place of the first"
    page.get_by_role("button", name="No more in this browser").click()
    expect(page.get_by_role("button", name="Tell me in this browser")).to_be_visible()
    assert people.browsers([key]) == {}


def listen_to_workers(page: Page) -> list[str]:
    found: list[str] = []
    session = page.context.new_cdp_session(page)
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(one["registrationId"] for one in said["registrations"]),
    )
    session.send("ServiceWorker.enable")
    return found


def pushed(page: Page, registrations: list[str], origin: str, words: dict[str, str]) -> list[list[str]]:
    """What the browser shows after this was pushed to it; pushed anew where it came before the worker listened."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    found: list[list[str]] = []
    for _ in range(3):
        session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": origin, "registrationId": registrations[-1], "data": json.dumps(words)},
        )
        found = page.evaluate(SHOWN, words["body"])
        if found and found[0][1] == words["body"]:
            break
    return found


SHOWN = """async (body) => {
    const worker = await navigator.serviceWorker.ready;
    const told = async () => (await worker.getNotifications()).map((one) => [one.title, one.body, one.tag]);
    for (let tries = 0; tries < 50; tries += 1) {
        const shown = await told();
        if (shown.length === 1 && shown[0][1] === body) return shown;
        await new Promise((rest) => setTimeout(rest, 100));
    }
    return told();
}"""


def test_where_the_browser_says_no_the_page_says_what_that_means(
    live_server: LiveServer, opened: OpenPage, order_id: int, settings
) -> None:
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = "private", PUBLIC
    page = opened(PHONE)
    page.add_init_script("Notification.requestPermission = async () => 'denied';")
    page.goto(f"{live_server.url}/t/{links.make('track', order_id, now=timezone.now())}/")
    card = page.locator("[data-push]")
    if page.evaluate("Notification.permission") != "denied":
        card.get_by_role("button").click()
    expect(card.get_by_text("This browser does not let us")).to_be_visible()


@pytest.mark.clause("NTF-5")
def test_a_clerk_hears_the_bell_reads_and_marks_all_as_seen(
    live_server: LiveServer, opened: OpenPage, db: None
) -> None:
    access.join(email="omar@milepost.example", name="Omar", roles=["order_management"], password=PASSWORD, act=now())
    plan([in_app(1), in_app(2)], act=now())
    pages = [signed_in(opened(screen), live_server.url, "omar@milepost.example", PASSWORD) for screen in (DESK, PHONE)]
    for page in pages:
        expect(page.locator(".bell .count")).to_have_text("2")
        page.get_by_role("link", name="Told to me").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Told to me")
        assert flaws(page) == []
    pages[0].get_by_role("button", name="I have seen everything").click()
    expect(pages[0].get_by_text("Everything is marked as seen.")).to_be_visible()
    expect(pages[0].locator(".bell .count")).to_have_count(0)


def test_a_clerk_makes_a_call(live_server: LiveServer, opened: OpenPage, order_id: int, customer_id: int) -> None:
    access.join(email="mona@milepost.example", name="Mona", roles=["customer_service"], password=PASSWORD, act=now())
    at = orders.contacts([order_id])[order_id].received_at
    notice = wanted(
        order_id,
        filed_at=at,
        channel="phone",
        recipient_key=f"customer:{customer_id}",
        milestone="by phone",
        lasting=True,
    )
    plan([notice], act=now())
    noon = datetime.now(UTC).replace(hour=11, minute=0)
    errands.send_other_ways(noon if noon > datetime.now(UTC) else noon + timedelta(days=1))
    card = next(one for one in messages.notices_of(order_id) if one.channel == "phone")
    pages = [signed_in(opened(screen), live_server.url, "mona@milepost.example", PASSWORD) for screen in (PHONE, DESK)]
    for page in pages:
        page.goto(f"{live_server.url}/desk/calls/{card.id}/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Call Ada Okafor")
        assert flaws(page) == []
    desk = pages[1]
    desk.get_by_label("Reached: they know").check()
    desk.get_by_label("Note").fill("She is glad.")
    desk.get_by_role("button", name="Note it on the order").click()
    expect(desk.get_by_text("Noted on the order.")).to_be_visible()
    assert messages.notice(card.id).state == "sent"
