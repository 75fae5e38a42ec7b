"""A clerk's Monday, in real browsers: an order by phone and everything that befalls it until its customer has rated it.

Mona sits at the desk, Femi in the warehouse; Chiara, the customer, has a phone and a mailbox. Nothing is done behind the pages but
what the worker does: messages leave, and what comes due is looked at.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import commands as access
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as messages
from milepost.kernel.acts import Act
from milepost.overview.records import queries as records
from milepost.plugs.senders.mailbox import MailboxSender
from milepost.reactions.letters import compose
from milepost.way.closeout import queries as closeout
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard, Search, State
from milepost.way.stock import commands as stock
from milepost.way.stock.words import StockReceipt
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "milepost-demo"
CHIARA = "chiara@conti.example"


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def house() -> None:
    """Two people, goods on the shelf, one blue mug too few, and green ones that will do."""
    for name, roles in (("Mona", ["customer_service", "order_management"]), ("Femi", ["fulfilment", "logistics"])):
        access.join(email=f"{name.lower()}@milepost.example", name=name, roles=roles, password=PASSWORD, act=now())
    items = cast.catalogue()
    green = ItemDraft(code="MUG-GREEN", name="Mug, green", unit="piece", price=Decimal("8.50"), currency="EUR")
    items["MUG-GREEN"] = catalog.list_items([green], act=now())[0]
    catalog.replace(cast.MUG, ["MUG-GREEN"])
    shelves = {cast.KETTLE: 100, "MUG-GREEN": 9, cast.MUG: 1}
    stock.receive_stock(
        [StockReceipt(item_id=items[code], location="MAIN", quantity=Decimal(n)) for code, n in shelves.items()],
        act=now(),
    )


def the_order() -> OrderCard:
    card = orders.card(orders.page(Search())[0].id)
    assert card is not None
    return card


def mailed(subject: str, within: timedelta = timedelta(minutes=15)) -> str:
    """What came to Chiara under this subject; the worker has sent all that is due until then."""
    sender = MailboxSender(
        keep=notices.keep_in_mailbox, which=messages.kept_in_mailbox, clock=lambda: datetime.now(UTC), sent_from="shop@example.org"
    )  # fmt: skip
    while notices.send_due(now=datetime.now(UTC) + within, sender=sender, compose=compose).total:
        pass
    came = [one for one in messages.mailbox() if one.address == CHIARA]
    told = [(one.template, str(one.state), one.trace[-1]) for one in messages.notices_of(the_order().id)]
    assert any(subject in one.subject for one in came), "\n".join(map(str, told))
    return next(one.text for one in came if subject in one.subject)


def follow(page: Page, server: LiveServer, letter: str, what: str) -> None:
    """The link in a message that leads to a page of this kind."""
    link = re.search(rf"https?://\S+?(/{what}\S+)", letter)
    assert link, letter
    page.goto(server.url + link[1])


def do(page: Page, verb: str, fields: Mapping[str, str] = MappingProxyType({})) -> None:
    """Unfold a verb of the order's page, fill its form and say it."""
    box = (
        page.locator("details", has=page.locator("summary", has_text=re.compile(f"^{verb}")))
        .filter(has=page.locator("form"))
        .first
    )
    if box.get_attribute("open") is None:
        box.locator("summary").first.click()
    for label, value in fields.items():
        field = box.get_by_label(label)
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    box.get_by_role("button", name=verb).click()


@pytest.mark.clause("HND-1", "HND-2", "INQ-1", "INQ-4", "TRK-3", "TRK-5", "CLO-1", "CLO-2")
def test_a_clerks_monday(live_server: LiveServer, opened: OpenPage, house: None) -> None:
    mona = signed_in(opened(DESK), live_server.url, "mona@milepost.example", PASSWORD)
    femi = signed_in(opened(DESK), live_server.url, "femi@milepost.example", PASSWORD)
    phone = opened(PHONE)
    takes_the_order(mona)
    reference = the_order().reference
    assert the_order().state == State.RECEIVED
    answers_the_question(phone, live_server)
    mona.goto(f"{live_server.url}/desk/orders/{reference}/")
    assert flaws(mona) == []
    takes_green_mugs_instead(phone, live_server)
    assert the_order().state == State.CONFIRMED
    follow(phone, live_server, mailed("is confirmed"), "t/")
    tracking = phone.url
    puts_the_address_right(phone)
    assert the_order().ship_to.street == "Lindenstraße 11"
    packs_and_hands_over(femi, reference)
    assert "has left our house" in mailed("on its way")
    mona.reload()
    tells_of_the_delay(mona)
    assert "weather" in mailed("later than promised", timedelta()).lower()
    phone.goto(tracking)
    expect(phone.locator("body")).to_contain_text("Cause: Weather")
    assert flaws(phone) == []
    talk_to_each_other(phone, mona)
    do(femi, "Record a tracking event", {"What happened": "delivered", "Where": "Berlin"})
    expect(femi.get_by_role("status").first).to_contain_text("Recorded.")
    phone.goto(tracking)
    says_how_it_was(phone)
    mona.goto(f"{live_server.url}/desk/orders/{reference}/")
    expect(mona.locator("h1")).to_contain_text("Completed")
    assert flaws(mona) == []
    nothing_is_left_to_do()


