"""Finding an order again by number and address: whatever is typed, one answer."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milepost.faces.portal.tests.signing_in import ADA, send_messages
from milepost.ground.notices import queries as messages
from milepost.ground.notices.models import Notice
from milepost.way.orders import queries as orders
from tests import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("INQ-4"), pytest.mark.clause("TRK-3")]
WHERE = "/track/"


@pytest.fixture
def reference() -> str:
    """The number of Ada's order."""
    cast.stocked()
    (order_id,) = cast.ordered()
    cast.ordered(cast.draft(customer=cast.BRUNO, external_ref="B"))
    send_messages()
    card = orders.card(order_id)
    assert card is not None
    return card.reference


def sent() -> list[str]:
    send_messages()
    return [one.address for one in messages.mailbox() if one.subject.startswith("The link of your order")]


def test_the_right_pair_has_the_link_sent_to_the_contact_on_record(reference: str) -> None:
    client = Client()
    answer = client.post(WHERE, {"reference": f" {reference.lower()} ", "email": " Ada@Okafor.example "})
    assert answer.headers["Location"] == "/track/?sent=1"
    assert "If that is one of our orders" in client.get("/track/?sent=1").text
    assert sent() == [ADA]
    (letter,) = [one for one in messages.mailbox() if one.subject.startswith("The link of your order")]
    (path,) = {word.removeprefix("http://127.0.0.1:8000") for word in letter.text.split() if "/t/" in word}
    assert Client().get(path).status_code == 200


def test_whatever_is_typed_is_answered_alike_with_the_same_statements(reference: str) -> None:
    pairs = (
        ("warm-up", "warm@up.example"), (reference, ADA), (reference, "bruno@keller.example"), (reference, "eve@evil.example"),
        ("MP-0000000", ADA), ("' OR 1=1", "eve@evil.example"),
    )  # fmt: skip
    answers, statements = [], []
    for number, email in pairs:
        client = Client()
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(WHERE, {"reference": number, "email": email})
        shown = client.get(answer.headers["Location"])
        answers.append(
            (answer.status_code, answer.headers["Location"], answer.content, shown.status_code, shown.content)
        )
        statements.append([one["sql"].split(" ")[:4] for one in asked.captured_queries])
    assert len(set(answers)) == 1
    assert all(one == statements[1] for one in statements[1:])
    assert sent() == [ADA]
    assert {one.state for one in Notice.objects.filter(template="order_link")} == {"sent", "suppressed"}


def test_too_many_wishes_are_refused_alike(reference: str) -> None:
    for email in (ADA, "eve@evil.example"):
        answers = [Client().post(WHERE, {"reference": reference, "email": email}).status_code for _ in range(6)]
        assert answers == [302] * 5 + [429]


@pytest.mark.parametrize("typed", [{}, {"reference": "", "email": ADA}, {"reference": "MP-1", "email": "ada"}])
def test_what_is_missing_is_said_at_its_field(typed: dict[str, str]) -> None:
    answer = Client().post(WHERE, typed)
    assert (answer.status_code, b'aria-invalid="true"' in answer.content) == (422, True)


def test_a_dead_link_leads_here(reference: str) -> None:
    assert 'href="/track/"' in Client().get("/t/nonsense/").text
