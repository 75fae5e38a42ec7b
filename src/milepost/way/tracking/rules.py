"""What follows from a set of tracking events: timeline, legs, stage, delay. Pure, and the same for the same set.

The law: events are statements, each with an id made from what it says, so a repeat is the same element of the set. Nothing here
looks at the order in which they came. A correction names the statement it corrects, and may come before it.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import blake2b
from uuid import UUID

from milepost.kernel.refusals import Refusal
from milepost.way.fulfilment.words import Borne
from milepost.way.tracking.words import (
    AHEAD,
    DELIVERIES,
    Cause,
    Delay,
    Event,
    EventDraft,
    Kind,
    Reached,
    Stage,
    Standing,
)

_STAGES: Mapping[Kind, Stage] = {
    Kind.PICKED_UP: Stage.IN_TRANSIT,
    Kind.IN_TRANSIT: Stage.IN_TRANSIT,
    Kind.ARRIVED_HUB: Stage.IN_TRANSIT,
    Kind.DEPARTED_HUB: Stage.IN_TRANSIT,
    Kind.ARRIVED_DESTINATION: Stage.IN_TRANSIT,
    Kind.HANDED_OVER: Stage.IN_TRANSIT,
    Kind.CUSTOMS_PROCESSING: Stage.IN_TRANSIT,
    Kind.CUSTOMS_CLEARED: Stage.IN_TRANSIT,
    Kind.CUSTOMS_ACTION: Stage.IN_TRANSIT,
    Kind.REDIRECTED: Stage.IN_TRANSIT,
    Kind.OUT_FOR_DELIVERY: Stage.OUT_FOR_DELIVERY,
    Kind.DELIVERED_PART: Stage.OUT_FOR_DELIVERY,
    Kind.ATTEMPT_FAILED: Stage.ATTEMPT_FAILED,
    Kind.REFUSED: Stage.ATTEMPT_FAILED,
    Kind.READY_FOR_PICKUP: Stage.READY_FOR_PICKUP,
    Kind.LOST: Stage.LOST,
    Kind.DISPOSED: Stage.LOST,
    Kind.RETURNING: Stage.RETURNING,
    Kind.RETURNED: Stage.RETURNED,
}
"""The stage that an event leaves its parcel in; the other kinds leave it where it is."""

_REACHES: Mapping[Kind, Reached] = {
    **dict.fromkeys((k for k, s in _STAGES.items() if s is Stage.IN_TRANSIT), Reached.IN_TRANSIT),
    Kind.READY_FOR_PICKUP: Reached.IN_TRANSIT,
    Kind.OUT_FOR_DELIVERY: Reached.OUT_FOR_DELIVERY,
    Kind.ATTEMPT_FAILED: Reached.OUT_FOR_DELIVERY,
    Kind.REFUSED: Reached.OUT_FOR_DELIVERY,
    Kind.DELIVERED_PART: Reached.OUT_FOR_DELIVERY,
    **dict.fromkeys(DELIVERIES, Reached.DELIVERED),
}
_HOW_FAR = {reached: place for place, reached in enumerate(Reached)}
_CLOSES_LEG = DELIVERIES | {Kind.RETURNED}
_TURNS_BACK = frozenset({Kind.RETURNING, Kind.RETURNED})
_ARRIVED = frozenset({Stage.DELIVERED, Stage.RETURNED})

NOTHING_YET = Standing(Stage.SHIPPED, Reached.SHIPPED, leg=1)
"""What follows from no event at all: it was handed over."""

DELAYS: Mapping[Kind, Cause] = {
    Kind.DELAYED: Cause.CARRIER,
    Kind.HELD: Cause.CARRIER,
    Kind.CUSTOMS_ACTION: Cause.CUSTOMS,
    Kind.ADDRESS_PROBLEM: Cause.ADDRESS,
}
"""The kinds that report a delay, with the cause to assume where none is given."""

_AT_THE_DOOR = frozenset({Kind.OUT_FOR_DELIVERY, Kind.READY_FOR_PICKUP, Kind.DELIVERED_PART})
_MOVES = _AT_THE_DOOR | {
    Kind.PICKED_UP, Kind.IN_TRANSIT, Kind.ARRIVED_HUB, Kind.DEPARTED_HUB, Kind.ARRIVED_DESTINATION, Kind.HANDED_OVER,
}  # fmt: skip
ENDED_BY: Mapping[Kind, frozenset[Kind]] = {
    Kind.DELAYED: _AT_THE_DOOR,
    Kind.HELD: _MOVES | {Kind.REDIRECTED, Kind.CUSTOMS_CLEARED},
    Kind.CUSTOMS_ACTION: _AT_THE_DOOR | {Kind.CUSTOMS_CLEARED, Kind.ARRIVED_DESTINATION},
    Kind.ADDRESS_PROBLEM: _AT_THE_DOOR | {Kind.REDIRECTED},
}
"""What says, when it happens later, that a reported delay is over: it moves again, customs is done, the address was found."""

WINDOW_BEFORE = timedelta(days=30)
WINDOW_AFTER = timedelta(days=365)
TOO_EARLY = 5
"""How much more a scan before the hand-over speaks against a parcel than one as long after it."""
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
FARTHEST_ESTIMATE = timedelta(days=730)
POLE, ANTIMERIDIAN = 90, 180

LONGEST_TEXT = 500

_ORDER_AT_ONE_INSTANT = {kind: place for place, kind in enumerate(Kind)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def event_id(draft: EventDraft, parcel_id: int) -> UUID:
    """The id of a statement: a digest of all it says. The same statement, however often and wherever it comes from, has one.

    Where the vendor's own code is given it stands for our kind and cause, so a better translation later does not make another
    event. Who took the parcel is personal and left out. Of a long text counts what is kept of it.
    """
    what = draft.code or f"{draft.kind}\x1f{draft.cause or ''}"
    instant = (draft.happened_at - _EPOCH) // _MICROSECOND
    said = (
        f"{parcel_id}\x1f{what}\x1f{instant}\x1f{plain(where(draft))}\x1f{plain(draft.message)}"
        f"\x1f{draft.estimate_on or ''}\x1f{draft.corrects or ''}"
    )
    return UUID(bytes=blake2b(said.encode("utf-8", "replace"), digest_size=16).digest())


def where(draft: EventDraft) -> str:
    """The place as people read it."""
    return draft.place or ", ".join(filter(None, (draft.city, draft.region, draft.country)))


def plain(text: str) -> str:
    """Text as it is compared: composed, without case, runs of space as one, as long as it is kept."""
    return _plain(text[:LONGEST_TEXT]) if text else ""


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def standing(events: Iterable[Event]) -> Standing:
    """All that follows from the set of a parcel's events (TRK-2, HND-2)."""
    return followed(in_force(events))


