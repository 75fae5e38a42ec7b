"""A code that goes to the customer's own contact opens a tracking link in one browser."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from milepost.faces.portal import masking
from milepost.faces.portal.tests.signing_in import opened, send_messages
from milepost.faces.portal.tests.test_tracking_page import delivered
from milepost.ground.access import links
from milepost.ground.journal import queries as journal
from milepost.ground.notices import queries as messages
from milepost.ground.notices.models import Attempt, MailboxMessage, Notice
from milepost.kernel.acts import Act
from milepost.way.delivery import commands as delivery
from milepost.way.delivery.words import ProofDraft
from milepost.way.fulfilment import queries as shipments
from milepost.way.intake.words import Address
from milepost.way.orders import commands as orders
from milepost.way.orders.words import Amendment, Change
from tests import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("TRK-3")]
SECRETS = ("Okafor", "Lindenstra", "10969", "Lindenstraße", "ada@okafor")


def act() -> Act:
    return Act.now("staff:2", channel="desk", now=datetime.now(UTC))


@pytest.fixture
def order_id() -> int:
    """Ada's order."""
    cast.stocked()
    return cast.ordered(act=act())[0]


def link(order_id: int) -> str:
    return f"/t/{links.make('track', order_id, now=datetime.now(UTC))}/"


def codes_sent() -> list[tuple[str, str]]:
    send_messages()
    found = [(one.address, re.search(r"\b(\d{6})\b", one.text)) for one in messages.mailbox() if "code" in one.text]
    return [(address, code[1]) for address, code in found if code]


def hides(page: str) -> bool:
    return not any(secret in page for secret in SECRETS)


def test_the_link_shows_names_and_street_only_after_the_code_from_the_customers_own_mailbox(order_id: int) -> None:
    client, where = Client(), link(order_id)
    assert hides(client.get(where).text)
    page = client.get(f"{where}code/").text
    assert "a•••@okafor.example" in page
    assert "••• 20" in page
    assert hides(page)
    asked = client.post(f"{where}code/", {"do": "ask", "channel": "email", "email": "eve@evil.example"})
    assert asked.headers["Location"] == f"{where}code/"
    ((address, code),) = codes_sent()
    assert address == cast.ADA.email
    done = client.post(f"{where}code/", {"do": "open", "code": f"{code[:3]} {code[3:]}"}, follow=True)
    assert done.headers["Cache-Control"] == "private, no-store"
    for shown in ("Ada Okafor", "Lindenstraße 9", "10969 Berlin", "ada@okafor.example", "confirmation.pdf"):
        assert shown in done.text
    cookie = client.cookies["milepost_opened"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (where, True, "Lax", 7200)


def test_by_text_message_where_the_customer_would_rather_have_it_so(order_id: int) -> None:
    client, where = Client(), link(order_id)
    client.post(f"{where}code/", {"do": "ask", "channel": "sms"})
    notice = Notice.objects.get(template="link_code")
    assert (notice.channel, notice.recipient_key.partition(":")[0]) == ("sms", "sign_in")


def test_what_a_browser_opened_no_other_sees_nor_under_another_link(order_id: int) -> None:
    client, where = opened(order_id)
    (other_order,) = cast.ordered(cast.draft(customer=cast.BRUNO, external_ref="B"), act=act())
    later = f"/t/{links.make('track', order_id, now=datetime.now(UTC) + timedelta(days=1))}/"
    assert "Lindenstraße" in client.get(where).text
    assert hides(Client().get(where).text)
    assert hides(client.get(later).text)
    forged = client.cookies["milepost_opened"].value
    for elsewhere in (link(other_order), later):
        eve = Client()
        eve.cookies["milepost_opened"] = forged
        assert "Lindenstraße" not in eve.get(elsewhere).text


def test_revoking_the_link_closes_what_was_opened(order_id: int) -> None:
    client, where = opened(order_id)
    links.revoke(order_id, "track", act=act())
    assert client.get(where).status_code == 404
    assert hides(client.get(link(order_id)).text)


def test_it_is_open_for_two_hours_and_can_be_closed_before(order_id: int) -> None:
    client, where = opened(order_id)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=110)):
        assert "Lindenstraße" in client.get(where).text
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=121)):
        assert hides(client.get(where).text)
    client.post(f"{where}code/", {"do": "close"})
    assert hides(client.get(where).text)


def test_a_code_is_of_its_order_and_of_the_browser_that_asked(order_id: int) -> None:
    asking, other, where = Client(), Client(), link(order_id)
    asking.post(f"{where}code/", {"do": "ask", "channel": "email"})
    ((_, code),) = codes_sent()
    assert other.post(f"{where}code/", {"do": "open", "code": code}).status_code == 422
    answers = [asking.post(f"{where}code/", {"do": "open", "code": "000000"}).status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 410, 410]
    assert asking.post(f"{where}code/", {"do": "open", "code": code}).status_code == 410
    assert hides(asking.get(where).text)


