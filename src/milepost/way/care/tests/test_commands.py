"""Conversations as customers and staff hold them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.duties import queries as desks
from milepost.ground.duties.models import Duty
from milepost.ground.journal import queries as journal
from milepost.ground.parties import queries as parties
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.overview.records import queries as records
from milepost.way.care import commands as care
from milepost.way.care import queries
from milepost.way.care.words import Channel, Direction, Inquiry, Kept, Logged, Outcome, Reply, State, Topic
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as known_orders
from tests.cast import BRUNO, MONDAY, OMAR, SHOP, draft, ordered, stocked

pytestmark = pytest.mark.django_db
ADA = Act.now("customer", channel="portal", now=MONDAY + timedelta(hours=1))
MONA = Act.now("staff:7", channel="desk", now=MONDAY + timedelta(hours=2))


@pytest.fixture
def order_id() -> int:
    stocked()
    return ordered()[0]


def asks(order_id: int | None, words: str = "Where is it?", *, act: Act = ADA, **more: object) -> Kept:
    one = Inquiry(**{"channel": Channel.PORTAL, "words": words, "order_id": order_id, **more})
    return care.receive([one], act=act)[0]


def card(kept: Kept):
    found = queries.conversation(kept.conversation_id)
    assert found is not None
    return found


def duty_of(kept: Kept) -> Duty | None:
    return Duty.objects.filter(
        subject_kind="conversation", subject_id=str(kept.conversation_id), closed_at=None
    ).first()


@pytest.mark.clause("INQ-2", "INQ-3")
def test_an_inquiry_opens_a_conversation_with_its_clock_and_a_duty_and_the_answer_ends_both(order_id: int) -> None:
    kept = asks(order_id)
    due = procedures.book().calendar().add_working(ADA.at, Decimal(2))
    assert (card(kept).state, card(kept).due_at, card(kept).order_id) == (State.OPEN, due, order_id)
    duty = duty_of(kept)
    assert (duty.kind, duty.role, duty.due_at, duty.order_id) == ("answer_inquiry", "customer_service", due, order_id)
    care.answer([Reply(conversation_id=kept.conversation_id, words="It arrives on Friday.")], act=MONA)
    answered = card(kept)
    assert (answered.state, answered.due_at, answered.answered_at, answered.assignee) == (
        State.ANSWERED, None, MONA.at, 7,
    )  # fmt: skip
    assert duty_of(kept) is None
    assert [(one.direction, one.words) for one in queries.thread(kept.conversation_id)] == [
        ("in", "Where is it?"), ("out", "It arrives on Friday."),
    ]  # fmt: skip
    assert records.audit(MONDAY + timedelta(hours=2)) == []


def test_what_they_add_before_we_answer_does_not_put_the_answer_off(order_id: int) -> None:
    first = asks(order_id)
    due = card(first).due_at
    second = asks(order_id, "Hello?", act=Act.now("customer", channel="portal", now=ADA.at + timedelta(hours=1)))
    assert second.conversation_id == first.conversation_id
    assert card(first).due_at == due
    urgent = asks(order_id, "Cancel it!", topic=Topic.CANCELLATION)
    assert card(urgent).due_at < due
    assert duty_of(first).due_at == card(urgent).due_at
    assert [bool(one.due_at) for one in queries.thread(first.conversation_id)] == [True, False, False]


def test_one_conversation_of_an_order_goes_on_and_a_stranger_has_their_own(order_id: int) -> None:
    mine = asks(order_id)
    by_mail = asks(order_id, "And by mail.", channel=Channel.EMAIL)
    stranger = asks(order_id, "I am a neighbour.", channel=Channel.EMAIL, address="Eve@example.com")
    assert by_mail.conversation_id == mine.conversation_id != stranger.conversation_id
    assert (card(stranger).address, card(stranger).customer_id, card(stranger).is_stranger) == (
        "eve@example.com",
        None,
        True,
    )
    assert card(mine).customer_id == known_orders.contacts([order_id])[order_id].customer_id
    assert len(queries.of_order(order_id)) == 3
    assert (
        asks(order_id, "Again.", channel=Channel.EMAIL, address="eve@example.com").conversation_id
        == stranger.conversation_id
    )


def test_a_question_that_we_ask_back_waits_for_the_customer_until_they_write(order_id: int) -> None:
    kept = asks(order_id)
    care.answer([Reply(conversation_id=kept.conversation_id, words="Which colour?", waits=True)], act=MONA)
    assert card(kept).state == State.WAITING
    asks(order_id, "Blue.")
    assert card(kept).state == State.OPEN
    assert duty_of(kept) is not None


def test_the_same_original_is_kept_once(order_id: int) -> None:
    arrival = uuid4()
    first = asks(order_id, channel=Channel.EMAIL, arrival_id=arrival)
    again = asks(order_id, channel=Channel.EMAIL, arrival_id=arrival)
    assert again == replace(first, again=True)
    assert len(queries.thread(first.conversation_id)) == 1


@pytest.mark.clause("INQ-3")
def test_a_call_is_logged_with_its_outcome_and_only_what_is_open_becomes_a_duty(order_id: int) -> None:
    call = Logged(
        channel=Channel.PHONE,
        direction=Direction.OUT,
        words="Nobody there.",
        order_id=order_id,
        outcome=Outcome.NOT_REACHED,
    )
    (kept,) = care.log([call], act=MONA)
    assert (card(kept).state, duty_of(kept)) == (State.ANSWERED, None)
    care.log([replace(call, direction=Direction.IN, words="Wants a red one.", outcome=Outcome.NEEDS_ANSWER)], act=MONA)
    assert (card(kept).state, duty_of(kept) is None) == (State.OPEN, False)
    care.log([replace(call, words="Told her.", outcome=Outcome.SETTLED)], act=MONA)
    assert (card(kept).state, duty_of(kept)) == (State.ANSWERED, None)
    assert [one.outcome for one in queries.of_order(order_id)] == ["settled", "", "not_reached"]
    kinds = [told.kind for told in journal.story(order_id)]
    assert kinds.count("InteractionLogged") == 2
    assert "Told her" not in " ".join(str(told.data) for told in journal.story(order_id))


def test_a_note_is_for_us_alone_and_changes_nothing(order_id: int) -> None:
    kept = asks(order_id)
    (note,) = care.log(
        [Logged(channel=Channel.NOTE, direction=Direction.IN, words="Be nice.", conversation_id=kept.conversation_id)],
        act=MONA,
    )
    assert note.conversation_id == kept.conversation_id
    assert queries.thread(kept.conversation_id)[-1].is_note
    assert [one.words for one in queries.on_page(order_id)] == ["Where is it?"]
    assert card(kept).state == State.OPEN


@pytest.mark.clause("TRK-3")
def test_the_page_shows_what_was_said_there_and_nothing_of_mails_and_calls(order_id: int) -> None:
    asks(order_id)
    asks(order_id, "My address is Lindenstraße 9.", channel=Channel.EMAIL)
    care.log([Logged(channel=Channel.PHONE, direction=Direction.IN, words="Called.", order_id=order_id)], act=MONA)
    asks(order_id, "Here again.")
    (kept, *_) = queries.of_order(order_id)
    care.answer([Reply(conversation_id=kept.conversation_id, words="On the page.")], act=MONA)
    assert [one.words for one in queries.on_page(order_id)] == ["Where is it?", "Here again.", "On the page."]


def test_a_conversation_is_closed_goes_on_within_days_and_after_them_another_begins(order_id: int) -> None:
    kept = asks(order_id)
    care.close([kept.conversation_id], act=MONA)
    assert (card(kept).state, card(kept).closed_at, duty_of(kept)) == (State.CLOSED, MONA.at, None)
    soon = asks(None, "Thanks!", channel=Channel.EMAIL, conversation_id=kept.conversation_id)
    assert (soon.conversation_id, card(kept).state, card(kept).closed_at) == (kept.conversation_id, State.OPEN, None)
    care.close([kept.conversation_id], act=MONA)
    late = Act.now("customer", channel="portal", now=MONA.at + timedelta(days=15))
    other = asks(None, "One more thing.", channel=Channel.EMAIL, conversation_id=kept.conversation_id, act=late)
    assert other.conversation_id != kept.conversation_id
    assert card(other).order_id == order_id
    with pytest.raises(Refused, match="goes on meanwhile"):
        care.reopen([kept.conversation_id], act=MONA)
    care.close([other.conversation_id], act=MONA)
    care.reopen([kept.conversation_id], act=MONA)
    assert card(kept).state == State.ANSWERED


def test_nothing_is_answered_in_a_closed_conversation_and_no_empty_words_are_kept(order_id: int) -> None:
    kept = asks(order_id)
    care.close([kept.conversation_id], act=MONA)
    with pytest.raises(Refused, match="is closed"):
        care.answer([Reply(conversation_id=kept.conversation_id, words="Late.")], act=MONA)
    with pytest.raises(Refused, match="no words"):
        asks(order_id, " \x00 ")
    with pytest.raises(Refused, match="no such order"):
        asks(1)
    with pytest.raises(Refused, match="no such conversation"):
        care.answer([Reply(conversation_id=UUID(int=1), words="Hello?")], act=MONA)
    with pytest.raises(Refused, match="with whom"):
        asks(None)
    with pytest.raises(Refused, match="not written down"):
        care.log([Logged(channel=Channel.EMAIL, direction=Direction.OUT, words="x", order_id=order_id)], act=MONA)


def test_who_takes_a_conversation_has_its_duty_and_hands_both_over(order_id: int) -> None:
    kept = asks(order_id)
    care.take([kept.conversation_id], staff_id=7, act=MONA)
    assert (card(kept).assignee, duty_of(kept).assignee) == (7, 7)
    care.hand_over([kept.conversation_id], role="logistics", act=MONA)
    assert (card(kept).assignee, duty_of(kept).role, duty_of(kept).assignee) == (None, "logistics", None)
    with pytest.raises(Refused, match="no such role"):
        care.hand_over([kept.conversation_id], role="nobody", act=MONA)


def test_an_order_that_ends_leaves_no_inquiry_without_a_duty(order_id: int) -> None:
    kept = asks(order_id)
    due = card(kept).due_at
    orders.cancel([order_id], reason_code="customer_request", act=OMAR)
    assert duty_of(kept).due_at == due
    care.answer([Reply(conversation_id=kept.conversation_id, words="It was cancelled.")], act=MONA)
    assert [one for one in desks.duties_of(order_id) if one.is_open] == []


def test_a_customer_without_an_order_is_answered_too(order_id: int) -> None:
    ordered(draft(customer=BRUNO))
    (bruno,) = parties.with_email(BRUNO.email)
    kept = asks(None, "Do you sell tea?", channel=Channel.EMAIL, customer_id=bruno.id)
    assert (card(kept).order_id, card(kept).customer_id) == (None, bruno.id)
    assert duty_of(kept).order_id is None
    care.answer([Reply(conversation_id=kept.conversation_id, words="We do.")], act=MONA)
    assert duty_of(kept) is None
    assert [one.id for one in queries.of_customer(bruno.id)] == [kept.conversation_id]
    assert [told.kind for told in journal.story(kept.conversation_id.int >> 65, stream="conversation")] == [
        "InquiryReceived", "InquiryAnswered",
    ]  # fmt: skip


def test_a_person_is_forgotten_and_the_facts_stay(order_id: int) -> None:
    kept = asks(order_id, "I am Ada.", name="Ada Okafor")
    stranger = asks(order_id, "I am Eve.", channel=Channel.EMAIL, address="eve@example.com", name="Eve")
    care.forget([kept.conversation_id, stranger.conversation_id], act=OMAR)
    assert {one.words + one.name for one in queries.of_order(order_id)} == {""}
    assert card(stranger).address == f"forgotten:{stranger.conversation_id}"
    assert (card(kept).name, card(kept).state) == ("", State.CLOSED)
    assert records.audit(MONDAY + timedelta(hours=2)) == []


@pytest.mark.clause("INQ-2")
def test_reply_times_are_measured_by_channel_and_priority(order_id: int) -> None:
    (other,) = ordered(draft(customer=BRUNO))
    kept = asks(order_id)
    asks(other, "Too late?", channel=Channel.EMAIL)
    asks(other, "Cancel!", channel=Channel.EMAIL, topic=Topic.CANCELLATION, address="eve@example.com")
    care.answer([Reply(conversation_id=kept.conversation_id, words="Soon.")], act=MONA)
    times = {
        (one.channel, one.urgent): one for one in queries.reply_times(since=MONDAY, until=MONDAY + timedelta(days=1))
    }
    mine = times["portal", False]
    assert (mine.asked, mine.answered, mine.in_time, mine.median_hours) == (1, 1, 1, pytest.approx(1.0))
    assert (times["email", False].asked, times["email", False].answered, times["email", True].asked) == (1, 0, 1)


def test_many_are_received_answered_and_logged_with_as_many_statements_as_few() -> None:
    stocked()
    ids = ordered(*(draft() for _ in range(12)), act=SHOP)

    def statements(some: list[int]) -> list[int]:
        counted = []
        with CaptureQueriesContext(
            connection,
        ) as asked:
            kept = care.receive([Inquiry(channel=Channel.EMAIL, words="?", order_id=one) for one in some], act=ADA)
        counted.append(len(asked))
        with CaptureQueriesContext(connection) as answered:
            care.answer([Reply(conversation_id=one.conversation_id, words="!") for one in kept], act=MONA)
        counted.append(len(answered))
        with CaptureQueriesContext(connection) as logged:
            care.log(
                [Logged(channel=Channel.PHONE, direction=Direction.IN, words="x", order_id=one) for one in some],
                act=MONA,
            )
        return [*counted, len(logged)]

    few, many = statements(ids[:2]), statements(ids[2:])
    assert [n <= m + 3 for n, m in zip(many, few, strict=True)] == [True, True, True], (few, many)
