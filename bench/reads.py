"""Reading an order's status over HTTP: how many answers a second.

python -m bench.reads
"""

import argparse
import json
import random
import sys

from bench import shop
from bench.load import drive, get
from bench.serving import Memory, own_house, table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=10_000, help="orders there are (default: %(default)s)")
    parser.add_argument("--reads", type=int, default=20_000, help="reads in each round (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with own_house() as house, Memory(house) as memory:
        shop.furnish(house)
        calls = shop.in_batches(house, shop.orders(asked.orders, seed=1), label="bulk", size=500)
        placed = drive(house, calls, clients=2).must_be(200, 201)
        references = [one["reference"] for _, body in placed.answers for one in json.loads(body)["accepted"]]
        chance = random.Random(2)
        runs = []
        for _ in range(asked.rounds):
            wanted = [get(house, f"/api/v1/orders/{chance.choice(references)}/status") for _ in range(asked.reads)]
            runs.append(drive(house, wanted, clients=asked.clients).must_be(200))
    known = set(references)
    wrong = [body for run in runs for _, body in run.answers if json.loads(body).get("reference") not in known]
    best = sorted(runs, key=lambda run: run.rate)[len(runs) // 2]
    lines = [
        ("reads", f"{best.rate:.0f} /s  (rounds: {', '.join(f'{run.rate:.0f}' for run in runs)})"),
        ("latency", f"median {best.quantile(0.5):.2f} ms, 99 % {best.quantile(0.99):.2f} ms"),
        ("bytes of an answer", f"{len(best.answers[0][1])}"),
        *memory.lines(),
    ]
    table(f"Order status, {len(references)} orders, {asked.clients} clients", lines)
    print(
        f"\n{len(wrong)} answers were of an order that nobody asked for."
        if wrong
        else "\nEvery answer was of a known order."
    )
    return 1 if wrong or len(references) != asked.orders else 0


if __name__ == "__main__":
    sys.exit(main())
