"""The story of an order on its page: filtered, with the cause of each fact, a page at a time; documents; and what it costs."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milepost.faces.desk.order.order_story import ON_ONE_PAGE
from milepost.faces.desk.tests.conftest import SignedIn, now, reference_of
from milepost.ground import journal
from milepost.ground.journal import queries
from milepost.way.orders import queries as orders
from milepost.way.orders.facts import OrderReopened
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("INQ-1"), pytest.mark.clause("RECD-2")]


def facts(text: str) -> list[str]:
    story = text[text.index('id="story"') :]
    return [
        re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", one))).strip()
        for one in re.findall(r'<li id="fact-\d+">(.*?)</li>', story, re.DOTALL)
    ]


def test_each_fact_tells_who_and_what_caused_it(reference: str, mona: Client) -> None:
    told = facts(mona.get(f"/desk/orders/{reference}/").text)
    (confirmed,) = [one for one in told if "Order confirmed" in one]
    assert "because of: Order" in confirmed
    first = facts(mona.get(f"/desk/orders/{reference}/?story_order=oldest").text)
    assert "because of" not in first[0]
    assert first == told[::-1]


def test_the_story_is_narrowed_by_what_it_is_about_by_whom_and_by_words(
    reference: str, mona: Client, femi: Client
) -> None:
    femi.post(f"/desk/orders/{reference}/pick/")
    whole = facts(mona.get(f"/desk/orders/{reference}/").text)
    of_orders = facts(mona.get(f"/desk/orders/{reference}/story/?story_room=orders").text)
    assert 0 < len(of_orders) < len(whole)
    assert not any("Stock" in one for one in of_orders)
    assert [one[:30] for one in facts(mona.get(f"/desk/orders/{reference}/?story_words=PICKED").text)] != []
    order_id = orders.find(reference) or 0
    actor = next(actor for _, actor, _ in queries.voices(order_id) if actor.startswith("staff:"))
    by_femi = facts(mona.get(f"/desk/orders/{reference}/story/?story_by={actor}").text)
    assert by_femi
    assert all("Femi" in one for one in by_femi)
    (kind,) = facts(mona.get(f"/desk/orders/{reference}/story/?story_kind=OrderConfirmed").text)
    assert "Order confirmed" in kind
    assert facts(mona.get(f"/desk/orders/{reference}/story/?story_room=delivery").text) == []
    for nonsense in ("story_after=x", "story_after=99999999999999", "story_order=%F0%9F%90%A2"):
        assert mona.get(f"/desk/orders/{reference}/story/?{nonsense}").status_code == 200


def test_a_long_story_is_shown_a_page_at_a_time_in_as_many_statements_as_a_short_one(
    reference: str, mona: Client
) -> None:
    order_id = orders.find(reference) or 0
    page = f"/desk/orders/{reference}/"
    mona.get(page)
    with CaptureQueriesContext(connection) as short:
        mona.get(page)
    for _ in range(300):
        journal.record([OrderReopened(order_id=order_id)], act=now())
    with CaptureQueriesContext(connection) as long:
        answer = mona.get(page)
    assert len(long) == len(short) <= 33
    shown = facts(answer.text)
    assert len(shown) == ON_ONE_PAGE
    seen = set()
    while True:
        seen |= {int(one) for one in re.findall(r'id="fact-(\d+)"', answer.text)}
        found = re.search(r'href="([^"]+)#story" hx-get="[^"]+story/\?story_after', answer.text)
        if not found:
            break
        answer = mona.get(unescape(found[1]))
    assert seen == set(range(1, queries.head(order_id) + 1))


def test_the_piece_of_the_story_takes_few_statements(reference: str, mona: Client) -> None:
    mona.get(f"/desk/orders/{reference}/story/")
    with CaptureQueriesContext(connection) as few:
        mona.get(f"/desk/orders/{reference}/story/?story_room=orders")
    assert len(few) <= 8
    with CaptureQueriesContext(connection) as fewer:
        mona.get(f"/desk/orders/{reference}/news/?seen={queries.head(orders.find(reference) or 0)}")
    assert len(fewer) <= 6


@pytest.mark.clause("RECD-1")
def test_the_sheets_for_print_and_the_original_are_there(reference: str, femi: Client, mona: Client) -> None:
    sheet = mona.get(f"/desk/orders/{reference}/form/")
    for words in ("Kettle, 1.7 l", "61.80 EUR", "Lindenstraße 9", reference):
        assert words in sheet.text
    assert mona.get(f"/desk/orders/{reference}/form.pdf").content.startswith(b"%PDF-")
    original = mona.get(f"/desk/orders/{reference}/original/")
    assert original.headers["Content-Disposition"].startswith(f'attachment; filename="{reference}-original')
    assert b"Lindenstra" in original.content
    for verb in ("pick", "packing", "shipment"):
        assert (
            femi.post(
                f"/desk/orders/{reference}/{verb}/", {"carrier": "own"} if verb == "shipment" else {"line_1": "1"}
            ).status_code
            == 302
        )
    found = re.search(r"/desk/shipments/\d+/delivery-note/", femi.get(f"/desk/orders/{reference}/").text)
    assert found is not None
    assert "Received in good order" in femi.get(found[0]).text
    for gone in (
        "/desk/orders/M000-000-000/form/",
        "/desk/orders/M000-000-000/original/",
        "/desk/shipments/999999/delivery-note/",
    ):
        assert mona.get(gone).status_code == 404


def test_there_is_no_confirmation_of_what_is_not_confirmed(signed_in: SignedIn, mona: Client) -> None:
    cast.stocked()
    held = reference_of(cast.ordered(cast.draft(payment_pending=True), act=now())[0])
    assert mona.get(f"/desk/orders/{held}/form.pdf").status_code == 404
    page = mona.get(f"/desk/orders/{held}/").text
    assert "form.pdf" not in page
    assert "may be released by Order management, Customer service, Management" in re.sub(r"\s+", " ", page)
