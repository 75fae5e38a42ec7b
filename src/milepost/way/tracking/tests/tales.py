"""Long stories of parcels, made up by chance: what carriers say, twice and late, with corrections of corrections."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

from milepost.way.tracking.tests.stories import MONDAY, PARCEL, event_id, said
from milepost.way.tracking.words import Cause, EventDraft, Kind

WAY = (
    Kind.LABEL_CREATED, Kind.PICKED_UP, Kind.ARRIVED_HUB, Kind.DEPARTED_HUB, Kind.IN_TRANSIT, Kind.CUSTOMS_PROCESSING,
    Kind.CUSTOMS_CLEARED, Kind.ARRIVED_DESTINATION, Kind.OUT_FOR_DELIVERY,
)  # fmt: skip
ENDS = (
    (Kind.DELIVERED,), (Kind.DELIVERED_NEIGHBOUR,), (Kind.ATTEMPT_FAILED, Kind.READY_FOR_PICKUP, Kind.COLLECTED),
    (Kind.DELIVERED, Kind.PICKED_UP, Kind.IN_TRANSIT, Kind.DELIVERED), (Kind.REFUSED, Kind.RETURNING, Kind.RETURNED),
    (Kind.LOST,), (), (Kind.HELD,), (Kind.LOST, Kind.ARRIVED_HUB), (Kind.DELAYED,), (Kind.ADDRESS_PROBLEM,),
    (Kind.DELIVERED, Kind.OUT_FOR_DELIVERY),
)  # fmt: skip
ANY = tuple(set(Kind) - {Kind.WITHDRAWN, Kind.LOST, Kind.RETURNING, Kind.RETURNED, Kind.DISPOSED, Kind.REFUSED})
PLACES = ("Leipzig, DE", "Halle, DE", "Köln, DE", "")


def tale(chance: Random, *, events: int = 45, wild: bool | None = None) -> list[EventDraft]:
    """A parcel's way with hubs on it, an end, delays, things that make no sense, and corrections of some of it.

    A wild one may say anything at all; another keeps to what carriers say.
    """
    wild = chance.random() < 0.5 if wild is None else wild
    kinds = [*WAY, *chance.choice(ENDS)]
    hours = sorted(chance.randrange(0, 150) for _ in kinds)
    told = [_one(chance, kind, at) for kind, at in zip(kinds, hours, strict=True)]
    corrections = chance.choice((0, 0, 3, 8))
    while len(told) < events - corrections:
        kind = chance.choice(tuple(Kind) if wild and chance.random() < 0.2 else ANY if wild else _HARMLESS)
        if kind is not Kind.WITHDRAWN:
            told.append(_one(chance, kind, chance.randrange(0, 150)))
    while len(told) < events:
        told.append(_correction(chance, told))
    return list({event_id(draft, PARCEL): draft for draft in told}.values())


_HARMLESS = (
    Kind.ARRIVED_HUB, Kind.DEPARTED_HUB, Kind.IN_TRANSIT, Kind.DELAYED, Kind.DELIVERY_SCHEDULED, Kind.HANDED_OVER, Kind.UNKNOWN,
    Kind.CUSTOMS_ACTION, Kind.HELD,
)  # fmt: skip


def _one(chance: Random, kind: Kind, hours: int) -> EventDraft:
    dated = kind in (Kind.DELAYED, Kind.DELIVERY_SCHEDULED, Kind.HELD) or chance.random() < 0.05
    return said(
        kind, hours, place=chance.choice(PLACES), cause=chance.choice((None, *Cause)) if kind is Kind.DELAYED else None,
        estimate_on=MONDAY.date() + timedelta(days=chance.randrange(25, 40)) if dated else None,
        code="teleported" if kind is Kind.UNKNOWN else "",
    )  # fmt: skip


def _correction(chance: Random, told: list[EventDraft]) -> EventDraft:
    """Takes back or replaces something that was said, a correction maybe, or something that never was."""
    kind = chance.choice((Kind.WITHDRAWN, Kind.WITHDRAWN, Kind.IN_TRANSIT, Kind.DELIVERED, Kind.DELAYED))
    target = chance.choice(told)
    if chance.random() < 0.1:
        return EventDraft(
            kind=kind, happened_at=target.happened_at, parcel_id=PARCEL, corrects=UUID(int=chance.getrandbits(128))
        )
    return said(kind, chance.randrange(100, 160), corrects=target, message=f"correction {len(told)}")


def about(told: list[EventDraft], parcel_id: int) -> list[EventDraft]:
    """The same statements about a real parcel, in the same order; corrections name its events, wherever those stand."""
    by_id = {event_id(draft, PARCEL): draft for draft in told}
    made: dict[UUID, EventDraft] = {}

    def one(key: UUID) -> EventDraft:
        if key not in made:
            draft = by_id[key]
            named = event_id(one(draft.corrects), parcel_id) if draft.corrects in by_id else draft.corrects
            made[key] = replace(draft, parcel_id=parcel_id, corrects=named)
        return made[key]

    return [one(key) for key in by_id]


LONG_STORIES: tuple[list[EventDraft], ...] = tuple(tale(Random(seed), events=45 + seed % 9) for seed in range(40))
"""Always the same ones."""
