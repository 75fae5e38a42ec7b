"""Silence: parcels without news for longer than usual, or that will miss their promise; noticed and ended (EXC-1, FUP-1)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from milepost.ground import journal
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import Book
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.facts import OrderFact
from milepost.kernel.ids import new_id
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.orders import queries as orders
from milepost.way.orders.queries import Destination
from milepost.way.orders.words import State
from milepost.way.promising import queries as promising
from milepost.way.stock import queries as stock
from milepost.way.tracking.facts import ConcernEnded, ConcernNoticed
from milepost.way.tracking.lanes import GAP, REST, Lane, Usual, best, lane_of
from milepost.way.tracking.models import LaneTime, NoticedConcern, ParcelProgress
from milepost.way.tracking.silence import Found, Look, OpenTime, Standing, Watched, look
from milepost.way.tracking.words import Concern, Ended, Stage

OVER = frozenset({State.CANCELLED, State.COMPLETED, State.CLOSED})
"""Orders whose parcels nobody waits for any more."""


def look_after(*, act: Act, limit: int = 1000) -> int:
    """Look at the parcels whose time to be looked at has come; notice silence and predicted misses. Return how many.

    For the worker; several may run, each takes what no other has. A constant number of statements for any number of parcels.
    """
    with journal.together():
        due = ParcelProgress.objects.select_for_update(skip_locked=True).filter(look_at__lte=act.at)
        rows = list(due.order_by("look_at")[:limit])
        journal.record(consider(rows, act=act), act=act)
    return len(rows)


def hear(parcel_ids: Iterable[int], *, act: Act) -> list[OrderFact]:
    """There is something new of parcels about which a concern stands: end it if that is news. Their rows are locked by the caller.

    Returns what is to be told; no statement for no parcels.
    """
    wanted = sorted(parcel_ids)
    return consider(list(ParcelProgress.objects.filter(parcel_id__in=wanted)), act=act) if wanted else []


def look_again(order_ids: Sequence[int], *, act: Act) -> None:
    """What these orders' parcels are held against has changed, so they are looked at now. Two statements."""
    with journal.together():
        _free(order_ids).filter(look_at__isnull=False).update(look_at=act.recorded_at, lane="")


def stop_watching(order_ids: Sequence[int], *, act: Act) -> None:
    """Nobody waits for these orders' parcels any more: their concerns end. Four statements."""
    with journal.together():
        _free(order_ids).update(look_at=None, concern="")
        standing = list(NoticedConcern.objects.filter(order_id__in=list(order_ids), ended_at=None))
        _end({row.parcel_id: (row, Ended.OVER) for row in standing}, act)
        journal.record([_over(row, Ended.OVER) for row in standing], act=act)


def _free(order_ids: Sequence[int]) -> QuerySet[ParcelProgress]:
    """The orders' parcels, locked, but for those of which events are recorded at this moment.

    Who records events holds parcels and waits for orders; who holds orders, as we do, must not wait for parcels.
    """
    rows = ParcelProgress.objects.select_for_update(skip_locked=True).filter(order_id__in=list(order_ids))
    return ParcelProgress.objects.filter(parcel_id__in=list(rows.values_list("parcel_id", flat=True)))


def consider(rows: Sequence[ParcelProgress], *, act: Act) -> list[OrderFact]:
    """Look at these parcels, whose rows are locked, and write what follows. Return what is to be told. At most ten statements."""
    if not rows:
        return []
    book, clock = procedures.book(), OpenTime.of(procedures.book().calendar())
    standing = _standing(rows)
    watched = _watched(rows, standing, book)
    looks = {
        row.parcel_id: look(watched[row.parcel_id], book.silence, clock, now=act.recorded_at)
        if row.parcel_id in watched
        else Look(ended=Ended.OVER if row.parcel_id in standing else None)
        for row in rows
    }  # fmt: skip
    facts = _tell(rows, looks, standing)
    _end(_those_that_end(looks, standing), act)
    journal.insert([_noticed(row, found, act) for row in rows if (found := looks[row.parcel_id].found)])
    _keep(rows, looks)
    return facts


