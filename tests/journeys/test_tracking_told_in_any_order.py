"""The same story of a parcel in any order sends the customer the same messages, once the worker comes round."""

import random
from collections import Counter

import pytest

from milepost.config import errands
from milepost.ground.notices import queries as notices
from milepost.kernel.acts import Act
from milepost.way.tracking import commands
from milepost.way.tracking.tests.parcels import hour, shipped
from milepost.way.tracking.tests.stories import STORIES, retold

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
    parcels = shipped(len(STORIES) * (1 + TELLINGS))
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
