"""The end of an order's way: asked, accepted, disputed, rated, closed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.closeout import commands, queries
from milepost.way.closeout.words import Answer, Dispute, Rating
from milepost.way.fulfilment import queries as shipments
from milepost.way.orders import commands as ordering
from milepost.way.orders import queries as orders
from milepost.way.tracking import commands as tracking
from milepost.way.tracking import queries as timelines
from milepost.way.tracking.tests.parcels import hour, said, shipped
from milepost.way.tracking.words import Kind
from tests import cast

pytestmark = pytest.mark.django_db
NOW = replace(cast.OMAR, at=hour(40), recorded_at=hour(40))
ADA = replace(NOW, actor="customer", channel="portal")


def delivered() -> int:
    """An order that arrived on Tuesday."""
    (parcel,) = shipped()
    tracking.record_events([said(parcel, Kind.DELIVERED, 30)], act=NOW)
    return parcel.order_id


def state_of(order_id: int) -> str:
    return orders.states([order_id])[order_id]


def clock(at: datetime) -> Act:
    return Act.now("system:clock", channel="worker", now=at)


@pytest.mark.clause("CLO-2")
def test_a_delivered_order_is_asked_about_for_the_days_of_the_procedure() -> None:
    asked = queries.acceptances([order_id := delivered()])[order_id]
    days = procedures.book().closing.acceptance_days
    assert (asked.state, asked.due_at) == (Answer.ASKED, hour(40) + timedelta(days=days))


@pytest.mark.clause("CLO-2")
def test_acceptance_completes_the_order_and_a_second_yes_changes_nothing() -> None:
    order_id = delivered()
    commands.accept([order_id], act=ADA)
    assert state_of(order_id) == "completed"
    before = len(journal.story(order_id))
    commands.accept([order_id], act=ADA)
    assert len(journal.story(order_id)) == before


@pytest.mark.clause("CLO-2")
def test_silence_counts_as_yes_when_the_days_are_over_and_not_before() -> None:
    order_id = delivered()
    due = queries.acceptances([order_id])[order_id].due_at
    assert commands.accept_silent(act=clock(due - timedelta(seconds=1))) == 0
    assert commands.accept_silent(act=clock(due)) == 1
    assert commands.accept_silent(act=clock(due)) == 0
    assert queries.acceptances([order_id])[order_id].state is Answer.SILENT
    assert state_of(order_id) == "completed"


@pytest.mark.clause("CLO-2")
def test_a_completed_order_is_closed_when_the_days_for_objections_are_over_and_not_before() -> None:
    order_id = delivered()
    commands.accept([order_id], act=ADA)
    due = hour(40) + timedelta(days=procedures.book().closing.close_days)
    assert commands.close_due(act=clock(due - timedelta(seconds=1))) == 0
    assert commands.close_due(act=clock(due)) == 1
    assert state_of(order_id) == "closed"
    assert commands.close_due(act=clock(due)) == 0


@pytest.mark.clause("CLO-2")
def test_orders_that_somebody_closed_before_their_day_do_not_keep_the_others_from_being_closed() -> None:
    by_hand, left = delivered(), delivered()
    commands.accept([by_hand, left], act=ADA)
    ordering.close([by_hand], act=NOW)
    due = hour(40) + timedelta(days=procedures.book().closing.close_days)
    assert commands.close_due(act=clock(due)) == 2
    assert [state_of(order_id) for order_id in (by_hand, left)] == ["closed", "closed"]
    assert [entry.kind for entry in journal.story(by_hand)].count("OrderClosed") == 1
    assert "ClosingDaysPassed" not in [entry.kind for entry in journal.story(by_hand)]
    assert commands.close_due(act=clock(due)) == 0


def taken_back(order_id: int) -> None:
    """The carrier corrects itself: the parcel was not delivered."""
    ((parcel, steps),) = timelines.timeline(order_id).items()
    (card,) = (p for s in shipments.shipments_of([order_id])[order_id] for p in s.parcels if p.id == parcel)
    tracking.record_events([said(card, Kind.WITHDRAWN, 31, corrects=steps[-1].id)], act=NOW)


def at_hand(order_id: int) -> list[str]:
    """The open duties, but for the acknowledgement that nobody sends here."""
    found = {duty.kind for duty in duties.duties_of(order_id) if duty.closed_at is None}
    return sorted(found - {"acknowledge"})


def silent() -> int:
    """An order that is completed because nobody said anything about its delivery."""
    order_id = delivered()
    commands.accept_silent(act=clock(queries.acceptances([order_id])[order_id].due_at))
    assert state_of(order_id) == "completed"
    return order_id


@pytest.mark.clause("CLO-2")
@pytest.mark.clause("TRK-5")
def test_an_order_completed_by_silence_is_open_again_when_it_turns_out_not_to_be_delivered() -> None:
    order_id = silent()
    taken_back(order_id)
    assert state_of(order_id) == "shipped"
    assert queries.acceptances([order_id])[order_id].state is Answer.WITHDRAWN
    assert at_hand(order_id) == ["watch_delivery"]
    order = orders.card(order_id)
    assert (order.completed_at, order.delivered_at) == (None, None)
    assert commands.close_due(act=clock(hour(9000))) == 0, "no closing day of the yes that was none"
    (card,) = (p for s in shipments.shipments_of([order_id])[order_id] for p in s.parcels)
    tracking.record_events([said(card, Kind.DELIVERED, 35)], act=NOW)
    assert state_of(order_id) == "delivered"
    assert queries.acceptances([order_id])[order_id].state is Answer.ASKED
    assert at_hand(order_id) == ["confirm_acceptance"]


@pytest.mark.clause("CLO-2")
def test_what_the_customer_said_and_what_is_closed_stands_and_customer_service_looks_into_it() -> None:
    said_so = delivered()
    commands.accept([said_so], act=ADA)
    closed = silent()
    ordering.close([closed], act=NOW)
    for order_id, state, how in ((said_so, "completed", Answer.ACCEPTED), (closed, "closed", Answer.SILENT)):
        before = at_hand(order_id)
        taken_back(order_id)
        assert (state_of(order_id), queries.acceptances([order_id])[order_id].state) == (state, how)
        assert at_hand(order_id) == sorted([*before, "check_delivery"])
        (check,) = (duty for duty in duties.duties_of(order_id) if duty.kind == "check_delivery")
        assert check.role == "customer_service"


def test_a_dispute_stops_the_clock_and_its_words_stay_out_of_the_facts() -> None:
    order_id = delivered()
    commands.dispute([Dispute(order_id=order_id, what="the kettle is dented")], act=ADA)
    assert commands.accept_silent(act=clock(hour(5000))) == 0
    assert queries.acceptances([order_id])[order_id].dispute == "the kettle is dented"
    assert "dented" not in str([entry.data for entry in journal.story(order_id)])
    commands.accept([order_id], act=NOW)
    assert state_of(order_id) == "completed"


def test_a_corrected_delivery_withdraws_the_question_and_the_true_one_asks_again() -> None:
    (parcel,) = shipped()
    tracking.record_events([said(parcel, Kind.OUT_FOR_DELIVERY, 24), said(parcel, Kind.DELIVERED, 30)], act=NOW)
    wrong = timelines.timeline(parcel.order_id)[parcel.id][-1]
    tracking.record_events([said(parcel, Kind.WITHDRAWN, 31, corrects=wrong.id)], act=NOW)
    assert queries.acceptances([parcel.order_id])[parcel.order_id].state is Answer.WITHDRAWN
    with pytest.raises(Refused) as caught:
        commands.accept([parcel.order_id], act=ADA)
    assert caught.value.refusals[0].code == "not_asked"
    tracking.record_events([said(parcel, Kind.DELIVERED, 35)], act=NOW)
    assert queries.acceptances([parcel.order_id])[parcel.order_id].state is Answer.ASKED


def test_what_was_not_delivered_cannot_be_accepted_and_what_was_accepted_not_disputed() -> None:
    (parcel,) = shipped()
    order_id = delivered()
    commands.accept([order_id], act=ADA)
    for verb, code in (
        (lambda: commands.accept([parcel.order_id], act=ADA), "not_asked"),
        (lambda: commands.dispute([Dispute(order_id=order_id, what="late regret")], act=ADA), "already_accepted"),
    ):
        with pytest.raises(Refused) as caught:
            verb()
        assert caught.value.refusals[0].code == code


def test_an_empty_dispute_is_refused() -> None:
    with pytest.raises(Refused, match="not said"):
        commands.dispute([Dispute(order_id=delivered(), what="  ")], act=ADA)


@pytest.mark.clause("CLO-1")
@pytest.mark.clause("KPI-3")
def test_every_review_of_an_order_is_kept() -> None:
    order_id = delivered()
    commands.rate([Rating(order_id=order_id, rating=2, comment="late")], act=ADA)
    commands.rate([Rating(order_id=order_id, rating=5, given_at=hour(50))], act=ADA)
    assert [(f.rating, f.comment) for f in queries.feedback_of([order_id])[order_id]] == [(2, "late"), (5, "")]
    assert [f.rating for f in queries.newest_feedback()] == [5, 2]
    assert "late" not in str([entry.data for entry in journal.story(order_id) if entry.kind == "FeedbackGiven"])


def test_a_rating_outside_one_to_five_or_of_no_order_is_refused_and_nothing_of_the_batch_is_kept() -> None:
    order_id = delivered()
    ratings = [Rating(order_id=order_id, rating=r) for r in (3, 0, 6)]
    with pytest.raises(Refused) as caught:
        commands.rate([*ratings, Rating(order_id=999_999, rating=3)], act=ADA)
    assert [(r.index, r.code) for r in caught.value.refusals] == [
        (1, "bad_rating"),
        (2, "bad_rating"),
        (3, "unknown_order"),
    ]
    assert queries.feedback_of([order_id]) == {}


def test_history_stays_history_to_its_end() -> None:
    past = cast.SHOP.in_the_past(hour(0))
    (parcel,) = shipped()
    tracking.record_events([said(parcel, Kind.DELIVERED, 30)], act=replace(past, recorded_at=hour(40)))
    commands.accept_silent(act=clock(hour(5000)))
    commands.close_due(act=clock(hour(9000)))
    ends = [entry for entry in journal.story(parcel.order_id) if entry.kind in ("OrderAccepted", "OrderClosed")]
    assert [entry.kind for entry in ends] == ["OrderAccepted", "OrderClosed"]
