"""What the facts of a receipt tell is what the books say."""

import pytest

from milepost.ground import journal
from milepost.overview.insight import queries
from milepost.overview.insight.rules import outcome_told
from tests import cast

pytestmark = pytest.mark.django_db


def told_and_read(**changes):
    cast.stocked()
    draft = cast.draft(**changes)
    with journal.heard() as facts:
        (receipt,) = cast.received(draft)
    told = outcome_told(facts, external_ref=draft.external_ref, received_at=cast.SHOP.at)
    return told, queries.outcomes([receipt.order_id])[receipt.order_id]


def test_the_outcome_of_a_confirmed_order_is_told_as_the_books_have_it() -> None:
    told, read = told_and_read(external_ref="N-1")
    assert told == read
    assert told.state == "confirmed"


def test_of_an_order_on_hold_the_facts_do_not_tell_all() -> None:
    told, read = told_and_read(payment_pending=True)
    assert told is None
    assert [kind for kind, _ in read.holds] == ["payment"]


def test_of_a_repeat_nothing_is_told() -> None:
    assert outcome_told([], external_ref="N-1", received_at=cast.SHOP.at) is None
