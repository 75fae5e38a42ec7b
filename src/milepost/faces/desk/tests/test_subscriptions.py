"""Subscriptions on the desk: opened with a secret that is shown once, watched, stopped, and delivered again."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from milepost.faces.desk.tests.conftest import SignedIn
from milepost.ground.webhooks import commands, queries
from milepost.ground.webhooks.words import Answer, Call, Standing
from milepost.kernel.acts import Act
from milepost.reactions.announcing import events_since
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("OPS-1")]

PAGE = "/desk/subscriptions/"


class Peer:
    """A peer that answers as the test says."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.calls: list[Call] = []

    def call(self, calls: Sequence[Call]) -> Mapping[UUID, Answer]:
        self.calls += calls
        return {call.delivery_id: Answer(status=self.status) for call in calls}


@pytest.fixture
def ivo(signed_in: SignedIn) -> Client:
    """Ivo of IT support."""
    return signed_in("it_support", name="Ivo")


def opened(client: Client) -> UUID:
    words = {"url": "https://peer.example/hook", "name": "Warehouse", "types": ["order.received"]}
    answer = client.post(PAGE, words)
    assert answer.status_code == 201
    assert re.search(r"whsec_[A-Za-z0-9+/=]{40,}", answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    return queries.endpoints()[0].id


def work(peer: Peer) -> None:
    connection.run_on_commit.clear()
    endpoint = queries.endpoints()[0]
    act = Act.now("system:webhooks", channel="worker", now=endpoint.opened_at + timedelta(days=1))
    commands.plan_news(events_since, act=act)
    commands.send_due(peer, act=act)


def receive() -> None:
    """An order that comes after the subscription was opened."""
    opened_at = queries.endpoints()[0].opened_at
    cast.stocked()
    cast.ordered(act=Act.now("key:1", channel="api", now=opened_at + timedelta(minutes=1)))


def test_the_secret_is_shown_once_and_never_again(ivo: Client) -> None:
    endpoint = opened(ivo)
    for address in (PAGE, f"{PAGE}{endpoint}/"):
        assert "whsec_" not in ivo.get(address).content.decode()
    renewed = ivo.post(f"{PAGE}{endpoint}/change/", {"verb": "rotate"}).content.decode()
    assert "whsec_" in renewed
    assert "signs beside it until" in renewed


def test_a_bad_address_is_refused_with_what_to_do(ivo: Client) -> None:
    answer = ivo.post(PAGE, {"url": "http://127.0.0.1/", "types": []})
    assert answer.status_code == 422
    assert "begins with https://" in answer.content.decode()
    assert queries.endpoints() == []


def test_what_failed_is_seen_and_delivered_again(ivo: Client) -> None:
    endpoint = opened(ivo)
    receive()
    work(Peer(500))
    page = ivo.get(f"{PAGE}{endpoint}/").content.decode()
    assert "order.received" in page
    (delivery,) = queries.deliveries(endpoint)
    one = ivo.get(f"{PAGE}deliveries/{delivery.id}/").content.decode()
    assert "500" in one
    assert "org.milepost.order.received" in one
    ivo.post(f"{PAGE}{endpoint}/replay/", {"delivery": str(delivery.id)})
    peer = Peer(200)
    work(peer)
    assert [call.delivery_id for call in peer.calls] == [delivery.id]


@pytest.mark.parametrize(("verb", "standing"), [("pause", Standing.PAUSED), ("close", Standing.GONE)])
def test_a_subscription_is_stopped_and_resumed(ivo: Client, verb: str, standing: Standing) -> None:
    endpoint = opened(ivo)
    ivo.post(f"{PAGE}{endpoint}/change/", {"verb": verb})
    assert queries.endpoints()[0].standing is standing
    ivo.post(f"{PAGE}{endpoint}/change/", {"verb": "resume"})
    assert queries.endpoints()[0].standing is Standing.ACTIVE


def test_who_only_reads_changes_nothing(ivo: Client, signed_in: SignedIn) -> None:
    endpoint = opened(ivo)
    auditor = signed_in("auditor", name="Ida")
    assert auditor.get(f"{PAGE}{endpoint}/").status_code == 200
    assert auditor.post(PAGE, {"url": "https://peer.example/"}).status_code == 403
    assert auditor.post(f"{PAGE}{endpoint}/change/", {"verb": "close"}).status_code == 403
    assert signed_in("fulfilment", name="Femi").get(PAGE).status_code == 403


@pytest.mark.parametrize("address", [f"{PAGE}{UUID(int=7)}/", f"{PAGE}deliveries/{UUID(int=7)}/"])
def test_what_is_not_there_is_not_found(ivo: Client, address: str) -> None:
    assert ivo.get(address).status_code == 404
