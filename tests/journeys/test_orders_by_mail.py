"""Orders by e-mail, from a real SMTP connection to the acknowledgement in the mailbox (REC-1, ACK-1)."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from milepost.config import errands, inbox
from milepost.ground.access import commands as access
from milepost.ground.access.models import Staff
from milepost.ground.arrivals import queries as arrived
from milepost.ground.duties.models import Duty
from milepost.ground.notices import queries as messages
from milepost.kernel.acts import Act
from milepost.overview.records import queries as records
from milepost.plugs.inboxes.smtp_in import SmtpReceiver
from milepost.way.intake import opened
from milepost.way.orders import queries as orders
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "\n\nDelivery address:\nAda Okafor\nLindenstraße 9\n10969 Berlin\nGermany\n\nBest regards\nAda Okafor\n"


@pytest.fixture
def port() -> Iterator[int]:
    """Our mail server, in a thread of its own as in `milepost inbox`."""
    loop = asyncio.new_event_loop()
    receiver = SmtpReceiver(
        keep=inbox.keep, addresses=[settings.MAIL_FROM], largest=100_000, done=connections.close_all
    )
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield asyncio.run_coroutine_threadsafe(receiver.start("127.0.0.1", 0), loop).result(5)
    asyncio.run_coroutine_threadsafe(receiver.stop(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


def send(port: int, text: str, *, subject: str = "Order", **headers: str) -> None:
    """What a customer's mail program does."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ada Okafor <ada@okafor.example>", settings.MAIL_FROM, subject
    message["Message-ID"] = f"<{abs(hash(text))}@okafor.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.send_message(message)


def work() -> None:
    """The worker's errands, until nothing is left to do."""
    from datetime import UTC, datetime

    while errands.process_arrivals(datetime.now(UTC)) + errands.send_notices(datetime.now(UTC)):
        pass


def letters() -> list[tuple[str, str]]:
    return [(card.subject, card.text) for card in reversed(messages.mailbox())]


@pytest.mark.clause("REC-1", "REC-3", "ACK-1", "ACK-2")
def test_an_order_in_a_message_is_acknowledged_and_the_same_message_again_changes_nothing(port: int) -> None:
    cast.stocked()
    for _ in range(2):
        send(port, "Hello,\n\nplease send 2 x KETTLE-1 and 3 x MUG-BLUE." + ADDRESS, subject="Order 4711")
        work()
    (arrival,) = arrived.arrivals(source="email")
    card = orders.card(arrival.order_id)
    assert (card.state, card.channel, card.po_number, len(card.lines)) == ("confirmed", "email", "4711", 2)
    (receipt, said), (acknowledgement, _) = letters()
    assert receipt == f"We have received your order {card.reference}"
    assert "KETTLE-1" in said
    assert card.reference in acknowledgement
    assert card.acknowledged_at is not None
    assert records.audit(cast.MONDAY) == []


@pytest.mark.clause("VER-3", "ACK-1")
def test_what_needs_a_person_has_its_note_of_receipt_at_once_and_its_acknowledgement_when_completed(port: int) -> None:
    cast.stocked()
    send(port, "Please send 2 x KETTLE-1 and a few MUG-BLUE." + ADDRESS)
    work()
    (request,) = opened.open_requests()
    ((note, said),) = letters()
    assert note == f"We have received your message: {request.reference}"
    assert "within 24 hours" in said
    form = {
        "do": "complete", "name": "Ada Okafor", "email": "ada@okafor.example", "line-0-item": "KETTLE-1", "line-0-quantity": "2",
        "line-1-item": "MUG-BLUE", "line-1-quantity": "4", "ship_name": "Ada Okafor", "ship_street": "Lindenstraße 9",
        "ship_postal_code": "10969", "ship_city": "Berlin", "ship_country": "DE",
    }  # fmt: skip
    assert mona().post(f"/desk/requests/{request.id}/", form).status_code == 302
    work()
    assert [subject for subject, _ in letters()][1:] == [letters()[-1][0]]
    card = orders.card(request.order_id)
    assert (card.reference, card.state) == (request.reference, "confirmed")
    assert card.reference in letters()[-1][0]
    assert records.audit(cast.MONDAY) == []


@pytest.mark.clause("REC-1")
def test_an_automatic_reply_makes_neither_order_nor_answer(port: int) -> None:
    cast.stocked()
    send(port, "I am away. 2 x KETTLE-1." + ADDRESS, subject="Order", Auto_Submitted="auto-replied")
    work()
    (arrival,) = arrived.arrivals(source="email")
    assert (arrival.state, arrival.code) == ("ignored", "auto_submitted")
    assert (letters(), Duty.objects.exclude(kind="review_procedure").count()) == ([], 0)


@pytest.mark.clause("REC-1")
def test_a_question_is_kept_for_customer_service_and_is_no_order(port: int) -> None:
    cast.stocked()
    send(port, "When will KETTLE-1 be available in red?\n\nAda", subject="Question")
    work()
    (arrival,) = arrived.arrivals(source="email")
    assert (arrival.state, arrival.about) == ("processed", "inquiry")
    assert Duty.objects.get(kind="answer_inquiry").subject_kind == "conversation"
    assert letters() == []


def mona() -> Client:
    from datetime import UTC, datetime

    act = Act.now("system:test", channel="desk", now=datetime.now(UTC))
    access.join(email="mona@milepost.example", name="Mona", roles=["customer_service"], act=act)
    client = Client()
    client.force_login(Staff.objects.get(email="mona@milepost.example"))
    return client
