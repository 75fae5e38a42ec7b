"""The demo company: a busy week, made by the real commands, in which nothing is left undone that the house should have done."""

from datetime import UTC, datetime

import pytest

from milepost.config import demo
from milepost.config.demo.cast import PASSWORD, STAFF
from milepost.ground.access.models import Staff
from milepost.ground.notices import queries as messages
from milepost.overview.insight.measures import measures
from milepost.overview.insight.words import Period
from milepost.overview.records import queries as records
from milepost.way.orders import queries as orders
from milepost.way.orders.words import Search, State

THURSDAY = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
SUNDAY_NIGHT = datetime(2026, 11, 22, 2, 20, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("now", [THURSDAY, SUNDAY_NIGHT], ids=["Thursday afternoon", "Sunday night"])
def test_the_week_shows_every_stage_and_leaves_the_books_clean(now):
    demo.load(now)
    found = measures(Period())
    assert [state for state in State if not found.states[state]] == []
    assert 60 <= found.orders <= 120
    assert found.ratings.count > 5
    assert records.audit(now) == []
    assert len(messages.mailbox(limit=1000)) > found.orders
    assert all(card.received_at <= now for card in orders.page(Search(), limit=200))
    shown = demo.showcase()
    assert "mona@milepost.example / milepost-demo" in shown["sign in"]
    assert Staff.objects.get(email=f"{STAFF[0][0].lower()}@milepost.example").check_password(PASSWORD)
    assert "/t/" in shown["tracking page"]


@pytest.mark.django_db
def test_a_house_without_the_demo_has_nothing_to_show():
    assert demo.showcase() == {}
