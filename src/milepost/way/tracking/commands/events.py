"""Record events: what was said of parcels, in batches, and what follows from all of it together (TRK-2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact
from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.texts import printable
from milepost.way.fulfilment import queries as fulfilment
from milepost.way.fulfilment.words import Borne, tidy_number
from milepost.way.tracking import rules
from milepost.way.tracking.commands import kept, silence
from milepost.way.tracking.commands.kept import Kept
from milepost.way.tracking.facts import DelayEnded, DelayReported, EventCorrected, ParcelMoved, UnknownCodeSeen
from milepost.way.tracking.models import ParcelProgress
from milepost.way.tracking.places import country_code
from milepost.way.tracking.words import Delay, Event, EventDraft, Kind, Recorded, Standing


def expect(parcels: Sequence[tuple[int, int, int]], *, act: Act) -> None:
    """Parcels were handed over: (parcel, shipment, order). From now on events of them are accepted. One statement."""
    ParcelProgress.objects.bulk_create(
        [
            ParcelProgress(
                parcel_id=p,
                shipment_id=s,
                order_id=o,
                since_at=act.at,
                handed_at=act.at,
                look_at=None if act.history else act.recorded_at,
            )
            for p, s, o in parcels
        ],
        ignore_conflicts=True,
    )


def record_events(drafts: Sequence[EventDraft], *, act: Act, source: str = "", only_good: bool = False) -> Recorded:
    """Record what was said of parcels; repeats change nothing. A constant number of statements for thousands of events.

    The parcels' rows are locked in one fixed order, so concurrent batches never deadlock and none misses the other's events.
    Refuses, by index, `no_zone`, `in_the_future`, `long_ago`, `no_parcel`, `nothing_withdrawn`, `nowhere_on_earth`,
    `absurd_estimate`, `unknown_parcel` (404); with `only_good` the good ones are recorded and the refusals returned.
    """
    source = (source or act.channel)[:40]
    with journal.together():
        refusals = rules.refusals(drafts, now=act.recorded_at)
        found = _find_parcels(drafts, bad={refusal.index for refusal in refusals})
        refusals += _unknown(drafts, found, bad={refusal.index for refusal in refusals})
        if refusals and not only_good:
            raise Refused(*sorted(refusals, key=lambda refusal: refusal.index or 0))
        new = _record(_heard(drafts, found), source, act)
    return Recorded(new=new, repeated=len(found) - new, refusals=tuple(refusals))


def _find_parcels(drafts: Sequence[EventDraft], bad: set[int | None]) -> dict[int, Borne]:
    """The parcel that each draft speaks of, by index. One statement."""
    numbers = {draft.tracking_number for draft in drafts if draft.parcel_id is None and draft.tracking_number}
    tidy = {number: printable(tidy_number(number), 40) for number in numbers}
    ids = {draft.parcel_id for draft in drafts if draft.parcel_id is not None}
    by_id: dict[int, Borne] = {}
    by_number: dict[str, list[Borne]] = defaultdict(list)
    for parcel in fulfilment.borne(numbers=list(set(tidy.values())), parcel_ids=list(ids)):
        by_id[parcel.parcel_id] = parcel
        by_number[parcel.tracking_number].append(parcel)
    found = {}
    for index, draft in enumerate(drafts):
        if index in bad:
            continue
        if draft.parcel_id is not None:
            one = by_id.get(draft.parcel_id)
        else:
            bearing = by_number.get(tidy[draft.tracking_number], ())
            one = rules.choose(bearing, carrier=draft.carrier, happened_at=draft.happened_at)
        if one is not None:
            found[index] = one
    return found


def _unknown(drafts: Sequence[EventDraft], found: Mapping[int, Borne], bad: set[int | None]) -> list[Refusal]:
    return [
        replace(
            rules.UNKNOWN_PARCEL,
            index=index,
            values={"number": printable(draft.tracking_number, 40) or draft.parcel_id},
        )
        for index, draft in enumerate(drafts)
        if index not in found and index not in bad
    ]


@dataclass(slots=True)
class _Heard:
    """What a batch says of one parcel, by the ids of the statements."""

    parcel: Borne
    drafts: dict[UUID, EventDraft] = field(default_factory=dict)
    new: list[Event] = field(default_factory=list)
    """What nobody had said before."""
    carries_on: bool = True
    """Whether the new can be added to what is kept; else the whole story is read again."""

    def key(self, event: UUID) -> kept.Key:
        """The key under which a statement is kept."""
        return (self.parcel.order_id, self.parcel.parcel_id, self.drafts[event].happened_at, event)


def _heard(drafts: Sequence[EventDraft], found: Mapping[int, Borne]) -> dict[int, _Heard]:
    """What is said of each parcel, the parcels in the order of their ids."""
    heard: dict[int, _Heard] = {}
    for index, parcel in found.items():
        draft, parcel_id = drafts[index], parcel.parcel_id
        one = heard.get(parcel_id)
        if one is None:
            one = heard[parcel_id] = _Heard(parcel)
        event = rules.event_id(draft, parcel_id)
        if event not in one.drafts or one.drafts[event].kind is Kind.UNKNOWN:
            one.drafts[event] = draft
    return dict(sorted(heard.items()))


def _record(heard: Mapping[int, _Heard], source: str, act: Act) -> int:
    """Lock, find out what is new, keep it, decide, write what follows. At most seven statements and the journal's.

    Stories are read again only where what is kept of a parcel cannot be carried on. Returns how many events were new.
    """
    before = kept.lock(heard)
    _sift(heard, before)
    news = {parcel_id: one for parcel_id, one in heard.items() if one.new or not one.carries_on}
    moved = {parcel_id: one for parcel_id, one in news.items() if not _only_lengthens(one, before[parcel_id])}
    after = _what_follows(moved, before)
    kept.add([_row(one, event, source, act) for one in news.values() for event in one.new])
    kept.write([_progress(one, after[parcel_id], before[parcel_id], act) for parcel_id, one in moved.items()])
    kept.touch([_touched(one) for parcel_id, one in news.items() if parcel_id not in moved])
    facts: list[OrderFact] = [fact for p, standing in after.items() for fact in _changes(before[p], standing)]
    facts += _remarks(news.values(), source, act)
    facts += silence.hear([parcel_id for parcel_id in news if before[parcel_id].concern], act=act)
    journal.record(facts, act=act)
    return sum(len(one.new) for one in news.values())


def _sift(heard: Mapping[int, _Heard], before: Mapping[int, Kept]) -> None:
    """Find out which statements are new. What is later than all that is kept of its parcel is; the others are looked up."""
    doubtful: list[kept.Key] = []
    for parcel_id, one in heard.items():
        of = before[parcel_id]
        last = of.last_event_at
        for event, draft in one.drafts.items():
            if of.corrected or (last is not None and draft.happened_at <= last):
                doubtful.append(one.key(event))
            else:
                _add(one, event, carries_on=draft.corrects is None and rules.tells_all(of.stage, of.delay_cause))
    known = kept.known(doubtful)
    better = []
    for order_id, parcel_id, happened_at, event in doubtful:
        one, kind = heard[parcel_id], known.get((parcel_id, event))
        draft = one.drafts[event]
        if kind is None:
            _add(one, event, carries_on=False)
        elif kind == Kind.UNKNOWN and draft.kind is not Kind.UNKNOWN:
            one.carries_on = False
            better.append((order_id, parcel_id, happened_at, event, draft.kind.value, draft.cause or ""))
    kept.translate(better)


def _add(one: _Heard, event: UUID, *, carries_on: bool) -> None:
    draft = one.drafts[event]
    one.new.append(Event(event, draft.kind, draft.happened_at, draft.cause, draft.estimate_on, draft.corrects))
    one.carries_on = one.carries_on and carries_on


def _only_lengthens(one: _Heard, before: Kept) -> bool:
    """Whether the new changes nothing but that the parcel was heard of."""
    return one.carries_on and all(
        rules.only_lengthens(event.kind, before.stage, before.reached, before.leg) for event in one.new
    )


def _what_follows(moved: Mapping[int, _Heard], before: Mapping[int, Kept]) -> dict[int, Standing]:
    """What all statements about each parcel mean together. At most one statement."""
    stories = kept.stories([before[parcel_id] for parcel_id, one in moved.items() if not one.carries_on])
    return {
        parcel_id: rules.followed(sorted(one.new, key=rules.in_time), before[parcel_id].standing)
        if one.carries_on
        else rules.standing(stories[parcel_id] + one.new)
        for parcel_id, one in moved.items()
    }


def _row(one: _Heard, event: Event, source: str, act: Act) -> tuple[Any, ...]:
    parcel, draft = one.parcel, one.drafts[event.id]
    return (
        parcel.order_id, parcel.parcel_id, draft.happened_at, event.id, draft.kind.value, draft.cause or "",
        _kept(draft.stated_at, 40), _kept(rules.where(draft), 200), _kept(draft.message, rules.LONGEST_TEXT),
        _kept(draft.code, 120), source, draft.estimate_on, draft.corrects, _kept(draft.received_by, 200),
        draft.received_at or act.recorded_at, act.recorded_at, draft.zone_certain, _kept(draft.city, 100),
        _kept(draft.region, 60), draft.country and country_code(draft.country), draft.latitude, draft.longitude,
    )  # fmt: skip


def _kept(text: str, limit: int) -> str:
    return printable(text, limit) if text else ""


def _touched(one: _Heard) -> tuple[int, int, datetime]:
    return (one.parcel.parcel_id, len(one.new), max(event.happened_at for event in one.new))


def _progress(one: _Heard, after: Standing, before: Kept, act: Act) -> tuple[Any, ...]:
    delay, corrected = after.delay, before.corrected or any(event.corrects is not None for event in one.new)
    return (
        one.parcel.parcel_id, after.stage.value, after.reached.value, after.leg, len(one.new), corrected,
        after.since_at or one.parcel.shipped_at, after.delivered_at, after.delivered_as or "",
        delay.cause if delay else "", delay.since_at if delay else None, delay.estimate_on if delay else None,
        after.last_event_at, act.recorded_at,
    )  # fmt: skip


def _changes(before: Kept, after: Standing) -> Iterable[OrderFact]:
    """What to tell of a parcel: only what follows from all its events, so the order in which they came leaves no trace."""
    was, order_id, parcel_id = before.standing, before.order_id, before.parcel_id
    if (was.stage, was.reached, was.delivered_at, was.leg) != (
        after.stage,
        after.reached,
        after.delivered_at,
        after.leg,
    ):
        yield ParcelMoved(
            order_id=order_id, parcel_id=parcel_id, shipment_id=before.shipment_id, stage=after.stage, was=was.stage,
            reached=after.reached, had_reached=was.reached, leg=after.leg, delivered_at=after.delivered_at,
        )  # fmt: skip
    if after.delay is None and was.delay is not None:
        yield DelayEnded(order_id=order_id, parcel_id=parcel_id)
    elif after.delay is not None and not _says_the_same(was.delay, after.delay):
        yield DelayReported(
            order_id=order_id, parcel_id=parcel_id, cause=after.delay.cause, estimate_on=after.delay.estimate_on
        )


def _says_the_same(stood: Delay | None, stands: Delay) -> bool:
    return stood is not None and (stood.cause, stood.estimate_on) == (stands.cause, stands.estimate_on)


def _remarks(news: Iterable[_Heard], source: str, act: Act) -> list[OrderFact]:
    """What else staff should know of new events: that one corrects another, or that nobody understood it."""
    remarkable = [
        (one, event) for one in news for event in one.new if event.corrects is not None or event.kind is Kind.UNKNOWN
    ]
    return [fact for one, event in remarkable for fact in _remark(one, event, source, act)]


def _remark(one: _Heard, event: Event, source: str, act: Act) -> Iterable[OrderFact]:
    order_id, parcel_id = one.parcel.order_id, one.parcel.parcel_id
    if event.corrects is not None:
        yield EventCorrected(order_id=order_id, parcel_id=parcel_id, event=str(event.corrects), by=act.actor)
    if event.kind is Kind.UNKNOWN:
        code = printable(one.drafts[event.id].code, 120)
        yield UnknownCodeSeen(order_id=order_id, parcel_id=parcel_id, source=source, code=code)
