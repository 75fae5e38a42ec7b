"""Calls that are carried out only once."""

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from milepost.ground.access import commands, queries
from milepost.ground.access.models import IdempotentCall
from milepost.ground.access.words import StoredAnswer, fingerprint
from milepost.kernel.refusals import Refused

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANSWER = StoredAnswer(status=201, content_type="application/json", response=b'{"reference": "M7K"}\x00\xff')
CALL = fingerprint("POST", "/api/v1/orders", b"{}")


@pytest.mark.django_db
def test_a_repeated_call_is_answered_byte_for_byte_in_one_statement(django_assert_num_queries):
    assert queries.replayed(1, "k-1", CALL) is None
    with django_assert_num_queries(1):
        commands.remember(1, "k-1", CALL, ANSWER, now=NOW)
    with django_assert_num_queries(1):
        assert queries.replayed(1, "k-1", CALL) == ANSWER


@pytest.mark.django_db
def test_the_same_key_with_another_request_is_refused_but_another_caller_may_use_it():
    commands.remember(1, "k-1", CALL, ANSWER, now=NOW)
    for other in (fingerprint("POST", "/api/v1/orders", b"{ }"), fingerprint("PUT", "/api/v1/orders", b"{}"),
                  fingerprint("POST", "/api/v1/items", b"{}")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            queries.replayed(1, "k-1", other)
        assert (refused.value.refusals[0].code, refused.value.status) == ("key_reused", 422)
    assert queries.replayed(2, "k-1", CALL) is None


@pytest.mark.django_db
def test_old_calls_are_forgotten():
    commands.remember(1, "old", CALL, ANSWER, now=NOW - timedelta(days=31))
    commands.remember(1, "new", CALL, ANSWER, now=NOW)
    assert commands.forget_calls(NOW - timedelta(days=30)) == 1
    assert [call.key for call in IdempotentCall.objects.all()] == ["new"]


@pytest.mark.django_db(transaction=True)
def test_of_two_equal_calls_at_once_one_takes_effect_and_the_other_learns_its_answer():
    inside, outcomes = Event(), []

    def second():
        inside.wait(10)
        try:
            with transaction.atomic():
                commands.remember(
                    1, "k-1", CALL, StoredAnswer(status=500, content_type="", response=b"second"), now=NOW
                )
        except commands.Overtaken:
            outcomes.append(queries.replayed(1, "k-1", CALL))
        finally:
            connection.close()

    thread = Thread(target=second)
    thread.start()
    with transaction.atomic():
        commands.remember(1, "k-1", CALL, ANSWER, now=NOW)
        inside.set()
        thread.join(0.3)
        assert thread.is_alive(), "the second call waits until it is known how the first one ends"
    thread.join(10)
    assert outcomes == [ANSWER]
