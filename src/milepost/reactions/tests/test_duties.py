"""From desk to desk: at every stage of its way an order is somebody's duty."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from milepost.ground.duties import queries
from milepost.ground.duties.models import Duty
from milepost.ground.procedures import defaults
from milepost.ground.procedures.facts import ProcedureInForce
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact
from milepost.reactions import duties
from milepost.way.cases.facts import DelayFound, DelayResolved, ExceptionFound, ExceptionSettled
from milepost.way.closeout.facts import AcceptanceAsked, OrderAccepted, OrderDisputed
from milepost.way.fulfilment.facts import OrderPicked, OrderReleased, ShipmentCancelled, ShipmentPacked, ShipmentShipped
from milepost.way.intake.facts import OrderReceived
from milepost.way.orders.facts import (
    HoldReleased,
    OrderAcknowledged,
    OrderCancelled,
    OrderClosed,
    OrderCompleted,
    OrderDelivered,
    OrderHeld,
    OrderInTransit,
)
from milepost.way.promising.facts import PromiseRevised
from milepost.way.promising.words import PromiseCard, Standing
from milepost.way.stock.facts import BackordersFilled, LinesBackordered
from milepost.way.tracking.facts import UnknownCodeSeen

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ACT = Act.now("system:test", channel="test", now=NOW)
ONE, TWO, CASE, HOLD = (UUID(int=number) for number in range(1, 5))
PROMISED = NOW + timedelta(days=4)


@pytest.fixture(autouse=True)
def _world(monkeypatch):
    """Empty desks, and every order promised for the same time."""
    Duty.objects.all().delete()
    promise = PromiseCard(
        id=ONE, order_id=7, sequence=1, earliest_on=PROMISED.date(), latest_on=PROMISED.date(), latest_at=PROMISED,
        basis="stock", cause="", explanation="", made_at=NOW,
    )  # fmt: skip
    monkeypatch.setattr(
        "milepost.way.promising.queries.standing", lambda ids: dict.fromkeys(ids, Standing(promise, promise))
    )


def happens(*facts: Fact, act: Act = ACT) -> None:
    for fact in facts:
        for handler in duties.FOLLOWS[type(fact)]:
            handler([fact], act)


def at_hand(order_id: int = 7) -> list[str]:
    return sorted(card.kind for card in queries.duties_of(order_id) if card.is_open)


def packed(shipment_id: int, *, complete: bool) -> ShipmentPacked:
    return ShipmentPacked(order_id=7, shipment_id=shipment_id, number=shipment_id, parcels=1, complete=complete)


def shipped(shipment_id: int, *, complete: bool) -> ShipmentShipped:
    return ShipmentShipped(
        order_id=7, shipment_id=shipment_id, number=shipment_id, carrier="dhl", service="standard", parcel_ids=(1,),
        tracking_numbers=("X1",), complete=complete,
    )  # fmt: skip


RECEIVED = OrderReceived(order_id=7, reference="M7K-3Q9-XD2", request_id=ONE, digest="")
DELIVERED = OrderDelivered(order_id=7, was="in_transit", delivered_at=NOW)


@pytest.mark.clause("HND-1")
@pytest.mark.clause("TRK-5")
def test_from_receipt_to_close_an_order_always_has_its_next_step():
    way: list[tuple[tuple[Fact, ...], list[str]]] = [
        ((RECEIVED,), ["acknowledge"]),
        ((OrderReleased(order_id=7),), ["acknowledge", "pick"]),
        ((OrderAcknowledged(order_id=7, minutes_after_receipt=3),), ["pick"]),
        ((OrderPicked(order_id=7),), ["pack"]),
        ((packed(1, complete=True),), ["ship"]),
        ((shipped(1, complete=True),), ["watch_delivery"]),
        ((OrderInTransit(order_id=7, was="shipped"),), ["watch_delivery"]),
        ((DELIVERED,), ["confirm_acceptance"]),
        ((AcceptanceAsked(order_id=7, due_at=NOW + timedelta(days=7)),), ["confirm_acceptance"]),
        ((OrderAccepted(order_id=7, how="customer"), OrderCompleted(order_id=7)), ["close"]),
        ((OrderClosed(order_id=7),), []),
    ]
    for facts, expected in way:
        happens(*facts)
        assert at_hand() == expected
    assert all(card.outcome for card in queries.duties_of(7))


@pytest.mark.clause("HND-1")
def test_each_step_lies_on_the_desk_of_the_role_that_does_it():
    happens(RECEIVED, OrderReleased(order_id=7), OrderPicked(order_id=7), packed(1, complete=True))
    desks = {card.kind: card.role for card in queries.duties_of(7)}
    assert desks == {"acknowledge": "customer_service", "pick": "fulfilment", "pack": "fulfilment", "ship": "logistics"}


@pytest.mark.clause("VER-3")
def test_each_hold_is_a_duty_of_its_own_role_until_it_is_released():
    address = OrderHeld(order_id=7, hold_id=HOLD, kind="address", role="customer_service", blocking=True)
    price = OrderHeld(order_id=7, hold_id=CASE, kind="price", role="order_management", blocking=True)
    happens(RECEIVED, address, price)
    assert at_hand() == ["acknowledge", "settle_hold", "settle_hold"]
    happens(HoldReleased(order_id=7, hold_id=HOLD, kind="address", blocking_left=1))
    assert at_hand() == ["acknowledge", "settle_hold"]
    (left,) = (card for card in queries.duties_of(7) if card.is_open and card.kind == "settle_hold")
    assert (left.role, left.data) == ("order_management", {"hold": "price"})


def test_an_order_that_leaves_in_two_shipments_has_both_its_packing_and_its_shipping_at_hand():
    happens(OrderReleased(order_id=7), OrderPicked(order_id=7), packed(1, complete=False))
    assert at_hand() == ["pack", "ship"]
    happens(shipped(1, complete=False))
    assert at_hand() == ["pack", "watch_delivery"]
    happens(packed(2, complete=True))
    assert at_hand() == ["ship", "watch_delivery"]
    happens(shipped(2, complete=True))
    assert at_hand() == ["watch_delivery"]


def test_a_shipment_that_is_taken_apart_is_to_be_packed_again():
    happens(OrderPicked(order_id=7), packed(1, complete=True), ShipmentCancelled(order_id=7, shipment_id=1, number=1))
    assert at_hand() == ["pack"]


@pytest.mark.clause("FUP-1")
def test_a_delivery_is_watched_until_the_promise_and_a_new_promise_moves_the_time():
    happens(shipped(1, complete=True))
    (watch,) = queries.duties_of(7)
    assert watch.due_at == PROMISED
    happens(PromiseRevised(
        order_id=7, promise_id=TWO, earliest_on=date(2026, 3, 9), latest_on=date(2026, 3, 9), was_latest_on=date(2026, 3, 6),
        latest_at=PROMISED + timedelta(days=3), cause="weather", basis="carrier",
    ))  # fmt: skip
    (watch,) = queries.duties_of(7)
    assert watch.due_at == PROMISED + timedelta(days=3)


def test_what_was_not_delivered_after_all_is_watched_again():
    happens(shipped(1, complete=True), DELIVERED, OrderInTransit(order_id=7, was="delivered"))
    assert at_hand() == ["watch_delivery"]
    happens(OrderInTransit(order_id=8, was="shipped"))
    assert at_hand(8) == [], "only a correction opens anything"


@pytest.mark.clause("CLO-2")
def test_acceptance_is_due_on_the_day_that_the_customer_was_told():
    happens(DELIVERED)
    (duty,) = queries.duties_of(7)
    assert duty.due_at == NOW + timedelta(days=defaults.book().closing.acceptance_days)
    happens(AcceptanceAsked(order_id=7, due_at=NOW + timedelta(days=3)))
    (duty,) = queries.duties_of(7)
    assert duty.due_at == NOW + timedelta(days=3)


@pytest.mark.clause("CLO-2")
def test_a_dispute_stops_the_clock_of_silence_and_becomes_a_duty():
    happens(DELIVERED, OrderDisputed(order_id=7))
    assert at_hand() == ["settle_dispute"]
    happens(OrderAccepted(order_id=7, how="staff"), OrderCompleted(order_id=7))
    assert at_hand() == ["close"]


@pytest.mark.clause("EXC-1")
def test_delays_backorders_and_exceptions_are_duties_for_as_long_as_they_last():
    delay = DelayFound(
        order_id=7,
        case_id=CASE,
        cause="weather",
        due_was=date(2026, 3, 6),
        new_latest_on=date(2026, 3, 9),
        found_by="clock",
    )
    happens(
        LinesBackordered(order_id=7, lines=()),
        delay,
        ExceptionFound(order_id=7, case_id=CASE, kind="lost", cause="carrier"),
    )
    assert at_hand() == ["resolve_delay", "resolve_exception", "restock"]
    happens(BackordersFilled(order_id=7, complete=False))
    assert "restock" in at_hand()
    happens(
        BackordersFilled(order_id=7, complete=True),
        DelayResolved(order_id=7, case_id=CASE, outcome="delivered", due_was=date(2026, 3, 6), open_minutes=9),
        ExceptionSettled(order_id=7, case_id=CASE, kind="lost", outcome="found"),
    )
    assert at_hand() == []


def test_a_cancelled_order_is_nobodys_duty_any_more():
    happens(RECEIVED, OrderPicked(order_id=7), packed(1, complete=False), LinesBackordered(order_id=7, lines=()))
    happens(OrderCancelled(order_id=7, was="packed", reason_code="customer"))
    assert at_hand() == []


@pytest.mark.clause("OPS-1")
def test_an_unknown_word_of_a_carrier_is_one_duty_for_it_however_often_it_comes():
    for order_id in (7, 8):
        happens(UnknownCodeSeen(order_id=order_id, parcel_id=1, source="easypost", code="teleported"))
    (duty,) = queries.open_duties(["it_support"])
    assert (duty.kind, duty.order_id, duty.subject_id) == ("it_repair", None, "easypost:teleported")
    assert at_hand() == []


@pytest.mark.clause("REV-1")
def test_a_procedure_in_force_comes_back_for_review_and_its_successor_takes_its_place():
    def in_force(number: int, replaces: int | None, day: date) -> ProcedureInForce:
        return ProcedureInForce(
            document_id=number,
            kind_of_document="clocks",
            name="default",
            version=number,
            review_due_on=day,
            replaces=replaces,
        )

    happens(in_force(1, None, date(2027, 3, 2)))
    (review,) = queries.open_duties(["management"])
    assert (review.kind, review.due_at.date()) == ("review_procedure", date(2027, 3, 2))
    happens(in_force(2, 1, date(2027, 6, 1)))
    (review,) = queries.open_duties(["management"])
    assert review.subject_id == "2"


def test_every_handler_is_named_for_a_fact_and_every_duty_it_opens_has_a_clock():
    clocks = defaults.book().clocks
    assert {
        "acknowledge",
        "settle_hold",
        "restock",
        "pick",
        "pack",
        "ship",
        "watch_delivery",
        "resolve_delay",
        "close",
    } <= set(clocks)
    assert all(handlers for handlers in duties.FOLLOWS.values())
