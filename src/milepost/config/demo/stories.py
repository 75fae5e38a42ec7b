"""What happens to the orders of the demo week: each story is a list of steps with the hours since its order came in.

A story tells the whole way; of an order that came in yesterday only what lies before now has happened, so the week ends in all
stages by itself. The stories of `LATELY` are told backwards from now, to have each stage whatever the hour of the day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

Beat = tuple[float, str, Any]
"""Hours after the order (or before now), what happens, and its details."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens to one order of the week."""

    at: datetime
    verb: str
    order: int
    detail: Any = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody orders: item codes with quantities, by which channel, and what is odd about it."""

    person: int
    lines: tuple[tuple[str, int], ...]
    channel: str = "api"
    odd: str = ""


def _way(carrier: str, *, days: float = 2.0, rating: int | None = None, accepted: bool = False) -> tuple[Beat, ...]:
    """The usual way from the shelf to the door."""
    beats: list[Beat] = [
        (3, "pick", None), (4.5, "pack", None), (6, "ship", carrier), (6.5, "picked_up", None), (15, "in_transit", None),
        (20, "arrived_hub", None), (24 * days - 6, "arrived_destination", None), (24 * days - 3, "out_for_delivery", None),
        (24 * days, "delivered", None),
    ]  # fmt: skip
    if rating:
        beats.append((24 * days + 6, "rate", rating))
    if accepted:
        beats.append((24 * days + 9, "accept", None))
    return tuple(beats)


def _late(after: float, *beats: Beat) -> tuple[Beat, ...]:
    """The way until some hour, and then otherwise."""
    return (*(beat for beat in _way("dhl") if beat[0] < after), *beats)


def _from(hours: float, beats: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """The same, so many hours later."""
    return tuple((hours + after, verb, detail) for after, verb, detail in beats)


EARLY: dict[str, tuple[Beat, ...]] = {
    "closed": _way("dhl", days=1.2, rating=5, accepted=True),
    "happy": _way("dhl", days=1.6, rating=5, accepted=True),
    "content": _way("gls", days=2.1, rating=4),
    "silent": _way("ups", days=1.9),
    "own drivers": _way("own", days=1.2, rating=5, accepted=True),
    "weather": _late(
        40, (26, "delayed", ("weather", 8)), (84, "out_for_delivery", None), (90, "delivered", None), (97, "rate", 2)
    ),
    "customs": _late(30, (28, "customs_processing", None), (40, "delayed", ("customs", 9))),
    "attempt": _late(
        42, (45, "attempt_failed", None), (69, "out_for_delivery", None), (72, "delivered_neighbour", None), (80, "rate", 4)
    ),
    "pickup": _late(42, (46, "attempt_failed", None), (52, "ready_for_pickup", None)),
    "lost": _late(20, (74, "lost", None)),
    "quiet": _late(18, (70, "ask", "It has not moved for days. Where is my order?")),
    "disputed": (*_way("dhl", days=1.7), (58, "dispute", "One of the mugs came broken.")),
    "payment": ((2, "release", ("payment", "The transfer has come in.")), *_from(2, _way("gls", rating=5))),
    "price": ((5, "release", ("price", "Agreed by telephone: last week's price stands.")), *_from(6, _way("dhl"))),
    "quantity": ((3, "release", ("quantity", "It is for a hotel; the quantity is right.")), *_from(4, _way("ups"))),
    "backorder": (
        (3, "pick", None), (4.5, "pack", None), (6, "ship", "dhl"), (15, "in_transit", None), (30, "restock", ("STOOL-ASH", 40)),
        (33, "pack", None), (35, "ship", "dhl"), (44, "in_transit", None), (57, "out_for_delivery", None), (61, "delivered", None),
        (80, "rate", 3),
    ),
    "waiting": (),
    "cancelled": ((7, "cancel", "customer_request"),),
    "two boxes": tuple((hours, "pack_two" if verb == "pack" else verb, detail) for hours, verb, detail in _way("dhl")),
}  # fmt: skip
"""Stories of orders from earlier in the week."""

ONCE = ("backorder", "waiting")
"""Stories that the week has once: they are about stock that there is once."""

HERE = "Europe/Berlin"
ROUNDS: dict[str, tuple[tuple[int, int], ...]] = {
    "pick": ((8, 10), (10, 40), (13, 20), (16, 5)),
    "pack": ((8, 55), (11, 30), (14, 15), (16, 50)),
    "pack_two": ((8, 55), (11, 30), (14, 15), (16, 50)),
    "ship": ((12, 20), (17, 30)),
    "picked_up": ((13, 5), (18, 10)),
    "in_transit": ((22, 45),),
    "customs_processing": ((3, 35),),
    "arrived_hub": ((3, 50),),
    "arrived_destination": ((6, 25),),
    "out_for_delivery": ((8, 30),),
}
"""The hours and minutes at which the warehouse goes its rounds and carriers scan; so what is done together is one act."""

LATELY: tuple[tuple[str, str, tuple[Beat, ...]], ...] = (
    ("received", "payment", ((1.5, "receive", None),)),
    ("received", "price", ((26.0, "receive", None),)),
    ("received", "address", ((5.0, "receive", None),)),
    ("received", "quantity", ((0.8, "receive", None),)),
    ("confirmed", "", ((0.4, "receive", None),)),
    ("confirmed", "", ((1.1, "receive", None),)),
    ("processing", "", ((7.0, "receive", None), (0.9, "pick", None))),
    ("processing", "", ((6.0, "receive", None), (1.6, "pick", None))),
    ("packed", "", ((9.0, "receive", None), (4.0, "pick", None), (1.2, "pack", None))),
    ("packed", "", ((8.0, "receive", None), (3.5, "pick", None), (0.7, "pack", None))),
    ("shipped", "", ((12.0, "receive", None), (6.0, "pick", None), (4.5, "pack", None), (2.0, "ship", "gls"))),
    (
        "out_for_delivery", "", (
            (50.0, "receive", None), (46.0, "pick", None), (45.0, "pack", None), (44.0, "ship", "dhl"), (30.0, "in_transit", None),
            (2.5, "out_for_delivery", None),
        ),
    ),
    (
        "out_for_delivery", "", (
            (30.0, "receive", None), (26.0, "pick", None), (25.0, "pack", None), (8.0, "ship", "own"),
            (1.5, "out_for_delivery", None), (1.2, "ask", "Could your driver ring at the back? I work upstairs."),
            (1.0, "answer", "Of course. Our driver has your note and rings at the back."), (0.7, "ask", "Wonderful, thank you!"),
        ),
    ),
)  # fmt: skip
"""Where an order stands now, what is odd about it, and what has happened so many hours before now."""


def steps_of(order: int, received_at: datetime, story: str, *, now: datetime, chance: Random) -> Iterator[Step]:
    """The steps of a story that lie before now, each in its round; no two orders keep the same pace."""
    yield Step(received_at, "receive", order)
    pace, before = chance.uniform(0.9, 1.12), received_at
    for hours, verb, detail in EARLY[story]:
        at = before = _next_round(verb, max(received_at + timedelta(hours=hours * pace), before + timedelta(minutes=5)))
        if at < now - timedelta(minutes=2):
            yield Step(at, verb, order, detail)


def _next_round(verb: str, at: datetime) -> datetime:
    """When a warehouse or a carrier does such a thing next; people do theirs at any time."""
    for day in (at, at + timedelta(days=1)):
        for hour, minute in ROUNDS.get(verb, ()):
            start = day.astimezone(ZoneInfo(HERE)).replace(hour=hour, minute=minute, second=20)
            if start >= at:
                return start.astimezone(UTC)
    return at


def lately(order: int, beats: tuple[Beat, ...], *, now: datetime) -> Iterator[Step]:
    """The steps of a story that is told backwards from now."""
    for hours, verb, detail in beats:
        yield Step(now - timedelta(hours=hours), verb, order, detail)
