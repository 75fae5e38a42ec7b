"""Messages that wait in the portal: short, true, and telling nobody's name."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from milepost.faces.portal.tests.signing_in import signed_in
from milepost.ground.access import links
from milepost.ground.notices.commands import plan
from milepost.ground.notices.tests.acting import wanted
from milepost.kernel.acts import Act
from milepost.way.orders import commands as orders_do
from milepost.way.orders import queries as orders
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("NTF-2")]


def act() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


@pytest.fixture
def order_id() -> int:
    """Ada's order, of which a message waits in the portal."""
    cast.stocked()
    number = cast.ordered(act=act())[0]
    contact = orders.contacts([number])[number]
    plan(
        [
            wanted(
                number, "acknowledgement", filed_at=contact.received_at, channel="portal", milestone="in the portal",
                recipient_key=f"customer:{contact.customer_id}",
            )
        ],
        act=act(),
    )  # fmt: skip
    return number


def track(order_id: int) -> str:
    return Client().get(f"/t/{links.make('track', order_id, now=datetime.now(UTC))}/").text


def messages_in(page: str) -> str:
    return page.partition('<ul class="messages">')[2].partition("</ul>")[0]


def test_a_message_waits_on_the_tracking_page_and_names_nobody(order_id: int):
    said = messages_in(track(order_id))
    assert orders.contacts([order_id])[order_id].reference in said
    for private in ("Okafor", "Lindenstra", "ada@", "901820"):
        assert private not in said


def test_it_waits_for_who_is_signed_in_too(order_id: int):
    reference = orders.contacts([order_id])[order_id].reference
    assert messages_in(signed_in().get(f"/shop/orders/{reference}/").text)


def test_what_is_not_true_any_more_is_not_shown(order_id: int):
    orders_do.cancel([order_id], reason_code="customer", act=act().because("changed her mind"))
    assert not messages_in(track(order_id))


def test_an_order_without_messages_has_no_empty_list(db: None):
    cast.stocked()
    (other,) = cast.ordered(act=act())
    assert not messages_in(track(other))
