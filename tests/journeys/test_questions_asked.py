"""A doubt about an order on its whole way: asked in one message, answered on the page or by phone, or by nobody; four eyes."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from milepost.faces.portal.tests.signing_in import opened
from milepost.ground.access import commands as access
from milepost.ground.access.models import Staff
from milepost.ground.duties import commands as looks
from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as messages
from milepost.ground.notices.words import LetterCard
from milepost.kernel.acts import Act
from milepost.overview.records import queries as records
from milepost.plugs.senders.mailbox import MailboxSender
from milepost.reactions.letters import compose
from milepost.way.intake import queries as intake
from milepost.way.intake.words import LineDraft
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard, State
from tests import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("VER-3")]

WRONG = replace(cast.BERLIN, postal_code="1096")


class Clock:
    """Time passes when the test says so; the worker looks at its outboxes and duties whenever it does."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller, self.now = traveller, cast.MONDAY

    def passes(self, **time: int) -> None:
        until = self.now + timedelta(**time)
        while self.now < until:
            self.now = min(self.now + timedelta(minutes=30), until)
            self.traveller.move_to(self.now, tick=False)
            self.work()

    def work(self) -> None:
        sender = MailboxSender(
            keep=notices.keep_in_mailbox,
            which=messages.kept_in_mailbox,
            clock=lambda: self.now,
            sent_from="shop@example.org",
        )
        while looks.check_due(self.now) or notices.send_due(now=self.now, sender=sender, compose=compose).total:
            pass


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(cast.MONDAY, tick=False) as traveller:
        yield Clock(traveller)


def received(clock: Clock, **changes: object) -> int:
    cast.stocked(1000)
    (order_id,) = cast.ordered(cast.draft(**changes))
    clock.work()
    return order_id


def sent(order_id: int) -> list[str]:
    return [card.template for card in messages.notices_of(order_id) if card.state == "sent" and card.channel == "email"]


def letter(order_id: int, template: str) -> LetterCard:
    (card,) = [one for one in messages.notices_of(order_id) if one.template == template and one.audience == "customer"]
    found = messages.letter(card.id)
    assert found, card.trace
    return found


def card(order_id: int) -> OrderCard:
    found = orders.card(order_id)
    assert found is not None
    return found


def page_in(mail: LetterCard) -> str:
    (where,) = set(re.findall(rf"{settings.SITE_URL}(/t/questions/[\w.~-]+/)", mail.text + mail.html))
    return str(where)


def choices(order_id: int, **values: str) -> dict[str, str]:
    """The form filled in: another value by field, or "=" for what is right as it is."""
    said: dict[str, str] = {}
    for one in intake.questions([order_id])[order_id]:
        value = values[one.field.rpartition(".")[2]]
        said |= {
            f"choice_{one.finding_id.hex}": "as_it_is" if value == "=" else "other",
            f"value_{one.finding_id.hex}": value,
        }
    return said


def open_duties(order_id: int) -> dict[str, int]:
    return {duty.kind: duty.level for duty in duties.duties_of(order_id) if duty.is_open}


def staff(name: str, *roles: str) -> Client:
    act = Act.now("system:test", channel="cli", now=cast.MONDAY)
    number = access.join(email=f"{name}@milepost.example", name=name.title(), roles=roles, act=act)
    client = Client()
    client.force_login(Staff.objects.get(pk=number))
    return client


@pytest.mark.clause("VER-1")
@pytest.mark.clause("ACK-2")
@pytest.mark.clause("ACK-3")
def test_a_bad_address_is_asked_about_in_one_message_corrected_on_the_page_and_the_order_acknowledged(
    clock: Clock,
) -> None:
    order_id = received(clock, ship_to=WRONG, lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(50)),))
    assert sent(order_id) == ["receipt_note"]
    assert card(order_id).state == State.RECEIVED
    clock.passes(minutes=10)
    assert sent(order_id) == ["receipt_note", "questions"]
    mail = letter(order_id, "questions")
    assert mail.subject == f"A question about your order {card(order_id).reference}"
    for words in ("We read “1096”", "You ordered 50 of Kettle, 1.7 l", "help@milepost.example", "Dear Ada Okafor"):
        assert words in mail.text
        assert words in mail.html
    where = page_in(mail)
    assert Client().get(where).status_code == 200
    Client().post(where, choices(order_id, postal_code="10969", quantity="="))
    assert (card(order_id).state, card(order_id).ship_to) == (State.CONFIRMED, cast.BERLIN)
    clock.work()
    assert sent(order_id) == ["receipt_note", "questions", "acknowledgement"]
    assert "10969 Berlin" in letter(order_id, "acknowledgement").text
    assert (card(order_id).acknowledged_at or cast.MONDAY) - cast.MONDAY < timedelta(hours=1)
    assert not {"answer_questions", "settle_hold", "acknowledge"} & set(open_duties(order_id))
    told = [one.kind for one in journal.story(order_id)]
    for before, after in (
        ("OrderHeld", "QuestionsAsked"), ("QuestionsAsked", "QuestionsAnswered"), ("QuestionsAnswered", "OrderAmended"),
        ("OrderAmended", "HoldReleased"), ("HoldReleased", "OrderReviewed"), ("OrderReviewed", "OrderConfirmed"),
        ("OrderConfirmed", "OrderAcknowledged"),
    ):  # fmt: skip
        assert told.index(before) < told.index(after)
    assert records.audit(clock.now) == []


