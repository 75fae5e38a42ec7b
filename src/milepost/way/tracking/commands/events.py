"""Record events: what was said of parcels, in batches, and what follows from all of it together (TRK-2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.facts import OrderFact
from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.texts import printable
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.fulfilment.words import tidy_number
from milepost.way.tracking import rules
from milepost.way.tracking.facts import DelayEnded, DelayReported, EventCorrected, ParcelMoved, UnknownCodeSeen
from milepost.way.tracking.models import ParcelProgress, TrackingEvent
from milepost.way.tracking.queries import delay_of
from milepost.way.tracking.rules import Candidate
from milepost.way.tracking.words import Cause, Event, EventDraft, Kind, Recorded, Standing

Key = tuple[int, UUID]


def expect(parcels: Sequence[tuple[int, int, int]], *, act: Act) -> None:
    """Parcels were handed over: (parcel, shipment, order). From now on events of them are accepted. One statement."""
    ParcelProgress.objects.bulk_create(
        [ParcelProgress(parcel_id=p, shipment_id=s, order_id=o, since_at=act.at) for p, s, o in parcels],
        ignore_conflicts=True,
    )


def record_events(drafts: Sequence[EventDraft], *, act: Act, source: str = "", only_good: bool = False) -> Recorded:
    """Record what was said of parcels; repeats change nothing. A constant number of statements for thousands of events.

    The parcels' rows are locked in one fixed order, so concurrent batches never deadlock and none misses the other's events.
    Refuses, by index, `no_zone`, `in_the_future`, `long_ago`, `no_parcel`, `nothing_withdrawn`, `unknown_parcel` (404);
    with `only_good` the good ones are recorded and the refusals returned.
    """
    source = source or act.channel
    with journal.together():
        refusals = rules.refusals(drafts, now=act.recorded_at)
        found = _find_parcels(drafts, bad={refusal.index for refusal in refusals})
        refusals += _unknown(drafts, found, bad={refusal.index for refusal in refusals})
        if refusals and not only_good:
            raise Refused(*sorted(refusals, key=lambda refusal: refusal.index or 0))
        said = {
            (parcel.parcel_id, rules.event_id(drafts[index], parcel.parcel_id)): (parcel, drafts[index])
            for index, parcel in found.items()
        }
        new = _record(said, source, act)
    return Recorded(new=new, repeated=len(found) - new, refusals=tuple(refusals))


def _find_parcels(drafts: Sequence[EventDraft], bad: set[int | None]) -> dict[int, Candidate]:
    """The parcel that each draft speaks of, by index. One statement."""
    numbers = {draft.tracking_number for draft in drafts if draft.parcel_id is None and draft.tracking_number}
    tidy = {number: printable(tidy_number(number), 40) for number in numbers}
    ids = {draft.parcel_id for draft in drafts if draft.parcel_id is not None}
    by_id: dict[int, Candidate] = {}
    by_number: dict[str, list[Candidate]] = defaultdict(list)
    for card in fulfilment.parcels_named(numbers=tidy.values(), parcel_ids=ids):
        if card.shipped_at is not None:
            candidate = Candidate(card.id, card.shipment_id, card.order_id, card.carrier, card.shipped_at)
            by_id[card.id] = candidate
            by_number[card.tracking_number].append(candidate)
    found = {}
    for index, draft in enumerate(drafts):
        if index in bad:
            continue
        if draft.parcel_id is not None:
            parcel = by_id.get(draft.parcel_id)
        else:
            bearing = by_number.get(tidy[draft.tracking_number], ())
            parcel = rules.choose(bearing, carrier=draft.carrier, happened_at=draft.happened_at)
        if parcel is not None:
            found[index] = parcel
    return found


def _unknown(drafts: Sequence[EventDraft], found: Mapping[int, Candidate], bad: set[int | None]) -> list[Refusal]:
    return [
        replace(
            rules.UNKNOWN_PARCEL,
            index=index,
            values={"number": printable(draft.tracking_number, 40) or draft.parcel_id},
        )
        for index, draft in enumerate(drafts)
        if index not in found and index not in bad
    ]


def _record(said: Mapping[Key, tuple[Candidate, EventDraft]], source: str, act: Act) -> int:
    """Lock, insert, read back what is now known of the parcels, decide, write. Five statements and the journal's."""
    parcel_ids = sorted({parcel_id for parcel_id, _ in said})
    before = {
        row.parcel_id: row
        for row in ParcelProgress.objects.select_for_update().filter(parcel_id__in=parcel_ids).order_by("parcel_id")
    }
    new = _insert({key: said[key] for key in sorted(said)}, source, act)
    counted: dict[int, int] = defaultdict(int)
    for parcel_id, _ in new:
        counted[parcel_id] += 1
    known = _events([before[p] for p in counted if before[p].events], {key: said[key][1] for key in new})
    after = {parcel_id: rules.standing(events) for parcel_id, events in known.items()}
    _write_progress(after, counted)
    facts: list[OrderFact] = [fact for p, standing in after.items() for fact in _changes(before[p], standing)]
    facts += [fact for key in new for fact in _remarks(*said[key], source, act)]
    journal.record(facts, act=act)
    return len(new)


def _insert(said: Mapping[Key, tuple[Candidate, EventDraft]], source: str, act: Act) -> list[Key]:
    """Insert the events that were not known; return their keys in the order of the batch."""
    if not said:
        return []
    rows = [_row(parcel, event, draft, act) for (_, event), (parcel, draft) in said.items()]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [source[:40], act.recorded_at, *columns(rows)])
        fresh = {(parcel_id, event) for parcel_id, event in cursor.fetchall()}
    return [key for key in said if key in fresh]


