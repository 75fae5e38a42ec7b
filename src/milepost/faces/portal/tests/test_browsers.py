"""Browsers that ask for pushes on the tracking page and on the page of preferences."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from milepost.faces.portal.tests.signing_in import signed_in
from milepost.ground.access import links
from milepost.ground.notices import people
from milepost.ground.notices.tests.test_browsers_and_seen import DRAFT
from milepost.kernel.acts import Act
from milepost.way.orders import queries as orders
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("NTF-2")]
SAID = {"endpoint": DRAFT.endpoint, "expirationTime": None, "keys": {"p256dh": DRAFT.p256dh, "auth": DRAFT.auth}}


@pytest.fixture
def order_id() -> int:
    cast.stocked()
    return cast.ordered(act=Act.now("key:1", channel="api", now=datetime.now(UTC)))[0]


@pytest.fixture
def push_set_up(settings) -> None:
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = "private", "public-key"


def track(order_id: int) -> str:
    return f"/t/{links.make('track', order_id, now=datetime.now(UTC))}/"


def key_of(order_id: int) -> str:
    return f"customer:{orders.contacts([order_id])[order_id].customer_id}"


def send(client: Client, url: str, said: object, method: str = "post"):
    return getattr(client, method)(url, json.dumps(said), content_type="application/json")


def wanted_by(order_id: int) -> list[int | None]:
    return [one.order_id for one in people.browsers([key_of(order_id)]).get(key_of(order_id), [])]


def test_whoever_has_the_link_of_an_order_hears_of_that_order_only_until_they_say_no_more(order_id: int):
    url = f"{track(order_id)}browser/"
    assert send(Client(enforce_csrf_checks=True), url, SAID).status_code == 204
    assert wanted_by(order_id) == [order_id]
    assert send(Client(), url, SAID, "delete").status_code == 204
    assert wanted_by(order_id) == []


def test_the_link_to_the_preferences_and_who_is_signed_in_hear_of_all_orders(order_id: int):
    customer_id = int(key_of(order_id).partition(":")[2])
    token = links.make("preferences", customer_id, now=datetime.now(UTC))
    assert send(Client(), f"/t/preferences/{token}/browser/", SAID).status_code == 204
    assert wanted_by(order_id) == [None]
    client = signed_in()
    assert send(client, "/shop/preferences/browser/", SAID, "delete").status_code == 204
    assert wanted_by(order_id) == []
    assert send(client, "/shop/preferences/browser/", SAID).status_code == 204
    assert wanted_by(order_id) == [None]


@pytest.mark.parametrize(
    "said",
    [
        None, [], "x", {}, {"endpoint": DRAFT.endpoint}, {**SAID, "keys": {}}, {**SAID, "keys": {"p256dh": 1, "auth": 2}},
        {**SAID, "endpoint": "https://169.254.169.254/"}, {**SAID, "endpoint": "https://fcm.googleapis.com/" + "x" * 9000},
    ],
)  # fmt: skip
def test_what_is_no_subscription_is_refused_with_a_sentence(order_id: int, said: object):
    answer = send(Client(), f"{track(order_id)}browser/", said)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_subscription")
    assert wanted_by(order_id) == []


def test_a_forged_link_gets_nothing(order_id: int):
    assert send(Client(), f"{track(order_id)[:-4]}AAA/browser/", SAID).status_code == 404
    assert Client().get(f"{track(order_id)}browser/").status_code == 405


def test_it_is_offered_only_where_it_is_set_up(order_id: int, settings):
    settings.VAPID_PRIVATE_KEY = settings.VAPID_PUBLIC_KEY = ""
    assert "data-push" not in Client().get(track(order_id)).text


def test_where_it_is_set_up_the_page_offers_it_with_our_key(order_id: int, push_set_up: None):
    page = Client().get(track(order_id)).text
    assert 'data-push="public-key"' in page
    assert "hidden>" in page.partition("data-push=")[2]


def test_the_service_worker_comes_from_our_own_root(db: None):
    answer = Client().get("/push-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "showNotification" in answer.text
    assert Client().post("/push-worker.js").status_code == 405