def test_the_same_is_said_by_phone_and_written_down_by_the_clerk(clock: Clock) -> None:
    order_id = received(clock, ship_to=WRONG, customer=replace(cast.ADA, email=""))
    assert {"retry_notice", "answer_questions", "settle_hold"} <= set(open_duties(order_id))
    mona = staff("mona", "customer_service")
    said = choices(order_id, postal_code="10969") | {"said_by": "Ada Okafor", "said_at": "2026-11-16T10:00"}
    mona.post(f"/desk/orders/{card(order_id).reference}/questions/", said)
    assert (card(order_id).state, card(order_id).ship_to) == (State.CONFIRMED, cast.BERLIN)
    (amended,) = orders.amendments(order_id)
    assert (amended.said_by, amended.said_at, amended.was, amended.now) == (
        "Ada Okafor", datetime.fromisoformat("2026-11-16T10:00+01:00"), "1096", "10969",
    )  # fmt: skip
    assert "answer_questions" not in open_duties(order_id)


@pytest.mark.clause("ACK-2")
@pytest.mark.clause("EXC-4")
def test_nobody_answers_so_the_customer_is_reminded_and_people_hear_of_it_before_the_day_is_over(clock: Clock) -> None:
    order_id = received(clock, ship_to=WRONG)
    clock.passes(hours=9)
    assert sent(order_id) == ["receipt_note", "questions", "questions_reminder"]
    assert "waits for your answer" in letter(order_id, "questions_reminder").text
    assert open_duties(order_id)["answer_questions"] == 0
    clock.passes(hours=8)
    assert open_duties(order_id)["answer_questions"] == 1
    clock.passes(hours=6)
    warned = [
        t.data["percent"]
        for t in journal.story(order_id)
        if t.kind == "DutyWarned" and t.data["kind_of_duty"] == "acknowledge"
    ]
    assert warned == [50, 75, 90]
    assert open_duties(order_id)["acknowledge"] == 1
    assert clock.now < cast.MONDAY + timedelta(hours=24)
    assert sent(order_id) == ["receipt_note", "questions", "questions_reminder"]
    Client().post(page_in(letter(order_id, "questions_reminder")), choices(order_id, postal_code="10969"))
    clock.work()
    assert sent(order_id)[-1] == "acknowledgement"


def test_an_answer_before_the_message_left_makes_the_message_needless(clock: Clock) -> None:
    order_id = received(clock, ship_to=WRONG)
    mona = staff("mona", "customer_service")
    said = choices(order_id, postal_code="10969") | {"said_by": "Ada Okafor", "said_at": "2026-11-16T10:00"}
    mona.post(f"/desk/orders/{card(order_id).reference}/questions/", said)
    clock.passes(minutes=30)
    assert sent(order_id) == ["receipt_note", "acknowledgement"]


def test_a_message_is_not_sent_to_an_address_that_is_itself_in_question(clock: Clock) -> None:
    order_id = received(clock, ship_to=WRONG, customer=replace(cast.ADA, email="ada@okafor"))
    clock.passes(minutes=30)
    assert "questions" not in sent(order_id)
    assert "retry_notice" in open_duties(order_id)


@pytest.mark.clause("VER-4")
def test_an_order_of_great_value_is_released_by_two_people_and_then_acknowledged(clock: Clock) -> None:
    order_id = received(clock, lines=(LineDraft(code=cast.TEA, quantity=Decimal(2500)),))
    clock.passes(minutes=30)
    assert sent(order_id) == ["receipt_note", "backorder_notice"]
    where = f"/desk/orders/{card(order_id).reference}/hold-release/"
    form = {"kind": "value", "outcome": "Known since years"}
    omar, max_ = staff("omar", "order_management"), staff("max", "management")
    assert omar.post(where, form).status_code == 302
    assert omar.post(where, form).status_code == 409
    assert "approve_release" in open_duties(order_id)
    assert max_.post(where, form).status_code == 302
    assert card(order_id).state == State.CONFIRMED
    clock.work()
    assert "acknowledgement" in sent(order_id)


@pytest.mark.clause("ROL-2")
def test_a_recipient_moves_and_whoever_ordered_is_told(clock: Clock) -> None:
    order_id = received(clock)
    (where,) = set(re.findall(rf"{settings.SITE_URL}(/t/[\w.~-]+/)", letter(order_id, "acknowledgement").text))
    assert "Change the delivery details" in Client().get(where).text
    client, where = opened(order_id)
    client.post(f"{where}details/", {"ship_to_street": "Oranienstraße 1", "ship_to_postal_code": "10999"})
    clock.work()
    assert sent(order_id) == ["receipt_note", "acknowledgement", "amended_order"]
    assert "Oranienstraße 1\n10999 Berlin" in letter(order_id, "amended_order").text
