"""One order: its whole story, and every verb that its state and the role allow."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from milepost.faces.desk.order.verbs import BY_NAME
from milepost.faces.desk.tests.conftest import SignedIn, now, reference_of
from milepost.way.closeout import queries as closeout
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.intake import queries as intake
from milepost.way.intake.words import LineDraft
from milepost.way.orders import queries as orders
from milepost.way.orders.words import State
from milepost.way.promising import queries as promising
from milepost.way.tracking import queries as tracking
from tests import cast

pytestmark = pytest.mark.django_db


def state(reference: str) -> str:
    order_id = orders.find(reference)
    assert order_id is not None
    return orders.states([order_id])[order_id]


def say(client: Client, reference: str, verb: str, **values: object):
    return client.post(f"/desk/orders/{reference}/{verb}/", values, follow=True)


def offered(client: Client, reference: str) -> set[str]:
    page = client.get(f"/desk/orders/{reference}/").text
    return set(re.findall(rf'action="/desk/orders/{reference}/([\w-]+)/"', page)) & BY_NAME.keys()


def shipped(femi: Client, reference: str) -> None:
    say(femi, reference, "pick")
    say(femi, reference, "packing", weight="2.5")
    say(femi, reference, "shipment", carrier="own")


@pytest.mark.clause("INQ-1")
@pytest.mark.clause("RECD-2")
def test_the_page_tells_the_whole_story_with_who_and_when(reference: str, mona: Client):
    page = mona.get(f"/desk/orders/{reference}/")
    for words in (
        "Kettle, 1.7 l", "MUG-BLUE", "61.80 EUR", "ada@okafor.example", "Lindenstraße 9", "Order confirmed", "Stock allocated",
        "Receipt note", "Acknowledgement", "Now", "First",
    ):  # fmt: skip
        assert words in page.text
    assert page.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.clause("HND-2")
def test_an_order_walks_from_confirmed_to_shipped_by_the_warehouses_verbs(reference: str, femi: Client):
    assert state(reference) == State.CONFIRMED
    assert "Picked. Next, pack it." in say(femi, reference, "pick").text
    assert state(reference) == State.PROCESSING
    assert "Packed. Next, hand it over." in say(femi, reference, "packing", weight="2.5").text
    assert state(reference) == State.PACKED
    page = say(femi, reference, "shipment", carrier="own").text
    assert state(reference) == State.SHIPPED
    order_id = orders.find(reference)
    assert order_id is not None
    (shipment,) = fulfilment.shipments_of([order_id])[order_id]
    assert shipment.parcels[0].weight_grams == 2500
    assert shipment.parcels[0].tracking_number in page


def test_part_of_an_order_is_packed_by_quantities(reference: str, femi: Client):
    say(femi, reference, "pick")
    say(femi, reference, "packing", line_1="1", line_2="0.000")
    order_id = orders.find(reference)
    assert order_id is not None
    (shipment,) = fulfilment.shipments_of([order_id])[order_id]
    assert shipment.parcels[0].lines == ((1, "KETTLE-1", Decimal(1)),)
    assert not shipment.complete
    assert "packing" in offered(femi, reference)


def test_more_than_was_ordered_is_refused_and_what_was_typed_is_kept(reference: str, femi: Client):
    say(femi, reference, "pick")
    answer = say(femi, reference, "packing", line_1="7", weight="3")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="7"' in answer.text


@pytest.mark.clause("TRK-2")
@pytest.mark.clause("DEL-4")
def test_a_tracking_event_recorded_by_hand_delivers_the_order(reference: str, femi: Client):
    shipped(femi, reference)
    order_id = orders.find(reference)
    assert order_id is not None
    parcel = fulfilment.shipments_of([order_id])[order_id][0].parcels[0]
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    page = say(
        femi, reference, "tracking-event", parcel=parcel.id, kind="delivered", happened_at=at, place="Berlin",
        received_by="A. Okafor",
    ).text  # fmt: skip
    assert state(reference) == State.DELIVERED
    assert tracking.timeline(order_id)[parcel.id][0].place == "Berlin"
    assert "Proof of delivery" in page
    assert "A. Okafor" in page


def test_an_event_in_the_future_is_refused(reference: str, femi: Client):
    shipped(femi, reference)
    order_id = orders.find(reference)
    assert order_id is not None
    parcel = fulfilment.shipments_of([order_id])[order_id][0].parcels[0]
    at = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    answer = say(femi, reference, "tracking-event", parcel=parcel.id, kind="delivered", happened_at=at)
    assert answer.status_code == 422
    assert state(reference) == State.SHIPPED


def test_a_parcel_of_another_order_cannot_be_named(reference: str, femi: Client):
    shipped(femi, reference)
    other = reference_of(cast.ordered(cast.draft(external_ref="OTHER"), act=now())[0])
    shipped(femi, other)
    order_id = orders.find(other)
    assert order_id is not None
    theirs = fulfilment.shipments_of([order_id])[order_id][0].parcels[0].id
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    assert say(femi, reference, "tracking-event", parcel=theirs, kind="delivered", happened_at=at).status_code == 422
    assert state(other) == State.SHIPPED


@pytest.mark.clause("CLO-2")
def test_the_customers_acceptance_by_phone_completes_the_order(reference: str, femi: Client, mona: Client):
    shipped(femi, reference)
    order_id = orders.find(reference)
    assert order_id is not None
    parcel = fulfilment.shipments_of([order_id])[order_id][0].parcels[0]
    assert "acceptance" not in offered(mona, reference)
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    say(femi, reference, "tracking-event", parcel=parcel.id, kind="delivered", happened_at=at)
    say(mona, reference, "acceptance", reason="Told by phone")
    assert state(reference) == State.COMPLETED
    assert closeout.acceptances([order_id])[order_id].state == "accepted"
    say(mona, reference, "closing")
    assert state(reference) == State.CLOSED


@pytest.mark.clause("VER-3")
def test_a_hold_shows_its_question_and_is_released_with_how_it_was_settled(omar: Client, femi: Client):
    cast.stocked()
    held = reference_of(
        cast.ordered(cast.draft(lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(50)),)), act=now())[0]
    )
    page = omar.get(f"/desk/orders/{held}/").text
    assert "line 1, quantity" in page
    assert "confirmation" not in offered(omar, held)
    refused = omar.post(f"/desk/orders/{held}/confirmation/")
    assert refused.status_code == 409
    assert "Settle and release the hold first." in refused.text
    assert "hold-release" not in offered(femi, held)
    page = say(omar, held, "hold-release", kind="quantity", outcome="She does want fifty").text
    assert state(held) == State.CONFIRMED
    assert "She does want fifty" in page
    (finding,) = intake.findings_of(orders.find(held) or 0)
    assert (finding["answer"], finding["settled_at"] is not None) == ("She does want fifty", True)


def test_a_release_without_an_outcome_is_refused(omar: Client):
    cast.stocked()
    held = reference_of(cast.ordered(cast.draft(payment_pending=True), act=now())[0])
    answer = omar.post(f"/desk/orders/{held}/hold-release/", {"kind": "payment"})
    assert answer.status_code == 422
    assert "How it was settled: This field is required." in answer.text
    assert state(held) == State.RECEIVED


def test_an_order_is_put_on_hold_and_cancelled_with_a_reason(reference: str, omar: Client):
    say(omar, reference, "hold", reason="Customer calls back tomorrow")
    assert "Customer calls back tomorrow" in omar.get(f"/desk/orders/{reference}/").text
    say(omar, reference, "cancellation", reason_code="customer_request")
    assert state(reference) == State.CANCELLED
    assert offered(omar, reference) == set()


@pytest.mark.clause("EXC-2")
def test_a_delay_that_we_know_of_revises_the_promise_and_is_flagged(reference: str, omar: Client):
    later = (cast.today() + timedelta(days=40)).isoformat()
    page = say(omar, reference, "delay", cause="supply", new_latest_on=later).text
    assert "Delayed: Supply" in page
    order_id = orders.find(reference)
    assert order_id is not None
    first, now_stands = promising.ledger([order_id])[order_id]
    assert now_stands.latest_on.isoformat() == later > first.latest_on.isoformat()


@pytest.mark.clause("ROL-1")
def test_verbs_are_offered_by_role_and_state(reference: str, femi: Client, omar: Client, signed_in: SignedIn):
    assert {"pick", "packing"} <= offered(femi, reference)
    assert "cancellation" not in offered(femi, reference)
    assert "pick" not in offered(omar, reference)
    assert {"cancellation", "hold", "delay"} <= offered(omar, reference)
    assert offered(signed_in("auditor", name="Ida"), reference) == set()
    shipped(femi, reference)
    assert not {"pick", "packing", "shipment"} & offered(femi, reference)
    assert "write-off" not in offered(omar, reference)
    assert "write-off" in offered(signed_in("management", name="Max"), reference)


@pytest.mark.clause("ROL-1")
def test_what_has_left_the_house_is_written_off_by_management_alone(
    reference: str, femi: Client, omar: Client, signed_in: SignedIn
):
    shipped(femi, reference)
    assert say(omar, reference, "cancellation", reason_code="other").status_code == 409
    assert state(reference) == State.SHIPPED
    say(signed_in("management", name="Max"), reference, "write-off", reason_code="other")
    assert state(reference) == State.CANCELLED


def test_a_verb_that_came_too_late_is_refused_on_the_page_with_what_is_possible(reference: str, femi: Client):
    shipped(femi, reference)
    answer = femi.post(f"/desk/orders/{reference}/pick/")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert reference in answer.text


def test_a_double_click_ships_once(reference: str, femi: Client):
    shipped(femi, reference)
    assert say(femi, reference, "shipment", carrier="own").status_code == 409
    order_id = orders.find(reference)
    assert order_id is not None
    assert len(fulfilment.shipments_of([order_id])[order_id]) == 1


def test_other_spellings_lead_to_the_one_address_of_an_order(reference: str, mona: Client):
    assert mona.get(f"/desk/orders/{reference.lower()}/").headers["Location"] == f"/desk/orders/{reference}/"


@pytest.mark.parametrize("path", ["M000-000-000/", "nonsense/", "%F0%9F%90%A2/", "x" * 500 + "/"])
def test_an_order_that_is_not_there_is_a_plain_404(path: str, mona: Client):
    answer = mona.get(f"/desk/orders/{path}")
    assert answer.status_code == 404
    assert "Nothing is here" in answer.text


def test_an_unknown_verb_is_a_plain_404(reference: str, mona: Client):
    assert mona.post(f"/desk/orders/{reference}/frobnicate/").status_code == 404


def test_what_customers_typed_is_shown_and_never_run(mona: Client):
    cast.stocked()
    evil = "<script>alert(1)</script>"
    reference = reference_of(cast.ordered(cast.draft(instructions=evil, po_number=evil), act=now())[0])
    page = mona.get(f"/desk/orders/{reference}/").text
    assert evil not in page
    assert "&lt;script&gt;" in page


def test_the_page_takes_as_many_statements_for_many_lines_as_for_one(mona: Client, django_assert_max_num_queries):
    cast.stocked()
    lines = tuple(LineDraft(code=code, quantity=Decimal(1)) for code in (cast.KETTLE, cast.MUG, cast.TEA) * 20)
    reference = reference_of(cast.ordered(cast.draft(lines=lines), act=now())[0])
    with django_assert_max_num_queries(32):
        assert mona.get(f"/desk/orders/{reference}/").status_code == 200


@pytest.mark.clause("RECD-1")
def test_the_delivery_note_is_a_pdf(reference: str, femi: Client):
    shipped(femi, reference)
    found = re.search(r"/desk/shipments/\d+/delivery-note\.pdf", femi.get(f"/desk/orders/{reference}/").text)
    assert found is not None
    answer = femi.get(found[0])
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert femi.get("/desk/shipments/999999/delivery-note.pdf").status_code == 404