def _standing(rows: Sequence[ParcelProgress]) -> dict[int, NoticedConcern]:
    about = [row for row in rows if row.concern]
    if not about:
        return {}
    found = NoticedConcern.objects.filter(
        order_id__in={row.order_id for row in about}, parcel_id__in=[row.parcel_id for row in about], ended_at=None
    )
    return {row.parcel_id: row for row in found}


def _watched(rows: Sequence[ParcelProgress], standing: Mapping[int, NoticedConcern], book: Book) -> dict[int, Watched]:
    """The parcels as the rules see them; those that nobody watches are left out."""
    policy = book.silence
    places = orders.destinations({row.order_id for row in rows})
    lanes = _lanes(rows, places)
    awaited = [row for row in rows if _is_awaited(places.get(row.order_id)) and policy.hours(row.stage)]
    awaited = [row for row in awaited if lanes[row.parcel_id].carrier not in policy.unwatched]
    promises = promising.standing({row.order_id for row in awaited})
    usual = _usual({lanes[row.parcel_id] for row in awaited})
    home = book.calendar().country
    found = {}
    for row in awaited:
        place, lane, promise = places[row.order_id], lanes[row.parcel_id], promises.get(row.order_id)
        stood = standing.get(row.parcel_id)
        handed_at = row.handed_at or row.since_at or row.last_event_at
        if handed_at is None:
            continue
        found[row.parcel_id] = Watched(
            stage=Stage(row.stage), handed_at=handed_at,
            since_at=handed_at if row.stage == Stage.SHIPPED else row.since_at or handed_at,
            last_event_at=row.last_event_at, zone=place.zone, abroad=bool(home and place.country and place.country != home),
            transit_days=book.promising.transit_days(place.service, place.country),
            due_at=promise.now.latest_at if promise else None,
            gap=best(lane, usual.get((row.stage, GAP), {}), policy), rest=best(lane, usual.get((row.stage, REST), {}), policy),
            concerns=row.silences - _is_silence(stood), standing=_as_seen(stood),
        )  # fmt: skip
    return found


def _is_awaited(place: Destination | None) -> bool:
    """Of imported history nobody is told anything, so nothing of it is watched."""
    return place is not None and not place.history and place.state not in OVER


def _is_silence(row: NoticedConcern | None) -> bool:
    return row is not None and row.concern != Concern.PREDICTED_MISS


def _as_seen(row: NoticedConcern | None) -> Standing | None:
    if row is None:
        return None
    return Standing(concern=Concern(row.concern), since_at=row.since_at, due_at=row.due_at, latest_on=row.latest_on)


def _lanes(rows: Sequence[ParcelProgress], places: Mapping[int, Destination]) -> dict[int, Lane]:
    """From where to where each parcel goes and with whom. Two statements for those of which that was not yet looked up."""
    new = [row for row in rows if not row.lane]
    carried = fulfilment.carried_by(row.parcel_id for row in new) if new else {}
    origins = stock.sent_from({row.order_id for row in new}) if new else {}
    for row in new:
        carrier, service = carried.get(row.parcel_id, ("", ""))
        place = places.get(row.order_id)
        row.lane = str(
            lane_of(
                carrier=carrier, service=service or (place.service if place else ""), origin=origins.get(row.order_id, ""),
                country=place.country if place else "", postal_code=place.postal_code if place else "",
            )
        )  # fmt: skip
    return {row.parcel_id: Lane.read(row.lane) for row in rows}


