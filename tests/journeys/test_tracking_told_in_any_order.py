"""The same story of a parcel in any order sends the customer the same messages, once the worker comes round."""

import random
from collections import Counter

import pytest

from milepost.config import errands
from milepost.ground.notices import queries as notices
from milepost.kernel.acts import Act
from milepost.way.fulfilment.words import ParcelCard
from milepost.way.orders import queries as orders
from milepost.way.tracking import commands
from milepost.way.tracking import queries as tracking
from milepost.way.tracking.models import ParcelProgress
from milepost.way.tracking.tests.parcels import hour, shipped
from milepost.way.tracking.tests.stories import STORIES, retold
from milepost.way.tracking.tests.tales import about, tale
from milepost.way.tracking.words import EventDraft

CARRIER = Act.now("carrier:easypost", channel="webhook", now=hour(300))
TELLINGS = 4


def drain() -> None:
    """The worker sends all that is due."""
    while errands.send_notices(hour(301)):
        pass


def sent(order_id: int) -> Counter[str]:
    """What left by e-mail, how often. What pages show (portal, desk) is shown at once and sent to nobody."""
    return Counter(n.template for n in notices.notices_of(order_id) if n.state == "sent" and n.channel == "email")


@pytest.mark.clause("NTF-1")
@pytest.mark.django_db(transaction=True)
def test_every_telling_of_every_story_sends_the_same_messages() -> None:
    """The messages up to the hand-over leave; each parcel's story is told, each in another order; then the rest leaves."""
    chance = random.Random(20261116)
    parcels = shipped(len(STORIES) * (1 + TELLINGS), strangers=True)
    drain()
    before = {parcel.order_id: sent(parcel.order_id) for parcel in parcels}
    told = dict(zip((p.order_id for p in parcels), (s for s in STORIES for _ in range(1 + TELLINGS)), strict=True))
    for place, parcel in enumerate(parcels):
        drafts = retold(told[parcel.order_id].told, parcel.id)
        if place % (1 + TELLINGS):
            drafts = [*drafts, *chance.sample(drafts, chance.randrange(len(drafts) + 1))]
            chance.shuffle(drafts)
        while drafts:
            size = chance.randrange(1, len(drafts) + 1) if place % (1 + TELLINGS) else 1
            batch, drafts = drafts[:size], drafts[size:]
            commands.record_events(batch, act=CARRIER)
    drain()
    after = {order_id: sent(order_id) - before[order_id] for order_id in told}
    different = [
        (story.name, [dict(after[order_id]) for order_id, its in told.items() if its is story])
        for story in STORIES
        if len({frozenset(after[order_id].items()) for order_id, its in told.items() if its is story}) > 1
    ]
    assert different == []
    assert all(found["shipment_notice"] == 1 for found in before.values())
    delivered = [order_id for order_id, story in told.items() if story.reached == "delivered"]
    assert {after[order_id]["delivery_confirmation"] for order_id in delivered} == {1}
    assert {after[order_id]["delay_notice"] for order_id, story in told.items() if story.delay} == {1}


def what_stands(parcel: ParcelCard) -> dict[str, object]:
    """All that follows from a parcel's story: its timeline with legs, its row, its order, and the messages that left."""
    row = ParcelProgress.objects.filter(parcel_id=parcel.id).values(
        "stage", "reached", "leg", "events", "since_at", "delivered_at", "delivered_as", "delay_cause", "delay_since_at",
        "delay_estimate_on", "last_event_at", "corrected",
    )  # fmt: skip
    lines = tracking.timeline(parcel.order_id)[parcel.id]
    return {
        "timeline": sorted(
            (s.happened_at, s.kind, str(s.cause), str(s.estimate_on), s.place, s.message, s.leg, s.voided, s.acts)
            for s in lines
        ),
        "progress": row.get(),
        "order": orders.states([parcel.order_id])[parcel.order_id],
        "messages": sent(parcel.order_id),
    }


def tell(parcel: ParcelCard, told: list[EventDraft], chance: random.Random, *, between: bool = False) -> None:
    """Tell a story in another order, some of it twice, in pieces; `between`: the worker comes round after each piece."""
    drafts = [*told, *chance.sample(told, chance.randrange(len(told)))]
    chance.shuffle(drafts)
    if chance.random() < 0.5:
        drafts.sort(key=lambda draft: draft.happened_at.timestamp() + chance.gauss(0, 20_000))
    while drafts:
        size = chance.choice((1, 1, 2, 5, 20, 60))
        batch, drafts = drafts[:size], drafts[size:]
        commands.record_events(batch, act=CARRIER)
        if between:
            drain()


@pytest.mark.clause("TRK-2")
@pytest.mark.django_db(transaction=True)
def test_long_stories_with_corrections_leave_the_same_books_and_the_same_messages_in_any_order() -> None:
    """What leaves when the worker comes round at the end is the same for all; each is told at once, then in four other ways."""
    chance = random.Random(4)
    tales = [tale(random.Random(seed), events=42, wild=seed % 3 == 0) for seed in range(6)]
    parcels = shipped(len(tales) * (1 + TELLINGS), strangers=True)
    drain()
    for place, parcel in enumerate(parcels):
        told = about(tales[place // (1 + TELLINGS)], parcel.id)
        if place % (1 + TELLINGS) == 0:
            commands.record_events(told, act=CARRIER)
        else:
            tell(parcel, told, chance)
    drain()
    different = []
    for place in range(0, len(parcels), 1 + TELLINGS):
        first, *others = [what_stands(parcel) for parcel in parcels[place : place + 1 + TELLINGS]]
        different += [
            (place // (1 + TELLINGS), key, value, other[key])
            for other in others
            for key, value in first.items()
            if other[key] != value
        ]
    assert different == []


@pytest.mark.clause("NTF-1")
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_comes_round_in_between_tells_more_on_the_way_but_nothing_less_and_nothing_twice() -> None:
    chance = random.Random(11)
    tales = [tale(random.Random(seed), events=40, wild=False) for seed in range(20, 24)]
    parcels = shipped(2 * len(tales), strangers=True)
    drain()
    for told, at_once, by_and_by in zip(tales, parcels[::2], parcels[1::2], strict=True):
        commands.record_events(about(told, at_once.id), act=CARRIER)
        tell(by_and_by, about(told, by_and_by.id), chance, between=True)
    drain()
    for at_once, by_and_by in zip(parcels[::2], parcels[1::2], strict=True):
        found = notices.notices_of(by_and_by.order_id)
        in_digest = {n.template for n in found if n.reason == "budget"}
        assert set(sent(at_once.order_id)) <= set(sent(by_and_by.order_id)) | in_digest
        keys = [(n.template, n.milestone, n.recipient_key, n.channel) for n in found if n.state == "sent"]
        assert len(keys) == len(set(keys))
