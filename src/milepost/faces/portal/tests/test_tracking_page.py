"""The tracking page behind its link."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from milepost.ground.access import links
from milepost.kernel.acts import Act
from milepost.way.closeout import queries as closeout
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import Shipping
from milepost.way.orders import queries as orders
from milepost.way.orders.words import State
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind
from tests import cast

pytestmark = pytest.mark.django_db


def act(actor: str = "key:1") -> Act:
    return Act.now(actor, channel="api", now=datetime.now(UTC))


@pytest.fixture
def order_id() -> int:
    """Ada's order, confirmed a moment ago."""
    cast.stocked()
    return cast.ordered(act=act())[0]


def link(order_id: int, purpose: str = "track", *, days_ago: int = 0) -> str:
    token = links.make(purpose, order_id, now=timezone.now() - timedelta(days=days_ago))
    return f"/t/{token}/" if purpose == "track" else f"/t/feedback/{token}/"


def look(where: str, **headers: str):
    return Client().get(where, headers=headers)


def delivered(order_id: int) -> None:
    fulfilment.pick([order_id], act=act())
    fulfilment.ship([Shipping(order_id=order_id)], act=act())
    parcel = shipments.shipments_of([order_id])[order_id][0].parcels[0]
    tracking.record_events(
        [
            EventDraft(
                kind=Kind.DELIVERED, happened_at=datetime.now(UTC), parcel_id=parcel.id, place="Berlin",
                received_by="Neighbour Schmidt", message="Left with Schmidt",
            )
        ],
        act=act("carrier:dhl"),
    )  # fmt: skip


@pytest.mark.clause("TRK-3")
@pytest.mark.clause("INQ-4")
def test_the_page_says_first_what_happens_next_and_then_shows_way_contents_and_contact(order_id: int):
    page = look(link(order_id)).text
    heading = page.split("<h1>")[1].split("</h1>")[0]
    assert "We are getting your order ready. It should be with you" in heading
    assert "<time" in heading
    for words in ("Ordered", "Confirmed", "Kettle, 1.7 l", "2 ×"):
        assert words in page


@pytest.mark.clause("NTF-6")
def test_a_contact_for_questions_is_on_every_page_even_where_the_link_is_dead(order_id: int):
    for where in (link(order_id), link(order_id, "feedback"), "/t/dead/", link(order_id, days_ago=400)):
        page = look(where).text
        assert "mailto:help@milepost.example" in page
        assert "tel:+4930901820" in page


def test_the_page_shows_neither_name_nor_street_nor_contact_nor_carriers_remarks(order_id: int):
    delivered(order_id)
    page = look(link(order_id)).text
    for secret in ("Okafor", "Ada", "Lindenstra", "10969", "okafor.example", "901820 ", "Schmidt"):
        assert secret not in page
    assert "Berlin" in page


def test_a_parcel_shows_its_tracking_number_and_events(order_id: int):
    delivered(order_id)
    page = look(link(order_id)).text
    number = shipments.shipments_of([order_id])[order_id][0].parcels[0].tracking_number
    assert number in page
    assert "Delivered · <bdi>Berlin</bdi>" in page
    assert "Your order was delivered" in page


def test_times_are_those_of_the_recipients_place():
    cast.stocked()
    at = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
    (far,) = cast.ordered(cast.draft(zone="Asia/Tokyo"), act=Act.now("key:1", channel="api", now=at))
    assert '<time datetime="2026-11-17T08:30+09:00"' in look(link(far)).text


def test_wrong_unknown_and_revoked_links_are_answered_alike(order_id: int):
    good = link(order_id)
    revoked = link(order_id)
    links.revoke(order_id, "track", act=act())
    forged = good[:-2] + ("A" if good[-2] != "A" else "B") + "/"
    other_purpose = "/t/" + link(order_id, "feedback").removeprefix("/t/feedback/")
    nobodys = link(987_654_321)
    expired = link(order_id, days_ago=400)
    dead = (revoked, forged, other_purpose, nobodys, expired, "/t/nonsense/", "/t/%F0%9F%90%A2/")
    for more in ("", "code/", "details/", "map.svg", "delivery.ics", "confirmation.pdf", "delivery-notes/1.pdf"):
        answers, statements = [], []
        for where in dead:
            with CaptureQueriesContext(connection) as asked:
                answers.append(look(where + more))
            statements.append([re.sub(r"\d+", "N", one["sql"]) for one in asked.captured_queries])
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({repr(sorted(answer.headers.items())) for answer in answers}) == 1
        assert [len(one) for one in statements] == [2] * len(dead), more
        assert len({repr(one) for one in statements}) == 1
        assert "This link leads nowhere." in answers[0].text