def _usual(lanes: Iterable[Lane]) -> dict[tuple[str, str], dict[str, Usual]]:
    """What is usual on these lanes and on those that they borrow from, by stage and measure. One statement."""
    wanted = {str(wider) for lane in lanes for wider in lane.wider()}
    found: dict[tuple[str, str], dict[str, Usual]] = {}
    rows = LaneTime.objects.filter(lane__in=wanted).values_list("lane", "stage", "measure", "minutes", "samples")
    for lane, stage, measure, minutes, samples in rows if wanted else ():
        found.setdefault((stage, measure), {})[lane] = Usual(tuple(minutes), samples, lane)
    return found


def _tell(
    rows: Sequence[ParcelProgress], looks: Mapping[int, Look], standing: Mapping[int, NoticedConcern]
) -> list[OrderFact]:
    facts: list[OrderFact] = []
    for row in rows:
        seen = looks[row.parcel_id]
        if seen.found:
            facts.append(_told(row, seen.found))
        elif seen.ended and row.parcel_id in standing:
            facts.append(_over(standing[row.parcel_id], seen.ended))
    return facts


def _told(row: ParcelProgress, found: Found) -> ConcernNoticed:
    return ConcernNoticed(
        order_id=row.order_id, parcel_id=row.parcel_id, concern=found.concern, since_at=found.since_at,
        earliest_on=found.estimate.earliest_on, latest_on=found.estimate.latest_on, confidence=found.estimate.confidence,
        usual_hours=found.usual_minutes // 60, patience_hours=found.patience_minutes // 60, samples=found.samples,
        lane=found.lane,
    )  # fmt: skip


def _over(row: NoticedConcern, because: Ended) -> ConcernEnded:
    return ConcernEnded(order_id=row.order_id, parcel_id=row.parcel_id, concern=row.concern, because=because)


def _those_that_end(
    looks: Mapping[int, Look], standing: Mapping[int, NoticedConcern]
) -> dict[int, tuple[NoticedConcern, Ended]]:
    """The concerns that end, and those whose place another takes."""
    return {
        key: (row, looks[key].ended or Ended.REPLACED)
        for key, row in standing.items()
        if looks[key].ended or looks[key].found
    }


def _end(rows: Mapping[int, tuple[NoticedConcern, Ended]], act: Act) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                _END,
                [act.recorded_at, *columns((row.order_id, row.id, str(because)) for row, because in rows.values())],
            )


_END = """
UPDATE tracking_concern c SET ended_at = %s, ended = w.because
FROM unnest(%b::bigint[], %b::uuid[], %b::text[]) AS w(order_id, id, because)
WHERE c.order_id = w.order_id AND c.id = w.id
"""


def _noticed(row: ParcelProgress, found: Found, act: Act) -> NoticedConcern:
    return NoticedConcern(
        order_id=row.order_id, id=new_id(), parcel_id=row.parcel_id, concern=found.concern, stage=row.stage,
        since_at=found.since_at, due_at=found.due_at, noticed_at=act.recorded_at, earliest_on=found.estimate.earliest_on,
        latest_on=found.estimate.latest_on, confidence=found.estimate.confidence, usual_minutes=found.usual_minutes,
        patience_minutes=found.patience_minutes, samples=found.samples, lane=found.lane,
    )  # fmt: skip


def _keep(rows: Sequence[ParcelProgress], looks: Mapping[int, Look]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, columns(_kept(row, looks[row.parcel_id]) for row in rows))


def _kept(row: ParcelProgress, seen: Look) -> tuple[int, str, datetime | None, str, int]:
    concern: str = seen.found.concern if seen.found else "" if seen.ended else row.concern
    new_silence = seen.found is not None and seen.found.concern not in (Concern.PREDICTED_MISS, row.concern)
    return (row.parcel_id, row.lane, seen.look_at, str(concern), int(new_silence))


_KEEP = """
UPDATE tracking_progress p SET lane = w.lane, look_at = w.look_at, concern = w.concern, silences = p.silences + w.more
FROM unnest(%b::bigint[], %b::text[], %b::timestamptz[], %b::text[], %b::int[]) AS w(parcel_id, lane, look_at, concern, more)
WHERE p.parcel_id = w.parcel_id
"""
