"""Notices are planned once, in one statement."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground import journal
from milepost.ground.duties import queries as duties
from milepost.ground.notices import queries
from milepost.ground.notices.commands import plan
from milepost.ground.notices.tests.acting import NOW, SYSTEM, in_app, wanted
from milepost.ground.notices.words import Reason, State

pytestmark = pytest.mark.django_db


@pytest.mark.clause("NTF-1")
def test_the_same_notice_is_planned_once_however_often_it_is_asked_for():
    plan([wanted(1)], act=SYSTEM)
    plan([wanted(1), wanted(1)], act=SYSTEM)
    with journal.together():
        plan([wanted(1)], act=SYSTEM)
        plan([wanted(1)], act=SYSTEM)
    assert [card.state for card in queries.notices_of(1)] == [State.PLANNED]


def test_another_milestone_recipient_or_channel_is_another_notice():
    plan([wanted(1)], act=SYSTEM)
    others = [wanted(1, milestone="confirmed:2"), wanted(1, recipient_key="customer:9"), in_app(1), wanted(2)]
    plan(others, act=SYSTEM)
    assert len(queries.notices_of(1)) == 4
    assert len(queries.notices_of(2)) == 1


def test_a_notice_without_an_order_is_planned_once_too():
    one = wanted(None, milestone="escalated:7", recipient_key="role:management", channel="in_app")
    plan([one], act=SYSTEM)
    plan([one], act=SYSTEM)
    assert len(queries.in_app(["management"])) == 1


@pytest.mark.clause("NTF-5")
def test_what_is_planned_for_the_desk_is_told_to_its_role_at_once_and_to_no_other():
    plan([in_app(1, "management")], act=SYSTEM)
    (card,) = queries.in_app(["management", "it_support"])
    assert (card.state, card.sentence, card.sent_at) == (State.SENT, "Order confirmed", NOW)
    assert queries.in_app(["fulfilment"]) == []


def test_history_is_written_down_and_told_to_nobody():
    plan([wanted(1, reason=Reason.HISTORY)], act=SYSTEM)
    (card,) = queries.notices_of(1)
    assert (card.state, card.due_at) == (State.SUPPRESSED, None)
    assert "nobody is told about history" in card.trace[-1]
    assert duties.duties_of(1) == []


def test_a_missing_address_becomes_a_duty_to_reach_the_customer_another_way():
    plan([wanted(1, reason=Reason.NO_ADDRESS)], act=SYSTEM)
    plan([wanted(1, reason=Reason.NO_ADDRESS)], act=SYSTEM)
    (duty,) = duties.duties_of(1)
    assert (duty.kind, duty.role) == ("retry_notice", "customer_service")


def test_a_thousand_notices_are_planned_in_one_statement():
    with CaptureQueriesContext(
        connection,
    ) as asked:
        plan([wanted(number) for number in range(1000)], act=SYSTEM)
    assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) == 1


def test_a_notice_for_later_is_not_due_now():
    plan([wanted(1, not_before=NOW + timedelta(hours=2))], act=SYSTEM)
    assert queries.backlog(NOW).due == 0
    assert queries.backlog(NOW + timedelta(hours=3)).due == 1
