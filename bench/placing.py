"""Placing orders: one by one over HTTP and in batch calls, beside the limit in the same run.

    python -m bench.placing

Orders of three lines from 5,000 items by known customers; each is received, verified, placed, allocated, promised, confirmed and
released, with its duties and planned messages, in one transaction, and answered. The limit is pgbench writing the same rows in one
prepared statement, on the same server (see `bench.limit`). Both are measured in turns. Afterwards balances, lines, facts and
notices must agree with what was sent, and the audit must be clean.
"""

import argparse
import statistics
import sys
from collections import Counter
from contextlib import nullcontext
from typing import Any

import psycopg

from bench import limit, shop
from bench.load import Driven, drive, post
from bench.serving import House, Memory, own_house, table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=2000, help="one by one, in each round (default: %(default)s)")
    parser.add_argument("--bulk", type=int, default=10_000, help="in batch calls (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=500, help="orders a batch call (default: %(default)s)")
    parser.add_argument(
        "--clients", type=int, default=4, help="clients of Milepost and of pgbench (default: %(default)s)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=6, help="of pgbench in each round (default: %(default)s)")
    parser.add_argument("--pause-worker", action="store_true", help="stop the worker while orders are placed")
    asked = parser.parse_args()
    with own_house() as house, Memory(house) as memory:
        faults = measure(house, memory, asked)
    for fault in faults:
        print(f"DISAGREES  {fault}")
    print("\nWhat was sent and what was written agree." if not faults else f"\n{len(faults)} disagreements.")
    return 1 if faults else 0


def measure(house: House, memory: Memory, asked: argparse.Namespace) -> list[str]:
    """All rounds, the report, and what does not agree."""
    shop.furnish(house)
    sent = list(shop.known_customers())
    drive(house, shop.in_batches(house, sent, label="known", size=250), clients=1).must_be(200, 201)
    sample = shop.orders(1, seed=99)
    bound = limit.prepare(
        house, lambda: drive(house, [post(house, "/orders", sample[0], key="sample")], clients=1).must_be(201)
    )
    sent += sample
    singly: list[Driven] = []
    limits: list[float] = []
    with house.worker_at_rest() if asked.pause_worker else nullcontext():
        for turn in range(asked.rounds):
            wanted = shop.orders(asked.orders, seed=turn + 1)
            sent += wanted
            calls = shop.singly(house, wanted, label=f"single-{turn}")
            singly.append(drive(house, calls, clients=asked.clients).must_be(201))
            with house.worker_at_rest():
                limits.append(bound.run(clients=asked.clients, seconds=asked.seconds))
        wanted = shop.orders(asked.bulk, seed=1000)
        sent += wanted
        calls = shop.in_batches(house, wanted, label="bulk", size=asked.batch)
        bulk = drive(house, calls, clients=min(asked.clients, 2)).must_be(200, 201)
        with house.worker_at_rest():
            limits.append(bound.run(clients=asked.clients, seconds=asked.seconds))
    _report(singly, limits, len(wanted) / bulk.seconds, bound, memory, asked)
    return disagreements(house, sent)


def _report(
    singly: list[Driven],
    limits: list[float],
    bulk: float,
    bound: limit.Limit,
    memory: Memory,
    asked: argparse.Namespace,
) -> None:
    ceiling, rate = statistics.median(limits), statistics.median(run.rate for run in singly)
    middle = sorted(singly, key=lambda run: run.rate)[len(singly) // 2]
    spread = f"rounds: {', '.join(f'{run.rate:.0f}' for run in singly)}"
    lines = [
        ("rows of one order", bound.written.counts),
        (
            "limit (pgbench, one statement)",
            f"{ceiling:7.0f} orders/s  (rounds: {', '.join(f'{one:.0f}' for one in limits)})",
        ),
        (
            "one by one over HTTP",
            f"{rate:7.0f} orders/s  ({spread}; median {middle.quantile(0.5):.1f} ms, 99 % {middle.quantile(0.99):.1f} ms)",
        ),
        ("ratio one by one", f"{rate / ceiling:7.3f}"),
        (f"{asked.bulk} in calls of {asked.batch}", f"{bulk:7.0f} orders/s"),
        ("ratio in bulk", f"{bulk / ceiling:7.3f}"),
        *memory.lines(),
    ]
    table(f"Placing orders ({asked.clients} clients)", lines)


FACTS = (
    "OrderReceived",
    "OrderVerified",
    "OrderPlaced",
    "StockAllocated",
    "PromiseMade",
    "OrderConfirmed",
    "OrderReleased",
)


def disagreements(house: House, sent: list[dict[str, Any]]) -> list[str]:
    """Where the books do not say what was sent."""
    wanted = shop.asked_for(sent)
    orders = len(sent)
    with psycopg.connect(house.database_url) as books:
        faults = limit.tables_agree(
            house.database_url,
            Counter(orders_order=orders, orders_line=3 * orders, intake_request=orders, promising_promise=orders),
        )
        allocated = (
            "SELECT i.code, v.allocated FROM stock_level v JOIN catalog_item i ON i.id = v.item_id WHERE allocated > 0"
        )
        levels: dict[str, Any] = dict(books.execute(allocated).fetchall())
        faults += [
            f"{c}: {levels.get(c)} allocated, {wanted[c]} sent" for c in wanted | levels if levels.get(c) != wanted[c]
        ]
        lines: dict[str, Any] = dict(books.execute("SELECT code, sum(quantity) FROM orders_line GROUP BY 1").fetchall())
        faults += [
            f"{c}: {lines.get(c)} on lines, {wanted[c]} sent" for c in wanted | lines if lines.get(c) != wanted[c]
        ]
        facts: dict[str, int] = dict(
            books.execute("SELECT kind, count(*) FROM journal_entry WHERE stream = 'order' GROUP BY 1").fetchall()
        )
        faults += [
            f"{facts.get(kind, 0)} facts {kind} for {orders} orders" for kind in FACTS if facts.get(kind) != orders
        ]
        told: dict[str, int] = dict(
            books.execute(
                "SELECT template, count(DISTINCT order_id) FROM notices_notice WHERE channel = 'email' GROUP BY 1"
            )
        )
        for template in ("receipt_note", "acknowledgement"):
            if told.get(template) != orders:
                faults.append(f"{told.get(template)} of {orders} orders have their {template}")
    audited = house.run("audit")
    return faults + ([f"audit: {audited.stdout.strip()[:2000]}{audited.stderr[-500:]}"] if audited.returncode else [])


if __name__ == "__main__":
    sys.exit(main())
