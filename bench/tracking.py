"""Tracking events in batches: how many a second, with all that follows from them, and beside a plain COPY of the same rows.

    python -m bench.tracking

First within the house (`record_events` in processes of their own), held against COPY in the same run: scans of parcels that are
known, which only lengthen their stories, and whole stories at once, with all that they move. Then over HTTP.

Parcels of real orders, shipped through the API; each gets a story of several scans that ends with its delivery. Afterwards every
event must be kept once, every parcel delivered, and the audit clean. Then all of it is sent again: nothing may change.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from subprocess import PIPE
from typing import Any

import psycopg

from bench import shop
from bench.copying import copy_limit
from bench.load import drive, post
from bench.recording import STORIES
from bench.serving import House, Memory, own_house, table

STORY = (
    "picked_up",
    "departed_hub",
    "arrived_hub",
    "departed_hub",
    "arrived_destination",
    "out_for_delivery",
    "delivered",
)


MOVING = ("picked_up", "out_for_delivery", "delivered")
"""Scans after which order, shipment, duties and messages move on; the others only lengthen the timeline."""


def main() -> int:
    asked = _asked()
    with own_house() as house, Memory(house) as memory:
        shop.furnish(house)
        inside = shipped(house, asked.orders, start=1_000_000)
        with _quiet(house):
            told = within(house, inside, asked)
        numbers = shipped(house, asked.orders)
        rounds = [
            [
                post(house, "/tracking/events", {"events": part}, key=f"events-{turn}-{place}")
                for place, part in enumerate(_parts(scans, asked.batch))
            ]
            for turn, scans in enumerate(story(numbers))
        ]
        new = [drive(house, calls, clients=asked.clients).must_be(200).seconds for calls in rounds]
        again = [call.replace(b"Idempotency-Key: ", b"Idempotency-Key: again-") for calls in rounds for call in calls]
        repeated = drive(house, again, clients=asked.clients).must_be(200).seconds
        faults = disagreements(
            house, events=sum(one.events for one in told) + len(numbers) * len(STORY),
            delivered=sum(one.delivered for one in told) + len(numbers),
        )  # fmt: skip
    count, events = len(numbers), len(numbers) * len(STORY)
    plain = [seconds for kind, seconds in zip(STORY, new, strict=True) if kind not in MOVING]
    lines = [
        ("whole stories", f"{events} in {sum(new):.1f} s = {events / sum(new):.0f} /s"),
        (
            "scans that move nothing",
            f"{count * len(plain)} in {sum(plain):.1f} s = {count * len(plain) / sum(plain):.0f} /s",
        ),
        *(
            (f"{kind}", f"{count} in {s:.1f} s = {count / s:.0f} /s")
            for kind, s in zip(STORY, new, strict=True)
            if kind in MOVING
        ),
        ("the same again", f"{events} in {repeated:.1f} s = {events / repeated:.0f} /s"),
        *memory.lines(),
    ]
    table("Tracking events within the house, beside COPY", [one.line for one in told])
    table(f"Tracking events over HTTP in calls of {asked.batch}, {asked.clients} clients", lines)
    for fault in faults:
        print(f"DISAGREES  {fault}")
    return 1 if faults else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=5000, help="orders with a parcel each (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=1000, help="events a call (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--batches", type=int, nargs="*", default=[1000, 5000], help="events a call within the house")
    parser.add_argument(
        "--processes", type=int, nargs="*", default=[1, 2], help="processes that record within the house"
    )
    return parser.parse_args()


@contextmanager
def _quiet(house: House) -> Iterator[None]:
    """The worker does nothing meanwhile, and was not stopped in the middle of a transaction, with its locks in its hands."""
    busy = """
        SELECT count(*) FROM pg_stat_activity
        WHERE state LIKE 'idle in transaction%' OR state = 'active' AND pid <> pg_backend_pid()
    """
    while True:
        with house.worker_at_rest(), psycopg.connect(house.database_url, autocommit=True) as books:
            if books.execute(busy).fetchone() == (0,):
                yield
                return
        time.sleep(0.5)


@dataclass(frozen=True)
class Told:
    """What was recorded within the house, and how fast."""

    events: int
    delivered: int
    line: tuple[str, str]


def within(house: House, numbers: list[str], asked: argparse.Namespace) -> list[Told]:
    """Each measure with parcels of its own: half are known by one scan and scanned again, of half the whole story is told."""
    measures = [(batch, processes) for batch in asked.batches for processes in asked.processes]
    told = []
    for turn, (batch, processes) in enumerate(measures):
        mine = numbers[turn :: len(measures)]
        known, unknown = mine[: len(mine) // 2], mine[len(mine) // 2 :]
        _recorded(house, known, "first", 1000, 1)
        for name, story, some in (
            ("scans of known parcels", "scans", known),
            ("whole stories at once", "at_once", unknown),
        ):
            rate, conditions = _recorded(house, some, story, batch, processes)
            limit = copy_limit(house.database_url, conditions, batch=batch)
            line = (
                f"{name}, {batch} a call, {processes} at a time",
                f"{rate:.0f} /s, COPY {limit:.0f} /s: {rate / limit:.2f} of it",
            )
            whole = story == "at_once"
            events = len(some) * (len(STORIES[story]) + (0 if whole else 1))
            told.append(Told(events, len(some) if whole else 0, line))
    return told


def _recorded(house: House, numbers: list[str], story: str, batch: int, processes: int) -> tuple[float, list[str]]:
    """Events a second, and by which condition the rows of each process are found."""
    shares = [numbers[at::processes] for at in range(processes)]
    begin = time.time() + 8
    around = {**house.environment, "DATABASE_URL": house.database_url, "BENCH_START": str(begin)}
    command = [sys.executable, "-m", "bench.recording", str(batch), story]
    since = datetime.now(UTC)
    running = [subprocess.Popen(command, env=around, stdin=PIPE, stdout=PIPE, text=True) for _ in shares]
    for process, share in zip(running, shares, strict=True):
        assert process.stdin is not None
        process.stdin.write(json.dumps(share))
        process.stdin.close()
    told = [json.loads(process.stdout.read().splitlines()[-1]) for process in running if process.stdout is not None]
    if any(process.wait() for process in running) or any(one["new"] != one["events"] for one in told):
        raise SystemExit(f"{story}: not all was new: {told}")
    marks = "processed_at > '{}' AND parcel_id % {} = {}"
    conditions = [marks.format(since.isoformat(), processes, rest) for rest in range(processes)]
    return sum(one["events"] for one in told) / max(one["seconds"] for one in told), conditions


def shipped(house: House, count: int, *, start: int = 0) -> list[str]:
    """Tracking numbers of so many shipped orders."""
    placed = drive(
        house, shop.in_batches(house, shop.orders(count, seed=1 + start), label=f"bulk-{start}", size=500), clients=2
    ).must_be(200, 201)
    references = [one["reference"] for _, body in placed.answers for one in json.loads(body)["accepted"]]
    shipments = [
        {"order": r, "carrier": "dhl", "tracking_number": f"JD{n:018d}"} for n, r in enumerate(references, start)
    ]
    calls = [
        post(house, "/shipments", {"shipments": part}, key=f"ship-{start}-{place}")
        for place, part in enumerate(_parts(shipments, 500))
    ]
    drive(house, calls, clients=2).must_be(200, 201)
    return [shipment["tracking_number"] for shipment in shipments]


def story(numbers: list[str]) -> list[list[dict[str, Any]]]:
    """All scans as a carrier's day brings them: each scan of all parcels before the next."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=len(STORY) + 1)
    return [
        [
            {
                "tracking_number": number, "carrier": "dhl", "code": kind, "place": "Leipzig",
                "happened_at": (start + timedelta(minutes=minute)).isoformat(),
            }
            for number in numbers
        ]
        for minute, kind in enumerate(STORY, start=1)
    ]  # fmt: skip


def _parts(rows: list[dict[str, Any]], size: int) -> list[list[dict[str, Any]]]:
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def disagreements(house: House, *, events: int, delivered: int) -> list[str]:
    """Where the books do not say what was sent."""
    expected = {
        "SELECT count(*) FROM tracking_event": events,
        "SELECT sum(events) FROM tracking_progress": events,
        "SELECT count(*) FROM tracking_progress WHERE stage = 'delivered'": delivered,
        "SELECT count(*) FROM orders_order WHERE delivered_at IS NOT NULL": delivered,
        "SELECT count(*) FROM journal_entry WHERE kind = 'OrderDelivered'": delivered,
        "SELECT count(DISTINCT order_id) FROM notices_notice WHERE template = 'delivery_confirmation'": delivered,
    }
    with psycopg.connect(house.database_url) as books:
        found = {statement: books.execute(statement).fetchone() for statement in expected}
    faults = [f"{s}: {found[s]} instead of {n}" for s, n in expected.items() if found[s] != (n,)]
    audited = house.run("audit")
    return faults + ([f"audit: {audited.stdout.strip()[:2000]}{audited.stderr[-500:]}"] if audited.returncode else [])


if __name__ == "__main__":
    sys.exit(main())
