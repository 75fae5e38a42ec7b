"""One order walks the whole way, from receipt to close-out, with every message that it causes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as messages
from milepost.kernel.acts import Act
from milepost.plugs.senders.mailbox import MailboxSender
from milepost.reactions.letters import compose
from milepost.way.cases import commands as cases
from milepost.way.closeout import commands as closeout
from milepost.way.closeout.words import Rating
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import Packing, Shipping
from milepost.way.orders import queries as orders
from milepost.way.orders.words import State
from milepost.way.promising import queries as promises
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

FEMI = "staff:3"


class Clock:
    """Time passes when the test says so; the worker looks at its outboxes whenever it does."""

    def __init__(self) -> None:
        self.now: datetime = cast.MONDAY

    def act(self, actor: str = FEMI, channel: str = "desk") -> Act:
        return Act.now(actor, channel=channel, now=self.now)

    def passes(self, **time: int) -> None:
        self.now += timedelta(**time)
        self.work()

    def work(self) -> None:
        sender = MailboxSender(
            keep=notices.keep_in_mailbox,
            which=messages.kept_in_mailbox,
            clock=lambda: self.now,
            sent_from="shop@example.org",
        )
        while notices.send_due(now=self.now, sender=sender, compose=compose).total:
            pass


@pytest.fixture
def clock() -> Clock:
    return Clock()


def subjects(order_id: int) -> list[str]:
    return [card.template for card in messages.notices_of(order_id) if card.state == "sent" and card.channel == "email"]


def state(order_id: int) -> str:
    return orders.states([order_id])[order_id]


def open_duties(order_id: int) -> set[str]:
    return {duty.kind for duty in duties.duties_of(order_id) if duty.closed_at is None}


@pytest.fixture
def order_id() -> int:
    cast.stocked()
    return cast.ordered()[0]


@pytest.fixture
def shipped(clock: Clock, order_id: int) -> int:
    clock.work()
    fulfilment.pick([order_id], act=clock.act())
    fulfilment.pack([Packing(order_id=order_id)], act=clock.act())
    fulfilment.ship([Shipping(order_id=order_id)], act=clock.act())
    clock.work()
    return order_id


def scan(order_id: int, kind: Kind, clock: Clock, **said: object) -> None:
    (shipment,) = shipments.shipments_of([order_id])[order_id]
    drafts = [EventDraft(kind=kind, happened_at=clock.now, parcel_id=parcel.id, **said) for parcel in shipment.parcels]
    tracking.record_events(drafts, act=clock.act("carrier:own", "api"))
    clock.work()


@pytest.mark.clause("ACK-1")
@pytest.mark.clause("ACK-2")
@pytest.mark.clause("ACK-3")
@pytest.mark.clause("HND-1")
def test_an_order_is_received_acknowledged_and_on_the_warehouse_s_desk(clock: Clock, order_id: int) -> None:
    assert "acknowledge" in open_duties(order_id)
    clock.work()
    assert subjects(order_id) == ["receipt_note", "acknowledgement"]
    assert orders.card(order_id).acknowledged_at is not None
    assert state(order_id) == State.CONFIRMED
    assert open_duties(order_id) == {"pick"}


@pytest.mark.clause("HND-2")
@pytest.mark.clause("TRK-1")
@pytest.mark.clause("TRK-3")
def test_it_is_picked_packed_and_shipped_with_a_tracking_number_that_the_customer_hears_of(
    clock: Clock, order_id: int
) -> None:
    clock.work()
    fulfilment.pick([order_id], act=clock.act())
    assert (state(order_id), open_duties(order_id)) == (State.PROCESSING, {"pack"})
    fulfilment.pack([Packing(order_id=order_id)], act=clock.act())
    assert (state(order_id), open_duties(order_id)) == (State.PACKED, {"ship"})
    fulfilment.ship([Shipping(order_id=order_id)], act=clock.act())
    clock.passes(minutes=5)
    assert (state(order_id), open_duties(order_id)) == (State.SHIPPED, {"watch_delivery"})
    (shipment,) = shipments.shipments_of([order_id])[order_id]
    letter = messages.letter(next(c.id for c in messages.notices_of(order_id) if c.template == "shipment_notice"))
    assert shipment.parcels[0].tracking_number in letter.text
    assert "/t/" in letter.text


@pytest.mark.clause("HND-2")
@pytest.mark.clause("DEL-4")
@pytest.mark.clause("CLO-1")
@pytest.mark.clause("CLO-2")
@pytest.mark.clause("KPI-3")
def test_it_is_tracked_delivered_rated_accepted_completed_and_closed(clock: Clock, shipped: int) -> None:
    for kind, reached in (
        (Kind.IN_TRANSIT, State.IN_TRANSIT),
        (Kind.OUT_FOR_DELIVERY, State.OUT_FOR_DELIVERY),
        (Kind.DELIVERED, State.DELIVERED),
    ):
        clock.passes(hours=20)
        scan(shipped, kind, clock)
        assert state(shipped) == reached
        assert open_duties(shipped)
    assert subjects(shipped)[-2:] == ["out_for_delivery", "delivery_confirmation"]
    closeout.rate([Rating(order_id=shipped, rating=5, comment="Lovely tea")], act=clock.act("customer", "portal"))
    closeout.accept([shipped], act=clock.act("customer", "portal"))
    assert (state(shipped), open_duties(shipped)) == (State.COMPLETED, {"close"})
    clock.passes(days=60)
    closeout.close_due(act=clock.act("system:clock", "worker"))
    assert (state(shipped), open_duties(shipped)) == (State.CLOSED, set())
    assert list(journal.breaks()) == []


@pytest.mark.clause("EXC-1")
@pytest.mark.clause("EXC-2")
@pytest.mark.clause("EXC-3")
@pytest.mark.clause("FUP-1")
def test_an_order_past_its_promise_is_flagged_its_promise_revised_and_the_customer_told(
    clock: Clock, shipped: int
) -> None:
    promised = promises.standing([shipped])[shipped].now
    clock.now = promised.latest_at - timedelta(hours=1)
    cases.find_delays(act=clock.act("system:clock", "worker"))
    assert not promises.standing([shipped])[shipped].revised
    clock.now = promised.latest_at + timedelta(minutes=1)
    cases.find_delays(act=clock.act("system:clock", "worker"))
    clock.work()
    standing = promises.standing([shipped])[shipped]
    assert standing.now.latest_on > promised.latest_on
    assert standing.now.cause
    assert "resolve_delay" in open_duties(shipped)
    assert subjects(shipped)[-1] == "delay_notice"


@pytest.mark.clause("EXC-2")
def test_a_carrier_s_delay_is_told_with_its_cause_and_ends_with_the_delivery(clock: Clock, shipped: int) -> None:
    from milepost.way.promising.words import Cause

    promised = promises.standing([shipped])[shipped].now
    clock.passes(hours=2)
    scan(shipped, Kind.DELAYED, clock, cause=Cause.WEATHER, estimate_on=promised.latest_on + timedelta(days=3))
    assert promises.standing([shipped])[shipped].now.latest_on == promised.latest_on + timedelta(days=3)
    assert promises.standing([shipped])[shipped].now.cause == Cause.WEATHER
    assert subjects(shipped)[-1] == "delay_notice"
    clock.passes(hours=30)
    scan(shipped, Kind.DELIVERED, clock)
    assert "resolve_delay" not in open_duties(shipped)


def test_history_is_told_to_nobody_and_every_suppressed_notice_says_so() -> None:
    cast.stocked()
    (order_id,) = cast.ordered(act=cast.SHOP.in_the_past(cast.MONDAY - timedelta(days=700)))
    kept: Callable[[], list[tuple[str, str]]] = lambda: [(c.state, c.reason) for c in messages.notices_of(order_id)]  # noqa: E731
    assert kept()
    assert set(kept()) == {("suppressed", "history")}
    assert "acknowledge" not in open_duties(order_id)
    assert open_duties(order_id)
