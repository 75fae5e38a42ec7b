"""Each sign of a delay opens one delay with its cause and its estimate, tells it once, and is over by itself (EXC-1 to EXC-3)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.notices import queries as notices
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.way.cases import commands as cases
from milepost.way.cases import queries
from milepost.way.cases.words import CaseCard, DelayDraft, FoundBy, Outcome, Sign
from milepost.way.fulfilment.words import ParcelCard
from milepost.way.orders import commands as orders
from milepost.way.promising import commands as promises
from milepost.way.promising import queries as promising
from milepost.way.promising.words import Basis, Cause, PromiseCard, Revision
from milepost.way.tracking import commands
from milepost.way.tracking.models import LaneTime
from milepost.way.tracking.queries import timeline
from milepost.way.tracking.tests.parcels import hour, said, shipped
from milepost.way.tracking.words import Cause as Incident
from milepost.way.tracking.words import Kind
from tests import cast

pytestmark = pytest.mark.django_db
LATE = date(2026, 12, 11)


def clock(at: datetime) -> Act:
    return Act.now("system:clock", channel="worker", now=at)


def tell(parcel: ParcelCard, kind: Kind, at: float, **also: object) -> None:
    """The carrier says something, and it is heard at once."""
    commands.record_events(
        [said(parcel, kind, at, **also)], act=Act.now("carrier:dhl", channel="webhook", now=hour(at))
    )


def handed_over() -> ParcelCard:
    """A parcel with a carrier whose promise is far enough away that nothing but silence speaks against it."""
    (parcel,) = shipped(carrier="dhl", numbers=("JJD1",))
    return parcel


def promise(order_id: int) -> PromiseCard:
    return promising.standing([order_id])[order_id].now


def due_soon(parcel: ParcelCard) -> None:
    """What was promised leaves no room for any silence."""
    promises.revise(
        [Revision(order_id=parcel.order_id, latest_on=hour(0).date(), cause=Cause.NONE, basis=Basis.STATED)],
        act=cast.OMAR,
    )


def cases_of(parcel: ParcelCard) -> list[CaseCard]:
    return queries.cases_of([parcel.order_id]).get(parcel.order_id, [])


def told(parcel: ParcelCard, kind: str) -> int:
    return [entry.kind for entry in journal.story(parcel.order_id)].count(kind)


def messages(parcel: ParcelCard) -> list[str]:
    """The messages about delays that are planned for the customer."""
    found = notices.notices_of(parcel.order_id)
    return [one.milestone for one in found if one.template == "delay_notice" and one.audience == "customer"]


def never_scanned(parcel: ParcelCard) -> None:
    commands.look_after(act=clock(hour(30)))


def only_a_label(parcel: ParcelCard) -> None:
    tell(parcel, Kind.LABEL_CREATED, 1)
    commands.look_after(act=clock(hour(30)))


def stalled(parcel: ParcelCard) -> None:
    tell(parcel, Kind.PICKED_UP, 2)
    commands.look_after(act=clock(hour(60)))


def slow(parcel: ParcelCard) -> None:
    tell(parcel, Kind.PICKED_UP, 2)
    LaneTime.objects.get_or_create(
        lane="dhl|||", stage="in_transit", measure="rest",
        defaults={"minutes": [n * 1440 for n in range(5, 12)], "samples": 80, "learned_at": hour(0)},
    )  # fmt: skip
    commands.look_after(act=clock(hour(3)))


def reported_by_the_carrier(parcel: ParcelCard) -> None:
    tell(parcel, Kind.DELAYED, 5, cause=Incident.WEATHER, estimate_on=LATE)


def stopped_at_customs(parcel: ParcelCard) -> None:
    tell(parcel, Kind.CUSTOMS_ACTION, 5)


def past_its_promise(parcel: ParcelCard) -> None:
    cases.find_delays(act=clock(hour(16)))


@dataclass(frozen=True)
class Found:
    sign: Sign
    happen: Callable[[ParcelCard], None]
    cause: Cause
    by: FoundBy
    over: Kind
    outcome: Outcome


SEVEN = (
    Found(
        Sign.DISPATCH_NOT_SCANNED, never_scanned, Cause.CARRIER, FoundBy.CLOCK, Kind.PICKED_UP, Outcome.MOVING_AGAIN
    ),
    Found(
        Sign.LABEL_NEVER_ACTIVATED, only_a_label, Cause.WAREHOUSE, FoundBy.CLOCK, Kind.PICKED_UP, Outcome.MOVING_AGAIN
    ),
    Found(Sign.STALLED, stalled, Cause.CARRIER, FoundBy.CLOCK, Kind.ARRIVED_HUB, Outcome.MOVING_AGAIN),
    Found(Sign.PREDICTED_MISS, slow, Cause.CARRIER, FoundBy.CLOCK, Kind.DELIVERED, Outcome.DELIVERED),
    Found(
        Sign.CARRIER_EXCEPTION, reported_by_the_carrier, Cause.WEATHER, FoundBy.CARRIER, Kind.OUT_FOR_DELIVERY,
        Outcome.MOVING_AGAIN,
    ),
    Found(
        Sign.CUSTOMS, stopped_at_customs, Cause.CUSTOMS, FoundBy.CARRIER, Kind.CUSTOMS_CLEARED, Outcome.MOVING_AGAIN
    ),
    Found(Sign.PAST_PROMISE, past_its_promise, Cause.CARRIER, FoundBy.CLOCK, Kind.DELIVERED, Outcome.DELIVERED),
)  # fmt: skip


@pytest.mark.clause("EXC-1")
@pytest.mark.clause("EXC-2")
@pytest.mark.clause("EXC-3")
@pytest.mark.parametrize("found", SEVEN, ids=lambda found: found.sign.value)
def test_each_sign_opens_one_delay_with_its_cause_and_estimate_tells_it_once_and_ends_by_itself(found: Found) -> None:
    parcel = handed_over()
    if found.sign is not Sign.PREDICTED_MISS:
        due_soon(parcel)
    first = promise(parcel.order_id)
    found.happen(parcel)
    found.happen(parcel)
    (case,) = cases_of(parcel)
    assert (case.sign, case.cause, case.found_by) == (found.sign, found.cause, found.by)
    assert case.new_earliest_on is not None
    assert case.new_latest_on is not None
    assert first.latest_on < case.new_latest_on
    stands = promise(parcel.order_id)
    assert (stands.earliest_on, stands.latest_on) == (case.new_earliest_on, case.new_latest_on)
    assert (stands.cause, stands.confidence) == (found.cause, case.confidence)
    assert (told(parcel, "DelayFound"), len(messages(parcel))) == (1, 1)
    (duty,) = (one for one in duties.duties_of(parcel.order_id) if one.kind == "resolve_delay")
    assert (duty.is_open, duty.data["sign"]) == (True, found.sign)
    assert duty.says == procedures.book().silence.signs[found.sign].says
    tell(parcel, found.over, 150)
    assert cases_of(parcel)[-1].outcome is found.outcome
    assert not queries.delayed([parcel.order_id])
    assert promise(parcel.order_id) == stands, "what was told last stands"
    assert len(messages(parcel)) == 1, "nobody is told that a delay is over"
    assert all(one.closed_at for one in duties.duties_of(parcel.order_id) if one.kind == "resolve_delay")


def test_what_is_noticed_while_the_promise_still_holds_is_ours_to_look_after_and_nobody_elses_to_hear() -> None:
    parcel = handed_over()
    promises.revise(
        [Revision(order_id=parcel.order_id, latest_on=LATE, cause=Cause.NONE, basis=Basis.STATED)], act=cast.OMAR
    )
    never_scanned(parcel)
    (case,) = cases_of(parcel)
    assert (case.sign, case.moves_the_date, case.new_latest_on) == (Sign.DISPATCH_NOT_SCANNED, False, LATE)
    assert (told(parcel, "DelaySuspected"), told(parcel, "DelayFound"), messages(parcel)) == (1, 0, [])
    assert not queries.delayed([parcel.order_id]), "the customer's date stands, so no page calls it delayed"
    assert "resolve_delay" in {one.kind for one in duties.duties_of(parcel.order_id) if one.is_open}
    tell(parcel, Kind.PICKED_UP, 31)
    assert cases_of(parcel)[-1].outcome is Outcome.MOVING_AGAIN
    assert promise(parcel.order_id).latest_on == LATE


def test_a_parcel_that_falls_silent_again_and_again_sends_no_second_message_for_the_same_date() -> None:
    parcel = handed_over()
    due_soon(parcel)
    never_scanned(parcel)
    stands = promise(parcel.order_id)
    tell(parcel, Kind.PICKED_UP, 31)
    later = clock(hour(31) + timedelta(days=30))
    commands.look_after(act=clock(hour(31)))
    LaneTime.objects.create(
        lane="dhl|||", stage="in_transit", measure="rest", minutes=[1, 2, 3, 4, 5, 6, 7], samples=80, learned_at=hour(0)
    )
    promises.revise(
        [Revision(order_id=parcel.order_id, latest_on=date(2027, 3, 1), cause=Cause.NONE, basis=Basis.STATED)],
        act=cast.OMAR,
    )
    commands.look_after(act=later)
    assert [case.sign for case in cases_of(parcel)] == [Sign.DISPATCH_NOT_SCANNED, Sign.STALLED]
    assert promise(parcel.order_id).latest_on == date(2027, 3, 1)
    assert stands.latest_on < date(2027, 3, 1)
    assert len(messages(parcel)) == 1


def test_a_delay_that_carriers_report_no_more_gives_the_date_back_that_can_still_be_kept_and_tells_nobody() -> None:
    parcel = handed_over()
    first = promise(parcel.order_id)
    tell(parcel, Kind.DELAYED, 5, estimate_on=LATE)
    tell(parcel, Kind.OUT_FOR_DELIVERY, 20)
    assert cases_of(parcel)[0].outcome is Outcome.BACK_IN_TIME
    assert promise(parcel.order_id).latest_on == first.latest_on
    assert len(messages(parcel)) == 1


def test_a_delay_that_ends_and_comes_again_is_measured_as_one_that_never_ended() -> None:
    """Here the date is past when the first one ends, so the later date stands; and yet the second is later than promised."""
    parcel = handed_over()
    due_soon(parcel)
    tell(parcel, Kind.DELAYED, 5, estimate_on=LATE)
    tell(parcel, Kind.OUT_FOR_DELIVERY, 50)
    assert promise(parcel.order_id).latest_on == LATE
    tell(parcel, Kind.DELAYED, 60, estimate_on=LATE - timedelta(days=3))
    first, second = cases_of(parcel)
    assert (first.outcome, second.due_was) == (Outcome.MOVING_AGAIN, first.due_was)
    assert promise(parcel.order_id).latest_on == LATE - timedelta(days=3)


def test_a_carriers_word_takes_the_place_of_what_the_clock_found_in_the_same_delay() -> None:
    parcel = handed_over()
    due_soon(parcel)
    never_scanned(parcel)
    reported_by_the_carrier(parcel)
    (case,) = cases_of(parcel)
    assert (case.sign, case.cause, case.new_latest_on) == (Sign.CARRIER_EXCEPTION, "weather", LATE)
    assert promise(parcel.order_id).latest_on == LATE


def test_what_the_clock_finds_takes_nothing_back_of_what_staff_said() -> None:
    parcel = handed_over()
    due_soon(parcel)
    cases.report_delays(
        [DelayDraft(order_id=parcel.order_id, cause="warehouse", new_latest_on=LATE, note="the press broke")],
        act=replace(cast.OMAR, at=hour(2), recorded_at=hour(2)),
    )
    never_scanned(parcel)
    tell(parcel, Kind.PICKED_UP, 40)
    (case,) = cases_of(parcel)
    assert (case.sign, case.cause, case.new_latest_on, case.resolved_at) == (Sign.REPORTED, "warehouse", LATE, None)
    assert told(parcel, "DelayFound") == 1


def test_a_delay_that_was_found_past_its_promise_is_not_over_by_a_scan_but_by_the_arrival() -> None:
    parcel = handed_over()
    due_soon(parcel)
    past_its_promise(parcel)
    tell(parcel, Kind.ARRIVED_HUB, 300)
    assert cases_of(parcel)[0].resolved_at is None
    tell(parcel, Kind.DELIVERED, 310)
    assert cases_of(parcel)[0].outcome is Outcome.DELIVERED


def test_what_waits_for_its_recipient_is_not_past_its_promise() -> None:
    parcel = handed_over()
    tell(parcel, Kind.READY_FOR_PICKUP, 20)
    assert cases.find_delays(act=clock(promise(parcel.order_id).latest_at + timedelta(days=9))).found == 0
    assert cases_of(parcel) == []


def test_an_order_that_arrived_is_looked_at_no_more_until_it_turns_out_that_it_did_not() -> None:
    parcel = handed_over()
    tell(parcel, Kind.DELIVERED, 20)
    past = promise(parcel.order_id).latest_at + timedelta(seconds=1)
    assert promising.overdue(now=past) == []
    (event,) = timeline(parcel.order_id)[parcel.id]
    tell(parcel, Kind.WITHDRAWN, 21, corrects=event.id)
    assert [one.order_id for one in promising.overdue(now=past)] == [parcel.order_id]


def test_a_cancelled_order_ends_all_of_it() -> None:
    parcel = handed_over()
    due_soon(parcel)
    never_scanned(parcel)
    orders.cancel([parcel.order_id], reason_code="customer", act=replace(cast.OMAR, at=hour(31), recorded_at=hour(31)))
    assert cases_of(parcel)[0].outcome is Outcome.CANCELLED
    assert promising.overdue(now=hour(9000)) == []


def test_imported_history_opens_nothing_and_tells_nobody() -> None:
    (order_id,) = cast.ordered(act=cast.SHOP.in_the_past(hour(-1000)))
    assert promising.overdue(now=hour(9000)) == []
    assert cases.find_delays(act=clock(hour(9000))).found == 0
    assert queries.cases_of([order_id]) == {}


@pytest.mark.clause("EXC-3")
def test_why_orders_were_delayed_can_be_counted() -> None:
    one, other, third = shipped(3, carrier="dhl", numbers=("JJD1", "JJD2", "JJD3"))
    for parcel in (one, other):
        reported_by_the_carrier(parcel)
    stopped_at_customs(third)
    tell(other, Kind.DELIVERED, 40)
    first, second = queries.reasons(hour(0), hour(100))
    assert (first.cause, first.sign, first.found, first.moved, first.open) == (
        "weather", Sign.CARRIER_EXCEPTION, 2, 2, 1,
    )  # fmt: skip
    due_was = cases_of(one)[0].due_was
    assert due_was is not None
    assert first.days == 2 * (LATE - due_was).days
    assert (second.cause, second.sign, second.found) == ("customs", Sign.CUSTOMS, 1)
    assert queries.reasons(hour(100), hour(200)) == []