def test_codes_are_rationed_by_order_whoever_asks(order_id: int) -> None:
    where = link(order_id)
    answers = [Client().post(f"{where}code/", {"do": "ask", "channel": "email"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_a_way_that_is_not_on_record_is_none(order_id: int) -> None:
    nobody = {"email": "", "phone": ""}
    changes = tuple(Change(field=name, value=value) for name, value in nobody.items())
    orders.amend([Amendment(order_id=order_id, changes=changes)], act=act())
    where = link(order_id)
    assert "Please call us" in Client().get(f"{where}code/").text
    assert Client().post(f"{where}code/", {"do": "ask", "channel": "email"}).status_code == 422


def test_the_code_goes_where_the_contact_is_by_then(order_id: int) -> None:
    client, where = Client(), link(order_id)
    client.post(f"{where}code/", {"do": "ask", "channel": "email"})
    moved = Amendment(order_id=order_id, changes=(Change(field="email", value="ada@new.example"),))
    orders.amend([moved], act=act())
    assert [address for address, _ in codes_sent()] == ["ada@new.example"]


def test_the_story_tells_that_it_was_asked_for_and_opened_and_holds_no_code(order_id: int) -> None:
    opened(order_id)
    told = [one.kind for one in journal.story(order_id)]
    assert told[-2:] == ["OpeningAsked", "LinkOpened"]
    send_messages()
    kept = Attempt.objects.filter(notice_id__in=Notice.objects.filter(template="link_code").values("id"))
    assert all(not re.search(r"\b\d{6}\b", one.text) for one in kept)


def test_who_took_the_parcel_and_what_carriers_remark_leak_nowhere_before_the_code(order_id: int) -> None:
    delivered(order_id)
    parcel = shipments.shipments_of([order_id])[order_id][0].parcels[0]
    proof = ProofDraft(
        parcel_id=parcel.id, happened_at=datetime.now(UTC), received_by="Neighbour Schmidt", note="At Okafor"
    )
    delivery.prove([proof], act=act())
    where = link(order_id)
    for page in ("", "?said=thanks", "code/", "map.svg", "delivery.ics"):
        text = Client().get(where + page).text
        assert hides(text)
        assert "Schmidt" not in text
    client, where = opened(order_id)
    assert "It was taken by <bdi>Neighbour Schmidt</bdi>." in client.get(where).text


def test_what_people_wrote_names_nobody_before_the_code(order_id: int) -> None:
    send_messages()
    assert MailboxMessage.objects.exists()
    where = link(order_id)
    Client().post(f"{where}messages/", {"words": "Okafor here: does it go to Lindenstraße 9 in Berlin?"})
    page = Client().get(where).text
    assert hides(page)
    assert "••• here: does it go to ••• 9 in Berlin?" in page
    live = Client().get(f"{where}messages/", headers={"X-Milepost-Talk": "read"}).text
    assert hides(live)
    assert "••• here" in live
    client, where = opened(order_id)
    assert "Okafor here: does it go to Lindenstraße 9 in Berlin?" in client.get(where).text


class TestMasking:
    @pytest.mark.parametrize(
        ("email", "shown"),
        [("maria@example.org", "m•••@example.org"), ("m@example.org", "m•••@example.org"), ("nonsense", ""), ("", "")],
    )
    def test_an_address_is_known_again_by_its_owner_alone(self, email: str, shown: str) -> None:
        assert masking.masked_email(email) == shown

    @pytest.mark.parametrize(("phone", "shown"), [("+49 30 901842", "••• 42"), ("112", ""), ("", "")])
    def test_a_number_by_its_last_two_digits(self, phone: str, shown: str) -> None:
        assert masking.masked_phone(phone) == shown

    @pytest.mark.parametrize(
        ("place", "shown"),
        [
            ("Berlin", "Berlin"), ("Leipzig, Germany", "Leipzig, Germany"), ("Lindenstraße 9, Berlin", ""),
            ("10969 Berlin", ""), ("BERLIN, OKAFOR", ""),
        ],
    )  # fmt: skip
    def test_places_that_name_the_address_are_left_out(self, place: str, shown: str) -> None:
        address = Address(name="Ada Okafor", street="Lindenstraße 9", postal_code="10969", city="Berlin", country="DE")
        assert masking.town(place, "", "", address) == shown
        assert masking.town(place, "Berlin", "DE", address) == "Berlin, DE"
