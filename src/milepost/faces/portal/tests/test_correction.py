"""Delivery details put right on the tracking page, and where a parcel may be left."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from milepost.faces.portal.tests.signing_in import opened
from milepost.ground.access import links
from milepost.ground.duties.models import Duty
from milepost.kernel.acts import Act
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import PackedLine, Packing, ParcelDraft, Shipping
from milepost.way.orders import queries as read
from milepost.way.orders.words import OrderCard
from tests import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("ROL-2")]


def act() -> Act:
    return Act.now("staff:2", channel="desk", now=datetime.now(UTC))


@pytest.fixture
def order_id() -> int:
    """Ada's order."""
    cast.stocked()
    return cast.ordered(act=act())[0]


def card(order_id: int) -> OrderCard:
    found = read.card(order_id)
    assert found is not None
    return found


def as_it_stands() -> dict[str, str]:
    parts = ("name", "company", "street", "postal_code", "city", "region")
    return {f"ship_to_{part}": str(getattr(cast.BERLIN, part)) for part in parts} | {"customer_phone": cast.ADA.phone}


def test_whoever_only_has_the_link_can_neither_see_nor_change_where_it_goes(order_id: int) -> None:
    where = f"/t/{links.make('track', order_id, now=datetime.now(UTC))}/"
    for answer in (
        Client().get(f"{where}details/"),
        Client().post(f"{where}details/", {"ship_to_street": "Elsewhere 1"}),
    ):
        assert answer.headers["Location"] == f"{where}code/?next=details/".replace(
            "/?next=details/", "/?next=details%2F"
        )
    assert card(order_id).ship_to == cast.BERLIN


def test_after_the_code_the_details_are_shown_and_changed_and_only_what_is_different_is_amended(order_id: int) -> None:
    client, where = opened(order_id)
    page = client.get(f"{where}details/").text
    assert 'value="Lindenstraße 9"' in page
    said = as_it_stands() | {"ship_to_street": "Lindenstraße 11", "instructions": "Third floor"}
    done = client.post(f"{where}details/", said, follow=True)
    assert "We have changed it" in done.text
    now = card(order_id)
    assert (now.ship_to, now.instructions) == (replace(cast.BERLIN, street="Lindenstraße 11"), "Third floor")
    assert {row.field for row in read.amendments(order_id)} == {"ship_to.street", "instructions"}


@pytest.mark.parametrize(
    ("leave", "words"),
    [
        ("neighbour", "If nobody opens, leave it with a neighbour: Schmidt & Co"),
        ("safe_place", "If nobody opens, leave it here: Schmidt & Co"),
        ("bell", "Ring the bell: Schmidt & Co"),
    ],
)
def test_where_a_parcel_may_be_left_is_told_to_whoever_delivers_in_words(leave: str, words: str, order_id: int) -> None:
    client, where = opened(order_id)
    wish = {"leave": leave, "leave_where": "Schmidt & Co", "instructions": "Third floor"}
    assert client.post(f"{where}details/", as_it_stands() | wish).status_code == 302
    assert card(order_id).instructions == f"{words}\nThird floor"
    empty = client.post(f"{where}details/", as_it_stands() | {"leave": leave, "leave_where": " "})
    assert (empty.status_code, "You have not said with whom" in empty.text) == (422, True)


def test_a_doubtful_correction_is_asked_about_once_and_then_believed(order_id: int) -> None:
    client, where = opened(order_id)
    page = client.post(f"{where}details/", {"ship_to_postal_code": "123"})
    assert page.status_code == 422
    assert "Could you check the postal code" in page.text
    assert 'value="123"' in page.text
    assert card(order_id).ship_to == cast.BERLIN
    client.post(f"{where}details/", {"ship_to_postal_code": "123", "confirmed": "yes"})
    assert (card(order_id).ship_to.postal_code, card(order_id).holds) == ("123", ())
    bad_phone = client.post(f"{where}details/", {"customer_phone": "12"})
    assert "Could you check your phone number" in bad_phone.text


def test_nothing_changed_is_said_kindly(order_id: int) -> None:
    client, where = opened(order_id)
    page = client.post(f"{where}details/", as_it_stands())
    assert (page.status_code, "Nothing was changed" in page.text) == (422, True)


def test_what_stands_packed_needs_a_person_who_labels_it_again(order_id: int) -> None:
    fulfilment.pick([order_id], act=act())
    fulfilment.pack([Packing(order_id=order_id)], act=act())
    client, where = opened(order_id)
    assert client.post(f"{where}details/", {"leave": "safe_place", "leave_where": "Shed"}).status_code == 302
    assert Duty.objects.filter(order_id=order_id, kind="relabel", closed_at=None).exists()


def test_after_hand_over_even_of_a_part_the_details_stand(order_id: int) -> None:
    client, where = opened(order_id)
    assert f"{where}details/" in client.get(where).text
    mug = ParcelDraft(lines=(PackedLine(position=2, quantity=Decimal(1)),))
    (shipment_id,) = fulfilment.pack([Packing(order_id=order_id, parcels=(mug,))], act=act())
    fulfilment.ship([Shipping(order_id=order_id, shipment_id=shipment_id)], act=act())
    assert "already left us" in client.get(f"{where}details/").text
    page = client.post(f"{where}details/", {"ship_to_street": "Lindenstraße 11"})
    assert (page.status_code, "already left us" in page.text) == (409, True)
    assert "Call us or write to us" in page.text
    assert card(order_id).ship_to == cast.BERLIN
    assert f"{where}details/" not in client.get(where).text
