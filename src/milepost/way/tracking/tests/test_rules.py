"""The law of the ledger: the same set of events in any order and any multiplicity means the same."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.kernel.texts import printable
from milepost.way.fulfilment.words import Borne
from milepost.way.tracking import rules
from milepost.way.tracking.rules import choose, event_id, standing, timeline
from milepost.way.tracking.tests.stories import (
    HUB,
    LABEL,
    LEFT,
    MONDAY,
    NEWER,
    OUT,
    PARCEL,
    PICKED_UP,
    STORIES,
    TAKEN_BACK,
    THERE,
    WRONG,
    Story,
    at,
    event,
    said,
)
from milepost.way.tracking.words import Actor, Cause, EventDraft, Kind, Reached, Stage, who_acts

ANY_EVENT = st.builds(said, st.sampled_from(list(set(Kind) - {Kind.WITHDRAWN})), st.integers(0, 200))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_means_what_it_says(story: Story) -> None:
    found = standing(event(draft) for draft in story.told)
    assert (found.stage, found.reached, found.leg) == (story.stage, story.reached, story.legs)
    assert (found.delay.cause if found.delay else None) == story.delay


@pytest.mark.clause("TRK-2")
@settings(max_examples=1500)
@given(st.data())
def test_no_order_and_no_repeat_of_the_events_changes_what_they_mean(data: st.DataObject) -> None:
    story = data.draw(st.sampled_from(STORIES))
    events = [event(draft) for draft in story.told]
    told = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=6))))
    assert standing(told) == standing(events)
    assert timeline(told) == timeline(events)


@settings(max_examples=300)
@given(st.data())
def test_the_law_holds_for_any_forty_events_with_any_corrections(data: st.DataObject) -> None:
    drafts = data.draw(st.lists(ANY_EVENT, min_size=1, max_size=40))
    for place in data.draw(st.lists(st.integers(0, len(drafts) - 1), max_size=5)):
        drafts.append(said(data.draw(st.sampled_from(Kind)), 210 + place, corrects=drafts[place]))
    events = [event(draft) for draft in drafts]
    told = data.draw(st.permutations(events + events[:3]))
    assert standing(told) == standing(events)
    assert timeline(told) == timeline(events)


@given(st.permutations((PICKED_UP, OUT, WRONG, TAKEN_BACK)))
def test_a_correction_may_come_before_what_it_corrects(told: list[EventDraft]) -> None:
    lines = timeline(event(draft) for draft in told)
    assert [(line.event.kind, line.voided) for line in lines] == [
        (Kind.PICKED_UP, False), (Kind.OUT_FOR_DELIVERY, False), (Kind.DELIVERED, True),
    ]  # fmt: skip


def test_a_correction_of_what_never_came_takes_nothing_back() -> None:
    assert standing(map(event, (PICKED_UP, TAKEN_BACK))).reached is Reached.IN_TRANSIT


def test_a_long_chain_of_corrections_is_followed_to_its_end() -> None:
    chain = [WRONG]
    for _ in range(3000):
        chain.append(said(Kind.WITHDRAWN, 27, corrects=chain[-1]))
    assert standing(map(event, chain)).reached is Reached.DELIVERED
    assert standing(map(event, chain[:-1])).reached is Reached.SHIPPED


@pytest.mark.clause("TRK-2")
def test_delivered_keeps_the_first_instant_and_the_near_miss_is_not_delivered() -> None:
    found = standing(map(event, (said(Kind.DELIVERED, 31), OUT, THERE)))
    assert (found.delivered_at, found.delivered_as) == (at(30), Kind.DELIVERED)
    assert standing(map(event, (OUT, said(Kind.DELIVERED_PART, 30)))).delivered_at is None


def test_a_pick_up_at_the_very_instant_of_the_delivery_is_no_return() -> None:
    assert standing(map(event, (THERE, said(Kind.PICKED_UP, 30)))).leg == 1
    assert standing(map(event, (THERE, said(Kind.PICKED_UP, 30.01)))).leg == 2


def test_the_last_stated_date_since_the_delay_counts() -> None:
    stated = said(Kind.DELIVERY_SCHEDULED, 22, estimate_on=date(2026, 12, 18))
    before = said(Kind.DELIVERY_SCHEDULED, 1, estimate_on=date(2026, 3, 3))
    delay = standing(map(event, (stated, NEWER, before))).delay
    assert delay is not None
    assert (delay.cause, delay.estimate_on) == (Cause.CARRIER, date(2026, 12, 18))


def test_an_estimate_alone_is_no_delay() -> None:
    assert standing([event(said(Kind.DELIVERY_SCHEDULED, 22, estimate_on=date(2026, 12, 18)))]).delay is None


def test_a_date_that_is_only_stated_again_is_not_told_again() -> None:
    dates = [
        said(Kind.DELIVERY_SCHEDULED, h, estimate_on=date(2026, 3, d)) for h, d in ((1, 5), (2, 5), (3, 6), (4, 5))
    ]
    assert [line.event.estimate_on for line in timeline(map(event, dates))] == [date(2026, 3, d) for d in (5, 6, 5)]


def test_events_of_a_return_stand_in_their_own_leg() -> None:
    back = said(Kind.PICKED_UP, 60)
    legs = {
        line.event.id: line.leg for line in timeline(map(event, (back, THERE, OUT, LABEL, said(Kind.IN_TRANSIT, 61))))
    }
    assert legs[event(THERE).id] == 1
    assert legs[event(back).id] == 2


def test_the_same_statement_is_the_same_event_however_it_is_spelt() -> None:
    shouted = replace(
        HUB, place="  LEIPZIG,   de ", happened_at=HUB.happened_at.astimezone(timezone(timedelta(hours=9)))
    )
    assert event_id(shouted, PARCEL) == event_id(HUB, PARCEL)
    assert event_id(replace(HUB, place="Halle, DE"), PARCEL) != event_id(HUB, PARCEL)
    assert event_id(HUB, PARCEL + 1) != event_id(HUB, PARCEL)
    assert event_id(HUB, PARCEL) != event_id(LEFT, PARCEL)


def test_a_better_translation_of_a_code_makes_no_second_event_and_the_name_at_the_door_none_either() -> None:
    raw = said(Kind.UNKNOWN, 5, code="in_transit/teleported")
    assert event_id(replace(raw, kind=Kind.IN_TRANSIT), PARCEL) == event_id(raw, PARCEL)
    assert event_id(replace(raw, received_by="A. Okafor"), PARCEL) == event_id(raw, PARCEL)


def shipped(parcel: int, carrier: str, at_: datetime) -> Borne:
    return Borne(parcel, parcel, parcel, carrier, "", at_)


def test_a_recycled_number_belongs_to_the_parcel_shipped_last_before_the_scan() -> None:
    last_year, this_year = shipped(1, "ups", MONDAY - timedelta(days=300)), shipped(2, "ups", MONDAY)
    found = [choose([this_year, last_year], carrier="UPS", happened_at=MONDAY + timedelta(days=d)) for d in (-200, 1)]
    assert found == [last_year, this_year]


def test_another_carrier_or_another_year_is_no_match() -> None:
    parcel = shipped(1, "ups", MONDAY)
    assert choose([parcel], carrier="USPS", happened_at=MONDAY) is None
    assert choose([parcel], carrier="", happened_at=MONDAY) == parcel
    assert choose([parcel], carrier="UPS", happened_at=MONDAY + timedelta(days=400)) is None
    assert choose([shipped(1, "dhl", MONDAY)], carrier="DHLExpress", happened_at=MONDAY) is not None


def test_what_is_wrong_in_itself_is_refused_by_its_place_in_the_batch() -> None:
    drafts = [
        said(Kind.PICKED_UP, 1),
        said(Kind.PICKED_UP, 24 * 40),
        EventDraft(kind=Kind.PICKED_UP, happened_at=MONDAY),
        said(Kind.WITHDRAWN, 1),
        replace(PICKED_UP, happened_at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
        replace(PICKED_UP, happened_at=datetime(2026, 3, 2)),  # noqa: DTZ001
        replace(PICKED_UP, happened_at=datetime.max.replace(tzinfo=timezone(-timedelta(hours=14)))),
    ]
    found = [(refusal.index, refusal.code) for refusal in rules.refusals(drafts, now=MONDAY + timedelta(days=2))]
    assert found == [
        (1, "in_the_future"), (2, "no_parcel"), (3, "nothing_withdrawn"), (4, "long_ago"), (5, "no_zone"),
        (6, "in_the_future"),
    ]  # fmt: skip


def test_a_wall_time_of_the_other_side_of_the_earth_is_not_yet_the_future() -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert rules.refusals([replace(PICKED_UP, happened_at=now + timedelta(hours=25))], now=now) == []


def test_characters_that_no_database_holds_are_left_out() -> None:
    assert printable("a\x00b\ud800c\x1bd", 10) == "ab?cd"
    assert printable("Übergröße 漢字", 9) == "Übergröße"


def test_a_parcel_of_which_nothing_is_known_is_shipped() -> None:
    assert standing([]).stage is Stage.SHIPPED


def test_absurd_estimates_and_coordinates_are_refused_and_the_near_misses_are_not() -> None:
    lat, lon = Decimal("51.423889"), Decimal("12.236389")
    drafts = [
        replace(PICKED_UP, estimate_on=date(9999, 12, 31)),
        replace(PICKED_UP, estimate_on=date(1, 1, 1)),
        replace(PICKED_UP, estimate_on=date(2026, 3, 1)),
        replace(PICKED_UP, latitude=lat, longitude=lon),
        replace(PICKED_UP, latitude=lat),
        replace(PICKED_UP, latitude=Decimal(91), longitude=lon),
        replace(PICKED_UP, latitude=Decimal("NaN"), longitude=lon),
    ]
    found = [(refusal.index, refusal.code) for refusal in rules.refusals(drafts, now=MONDAY + timedelta(days=1))]
    assert found == [
        (0, "absurd_estimate"), (1, "absurd_estimate"), (4, "nowhere_on_earth"), (5, "nowhere_on_earth"), (6, "nowhere_on_earth"),
    ]  # fmt: skip


def test_a_scan_a_few_days_before_the_hand_over_is_of_the_new_parcel_not_of_one_of_last_summer() -> None:
    old, new = shipped(1, "ups", MONDAY - timedelta(days=150)), shipped(2, "ups", MONDAY)
    found = [choose([old, new], carrier="ups", happened_at=MONDAY + timedelta(days=d)) for d in (-3, -40, 0, 200)]
    assert found == [new, old, new, new]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_who_must_act_and_of_an_unknown_one_nobody_must(kind: Kind) -> None:
    assert {who_acts(kind, cause) for cause in (None, *Cause)} <= set(Actor)
    assert who_acts(Kind.UNKNOWN, None) is Actor.NOBODY
    assert (who_acts(Kind.HELD, None), who_acts(Kind.HELD, Cause.CUSTOMS)) == (Actor.CARRIER, Actor.SHIPPER)


def test_the_vocabulary_has_every_word_that_tracking_must_know() -> None:
    kinds = (
        "label_created not_found picked_up in_transit arrived_hub departed_hub arrived_destination handed_over customs_processing"
        " customs_cleared customs_action delivery_scheduled out_for_delivery attempt_failed ready_for_pickup delayed held"
        " address_problem redirected refused damaged lost returning returned delivered delivered_safe_place delivered_neighbour"
        " delivered_locker collected delivered_part cancelled disposed withdrawn unknown"
    )
    assert kinds.split() == [kind.value for kind in Kind]
    assert {"weather", "carrier", "consignee", "customs", "supplier", "us", "security"} <= {
        cause.value for cause in Cause
    }
