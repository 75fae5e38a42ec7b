"""A customer chooses on a phone, without scripts and by keyboard; nobody stumbles over the page."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import commands as access
from milepost.ground.access import links
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.kernel.acts import Act
from milepost.way.orders import queries as orders
from milepost.way.stock import commands as stock
from milepost.way.stock.words import StockReceipt, SupplyDraft
from tests import cast
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "milepost-demo"


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def items() -> dict[str, int]:
    items = cast.catalogue()
    green = ItemDraft(code="MUG-GREEN", name="Mug, green", unit="piece", price=Decimal("9.00"), currency="EUR")
    items["MUG-GREEN"] = catalog.list_items([green], act=now())[0]
    catalog.replace(cast.MUG, ["MUG-GREEN"])
    goods = [
        StockReceipt(item_id=items[code], location="MAIN", quantity=Decimal(9)) for code in (cast.KETTLE, "MUG-GREEN")
    ]
    stock.receive_stock(goods, act=now())
    return items


@pytest.fixture
def order_id(items: dict[str, int]) -> int:
    return cast.ordered(act=now())[0]


def page_of(order_id: int) -> str:
    return f"/t/alternatives/{links.make('alternatives', order_id, now=timezone.now())}/"


@pytest.mark.clause("STK-2")
@pytest.mark.clause("EXC-5")
def test_a_customer_takes_the_substitute_on_a_phone_without_scripts(
    live_server: LiveServer, opened: OpenPage, order_id: int
) -> None:
    phone = opened(PHONE, is_mobile=True, java_script_enabled=False)
    phone.goto(live_server.url + page_of(order_id))
    expect(phone.get_by_role("heading", level=1)).to_contain_text("What shall we do?")
    phone.get_by_label("Take Mug, green instead").check()
    phone.get_by_role("button", name="Send my choice").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Thank you. This is what we do:")
    expect(phone.get_by_text("You get Mug, green instead")).to_be_visible()
    assert [line.code for line in orders.card(order_id).lines] == [cast.KETTLE, "MUG-GREEN"]


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_nobody_stumbles_over_the_pages(
    viewport: dict[str, int],
    colours: str,
    live_server: LiveServer,
    opened: OpenPage,
    items: dict[str, int],
    order_id: int,
) -> None:
    supply = SupplyDraft(item_id=items[cast.MUG], location="MAIN", quantity=Decimal(9), due_on=cast.today())
    stock.expect_supply([supply], act=now())
    page = opened(viewport, color_scheme=colours)
    page.goto(live_server.url + page_of(order_id))
    assert flaws(page) == []
    page.get_by_label("Wait for it").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Send the rest now")).to_be_checked()
    page.get_by_role("button", name="Send my choice").press("Enter")
    page.get_by_role("heading", name="Thank you. This is what we do:").wait_for()
    assert flaws(page) == []
    access.join(email="ines@milepost.example", name="Ines", roles=["administrator"], password=PASSWORD, act=now())
    (other,) = cast.ordered(cast.draft(external_ref="other"), act=now())
    signed_in(page, live_server.url, "ines@milepost.example", PASSWORD)
    reference = orders.contacts([other])[other].reference
    for path in ("/desk/stock/incoming/", f"/desk/orders/{reference}/"):
        page.goto(live_server.url + path)
        assert (path, flaws(page)) == (path, [])
