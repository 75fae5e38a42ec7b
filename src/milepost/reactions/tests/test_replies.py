"""Our answers as letters: what they say, when they stay, and what becomes of those that find nobody."""

from datetime import timedelta

import pytest

from milepost.ground.duties.models import Duty
from milepost.ground.notices import queries
from milepost.ground.notices.words import Letter, Message, NoticeCard, Reason
from milepost.ground.parties import commands as parties
from milepost.ground.parties.words import StopReason
from milepost.kernel.acts import Act
from milepost.plugs.senders.smtp.mime import internet_message
from milepost.reactions.letters.proposing import proposed
from milepost.way.care import commands as care
from milepost.way.care.words import Channel, Inquiry, Kept, Reply
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import Shipping
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as known
from tests.cast import ADA, MONDAY, OMAR, draft, ordered, stocked

pytestmark = pytest.mark.django_db
WROTE = Act.now("system:smtp", channel="email", now=MONDAY + timedelta(hours=1))
MONA = Act.now("staff:7", channel="desk", now=MONDAY + timedelta(hours=2))


@pytest.fixture
def order_id() -> int:
    stocked()
    return ordered()[0]


def answered(order_id: int, **more: object) -> NoticeCard:
    """What becomes of an answer to a mail about the order, when the worker sends."""
    one = Inquiry(
        **{"channel": Channel.EMAIL, "words": "When?", "order_id": order_id, "subject": "AW: Re: Tea", **more}
    )
    (asked,) = care.receive([one], act=WROTE)
    (kept,) = care.answer([Reply(conversation_id=asked.conversation_id, words="On Friday.\nMona")], act=MONA)
    return sent(kept)


def sent(kept: Kept) -> NoticeCard:
    from milepost.config import errands

    while errands.send_notices(MONA.at):
        pass
    card = queries.notice(kept.interaction_id)
    assert card is not None
    return card


def test_an_answer_names_the_order_quotes_what_was_asked_and_can_be_answered(order_id: int) -> None:
    card = answered(order_id)
    letter = queries.letter(card.id)
    assert letter is not None
    reference = known.contacts([order_id])[order_id].reference
    assert (card.state, letter.subject) == ("sent", f"Re: Tea ({reference})")
    assert "On Friday.\nMona" in letter.text
    assert "When?" in letter.text
    assert "/t/" in letter.text


@pytest.mark.parametrize(("language", "says"), [("de", "Sie haben geschrieben"), ("ar", "كتبتم")])
def test_it_speaks_the_language_of_the_order(language: str, says: str) -> None:
    from dataclasses import replace

    stocked()
    (order_id,) = ordered(draft(customer=replace(ADA, language=language)))
    letter = queries.letter(answered(order_id).id)
    assert letter is not None
    assert says in letter.text


def test_an_answer_to_an_address_that_takes_nothing_is_somebodys_to_tell_another_way(order_id: int) -> None:
    parties.stop_channel("email", [ADA.email], reason=StopReason.BOUNCED, act=OMAR)
    card = answered(order_id)
    assert (card.state, card.reason) == ("suppressed", Reason.NO_ADDRESS)
    assert Duty.objects.filter(kind="retry_notice", order_id=order_id, closed_at=None).exists()


def test_a_cancelled_order_is_no_reason_to_keep_an_answer_back(order_id: int) -> None:
    orders.cancel([order_id], reason_code="customer_request", act=OMAR)
    assert answered(order_id).state == "sent"


def test_words_that_were_forgotten_are_not_sent(order_id: int) -> None:
    (asked,) = care.receive([Inquiry(channel=Channel.EMAIL, words="When?", order_id=order_id)], act=WROTE)
    (kept,) = care.answer([Reply(conversation_id=asked.conversation_id, words="On Friday.")], act=MONA)
    care.forget([asked.conversation_id], act=OMAR)
    assert (sent(kept).state, sent(kept).reason) == ("suppressed", Reason.NOT_TRUE)


@pytest.mark.parametrize(
    ("theirs", "there"),
    [("<a.b@okafor.example>", True), ("", False), ("<a>\r\nBcc: x@y.example", False), ("no id", False)],
)
def test_the_mail_names_what_it_answers_and_nothing_else(theirs: str, there: bool) -> None:
    letter = Letter(
        address="ada@okafor.example",
        name="Ada",
        subject="Re",
        text="x",
        html="",
        thread="conversation-1",
        answers=theirs,
    )
    raw = internet_message(
        Message(reference="1f", lane=0, letter=letter), sent_from="shop@milepost.example", brand="M",
        reply_to="shop@milepost.example", now=MONDAY,
    ).decode()  # fmt: skip
    assert (f"In-Reply-To: {theirs}\r\n" in raw) is there if theirs else "In-Reply-To" not in raw
    assert ("In-Reply-To" in raw) is there
    assert "Bcc" not in raw
    assert "References: <conversation-1@milepost.example>" in raw


@pytest.mark.clause("INQ-1", "INQ-4")
def test_the_ledger_answers_by_where_the_order_is(order_id: int) -> None:
    reference = known.contacts([order_id])[order_id].reference
    assert proposed(order_id, now=MONDAY).startswith(f"Your order {reference} is confirmed.")
    fulfilment.pick([order_id], act=OMAR)
    fulfilment.ship([Shipping(order_id=order_id)], act=OMAR)
    assert "on its way" in proposed(order_id, now=MONDAY)
    (other,) = ordered(draft(external_ref="X"))
    orders.cancel([other], reason_code="customer_request", act=OMAR)
    assert "cancelled" in proposed(other, now=MONDAY)
    assert proposed(1, now=MONDAY) == ""
