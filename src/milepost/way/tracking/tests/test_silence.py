"""When no news is bad news: decided without a database, and never the other way round as time goes on."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.ground.procedures import defaults
from milepost.kernel.worktime import Shift, WorkingCalendar
from milepost.way.tracking.lanes import SHARES, Lane, Usual, best, lane_of, lessons, shares
from milepost.way.tracking.silence import OpenTime, Standing, Watched, chance_to_miss, look, of_those_left, patience
from milepost.way.tracking.tests.stories import STORIES, at, event, said
from milepost.way.tracking.words import Concern, Ended, Kind, Stage

WEEK = WorkingCalendar(
    name="week", zone=ZoneInfo("Europe/Berlin"), week={day: (Shift(time(8), time(16)),) for day in range(5)}
)
CLOCK = OpenTime.of(WEEK)
POLICY = defaults.book().silence
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
FRIDAY = MONDAY + timedelta(days=4)
DAY = 24 * 60
GAP = Usual((60, 120, 240, 480, 600, 720, 900), 200, "dhl|||")
REST = Usual(tuple(share * DAY // 25 for share in SHARES), 200, "dhl|||")


def hours(count: float) -> datetime:
    return MONDAY + timedelta(hours=count)


def parcel(stage: Stage = Stage.IN_TRANSIT, heard_at: datetime | None = MONDAY, **also: object) -> Watched:
    return replace(
        Watched(stage=stage, handed_at=MONDAY, since_at=MONDAY, last_event_at=heard_at, zone="Europe/Berlin"), **also
    )


@pytest.mark.clause("EXC-1")
@pytest.mark.parametrize(
    ("stage", "heard_at", "concern"),
    [
        (Stage.SHIPPED, None, Concern.DISPATCH_NOT_SCANNED),
        (Stage.SHIPPED, hours(1), Concern.LABEL_NEVER_ACTIVATED),
        (Stage.IN_TRANSIT, hours(1), Concern.STALLED),
        (Stage.OUT_FOR_DELIVERY, hours(1), Concern.STALLED),
        (Stage.ATTEMPT_FAILED, hours(1), Concern.STALLED),
    ],
)
def test_each_silence_has_its_name_and_begins_when_the_usual_time_is_over(
    stage: Stage, heard_at: datetime | None, concern: Concern
) -> None:
    silent_from = look(parcel(stage, heard_at), POLICY, CLOCK, now=hours(1.1)).look_at
    assert silent_from is not None
    assert look(parcel(stage, heard_at), POLICY, CLOCK, now=silent_from - timedelta(minutes=1)).found is None
    found = look(parcel(stage, heard_at), POLICY, CLOCK, now=silent_from).found
    assert found is not None
    assert found.concern is concern
    assert found.estimate.earliest_on <= found.estimate.latest_on


@pytest.mark.parametrize(
    "stage", [Stage.DELIVERED, Stage.RETURNING, Stage.RETURNED, Stage.LOST, Stage.READY_FOR_PICKUP]
)
def test_a_parcel_that_nobody_moves_any_more_is_never_silent_and_a_concern_about_it_is_over(stage: Stage) -> None:
    stood = Standing(concern=Concern.STALLED, since_at=MONDAY, due_at=None, latest_on=date(2026, 3, 9))
    assert look(parcel(stage), POLICY, CLOCK, now=hours(5000)).found is None
    assert look(parcel(stage, standing=stood), POLICY, CLOCK, now=hours(5)).ended is Ended.OVER


def test_a_weekend_stands_still() -> None:
    on_friday = parcel(heard_at=FRIDAY)
    assert look(on_friday, POLICY, CLOCK, now=FRIDAY + timedelta(hours=90)).found is None, "48 hours of it are weekend"
    assert look(on_friday, POLICY, CLOCK, now=FRIDAY + timedelta(hours=97)).found is not None


def test_a_lane_that_was_learned_is_more_or_less_patient_than_the_procedure() -> None:
    assert patience(parcel(), POLICY) == 48 * 60
    assert patience(parcel(abroad=True), POLICY) == 120 * 60
    assert patience(parcel(gap=GAP), POLICY) == 720 * 3 // 2, "the 95th percentile and half of it again"
    hasty = Usual((1, 2, 3, 4, 5, 6, 7), 500, "x")
    assert patience(parcel(gap=hasty), POLICY) == 12 * 60, "but never before half a day"


def test_a_second_silence_of_the_same_parcel_is_waited_for_longer() -> None:
    times = [patience(parcel(concerns=count), POLICY) for count in range(7)]
    assert times == sorted(times)
    assert times[1] == times[0] * 3 // 2
    assert times[6] == times[4], "but not for ever longer"


def test_what_was_noticed_says_against_what_it_was_held() -> None:
    found = look(parcel(gap=GAP, rest=REST), POLICY, CLOCK, now=hours(40)).found
    assert found is not None
    assert (found.usual_minutes, found.patience_minutes, found.samples, found.lane) == (720, 1080, 200, "dhl|||")
    assert found.estimate.confidence == 80


class TestAStandingSilence:
    STOOD = Standing(concern=Concern.STALLED, since_at=MONDAY, due_at=None, latest_on=date(2026, 3, 9))

    def test_goes_on_until_there_is_news_whatever_figures_or_clocks_say(self) -> None:
        seen = look(parcel(standing=self.STOOD, gap=GAP), POLICY, CLOCK, now=hours(1))
        assert (seen.found, seen.ended, seen.look_at) == (None, None, None)

    def test_ends_with_news(self) -> None:
        seen = look(parcel(heard_at=hours(60), standing=self.STOOD), POLICY, CLOCK, now=hours(60))
        assert seen.ended is Ended.NEWS
        assert seen.look_at is not None

    def test_does_not_end_with_an_old_scan_that_comes_late(self) -> None:
        seen = look(parcel(heard_at=hours(2), standing=self.STOOD), POLICY, CLOCK, now=hours(60))
        assert (seen.found, seen.ended) == (None, None)

    def test_becomes_another_when_an_old_scan_shows_that_it_had_left(self) -> None:
        stood = replace(self.STOOD, concern=Concern.LABEL_NEVER_ACTIVATED)
        seen = look(parcel(heard_at=hours(2), standing=stood), POLICY, CLOCK, now=hours(60))
        assert seen.found is not None
        assert seen.found.concern is Concern.STALLED


class TestAPredictedMiss:
    DUE = hours(15)

    def late(self, **also: object) -> Watched:
        """Half of those on this lane take two days, and a quarter more than three."""
        return parcel(rest=REST, due_at=self.DUE, **also)

    def test_is_noticed_when_those_like_it_would_be_late(self) -> None:
        found = look(self.late(), POLICY, CLOCK, now=hours(1)).found
        assert found is not None
        assert (found.concern, found.due_at) == (Concern.PREDICTED_MISS, self.DUE)
        assert found.estimate.latest_on > self.DUE.date()

    def test_is_not_noticed_of_what_was_never_learned_or_will_be_in_time(self) -> None:
        assert look(parcel(due_at=self.DUE), POLICY, CLOCK, now=hours(1)).found is None
        assert look(parcel(rest=REST, due_at=hours(96)), POLICY, CLOCK, now=hours(1)).found is None

    def test_is_looked_for_again_at_the_very_time_from_which_it_is_likely(self) -> None:
        slow = parcel(rest=REST, due_at=hours(60), gap=Usual((90 * 60,) * 7, 200, "x"))
        first = look(slow, POLICY, CLOCK, now=hours(1))
        assert first.found is None
        assert first.look_at is not None
        assert hours(50) < first.look_at < hours(53)
        assert look(slow, POLICY, CLOCK, now=first.look_at - timedelta(hours=1)).found is None
        assert look(slow, POLICY, CLOCK, now=first.look_at + timedelta(minutes=2)).found is not None

    def test_does_not_flap_between_its_two_thresholds(self) -> None:
        """Six of ten will be late: too few to notice it, too many to take it back."""
        due = hours(40)
        assert POLICY.miss_ends_at < chance_to_miss(REST, 0, 40 * 60) * 100 < POLICY.miss_opens_at
        stood = Standing(concern=Concern.PREDICTED_MISS, since_at=MONDAY, due_at=due, latest_on=date(2026, 3, 5))
        assert look(parcel(rest=REST, due_at=due), POLICY, CLOCK, now=MONDAY).found is None
        seen = look(parcel(rest=REST, due_at=due, standing=stood), POLICY, CLOCK, now=MONDAY)
        assert (seen.found, seen.ended) == (None, None)

    def test_ends_when_it_will_likely_be_in_time_after_all(self) -> None:
        stood = Standing(concern=Concern.PREDICTED_MISS, since_at=MONDAY, due_at=hours(90), latest_on=date(2026, 3, 9))
        faster = Usual(tuple(share * 30 for share in SHARES), 200, "dhl|||")
        seen = look(parcel(rest=faster, due_at=hours(200), standing=stood), POLICY, CLOCK, now=hours(2))
        assert seen.ended is Ended.IN_TIME

    def test_measures_by_the_promise_that_it_would_break_and_not_by_the_one_made_for_it(self) -> None:
        stood = Standing(concern=Concern.PREDICTED_MISS, since_at=MONDAY, due_at=self.DUE, latest_on=date(2026, 3, 9))
        seen = look(parcel(rest=REST, due_at=hours(400), standing=stood), POLICY, CLOCK, now=hours(2))
        assert (seen.found, seen.ended) == (None, None)

    def test_that_is_silent_too_becomes_a_silence(self) -> None:
        stood = Standing(concern=Concern.PREDICTED_MISS, since_at=MONDAY, due_at=self.DUE, latest_on=date(2026, 3, 9))
        found = look(self.late(standing=stood), POLICY, CLOCK, now=hours(60)).found
        assert found is not None
        assert found.concern is Concern.STALLED


minutes = st.integers(0, 30 * DAY)
instants = st.integers(0, 40 * DAY).map(lambda count: MONDAY + timedelta(minutes=count))
usual = st.lists(minutes, min_size=len(SHARES), max_size=len(SHARES)).map(
    lambda m: Usual(tuple(sorted(m)), 100, "lane")
)
watched = st.builds(
    Watched, stage=st.sampled_from([Stage.SHIPPED, Stage.IN_TRANSIT, Stage.OUT_FOR_DELIVERY, Stage.ATTEMPT_FAILED]),
    handed_at=st.just(MONDAY), since_at=st.just(MONDAY), last_event_at=st.none() | instants, zone=st.just("Europe/Berlin"),
    abroad=st.booleans(), due_at=st.none() | instants, gap=st.none() | usual, rest=st.none() | usual,
    concerns=st.integers(0, 6),
)  # fmt: skip


@settings(max_examples=300)
@given(watched, instants, st.integers(0, 20 * DAY))
def test_silence_once_noticed_is_noticed_at_every_later_time(one: Watched, now: datetime, later: int) -> None:
    after = now + timedelta(minutes=later)
    first, second = (look(one, POLICY, CLOCK, now=when).found for when in (now, after))
    if first is not None and first.concern is not Concern.PREDICTED_MISS:
        assert second is not None
        assert second.concern is first.concern
        assert second.estimate.latest_on >= first.estimate.latest_on
        assert second.estimate.earliest_on >= first.estimate.earliest_on


@settings(max_examples=300)
@given(watched, instants)
def test_whatever_is_looked_at_is_found_or_has_a_next_time_and_what_is_found_has_a_range(
    one: Watched, now: datetime
) -> None:
    seen = look(one, POLICY, CLOCK, now=now)
    silent = seen.found is not None and seen.found.concern is not Concern.PREDICTED_MISS
    assert (seen.look_at is None) == silent
    assert seen.look_at is None or seen.look_at > now
    if seen.found is not None:
        assert now.date() <= seen.found.estimate.latest_on
        assert seen.found.estimate.earliest_on <= seen.found.estimate.latest_on
        assert 0 < seen.found.estimate.confidence < 100


@settings(max_examples=300)
@given(watched, instants)
def test_news_never_makes_silence_sooner(one: Watched, news: datetime) -> None:
    heard = replace(one, last_event_at=max(news, one.last_event_at or news))
    now = MONDAY + timedelta(days=60)
    before, after = (look(each, POLICY, CLOCK, now=now).found for each in (one, heard))
    if after is not None and before is not None:
        assert after.since_at >= before.since_at


@settings(max_examples=300)
@given(usual, minutes, minutes, minutes)
def test_the_chance_to_miss_rises_as_time_goes_on_and_falls_with_a_later_promise(
    rest: Usual, gone: int, due: int, more: int
) -> None:
    chance = chance_to_miss(rest, gone, due)
    assert 0 <= chance <= 1
    assert chance_to_miss(rest, gone + more, due) >= chance - 1e-9
    assert chance_to_miss(rest, gone, due + more) <= chance + 1e-9


@settings(max_examples=300)
@given(usual, instants, st.integers(0, 10 * DAY))
def test_an_estimate_of_what_moves_never_becomes_sooner_while_nothing_happens(
    rest: Usual, now: datetime, later: int
) -> None:
    one = parcel(rest=rest)
    first = of_those_left(one, rest, CLOCK, now=now)
    second = of_those_left(one, rest, CLOCK, now=now + timedelta(minutes=later))
    assert second.latest_on >= first.latest_on
    assert second.earliest_on >= first.earliest_on


@given(usual, minutes, minutes, st.floats(0, 1))
def test_what_is_usual_rises(rest: Usual, some: int, more: int, part: float) -> None:
    assert rest.done_by(some) <= rest.done_by(some + more)
    assert rest.when_done(part) <= rest.when_done(min(part + 0.1, 1))


@given(st.lists(minutes, min_size=1, max_size=400))
def test_shares_are_times_of_real_cases_and_so_many_were_done_by_then(times: list[int]) -> None:
    found = shares(times)
    assert list(found) == sorted(found)
    for share, time_ in zip(SHARES, found, strict=True):
        assert time_ in times
        assert sum(one <= time_ for one in times) * 100 >= share * len(times)


def test_a_lane_borrows_from_its_country_then_from_its_service_then_from_its_carrier() -> None:
    lane = lane_of(carrier="DHL", service="Express", origin="MAIN", country="DE", postal_code="10969")
    assert str(lane) == "dhl|express|main|de:10"
    assert [str(one) for one in lane.wider()] == [
        "dhl|express|main|de:10",
        "dhl|express|main|de",
        "dhl|express||",
        "dhl|||",
    ]
    few, many = Usual(GAP.minutes, 49, "few"), Usual(GAP.minutes, 50, "many")
    assert best(lane, {"dhl|express|main|de:10": few, "dhl|||": many}, POLICY) is many
    assert best(lane, {"dhl|express|main|de:10": few}, POLICY) is None
    assert Lane.read(str(lane)) == lane


def test_a_story_teaches_its_gaps_by_stage_and_how_long_was_left_from_each() -> None:
    told = (
        said(Kind.LABEL_CREATED, 1), said(Kind.PICKED_UP, 8), said(Kind.ARRIVED_HUB, 12), said(Kind.OUT_FOR_DELIVERY, 30),
        said(Kind.DELIVERED, 34), said(Kind.PICKED_UP, 90),
    )  # fmt: skip
    taught = {(one.stage, one.measure, one.start, one.end) for one in lessons(at(0), map(event, told))}
    assert taught == {
        (Stage.SHIPPED, "gap", at(0), at(8)), (Stage.SHIPPED, "rest", at(0), at(34)),
        (Stage.IN_TRANSIT, "gap", at(8), at(12)), (Stage.IN_TRANSIT, "gap", at(12), at(30)),
        (Stage.IN_TRANSIT, "rest", at(8), at(34)),
        (Stage.OUT_FOR_DELIVERY, "gap", at(30), at(34)), (Stage.OUT_FOR_DELIVERY, "rest", at(30), at(34)),
    }  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_teaches_the_same_in_whatever_order_and_nothing_before_it_arrived(story) -> None:
    events = [event(draft) for draft in story.told]
    forth, back = (list(lessons(at(-3), each)) for each in (events, [*reversed(events), *events]))
    assert forth == back
    assert bool(forth) == (story.reached == "delivered")