def followed(valid: Iterable[Event], before: Standing = NOTHING_YET) -> Standing:
    """What follows from events that count, in carrier time; `before` is what followed from all that were earlier.

    So what is kept of a parcel is carried on without reading its whole story again, where `tells_all`.
    """
    now = _Way(before)
    for event in valid:
        now.hear(event)
    return now.standing()


def tells_all(stage: str, delay_cause: str) -> bool:
    """Whether what is kept of a parcel in this stage suffices to go on from, as long as nothing was corrected.

    Of a delay is not kept what would end it, nor of a lost parcel whether it was late.
    """
    return stage != Stage.LOST and not delay_cause


@cache
def only_lengthens(kind: Kind, stage: str, reached: str, leg: int) -> bool:
    """Whether such an event, later than all others of a parcel that is not late, changes nothing but the last news."""
    before = Standing(Stage(stage), Reached(reached), leg)
    return followed([Event(UUID(int=0), kind, EARLIEST)], before)[:-1] == before[:-1]


def in_force(events: Iterable[Event]) -> list[Event]:
    """The events that count, in the order of carrier time: no repeats, none that a counting correction takes back."""
    every = {event.id: event for event in events}
    void = voided(every.values())
    return sorted((e for e in every.values() if e.id not in void and e.kind is not Kind.WITHDRAWN), key=in_time)


def voided(events: Iterable[Event]) -> frozenset[UUID]:
    """The ids of the events that corrections take back; a correction that is itself taken back takes nothing back.

    Decided from the last corrections down to what they correct. Ids are digests of what they name, so there is no circle.
    """
    corrects = {event.id: event.corrects for event in events if event.corrects not in (None, event.id)}
    if not corrects:
        return frozenset()
    open_questions = Counter(corrects.values())
    settled = [event for event in corrects if event not in open_questions]
    void: set[UUID] = set()
    while settled:
        event = settled.pop()
        target = corrects.get(event)
        if target is None:
            continue
        if event not in void:
            void.add(target)
        open_questions[target] -= 1
        if not open_questions[target]:
            settled.append(target)
    return frozenset(void)


def in_time(event: Event) -> tuple[datetime, int, date, str, UUID]:
    """By carrier time; of one instant in the order of the way, then by what they say, so that no order of arrival shows."""
    return (
        event.happened_at,
        _ORDER_AT_ONE_INSTANT[event.kind],
        event.estimate_on or date.min,
        event.cause or "",
        event.id,
    )


