"""Events are recorded in batches; what follows is decided by all of them together, on a real database."""

import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from milepost.ground.journal import queries as journal
from milepost.kernel.refusals import Refused
from milepost.way.orders import queries as orders
from milepost.way.tracking import commands, queries
from milepost.way.tracking.places import Place, instant_of
from milepost.way.tracking.rules import event_id
from milepost.way.tracking.tests.parcels import hour, progress, said, shipped
from milepost.way.tracking.words import Cause, EventDraft, Kind, Reached, Stage
from tests import cast

pytestmark = pytest.mark.django_db
NOW = replace(cast.OMAR, at=hour(100), recorded_at=hour(100))


@pytest.mark.clause("TRK-2")
def test_an_event_by_hand_moves_the_parcel_and_both_times_are_kept() -> None:
    (parcel,) = shipped()
    hand = EventDraft(
        kind=Kind.IN_TRANSIT, happened_at=hour(5), parcel_id=parcel.id, stated_at="16 Nov, 3 pm", place="Halle"
    )
    commands.record_events([hand], act=NOW)
    (shown,) = queries.timeline(parcel.order_id)[parcel.id]
    assert (shown.happened_at, shown.stated_at, shown.received_at, shown.source) == (
        hour(5),
        "16 Nov, 3 pm",
        hour(100),
        "desk",
    )
    assert (progress(parcel).stage, progress(parcel).events) == (Stage.IN_TRANSIT, 1)


@pytest.mark.clause("TRK-2")
def test_a_repeat_changes_nothing_and_tells_nobody() -> None:
    (parcel,) = shipped()
    event = said(parcel, Kind.PICKED_UP, 2)
    assert commands.record_events([event, event], act=NOW).new == 1
    before = len(journal.story(parcel.order_id))
    again = commands.record_events([event], act=NOW)
    assert (again.new, again.repeated) == (0, 1)
    assert len(journal.story(parcel.order_id)) == before


def test_out_for_delivery_after_delivered_tells_nothing_new() -> None:
    (parcel,) = shipped()
    commands.record_events([said(parcel, Kind.DELIVERED, 30)], act=NOW)
    before = [entry.kind for entry in journal.story(parcel.order_id)]
    commands.record_events([said(parcel, Kind.OUT_FOR_DELIVERY, 31), said(parcel, Kind.PICKED_UP, 2)], act=NOW)
    assert [entry.kind for entry in journal.story(parcel.order_id)] == before
    assert progress(parcel).stage is Stage.DELIVERED
    assert [shown.kind for shown in queries.timeline(parcel.order_id)[parcel.id]] == [
        Kind.PICKED_UP, Kind.DELIVERED, Kind.OUT_FOR_DELIVERY,
    ]  # fmt: skip


def test_a_withdrawn_delivery_takes_parcel_and_order_back_and_both_statements_are_kept() -> None:
    (parcel,) = shipped()
    commands.record_events([said(parcel, Kind.OUT_FOR_DELIVERY, 24), said(parcel, Kind.DELIVERED, 30)], act=NOW)
    wrong = queries.timeline(parcel.order_id)[parcel.id][-1]
    commands.record_events([said(parcel, Kind.WITHDRAWN, 31, corrects=wrong.id)], act=NOW)
    assert progress(parcel).reached is Reached.OUT_FOR_DELIVERY
    assert orders.states([parcel.order_id]) == {parcel.order_id: "out_for_delivery"}
    assert [(s.kind, s.voided) for s in queries.timeline(parcel.order_id)[parcel.id]] == [
        (Kind.OUT_FOR_DELIVERY, False), (Kind.DELIVERED, True),
    ]  # fmt: skip
    assert "EventCorrected" in [entry.kind for entry in journal.story(parcel.order_id)]


def test_an_unknown_code_is_kept_moves_nothing_and_is_told_to_it_only() -> None:
    (parcel,) = shipped()
    commands.record_events([said(parcel, Kind.UNKNOWN, 5, code="in_transit/teleported")], act=NOW, source="easypost")
    assert progress(parcel).stage is Stage.SHIPPED
    last = journal.story(parcel.order_id)[-1]
    assert (last.kind, last.data["code"]) == ("UnknownCodeSeen", "in_transit/teleported")


@pytest.mark.clause("EXC-1")
def test_a_carriers_delay_is_told_once_and_ends_with_the_delivery() -> None:
    (parcel,) = shipped()
    delay = said(parcel, Kind.DELAYED, 5, cause=Cause.WEATHER, estimate_on=date(2026, 12, 24))
    commands.record_events([delay], act=NOW)
    commands.record_events([delay, said(parcel, Kind.IN_TRANSIT, 6)], act=NOW)
    told = [entry.kind for entry in journal.story(parcel.order_id)]
    assert (told.count("DelayReported"), told.count("DelayEnded")) == (1, 0)
    commands.record_events([said(parcel, Kind.DELIVERED, 50)], act=NOW)
    assert [entry.kind for entry in journal.story(parcel.order_id)].count("DelayEnded") == 1
    assert progress(parcel).delay is None


