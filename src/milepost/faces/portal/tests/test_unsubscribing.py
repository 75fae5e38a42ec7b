"""No more of these messages: by one click of a mail program, or by a button on a page."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.test import Client

from milepost.faces.portal.tests.signing_in import send_messages
from milepost.ground.access import links
from milepost.ground.notices.models import Notice
from milepost.ground.parties import queries as parties
from milepost.ground.parties.words import Consent
from milepost.kernel.acts import Act
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("NTF-1")]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def receipt_note() -> Notice:
    """A message that Ada has got."""
    cast.stocked()
    cast.ordered(act=Act.now("key:1", channel="api", now=datetime.now(UTC)))
    send_messages()
    return Notice.objects.get(template="receipt_note")


def where(notice_id: UUID) -> str:
    return f"/t/unsubscribe/{links.to_unsubscribe(notice_id)}/"


def said_by(notice: Notice) -> list[Consent]:
    return parties.consent_history(int(notice.recipient_key.removeprefix("customer:")))


def test_looking_changes_nothing_however_often_scanners_look(receipt_note: Notice):
    for _ in range(3):
        assert Client().get(where(receipt_note.id)).status_code == 200
        assert Client().head(where(receipt_note.id)).status_code == 200
    page = Client().get(where(receipt_note.id))
    assert "Yes, send no more of them" in page.text
    assert "a…@okafor.example" in page.text
    assert "ada@" not in page.text
    assert said_by(receipt_note) == []


def test_a_mail_programs_one_click_counts_at_once_is_answered_in_place_and_may_come_twice(receipt_note: Notice):
    program = Client(enforce_csrf_checks=True)
    answers = [program.post(where(receipt_note.id), ONE_CLICK) for _ in range(2)]
    assert [(answer.status_code, dict(answer.cookies)) for answer in answers] == [(200, {})] * 2
    (said,) = said_by(receipt_note)
    assert (said.given, said.consent_class, said.channel, said.source, said.by) == (
        False, "transactional", "email", "one_click", "customer",
    )  # fmt: skip


def test_the_one_click_may_come_as_a_form_of_parts_too(receipt_note: Notice):
    body = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    answer = Client().post(where(receipt_note.id), body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 200
    assert [one.source for one in said_by(receipt_note)] == ["one_click"]


def test_a_person_confirms_and_finds_the_way_to_choose_more(receipt_note: Notice):
    page = Client().post(where(receipt_note.id), {"confirm": "yes"})
    assert "Done." in page.text
    assert [(one.given, one.source) for one in said_by(receipt_note)] == [(False, "confirm_page")]
    preferences = page.text.partition('href="/t/preferences/')[2].partition('"')[0]
    assert Client().get(f"/t/preferences/{preferences}").status_code == 200


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "One-Clack"}, {"confirm": "no"}, {"x" * 500: "y"}])
def test_any_other_post_asks_first(receipt_note: Notice, body: dict[str, str]):
    answer = Client().post(where(receipt_note.id), body)
    assert (answer.status_code, "Yes, send no more of them" in answer.text) == (400, True)
    assert said_by(receipt_note) == []


def test_who_is_no_customer_gets_nothing_more_at_their_address(receipt_note: Notice):
    Notice.objects.filter(id=receipt_note.id).update(recipient_key="contact:abc", audience="recipient")
    answer = Client().post(where(receipt_note.id), ONE_CLICK)
    assert "Nothing more goes to this address" in answer.text
    assert [(one.channel, one.address, one.reason) for one in parties.stops()] == [
        ("email", "ada@okafor.example", "opted_out")
    ]


@pytest.mark.parametrize("token", ["x", "x" * 44, "%00", links.to_unsubscribe(UUID(int=7))[:-1] + "-"])
def test_unknown_links_lead_nowhere(db: None, token: str):
    assert Client().post(f"/t/unsubscribe/{token}/", ONE_CLICK).status_code in (400, 404)


def test_a_message_that_is_gone_and_a_link_for_something_else_are_unknown(receipt_note: Notice):
    track = links.make("track", receipt_note.order_id or 0, now=datetime.now(UTC))
    assert Client().post(where(uuid4()), ONE_CLICK).status_code == 404
    assert Client().post(f"/t/unsubscribe/{track}/", ONE_CLICK).status_code == 404


def test_nothing_more_of_this_kind_leaves_from_then_on(receipt_note: Notice):
    Client().post(where(receipt_note.id), ONE_CLICK)
    cast.ordered(act=Act.now("key:1", channel="api", now=datetime.now(UTC)))
    send_messages()
    (second,) = Notice.objects.filter(template="receipt_note", channel="email").exclude(id=receipt_note.id)
    assert (second.state, second.reason) == ("suppressed", "no_consent")