def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is(order_id: int):
    where = link(order_id)
    first = look(where)
    assert look(where, if_none_match=first.headers["ETag"]).status_code == 304
    fulfilment.pick([order_id], act=act())
    fulfilment.ship([Shipping(order_id=order_id)], act=act())
    assert look(where, if_none_match=first.headers["ETag"]).status_code == 200


def test_the_page_sets_no_cookie_and_keeps_its_address_to_itself(order_id: int):
    answer = look(link(order_id))
    assert not answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert len(answer.content) < 60_000


@pytest.mark.clause("CLO-2")
def test_the_customer_says_that_all_is_well_and_the_order_is_completed(order_id: int):
    delivered(order_id)
    where = link(order_id)
    assert "Yes, all is well" in look(where).text
    answer = Client().post(where + "acceptance/", follow=True)
    assert "We are glad that all is well." in answer.text
    assert "Yes, all is well" not in answer.text
    assert orders.states([order_id])[order_id] == State.COMPLETED


@pytest.mark.clause("CLO-2")
def test_something_is_wrong_reaches_the_desk_and_the_order_stays_open(order_id: int):
    delivered(order_id)
    where = link(order_id)
    refused = Client().post(where + "complaints/", {"what": " "})
    assert refused.status_code == 422
    assert "A few words help us to put it right." in refused.text
    answer = Client().post(where + "complaints/", {"what": "One mug is broken"}, follow=True)
    assert "Somebody will contact you" in answer.text
    assert closeout.acceptances([order_id])[order_id].dispute == "One mug is broken"
    assert orders.states([order_id])[order_id] == State.DELIVERED


@pytest.mark.clause("CLO-1")
@pytest.mark.parametrize("purpose", ["track", "feedback"])
def test_a_rating_with_a_comment_is_kept(purpose: str, order_id: int):
    delivered(order_id)
    where = link(order_id, purpose) + ("feedback/" if purpose == "track" else "")
    answer = Client().post(where, {"rating": "4", "comment": "Came quickly"}, follow=True)
    assert "Thank you. Your rating has arrived." in answer.text
    (kept,) = closeout.feedback_of([order_id])[order_id]
    assert (kept.rating, kept.comment) == (4, "Came quickly")


@pytest.mark.parametrize("rating", ["", "0", "6", "five", "4.5"])
def test_a_rating_that_is_none_is_refused(rating: str, order_id: int):
    delivered(order_id)
    answer = Client().post(link(order_id) + "feedback/", {"rating": rating})
    assert answer.status_code == 422
    assert "Choose one to five and send it again." in answer.text
    assert closeout.feedback_of([order_id]) == {}


@pytest.mark.parametrize(("what", "status"), [("feedback/", 409), ("acceptance/", 409), ("complaints/", 409)])
def test_before_it_has_arrived_nothing_can_be_said_of_it(what: str, status: int, order_id: int):
    answer = Client().post(link(order_id) + what, {"rating": "5", "what": "Where is it?"})
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert closeout.feedback_of([order_id]) == {}


@pytest.mark.parametrize("what", ["feedback/", "acceptance/", "complaints/"])
def test_what_is_said_through_a_dead_link_changes_nothing(what: str, order_id: int):
    delivered(order_id)
    dead = link(order_id)
    links.revoke(order_id, "track", act=act())
    assert Client().post(dead + what, {"rating": "5", "what": "x"}).status_code == 404
    assert closeout.feedback_of([order_id]) == {}
    assert orders.states([order_id])[order_id] == State.DELIVERED


def test_saying_something_needs_a_post(order_id: int):
    for what in ("feedback/", "acceptance/", "complaints/"):
        assert look(link(order_id) + what).status_code == 405


@pytest.mark.clause("EXC-2")
def test_an_order_past_its_promise_says_so_first(order_id: int):
    cast.stocked()
    long_ago = Act.now("key:1", channel="api", now=datetime.now(UTC) - timedelta(days=60))
    (late,) = cast.ordered(cast.draft(external_ref="LATE"), act=long_ago)
    assert "Your order should be with you already." in look(link(late)).text


def test_the_page_takes_as_many_statements_whatever_the_order_has(order_id: int, django_assert_max_num_queries):
    delivered(order_id)
    where = link(order_id)
    with django_assert_max_num_queries(22):
        look(where)
