"""A message in doubt is a person's to settle: the customer knows, or it is sent again."""

import pytest
from django.test import Client

from milepost.faces.desk.tests.conftest import SignedIn
from milepost.ground.notices import queries
from milepost.ground.notices.models import Notice
from milepost.ground.notices.words import Reason, State
from milepost.way.orders import queries as orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_doubt(reference: str) -> Notice:
    order_id = orders.find(reference)
    Notice.objects.filter(order_id=order_id, template="receipt_note").update(
        state=State.UNKNOWN, due_at=None, reason=Reason.NO_WORD
    )
    return Notice.objects.get(order_id=order_id, template="receipt_note")


def answer(client: Client, notice: Notice, way: str, **said: str) -> int:
    return client.post(f"/desk/messages/{notice.id}/{way}/", said).status_code


@pytest.mark.clause("OPS-1")
def test_both_ways_out_stand_at_the_message_and_each_keeps_its_reason(
    reference: str, in_doubt: Notice, signed_in: SignedIn
) -> None:
    mona = signed_in("customer_service")
    page = mona.get(f"/desk/orders/{reference}/").text
    assert "The recipient knows" in page
    assert "Send it again" in page
    assert answer(mona, in_doubt, "marking", reason="Ada has it") == 302
    card = queries.notice(in_doubt.id)
    assert card.state == State.SENT
    assert any("Ada has it" in step for step in card.trace)
    assert "The recipient knows" not in mona.get(f"/desk/orders/{reference}/").text


def test_it_is_sent_again_only_with_a_reason(in_doubt: Notice, signed_in: SignedIn) -> None:
    mona = signed_in("customer_service")
    assert answer(mona, in_doubt, "sending") == 422
    assert answer(mona, in_doubt, "sending", reason="Ada has nothing") == 302
    assert queries.notice(in_doubt.id).state == State.PLANNED
    assert answer(mona, in_doubt, "sending", reason="again") == 409
