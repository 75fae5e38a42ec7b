"""Tracking events recorded within the house, without HTTP; started by `bench.tracking` once for each process that records.

    python -m bench.recording BATCH STORY < numbers.json

Reads tracking numbers, records the scans of `STORY` about each of them in calls of `BATCH`, and prints the seconds it took. A
round is one scan of every parcel, as a carrier's day brings them; `at_once` brings each parcel's story whole.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from milepost.way.tracking.words import EventDraft

HUBS = ("Leipzig, DE", "Halle, DE", "Berlin, DE", "Köln, DE", "Hamburg, DE")
STORIES = {
    "first": ("arrived_hub",),
    "scans": ("departed_hub", "arrived_hub") * 4,
    "at_once": ("picked_up", "departed_hub", "arrived_hub", "departed_hub", "arrived_destination", "out_for_delivery", "delivered"),
}  # fmt: skip


def main() -> int:
    batch, story = int(sys.argv[1]), sys.argv[2]
    numbers = json.load(sys.stdin)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.config.settings")
    django.setup()
    from milepost.kernel.acts import Act
    from milepost.way.tracking import commands

    drafts = list(scans(numbers, story))
    act = Act.now("system:bench", channel="cli", now=datetime.now(UTC))
    commands.record_events([], act=act)
    gc.freeze()
    print(json.dumps({"ready": len(drafts)}), flush=True)
    time.sleep(max(0.0, json.loads(os.environ["BENCH_START"]) - time.time()))
    started = time.perf_counter()
    new = sum(commands.record_events(part, act=act).new for part in parts(drafts, batch))
    print(json.dumps({"new": new, "events": len(drafts), "seconds": time.perf_counter() - started}))
    return 0


def scans(numbers: Sequence[str], story: str) -> "Iterator[EventDraft]":
    """What is said, in the order in which it comes."""
    from milepost.way.tracking.words import EventDraft, Kind

    hours = {"first": 30, "scans": 20, "at_once": 25}[story]
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours)
    told = [
        (n, place, kind)
        for place, kind in enumerate(STORIES[story])
        for n in range(len(numbers))
    ]  # fmt: skip
    if story == "at_once":
        told.sort()
    for n, place, kind in told:
        at = start + timedelta(minutes=30 * place, seconds=n % 1500)
        yield EventDraft(
            kind=Kind(kind), happened_at=at, tracking_number=numbers[n], carrier="dhl", code=kind, place=HUBS[(n + place) % 5],
            stated_at=at.isoformat(),
        )  # fmt: skip


def parts(rows: "Sequence[EventDraft]", size: int) -> "Iterator[Sequence[EventDraft]]":
    """The calls."""
    return (rows[at : at + size] for at in range(0, len(rows), size))


if __name__ == "__main__":
    sys.exit(main())
