"""Documents on wish, behind the links in letters."""

from datetime import datetime

import pytest
from django.test import Client

from milepost.faces.portal.tests.signing_in import opened
from milepost.ground.access import links
from milepost.kernel.acts import Act
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import Packing, Shipping
from milepost.way.orders import commands as orders
from tests.cast import ADA, draft, ordered, stocked

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ACK-3"), pytest.mark.clause("RECD-1")]


def a_link(order_id: int, now: datetime) -> str:
    return f"/t/{links.make('track', order_id, now=now)}"


@pytest.fixture
def now() -> datetime:
    from django.utils import timezone

    return timezone.now()


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_order_confirmation_and_the_delivery_note_are_there_on_wish(
    client: Client, now: datetime, language: str
) -> None:
    from dataclasses import replace

    stocked()
    act = Act.now("staff:3", channel="desk", now=now)
    (order_id,) = ordered(draft(customer=replace(ADA, language=language)), act=act)
    code = client.get(f"{a_link(order_id, now)}/confirmation.pdf")
    assert code.headers["Location"].endswith("/code/?next=confirmation.pdf")
    client, link = opened(order_id)
    link = link.removesuffix("/")
    paper = client.get(f"{link}/confirmation.pdf")
    assert (paper.status_code, paper["Content-Type"], paper.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert paper["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get(f"{link}/delivery-notes/1.pdf").status_code == 404
    fulfilment.pick([order_id], act=act)
    fulfilment.pack([Packing(order_id=order_id)], act=act)
    assert client.get(f"{link}/delivery-notes/1.pdf").status_code == 404
    fulfilment.ship([Shipping(order_id=order_id)], act=act)
    note = client.get(f"{link}/delivery-notes/1.pdf")
    assert (note.status_code, note.content[:5]) == (200, b"%PDF-")


def test_no_paper_without_its_link_and_none_of_a_cancelled_order(client: Client, now: datetime) -> None:
    stocked()
    act = Act.now("staff:3", channel="desk", now=now)
    (order_id,) = ordered(act=act)
    forged = links.make("feedback", order_id, now=now)
    assert client.get(f"/t/{forged}/confirmation.pdf").status_code == 404
    assert client.get("/t/nonsense/confirmation.pdf").status_code == 404
    orders.cancel([order_id], reason_code="customer", act=act)
    client, link = opened(order_id)
    answer = client.get(f"{link}confirmation.pdf")
    assert answer.status_code == 404
    assert "There is no such document yet." in answer.content.decode()
