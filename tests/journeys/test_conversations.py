"""Inquiries by e-mail, from a real SMTP connection to the answer in the mailbox and back again (INQ-2, INQ-3, INQ-4)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from milepost.config import errands
from milepost.ground.access import links
from milepost.ground.arrivals import queries as arrived
from milepost.ground.duties.models import Duty
from milepost.ground.notices import queries as messages
from milepost.ground.notices.words import MailboxCard, State
from milepost.kernel.acts import Act
from milepost.overview.records import queries as records
from milepost.way.care import queries as care
from milepost.way.care.words import ConversationCard
from milepost.way.orders import queries as orders
from tests import cast
from tests.journeys.test_orders_by_mail import mona, port, send, work

__all__ = ["port"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order_id() -> Iterator[int]:
    cast.stocked()
    yield cast.ordered(act=Act.now("key:1", channel="api", now=datetime.now(UTC)))[0]
    assert records.audit(datetime.now(UTC)) == []


def reference(order_id: int) -> str:
    return orders.contacts([order_id])[order_id].reference


def replies() -> list[MailboxCard]:
    """What went out as answers, the newest first."""
    return [one for one in messages.mailbox() if one.subject.startswith("Re: ")]


def the_only_one() -> ConversationCard:
    (card,) = care.page(state="open") or care.page(state="answered")
    return card


@pytest.mark.clause("INQ-3", "INQ-4")
def test_a_question_by_mail_is_answered_by_mail_and_the_reply_goes_on_with_it(port: int, order_id: int) -> None:
    named = reference(order_id)
    send(port, f"When will my order {named} arrive?\n\nAda", subject="My order")
    work()
    card = the_only_one()
    assert (card.order_id, card.topic in ("status", "question"), card.channel) == (order_id, True, "email")
    clerk = mona()
    page = clerk.get(f"/desk/conversations/{card.id}/?proposed").text
    assert f"Your order {named} is confirmed" in page
    clerk.post(f"/desk/conversations/{card.id}/answer/", {"words": "It arrives on Friday.\nKind regards"})
    work()
    (letter,) = replies()
    assert letter.subject == f"Re: My order ({named})"
    assert "It arrives on Friday." in letter.text
    assert "Mona" in letter.text
    assert "When will my order" in letter.text.partition("You wrote:")[2]
    assert letter.address == "ada@okafor.example"
    said = care.thread(card.id)
    ours = f"<{said[-1].id.hex}@milepost.localhost>"
    quoted = "Thank you! And the mugs?\n\nOn Monday, 16 November 2026 Mona wrote:\n> It arrives on Friday.\n"
    send(port, quoted, subject=f"Re: {letter.subject}", In_Reply_To=ours)
    work()
    thread = care.thread(card.id)
    assert [one.words for one in thread][-1] == "Thank you! And the mugs?", "what is quoted stays in the original"
    assert care.conversation(card.id).state == "open"
    assert len(arrived.arrivals(source="email")) == 2


def test_mail_of_a_customer_with_one_open_order_is_about_it_and_a_strangers_about_none(
    port: int, order_id: int
) -> None:
    send(port, "When does it come?", subject="Question")
    send(port, "Do you deliver to Malta?", subject="Question", Reply_To="x@y.example")
    work()
    assert the_only_one().order_id == order_id
    assert len(care.thread(the_only_one().id)) == 2
    message(port, "Eve <eve@example.com>", "Do you sell coffee?")
    work()
    stranger = next(one for one in care.page() if one.address)
    assert (stranger.order_id, stranger.customer_id, stranger.address) == (None, None, "eve@example.com")
    clerk = mona()
    clerk.post(f"/desk/conversations/{stranger.id}/answer/", {"words": "We do not."})
    work()
    (letter,) = replies()
    assert (letter.address, "/t/" in letter.text) == ("eve@example.com", False)


@pytest.mark.clause("TRK-3")
def test_who_knows_only_the_number_of_an_order_gets_neither_its_conversation_nor_its_link(
    port: int, order_id: int
) -> None:
    send(port, "When does it come?", subject="Question")
    message(port, "Eve <eve@example.com>", f"Where is {reference(order_id)}?")
    work()
    mine, hers = sorted(care.page(), key=lambda one: one.address)
    assert (mine.order_id, hers.order_id, hers.address) == (order_id, order_id, "eve@example.com")
    assert mine.id != hers.id
    clerk = mona()
    page = clerk.get(f"/desk/conversations/{hers.id}/?proposed").text
    assert "is not an address of this order" in page
    clerk.post(f"/desk/conversations/{hers.id}/answer/", {"words": "Please write from the address of the order."})
    work()
    (letter,) = replies()
    assert (letter.address, "/t/" in letter.text) == ("eve@example.com", False)


@pytest.mark.clause("NTF-1")
def test_an_answer_goes_by_mail_unless_it_is_read_on_the_page_meanwhile(order_id: int) -> None:
    page = f"/t/{links.make('track', order_id, now=timezone.now())}/messages/"
    customer, clerk, live = Client(), mona(), {"X-Milepost-Talk": "there"}
    customer.post(page, {"words": "Where is it?"})
    card = the_only_one()
    work()
    before = len(messages.mailbox())
    customer.get(page, headers=live)
    clerk.post(f"/desk/conversations/{card.id}/answer/", {"words": "On Friday."})
    clerk.post(f"/desk/conversations/{card.id}/answer/", {"words": "At noon."})
    work()
    assert len(messages.mailbox()) == before, "they are on the page, so the mail waits"
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6), tick=False):
        send_all()
        newest = messages.mailbox()[0]
        assert len(messages.mailbox()) == before + 1, "two answers, one mail"
        assert "On Friday." in newest.text
        assert "At noon." in newest.text
        customer.get(page, headers=live)
        clerk.post(f"/desk/conversations/{card.id}/answer/", {"words": "Or at one."})
        customer.get(page, headers={"X-Milepost-Talk": "read"})
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=13), tick=False):
        send_all()
        assert len(messages.mailbox()) == before + 1, "they have read it"
    said = care.thread(card.id)[-1]
    notice = messages.notice(said.id)
    assert notice.state == State.SUPPRESSED
    assert any("read it on the order's page" in step for step in notice.trace)
    assert not Duty.objects.filter(kind="answer_inquiry", closed_at=None).exists()


def send_all() -> None:
    while errands.send_notices(datetime.now(UTC)):
        pass


def message(port: int, sender: str, text: str) -> None:
    """Mail from somebody else than Ada."""
    import smtplib
    from email.message import EmailMessage

    from django.conf import settings

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        sender,
        settings.MAIL_FROM,
        "Hello",
        f"<{abs(hash(text))}@example.com>",
    )
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.send_message(mail)
