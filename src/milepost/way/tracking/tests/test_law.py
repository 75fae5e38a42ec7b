"""The law of the ledger, on long stories: any order, any multiplicity, any batches, corrections before or after their targets."""

from collections.abc import Iterable, Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.way.tracking import rules
from milepost.way.tracking.rules import NOTHING_YET, followed, only_lengthens, standing, tells_all, timeline
from milepost.way.tracking.tests.stories import event, said
from milepost.way.tracking.tests.tales import LONG_STORIES, tale
from milepost.way.tracking.words import DELIVERIES, Event, Kind, Stage, Standing

LONG = [[event(draft) for draft in story] for story in LONG_STORIES]


@pytest.mark.clause("TRK-2")
@settings(max_examples=1200, deadline=None)
@given(st.data())
def test_a_long_story_means_the_same_in_any_order_and_however_often_it_is_told(data: st.DataObject) -> None:
    story = data.draw(st.sampled_from(LONG))
    assert len(story) >= 40
    told = data.draw(st.permutations(story + story[: data.draw(st.integers(0, 12))]))
    assert standing(told) == standing(story)
    assert timeline(told) == timeline(story)


@pytest.mark.clause("TRK-2")
@settings(max_examples=1200, deadline=None)
@given(st.integers(0, 2**63))
def test_what_is_kept_and_carried_on_batch_by_batch_is_what_the_whole_story_means(seed: int) -> None:
    chance = Random(seed)
    story = [event(draft) for draft in tale(chance, events=chance.randrange(40, 70))]
    told = story + chance.sample(story, chance.randrange(len(story)))
    chance.shuffle(told)
    if chance.random() < 0.5:  # nearly in order, as carriers tell it
        told.sort(key=lambda e: e.happened_at.timestamp() + chance.gauss(0, 3600 * chance.choice((0.1, 5))))
    assert carried(batches(told, chance)) == standing(story)


def batches(told: Sequence[Event], chance: Random) -> list[list[Event]]:
    """The story in pieces of any size."""
    cuts = sorted(chance.sample(range(1, len(told)), chance.randrange(len(told))))
    return [list(told[a:b]) for a, b in zip([0, *cuts], [*cuts, len(told)], strict=True)]


def carried(told: Iterable[Sequence[Event]]) -> Standing:
    """What the command keeps after each batch: carried on where the rules allow it, else read again."""
    known: dict[object, Event] = {}
    kept = NOTHING_YET
    for batch in told:
        new = list({e.id: e for e in batch if e.id not in known}.values())
        known |= {e.id: e for e in new}
        corrected = any(e.corrects is not None for e in known.values())
        later = all(kept.last_event_at is None or e.happened_at > kept.last_event_at for e in new)
        if corrected or not later or not tells_all(kept.stage, kept.delay.cause if kept.delay else ""):
            kept = standing(known.values())
        elif all(only_lengthens(e.kind, kept.stage, kept.reached, kept.leg) for e in new):
            kept = kept._replace(last_event_at=max((e.happened_at for e in new), default=kept.last_event_at))
        else:
            kept = followed(sorted(new, key=rules.in_time), kept)
    return kept


def test_the_long_stories_hold_what_makes_them_hard() -> None:
    def some(holds: object) -> bool:
        return sum(map(holds, LONG)) >= 2  # type: ignore[call-overload]

    assert some(lambda story: standing(story).leg > 1)
    assert some(lambda story: standing(story).stage is Stage.DELIVERED)
    assert some(lambda story: standing(story).delay is not None)
    assert some(lambda story: len(rules.voided(story)) > 3)
    assert some(lambda story: len({e.happened_at for e in story}) < len(story))
    assert some(lambda story: any(e.corrects not in {one.id for one in story} for e in story if e.corrects))
    assert {e.kind for story in LONG for e in story} == set(Kind)


@pytest.mark.parametrize("kind", sorted(DELIVERIES))
def test_a_pick_up_after_any_delivery_opens_a_leg_back_and_a_late_scan_does_not(kind: Kind) -> None:

    there = [event(said(Kind.PICKED_UP, 1)), event(said(kind, 30))]
    late = [
        event(said(k, 30 + n)) for n, k in enumerate((Kind.OUT_FOR_DELIVERY, Kind.IN_TRANSIT, Kind.DEPARTED_HUB), 1)
    ]
    assert standing(there + late).leg == 1
    assert standing(there + late).stage is Stage.DELIVERED
    assert standing([*there, *late, event(said(Kind.PICKED_UP, 40))]).leg == 2
