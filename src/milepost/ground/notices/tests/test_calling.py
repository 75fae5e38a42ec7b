"""The telephone: a message becomes somebody's call, and what came of it stands on the order."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.ground.duties import commands as desks
from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.notices import people, queries
from milepost.ground.notices.calling import best_time
from milepost.ground.notices.commands import call_off, plan, record_call, send_due
from milepost.ground.notices.tests.acting import MONA, NOW, SYSTEM, wanted
from milepost.ground.notices.words import CallOutcome, DueNotice, Letter, NoticeCard, Reason, State, Withheld
from milepost.ground.parties import queries as parties
from milepost.ground.procedures.queries import book
from milepost.kernel.refusals import Refused
from milepost.kernel.worktime import Shift
from milepost.plugs.senders.phone import PhoneSender
from milepost.reactions import calling
from tests import cast

NUMBER = "+49 30 901820"
WEEK = {day: (Shift(time(10), time(12)), Shift(time(16), time(19))) for day in range(5)}
FRIDAY = datetime(2026, 3, 6, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("hour", "minute", "start", "end"),
    [
        (8, 0, "Fri 10:00", "12:00"), (10, 30, "Fri 10:30", "12:00"), (11, 50, "Fri 16:00", "19:00"), (13, 0, "Fri 16:00", "19:00"),
        (18, 46, "Mon 10:00", "12:00"), (23, 0, "Mon 10:00", "12:00"),
    ],
)  # fmt: skip
def test_the_next_good_time_is_the_rest_of_this_one_or_the_one_after(hour: int, minute: int, start: str, end: str):
    found = best_time(FRIDAY.replace(hour=hour, minute=minute), WEEK, ["Europe/Berlin"])
    here = [one.astimezone(ZoneInfo("Europe/Berlin")) for one in found]
    assert (f"{here[0]:%a %H:%M}", f"{here[1]:%H:%M}") == (start, end)


def test_of_several_possible_zones_it_is_a_time_that_is_good_in_all():
    east, west = "America/New_York", "America/Denver"
    start, end = best_time(FRIDAY.replace(hour=6), WEEK, [east, west])
    assert [one.astimezone(ZoneInfo(zone)).hour for one in (start, end) for zone in (east, west)] == [18, 16, 19, 17]


def test_where_good_times_never_meet_it_is_that_of_the_likeliest_zone():
    start, _ = best_time(FRIDAY.replace(hour=6), WEEK, ["Europe/Berlin", "Asia/Tokyo"])
    assert start.astimezone(ZoneInfo("Europe/Berlin")).hour == 10


ZONES = st.lists(
    st.sampled_from(["Europe/Berlin", "America/Chicago", "Asia/Tokyo", "Pacific/Auckland", "UTC"]), max_size=3
)


@given(st.integers(0, 525600).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)), ZONES)
def test_there_is_always_a_good_time_and_it_lies_ahead(now: datetime, zones: list[str]):
    start, end = best_time(now, WEEK, zones)
    assert now <= start < end
    assert end - start >= timedelta(minutes=15) or len(zones) > 1


def write(notices: Sequence[DueNotice], *, now: datetime) -> Mapping[UUID, Letter | Withheld]:
    return {
        one.id: Letter(address=NUMBER, name="Ada Okafor", subject="Your order is late", text="Good morning …", html="")
        for one in notices
    }


def withhold(notices: Sequence[DueNotice], *, now: datetime) -> Mapping[UUID, Letter | Withheld]:
    return {one.id: Withheld(reason=Reason.NOT_TRUE, says="Not sent: it has arrived.") for one in notices}


@pytest.fixture
def order_id(db: None) -> int:
    """Ada's order, of which she is to be told by phone."""
    cast.stocked()
    number = cast.ordered()[0]
    plan(
        [wanted(number, "delay_notice", channel="phone", recipient_key="customer:1", rank=0, lasting=True)], act=SYSTEM
    )
    assert send_due(now=NOW, sender=PhoneSender(), compose=write).sent == 1
    return number


def only(order_id: int) -> NoticeCard:
    return next(card for card in queries.notices_of(order_id) if card.channel == "phone")


def open_calls(order_id: int) -> list[str]:
    return [duty.kind for duty in duties.duties_of(order_id) if duty.is_open and duty.kind == "call_customer"]


def story(order_id: int) -> list[str]:
    return [entry.sentence for entry in journal.story(order_id)]


@pytest.mark.clause("NTF-2")
def test_a_message_by_phone_becomes_a_duty_with_number_script_and_good_time(order_id: int):
    card = only(order_id)
    assert card.state == State.CALLING
    call = people.call(card.id)
    assert call
    assert (call.number, call.subject, call.script) == (NUMBER, "Your order is late", "Good morning …")
    (duty,) = [one for one in duties.duties_of(order_id) if one.kind == "call_customer"]
    assert (duty.subject_kind, duty.subject_id, duty.role) == ("notice", str(card.id), "customer_service")
    assert duty.data["zones"][0] == "Europe/Berlin"
    assert duty.due_at.isoformat() == duty.data["until"]
    assert "To be told by phone: delay_notice to customer" in story(order_id)


