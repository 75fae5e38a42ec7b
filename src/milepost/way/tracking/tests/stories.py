"""Stories of parcels for the tests: what carriers say of them, in carrier time, and what must follow."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from milepost.way.tracking.rules import event_id
from milepost.way.tracking.words import Cause, Event, EventDraft, Kind, Reached, Stage

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
PARCEL = 7


def at(hours: float) -> datetime:
    """So many hours into the story."""
    return MONDAY + timedelta(hours=hours)


def said(kind: Kind, hours: float, *, corrects: EventDraft | None = None, **also: object) -> EventDraft:
    """A statement about the parcel."""
    names = event_id(corrects, PARCEL) if corrects else None
    return EventDraft(kind=kind, happened_at=at(hours), parcel_id=PARCEL, corrects=names, **also)


def event(draft: EventDraft) -> Event:
    """The statement as the rules see it."""
    return Event(event_id(draft, PARCEL), draft.kind, draft.happened_at, draft.cause, draft.estimate_on, draft.corrects)


@dataclass(frozen=True)
class Story:
    """What was said, and what follows from all of it."""

    name: str
    told: tuple[EventDraft, ...]
    stage: Stage
    reached: Reached
    legs: int = 1
    delay: Cause | None = None


LABEL = said(Kind.LABEL_CREATED, -2)
PICKED_UP = said(Kind.PICKED_UP, 2)
HUB = said(Kind.ARRIVED_HUB, 6, place="Leipzig, DE")
LEFT = said(Kind.DEPARTED_HUB, 9, place="Leipzig, DE")
OUT = said(Kind.OUT_FOR_DELIVERY, 24)
THERE = said(Kind.DELIVERED, 30)
WRONG = said(Kind.DELIVERED, 26, message="left at door")
DELAY = said(Kind.DELAYED, 12, cause=Cause.WEATHER, estimate_on=date(2026, 12, 11))
NEWER = said(Kind.DELAYED, 20, cause=Cause.CARRIER, estimate_on=date(2026, 12, 15))
TAKEN_BACK = said(Kind.WITHDRAWN, 27, corrects=WRONG)

STORIES = (
    Story("nothing but a label", (LABEL,), Stage.SHIPPED, Reached.SHIPPED),
    Story("the plain way", (LABEL, PICKED_UP, HUB, LEFT, OUT, THERE), Stage.DELIVERED, Reached.DELIVERED),
    Story("on its way", (LABEL, PICKED_UP, HUB, LEFT), Stage.IN_TRANSIT, Reached.IN_TRANSIT),
    Story(
        "delivered before out for delivery in carrier time", (PICKED_UP, said(Kind.DELIVERED, 23), OUT), Stage.DELIVERED,
        Reached.DELIVERED,
    ),
    Story("delivered twice", (PICKED_UP, OUT, THERE, said(Kind.DELIVERED, 31)), Stage.DELIVERED, Reached.DELIVERED),
    Story(
        "picked up again after delivery", (PICKED_UP, OUT, THERE, said(Kind.PICKED_UP, 60)), Stage.RETURNING,
        Reached.DELIVERED, legs=2,
    ),
    Story(
        "sent back and arrived", (PICKED_UP, THERE, said(Kind.PICKED_UP, 60), said(Kind.IN_TRANSIT, 70), said(Kind.DELIVERED, 80)),
        Stage.RETURNED, Reached.DELIVERED, legs=2,
    ),
    Story(
        "refused and returned", (PICKED_UP, OUT, said(Kind.REFUSED, 28), said(Kind.RETURNING, 32), said(Kind.RETURNED, 60)),
        Stage.RETURNED, Reached.OUT_FOR_DELIVERY, legs=2,
    ),
    Story(
        "returned to the sender, who got it 'delivered'", (PICKED_UP, OUT, said(Kind.RETURNING, 32), said(Kind.DELIVERED, 60)),
        Stage.RETURNED, Reached.OUT_FOR_DELIVERY, legs=2,
    ),
    Story(
        "an attempt failed, then out again", (PICKED_UP, OUT, said(Kind.ATTEMPT_FAILED, 28), said(Kind.OUT_FOR_DELIVERY, 48)),
        Stage.OUT_FOR_DELIVERY, Reached.OUT_FOR_DELIVERY,
    ),
    Story(
        "waits to be collected", (PICKED_UP, OUT, said(Kind.ATTEMPT_FAILED, 28), said(Kind.READY_FOR_PICKUP, 30)),
        Stage.READY_FOR_PICKUP, Reached.OUT_FOR_DELIVERY,
    ),
    Story("lost and found", (PICKED_UP, said(Kind.LOST, 50), said(Kind.ARRIVED_HUB, 90)), Stage.IN_TRANSIT, Reached.IN_TRANSIT),
    Story("lost", (PICKED_UP, HUB, said(Kind.LOST, 50)), Stage.LOST, Reached.IN_TRANSIT),
    Story("delayed by weather", (PICKED_UP, DELAY), Stage.IN_TRANSIT, Reached.IN_TRANSIT, delay=Cause.WEATHER),
    Story(
        "delayed again for another reason", (PICKED_UP, DELAY, NEWER), Stage.IN_TRANSIT, Reached.IN_TRANSIT,
        delay=Cause.CARRIER,
    ),
    Story("delayed, but delivered", (PICKED_UP, DELAY, OUT, THERE), Stage.DELIVERED, Reached.DELIVERED),
    Story(
        "said to be delivered, taken back", (PICKED_UP, OUT, WRONG, TAKEN_BACK), Stage.OUT_FOR_DELIVERY,
        Reached.OUT_FOR_DELIVERY,
    ),
    Story(
        "said to be delivered, taken back, delivered", (PICKED_UP, OUT, WRONG, TAKEN_BACK, THERE), Stage.DELIVERED,
        Reached.DELIVERED,
    ),
    Story(
        "the correction was itself wrong",
        (PICKED_UP, OUT, WRONG, TAKEN_BACK, said(Kind.WITHDRAWN, 28, corrects=TAKEN_BACK)), Stage.DELIVERED,
        Reached.DELIVERED,
    ),
    Story(
        "replaced by what really happened", (PICKED_UP, OUT, WRONG, said(Kind.DELIVERED_NEIGHBOUR, 26, corrects=WRONG)),
        Stage.DELIVERED, Reached.DELIVERED,
    ),
    Story(
        "a code that nobody knows", (PICKED_UP, said(Kind.UNKNOWN, 10, code="teleported")), Stage.IN_TRANSIT,
        Reached.IN_TRANSIT,
    ),
    Story(
        "collected from a locker", (PICKED_UP, said(Kind.READY_FOR_PICKUP, 20), said(Kind.COLLECTED, 40)), Stage.DELIVERED,
        Reached.DELIVERED,
    ),
    Story("disposed of", (PICKED_UP, said(Kind.DISPOSED, 200)), Stage.LOST, Reached.IN_TRANSIT),
)  # fmt: skip


def retold(told: Iterable[EventDraft], parcel_id: int) -> list[EventDraft]:
    """The same statements about a real parcel; corrections name its events."""
    ids: dict[UUID, UUID] = {}
    drafts = []
    for draft in sorted(told, key=lambda d: d.happened_at):
        corrected = ids.get(draft.corrects) if draft.corrects else None
        drafts.append(replace(draft, parcel_id=parcel_id, corrects=corrected))
        ids[event_id(draft, PARCEL)] = event_id(drafts[-1], parcel_id)
    return drafts
