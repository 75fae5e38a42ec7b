"""What IT and the administrator see of the house itself, in a real browser: health, what came, people and keys."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import commands as access
from milepost.ground.access import queries
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals.words import State
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "milepost-demo"
FORGED = Refusal(code="bad_signature", says="The signature does not fit the body.", status=401)


def now() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.mark.clause("OPS-1")
@pytest.mark.clause("ROL-1")
@pytest.mark.parametrize(("screen", "scripted"), [(DESK, True), (PHONE, True), (PHONE, False)])
def test_the_administrator_looks_after_the_house(
    live_server: LiveServer, opened: OpenPage, screen: dict[str, int], scripted: bool
) -> None:
    access.join(email="ada@milepost.example", name="Ada", roles=["administrator"], password=PASSWORD, act=now())
    arrivals.keep(
        "easypost",
        sender="loft",
        content_type="text/plain",
        headers={},
        body=b"coo",
        act=now(),
        refusal=FORGED,
        state=State.REFUSED,
    )
    page = signed_in(opened(screen, java_script_enabled=scripted), live_server.url, "ada@milepost.example", PASSWORD)
    page.get_by_role("link", name="Health").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Health")
    if scripted:
        assert flaws(page) == []
    page.get_by_role("link", name="1 Refused, easypost").click()
    expect(page.get_by_text("The signature does not fit the body.")).to_be_visible()
    if scripted:
        assert flaws(page) == []
    page.get_by_role("link", name="Access").click()
    page.get_by_label("Whose it is").fill("Shop")
    page.get_by_label("Read orders and their stories").check()
    page.get_by_role("button", name="Grant").click()
    shown = page.get_by_role("status").locator("code").inner_text()
    assert queries.key_behind(shown) is not None
    if scripted:
        assert flaws(page) == []
    page.get_by_role("table").get_by_role("link", name="Ada").click()
    page.get_by_label("Logistics").check()
    page.get_by_role("button", name="Give these roles and no others").click()
    expect(page.get_by_text("Roles of staff").first).to_be_visible()
    if scripted:
        assert flaws(page) == []
