"""A call is made on one page: number, words, what came of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from milepost.config import errands
from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.ground.duties import queries as duties
from milepost.ground.journal import queries as journal
from milepost.ground.notices import queries
from milepost.ground.notices.commands import plan
from milepost.ground.notices.models import Notice
from milepost.ground.notices.tests.acting import wanted
from milepost.ground.notices.words import NoticeCard, State
from milepost.way.orders import commands as orders_do
from milepost.way.orders import queries as orders

pytestmark = [pytest.mark.django_db, pytest.mark.clause("NTF-2")]


@pytest.fixture
def call(reference: str) -> NoticeCard:
    """Ada is to be told by phone that her order is confirmed."""
    order_id = orders.find(reference) or 0
    customer = orders.contacts([order_id])[order_id].customer_id
    at = orders.contacts([order_id])[order_id].received_at
    plan(
        [
            wanted(
                order_id, filed_at=at, channel="phone", recipient_key=f"customer:{customer}", milestone="by phone", lasting=True
            )
        ],
        act=now(),
    )  # fmt: skip
    Notice.objects.filter(channel="email").update(state=State.SUPPRESSED, due_at=None, reason="cancelled")
    noon = datetime.now(UTC).replace(hour=11, minute=0) + timedelta(days=1)
    errands.send_other_ways(noon)
    return next(one for one in queries.notices_of(order_id) if one.channel == "phone")


def where(call: NoticeCard) -> str:
    return f"/desk/calls/{call.id}/"


def test_the_page_says_whom_to_call_and_what_to_say(call: NoticeCard, mona: Client, reference: str):
    page = mona.get(where(call)).text
    assert 'href="tel:+4930901820"' in page
    assert "Call Ada Okafor" in page
    assert reference in page
    assert "Left on the answering machine" in page


def test_what_came_of_it_is_noted_on_the_order_with_who_said_so(call: NoticeCard, mona: Client):
    answer = mona.post(where(call), {"outcome": "reached", "note": "she is glad"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert queries.notice(call.id).state == State.SENT
    made = next(entry for entry in journal.story(call.order_id) if entry.kind == "CallMade")
    assert (made.sentence, made.reason, made.channel) == (
        "Called about acknowledgement: reached",
        "she is glad",
        "phone",
    )
    assert not [one for one in duties.duties_of(call.order_id) if one.kind == "call_customer" and one.is_open]
    assert "This call was made" in mona.get(where(call)).text
    assert mona.post(where(call), {"outcome": "no_answer"}).status_code == 409


def test_the_desk_leads_to_it(call: NoticeCard, mona: Client):
    assert f'href="{where(call)}"' in mona.get("/desk/").text


@pytest.mark.parametrize("said", [{}, {"outcome": "sung"}, {"outcome": "reached", "note": "x" * 301}])
def test_nonsense_changes_nothing(call: NoticeCard, mona: Client, said: dict[str, str]):
    assert mona.post(where(call), said).status_code == 422
    assert queries.notice(call.id).state == State.CALLING


def test_what_is_not_true_any_more_is_shown_as_such_and_taken_off_the_desk(
    call: NoticeCard, mona: Client, omar: Client
):
    orders_do.cancel([call.order_id or 0], reason_code="customer", act=now().because("changed her mind"))
    page = mona.get(where(call)).text
    assert "Old news: take it off the desk" in page
    assert mona.post(where(call), {"do": "off"}).status_code == 302
    assert queries.notice(call.id).state == State.SUPPRESSED


def test_who_may_not_work_may_look_and_who_may_not_look_may_not(call: NoticeCard, signed_in: SignedIn):
    auditor = signed_in("auditor", name="Audrey")
    assert "Note it on the order" not in auditor.get(where(call)).text
    assert auditor.post(where(call), {"outcome": "reached"}).status_code == 403
    assert signed_in("driver", name="Dora").get(where(call)).status_code == 403
    assert Client().get(where(call)).status_code == 302
    assert auditor.get("/desk/calls/00000000-0000-0000-0000-000000000000/").status_code == 404
