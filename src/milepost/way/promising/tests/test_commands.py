"""The promise ledger: every date ever given stays, and one stands."""

from datetime import timedelta

import pytest

from milepost.ground.journal import queries as journal
from milepost.way.promising import commands, queries
from milepost.way.promising.words import Basis, Cause, Revision
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.clause("DEL-2")
def test_every_placed_order_has_its_first_promise() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    standing = queries.standing([order_id])[order_id]
    assert standing.now.basis == Basis.STOCK
    assert not standing.revised


@pytest.mark.clause("EXC-2")
def test_a_revision_adds_a_row_with_its_cause_and_the_first_stays() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    first = queries.standing([order_id])[order_id].first
    later = first.latest_on + timedelta(days=4)
    commands.revise([Revision(order_id=order_id, latest_on=later, cause=Cause.WEATHER)], act=cast.OMAR)
    standing = queries.standing([order_id])[order_id]
    assert (standing.first, standing.now.latest_on, standing.now.cause) == (first, later, "weather")
    assert journal.story(order_id)[-1].sentence == f"Promise moved from {first.latest_on} to {later}: weather"


def test_a_revision_to_the_date_that_stands_says_nothing_new() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    same = queries.standing([order_id])[order_id].now.latest_on
    before = len(journal.story(order_id))
    commands.revise([Revision(order_id=order_id, latest_on=same, cause=Cause.WEATHER)], act=cast.OMAR)
    assert len(queries.ledger([order_id])[order_id]) == 1
    assert len(journal.story(order_id)) == before


def test_a_standing_promise_that_is_past_is_overdue_and_an_older_one_is_not() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    promised = queries.standing([order_id])[order_id].now
    assert queries.overdue(now=promised.latest_at) == []
    after = promised.latest_at + timedelta(seconds=1)
    assert [card.order_id for card in queries.overdue(now=after)] == [order_id]
    later = promised.latest_on + timedelta(days=4)
    commands.revise([Revision(order_id=order_id, latest_on=later, cause=Cause.CARRIER)], act=cast.OMAR)
    assert queries.overdue(now=after) == []
