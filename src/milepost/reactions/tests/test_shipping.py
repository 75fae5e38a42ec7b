"""One story of a parcel, told in any order, with repeats, in any batches, means the same for everything that follows from it."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.ground.duties import queries as duties
from milepost.kernel.acts import Act
from milepost.way.cases import queries as cases
from milepost.way.closeout import queries as closeout
from milepost.way.closeout.words import Answer
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import ParcelCard
from milepost.way.orders import queries as orders
from milepost.way.promising import queries as promising
from milepost.way.tracking import commands, queries
from milepost.way.tracking.tests.parcels import hour, shipped
from milepost.way.tracking.tests.stories import STORIES, Story, retold
from milepost.way.tracking.words import EventDraft

pytestmark = pytest.mark.django_db
CARRIER = Act.now("carrier:easypost", channel="webhook", now=hour(300))
Batches = Sequence[Sequence[EventDraft]]


def tell(batches: Batches, parcel: ParcelCard) -> dict[str, Any]:
    """Record the batches; say how everything stands afterwards."""
    for batch in batches:
        commands.record_events(batch, act=CARRIER)
    return standing(parcel)


def standing(parcel: ParcelCard) -> dict[str, Any]:
    order = orders.card(parcel.order_id)
    assert order is not None
    (progress,) = queries.progress([order.id])[order.id]
    (shipment,) = shipments.shipments_of([order.id])[order.id]
    case, asked = cases.delayed([order.id]).get(order.id), closeout.acceptances([order.id]).get(order.id)
    return {
        "timeline": [(s.kind, s.happened_at, s.leg, s.voided) for s in queries.timeline(order.id).get(parcel.id, [])],
        "parcel": (
            progress.stage,
            progress.reached,
            progress.leg,
            progress.delivered_at,
            progress.delay,
            progress.events,
        ),
        "shipment": (shipment.state, shipment.reached, shipment.delivered_at),
        "order": (order.state, order.delivered_at),
        "delay": (case.cause, case.due_was, case.new_latest_on) if case else None,
        # What was told stays told: only while a delay stands must the standing promise be the same in every telling.
        "promise": promising.standing([order.id])[order.id].now.latest_on if case else None,
        "troubles": sorted(c.kind for c in cases.cases_of([order.id]).get(order.id, []) if c.resolved_at is None),
        "asked": asked is not None and asked.state is Answer.ASKED,
        "duties": sorted(duty.kind for duty in duties.duties_of(order.id) if duty.closed_at is None),
    }


@st.composite
def tellings(draw: st.DrawFn) -> tuple[Story, list[list[int]]]:
    """A story, and its events' places in batches: shuffled, some repeated, all told at least once."""
    story = draw(st.sampled_from(STORIES))
    places = range(len(story.told))
    repeats = draw(st.lists(st.sampled_from(places), max_size=5))
    order = draw(st.permutations([*places, *repeats]))
    cuts = sorted(draw(st.sets(st.integers(1, len(order)), max_size=len(order))) | {len(order)})
    return story, [order[start:end] for start, end in zip([0, *cuts], cuts, strict=False)]


@pytest.mark.clause("TRK-2")
def test_no_order_no_repeat_and_no_batching_of_a_story_changes_how_everything_stands() -> None:
    plain, other = shipped(2)

    @settings(max_examples=60)
    @given(tellings())
    def told(telling: tuple[Story, list[list[int]]]) -> None:
        story, batches = telling
        with transaction.atomic():
            one_by_one = tell([[draft] for draft in retold(story.told, plain.id)], plain)
            drafts = retold(story.told, other.id)
            by_batches = tell([[drafts[place] for place in batch] for batch in batches], other)
            transaction.set_rollback(True)
        assert by_batches == one_by_one

    told()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_backwards_is_the_same_too_and_each_story_ends_where_it_should(story: Story) -> None:
    plain, other = shipped(2)
    found = tell([retold(story.told, plain.id)], plain)
    assert tell([[draft] for draft in reversed(retold(story.told, other.id))], other) == found
    assert found["order"][0] == story.reached
    assert bool(found["delay"]) == bool(story.delay)