def split_legs(valid: Sequence[Event]) -> list[list[Event]]:
    """The events of each leg: the way to the customer, then ways back. `valid` is in carrier time.

    A way back begins with the first word of a return, or with a pick-up after a delivery. Anything else after a delivery (out for
    delivery, in transit) is a carrier's clock or a late scan, and stays in its leg.
    """
    legs: list[list[Event]] = [[]]
    closed = False
    for event in valid:
        if _turns_back(event.kind, len(legs), closed=closed):
            legs.append([])
            closed = False
        legs[-1].append(event)
        closed = closed or event.kind in _CLOSES_LEG
    return legs


def _turns_back(kind: Kind, leg: int, *, closed: bool) -> bool:
    """Whether another leg begins with such an event, after an arrival (`closed`) or before."""
    return (closed and kind is Kind.PICKED_UP) or (leg == 1 and kind in _TURNS_BACK)


class _Way:
    """Where a parcel has come to, event by event in carrier time."""

    __slots__ = ("as_", "at", "last", "leg", "reached", "reports", "since", "stage", "stated")

    def __init__(self, before: Standing) -> None:
        self.stage, self.reached, self.leg, self.since, self.at, self.as_, _, self.last = before
        self.stated: tuple[datetime, date] | None = None
        self.reports: list[tuple[Kind, Delay]] = []

    def hear(self, event: Event) -> None:
        """One event more; of an arrival is decided whatever is dated after it."""
        self.last = event.happened_at
        if _turns_back(event.kind, self.leg, closed=self.stage in _ARRIVED):
            self.leg, self.stage, self.since = self.leg + 1, Stage.RETURNING, event.happened_at
        if self.leg == 1:
            self._on_the_way_there(event)
        elif event.kind in _CLOSES_LEG and self.stage is not Stage.RETURNED:
            self.stage, self.since = Stage.RETURNED, event.happened_at

    def _on_the_way_there(self, event: Event) -> None:
        reaches = _REACHES.get(event.kind)
        if reaches is not None and _HOW_FAR[reaches] > _HOW_FAR[self.reached]:
            self.reached = reaches
        if self.stage is Stage.DELIVERED:
            return
        becomes = stage_after(event, self.stage)
        if becomes is not self.stage:
            self.stage, self.since = becomes, event.happened_at
        if becomes is Stage.DELIVERED:
            self.at, self.as_ = event.happened_at, event.kind
        elif self.reports or event.estimate_on is not None or event.kind in DELAYS:
            self._note_delay(event)

    def _note_delay(self, event: Event) -> None:
        """Each delay stands until something later ends it, with the last date that was stated at its instant or since."""
        kind, at, day = event.kind, event.happened_at, event.estimate_on
        self.reports = [(k, d) for k, d in self.reports if not (kind in ENDED_BY[k] and at > d.since_at)]
        if day is not None:
            self.stated = (at, day)
            self.reports = [(k, Delay(d.cause, d.since_at, day)) for k, d in self.reports]
        if kind in DELAYS:
            stated = self.stated[1] if self.stated is not None and self.stated[0] == at else None
            self.reports.append((kind, Delay(event.cause or DELAYS[kind], at, stated)))

    def standing(self) -> Standing:
        """All that follows."""
        late = self.leg == 1 and self.stage not in (Stage.DELIVERED, Stage.LOST) and self.reports
        delay = self.reports[-1][1] if late else None
        return Standing(self.stage, self.reached, self.leg, self.since, self.at, self.as_, delay, self.last)


def stage_after(event: Event, stage: Stage) -> Stage:
    """The stage of a parcel on its way to the customer after such an event."""
    return Stage.DELIVERED if event.kind in DELIVERIES else _STAGES.get(event.kind, stage)


def choose(bearing: Sequence[Borne], *, carrier: str, happened_at: datetime) -> Borne | None:
    """Whose parcel a statement is about: carriers use numbers again, so identity is number, carrier and ship window.

    Of the parcels whose carrier fits and whose window holds the scan, the one whose hand-over lies nearest. Scans come after the
    hand-over, hardly before it, so a day too early counts as several days later.
    """
    fitting = [p for p in bearing if _same_carrier(p.carrier, carrier) and _in_window(p.shipped_at, happened_at)]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    return min(fitting, key=lambda p: (_distance(p.shipped_at, happened_at), p.parcel_id))


def _distance(shipped_at: datetime, happened_at: datetime) -> timedelta:
    return happened_at - shipped_at if happened_at >= shipped_at else TOO_EARLY * (shipped_at - happened_at)


