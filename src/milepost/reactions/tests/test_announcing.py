"""Webhooks out, from the fact to the peer's book, on a real database."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.duties import queries as duties
from milepost.ground.procedures import queries as procedures
from milepost.ground.webhooks import commands, queries, rules
from milepost.ground.webhooks.words import Answer, Call, EndpointDraft, Sent, Standing, State
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.reactions.announcing import PUBLIC, TYPES, events_of, events_since
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import Shipping
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("NTF-1")]


class Peer:
    """A peer that keeps what it is told, and answers as the test says."""

    def __init__(self) -> None:
        self.told: list[Call] = []
        self.status: int | None = 200

    def call(self, calls: Sequence[Call]) -> Mapping[UUID, Answer]:
        self.told += calls
        return {call.delivery_id: Answer(status=self.status) for call in calls}

    @property
    def events(self) -> list[dict[str, str]]:
        return [json.loads(call.body) for call in self.told]


def subscribed(*types: str, act: Act = cast.OMAR) -> tuple[UUID, str]:
    draft = EndpointDraft(url="https://peer.example/hook", name="Warehouse", types=types or ("*",))
    (opened,) = commands.open_endpoints([draft], known=TYPES, act=act)
    return opened.id, opened.secret


def at(when: datetime) -> Act:
    return Act.now("system:webhooks", channel="worker", now=when)


def drain(peer: Peer, *, later: timedelta = timedelta(0)) -> Sent:
    """One round of a worker. Nothing is committed within a test, so what ends with a transaction is ended here."""
    connection.run_on_commit.clear()
    act = at(cast.OMAR.recorded_at + timedelta(minutes=1) + later)
    while commands.plan_news(events_since, act=act):
        pass
    return commands.send_due(peer, act=act)


def order() -> int:
    cast.stocked()
    return cast.ordered()[0]


def test_a_peer_is_told_of_each_event_in_sequence_signed_and_under_a_lasting_id() -> None:
    _, secret = subscribed()
    order_id, peer = order(), Peer()
    drain(peer)
    names = [event["type"] for event in peer.events]
    assert names[0] == "org.milepost.order.received"
    assert "org.milepost.order.confirmed" in names
    sequences = [int(event["sequence"]) for event in peer.events]
    assert sequences == sorted(sequences)
    assert [int(event["previoussequence"]) for event in peer.events] == [0, *sequences[:-1]]
    for call, event in zip(peer.told, peer.events, strict=True):
        assert (call.headers["webhook-id"], event["specversion"]) == (event["id"], "1.0")
        assert event["id"] == f"{event['subject']}.{event['sequence']}"
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = rules.signature(
            [key], event_id=event["id"], timestamp=int(call.headers["webhook-timestamp"]), body=call.body
        )
        assert call.headers["webhook-signature"] == expected
    assert events_of(order_id) == [{k: v for k, v in event.items() if k != "previoussequence"} for event in peer.events]


def test_nothing_that_is_personal_is_told() -> None:
    subscribed()
    order()
    peer = Peer()
    drain(peer)
    everything = b"".join(call.body for call in peer.told).decode()
    for word in (cast.ADA.name, cast.ADA.email, *cast.ADA.name.split()):
        assert word not in everything


def test_who_is_not_subscribed_costs_nothing_and_is_told_nothing_of_before() -> None:
    order()
    assert commands.plan_news(events_since, act=at(cast.OMAR.recorded_at)) == 0
    subscribed(act=replace(cast.OMAR, at=cast.OMAR.at + timedelta(seconds=1)))
    peer = Peer()
    drain(peer)
    assert peer.told == []


def test_only_the_types_that_were_asked_for_are_told_and_a_gap_can_be_seen_and_closed() -> None:
    subscribed("order.received", "shipment.shipped")
    order_id, peer = order(), Peer()
    drain(peer)
    fulfilment.ship([Shipping(order_id=order_id)], act=cast.OMAR)
    drain(peer, later=timedelta(minutes=1))
    assert [event["type"].removeprefix("org.milepost.") for event in peer.events] == [
        "order.received",
        "shipment.shipped",
    ]
    first, second = peer.events
    assert second["previoussequence"] == first["sequence"]
    missed = events_of(order_id, after=int(first["sequence"]))
    assert "org.milepost.order.confirmed" in [event["type"] for event in missed]
    assert all(int(event["sequence"]) > int(first["sequence"]) for event in missed)


def test_planning_and_sending_again_tells_nothing_twice() -> None:
    subscribed()
    order()
    peer = Peer()
    drain(peer)
    count = len(peer.told)
    assert (drain(peer).total, len(peer.told)) == (0, count)


def test_what_fails_is_tried_again_with_the_same_id_and_bytes_until_it_arrives() -> None:
    endpoint_id, _ = subscribed("order.received")
    order()
    peer = Peer()
    peer.status = 503
    assert drain(peer).later == 1
    assert queries.endpoint(endpoint_id).failing_since is not None
    peer.status = 200
    assert drain(peer, later=timedelta(days=1)).delivered == 1
    first, second = peer.told
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    (delivery,) = queries.deliveries(endpoint_id)
    known = queries.delivery(delivery.id)
    assert known is not None
    assert [one.status for one in known.tries] == [503, 200]
    assert queries.endpoint(endpoint_id).failing_since is None


def test_a_worker_that_died_while_calling_leaves_the_delivery_to_others() -> None:
    subscribed("order.received")
    order()

    class Killed(Exception):
        """The worker is no more."""

    class Dies(Peer):
        def call(self, calls: Sequence[Call]) -> Mapping[UUID, Answer]:
            super().call(calls)
            raise Killed

    dies, peer = Dies(), Peer()
    with pytest.raises(Killed):
        drain(dies)
    assert drain(peer).total == 0, "the lease stands"
    assert drain(peer, later=timedelta(minutes=5)).delivered == 1
    assert dies.told[0].headers["webhook-id"] == peer.told[0].headers["webhook-id"]


def test_410_stops_the_subscription_and_asks_a_person() -> None:
    endpoint_id, _ = subscribed()
    order()
    peer = Peer()
    peer.status = 410
    drain(peer)
    card = queries.endpoint(endpoint_id)
    assert card is not None
    assert card.standing is Standing.GONE
    assert {one.state for one in queries.deliveries(endpoint_id)} == {State.DROPPED}
    assert "it_repair" in [duty.kind for duty in duties.open_duties(["it_support"])]
    peer.status = 200
    order()
    assert drain(peer, later=timedelta(days=1)).total == 0


def test_an_endpoint_that_nothing_has_reached_for_days_is_stopped_and_can_be_resumed() -> None:
    endpoint_id, _ = subscribed("order.received")
    order()
    peer = Peer()
    peer.status = None
    days = timedelta(days=procedures.book().webhooks.give_up_days, hours=1)
    drain(peer)
    drain(peer, later=days)
    assert queries.endpoint(endpoint_id).standing is Standing.GIVEN_UP
    peer.status = 200
    commands.resume(endpoint_id, act=at(cast.OMAR.recorded_at + days))
    assert drain(peer, later=days).delivered == 1


def test_what_happens_while_it_is_paused_waits() -> None:
    endpoint_id, _ = subscribed("order.received")
    other, _ = subscribed("order.received")
    commands.pause(endpoint_id, act=cast.OMAR)
    order()
    peer = Peer()
    assert drain(peer).delivered == 1
    commands.resume(endpoint_id, act=cast.OMAR)
    assert drain(peer, later=timedelta(minutes=1)).delivered == 1
    assert {one.endpoint_id for one in queries.deliveries(other)} == {other}


def test_a_new_secret_signs_beside_the_former_one_for_a_while() -> None:
    endpoint_id, former = subscribed("order.received")
    renewed = commands.rotate(endpoint_id, act=cast.OMAR).secret
    order()
    peer = Peer()
    drain(peer)
    assert len(peer.told[0].headers["webhook-signature"].split(" ")) == 2
    assert former != renewed
    hours = timedelta(hours=procedures.book().webhooks.rotation_hours + 1)
    commands.replay(endpoint_id, since=cast.MONDAY - timedelta(days=9), act=cast.OMAR)
    drain(peer, later=hours)
    assert len(peer.told[-1].headers["webhook-signature"].split(" ")) == 1


def test_events_are_replayed_with_their_ids() -> None:
    endpoint_id, _ = subscribed()
    order()
    peer = Peer()
    drain(peer)
    told = [call.headers["webhook-id"] for call in peer.told]
    assert commands.replay(endpoint_id, delivery_ids=[peer.told[0].delivery_id], act=cast.OMAR) == 1
    drain(peer, later=timedelta(minutes=1))
    assert [call.headers["webhook-id"] for call in peer.told] == [*told, told[0]]
    with pytest.raises(Refused):
        commands.replay(UUID(int=1), failed=True, act=cast.OMAR)


def test_history_is_told_to_nobody() -> None:
    subscribed()
    cast.stocked()
    order_id = cast.ordered()[0]
    peer = Peer()
    drain(peer)
    before = len(peer.told)
    fulfilment.ship([Shipping(order_id=order_id)], act=cast.OMAR.in_the_past(cast.MONDAY))
    drain(peer, later=timedelta(minutes=1))
    assert len(peer.told) == before


def test_hundreds_are_sent_in_as_many_statements_as_a_few() -> None:
    subscribed()
    counts: list[int] = []
    for orders in (1, 6):
        cast.stocked()
        cast.ordered(*[cast.an_order() for _ in range(orders)]) if hasattr(cast, "an_order") else [
            order() for _ in range(orders)
        ]
        with CaptureQueriesContext(connection) as taken:
            assert drain(Peer(), later=timedelta(minutes=len(counts))).total
        counts.append(len(taken))
    assert counts[1] <= counts[0] + 1


def test_every_public_event_has_one_name_of_its_own() -> None:
    assert len(set(TYPES)) == len(PUBLIC)
    assert all(name.count(".") == 1 and name.islower() for name in TYPES)
