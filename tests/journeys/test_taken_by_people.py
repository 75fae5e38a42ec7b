"""Orders taken by people, from what they type to the acknowledgement: by a clerk on the phone, and by a customer in the portal."""

import re
from datetime import UTC, datetime

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from milepost.faces.portal.tests.signing_in import send_messages, signed_in
from milepost.ground.access import commands as access
from milepost.ground.access.models import Staff
from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.notices import queries as messages
from milepost.kernel.acts import Act
from milepost.way.intake import queries as requests
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard, State
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = {
    "ship_name": "Chiara Conti", "ship_street": "Torstraße 1", "ship_postal_code": "10119", "ship_city": "Berlin",
    "ship_country": "DE",
}  # fmt: skip
CHIARA = {"name": "Chiara Conti", "email": "chiara@conti.example", "phone": "+49 30 4428117", **ADDRESS}
TEA = {"line-0-item": "tea-500", "line-0-quantity": "2"}


def now() -> Act:
    return Act.now("staff:2", channel="desk", now=datetime.now(UTC))


def sent(order_id: int) -> list[str]:
    return [one.template for one in messages.notices_of(order_id) if one.state == "sent" and one.channel == "email"]


def letter(order_id: int, template: str) -> str:
    (notice,) = (
        one for one in messages.notices_of(order_id) if one.template == template and one.audience == "customer"
    )
    found = messages.letter(notice.id)
    assert found
    return found.text


def behind(location: str) -> OrderCard:
    """The order that an answer leads to."""
    number = orders.find(location.split("/")[3])
    card = orders.card(number or 0)
    assert card
    return card


def original(order_id: int) -> tuple[str, bytes]:
    (request,) = requests.verified([order_id])
    found = requests.original(request.request_id)
    assert found
    return found


@pytest.fixture
def mona() -> Client:
    cast.stocked()
    number = access.join(email="mona@milepost.example", name="Mona", roles=["customer_service"], act=now())
    client = Client()
    client.force_login(Staff.objects.get(pk=number))
    return client


def place(client: Client, path: str, form: dict[str, str]) -> OrderCard:
    token = re.search(r'name="token" value="([^"]+)"', client.get(path).content.decode())
    assert token
    response = client.post(path, {"token": token[1], **form, "do": "place"})
    assert response.status_code == 302, response.content.decode()
    return behind(response["Location"])


@pytest.mark.clause("REC-1")
@pytest.mark.clause("REC-3")
@pytest.mark.clause("ACK-1")
@pytest.mark.clause("ACK-2")
def test_a_phone_order_is_acknowledged_with_what_was_typed(mona: Client) -> None:
    order = place(mona, "/desk/orders/new/", {**CHIARA, **TEA, "instructions": "third floor"})
    send_messages()
    assert sent(order.id) == ["receipt_note", "acknowledgement"]
    told = letter(order.id, "acknowledgement")
    for said in (order.reference, "Tea, 500 g", "24.00 EUR", "Torstraße 1", "10119 Berlin"):
        assert said in told
    order = behind(f"/desk/orders/{order.reference}/")
    assert (order.state, order.channel) == (State.CONFIRMED, "phone")
    assert order.acknowledged_at is not None
    first = journal.story(order.id)[0]
    assert (first.kind, first.channel, first.actor.partition(":")[0]) == ("OrderReceived", "phone", "staff")
    content_type, raw = original(order.id)
    assert content_type == "application/json"
    assert orjson.loads(raw)["form"]["instructions"] == "third floor"
    assert list(journal.breaks()) == []


@pytest.mark.clause("VER-3")
@pytest.mark.clause("ACK-3")
def test_a_doubt_is_settled_on_the_same_call_and_the_order_goes_on(mona: Client) -> None:
    order = place(mona, "/desk/orders/new/", {**CHIARA, "line-0-item": "KETTLE-1", "line-0-quantity": "40"})
    assert order.state == State.RECEIVED
    send_messages()
    assert "acknowledgement" not in sent(order.id)
    assert "settle_hold" in {duty.kind for duty in duties.duties_of(order.id) if duty.is_open}
    page = f"/desk/orders/{order.reference}/questions/"
    (asked,) = re.findall(r'name="([^"]+)" value="as_it_is"', mona.get(page).content.decode())
    said = {asked: "as_it_is", "said_by": "Chiara Conti", "said_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")}
    assert mona.post(page, said).status_code == 302
    send_messages()
    order = behind(f"/desk/orders/{order.reference}/")
    assert order.state == State.CONFIRMED
    assert sent(order.id)[-1] == "acknowledgement"
    assert "settle_hold" not in {duty.kind for duty in duties.duties_of(order.id) if duty.is_open}


@pytest.mark.clause("ACK-1")
def test_a_caller_without_e_mail_is_somebody_s_duty_to_tell(mona: Client) -> None:
    order = place(mona, "/desk/orders/new/", {**CHIARA, "email": "", "phone": "", **TEA})
    send_messages()
    assert sent(order.id) == []
    assert {duty.kind for duty in duties.duties_of(order.id) if duty.is_open} >= {"acknowledge", "retry_notice"}


@pytest.mark.clause("REC-1")
@pytest.mark.clause("ACK-2")
@pytest.mark.clause("INQ-4")
def test_an_order_from_the_portal_is_acknowledged_and_can_be_followed(mona: Client) -> None:
    cast.ordered(act=Act.now("key:1", channel="api", now=datetime.now(UTC)))
    ada = signed_in("ada@okafor.example")
    ship = {**ADDRESS, "ship_name": "Ada Okafor"}
    order = place(ada, "/shop/orders/new/", {**ship, **TEA, "po_number": "PO-9"})
    send_messages()
    assert sent(order.id) == ["receipt_note", "acknowledgement"]
    assert "PO-9" in letter(order.id, "acknowledgement") + letter(order.id, "receipt_note")
    assert orders.card(order.id).channel == "portal"
    page = ada.get(f"/shop/orders/{order.reference}/").content.decode()
    track = re.search(r'href="(/t/[^"]+)"', page)
    assert track
    assert Client().get(track[1]).status_code == 200
    first = journal.story(order.id)[0]
    assert (first.channel, first.actor) == ("portal", f"customer:{order.customer_id}")
