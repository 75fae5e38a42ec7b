"""A tracking vendor's raw webhook comes in at one end, and the customer's message arrives in a real mail server at the other."""

import email
import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from milepost.faces.api.tests.conftest import Caller, an_order, furnish_shop, make_caller, now_act
from milepost.faces.api.tests.vendors import NUMBER, VENDORS, Vendor, deliver, now, says, send, sources
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as arrived
from milepost.ground.notices import commands as notices
from milepost.plugs.senders.smtp import SmtpSender
from milepost.reactions.letters import compose
from milepost.way.tracking import ports

pytestmark = pytest.mark.django_db(transaction=True)
each = pytest.mark.parametrize("vendor", VENDORS, ids=lambda one: one.name)
ON_THE_WAY = {
    "easypost": "out_for_delivery", "aftership": "OutForDelivery_001", "shippo": "out_for_delivery",
    "shipengine": "OUT_FOR_DELIVERY", "seventeentrack": "OutForDelivery_Other", "shopify_fulfillments": "out_for_delivery",
}  # fmt: skip


class MailServer:
    """A mail server of the customer's, with her mailbox."""

    def __init__(self) -> None:
        self.box: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.box.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 Taken"

    def take(self) -> list[EmailMessage]:
        """What came since the last look."""
        came, self.box = self.box, []
        return came


@pytest.fixture
def mail() -> Iterator[tuple[MailServer, str]]:
    server = MailServer()
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield server, f"smtp://127.0.0.1:{port}"
    controller.stop()


class House:
    """Milepost with its worker, which comes round when it is called."""

    def __init__(self, mail: tuple[MailServer, str]) -> None:
        furnish_shop()
        self.server, url = mail
        self.shop: Caller = make_caller()
        self.sender = SmtpSender(
            url=url, sent_from="orders@milepost.example", brand="Milepost", reply_to="help@milepost.example", clock=now
        )  # fmt: skip

    def work(self) -> list[EmailMessage]:
        """The worker reads what came, and sends what falls due within the next day, whatever the customer's clock shows now."""
        arrivals.process_due(act=now_act())
        began = now()
        for later in (timedelta(), timedelta(minutes=10), *(timedelta(hours=hours) for hours in range(1, 25))):
            while notices.send_due(now=began + later, sender=self.sender, compose=compose).total:
                pass
        return self.server.take()

    def ships(self) -> str:
        """An order is placed and handed over; what is told of that is read."""
        order = an_order()
        reference: str = self.shop.post("orders", order).told["reference"]
        shipment = {"order": reference, "carrier": "USPS", "tracking_number": NUMBER}
        assert self.shop.post("shipments", {"shipments": [shipment]}).status_code == 200
        told = self.work()
        assert any(NUMBER in text(one) for one in told)
        self.customer = order["customer"]["email"]
        return reference


@pytest.fixture
def house(mail: tuple[MailServer, str], monkeypatch: pytest.MonkeyPatch) -> House:
    for source in sources():
        monkeypatch.setitem(ports._sources, source.name, source)
    return House(mail)


def text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain",))
    return str(message["Subject"]) + "\n" + (body.get_content() if body else "")


@each
@pytest.mark.clause("TRK-2")
@pytest.mark.clause("NTF-1")
@pytest.mark.clause("RECD-1")
def test_a_delivery_reported_by_webhook_reaches_the_customers_mailbox_once(house: House, vendor: Vendor) -> None:
    reference = house.ships()
    body = says(vendor)
    answers = [deliver(vendor, body) for _ in range(3)]
    (message,) = house.work()
    assert message["To"] is not None
    assert house.customer in message["To"]
    assert reference in text(message)
    assert "deliver" in message["Subject"].lower()
    assert [deliver(vendor, body).status_code for _ in range(2)] == [200, 200]
    assert house.work() == []
    original = arrived.original(answers[0].told["id"])
    assert original is not None
    assert original.body == body


@each
def test_what_was_dated_before_but_comes_after_the_delivery_is_not_told_any_more(house: House, vendor: Vendor) -> None:
    house.ships()
    deliver(vendor, says(vendor))
    assert len(house.work()) == 1
    deliver(vendor, says(vendor, code=ON_THE_WAY[vendor.name], at=now() - timedelta(hours=3)))
    assert house.work() == []


@each
def test_a_forged_delivery_and_one_in_an_unknown_code_reach_nobodys_mailbox(house: House, vendor: Vendor) -> None:
    house.ships()
    assert send(vendor.name, says(vendor), {}).status_code == 401
    assert deliver(vendor, says(vendor, code=vendor.unknown)).status_code == 200
    assert house.work() == []
