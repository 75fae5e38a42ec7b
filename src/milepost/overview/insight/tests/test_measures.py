"""The measures, on a handful of orders whose figures can be counted by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.acts import Act
from milepost.overview.insight.measures import measures
from milepost.overview.insight.words import Period, Ratings, share
from milepost.way.closeout import commands as closeout
from milepost.way.closeout.words import Rating
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import Shipping
from milepost.way.intake import commands as intake
from milepost.way.intake.words import Address, Draft, Incoming, LineDraft, StatedPromise
from milepost.way.orders import commands as orders
from milepost.way.promising import commands as promising
from milepost.way.promising.words import Basis, Cause, Revision
from milepost.way.stock import commands as stock
from milepost.way.stock.words import StockReceipt
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind

ZONE = "America/Sao_Paulo"
RECEIVED = datetime(2018, 3, 1, 12, tzinfo=UTC)
PROMISED_ON = date(2018, 3, 10)
MIDNIGHT = datetime(2018, 3, 10, 3, tzinfo=UTC)
"""The first instant of the promised day at the recipient's place, as shops with a date at 00:00 mean it."""


def act(at: datetime = RECEIVED) -> Act:
    return Act.now("system:test", channel="api", now=datetime.now(UTC)).in_the_past(at)


@pytest.fixture
def tea(db: None) -> str:
    (item_id,) = catalog.list_items(
        [ItemDraft(code="TEA", name="Tea", unit="pc", price=Decimal(10), currency="EUR")], act=act()
    )
    stock.receive_stock([StockReceipt(item_id=item_id, location="MAIN", quantity=Decimal(1000))], act=act())
    return "TEA"


def place(code: str, *, at: datetime = RECEIVED) -> int:
    draft = Draft(
        customer=CustomerDraft(name="Bruno Keller", email="bruno@keller.example"),
        ship_to=Address(name="Bruno Keller", street="Rua 1", city="São Paulo", region="SP", postal_code="01310-100", country="BR"),
        lines=(LineDraft(code=code, quantity=Decimal(1)),), currency="EUR", zone=ZONE,
        promised=StatedPromise(latest_on=PROMISED_ON, latest_at=MIDNIGHT),
    )  # fmt: skip
    (receipt,) = intake.receive([Incoming(draft=draft, raw=b"{}")], act=act(at))
    assert not receipt.refusals
    return receipt.order_id


def deliver(order_id: int, at: datetime) -> None:
    (shipment_id,) = fulfilment.ship([Shipping(order_id=order_id)], act=act(RECEIVED + timedelta(days=1)))
    from milepost.way.fulfilment import queries

    (parcel,) = queries.shipment(shipment_id).parcels
    tracking.record_events([EventDraft(kind=Kind.DELIVERED, happened_at=at, parcel_id=parcel.id)], act=act(at))


def rate(order_id: int, rating: int) -> None:
    closeout.rate([Rating(order_id=order_id, rating=rating)], act=act())


@pytest.mark.clause("KPI-2")
def test_late_to_the_second_and_late_by_the_recipients_day_are_two_counts(tea):
    for delivered_at in (
        MIDNIGHT - timedelta(seconds=1),  # in time by both
        MIDNIGHT + timedelta(hours=20),  # late to the second, on the promised day in São Paulo (and a day later in UTC)
        MIDNIGHT + timedelta(days=1),  # late by both
    ):
        deliver(place(tea), delivered_at)
    place(tea)
    found = measures(Period())
    assert (found.first_promise.measured, found.first_promise.late, found.first_promise.late_by_day) == (3, 2, 1)
    assert (found.first_promise.rate, found.first_promise.rate_by_day) == (0.333333, 0.666667)
    assert found.delivered == 3


