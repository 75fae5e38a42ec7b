"""What follows from a set of tracking events: timeline, legs, stage, delay. Pure, and the same for the same set.

The law: events are statements, each with an id made from what it says, so a repeat is the same element of the set. Nothing here
looks at the order in which they came. A correction names the statement it corrects, and may come before it.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from milepost.kernel.refusals import Refusal
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

DELAYS: Mapping[Kind, Cause] = {
    Kind.DELAYED: Cause.CARRIER,
    Kind.HELD: Cause.CARRIER,
    Kind.CUSTOMS_ACTION: Cause.CUSTOMS,
    Kind.ADDRESS_PROBLEM: Cause.ADDRESS,
}
"""The kinds that report a delay, with the cause to assume where none is given."""

WINDOW_BEFORE = timedelta(days=30)
WINDOW_AFTER = timedelta(days=365)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

_ORDER_AT_ONE_INSTANT = {kind: place for place, kind in enumerate(Kind)}


def event_id(draft: EventDraft, parcel_id: int) -> UUID:
    """The id of a statement: a digest of all it says. The same statement, however often and wherever it comes from, has one.

    Where the vendor's own code is given it stands for our kind, so a better translation later does not make another event.
    Who took the parcel is personal and left out.
    """
    said = (
        str(parcel_id), draft.code or draft.kind, draft.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        plain(draft.place), plain(draft.message), draft.cause or "", str(draft.estimate_on or ""), str(draft.corrects or ""),
    )  # fmt: skip
    return UUID(bytes=sha256("\x1f".join(said).encode("utf-8", "replace")).digest()[:16])


def plain(text: str) -> str:
    """Text as it is compared: composed, without case, runs of space as one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()) if text else ""


def standing(events: Iterable[Event]) -> Standing:
    """All that follows from the set of a parcel's events (TRK-2, HND-2)."""
    valid = in_force(events)
    if not valid:
        return Standing(Stage.SHIPPED, Reached.SHIPPED, leg=1)
    legs = split_legs(valid)
    first, last = legs[0], legs[-1]
    stage, since = _stage_of(last, back=len(legs) > 1)
    delivery = _delivery(first)
    return Standing(
        stage=stage,
        reached=_how_far(first),
        leg=len(legs),
        since_at=since,
        delivered_at=delivery.happened_at if delivery else None,
        delivered_as=delivery.kind if delivery else None,
        delay=None if delivery or len(legs) > 1 or stage is Stage.LOST else _standing_delay(first),
        last_event_at=valid[-1].happened_at,
    )


def in_force(events: Iterable[Event]) -> list[Event]:
    """The events that count, in the order of carrier time: no repeats, none that a counting correction takes back."""
    every = {event.id: event for event in events}
    void = voided(every.values())
    return sorted((e for e in every.values() if e.id not in void and e.kind is not Kind.WITHDRAWN), key=_in_time)


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


def _in_time(event: Event) -> tuple[datetime, int, UUID]:
    return (event.happened_at, _ORDER_AT_ONE_INSTANT[event.kind], event.id)


def split_legs(valid: Sequence[Event]) -> list[list[Event]]:
    """The events of each leg: the way to the customer, then ways back. `valid` is in carrier time.

    A way back begins with the first word of a return, or with a pick-up after a delivery. Anything else after a delivery (out for
    delivery, in transit) is a carrier's clock or a late scan, and stays in its leg.
    """
    legs: list[list[Event]] = [[]]
    closed = False
    for event in valid:
        if (closed and event.kind is Kind.PICKED_UP) or (len(legs) == 1 and event.kind in _TURNS_BACK):
            legs.append([])
            closed = False
        legs[-1].append(event)
        closed = closed or event.kind in _CLOSES_LEG
    return legs


def _stage_of(leg: Sequence[Event], *, back: bool) -> tuple[Stage, datetime | None]:
    """Where the leg has come to, and since when: an arrival decides whatever is dated after it, else the last word does."""
    arrival = next((e for e in leg if e.kind in (_CLOSES_LEG if back else DELIVERIES)), None)
    if arrival is not None:
        return (Stage.RETURNED if back else Stage.DELIVERED), arrival.happened_at
    if back:
        return Stage.RETURNING, leg[0].happened_at
    stage, since = Stage.SHIPPED, None
    for event in leg:
        becomes = _STAGES.get(event.kind, stage)
        if becomes is not stage:
            stage, since = becomes, event.happened_at
    return stage, since


def _how_far(leg: Sequence[Event]) -> Reached:
    return max((_REACHES.get(e.kind, Reached.SHIPPED) for e in leg), key=_HOW_FAR.__getitem__, default=Reached.SHIPPED)


def _delivery(leg: Sequence[Event]) -> Event | None:
    """The first delivery of the leg; a second one of the same parcel changes nothing."""
    return next((event for event in leg if event.kind in DELIVERIES), None)


def _standing_delay(leg: Sequence[Event]) -> Delay | None:
    """The last delay of the leg, with the last date that was stated since."""
    reports = [event for event in leg if event.kind in DELAYS]
    if not reports:
        return None
    last = reports[-1]
    dates = [e.estimate_on for e in leg if e.estimate_on is not None and e.happened_at >= last.happened_at]
    return Delay(last.cause or DELAYS[last.kind], last.happened_at, dates[-1] if dates else last.estimate_on)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A parcel that bears a tracking number."""

    parcel_id: int
    shipment_id: int
    order_id: int
    carrier: str
    shipped_at: datetime


def choose(candidates: Sequence[Candidate], *, carrier: str, happened_at: datetime) -> Candidate | None:
    """Whose parcel a statement is about: carriers use numbers again, so identity is number, carrier and ship window.

    Of the parcels whose carrier fits and whose window holds the scan, the one shipped last before it; else the nearest.
    """
    fitting = [c for c in candidates if _same_carrier(c.carrier, carrier) and _in_window(c.shipped_at, happened_at)]
    if not fitting:
        return None
    before = [c for c in fitting if c.shipped_at <= happened_at]
    if before:
        return max(before, key=lambda c: (c.shipped_at, c.parcel_id))
    return min(fitting, key=lambda c: (c.shipped_at, c.parcel_id))


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
    for event in sorted(every.values(), key=_in_time):
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
    return found


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
UNKNOWN_PARCEL = Refusal(
    code="unknown_parcel",
    says="No parcel of ours was shipped with the number {number} around that time.",
    do="Check the number and the carrier. If the parcel was not handed over here yet, ship it first.",
    status=404,
    field="tracking_number",
)