@pytest.mark.clause("NTF-2")
@pytest.mark.parametrize("outcome", [CallOutcome.REACHED, CallOutcome.VOICEMAIL])
def test_who_was_reached_knows_and_the_order_says_so(order_id: int, outcome: CallOutcome):
    record_call(only(order_id).id, outcome, act=MONA.because("was pleased"))
    assert only(order_id).state == State.SENT
    assert open_calls(order_id) == []
    assert f"Called about delay_notice: {outcome}" in story(order_id)
    assert "Message sent: delay_notice to customer by phone" in story(order_id)
    assert only(order_id).attempts[-1].result == "sent"


def test_who_does_not_answer_is_called_again_later_and_after_the_last_try_reached_another_way(order_id: int):
    tries, wait = book().calls.tries, float(book().calls.again_after_hours)
    for number in range(1, tries + 1):
        record_call(only(order_id).id, CallOutcome.NO_ANSWER, act=MONA)
        assert open_calls(order_id) == []
        if number < tries:
            assert only(order_id).due_at == NOW + timedelta(hours=wait)
            assert send_due(now=NOW + timedelta(hours=wait), sender=PhoneSender(), compose=write).sent == 1
            assert open_calls(order_id) == ["call_customer"]
    assert (only(order_id).state, only(order_id).reason) == (State.FAILED, Reason.GAVE_UP)
    assert "retry_notice" in [one.kind for one in duties.duties_of(order_id) if one.is_open]
    assert len(only(order_id).attempts) == tries


@pytest.mark.clause("NTF-1")
def test_a_wrong_number_is_never_called_nor_texted_again(order_id: int):
    record_call(only(order_id).id, CallOutcome.WRONG_NUMBER, act=MONA)
    assert only(order_id).state == State.FAILED
    assert set(parties.open_stops([("phone", "030 901820"), ("sms", NUMBER), ("email", NUMBER)])) == {
        ("phone", "030 901820"), ("sms", NUMBER),
    }  # fmt: skip


@pytest.mark.clause("NTF-1")
def test_who_wants_no_more_calls_has_heard_this_one_and_gets_none_more(order_id: int):
    record_call(only(order_id).id, CallOutcome.NO_MORE_CALLS, act=MONA)
    assert only(order_id).state == State.SENT
    ((_, stop),) = parties.open_stops([("phone", NUMBER), ("sms", NUMBER)]).items()
    assert (stop.channel, stop.reason, stop.stopped_by) == ("phone", "opted_out", MONA.actor)


def test_a_call_is_noted_once(order_id: int):
    record_call(only(order_id).id, CallOutcome.REACHED, act=MONA)
    with pytest.raises(Refused) as refused:
        record_call(only(order_id).id, CallOutcome.NO_ANSWER, act=MONA)
    assert refused.value.refusals[0].code == "no_call"
    with pytest.raises(Refused, match="no such message"):
        record_call(UUID(int=7), CallOutcome.REACHED, act=MONA)


def test_a_call_that_would_tell_old_news_is_taken_off_the_desk(order_id: int):
    assert calling.go_through_calls(NOW, compose=write) == 0
    assert open_calls(order_id) == ["call_customer"]
    assert calling.go_through_calls(NOW, compose=withhold) == 1
    assert open_calls(order_id) == []
    card = only(order_id)
    assert (card.state, card.reason) == (State.SUPPRESSED, Reason.NOT_TRUE)
    assert "Not sent: it has arrived." in card.trace
    assert calling.go_through_calls(NOW, compose=withhold) == 0


def test_a_call_whose_duty_was_closed_by_hand_is_not_made_and_says_why(order_id: int):
    (duty,) = [one for one in duties.duties_of(order_id) if one.kind == "call_customer"]
    desks.close_by_hand([duty.id], outcome="done by hand", act=MONA.because("she was in the shop"))
    assert (only(order_id).state, only(order_id).reason) == (State.SUPPRESSED, Reason.CANCELLED)
    assert any("she was in the shop" in step for step in only(order_id).trace)


def test_a_call_that_lost_its_duty_with_the_others_of_its_order_gets_it_back(order_id: int):
    desks.close_all_of([order_id], outcome="completed", act=MONA)
    assert open_calls(order_id) == []
    calling.go_through_calls(NOW, compose=write)
    assert open_calls(order_id) == ["call_customer"]


def test_to_call_off_what_is_no_call_changes_nothing(order_id: int):
    record_call(only(order_id).id, CallOutcome.REACHED, act=MONA)
    assert call_off([only(order_id).id], Reason.NOT_TRUE, "Old news.", act=MONA) == 0
    assert only(order_id).state == State.SENT
