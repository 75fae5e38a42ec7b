"""Messages are right before they leave: for whom, when, how many, and whether still true; each trace says so in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.duties import queries as duties
from milepost.ground.notices import queries
from milepost.ground.notices.commands import send_due
from milepost.ground.notices.models import Notice
from milepost.ground.notices.tests.acting import ActingSender
from milepost.ground.notices.words import DueNotice, Reason, State
from milepost.ground.parties import commands as parties
from milepost.ground.parties.words import ConsentClass, ConsentDraft, ConsentSource, StopReason
from milepost.ground.procedures.queries import book
from milepost.kernel.acts import Act
from milepost.reactions import notices
from milepost.reactions.letters import compose
from milepost.reactions.tests.telling import EMAIL, SMS, act, card, happens, publish, row, shipped, words_of
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import PackedLine, Packing, ParcelDraft, Shipping
from milepost.way.intake.words import Address, Contact, ContactKind
from milepost.way.orders import queries as read
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.links import ports as link_ports
from milepost.way.tracking.links import queries as link_reads
from milepost.way.tracking.links.commands import note_looks
from milepost.way.tracking.links.words import DueLink, Look, LookedAt
from milepost.way.tracking.words import EventDraft, Kind
from tests.cast import ADA, BRUNO, MONDAY, OMAR, SHOP, draft, ordered, stocked

pytestmark = pytest.mark.django_db
SITE = Contact(kind=ContactKind.STAKEHOLDER, name="Site office", email="site@okafor.example")
NO_EMAIL = replace(ADA, email="", external_ref="C-9")
ANYWHERE = Address(name="Ada Okafor", street="1 Main St", postal_code="", city="", region="", country="US")
NIGHT = datetime(2026, 11, 16, 21, 30, tzinfo=UTC)
"""Half past ten in the evening in Berlin."""


@pytest.fixture
def _sms_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "SERVED", frozenset({"email", "sms", "in_app", "portal"}))


# Hours


@pytest.mark.clause("NTF-1")
@pytest.mark.usefixtures("_sms_is_served")
def test_what_buzzes_waits_for_the_morning_where_they_are_and_says_why():
    stocked()
    (order_id,) = ordered(draft(customer=NO_EMAIL), act=Act.now("key:1", channel="api", now=NIGHT))
    assert SMS.goes(NIGHT).planned_again == 2
    found = card(order_id, "receipt_note")
    assert (found.state, found.due_at) == (State.PLANNED, datetime(2026, 11, 17, 7, tzinfo=UTC))
    assert any("Waits: by sms only within 08:00-20:00 where they are (Europe/Berlin)" in step for step in found.trace)
    assert SMS.goes(datetime(2026, 11, 17, 6, 59, tzinfo=UTC)).total == 0
    assert SMS.goes(datetime(2026, 11, 17, 7, tzinfo=UTC)).sent == 2
    assert Notice.objects.get(id=found.id).failures == 0


def test_an_email_does_not_wait_for_the_morning():
    stocked()
    (order_id,) = ordered(act=Act.now("key:1", channel="api", now=NIGHT))
    EMAIL.goes(NIGHT)
    assert card(order_id, "receipt_note").state == State.SENT


@pytest.mark.usefixtures("_sms_is_served")
def test_of_somebody_who_may_be_in_several_zones_only_the_hours_of_all_of_them_count():
    stocked()
    nobody_knows = replace(NO_EMAIL, zone="")
    (order_id,) = ordered(draft(customer=nobody_knows, ship_to=ANYWHERE, zone=""))
    SMS.goes(datetime(2026, 11, 16, 14, tzinfo=UTC))
    due = card(order_id, "receipt_note").due_at
    assert due is not None
    assert due >= datetime(2026, 11, 16, 16, tzinfo=UTC), "eight in Los Angeles, or later further west"
    assert any("by all of which it is allowed" in step for step in card(order_id, "receipt_note").trace)


@pytest.mark.clause("NTF-1")
def test_the_next_window_of_the_matrix_is_that_of_the_recipient_and_stands_in_the_trace():
    publish("communication_matrix", lambda body: row(body, "OrderReceived").update(timing="next_window"))
    stocked()
    (order_id,) = ordered(act=Act.now("key:1", channel="api", now=NIGHT))
    found = card(order_id, "receipt_note")
    assert found.due_at == datetime(2026, 11, 17, 7, tzinfo=UTC)
    waits = "Waits for the sending hours 08:00-20:00 where the recipient is: Tue 17 Nov 08:00"
    assert any(step.startswith(waits) for step in found.trace)


# Consent


@pytest.mark.clause("NTF-1")
@pytest.mark.usefixtures("_sms_is_served")
def test_an_address_that_is_stopped_gets_nothing_and_the_next_channel_is_taken():
    stocked()
    (order_id,) = ordered()
    parties.stop_channel("email", [ADA.email], reason=StopReason.BOUNCED, act=OMAR)
    EMAIL.goes(MONDAY)
    by_email, by_sms = card(order_id, "receipt_note", channel="email"), card(order_id, "receipt_note", channel="sms")
    assert (by_email.state, by_email.reason) == (State.SUPPRESSED, Reason.STOPPED)
    assert "this address is stopped since 16 Nov 2026: bounced. Told by sms instead." in by_email.trace[-1]
    assert by_sms.state == State.PLANNED
    assert any(step.startswith("By sms instead of email: this address is stopped") for step in by_sms.trace)
    assert SMS.goes(MONDAY + timedelta(minutes=1)).sent == 2


@pytest.mark.usefixtures("_sms_is_served")
def test_who_wants_no_more_of_it_on_a_channel_gets_no_more_there():
    stocked()
    (order_id,) = ordered()
    customer = read.card(order_id)
    assert customer is not None
    no = ConsentDraft(
        customer_id=customer.customer_id, consent_class=ConsentClass.TRANSACTIONAL, channel="email",
        source=ConsentSource.PREFERENCES,
    )  # fmt: skip
    parties.withdraw_consent([no], act=OMAR)
    EMAIL.goes(MONDAY)
    found = card(order_id, "receipt_note", channel="email")
    assert (found.state, found.reason) == (State.SUPPRESSED, Reason.NO_CONSENT)
    assert card(order_id, "receipt_note", channel="sms").state == State.PLANNED
    parties.give_consent([no], act=OMAR)
    (second,) = ordered(draft(external_ref="E-2"))
    EMAIL.goes(MONDAY)
    assert card(second, "receipt_note").state == State.SENT


def test_with_no_channel_left_it_is_withheld_and_says_why(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(notices, "SERVED", frozenset({"email", "in_app", "portal"}))
    stocked()
    (order_id,) = ordered()
    parties.stop_channel("email", [ADA.email], reason=StopReason.COMPLAINED, act=OMAR)
    EMAIL.goes(MONDAY)
    found = card(order_id, "receipt_note")
    assert (found.state, found.reason) == (State.SUPPRESSED, Reason.STOPPED)
    assert "instead" not in found.trace[-1]


# Still true, and fresh


@pytest.mark.clause("NTF-3")
def test_a_contact_who_was_told_of_before_is_told_by_the_address_that_the_order_has_now():
    stocked()
    (order_id,) = ordered(draft(contacts=(SITE,)))
    EMAIL.goes(MONDAY)
    found = card(order_id, "stakeholder_confirmation", "stakeholders")
    assert found.state == State.SENT, found.trace
    letter = queries.letter(found.id)
    assert letter is not None
    assert letter.address == "site@okafor.example"
    assert "Site office" in letter.text
    assert "61.80" not in letter.text, "what it costs is the customer's business"


@pytest.mark.clause("NTF-1")
def test_news_that_is_older_than_the_procedure_allows_is_no_news():
    stocked()
    (order_id,) = ordered()
    shipped(order_id, MONDAY)
    happens(order_id, Kind.OUT_FOR_DELIVERY, MONDAY + timedelta(days=1))
    EMAIL.goes(MONDAY + timedelta(days=1, hours=15))
    found = card(order_id, "out_for_delivery")
    assert (found.state, found.reason) == (State.SUPPRESSED, Reason.STALE)
    assert "older than 14 hours" in found.trace[-1]


def test_the_age_of_news_is_counted_by_the_carriers_time_and_not_from_when_we_heard_of_it():
    stocked()
    (order_id,) = ordered()
    shipped(order_id, MONDAY)
    parcel = shipments.shipments_of([order_id])[order_id][0].parcels[0]
    scanned, heard = MONDAY + timedelta(days=1), MONDAY + timedelta(days=1, hours=20)
    out = EventDraft(kind=Kind.OUT_FOR_DELIVERY, parcel_id=parcel.id, happened_at=scanned)
    tracking.record_events([out], act=act(3, heard))
    EMAIL.goes(heard + timedelta(minutes=1))
    assert card(order_id, "out_for_delivery").reason == Reason.STALE


def test_an_hour_less_and_it_leaves():
    stocked()
    (order_id,) = ordered()
    shipped(order_id, MONDAY)
    happens(order_id, Kind.OUT_FOR_DELIVERY, MONDAY + timedelta(days=1))
    EMAIL.goes(MONDAY + timedelta(days=1, hours=13))
    assert card(order_id, "out_for_delivery").state == State.SENT


@pytest.mark.clause("NTF-3")
def test_a_date_that_is_past_is_not_stated_any_more_but_what_is_done_about_it():
    stocked()
    (order_id,) = ordered()
    EMAIL.goes(MONDAY + timedelta(days=60))
    text = words_of(card(order_id, "acknowledgement").id)
    assert book().telling.freshness.sentence("en") in text
    assert "It will arrive" not in text


def test_no_message_that_it_travels_follows_the_one_that_it_is_there():
    stocked()
    (order_id,) = ordered()
    shipped(order_id, MONDAY)
    happens(order_id, Kind.OUT_FOR_DELIVERY, MONDAY + timedelta(days=1))
    happens(order_id, Kind.DELIVERED, MONDAY + timedelta(days=1, hours=2))
    EMAIL.goes(MONDAY + timedelta(days=1, hours=3))
    states = {
        name: card(order_id, name).state for name in ("shipment_notice", "out_for_delivery", "delivery_confirmation")
    }
    assert states == {
        "shipment_notice": State.SUPERSEDED, "out_for_delivery": State.SUPPRESSED, "delivery_confirmation": State.SENT,
    }  # fmt: skip


# Together


@pytest.mark.clause("NTF-1")
@pytest.mark.clause("TRK-3")
def test_shipments_of_one_order_that_leave_within_the_waiting_time_make_one_message():
    stocked()
    (order_id,) = ordered()
    EMAIL.goes(MONDAY)
    shipped(order_id, MONDAY, 1)
    shipped(order_id, MONDAY + timedelta(minutes=3), 2)
    assert EMAIL.goes(MONDAY + timedelta(minutes=4)).total == 0
    assert EMAIL.goes(MONDAY + timedelta(minutes=5)).sent == 1
    both = [
        one for one in queries.notices_of(order_id) if one.template == "shipment_notice" and one.audience == "customer"
    ]
    assert [(one.state, one.reason) for one in both] == [(State.SENT, ""), (State.SUPPRESSED, Reason.JOINED)]
    assert both[1].told_with == both[0].id
    assert any("Told together with" in step for step in both[1].trace)
    text = words_of(both[0].id)
    for shipment in shipments.shipments_of([order_id])[order_id]:
        assert shipment.parcels[0].tracking_number in text
    assert "KETTLE-1" in text
    assert "MUG-BLUE" in text


def test_what_leaves_after_the_message_has_one_of_its_own():
    stocked()
    (order_id,) = ordered()
    EMAIL.goes(MONDAY)
    shipped(order_id, MONDAY, 1)
    assert EMAIL.goes(MONDAY + timedelta(minutes=6)).sent == 1
    shipped(order_id, MONDAY + timedelta(minutes=7), 2)
    assert EMAIL.goes(MONDAY + timedelta(minutes=13)).sent == 1
    both = [one for one in queries.notices_of(order_id) if one.template == "shipment_notice"]
    assert [one.state for one in both] == [State.SENT, State.SENT]
    assert "KETTLE-1" not in words_of(both[1].id).partition("Still to come")[0]


def test_several_parcels_of_one_shipment_are_one_message():
    stocked()
    (order_id,) = ordered()
    fulfilment.pick([order_id], act=OMAR)
    parcels = tuple(ParcelDraft(lines=(PackedLine(position=one, quantity=one),)) for one in (1, 2))
    fulfilment.pack([Packing(order_id=order_id, parcels=parcels)], act=OMAR)
    fulfilment.ship([Shipping(order_id=order_id)], act=OMAR)
    assert len([one for one in queries.notices_of(order_id) if one.template == "shipment_notice"]) == 1


# Statements


def test_composing_takes_as_many_statements_for_fifty_orders_as_for_five():
    stocked(1000)
    counts = []

    def counted(notices: Sequence[DueNotice], *, now: datetime) -> Mapping[UUID, Any]:
        with CaptureQueriesContext(connection) as asked:
            written = compose(notices, now=now)
        counts.append((len(notices), len(asked)))
        return written

    for size in (1, 5, 50):
        ordered(*[draft(external_ref=f"E-{size}-{number}") for number in range(size)])
        send_due(now=MONDAY, sender=ActingSender(), compose=counted)
    assert counts[1:] == [(10, 17), (100, 17)]


def test_a_retried_message_still_tells_what_joined_it():
    stocked()
    (order_id,) = ordered()
    EMAIL.goes(MONDAY)
    shipped(order_id, MONDAY, 1)
    shipped(order_id, MONDAY + timedelta(minutes=3), 2)
    away = ActingSender(script={order_id: "unreachable"})
    send_due(now=MONDAY + timedelta(minutes=6), sender=away, compose=compose)
    assert EMAIL.goes(MONDAY + timedelta(minutes=20)).sent == 1
    text = words_of(next(one.id for one in queries.notices_of(order_id) if one.template == "shipment_notice"))
    assert "KETTLE-1" in text
    assert "MUG-BLUE" in text
    assert not [duty for duty in duties.duties_of(order_id) if duty.kind == "retry_notice"]


def test_no_contact_and_no_address_is_asked_for_while_an_order_is_placed():
    stocked()
    ordered()
    with CaptureQueriesContext(connection) as asked:
        ordered(draft(external_ref="E-2"), act=SHOP)
    statements = [one["sql"] for one in asked]
    assert not [sql for sql in statements if "parties_consent" in sql or "parties_channel_stop" in sql]


@pytest.mark.clause("NTF-3")
def test_who_can_collect_a_parcel_is_told_where_and_who_missed_it_when_it_comes_again() -> None:
    stocked()
    (order_id,) = ordered()
    shipped(order_id, MONDAY)
    (parcel,) = shipments.shipments_of([order_id])[order_id][0].parcels
    tried, ready = MONDAY + timedelta(hours=24), MONDAY + timedelta(hours=26)
    again = (MONDAY + timedelta(days=3)).date()
    missed = EventDraft(kind=Kind.ATTEMPT_FAILED, parcel_id=parcel.id, happened_at=tried, estimate_on=again)
    tracking.record_events([missed], act=act(4, tried))
    EMAIL.goes(tried + timedelta(minutes=30))
    assert "Thursday, 19 November 2026" in words_of(card(order_id, "attempt_failed").id)
    waits = EventDraft(
        kind=Kind.READY_FOR_PICKUP, parcel_id=parcel.id, happened_at=ready, place="Packstation 123, Berlin"
    )
    tracking.record_events([waits], act=act(4, ready))
    EMAIL.goes(ready + timedelta(minutes=30))
    assert "Packstation 123, Berlin" in words_of(card(order_id, "ready_for_pickup").id)


@pytest.mark.clause("TRK-4")
def test_a_shipment_notice_waits_for_the_first_look_at_the_carrier_s_page_and_leads_only_where_somebody_is() -> None:
    before = link_ports.checker()
    link_ports.use(Pages())
    try:
        stocked()
        seen, unseen = ordered(draft(external_ref="L-1"), draft(external_ref="L-2", customer=BRUNO))
        for order_id, number in ((seen, "1Z5R89390357567127"), (unseen, "1Z879E930346834440")):
            words = Shipping(order_id=order_id, carrier="ups", tracking_numbers=(number,))
            fulfilment.ship([words], act=act(3))
        wait = timedelta(minutes=book().links.wait_minutes)
        EMAIL.goes(MONDAY + timedelta(minutes=6))
        assert "Waits: the carrier’s page is looked at first." in " ".join(card(seen, "shipment_notice").trace)
        (pages,) = link_reads.links([seen]).values()
        due = DueLink(
            parcel_id=pages.parcel_id, order_id=seen, carrier="ups", url=pages.url, state=pages.state, failures=0
        )
        look = LookedAt(look=Look.ALIVE, detail="200")
        note_looks([due], {pages.url: look}, act=act(5, MONDAY + timedelta(minutes=6)))
        EMAIL.goes(MONDAY + timedelta(minutes=8))
        assert pages.url in words_of(card(seen, "shipment_notice").id)
        EMAIL.goes(MONDAY + wait + timedelta(minutes=2))
        assert card(unseen, "shipment_notice").state == State.SENT, card(unseen, "shipment_notice").trace
        told = words_of(card(unseen, "shipment_notice").id)
        assert "1Z879E930346834440" in told
        assert "tracknum=1Z879E930346834440" not in told
    finally:
        link_ports.use(before)


class Pages:
    """Carriers' pages that nobody looks at by themselves."""

    def look(self, urls: Sequence[str]) -> Mapping[str, LookedAt]:
        return {}
