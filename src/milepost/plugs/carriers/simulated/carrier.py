"""A played carrier: each parcel's way follows from its number and from when it was handed over, and from nothing else.

So the same question has the same answer in every process and after every restart; only what has happened by now is told.
`pace` shortens a day of the story, so that somebody who watches need not wait for days.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from milepost.plugs.carriers.scans import Asked as Answering
from milepost.plugs.carriers.scans import Gathered, Stamp, reading
from milepost.plugs.carriers.tables import crosswalk
from milepost.plugs.carriers.values import NOT_AN_EVENT, Object, instant, part, parts, reading_of, scans_of, text
from milepost.way.tracking.places import Place
from milepost.way.tracking.polling import Asked, Polled, Verdict
from milepost.way.tracking.words import Reading

CODES = crosswalk(__file__)
NAME = "simulated"
DAY = timedelta(days=1)
SMOOTH = (("ACCEPTED", 0.1), ("SORTED", 0.5), ("LEFT", 0.7), ("AREA", 1.3), ("ROUND", 1.6), ("LEFT_WITH", 1.8))
STORIES: tuple[tuple[tuple[str, float], ...], ...] = (
    SMOOTH,
    SMOOTH,
    SMOOTH,
    (*SMOOTH[:3], ("STORM", 1.0), ("AREA", 2.3), ("ROUND", 2.6), ("LEFT_WITH", 2.8)),
    (*SMOOTH[:5], ("NOBODY", 1.8), ("ROUND", 2.6), ("NEIGHBOUR", 2.8)),
    (*SMOOTH[:5], ("NOBODY", 1.8), ("SHOP", 2.0), ("FETCHED", 3.1)),
)
PLACES = ("Hamburg", "Hannover", "Kassel", "Leipzig", *["Berlin"] * 5)


@dataclass(frozen=True)
class SimulatedCarrier:
    """Answers about the parcels of `carriers`. `pace` is how long a day of its stories takes."""

    carriers: Sequence[str]
    pace: timedelta = DAY
    name: str = NAME
    at_once: int = 20

    @property
    def longest_wait(self) -> timedelta:
        """An hour of its own day."""
        return max(self.pace / 24, timedelta(seconds=5))

    def poll(self, asked: Sequence[Asked], now: datetime) -> Polled:
        """What has happened to these parcels by now."""
        answer = {"parcels": [self._parcel(one, now) for one in asked]}
        return Polled(
            numbers=tuple(one.number for one in asked), verdict=Verdict.ANSWERED, status=200, content_type="application/json",
            body=json.dumps(answer, sort_keys=True).encode(),
        )  # fmt: skip

    def _parcel(self, one: Asked, now: datetime) -> dict[str, Any]:
        digest = sha256(one.number.encode()).digest()
        story = STORIES[digest[0] % len(STORIES)]
        scans = [
            {"code": code, "at": (one.shipped_at + share * self.pace).isoformat(timespec="seconds"), "place": place}
            for (code, share), place in zip(story, PLACES, strict=False)
            if one.shipped_at + share * self.pace <= now
        ]
        return {"number": one.number, "scans": scans}


def simulated() -> Answering:
    """The source that reads what a played carrier answers."""
    return Answering(NAME, lambda body: reading_of(body, _read))


def _read(said: Object) -> Reading:
    if "parcels" not in said:
        return Reading(refusal=NOT_AN_EVENT)
    return reading(*(_parcel(one) for one in parts(said.get("parcels"))))


def _parcel(said: Object) -> Gathered:
    parcel = Gathered(text(said.get("number")), "")
    for scan in map(part, scans_of(said.get("scans"))):
        code, stated = text(scan.get("code")), text(scan.get("at"))
        at = instant(stated)
        parcel.add(
            CODES.first(("codes", code)), code, Stamp(at, True, stated) if at else None,
            where=Place(city=text(scan.get("place"), limit=80), country="DE"),
        )  # fmt: skip
    return parcel
