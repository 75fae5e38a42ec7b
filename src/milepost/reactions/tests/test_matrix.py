"""The shipped matrix against the tables of the procedures, and whom each audience means."""

from dataclasses import replace
from datetime import timedelta

import pytest

from milepost.ground.notices import queries
from milepost.ground.notices.words import NoticeCard, Reason, State
from milepost.ground.procedures import defaults
from milepost.ground.procedures.words import OUTSIDE, MatrixRow
from milepost.kernel.facts import kinds
from milepost.reactions import notices
from milepost.reactions.people import contact_key
from milepost.way.cases import commands as cases
from milepost.way.cases.words import DelayDraft
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import Packing, Shipping
from milepost.way.intake.words import Contact, ContactKind
from milepost.way.orders import commands as orders
from tests.cast import ADA, MONDAY, OMAR, SHOP, draft, ordered, stocked

pytestmark = pytest.mark.django_db
GRETA = Contact(
    kind=ContactKind.RECIPIENT, name="Greta Lind", email="greta@lind.example", phone="+46 8 1234567", language="de"
)
SITE = Contact(kind=ContactKind.STAKEHOLDER, name="Site office", email="site@okafor.example")
ADA_AGAIN = Contact(kind=ContactKind.RECIPIENT, name="Ada Okafor", email="Ada@Okafor.example", phone=ADA.phone)

E_MAIL_OR_SMS = ("email", "sms")
SOP_TABLES = (
    # fact, audience, the methods that the table names, template; B 5 and D 5 first, then C 4.1, C 4.4, A 3.6.2
    ("OrderReceived", "customer", E_MAIL_OR_SMS, "receipt_note"),
    ("OrderConfirmed", "customer", E_MAIL_OR_SMS, "acknowledgement"),
    ("ShipmentShipped", "customer", E_MAIL_OR_SMS, "shipment_notice"),
    ("OrderInTransit", "customer", ("portal",), "in_transit"),
    ("OrderInTransit", "logistics", ("in_app",), "in_transit"),
    ("OrderInTransit", "customer_service", ("in_app",), "in_transit"),
    ("DelayFound", "customer", ("email", "phone"), "delay_notice"),
    ("DelayFound", "management", ("in_app",), "delay_notice"),
    ("ExceptionFound", "customer", ("email", "phone"), "exception_notice"),
    ("ExceptionFound", "management", ("in_app",), "exception_notice"),
    ("OrderDelivered", "customer", E_MAIL_OR_SMS, "delivery_confirmation"),
    ("OrderConfirmed", "stakeholders", ("email",), "stakeholder_confirmation"),
    ("DelayFound", "stakeholders", ("email",), "delay_notice"),
    ("DelayFound", "customer_service", ("in_app",), "delay_notice"),
    ("DelayFound", "procurement", ("in_app",), "delay_notice"),
    ("DutyEscalated", "responsible", ("in_app",), "escalation"),
    ("OrderOutForDelivery", "customer", E_MAIL_OR_SMS, "out_for_delivery"),
    ("QuestionsAsked", "customer", ("email",), "questions"),
    ("LinesBackordered", "customer", ("email",), "backorder_notice"),
    ("OrderAmended", "customer", ("email",), "amended_order"),
)


def told(order_id: int, audience: str) -> dict[str, NoticeCard]:
    return {card.template: card for card in queries.notices_of(order_id) if card.audience == audience}


@pytest.mark.clause("NTF-1")
@pytest.mark.clause("NTF-2")
@pytest.mark.parametrize(("fact", "audience", "methods", "template"), SOP_TABLES)
def test_each_row_of_the_procedures_tables_stands_in_the_shipped_matrix(fact, audience, methods, template):
    rows = [row for row in defaults.book().rows_for(fact) if (row.audience, row.template) == (audience, template)]
    in_order = [tuple(channel for channel in row.channels if channel in methods) for row in rows]
    assert methods in in_order


