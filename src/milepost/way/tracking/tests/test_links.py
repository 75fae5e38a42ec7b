"""Tracking links: built at hand-over, looked at politely, somebody's duty while they lead nowhere, on a real database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from milepost.ground.duties import queries as duties
from milepost.ground.procedures import defaults
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import LabelCorrection, Shipping
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.links import ports, queries
from milepost.way.tracking.links.commands import check_links
from milepost.way.tracking.links.rules import after
from milepost.way.tracking.links.words import LinkState, Look, LookedAt
from milepost.way.tracking.words import EventDraft, Kind
from tests import cast

pytestmark = pytest.mark.clause("TRK-4")

UPS_NUMBER, ANOTHER = "1Z5R89390357567127", "1Z879E930346834440"


class Pages:
    """Carriers' pages, as the test has them."""

    def __init__(self) -> None:
        self.look_now = Look.ALIVE
        self.asked: list[str] = []

    def look(self, urls: Sequence[str]) -> Mapping[str, LookedAt]:
        self.asked += urls
        return {url: LookedAt(look=self.look_now, detail="as the test says") for url in urls}


@pytest.fixture
def pages() -> Iterator[Pages]:
    made = Pages()
    before = ports.checker()
    ports.use(made)
    yield made
    ports.use(before)


def shipped(number: str = UPS_NUMBER, **words: object) -> int:
    """Ada's order with one parcel on its way."""
    cast.stocked()
    order_id = cast.ordered()[0]
    words = {"carrier": "ups", **words}
    fulfilment.ship([Shipping(order_id=order_id, tracking_numbers=(number,), **words)], act=cast.OMAR)
    return order_id


def parcel_of(order_id: int) -> int:
    return shipments.shipments_of([order_id])[order_id][0].parcels[0].id


def at(when: datetime) -> Act:
    return Act.now("system:links", channel="worker", now=when)


def pass_at(minutes: int) -> int:
    return check_links(act=at(cast.OMAR.at + timedelta(minutes=minutes)))


def state(order_id: int) -> LinkState:
    return queries.links([order_id])[parcel_of(order_id)].state


def open_duties() -> list[str]:
    return [duty.kind for duty in duties.open_duties(["it_support"]) if duty.kind == "repair_link"]


@pytest.mark.django_db
def test_a_parcel_s_page_is_looked_at_before_anybody_is_sent_there(pages: Pages) -> None:
    order_id = shipped()
    assert not queries.links([order_id])[parcel_of(order_id)].can_be_shown
    assert pass_at(1) == 1
    card = queries.links([order_id])[parcel_of(order_id)]
    assert card.can_be_shown
    assert card.url == pages.asked[0]
    assert UPS_NUMBER in card.url


@pytest.mark.django_db
def test_it_is_looked_at_again_only_when_it_is_due(pages: Pages) -> None:
    shipped()
    hours = procedures.book().links.recheck_hours
    assert [pass_at(1), pass_at(2), pass_at(hours * 60), pass_at(hours * 60 + 2)] == [1, 0, 0, 1]


@pytest.mark.django_db
def test_a_hiccup_is_no_broken_link_but_several_in_a_row_are_one_duty_for_it(pages: Pages) -> None:
    order_id, rules = shipped(), procedures.book().links
    pages.look_now = Look.GONE
    minute = 1
    for _ in range(rules.looks_before_broken - 1):
        assert pass_at(minute) == 1
        assert (state(order_id), open_duties()) == (LinkState.UNCHECKED, [])
        minute += rules.retry_minutes
    pass_at(minute)
    assert (state(order_id), open_duties()) == (LinkState.BROKEN, ["repair_link"])
    pages.look_now = Look.ALIVE
    pass_at(minute + rules.recheck_hours * 60 + 1)
    assert (state(order_id), open_duties()) == (LinkState.ALIVE, [])


@pytest.mark.django_db
def test_a_broken_link_of_a_parcel_that_has_arrived_is_nobody_s_duty(pages: Pages) -> None:
    order_id, rules = shipped(), procedures.book().links
    pages.look_now = Look.GONE
    for turn in range(rules.looks_before_broken):
        pass_at(1 + turn * rules.retry_minutes)
    assert open_duties() == ["repair_link"]
    arrival = EventDraft(kind=Kind.DELIVERED, happened_at=cast.OMAR.at, parcel_id=parcel_of(order_id))
    tracking.record_events([arrival], act=cast.OMAR)
    pass_at(10 + (rules.recheck_hours + 1) * 60)
    assert open_duties() == []
    assert pass_at(10 + 100 * rules.recheck_hours * 60) == 0


@pytest.mark.django_db
def test_a_corrected_label_has_another_page(pages: Pages) -> None:
    order_id = shipped()
    pass_at(1)
    correction = LabelCorrection(parcel_id=parcel_of(order_id), tracking_number=ANOTHER)
    fulfilment.correct_labels([correction], act=replace(cast.OMAR, at=cast.OMAR.at + timedelta(minutes=2)))
    assert state(order_id) is LinkState.UNCHECKED
    assert pass_at(3) == 1
    assert ANOTHER in pages.asked[-1]


@pytest.mark.django_db
def test_of_one_host_no_more_are_looked_at_than_allowed_and_the_others_trust_its_other_pages(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = procedures.book()
    strict = replace(book, links=replace(book.links, per_host_per_minute=1))
    monkeypatch.setattr(procedures, "book", lambda: strict)
    orders = [shipped(), shipped(ANOTHER)]
    assert pass_at(1) == 1
    assert sorted(map(state, orders)) == [LinkState.ALIVE, LinkState.UNCHECKED]
    assert pass_at(2) == 1, "the first pass claims before it knows"
    third = shipped("1Z410E7W0392751591")
    fourth = shipped("1Z8V92A70367203024")
    pass_at(3)
    assert {state(third), state(fourth)} == {LinkState.ALIVE}


@pytest.mark.django_db
def test_our_own_drivers_have_no_page_and_history_is_not_looked_at(pages: Pages) -> None:
    cast.stocked()
    order_id = cast.ordered()[0]
    fulfilment.ship([Shipping(order_id=order_id)], act=cast.OMAR)
    assert queries.links([order_id]) == {}
    cast.stocked()
    past = cast.ordered()[0]
    words = Shipping(order_id=past, carrier="ups", tracking_numbers=(UPS_NUMBER,))
    fulfilment.ship([words], act=cast.OMAR.in_the_past(cast.MONDAY))
    assert queries.links([past]) == {}


@pytest.mark.django_db
def test_where_nobody_looks_at_links_none_are_built() -> None:
    before = ports.checker()
    ports.use(None)
    try:
        assert queries.links([shipped()]) == {}
        assert pass_at(1) == 0
    finally:
        ports.use(before)


@given(looks=some.lists(some.sampled_from(Look), min_size=1, max_size=30))
def test_a_link_is_broken_exactly_after_enough_looks_in_a_row(looks: list[Look]) -> None:
    rules, now = defaults.book().links, cast.MONDAY
    state, failures = LinkState.UNCHECKED, 0
    for look in looks:
        standing = after(look, state=state, failures=failures, rules=rules, now=now)
        assert standing.next_check_at > now
        state, failures = standing.state, standing.failures
    in_a_row = next((place for place, look in enumerate(reversed(looks)) if look is Look.ALIVE), len(looks))
    assert (state is LinkState.BROKEN) == (in_a_row >= rules.looks_before_broken)
