"""The clock looks after parcels: each in its time, in sets, and what it finds stands until there is news."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.journal import queries as journal
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.way.fulfilment.words import ParcelCard
from milepost.way.orders import commands as orders
from milepost.way.promising import queries as promising
from milepost.way.tracking import commands, queries
from milepost.way.tracking.models import LaneTime, NoticedConcern, ParcelProgress
from milepost.way.tracking.tests.parcels import hour, said, shipped
from milepost.way.tracking.words import Concern, Ended, Kind, StandingConcern
from tests import cast

pytestmark = pytest.mark.django_db


def clock(at: datetime) -> Act:
    return Act.now("system:clock", channel="worker", now=at)


def carrier(at: datetime) -> Act:
    return Act.now("carrier:dhl", channel="webhook", now=at)


def look(at: datetime) -> int:
    return commands.look_after(act=clock(at))


def concern(parcel: ParcelCard) -> StandingConcern | None:
    return next(iter(queries.concerns([parcel.order_id]).get(parcel.order_id, [])), None)


def told(order_id: int, kind: str) -> int:
    return [entry.kind for entry in journal.story(order_id)].count(kind)


def on_its_way() -> ParcelCard:
    (parcel,) = shipped(carrier="dhl", numbers=("JJD1",))
    commands.record_events([said(parcel, Kind.PICKED_UP, 2)], act=carrier(hour(2)))
    return parcel


@pytest.mark.clause("EXC-1")
@pytest.mark.clause("FUP-1")
def test_a_parcel_that_the_carrier_never_speaks_of_is_noticed_once_and_not_a_minute_too_early() -> None:
    (parcel,) = shipped(carrier="dhl", numbers=("JJD1",))
    look(hour(0))
    look(hour(24) - timedelta(minutes=1))
    assert concern(parcel) is None
    look(hour(24))
    found = concern(parcel)
    assert found is not None
    assert (found.concern, found.patience_minutes, found.samples) == (Concern.DISPATCH_NOT_SCANNED, 24 * 60, 0)
    assert look(hour(500)) == 0, "there is nothing to look at until there is news"
    assert told(parcel.order_id, "ConcernNoticed") == 1


def test_a_label_that_the_carrier_knows_and_never_scans_was_never_activated() -> None:
    (parcel,) = shipped(carrier="dhl", numbers=("JJD1",))
    commands.record_events([said(parcel, Kind.LABEL_CREATED, 1)], act=carrier(hour(1)))
    look(hour(30))
    assert concern(parcel).concern is Concern.LABEL_NEVER_ACTIVATED


def test_a_parcel_on_its_way_is_stalled_when_scans_stay_away_and_news_ends_it_at_once() -> None:
    parcel = on_its_way()
    look(hour(60))
    assert concern(parcel).concern is Concern.STALLED
    commands.record_events([said(parcel, Kind.ARRIVED_HUB, 61)], act=carrier(hour(61)))
    assert concern(parcel) is None
    assert told(parcel.order_id, "ConcernEnded") == 1
    assert NoticedConcern.objects.get(parcel_id=parcel.id).ended == Ended.NEWS


def test_it_does_not_flap_by_a_scan_that_was_only_told_late() -> None:
    parcel = on_its_way()
    look(hour(60))
    commands.record_events([said(parcel, Kind.DEPARTED_HUB, 3)], act=carrier(hour(61)))
    assert concern(parcel) is not None
    assert told(parcel.order_id, "ConcernEnded") == 0


def test_the_next_silence_of_the_same_parcel_is_waited_for_longer() -> None:
    parcel = on_its_way()
    look(hour(60))
    commands.record_events([said(parcel, Kind.ARRIVED_HUB, 61)], act=carrier(hour(61)))
    look(hour(61 + 48 + 1))
    assert concern(parcel) is None
    look(hour(61 + 72 + 48))
    assert concern(parcel) is not None, "three working days; two more are the weekend"


def test_an_arrival_ends_it_and_so_does_a_cancellation() -> None:
    one, other = shipped(2, carrier="dhl", numbers=("JJD1", "JJD2"))
    look(hour(30))
    commands.record_events([said(one, Kind.DELIVERED, 29)], act=carrier(hour(31)))
    orders.cancel([other.order_id], reason_code="customer", act=replace(cast.OMAR, at=hour(31), recorded_at=hour(31)))
    assert (concern(one), concern(other)) == (None, None)
    assert set(NoticedConcern.objects.values_list("ended", flat=True)) == {Ended.OVER}
    assert look(hour(600)) == 0


def test_a_withdrawn_scan_is_silence_again_from_the_scan_before_it() -> None:
    parcel = on_its_way()
    look(hour(3))
    commands.record_events([said(parcel, Kind.ARRIVED_HUB, 40)], act=carrier(hour(40)))
    look(hour(51))
    assert concern(parcel) is None
    (event,) = (shown for shown in queries.timeline(parcel.order_id)[parcel.id] if shown.kind is Kind.ARRIVED_HUB)
    commands.record_events([said(parcel, Kind.WITHDRAWN, 41, corrects=event.id)], act=carrier(hour(52)))
    look(hour(52))
    assert concern(parcel) is not None


@pytest.mark.clause("TRK-2")
def test_what_is_noticed_in_the_end_is_the_same_in_whatever_order_the_scans_were_told() -> None:
    told = ((Kind.LABEL_CREATED, 1), (Kind.PICKED_UP, 2), (Kind.ARRIVED_HUB, 6), (Kind.DEPARTED_HUB, 9))
    parcels = shipped(3, carrier="dhl", numbers=("JJD1", "JJD2", "JJD3"))
    forth, back, at_once = ([said(parcel, kind, at) for kind, at in told] for parcel in parcels)
    for batch in (*([one] for one in forth), *([one] for one in reversed(back)), at_once):
        commands.record_events(batch, act=carrier(hour(40)))
    look(hour(60))
    found = {(one.concern, one.since_at, one.latest_on) for one in map(concern, parcels)}
    assert found == {(Concern.STALLED, hour(9), concern(parcels[0]).latest_on)}


def test_our_own_drivers_parcels_and_imported_history_are_not_watched() -> None:
    (ours,) = shipped()
    (old,) = shipped(carrier="dhl", numbers=("JJD1",))
    orders_of = ParcelProgress.objects.get(parcel_id=old.id).order_id
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET history = true WHERE id = %s", [orders_of])
    look(hour(1))
    look(hour(2000))
    assert (concern(ours), concern(old)) == (None, None)
    assert look(hour(4000)) == 0


def usual(lane: str, stage: str, measure: str, *hours: float, samples: int = 100) -> None:
    LaneTime.objects.create(
        lane=lane, stage=stage, measure=measure, minutes=[int(one * 60) for one in hours], samples=samples,
        learned_at=hour(-24),
    )  # fmt: skip


def test_a_lane_that_was_learned_decides_and_says_so() -> None:
    parcel = on_its_way()
    usual("dhl|||", "in_transit", "gap", 1, 2, 4, 8, 12, 16, 20)
    usual("dhl|standard|main|de", "in_transit", "gap", 1, 2, 3, 4, 5, 6, 7, samples=20)
    look(hour(3))
    look(hour(27))
    found = concern(parcel)
    assert found is not None
    assert (found.lane, found.samples, found.usual_minutes, found.patience_minutes) == ("dhl|||", 100, 16 * 60, 24 * 60)


@pytest.mark.clause("EXC-1")
def test_a_miss_is_predicted_while_scans_still_come_and_the_delivery_ends_it() -> None:
    parcel = on_its_way()
    promise = promising.standing([parcel.order_id])[parcel.order_id].now
    late = (promise.latest_at - hour(2)).total_seconds() / 3600
    usual("dhl|||", "in_transit", "rest", *(late + more for more in range(7)))
    look(hour(3))
    found = concern(parcel)
    assert found is not None
    assert (found.concern, found.lane) == (Concern.PREDICTED_MISS, "dhl|||")
    assert found.latest_on > promise.latest_on
    commands.record_events([said(parcel, Kind.IN_TRANSIT, 5)], act=carrier(hour(5)))
    assert concern(parcel) is not None, "that it moves makes it no faster"
    commands.record_events([said(parcel, Kind.DELIVERED, 20)], act=carrier(hour(20)))
    assert concern(parcel) is None


def test_what_is_usual_is_learned_from_what_arrived_and_from_no_fewer_than_the_procedure_wants() -> None:
    least = procedures.book().silence.least_samples
    parcels = shipped(least, carrier="dhl", numbers=tuple(f"JJD{number}" for number in range(least)))
    look(hour(0))
    for kind, at in ((Kind.PICKED_UP, 4), (Kind.ARRIVED_HUB, 10), (Kind.OUT_FOR_DELIVERY, 24), (Kind.DELIVERED, 30)):
        commands.record_events([said(parcel, kind, at) for parcel in parcels], act=carrier(hour(at)))
    assert commands.learn_lanes(act=clock(hour(40))) == 3 * 3 * 2, (
        "place, country and carrier; three stages; two measures"
    )
    lane = LaneTime.objects.get(lane="dhl|||", stage="in_transit", measure="gap")
    assert (lane.samples, lane.minutes[0], lane.minutes[-1]) == (2 * least, 6 * 60, 14 * 60)
    rest = LaneTime.objects.get(lane="dhl|||", stage="shipped", measure="rest")
    assert (rest.samples, set(rest.minutes)) == (least, {30 * 60})
    commands.record_events([said(parcels[0], Kind.WITHDRAWN, 31, corrects=delivery(parcels[0]))], act=carrier(hour(41)))
    assert commands.learn_lanes(act=clock(hour(42))) == 3, "of one fewer only the gaps between hubs are enough"


def delivery(parcel: ParcelCard):
    return next(s.id for s in queries.timeline(parcel.order_id)[parcel.id] if s.kind is Kind.DELIVERED)


def test_a_hundred_parcels_take_as_many_statements_as_ten() -> None:
    numbers = tuple(f"JJD{number}" for number in range(110))
    parcels = shipped(110, carrier="dhl", numbers=numbers)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracking_progress SET look_at = NULL WHERE parcel_id > %s", [parcels[9].id])
    with CaptureQueriesContext(connection) as few:
        assert look(hour(30)) == 10
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracking_progress SET look_at = %s WHERE parcel_id > %s", [hour(0), parcels[9].id])
    with CaptureQueriesContext(connection) as many:
        assert look(hour(31)) == 100
    assert len(queries.concerns([parcel.order_id for parcel in parcels])) == 110
    assert len(many) <= len(few) + 2


def many_thousands() -> None:
    """Parcels, promises and concerns of which few are due, awaited or stand."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_PARCELS, [hour(-10)])
        cursor.execute(_PROMISES, [hour(-10)])
        cursor.execute(_CONCERNS)
        cursor.execute("SET LOCAL session_replication_role = origin")
        for table in ("tracking_progress", "promising_promise", "tracking_concern"):
            cursor.execute(f"ANALYZE {table}")