def takes_the_order(mona: Page) -> None:
    """Nine o'clock: Chiara calls, and orders more kettles than anybody usually does, and one mug more than there is."""
    mona.get_by_role("link", name="Phone order").click()
    mona.get_by_label("Name", exact=True).fill("Chiara Conti")
    mona.get_by_label("E-mail", exact=True).fill(CHIARA)
    mona.get_by_label("Street and number").fill("Lindenstraße 9")
    mona.get_by_label("Postal code").fill("10969")
    mona.get_by_label("City").fill("Berlin")
    mona.get_by_label("Country").select_option("DE")
    for place, (code, quantity) in enumerate(((cast.KETTLE, "50"), (cast.MUG, "2"))):
        if place:
            mona.get_by_role("button", name="Add a line").click()
        mona.locator(f"#line-{place}-item").fill(code)
        mona.locator(f"#line-{place}-quantity").fill(quantity)
    expect(mona.locator("#summary")).to_contain_text("which is more than usual")
    mona.get_by_role("button", name="Place the order").click()
    expect(mona.get_by_text("Ask now, while the customer is on the line")).to_be_visible()


def answers_the_question(phone: Page, server: LiveServer) -> None:
    """She had to go. The question reaches her by mail; she answers on her phone, and the hold is released."""
    follow(phone, server, mailed("A question"), "t/questions/")
    phone.get_by_role("group", name="Kettle").get_by_label("It is right as it is").check()
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.get_by_role("status")).to_contain_text("Everything is clear")


def takes_green_mugs_instead(phone: Page, server: LiveServer) -> None:
    """One blue mug is short: she is offered what to do, and takes the green ones."""
    follow(phone, server, mailed("Please choose"), "t/alternatives/")
    phone.get_by_label("Take Mug, green instead").check()
    phone.get_by_role("button", name="Send my choice").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Thank you. This is what we do:")


def puts_the_address_right(phone: Page) -> None:
    """She has moved: with the code from her mailbox she puts the address right herself."""
    expect(phone.locator("body")).not_to_contain_text("Lindenstraße")
    phone.get_by_role("link", name="Change the delivery details").click()
    phone.get_by_role("button", name="By e-mail").click()
    expect(phone.get_by_label("Code")).to_be_visible()
    six = re.search(r"\b\d{6}\b", mailed("Your code", timedelta()))
    assert six
    phone.get_by_label("Code").fill(six[0])
    phone.get_by_role("button", name="Show my order").click()
    phone.get_by_label("Street and house number").fill("Lindenstraße 11")
    phone.get_by_role("button", name="Change it").click()
    expect(phone.get_by_role("status").first).to_contain_text("We have changed it")


def packs_and_hands_over(femi: Page, reference: str) -> None:
    femi.get_by_label("Find an order").fill(reference)
    femi.get_by_label("Find an order").press("Enter")
    expect(femi.locator("body")).to_contain_text("Lindenstraße 11")
    for verb, done in (("Pick", "Picked."), ("Pack", "Packed."), ("Ship", "Handed over.")):
        do(femi, verb)
        expect(femi.get_by_role("status").first).to_contain_text(done)


def tells_of_the_delay(mona: Page) -> None:
    """The carrier lies in snow. Mona says so before Chiara has to ask."""
    later = cast.today() + timedelta(days=30)
    do(mona, "Report a delay", {"Cause": "weather", "Now expected by": later.isoformat()})
    expect(mona.get_by_role("status").first).to_contain_text("The date is revised")


def talk_to_each_other(phone: Page, mona: Page) -> None:
    """All the same she asks, and Mona answers while she is there."""
    phone.get_by_label("Your message").fill("Can a neighbour take it?")
    phone.get_by_role("button", name="Send the message").click()
    expect(phone.get_by_role("log")).to_contain_text("Can a neighbour take it?")
    mona.get_by_role("link", name="Conversations").click()
    mona.get_by_role("link", name="Chiara Conti").click()
    mona.get_by_label("Answer", exact=True).fill("Of course: we have told the driver.")
    mona.get_by_role("button", name="Send the answer").click()
    expect(phone.get_by_role("log")).to_contain_text("Of course: we have told the driver.")


def says_how_it_was(phone: Page) -> None:
    """It has arrived. That is one message too many for this day: its news is left for the digest."""
    expect(phone.get_by_role("heading", level=1)).to_contain_text("delivered")
    phone.get_by_role("group", name="How was it?").get_by_label("5 of 5").check()
    rating = phone.locator("section", has=phone.get_by_role("heading", name="Your rating"))
    rating.get_by_role("button", name="Send").click()
    phone.get_by_role("button", name="Yes, all is well").click()


def nothing_is_left_to_do() -> None:
    """In the evening: the order is complete, its story is whole, and nothing is left on anybody's desk."""
    card = the_order()
    assert (card.state, [(line.code, line.quantity) for line in card.lines]) == (
        State.COMPLETED, [(cast.KETTLE, 50), (cast.MUG, 1), ("MUG-GREEN", 1)],
    )  # fmt: skip
    assert [one.rating for one in closeout.feedback_of([card.id])[card.id]] == [5]
    assert records.audit(datetime.now(UTC)) == []
