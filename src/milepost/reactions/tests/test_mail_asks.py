"""Mail that asks: to which conversation, order or customer it belongs (INQ-3)."""

from dataclasses import replace
from email.message import EmailMessage
from uuid import UUID

import pytest

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as arrived
from milepost.ground.duties import commands as duties
from milepost.ground.duties.models import Duty
from milepost.ground.duties.words import Wanted
from milepost.ground.notices import queries as notices
from milepost.ground.parties import queries as parties
from milepost.kernel.acts import Act
from milepost.reactions.mail_asks import inquiries_in
from milepost.way.care import queries as care
from milepost.way.care.words import Inquiry, Topic
from milepost.way.orders import queries as orders
from tests.cast import ADA, BRUNO, MONDAY, draft, ordered, stocked

pytestmark = pytest.mark.django_db
MAIL = Act.now("system:smtp", channel="email", now=MONDAY)


def mail(text: str, *, sender: str = "Ada Okafor <ada@okafor.example>", subject: str = "Hello", **headers: str) -> UUID:
    """A message that was kept as it came."""
    message = EmailMessage()
    if sender:
        message["From"] = sender
    message["To"], message["Subject"] = "shop@milepost.example", subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    kept = arrivals.keep(
        "email", sender="", content_type="message/rfc822", headers={}, body=message.as_bytes(),
        delivery_id=f"{abs(hash((text, sender)))}", act=MAIL,
    )  # fmt: skip
    return kept.id


def read(arrival_id: UUID, topic: str = "question") -> Inquiry:
    return inquiries_in([(arrival_id, topic)])[0]


@pytest.fixture
def order_id() -> int:
    stocked()
    return ordered()[0]


def test_it_is_about_the_order_of_the_message_that_it_answers(order_id: int) -> None:
    ordered(draft())
    receipt = notices.notices_of(order_id)[0]
    found = read(mail("Thanks, when?", In_Reply_To=f"<{receipt.id.hex}@milepost.example>"))
    assert (found.order_id, found.address) == (order_id, "")
    thread = orders.contacts([order_id])[order_id].reference.lower()
    found = read(mail("And now?", References=f"<x@y.example> <order-{thread}@milepost.example>"))
    assert found.order_id == order_id


def test_it_is_about_the_order_that_its_subject_or_words_name_however_typed(order_id: int) -> None:
    ordered(draft())
    reference = orders.contacts([order_id])[order_id].reference
    assert read(mail("Where is it?", subject=f"Order {reference}")).order_id == order_id
    assert read(mail(f"Where is {reference.replace('-', '').lower()}?")).order_id == order_id
    assert read(mail("Where is M000-000-000?")).order_id is None


def test_without_any_hint_it_is_about_the_only_open_order_else_about_the_customer(order_id: int) -> None:
    assert read(mail("When?")).order_id == order_id
    ordered(draft())
    found = read(mail("When, please?"))
    (ada,) = parties.with_email(ADA.email)
    assert (found.order_id, found.customer_id, found.address) == (None, ada.id, "")


def test_an_address_that_several_customers_share_and_one_that_nobody_knows_is_nobodys(order_id: int) -> None:
    ordered(draft(customer=replace(BRUNO, email=ADA.email)))
    for sender in ("ada@okafor.example", "eve@example.com"):
        found = read(mail("When?", sender=sender))
        assert (found.order_id, found.customer_id, found.address) == (None, None, sender)


def test_a_message_without_sender_or_words_is_kept_all_the_same(order_id: int) -> None:
    arrival = mail("> only a quote\n", sender="", subject="")
    found = read(arrival)
    assert found.address == f"arrival:{arrival}"
    assert found.words
    assert read(mail(" ", subject="Where is it?")).words == "Where is it?"


def test_its_topic_is_what_the_reader_made_of_it(order_id: int) -> None:
    assert read(mail("Cancel"), "cancellation").topic == Topic.CANCELLATION
    assert read(mail("Long"), "too_long").topic == Topic.QUESTION


def test_what_was_kept_before_with_a_duty_of_its_own_becomes_a_conversation_when_it_is_retried(order_id: int) -> None:
    arrival = mail("When will my order arrive?", subject="Question")
    old = Wanted(kind="answer_inquiry", subject_kind="arrival", subject_id=str(arrival), data={"arrival": str(arrival)})
    duties.open_duties([old], act=MAIL)
    arrivals.process_due(act=MAIL)
    (duty,) = Duty.objects.filter(kind="answer_inquiry", closed_at=None)
    assert duty.subject_kind == "conversation"
    (said,) = care.of_order(order_id)
    assert (said.arrival_id, said.at, said.name) == (arrival, arrived.arrival(arrival).received_at, "Ada Okafor")
