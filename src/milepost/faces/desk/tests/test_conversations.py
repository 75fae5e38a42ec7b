"""Conversations on the desk: the list, the page, the answer, what is logged, and who may."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.ground.access.models import Staff
from milepost.ground.notices import people
from milepost.kernel.acts import Act
from milepost.way.care import commands as care
from milepost.way.care import queries
from milepost.way.care.words import Channel, Inquiry, State, Topic
from milepost.way.orders import queries as orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def order_id(reference: str) -> int:
    found = orders.find(reference)
    assert found is not None
    return found


def asks(order_id: int, words: str = "Where is it?", topic: Topic = Topic.STATUS, **more: object) -> UUID:
    act = Act.now("customer", channel="portal", now=timezone.now() - timedelta(seconds=5))
    one = Inquiry(**{"channel": Channel.PORTAL, "words": words, "order_id": order_id, "topic": topic, **more})
    return care.receive([one], act=act)[0].conversation_id


@pytest.mark.clause("INQ-1", "INQ-4")
def test_who_asks_where_it_is_gets_an_answer_proposed_from_the_ledger(
    order_id: int, reference: str, mona: Client
) -> None:
    talk = asks(order_id)
    page = mona.get(f"/desk/conversations/{talk}/").text
    assert "Where is it?" in page
    assert f"Your order {reference} is confirmed." in page.partition('name="words"')[2]
    assert "Proposed by the ledger" in page
    other = asks(order_id, "Can I change it?", Topic.CHANGE)
    page = mona.get(f"/desk/conversations/{other}/").text
    assert "is confirmed" not in page.partition('name="words"')[2].partition("</textarea>")[0]
    box = mona.get(f"/desk/conversations/{other}/?proposed").text.partition('name="words"')[2]
    assert "is confirmed" in box.partition("</textarea>")[0]


@pytest.mark.clause("INQ-2", "INQ-3")
def test_a_clerk_answers_notes_logs_a_call_hands_over_and_closes(order_id: int, mona: Client) -> None:
    talk = asks(order_id)
    where = f"/desk/conversations/{talk}"
    assert mona.post(f"{where}/answer/", {"words": "On Friday."}).status_code == 302
    assert queries.conversation(talk).state == State.ANSWERED
    assert mona.post(f"{where}/note/", {"words": "Be nice."}).status_code == 302
    call = {"channel": "phone", "direction": "in", "outcome": "needs_answer", "words": "Wants it sooner."}
    assert mona.post(f"{where}/call/", call).status_code == 302
    assert queries.conversation(talk).state == State.OPEN
    assert mona.post(f"{where}/handing-over/", {"to": "role:logistics"}).status_code == 302
    assert mona.post(f"{where}/taking/").status_code == 302
    assert mona.post(f"{where}/closing/").status_code == 302
    page = mona.get(f"{where}/").text
    for said in ("On Friday.", "Be nice.", "Wants it sooner.", "for us alone", "Open it again"):
        assert said in page
    assert mona.post(f"{where}/reopening/").status_code == 302
    assert queries.conversation(talk).state == State.ANSWERED


def test_what_is_refused_comes_back_with_what_was_typed(order_id: int, mona: Client) -> None:
    talk = asks(order_id)
    care.close([talk], act=now())
    answer = mona.post(f"/desk/conversations/{talk}/answer/", {"words": "Too late."})
    assert answer.status_code == 409
    assert "The conversation is closed." in answer.text
    assert mona.post(f"/desk/conversations/{asks(order_id)}/answer/", {"words": ""}).status_code == 422
    nobody = mona.post(f"/desk/conversations/{asks(order_id)}/handing-over/", {"to": "role:nobody"})
    assert (nobody.status_code, "Select a valid choice" in nobody.text) == (422, True)
    assert mona.post(f"/desk/conversations/{talk}/dancing/").status_code == 404
    assert mona.post(f"/desk/conversations/{UUID(int=1)}/closing/").status_code == 404


def test_the_list_shows_who_waits_first_and_pages_by_key(
    order_id: int, mona: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Nobody waits for an answer" in mona.get("/desk/conversations/").text
    first = asks(order_id, "Late one")
    second = asks(order_id, "A neighbour", channel=Channel.EMAIL, address="eve@example.com", name="Eve")
    urgent = asks(order_id, "Cancel!", Topic.CANCELLATION, channel=Channel.EMAIL, address="bob@example.com", name="Bob")
    page = mona.get("/desk/conversations/").text
    assert page.index(str(urgent)) < page.index(str(first)) < page.index(str(second))
    assert "address not on the order" in page
    monkeypatch.setattr("milepost.faces.desk.care.conversations.ON_ONE_PAGE", 2)
    page = mona.get("/desk/conversations/").text
    assert str(second) not in page
    after = page.partition("after=")[2].partition('"')[0]
    assert str(second) in mona.get(f"/desk/conversations/?after={after}").text
    assert "There is none" in mona.get("/desk/conversations/?state=waiting").text
    assert str(first) not in mona.get("/desk/conversations/?mine").text


@pytest.mark.clause("ROL-1")
def test_the_auditor_reads_and_answers_nothing_and_a_stranger_is_pointed_out(
    order_id: int, signed_in: SignedIn
) -> None:
    talk = asks(order_id, "Who ordered this?", channel=Channel.EMAIL, address="eve@example.com", name="Eve")
    auditor = signed_in("auditor")
    page = auditor.get(f"/desk/conversations/{talk}/").text
    assert "eve@example.com is not an address of this order" in page
    assert "Send the answer" not in page
    assert auditor.post(f"/desk/conversations/{talk}/answer/", {"words": "x"}).status_code == 403
    page = signed_in("customer_service").get(f"/desk/conversations/{talk}/").text
    assert "is confirmed" not in page, "nothing is proposed to who is not on the order"


def test_the_thread_is_sent_again_only_when_it_has_changed_and_says_who_is_there(order_id: int, mona: Client) -> None:
    talk = asks(order_id)
    where = f"/desk/conversations/{talk}/thread/"
    answer = mona.get(where)
    assert "on the page now" not in answer.text
    assert mona.get(where, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert queries.presence([queries.of_staff_key(talk)])
    care.look_in(queries.of_order_key(order_id), typing=True, now=timezone.now())
    assert "They are writing" in mona.get(where, headers={"If-None-Match": answer.headers["ETag"]}).text


@pytest.mark.clause("INQ-3")
def test_calls_are_logged_from_the_order_and_the_customer_and_stand_on_the_order(
    order_id: int, reference: str, mona: Client
) -> None:
    said = {"channel": "phone", "direction": "out", "outcome": "settled", "words": "Told her the day."}
    call = {**said, "back": f"/desk/orders/{reference}/#interactions"}
    answer = mona.post(f"/desk/orders/{reference}/interactions/", call)
    assert answer.headers["Location"] == f"/desk/orders/{reference}/#interactions"
    page = mona.get(f"/desk/orders/{reference}/").text
    assert "Told her the day." in page
    customer = orders.contacts([order_id])[order_id].customer_id
    assert (
        mona.post(f"/desk/customers/{customer}/interactions/", {"do": "note", "words": "Likes tea."}).status_code == 302
    )
    assert mona.post("/desk/customers/1/interactions/", call).status_code == 404
    assert len(queries.of_customer(customer)) == 2


@pytest.mark.clause("NTF-5")
def test_a_new_message_rings_with_who_has_taken_the_conversation(order_id: int, mona: Client) -> None:
    talk = asks(order_id)
    me = Staff.objects.get(email="mona.customer_service@milepost.example")
    mona.post(f"/desk/conversations/{talk}/answer/", {"words": "On Friday."})
    before = people.unread([f"staff:{me.pk}"], staff_id=me.pk)
    asks(order_id, "Really?")
    assert people.unread([f"staff:{me.pk}"], staff_id=me.pk) == before + 1
    assert "The customer wrote to us" in mona.get("/desk/told/").text


def test_the_duty_leads_to_the_conversation(order_id: int, mona: Client) -> None:
    assert f"/desk/conversations/{asks(order_id)}/" in mona.get("/desk/").text


def test_who_can_only_be_called_is_not_offered_a_mail(order_id: int, mona: Client) -> None:
    talk = asks(order_id, "Where is my kettle?", channel=Channel.SMS, address="+49 171 2345678")
    page = mona.get(f"/desk/conversations/{talk}/").text
    assert "No e-mail address of theirs is known" in page
    assert 'href="tel:+491712345678"' in page
    assert "Send the answer" not in page
    assert "Log a call" in page