@pytest.mark.clause("KPI-2")
def test_the_first_and_the_last_promise_are_measured_apart(tea):
    order_id = place(tea)
    new = Revision(order_id=order_id, latest_on=date(2018, 3, 20), cause=Cause.WEATHER, basis=Basis.CARRIER)
    promising.revise([new], act=act())
    deliver(order_id, datetime(2018, 3, 15, tzinfo=UTC))
    found = measures(Period())
    assert (found.first_promise.late, found.last_promise.late) == (1, 0)
    assert (found.first_promise.late_by_day, found.last_promise.late_by_day) == (1, 0)


@pytest.mark.clause("KPI-3")
def test_every_rating_counts_once_and_by_what_became_of_the_order(tea):
    early, late, never = place(tea), place(tea), place(tea)
    deliver(early, MIDNIGHT - timedelta(days=1))
    deliver(late, MIDNIGHT + timedelta(days=2))
    for order_id, rating in ((early, 5), (early, 4), (late, 2), (never, 1)):
        rate(order_id, rating)
    found = measures(Period())
    assert (found.ratings.count, found.ratings.mean) == (4, 3.0)
    assert (found.ratings_on_time.mean, found.ratings_late.mean, found.ratings_not_delivered.mean) == (4.5, 2.0, 1.0)
    assert (found.orders_rated, found.orders_rated_more_than_once) == (3, 1)


@pytest.mark.clause("KPI-1")
def test_an_order_that_is_disputed_was_not_processed_without_errors(tea):
    from milepost.way.closeout.words import Dispute

    fine, wrong = place(tea), place(tea)
    for order_id in (fine, wrong):
        deliver(order_id, MIDNIGHT - timedelta(days=1))
    closeout.dispute([Dispute(order_id=wrong, what="a cup is broken")], act=act(MIDNIGHT))
    found = measures(Period())
    assert (found.accurate, found.delivered, found.accuracy) == (1, 2, 0.5)


def test_states_are_counted_and_a_period_takes_its_start_but_not_its_end(tea):
    first, second = place(tea), place(tea, at=RECEIVED + timedelta(days=1))
    orders.cancel([second], reason_code="customer_request", act=act(RECEIVED + timedelta(days=2)))
    assert (measures(Period()).orders, measures(Period()).cancelled) == (2, 1)
    day = Period(RECEIVED, RECEIVED + timedelta(days=1))
    assert (measures(day).orders, measures(day).cancelled) == (1, 0)
    assert first != second


@pytest.mark.clause("ACK-2")
def test_time_to_acknowledge_is_measured_and_what_still_waits_past_a_day_counts_as_missed(tea):
    from tests import cast

    cast.stocked()
    placed = cast.ordered(*(cast.draft(po_number=f"PO-{number}") for number in range(6)))
    for order_id, hours in zip(placed, (1, 2, 3, 20, 30), strict=False):
        orders.acknowledge([order_id], act=Act.now("staff:1", channel="desk", now=cast.MONDAY + timedelta(hours=hours)))
    before = measures(Period(), now=cast.MONDAY + timedelta(hours=24))
    assert (before.acknowledgement_overdue, before.acknowledged_rate) == (0, 0.8)
    found = measures(Period(), now=cast.MONDAY + timedelta(hours=25))
    assert (found.acknowledged.count, found.acknowledged.median_hours, found.acknowledged_p95_hours) == (5, 3.0, 28.0)
    assert (found.acknowledged_in_time, found.acknowledgement_overdue, found.acknowledged_rate) == (4, 1, 0.666667)
    orders.cancel([placed[5]], reason_code="customer", act=Act.now("staff:1", channel="desk", now=cast.MONDAY))
    assert measures(Period(), now=cast.MONDAY + timedelta(hours=25)).acknowledgement_overdue == 0


@pytest.mark.django_db
def test_of_nothing_nothing_is_claimed():
    found = measures(Period())
    assert (found.orders, found.accuracy, found.first_promise.rate, found.ratings.mean) == (0, None, None, None)
    assert found.acknowledged.mean_hours is None


def test_a_mean_has_four_decimals_and_a_share_six():
    assert Ratings({1: 553, 2: 165, 3: 404, 4: 982, 5: 2875}).mean == 4.0968
    assert share(4850 - 385, 4850) == 0.920619
