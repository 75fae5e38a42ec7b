"""Lanes: from where to where parcels go and with whom, and what is usual on the way (EXC-1). Pure.

Times are minutes on working days, 24 hours to a day. They are learned of parcels that arrived, and kept by shares of cases, so that
anybody can see why a silence is called unusual.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from milepost.ground.procedures.words import SilencePolicy
from milepost.way.tracking.rules import in_force, split_legs, stage_after
from milepost.way.tracking.words import DELIVERIES, Event, Stage

GAP, REST = "gap", "rest"
"""What is measured in a stage: from one scan to the next, and from entering it to the delivery."""
SHARES = (10, 25, 50, 75, 90, 95, 99)
"""The percentages of cases by which a usual time is kept."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How long something usually takes on a lane: minutes by `SHARES`, rising, learned of so many samples."""

    minutes: tuple[int, ...]
    samples: int
    lane: str

    def within(self, share: int) -> int:
        """In how many minutes this percentage of cases is done; one of `SHARES`."""
        return self.minutes[SHARES.index(share)]

    def done_by(self, minutes: float) -> float:
        """Which part of the cases is done after so many minutes: 0 to 1, straight between what is known."""
        at, share = self._curve()
        if minutes >= at[-1]:
            return 1.0
        after = bisect_right(at, minutes)
        return _between(minutes, at[after - 1], at[after], share[after - 1], share[after])

    def when_done(self, part: float) -> float:
        """After how many minutes this part of the cases is done."""
        at, share = self._curve()
        after = min(max(bisect_left(share, part), 1), len(share) - 1)
        return _between(part, share[after - 1], share[after], at[after - 1], at[after])

    def _curve(self) -> tuple[list[float], list[float]]:
        """The known points from nothing to all; the last hundredth takes as much again as lies above the middle."""
        tail = self.minutes[-1] + max(self.minutes[-1] - self.within(50), 1)
        return [0.0, *map(float, self.minutes), float(tail)], [0.0, *(share / 100 for share in SHARES), 1.0]


def _between(value: float, low: float, high: float, first: float, last: float) -> float:
    return last if high <= low else first + (last - first) * (min(max(value, low), high) - low) / (high - low)


@dataclass(frozen=True, slots=True)
class Lane:
    """From where to where a parcel goes, and with whom; empty parts stand for all."""

    carrier: str
    service: str = ""
    origin: str = ""
    destination: str = ""

    def __str__(self) -> str:
        return f"{self.carrier}|{self.service}|{self.origin}|{self.destination}"

    @classmethod
    def read(cls, text: str) -> "Lane":
        """A lane as it is kept."""
        return cls(*text.split("|"))

    def wider(self) -> tuple["Lane", ...]:
        """Itself, then the lanes that it may borrow from: to the whole country, the service, the carrier."""
        country = self.destination.partition(":")[0]
        found = (
            self, replace(self, destination=country), Lane(self.carrier, self.service), Lane(self.carrier),
        )  # fmt: skip
        return tuple(dict.fromkeys(found))


def lane_of(*, carrier: str, service: str, origin: str, country: str, postal_code: str) -> Lane:
    """The lane of a parcel: its destination is the country and the first two places of the postal code."""
    region = "".join(c for c in postal_code.upper() if c.isalnum())[:2]
    return Lane(
        _word(carrier), _word(service), _word(origin), f"{_word(country)}:{region}" if region else _word(country)
    )


def _word(text: str) -> str:
    return " ".join(text.replace("|", " ").casefold().split())[:40]


def best(lane: Lane, known: Mapping[str, Usual], policy: SilencePolicy) -> Usual | None:
    """What is usual: the figures of the narrowest lane that has enough samples."""
    found: Iterator[Usual | None] = (known.get(str(one)) for one in lane.wider())
    return next((usual for usual in found if usual and usual.samples >= policy.least_samples), None)


def shares(minutes: Sequence[int]) -> tuple[int, ...]:
    """The times within which each of `SHARES` of the cases was done (nearest rank); there is at least one."""
    ranked = sorted(minutes)
    return tuple(ranked[math.ceil(share * len(ranked) / 100) - 1] for share in SHARES)


@dataclass(frozen=True, slots=True)
class Lesson:
    """How long it took once: in this stage from one scan to the next (`gap`), or from entering it to the delivery (`rest`)."""

    stage: Stage
    measure: str
    start: datetime
    end: datetime


def lessons(handed_at: datetime, events: Iterable[Event]) -> Iterator[Lesson]:
    """What the story of a parcel that arrived teaches. Before the first scan what is said of the label is no news."""
    leg = split_legs(in_force(events))[0]
    arrived = next((event for event in leg if event.kind in DELIVERIES), None)
    if arrived is None:
        return
    stage, entered, heard = Stage.SHIPPED, handed_at, handed_at
    for event in leg[: leg.index(arrived)]:
        becomes = stage_after(event, stage)
        if becomes is Stage.SHIPPED:
            continue
        yield from _lesson(stage, GAP, heard, event.happened_at)
        heard = event.happened_at
        if becomes is not stage:
            yield from _lesson(stage, REST, entered, arrived.happened_at)
            stage, entered = becomes, event.happened_at
    yield from _lesson(stage, GAP, heard, arrived.happened_at)
    yield from _lesson(stage, REST, entered, arrived.happened_at)


def _lesson(stage: Stage, measure: str, start: datetime, end: datetime) -> Iterator[Lesson]:
    """None where the parcel was handed over here later than the carrier scanned it."""
    if start <= end:
        yield Lesson(stage, measure, start, end)
