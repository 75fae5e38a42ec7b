"""Verbs of orders on real PostgreSQL."""

from datetime import timedelta

import pytest

from milepost.ground.journal import queries as journal
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.way.orders import commands, queries
from milepost.way.orders.words import HoldKind, Search, State, WantedHold
from tests import cast

pytestmark = pytest.mark.django_db

LATER = Act.now("staff:2", channel="desk", now=cast.MONDAY + timedelta(hours=5))


def kinds(order_id: int) -> list[str]:
    return [told.kind for told in journal.story(order_id)]


def refusal(error: pytest.ExceptionInfo[Refused]) -> tuple[str, int]:
    return error.value.refusals[0].code, error.value.status


@pytest.mark.clause("VER-4")
@pytest.mark.clause("ACK-3")
def test_a_verified_order_with_its_date_is_confirmed_at_once() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    assert queries.states([order_id]) == {order_id: State.CONFIRMED}
    assert kinds(order_id)[:7] == [
        "OrderReceived", "OrderVerified", "OrderPlaced", "StockAllocated", "PromiseMade", "OrderReviewed",
        "OrderConfirmed",
    ]  # fmt: skip


@pytest.mark.clause("REC-3")
def test_an_order_keeps_exactly_what_was_agreed() -> None:
    cast.stocked()
    (order_id,) = cast.ordered(cast.draft(instructions="Ring twice", po_number="PO-77", payment_reference="pi_1"))
    card = queries.card(order_id)
    assert card is not None
    assert [(line.code, line.quantity, str(line.unit_price)) for line in card.lines] == [
        ("KETTLE-1", 1, "39.9000"), ("MUG-BLUE", 2, "8.5000"),
    ]  # fmt: skip
    assert (card.instructions, card.po_number, card.payment_reference) == ("Ring twice", "PO-77", "pi_1")
    assert str(card.total) == "61.80"
    assert card.ship_to == cast.BERLIN


@pytest.mark.clause("VER-3")
def test_an_order_on_hold_waits_and_is_confirmed_when_the_last_hold_is_released() -> None:
    cast.stocked()
    (order_id,) = cast.ordered(cast.draft(payment_pending=True))
    assert queries.states([order_id]) == {order_id: State.RECEIVED}
    with pytest.raises(Refused) as refused:
        commands.confirm([order_id], act=LATER)
    assert refusal(refused) == ("held", 409)
    commands.hold(
        [WantedHold(order_id=order_id, kind=HoldKind.MANUAL, reason="asked to wait", role="customer_service")],
        act=LATER,
    )
    commands.release([order_id], kind=HoldKind.PAYMENT, outcome="approved", act=LATER)
    assert queries.states([order_id]) == {order_id: State.RECEIVED}
    commands.release([order_id], kind=HoldKind.MANUAL, outcome="customer called", act=LATER)
    assert queries.states([order_id]) == {order_id: State.CONFIRMED}


def test_releasing_a_hold_that_is_not_there_is_refused() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    with pytest.raises(Refused) as refused:
        commands.release([order_id], kind=HoldKind.PAYMENT, outcome="approved", act=LATER)
    assert refusal(refused) == ("no_such_hold", 404)


def test_a_second_hold_of_the_same_kind_is_the_first_one() -> None:
    cast.stocked()
    (order_id,) = cast.ordered(cast.draft(payment_pending=True))
    commands.hold(
        [WantedHold(order_id=order_id, kind=HoldKind.PAYMENT, reason="again", role="customer_service")], act=LATER
    )
    assert len(queries.card(order_id).holds) == 1


@pytest.mark.clause("HND-2")
def test_an_order_follows_its_shipments_forwards_and_back_after_a_correction() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    for stage in (State.SHIPPED, State.DELIVERED, State.IN_TRANSIT, State.DELIVERED):
        commands.follow({order_id: stage}, act=LATER)
        assert queries.states([order_id]) == {order_id: stage}
    commands.complete([order_id], act=LATER)
    commands.follow({order_id: State.IN_TRANSIT}, act=LATER)
    assert queries.states([order_id]) == {order_id: State.COMPLETED}


@pytest.mark.clause("CLO-2")
def test_an_order_is_completed_then_closed_and_never_the_other_way() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    with pytest.raises(Refused) as refused:
        commands.complete([order_id], act=LATER)
    assert refusal(refused) == ("not_now", 409)
    commands.follow({order_id: State.SHIPPED}, act=LATER)
    commands.follow({order_id: State.DELIVERED}, act=LATER)
    commands.complete([order_id], act=LATER)
    commands.close([order_id], act=LATER)
    assert queries.card(order_id).closed_at == LATER.at


def test_cancelling_ends_the_holds_and_a_delivered_order_cannot_be_cancelled() -> None:
    cast.stocked()
    held, done = cast.ordered(cast.draft(payment_pending=True), cast.draft(customer=cast.BRUNO))
    commands.cancel([held], reason_code="customer", act=LATER)
    card = queries.card(held)
    assert (card.state, card.cancel_reason, card.holds[0].outcome) == (State.CANCELLED, "customer", "cancelled")
    commands.follow({done: State.SHIPPED}, act=LATER)
    commands.follow({done: State.DELIVERED}, act=LATER)
    with pytest.raises(Refused):
        commands.cancel([done], reason_code="customer", act=LATER)


def test_orders_are_found_by_reference_however_it_is_typed_and_by_the_shop_s_number() -> None:
    cast.stocked()
    (order_id,) = cast.ordered(cast.draft(external_ref="#1001"))
    reference = queries.card(order_id).reference
    assert queries.find(reference.lower().replace("-", " ")) == order_id
    assert queries.find("#1001") == order_id
    assert queries.find("nothing") is None
    assert queries.find_many([reference, "#1001", "x"]) == {reference: order_id, "#1001": order_id}


def test_pages_of_orders_follow_one_another_without_gap_or_repeat() -> None:
    cast.stocked()
    made = cast.ordered(*(cast.draft(po_number=f"P-{n}") for n in range(5)))
    first = queries.page(Search(), limit=2)
    second = queries.page(Search(), after=(first[-1].received_at, first[-1].id), limit=5)
    assert [card.id for card in (*first, *second)] == sorted(made, reverse=True)
    assert queries.page(Search(text="ada@okafor.example", state="received")) == []
