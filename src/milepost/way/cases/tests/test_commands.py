"""Delays are found by carriers' word, by the clock and by hand; told, revised and resolved."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from milepost.ground.journal import queries as journal
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.cases import commands, queries
from milepost.way.cases.words import CaseCard, CaseKind, DelayDraft, FoundBy, Outcome, Swept
from milepost.way.fulfilment.words import ParcelCard
from milepost.way.orders import commands as orders
from milepost.way.promising import queries as promising
from milepost.way.promising.words import PromiseCard
from milepost.way.tracking import commands as tracking
from milepost.way.tracking import queries as timelines
from milepost.way.tracking.tests.parcels import hour, said, shipped
from milepost.way.tracking.words import Cause, Kind
from tests import cast

pytestmark = pytest.mark.django_db
NOW = replace(cast.OMAR, at=hour(40), recorded_at=hour(40))
LATE = date(2026, 12, 11)


def promise(order_id: int) -> PromiseCard:
    return promising.standing([order_id])[order_id].now


def case_of(order_id: int) -> CaseCard:
    return queries.cases_of([order_id])[order_id][-1]


def told(order_id: int, kind: str) -> int:
    return [entry.kind for entry in journal.story(order_id)].count(kind)


def delayed(cause: Cause = Cause.WEATHER, until: date | None = LATE) -> ParcelCard:
    """A parcel whose carrier reported a delay."""
    (parcel,) = shipped()
    tracking.record_events([said(parcel, Kind.DELAYED, 5, cause=cause, estimate_on=until)], act=NOW)
    return parcel


@pytest.mark.clause("EXC-1")
@pytest.mark.clause("EXC-2")
@pytest.mark.clause("EXC-3")
def test_a_carriers_delay_opens_a_case_with_its_cause_and_moves_the_promise() -> None:
    parcel = delayed()
    case = queries.delayed([parcel.order_id])[parcel.order_id]
    first = promising.standing([parcel.order_id])[parcel.order_id].first
    assert (case.kind, case.cause, case.found_by, case.due_was, case.new_latest_on) == (
        CaseKind.DELAY, "weather", FoundBy.CARRIER, first.latest_on, LATE,
    )  # fmt: skip
    assert (promise(parcel.order_id).latest_on, promise(parcel.order_id).cause) == (LATE, "weather")


def test_a_delay_that_is_still_within_the_promise_changes_nothing() -> None:
    parcel = delayed(until=date(2026, 11, 17))
    assert queries.cases_of([parcel.order_id]) == {}
    assert told(parcel.order_id, "PromiseRevised") == 0


def test_a_worse_date_is_told_again_on_the_same_case_and_the_same_date_is_not() -> None:
    parcel = delayed()
    tracking.record_events([said(parcel, Kind.DELAYED, 6, cause=Cause.WEATHER, estimate_on=LATE)], act=NOW)
    assert told(parcel.order_id, "DelayFound") == 1
    later = LATE + timedelta(days=3)
    tracking.record_events([said(parcel, Kind.DELAYED, 7, cause=Cause.WEATHER, estimate_on=later)], act=NOW)
    assert told(parcel.order_id, "DelayFound") == 2
    assert len(queries.cases_of([parcel.order_id])[parcel.order_id]) == 1
    assert promise(parcel.order_id).latest_on == later


@pytest.mark.clause("KPI-4")
def test_the_delivery_resolves_the_delay_and_says_how_long_it_took() -> None:
    parcel = delayed()
    later = replace(NOW, at=hour(42), recorded_at=hour(42))
    tracking.record_events([said(parcel, Kind.DELIVERED, 41)], act=later)
    assert (case_of(parcel.order_id).outcome, case_of(parcel.order_id).resolved_at) == (Outcome.DELIVERED, hour(42))
    (resolved,) = (entry for entry in journal.story(parcel.order_id) if entry.kind == "DelayResolved")
    assert resolved.data["open_minutes"] == 120


def test_a_delay_that_was_taken_back_restores_the_promise() -> None:
    parcel = delayed()
    first = promising.standing([parcel.order_id])[parcel.order_id].first
    (event,) = timelines.timeline(parcel.order_id)[parcel.id]
    tracking.record_events([said(parcel, Kind.WITHDRAWN, 6, corrects=event.id)], act=NOW)
    assert case_of(parcel.order_id).outcome is Outcome.BACK_IN_TIME
    assert promise(parcel.order_id).latest_on == first.latest_on


@pytest.mark.clause("FUP-1")
def test_an_order_past_its_promise_is_found_by_the_clock_and_not_a_second_earlier() -> None:
    (parcel,) = shipped()
    due = promise(parcel.order_id).latest_at
    assert commands.find_delays(act=Act.now("system:clock", channel="worker", now=due)).found == 0
    past = Act.now("system:clock", channel="worker", now=due + timedelta(seconds=1))
    assert commands.find_delays(act=past) == Swept(1, None)
    assert commands.find_delays(act=past).found == 0, "its promise was revised, so it is found once"
    assert (case_of(parcel.order_id).found_by, case_of(parcel.order_id).cause) == (FoundBy.CLOCK, "carrier")
    assert promise(parcel.order_id).latest_at > past.at


def test_a_sweep_goes_page_by_page_until_there_is_no_more() -> None:
    """All three are due at the same instant, which must not hide one of them."""
    parcels = shipped(3)
    past = Act.now("system:clock", channel="worker", now=promise(parcels[0].order_id).latest_at + timedelta(seconds=1))
    page, pages = commands.find_delays(act=past, limit=2), 1
    while page.after is not None:
        page, pages = commands.find_delays(act=past, limit=2, after=page.after), pages + 1
    assert pages == 2
    assert {case_of(parcel.order_id).found_by for parcel in parcels} == {FoundBy.CLOCK}


def test_an_order_that_passes_its_new_promise_too_is_found_again() -> None:
    (parcel,) = shipped()
    for times in (1, 2):
        past = promise(parcel.order_id).latest_at + timedelta(seconds=1)
        assert commands.find_delays(act=Act.now("system:clock", channel="worker", now=past)).found == 1
        assert told(parcel.order_id, "DelayFound") == times
    assert len(queries.cases_of([parcel.order_id])[parcel.order_id]) == 1


@pytest.mark.clause("FUP-1")
def test_what_never_left_the_house_is_our_delay_and_what_lacks_stock_the_suppliers() -> None:
    cast.stocked(quantity=1)
    complete = cast.draft(lines=cast.draft().lines[:1])
    waiting, ours = cast.ordered(
        cast.draft(external_ref="short"), cast.draft(external_ref="ours", lines=complete.lines)
    )
    cast.stocked(quantity=50, location="LATER")
    past = max(promise(waiting).latest_at, promise(ours).latest_at) + timedelta(seconds=1)
    commands.find_delays(act=Act.now("system:clock", channel="worker", now=past))
    assert {case_of(waiting).cause, case_of(ours).cause} <= {"supply", "warehouse"}
    assert case_of(waiting).new_latest_on is not None


def test_imported_history_delivered_and_cancelled_orders_are_left_alone() -> None:
    (old,) = cast.ordered(act=cast.SHOP.in_the_past(hour(-1000)))
    delivered, cancelled = shipped(2)
    tracking.record_events([said(delivered, Kind.DELIVERED, 5)], act=NOW)
    orders.cancel([cancelled.order_id], reason_code="customer", act=NOW)
    far = Act.now("system:clock", channel="worker", now=hour(5000))
    assert commands.find_delays(act=far).found == 0
    assert queries.cases_of([old, delivered.order_id, cancelled.order_id]) == {}


@pytest.mark.clause("EXC-1")
def test_staff_report_a_delay_with_or_without_a_date() -> None:
    one, other = shipped(2)
    commands.report_delays(
        [
            DelayDraft(order_id=one.order_id, cause="warehouse", new_latest_on=LATE, note="the press broke"),
            DelayDraft(order_id=other.order_id, cause="supply"),
        ],
        act=NOW,
    )
    assert (case_of(one.order_id).note, case_of(one.order_id).new_latest_on) == ("the press broke", LATE)
    assert promise(other.order_id).latest_on > promising.standing([other.order_id])[other.order_id].first.latest_on
    tracking.record_events([said(one, Kind.IN_TRANSIT, 6)], act=NOW)
    assert queries.delayed([one.order_id]), "a carrier's silence does not resolve what staff found"


def test_a_delay_that_cannot_be_is_refused_by_its_place() -> None:
    parcel, delivered = shipped(2)
    tracking.record_events([said(delivered, Kind.DELIVERED, 5)], act=NOW)
    drafts = [
        DelayDraft(order_id=delivered.order_id, cause="weather"),
        DelayDraft(order_id=parcel.order_id, cause="moon", new_latest_on=date(2026, 11, 1)),
        DelayDraft(order_id=999_999, cause="weather"),
    ]
    with pytest.raises(Refused) as caught:
        commands.report_delays(drafts, act=NOW)
    assert [(r.index, r.code) for r in caught.value.refusals] == [
        (0, "not_awaited"), (1, "bad_cause"), (1, "in_time"), (2, "not_awaited"),
    ]  # fmt: skip


@pytest.mark.clause("EXC-1")
def test_a_lost_parcel_is_a_case_until_it_turns_up() -> None:
    (parcel,) = shipped()
    tracking.record_events([said(parcel, Kind.LOST, 30)], act=NOW)
    assert [case.kind for case in queries.open_cases()] == [CaseKind.LOST]
    tracking.record_events([said(parcel, Kind.ARRIVED_HUB, 35)], act=NOW)
    assert case_of(parcel.order_id).outcome is Outcome.SETTLED


def test_a_parcel_that_comes_back_undelivered_is_a_case_and_a_customers_return_is_not() -> None:
    refused, sent_back = shipped(2)
    tracking.record_events([said(refused, Kind.REFUSED, 20), said(refused, Kind.RETURNING, 22)], act=NOW)
    tracking.record_events([said(sent_back, Kind.DELIVERED, 20), said(sent_back, Kind.PICKED_UP, 30)], act=NOW)
    assert case_of(refused.order_id).kind is CaseKind.RETURN
    assert queries.cases_of([sent_back.order_id]) == {}
