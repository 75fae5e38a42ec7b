"""The journal keeps what happened: in order, sealed, and for ever."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar

import pytest
from django.db import IntegrityError, connection, transaction

from milepost.ground import journal
from milepost.ground.journal import queries
from milepost.ground.journal.commands import react_with
from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact

pytestmark = pytest.mark.django_db

ACT = Act.now("staff:7", channel="desk", now=datetime(2026, 11, 21, 9, 30, tzinfo=UTC), reason="the customer called")


@dataclass(frozen=True, kw_only=True)
class LampLit(OrderFact):
    says: ClassVar[str] = "A lamp of {watts} W was lit"
    watts: Decimal


@dataclass(frozen=True, kw_only=True)
class RoomBrightened(OrderFact):
    says: ClassVar[str] = "The room grew bright"


@pytest.fixture(autouse=True)
def _no_reactions_but_ours():
    from milepost.ground.journal import commands

    before = commands._reactions
    react_with({})
    yield
    react_with(before)


def say(*order_ids: int) -> None:
    journal.record([LampLit(order_id=order_id, watts=Decimal("4.50")) for order_id in order_ids], act=ACT)


@pytest.mark.clause("RECD-2")
def test_a_fact_says_who_when_what_why_and_through_which_channel() -> None:
    say(1)
    (told,) = queries.story(1)
    assert told.sentence == "A lamp of 4.50 W was lit"
    assert (told.actor, told.channel, told.reason) == ("staff:7", "desk", "the customer called")
    assert told.occurred_at == ACT.at


def test_each_order_has_its_own_sequence_and_chain() -> None:
    say(1, 2, 1)
    say(1)
    assert [told.sequence for told in queries.story(1)] == [1, 2, 3]
    assert [told.sequence for told in queries.story(2)] == [1]
    assert list(queries.breaks()) == []


@pytest.mark.clause("RECD-2")
@pytest.mark.parametrize("statement", ["UPDATE journal_entry SET actor = 'nobody'", "DELETE FROM journal_entry"])
def test_the_database_refuses_to_change_or_remove_a_fact(statement: str) -> None:
    say(1)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert len(queries.story(1)) == 1


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        (
            "UPDATE journal_entry SET data = '{}' WHERE stream = 'order' AND sequence = 2",
            "does not say what was sealed",
        ),
        (
            "UPDATE journal_entry SET actor = 'staff:8' WHERE stream = 'order' AND sequence = 2",
            "does not say what was sealed",
        ),
        ("DELETE FROM journal_entry WHERE stream = 'order' AND sequence = 2", "entries between them are missing"),
        ("DELETE FROM journal_entry WHERE stream = 'order' AND sequence = 3", "the last entries are missing"),
        ("DELETE FROM journal_entry WHERE stream = 'order'", "has a head but no entries"),
    ],
)
def test_tampering_behind_the_database_s_back_breaks_the_chain(tampering: str, found: str) -> None:
    say(1, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute(tampering)
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
    assert [found in broken.why for broken in queries.breaks()] == [True]


def test_what_follows_is_recorded_in_the_same_transaction_and_in_order() -> None:
    def brighten(facts: list[LampLit], act: Act) -> None:
        journal.record([RoomBrightened(order_id=fact.order_id) for fact in facts], act=act)

    react_with({LampLit: (brighten,)})
    say(1, 2)
    assert [told.kind for told in queries.story(1)] == ["LampLit", "RoomBrightened"]


def test_a_reaction_that_fails_takes_everything_back() -> None:
    def explode(facts: list[LampLit], act: Act) -> None:
        raise ZeroDivisionError

    react_with({LampLit: (explode,)})
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        say(1)
    assert queries.story(1) == []
    react_with({})
    say(1)
    assert len(queries.story(1)) == 1


def test_a_thousand_facts_take_three_statements(django_assert_num_queries) -> None:
    with django_assert_num_queries(3):
        say(*range(1, 1001))


def test_facts_lie_in_the_partition_of_their_month() -> None:
    say(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM journal_entry WHERE stream = 'order'")
        assert cursor.fetchall() == [("journal_entry_2026_11",)]