def test_bad_events_are_refused_by_their_place_and_nothing_is_recorded() -> None:
    (parcel,) = shipped()
    batch = [
        said(parcel, Kind.PICKED_UP, 2), said(parcel, Kind.PICKED_UP, 900),
        EventDraft(kind=Kind.PICKED_UP, happened_at=hour(2), tracking_number="NOSUCH\x00NUMBER\ud800"),
        EventDraft(kind=Kind.PICKED_UP, happened_at=hour(2), parcel_id=2**62),
    ]  # fmt: skip
    with pytest.raises(Refused) as caught:
        commands.record_events(batch, act=NOW)
    found = [(refusal.index, refusal.code) for refusal in caught.value.refusals]
    assert found == [(1, "in_the_future"), (2, "unknown_parcel"), (3, "unknown_parcel")]
    assert queries.timeline(parcel.order_id) == {}
    told = commands.record_events(batch, act=NOW, only_good=True)
    assert (told.new, len(told.refusals)) == (1, 3)


def test_a_parcel_that_was_not_handed_over_has_no_events() -> None:
    cast.stocked()
    cast.ordered()
    with pytest.raises(Refused, match="was shipped"):
        commands.record_events([EventDraft(kind=Kind.PICKED_UP, happened_at=hour(2), parcel_id=1)], act=NOW)


def test_foreign_text_is_kept_as_far_as_it_can_be() -> None:
    (parcel,) = shipped()
    commands.record_events([said(parcel, Kind.HELD, 5, message="a\x00b" * 500, place="Köln \ud83d")], act=NOW)
    (shown,) = queries.timeline(parcel.order_id)[parcel.id]
    assert (len(shown.message), shown.place) == (500, "Köln ?")


def test_a_correction_of_a_foreign_parcels_event_takes_nothing_back() -> None:
    mine, other = shipped(2)
    commands.record_events([said(mine, Kind.DELIVERED, 30)], act=NOW)
    event = queries.timeline(mine.order_id)[mine.id][0].id
    commands.record_events([said(other, Kind.WITHDRAWN, 31, corrects=event)], act=NOW)
    assert progress(mine).reached is Reached.DELIVERED
    commands.record_events([said(mine, Kind.WITHDRAWN, 31, corrects=uuid4())], act=NOW)
    assert progress(mine).reached is Reached.DELIVERED


@pytest.mark.clause("HND-2")
def test_a_return_after_delivery_leaves_the_order_delivered() -> None:
    (parcel,) = shipped()
    commands.record_events([said(parcel, Kind.DELIVERED, 30), said(parcel, Kind.PICKED_UP, 60)], act=NOW)
    assert (progress(parcel).stage, progress(parcel).leg) == (Stage.RETURNING, 2)
    assert orders.states([parcel.order_id]) == {parcel.order_id: "delivered"}


def test_two_thousand_events_take_as_many_statements_as_three_hundred() -> None:
    counts = []
    for parcels in (shipped(15), shipped(100)):
        scans = [(Kind.ARRIVED_HUB, f"Hub {n}", n / 10) for n in range(1, 20)]
        batch = [said(p, kind, hours, place=place) for p in parcels for kind, place, hours in scans]
        batch += [said(p, Kind.DELIVERED, 30 + n / 60) for n, p in enumerate(parcels)]
        with CaptureQueriesContext(connection) as caught:
            assert commands.record_events(batch, act=NOW).new == len(batch)
        counts.append(len(caught))
    assert counts[1] <= counts[0]


@pytest.mark.slow
def test_five_thousand_events_are_recorded_in_a_second() -> None:
    parcels = shipped(250)
    batch = [said(p, Kind.ARRIVED_HUB, n / 10, place=f"Hub {n}") for n in range(1, 21) for p in parcels]
    started = time.perf_counter()
    assert commands.record_events(batch, act=NOW).new == 5000
    again = time.perf_counter()
    assert commands.record_events(batch, act=NOW).repeated == 5000
    assert again - started < 2, "twice the target, for a busy machine"
    assert time.perf_counter() - again < 2


