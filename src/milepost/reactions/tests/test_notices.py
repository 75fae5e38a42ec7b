"""The communication matrix applied: who hears of what, or why not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.duties import queries as duties
from milepost.ground.notices import queries
from milepost.ground.notices.words import NoticeCard, Reason, State
from milepost.way.orders import commands as orders
from milepost.way.orders.words import HoldKind, WantedHold
from tests.cast import ADA, MONDAY, OMAR, SHOP, draft, ordered, stocked

pytestmark = pytest.mark.django_db
NO_EMAIL = replace(ADA, email="", external_ref="C-9")
NOWHERE = replace(NO_EMAIL, phone="")


def told(order_id: int) -> dict[tuple[str, str], NoticeCard]:
    return {(card.template, card.recipient_key.partition(":")[0]): card for card in queries.notices_of(order_id)}


@pytest.mark.clause("ACK-1")
@pytest.mark.clause("ACK-3")
def test_an_order_tells_its_customer_twice_and_its_stakeholders_once():
    stocked()
    (order_id,) = ordered()
    cards = told(order_id)
    assert set(cards) == {("receipt_note", "customer"), ("acknowledgement", "customer"), ("acknowledgement", "role")}
    assert cards["receipt_note", "customer"].state == State.PLANNED
    assert cards["acknowledgement", "role"].recipient_key == "role:order_management"
    assert cards["acknowledgement", "role"].state == State.SENT


def test_a_held_order_is_told_as_received_and_to_the_role_that_settles_the_hold():
    stocked()
    (order_id,) = ordered(draft(payment_reference="P-1", payment_pending=True))
    orders.hold(
        [WantedHold(order_id=order_id, kind=HoldKind.MANUAL, reason="Ada asked", role="customer_service")], act=OMAR
    )
    assert ("hold_notice", "role") in told(order_id)
    assert [card.order_id for card in queries.in_app(["customer_service"]) if card.template == "hold_notice"] == [
        order_id
    ]


@pytest.mark.clause("STK-2")
def test_a_line_out_of_stock_is_told_to_the_customer():
    stocked(1)
    (order_id,) = ordered()
    assert told(order_id)["backorder_notice", "customer"].state == State.PLANNED


def test_history_is_told_to_nobody_and_each_notice_says_so():
    stocked()
    (order_id,) = ordered(act=SHOP.in_the_past(MONDAY - timedelta(days=400)))
    orders.cancel([order_id], reason_code="customer_request", act=SHOP)
    cards = told(order_id)
    assert ("cancellation", "customer") in cards
    assert {card.state for card in cards.values()} == {State.SUPPRESSED}
    assert {card.reason for card in cards.values()} == {Reason.HISTORY}


def test_a_customer_without_email_is_reached_by_people():
    stocked()
    (order_id,) = ordered(draft(customer=NOWHERE))
    card = told(order_id)["receipt_note", "customer"]
    assert (card.state, card.reason) == (State.SUPPRESSED, Reason.NO_ADDRESS)
    assert "retry_notice" in {duty.kind for duty in duties.duties_of(order_id)}


def test_planning_costs_one_statement_a_fact_and_asks_for_nobody_twice():
    stocked()
    with CaptureQueriesContext(connection) as asked:
        ordered(*[draft(external_ref=f"E-{number}") for number in range(20)])
    planning = [q["sql"] for q in asked if "notices_notice" in q["sql"]]
    contacts = [q["sql"] for q in asked if "contact_name" in q["sql"] and q["sql"].startswith("SELECT")]
    assert len(planning) == 2
    assert contacts == []
