"""Tracking events in batch calls: how many a second, with all that follows from them.

    python -m bench.tracking

Parcels of real orders, shipped through the API; each gets a story of several scans that ends with its delivery. Afterwards every
event must be kept once, every parcel delivered, and the audit clean. Then all of it is sent again: nothing may change.
"""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bench import shop
from bench.load import drive, post
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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=5000, help="orders with a parcel each (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=1000, help="events a call (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=2)
    asked = parser.parse_args()
    with own_house() as house, Memory(house) as memory:
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
        faults = disagreements(house, len(numbers))
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
    table(f"Tracking events in calls of {asked.batch}, {asked.clients} clients", lines)
    for fault in faults:
        print(f"DISAGREES  {fault}")
    return 1 if faults else 0


def shipped(house: House, count: int) -> list[str]:
    """Tracking numbers of so many shipped orders."""
    shop.furnish(house)
    placed = drive(
        house, shop.in_batches(house, shop.orders(count, seed=1), label="bulk", size=500), clients=2
    ).must_be(200, 201)
    references = [one["reference"] for _, body in placed.answers for one in json.loads(body)["accepted"]]
    shipments = [{"order": r, "carrier": "dhl", "tracking_number": f"JD{n:018d}"} for n, r in enumerate(references)]
    calls = [
        post(house, "/shipments", {"shipments": part}, key=f"ship-{place}")
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


def disagreements(house: House, parcels: int) -> list[str]:
    """Where the books do not say what was sent."""
    expected = {
        "SELECT count(*) FROM tracking_event": parcels * len(STORY),
        "SELECT count(*) FROM tracking_progress WHERE stage = 'delivered'": parcels,
        "SELECT count(*) FROM orders_order WHERE delivered_at IS NOT NULL": parcels,
        "SELECT count(*) FROM journal_entry WHERE kind = 'OrderDelivered'": parcels,
        "SELECT count(DISTINCT order_id) FROM notices_notice WHERE template = 'delivery_confirmation'": parcels,
    }
    with psycopg.connect(house.database_url) as books:
        found = {statement: books.execute(statement).fetchone() for statement in expected}
    faults = [f"{s}: {found[s]} instead of {n}" for s, n in expected.items() if found[s] != (n,)]
    audited = house.run("audit")
    return faults + ([f"audit: {audited.stdout.strip()[:2000]}{audited.stderr[-500:]}"] if audited.returncode else [])


if __name__ == "__main__":
    sys.exit(main())