_PARCELS = """
INSERT INTO tracking_progress (parcel_id, order_id, shipment_id, stage, reached, leg, events, delivered_as, delay_cause, look_at)
SELECT n, n, n, 'in_transit', 'in_transit', 1, 1, '', '', CASE WHEN mod(n, 3) = 0 THEN %s END + make_interval(mins => n)
FROM generate_series(1, 30000) n
"""
_PROMISES = """
INSERT INTO promising_promise (id, order_id, sequence, earliest_on, latest_on, latest_at, basis, confidence, cause, explanation,
    made_at, made_by, stands, awaited)
SELECT gen_random_uuid(), n, 1, '2026-11-16', '2026-11-16', %s + make_interval(mins => n), 'stock', 90, '', '', now(), '', true,
    mod(n, 20) = 0
FROM generate_series(1, 30000) n
"""
_CONCERNS = """
INSERT INTO tracking_concern (id, order_id, parcel_id, concern, stage, since_at, noticed_at, earliest_on, latest_on, confidence,
    usual_minutes, patience_minutes, samples, lane, ended_at, ended)
SELECT gen_random_uuid(), mod(n, 3000), n, 'stalled', 'in_transit', now(), now(), '2026-11-16', '2026-11-16', 80, 1, 1, 1, '',
    CASE WHEN mod(n, 10) > 0 THEN now() END, CASE WHEN mod(n, 10) > 0 THEN 'news' ELSE '' END
FROM generate_series(1, 30000) n
"""


@pytest.mark.parametrize(
    ("sweep", "table", "index"),
    [
        (lambda: look(hour(-9)), "tracking_progress", "tracking_progress_look"),
        (
            lambda: promising.overdue(now=hour(-9)), "promising_promise",
            "promising_awaited_by_due",
        ),
        (lambda: queries.concerns([7, 8]), "tracking_concern", "tracking_concern_one_stands"),
    ],
)  # fmt: skip
def test_the_sweeps_read_only_what_is_due_by_partial_indexes(
    sweep: Callable[[], object], table: str, index: str
) -> None:
    many_thousands()
    with CaptureQueriesContext(connection) as asked:
        sweep()
    read = next(one["sql"] for one in asked.captured_queries if f'FROM "{table}"' in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + read.replace("%", "%%"))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan, plan
    assert f"Seq Scan on {table}" not in plan