@pytest.mark.django_db(transaction=True)
def test_two_who_record_at_the_same_time_miss_nothing_of_each_other() -> None:
    parcels = shipped(10)
    kinds = (Kind.PICKED_UP, Kind.OUT_FOR_DELIVERY, Kind.DELIVERED)
    failed: list[BaseException] = []

    def record(backwards: bool) -> None:
        try:
            for hours, kind in enumerate(kinds, start=2):
                some = [said(p, kind, hours, message=str(backwards)) for p in parcels]
                commands.record_events(some[::-1] if backwards else some, act=NOW)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=record, args=[backwards]) for backwards in (False, True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {(progress(p).events, progress(p).reached) for p in parcels} == {(6, Reached.DELIVERED)}
    assert set(orders.states([p.order_id for p in parcels]).values()) == {"delivered"}


@pytest.mark.clause("TRK-2")
def test_the_three_times_stay_apart_and_a_guessed_zone_is_kept_as_one() -> None:
    (parcel,) = shipped()
    wall = datetime(2026, 11, 17, 9, 30)  # noqa: DTZ001 - as the carrier writes it
    instant, certain = instant_of(wall, Place(region="KY", country="US"))
    draft = said(
        parcel, Kind.ARRIVED_HUB, 0, stated_at="17 Nov 2026 9:30", received_at=hour(90), zone_certain=certain, region="KY",
        country="USA", latitude=Decimal("38.1740858"), longitude=Decimal("-85.7365"),
    )  # fmt: skip
    commands.record_events([replace(draft, happened_at=instant)], act=NOW)
    (shown,) = queries.timeline(parcel.order_id)[parcel.id]
    assert (shown.happened_at, shown.stated_at) == (datetime(2026, 11, 17, 14, 30, tzinfo=UTC), "17 Nov 2026 9:30")
    assert (shown.received_at, shown.processed_at) == (hour(90), NOW.recorded_at)
    assert (shown.zone_certain, shown.place, shown.region, shown.country) == (False, "KY, USA", "KY", "US")
    assert (shown.latitude, shown.longitude) == (Decimal("38.174086"), Decimal("-85.736500"))


@pytest.mark.parametrize("hours", [-11, 14])
def test_no_zone_of_the_scan_shifts_the_day_that_a_carrier_states(hours: int) -> None:
    (parcel,) = shipped()
    late = (hour(15) + timedelta(minutes=59)).astimezone(timezone(timedelta(hours=hours)))
    draft = said(parcel, Kind.DELAYED, 15, estimate_on=date(2026, 12, 24))
    commands.record_events([replace(draft, happened_at=late)], act=NOW)
    delay = progress(parcel).delay
    assert delay is not None
    assert delay.estimate_on == date(2026, 12, 24)


def test_a_code_that_is_understood_when_it_comes_again_moves_the_parcel_and_is_still_one_event() -> None:
    (parcel,) = shipped()
    raw = said(parcel, Kind.UNKNOWN, 5, code="XY", place="Halle")
    known = replace(raw, kind=Kind.OUT_FOR_DELIVERY)
    commands.record_events([raw, said(parcel, Kind.PICKED_UP, 2)], act=NOW)
    assert progress(parcel).stage is Stage.IN_TRANSIT
    assert commands.record_events([known], act=NOW).repeated == 1
    assert (progress(parcel).stage, progress(parcel).events) == (Stage.OUT_FOR_DELIVERY, 2)
    commands.record_events([raw, raw], act=NOW)
    assert [line.kind for line in queries.timeline(parcel.order_id)[parcel.id]] == [
        Kind.PICKED_UP,
        Kind.OUT_FOR_DELIVERY,
    ]


def test_a_correction_that_came_first_applies_when_its_target_comes() -> None:
    (parcel,) = shipped()
    wrong = replace(said(parcel, Kind.DELIVERED, 30), parcel_id=parcel.id)
    back = said(parcel, Kind.WITHDRAWN, 31, corrects=event_id(wrong, parcel.id))
    commands.record_events([back], act=NOW)
    commands.record_events([said(parcel, Kind.OUT_FOR_DELIVERY, 24)], act=NOW)
    commands.record_events([wrong], act=NOW)
    assert progress(parcel).stage is Stage.OUT_FOR_DELIVERY
    assert orders.states([parcel.order_id]) == {parcel.order_id: "out_for_delivery"}


def test_a_scan_that_only_lengthens_a_known_story_reads_no_story() -> None:
    parcels = shipped(6)
    commands.record_events([said(p, Kind.ARRIVED_HUB, 2) for p in parcels], act=NOW)
    with CaptureQueriesContext(connection) as caught:
        assert commands.record_events([said(p, Kind.DEPARTED_HUB, 3) for p in parcels], act=NOW).new == 6
    assert not [q["sql"] for q in caught if "FROM tracking_event" in q["sql"]]
    assert {(progress(p).events, progress(p).last_event_at) for p in parcels} == {(2, hour(3))}