def test_every_fact_that_the_matrix_names_exists_and_is_told():
    told_kinds = {kind.__name__ for kind in notices.TOLD}
    for row in defaults.book().matrix:
        assert row.fact in kinds()
        assert row.fact in told_kinds
        assert set(row.when) <= set(kinds()[row.fact].__dataclass_fields__)


def test_everybody_outside_who_is_never_reached_on_a_channel_of_the_house():
    rows: list[MatrixRow] = [row for row in defaults.book().matrix if row.audience in OUTSIDE]
    assert not any({"in_app", "staff_alert"} & set(row.channels) for row in rows)


@pytest.mark.clause("NTF-1")
def test_the_recipient_and_stakeholders_of_an_order_hear_of_it_in_their_own_language():
    stocked()
    (order_id,) = ordered(draft(contacts=(GRETA, SITE)))
    assert told(order_id, "stakeholders")["stakeholder_confirmation"].recipient_key == contact_key(SITE)
    assert told(order_id, "recipient") == {}
    ship(order_id)
    card = told(order_id, "recipient")["shipment_notice"]
    assert (card.recipient_key, card.channel, card.state) == (contact_key(GRETA), "email", State.PLANNED)
    later = (MONDAY + timedelta(days=9)).date()
    cases.report_delays([DelayDraft(order_id=order_id, cause="weather", new_latest_on=later)], act=OMAR)
    for audience in ("recipient", "stakeholders", "customer", "management", "procurement", "customer_service"):
        assert "delay_notice" in told(order_id, audience)


def ship(order_id: int) -> None:
    fulfilment.pick([order_id], act=OMAR)
    fulfilment.pack([Packing(order_id=order_id)], act=OMAR)
    fulfilment.ship([Shipping(order_id=order_id)], act=OMAR)


def test_a_recipient_with_the_addresses_of_the_customer_is_nobody_else():
    stocked()
    (order_id,) = ordered(draft(contacts=(ADA_AGAIN,)))
    ship(order_id)
    assert told(order_id, "recipient") == {}
    assert "shipment_notice" in told(order_id, "customer")


def test_no_key_tells_an_address_and_the_same_person_has_the_same_key_on_every_order():
    assert "greta" not in contact_key(GRETA)
    assert contact_key(GRETA) == contact_key(replace(GRETA, name="G. Lind", email=" GRETA@lind.example "))
    assert contact_key(GRETA) != contact_key(SITE)


@pytest.mark.clause("NTF-2")
def test_without_an_email_address_the_next_channel_is_taken_and_the_trace_says_why(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(notices, "SERVED", frozenset({"email", "sms", "in_app", "portal"}))
    stocked()
    (order_id,) = ordered(draft(customer=replace(ADA, email="", external_ref="C-9")))
    card = told(order_id, "customer")["receipt_note"]
    assert (card.channel, card.state) == ("sms", State.PLANNED)
    assert "By sms, the next way that the matrix names: email leads nowhere, because no address is known." in card.trace


def test_a_contact_without_any_address_is_reached_by_people():
    stocked()
    nowhere = Contact(kind=ContactKind.STAKEHOLDER, name="Nobody")
    (order_id,) = ordered(draft(contacts=(nowhere, replace(SITE, email="", phone="+49 30 1"))))
    cards = [card for card in queries.notices_of(order_id) if card.audience == "stakeholders"]
    assert len(cards) == 1, "one who cannot be told from nobody hears nothing"
    assert cards[0].state in (State.PLANNED, State.SUPPRESSED)


@pytest.mark.clause("NTF-5")
def test_a_cancellation_is_told_to_stakeholders_and_history_to_nobody():
    stocked()
    (order_id,) = ordered(draft(contacts=(SITE,)), act=SHOP.in_the_past(MONDAY - timedelta(days=400)))
    orders.cancel([order_id], reason_code="customer_request", act=SHOP)
    card = told(order_id, "stakeholders")["cancellation"]
    assert (card.state, card.reason) == (State.SUPPRESSED, Reason.HISTORY)
    assert any("nobody is told about history" in step for step in card.trace)
