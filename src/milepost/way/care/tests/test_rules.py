"""When an inquiry is due, how it is answered, and what it goes on with."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from milepost.ground.procedures import defaults
from milepost.way.care import rules
from milepost.way.care.states import CONVERSATION
from milepost.way.care.words import Channel, Outcome, Presence, State, Topic

FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.mark.clause("INQ-2")
def test_the_reply_clock_runs_in_our_working_time_by_channel_and_topic() -> None:
    book = defaults.book()
    calendar, policy = book.calendar(), book.inquiries
    usual = rules.reply_due(calendar, FRIDAY, policy.hours_for("email", "question"))
    assert usual == calendar.add_working(FRIDAY, Decimal(4))
    assert usual - FRIDAY > timedelta(hours=4), "the evening and the weekend do not count"
    on_page = rules.reply_due(calendar, FRIDAY, policy.hours_for("portal", "question"))
    urgent = rules.reply_due(calendar, FRIDAY, policy.hours_for("email", "cancellation"))
    assert urgent < on_page < usual


def test_what_is_urgent_is_never_due_later_than_its_channel() -> None:
    policy = defaults.book().inquiries
    assert policy.hours_for("chat", "complaint") == policy.hours["chat"]
    assert policy.hours_for("a new channel", "question") == policy.hours["email"]


def test_a_closed_conversation_goes_on_for_some_days() -> None:
    assert rules.goes_on(None, FRIDAY, 14)
    assert rules.goes_on(FRIDAY - timedelta(days=14), FRIDAY, 14)
    assert not rules.goes_on(FRIDAY - timedelta(days=14, seconds=1), FRIDAY, 14)


def test_who_wrote_on_the_page_is_answered_there_and_everybody_else_by_e_mail() -> None:
    by = {one: rules.reply_channel(one) for one in Channel}
    assert {one for one, way in by.items() if way == Channel.PORTAL} == {Channel.PORTAL, Channel.CHAT}
    assert set(by.values()) == {Channel.PORTAL, Channel.EMAIL}


def test_the_mail_waits_only_for_who_is_there() -> None:
    later = FRIDAY + timedelta(minutes=5)
    assert rules.mail_at(FRIDAY, live=True, here=True, minutes=5) == later
    assert rules.mail_at(FRIDAY, live=True, here=False, minutes=5) == FRIDAY
    assert rules.mail_at(FRIDAY, live=False, here=True, minutes=5) == FRIDAY


def test_who_was_seen_a_moment_ago_is_here() -> None:
    seen = Presence(seen_at=FRIDAY, typing_at=FRIDAY)
    assert seen.is_here(FRIDAY + timedelta(seconds=30), 30)
    assert not seen.is_here(FRIDAY + timedelta(seconds=31), 30)
    assert seen.is_typing(FRIDAY + timedelta(seconds=12))
    assert not seen.is_typing(FRIDAY + timedelta(seconds=13))


def test_an_unknown_topic_is_a_question_and_an_outcome_says_what_is_open() -> None:
    assert rules.topic_of("status") == Topic.STATUS
    assert rules.topic_of("too_long") == Topic.QUESTION
    assert rules.needs_answer(Outcome.NEEDS_ANSWER)
    assert not rules.needs_answer(Outcome.SETTLED)
    assert rules.settles(Outcome.SETTLED)
    assert not rules.settles(None)


def test_an_address_is_compared_as_people_write_it() -> None:
    assert rules.is_same_person(" Ada@Okafor.example", ["ada@okafor.example"])
    assert not rules.is_same_person("", ["", "ada@okafor.example"])


def test_a_conversation_can_be_answered_until_it_is_closed_and_reopened_after() -> None:
    assert all(CONVERSATION.allows(state, "answer") for state in (State.OPEN, State.WAITING, State.ANSWERED))
    assert not CONVERSATION.allows(State.CLOSED, "answer")
    assert CONVERSATION.target(State.CLOSED, "reopen") == State.ANSWERED
    assert CONVERSATION.target(State.CLOSED, "receive") == State.OPEN