def _row(parcel: Candidate, event: UUID, draft: EventDraft, act: Act) -> tuple[Any, ...]:
    return (
        parcel.order_id, parcel.parcel_id, draft.happened_at, event, draft.kind.value, draft.cause or "",
        printable(draft.stated_at, 40), printable(draft.place, 200), printable(draft.message, 500),
        printable(draft.code, 120), draft.estimate_on, draft.corrects, printable(draft.received_by, 200),
        draft.received_at or act.recorded_at,
    )  # fmt: skip


_INSERT = """
INSERT INTO tracking_event (source, processed_at, order_id, parcel_id, happened_at, id, kind, cause, stated_at, place,
    message, code, estimate_on, corrects, received_by, received_at)
SELECT %s, %s, * FROM unnest(%b::bigint[], %b::bigint[], %b::timestamptz[], %b::uuid[], %b::text[], %b::text[], %b::text[],
    %b::text[], %b::text[], %b::text[], %b::date[], %b::uuid[], %b::text[], %b::timestamptz[])
ON CONFLICT DO NOTHING RETURNING parcel_id, id
"""


def _events(known_before: Sequence[ParcelProgress], new: Mapping[Key, EventDraft]) -> dict[int, list[Event]]:
    """All events of the parcels that heard something new; only those that had events before are read. One statement."""
    events: dict[int, list[Event]] = defaultdict(list)
    for (parcel_id, event), d in new.items():
        events[parcel_id].append(Event(event, d.kind, d.happened_at, d.cause, d.estimate_on, d.corrects))
    if not known_before:
        return events
    rows = TrackingEvent.objects.filter(
        order_id__in={row.order_id for row in known_before}, parcel_id__in=[row.parcel_id for row in known_before]
    ).values_list("parcel_id", "id", "kind", "happened_at", "cause", "estimate_on", "corrects")
    for parcel_id, event, kind, happened_at, cause, estimate_on, corrects in rows:
        known = Event(event, Kind(kind), happened_at, Cause(cause) if cause else None, estimate_on, corrects)
        events[parcel_id].append(known)
    return events


def _write_progress(after: Mapping[int, Standing], counted: Mapping[int, int]) -> None:
    if not after:
        return
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, columns([_progress(p, s, counted[p]) for p, s in after.items()]))


def _progress(parcel_id: int, standing: Standing, new: int) -> tuple[Any, ...]:
    delay = standing.delay
    return (
        parcel_id, standing.stage.value, standing.reached.value, standing.leg, new, standing.since_at,
        standing.delivered_at, standing.delivered_as or "", delay.cause if delay else "", delay.since_at if delay else None,
        delay.estimate_on if delay else None, standing.last_event_at,
    )  # fmt: skip


_UPDATE = """
UPDATE tracking_progress p SET stage = w.stage, reached = w.reached, leg = w.leg, events = p.events + w.new,
    since_at = coalesce(w.since_at, p.since_at), delivered_at = w.delivered_at, delivered_as = w.delivered_as,
    delay_cause = w.delay_cause, delay_since_at = w.delay_since_at, delay_estimate_on = w.delay_estimate_on,
    last_event_at = w.last_event_at
FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::int[], %b::int[], %b::timestamptz[], %b::timestamptz[], %b::text[],
    %b::text[], %b::timestamptz[], %b::date[], %b::timestamptz[]) AS w(parcel_id, stage, reached, leg, new, since_at,
    delivered_at, delivered_as, delay_cause, delay_since_at, delay_estimate_on, last_event_at)
WHERE p.parcel_id = w.parcel_id
"""


def _changes(before: ParcelProgress, after: Standing) -> Iterable[OrderFact]:
    """What to tell of a parcel: only what follows from all its events, so the order in which they came leaves no trace."""
    same = (before.stage, before.reached, before.delivered_at) == (after.stage, after.reached, after.delivered_at)
    if not same or before.leg != after.leg:
        yield ParcelMoved(
            order_id=before.order_id, parcel_id=before.parcel_id, shipment_id=before.shipment_id, stage=after.stage,
            was=before.stage, reached=after.reached, had_reached=before.reached, leg=after.leg,
            delivered_at=after.delivered_at,
        )  # fmt: skip
    stood = delay_of(before)
    if after.delay is None and stood is not None:
        yield DelayEnded(order_id=before.order_id, parcel_id=before.parcel_id)
    elif after.delay is not None and not _says_the_same(stood, after.delay.cause, after.delay.estimate_on):
        yield DelayReported(
            order_id=before.order_id, parcel_id=before.parcel_id, cause=after.delay.cause,
            estimate_on=after.delay.estimate_on,
        )  # fmt: skip


def _says_the_same(stood: Any, cause: Cause, estimate_on: Any) -> bool:
    return stood is not None and (stood.cause, stood.estimate_on) == (cause, estimate_on)


def _remarks(parcel: Candidate, draft: EventDraft, source: str, act: Act) -> Iterable[OrderFact]:
    """What else staff should know of a new event: that it corrects another, or that nobody understood it."""
    if draft.corrects is not None:
        yield EventCorrected(
            order_id=parcel.order_id, parcel_id=parcel.parcel_id, event=str(draft.corrects), by=act.actor
        )
    if draft.kind is Kind.UNKNOWN:
        code = printable(draft.code, 120)
        yield UnknownCodeSeen(order_id=parcel.order_id, parcel_id=parcel.parcel_id, source=source, code=code)