@lru_cache(maxsize=1024)
def _same_carrier(ours: str, theirs: str) -> bool:
    one, other = _squeeze(ours), _squeeze(theirs)
    return not one or not other or one.startswith(other) or other.startswith(one)


def _squeeze(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _in_window(shipped_at: datetime, happened_at: datetime) -> bool:
    return shipped_at - WINDOW_BEFORE <= happened_at <= shipped_at + WINDOW_AFTER


@dataclass(frozen=True, slots=True)
class Line:
    """What the rules add to an event when a timeline is shown: its leg, and whether it was taken back."""

    event: Event
    leg: int
    voided: bool


def timeline(events: Iterable[Event]) -> list[Line]:
    """All events in carrier time, those taken back among them, the withdrawals themselves left out.

    A date that is only stated again is not told again.
    """
    every = {event.id: event for event in events}
    void = voided(every.values())
    legs = {e.id: number for number, leg in enumerate(split_legs(in_force(every.values())), start=1) for e in leg}
    lines: list[Line] = []
    stated = None
    for event in sorted(every.values(), key=in_time):
        repeats = event.kind is Kind.DELIVERY_SCHEDULED and event.estimate_on == stated and event.id not in void
        if event.kind is not Kind.WITHDRAWN and not repeats:
            lines.append(Line(event, legs.get(event.id, 1), event.id in void))
        if event.estimate_on is not None and event.id not in void:
            stated = event.estimate_on
    return lines


def refusals(drafts: Sequence[EventDraft], *, now: datetime) -> list[Refusal]:
    """What is wrong with the drafts in themselves, by index."""
    found: list[Refusal] = []
    for index, draft in enumerate(drafts):
        if draft.happened_at.tzinfo is None:
            found.append(NO_ZONE.at(index=index))
        elif draft.happened_at > now + AHEAD:
            found.append(IN_THE_FUTURE.at(index=index))
        elif draft.happened_at < EARLIEST:
            found.append(LONG_AGO.at(index=index))
        if draft.parcel_id is None and not draft.tracking_number:
            found.append(NO_PARCEL.at(index=index))
        if draft.kind is Kind.WITHDRAWN and draft.corrects is None:
            found.append(NOTHING_WITHDRAWN.at(index=index))
        if draft.estimate_on is not None and not EARLIEST.date() <= draft.estimate_on <= now.date() + FARTHEST_ESTIMATE:
            found.append(ABSURD_ESTIMATE.at(index=index))
        if (draft.latitude is not None or draft.longitude is not None) and not _on_earth(
            draft.latitude, draft.longitude
        ):
            found.append(NOWHERE_ON_EARTH.at(index=index))
    return found


def _on_earth(latitude: Decimal | None, longitude: Decimal | None) -> bool:
    if latitude is None or longitude is None or not (latitude.is_finite() and longitude.is_finite()):
        return False
    return abs(latitude) <= POLE and abs(longitude) <= ANTIMERIDIAN


IN_THE_FUTURE = Refusal(
    code="in_the_future",
    says="A scan cannot have happened in the future.",
    do="Check the date, and the zone of the time.",
    field="happened_at",
)
LONG_AGO = Refusal(
    code="long_ago", says="A scan before the year 2000 cannot be right.", do="Check the date.", field="happened_at"
)
NO_ZONE = Refusal(
    code="no_zone",
    says="A time without a zone names no instant.",
    do="Give the time with its zone, as 2026-03-02T14:05:00+01:00.",
    field="happened_at",
)
NO_PARCEL = Refusal(
    code="no_parcel",
    says="The event names no parcel.",
    do="Give its tracking number, or the id of the parcel.",
    field="tracking_number",
)
NOTHING_WITHDRAWN = Refusal(
    code="nothing_withdrawn",
    says="A withdrawal must name the event that it takes back.",
    do="Give the id of that event.",
    field="corrects",
)
ABSURD_ESTIMATE = Refusal(
    code="absurd_estimate",
    says="A parcel is not expected in the last century, nor years from now.",
    do="Check the date, or leave it out.",
    field="estimate_on",
)
NOWHERE_ON_EARTH = Refusal(
    code="nowhere_on_earth",
    says="These coordinates name no place on earth.",
    do="Give latitude and longitude in degrees, both or none.",
    field="latitude",
)
UNKNOWN_PARCEL = Refusal(
    code="unknown_parcel",
    says="No parcel of ours was shipped with the number {number} around that time.",
    do="Check the number and the carrier. If the parcel was not handed over here yet, ship it first.",
    status=404,
    field="tracking_number",
)
