"""The living page of the design system in a real browser: light and dark, desk and phone, without a flaw."""

from datetime import UTC, datetime

import pytest
from pytest_django.live_server_helper import LiveServer

from milepost.ground.access import commands as access
from milepost.kernel.acts import Act
from tests.browser.conftest import DESK, PHONE, OpenPage, flaws, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "milepost-demo"


@pytest.mark.parametrize(("screen", "scheme"), [(DESK, "light"), (PHONE, "dark"), (DESK, "dark"), (PHONE, "light")])
def test_every_component_stands_on_one_page(
    live_server: LiveServer, opened: OpenPage, db: None, screen: dict[str, int], scheme: str
) -> None:
    act = Act.now("key:1", channel="api", now=datetime.now(UTC))
    access.join(email="mona@milepost.example", name="Mona", roles=["customer_service"], password=PASSWORD, act=act)
    page = signed_in(opened(screen, color_scheme=scheme), live_server.url, "mona@milepost.example", PASSWORD)
    page.goto(f"{live_server.url}/desk/look/")
    assert flaws(page) == []
