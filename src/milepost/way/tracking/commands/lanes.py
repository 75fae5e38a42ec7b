"""Learn what is usual: how long parcels of each lane go without news in each stage, and how long until they arrive (EXC-1)."""

from array import array
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.kernel.acts import Act
from milepost.way.tracking.lanes import Lane, lessons, shares
from milepost.way.tracking.models import LaneTime
from milepost.way.tracking.silence import OpenTime
from milepost.way.tracking.words import Cause, Event, Kind

LONGEST_WAY = timedelta(days=60)
"""Scans longer before the first day that is learned from are left out; it keeps the reading to a few months' partitions."""
Samples = dict[tuple[str, str, str], "array[int]"]


def learn_lanes(*, act: Act) -> int:
    """Learn anew from the parcels that were delivered lately; return how many lanes, stages and measures are known now.

    For the worker, once a day. What has too few samples is not kept. Three statements, the first of them a stream.
    """
    book = procedures.book()
    policy, clock = book.silence, OpenTime.of(book.calendar())
    since = act.at - timedelta(days=policy.learn_days)
    with journal.together():
        samples = _samples(since, policy.most_parcels, clock)
        rows = [
            LaneTime(
                lane=lane, stage=stage, measure=measure, minutes=list(shares(minutes)), samples=len(minutes),
                learned_at=act.at,
            )
            for (lane, stage, measure), minutes in samples.items()
            if len(minutes) >= policy.least_samples
        ]  # fmt: skip
        LaneTime.objects.all().delete()
        LaneTime.objects.bulk_create(rows, batch_size=5000)
    return len(rows)


def _samples(since: datetime, most: int, clock: OpenTime) -> Samples:
    """The minutes of all cases, by lane, stage and measure; each case counts for its lane and for all that borrow from it."""
    found: Samples = defaultdict(lambda: array("i"))
    for lane, handed_at, events in _stories(since, most):
        wider = [str(one) for one in Lane.read(lane).wider()]
        for lesson in lessons(handed_at, events):
            minutes = clock.minutes(lesson.start, lesson.end)
            for one in wider:
                found[one, lesson.stage.value, lesson.measure].append(minutes)
    return found


def _stories(since: datetime, most: int) -> Iterator[tuple[str, datetime, list[Event]]]:
    """The lane, the hand-over and all events of each parcel. One statement, read as a stream."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_DELIVERED, [since, most, since - LONGEST_WAY])
        for (_, lane, handed_at), rows in groupby(cursor, key=itemgetter(0, 1, 2)):
            yield lane, handed_at, [_event(row) for row in rows]


def _event(row: tuple[Any, ...]) -> Event:
    _, _, _, event, kind, happened_at, cause, corrects = row
    return Event(event, Kind(kind), happened_at, Cause(cause) if cause else None, None, corrects)


_DELIVERED = """
SELECT p.parcel_id, p.lane, p.handed_at, e.id, e.kind, e.happened_at, e.cause, e.corrects
FROM (
    SELECT order_id, parcel_id, lane, handed_at FROM tracking_progress
    WHERE delivered_at >= %s AND lane <> '' AND handed_at IS NOT NULL ORDER BY delivered_at DESC LIMIT %s
) p JOIN tracking_event e ON e.order_id = p.order_id AND e.parcel_id = p.parcel_id AND e.happened_at >= %s
ORDER BY p.order_id, p.parcel_id
"""
