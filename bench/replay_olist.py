"""Replay five thousand real orders through a running Milepost, as their shop, warehouses and carrier would have done.

    python -m bench.replay_olist FOLDER --serve
    python -m bench.replay_olist FOLDER --url http://127.0.0.1:8000 --key KEY --audit

FOLDER holds the Olist sample: its orders with their real times, promises, cancellations and reviews, and `ground_truth.json`.
Everything goes through the public HTTP API, each step with the instant at which it happened, so customers hear nothing. Afterwards
the answers of `GET /api/v1/kpis` must equal the ground truth exactly and the audit must be clean; exit code 1 otherwise.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from bench.olist import Deal, Sample, read
from bench.serving import House, Memory, add_arguments, house, table

AT_ONCE = 50
TRIES = 30


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=6, help="calls under way at once (default: %(default)s)")
    parser.add_argument("--orders", type=int, help="only the first so many orders; nothing is compared then")
    parser.add_argument(
        "--audit", action="store_true", help="run `milepost audit` here, on DATABASE_URL (with --serve: always)"
    )
    add_arguments(parser)
    asked = parser.parse_args()
    sample = read(asked.folder, limit=asked.orders)
    with house(asked) as running, running.client(asked.threads) as client, Memory(running) as memory:
        replay = Replay(sample, client, asked.threads)
        replay.run()
        faults = [*replay.faults, *replay.misunderstood()]
        faults += [] if asked.orders else compare(sample.truth, replay.kpis())
        audited = running.run("audit") if asked.serve or asked.audit else None
    report(replay, memory, running)
    if audited is not None:
        print(f"\nmilepost audit: {audited.stdout.strip()} {audited.stderr.strip()} (exit code {audited.returncode})")
        faults += ["the audit found a breach"] if audited.returncode else []
    for fault in faults[:50]:
        print(f"DIFFERENCE  {fault}")
    print("\nEqual to the ground truth." if not faults else f"\n{len(faults)} differences.")
    return 1 if faults else 0


@dataclass
class Replay:
    """The order of events: all steps of one kind before the next kind, each kind in the order of its instants.

    So every order keeps its own order, and as many calls as there are threads are under way; the warehouse's system tells of
    its shipments call by call, as one system does.
    """

    sample: Sample
    client: httpx.Client
    threads: int
    faults: list[str] = field(default_factory=list)
    repeated: int = 0
    took: dict[str, tuple[int, float]] = field(default_factory=dict)

    def run(self) -> None:
        """All phases."""
        deals = self.sample.deals
        self._phase("items listed", "/items", "items", self.sample.items(), 1000, one_by_one=True)
        self._phase("stock received", "/stock/receipts", "receipts", self.sample.receipts(), 1000, one_by_one=True)
        self._place(sorted(deals, key=lambda deal: deal.placed_at))
        self._phase("holds released", "/hold-releases", "releases", _timed(deals, Deal.release), AT_ONCE)
        self._phase("shipments", "/shipments", "shipments", _timed(deals, Deal.shipment), AT_ONCE, one_by_one=True)
        self._phase("tracking events", "/tracking/events", "events", _timed(deals, Deal.events, "happened_at"), 1000)
        self._phase("cancellations", "/cancellations", "cancellations", _timed(deals, Deal.cancellation), AT_ONCE)
        self._phase("reviews", "/feedback", "feedback", _timed(deals, Deal.reviews), AT_ONCE)

    def _place(self, deals: Sequence[Deal]) -> None:
        """One call for each order, as a shop does at checkout."""
        began = time.monotonic()
        with ThreadPoolExecutor(self.threads) as pool:
            for deal, answer in zip(deals, pool.map(self._place_one, deals), strict=True):
                if answer.status_code != 201:
                    self.faults.append(f"order {deal.id} was refused: {answer.status_code} {answer.text[:300]}")
        self.took["orders placed"] = (len(deals), time.monotonic() - began)

    def _place_one(self, deal: Deal) -> httpx.Response:
        return self.client.post("/api/v1/orders", json=deal.order(), headers={"Idempotency-Key": f"place-{deal.id}"})

    def _phase(
        self,
        name: str,
        path: str,
        field_name: str,
        entries: Sequence[dict[str, Any]],
        at_once: int,
        *,
        one_by_one: bool = False,
    ) -> None:
        """Send the entries in calls of `at_once`. An order has at most one entry in each phase, but for events and reviews,
        which may come in any order."""
        began = time.monotonic()
        calls = [entries[start : start + at_once] for start in range(0, len(entries), at_once)]
        with ThreadPoolExecutor(1 if one_by_one else self.threads) as pool:
            for answer in pool.map(lambda part: self._send(path, field_name, part), calls):
                self.faults += answer
        self.took[name] = (len(entries), time.monotonic() - began)

    def _send(self, path: str, field_name: str, part: Sequence[dict[str, Any]]) -> list[str]:
        """One call; where others were busy with the same things it is repeated as it is, which is what the answer asks for."""
        body = json.dumps({field_name: part})
        key = f"{field_name}-{sha256(body.encode()).hexdigest()[:32]}"
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        answer = self.client.post(f"/api/v1{path}", content=body, headers=headers)
        for attempt in range(TRIES):
            if answer.status_code != 409 or answer.json()["errors"][0]["code"] != "busy":
                break
            self.repeated += 1
            time.sleep(0.05 * (1 + attempt) * random.random())
            answer = self.client.post(f"/api/v1{path}", content=body, headers=headers)
        if answer.is_success and not answer.json().get("refused"):
            return []
        told = answer.json() if answer.headers["content-type"].startswith("application/json") else {}
        found = told.get("refused") or told.get("errors") or [answer.text[:500]]
        return [f"{path}: {answer.status_code} {one}" for one in found]

    def misunderstood(self) -> list[str]:
        """Orders whose state, or whose reason to be cancelled, is not what the data say; asked for one by one."""
        with ThreadPoolExecutor(self.threads) as pool:
            answers = pool.map(lambda deal: self.client.get(f"/api/v1/orders/{deal.id}"), self.sample.deals)
            return [
                fault
                for deal, answer in zip(self.sample.deals, answers, strict=True)
                for fault in _stands(deal, answer)
            ]

    def kpis(self) -> Mapping[str, Any]:
        """What Milepost says about all of it."""
        answer = self.client.get("/api/v1/kpis", params={"from": "2016-01-01", "to": "2019-01-01"})
        return dict(answer.raise_for_status().json())


def _stands(deal: Deal, answer: httpx.Response) -> Iterator[str]:
    told = answer.json()
    expected = deal.ends_as()
    if answer.status_code != 200 or told["state"] not in expected:
        yield f"order {deal.id} is {told.get('state', answer.text[:200])}, expected {' or '.join(expected)}"
    elif told["cancel_reason"] != (deal.cancel_reason() or ""):
        yield f"order {deal.id} was cancelled as {told['cancel_reason']}, expected {deal.cancel_reason()}"
    elif told["history"] is not True:
        yield f"order {deal.id} is not known as history"


def _timed(
    deals: Iterable[Deal], step: Callable[[Deal], Sequence[dict[str, Any]]], when: str = "occurred_at"
) -> list[dict[str, Any]]:
    return sorted((entry for deal in deals for entry in step(deal)), key=lambda entry: str(entry[when]))


def compare(truth: Mapping[str, Any], kpis: Mapping[str, Any]) -> list[str]:
    """Every figure of the ground truth that Milepost answers differently."""
    answers = answered(kpis)
    return [
        f"{name}: the ground truth is {expected}, Milepost says {answers.get(name)}"
        for name, expected in expectations(truth).items()
        if answers.get(name) != expected
    ]


def expectations(truth: Mapping[str, Any]) -> dict[str, Any]:
    """The ground truth by the names that are compared."""
    on_time, reviews, statuses = truth["on_time"], truth["reviews"], truth["status_counts"]
    return {
        "orders": truth["orders"],
        "measured": on_time["measured"],
        "late": on_time["late"],
        "on time": on_time["measured"] - on_time["late"],
        "late by day": on_time["late_by_calendar_day"],
        "on time by day": on_time["measured"] - on_time["late_by_calendar_day"],
        "on-time rate": on_time["on_time_rate"],
        "on-time rate by day": on_time["on_time_rate_by_calendar_day"],
        "delivered": statuses["delivered"],
        "cancelled": statuses["canceled"] + statuses["unavailable"],
        "ratings": reviews["all"]["reviews"],
        "ratings by stars": reviews["all"]["counts"],
        "mean rating": reviews["all"]["mean_score"],
        "mean rating of on-time orders": reviews["delivered_on_time"]["mean_score"],
        "mean rating of late orders": reviews["delivered_late"]["mean_score"],
        "mean rating of undelivered orders": reviews["not_delivered"]["mean_score"],
        "orders rated": reviews["orders_with_a_review"],
        "orders rated more than once": reviews["orders_with_more_than_one_review"],
    }


def answered(kpis: Mapping[str, Any]) -> dict[str, Any]:
    """Milepost's answers by the same names."""
    on_time, ratings = kpis["on_time_first_promise"], kpis["ratings"]
    return {
        "orders": kpis["orders"],
        "measured": on_time["measured"],
        "late": on_time["late"],
        "on time": on_time["measured"] - on_time["late"],
        "late by day": on_time["late_by_day"],
        "on time by day": on_time["measured"] - on_time["late_by_day"],
        "on-time rate": on_time["on_time_rate"],
        "on-time rate by day": on_time["on_time_rate_by_day"],
        "delivered": kpis["delivered"],
        "cancelled": kpis["cancelled"],
        "ratings": ratings["all"]["count"],
        "ratings by stars": ratings["all"]["counts"],
        "mean rating": ratings["all"]["mean"],
        "mean rating of on-time orders": ratings["on_time"]["mean"],
        "mean rating of late orders": ratings["late"]["mean"],
        "mean rating of undelivered orders": ratings["not_delivered"]["mean"],
        "orders rated": ratings["orders_rated"],
        "orders rated more than once": ratings["orders_rated_more_than_once"],
    }


def report(replay: Replay, memory: Memory, running: House) -> None:
    """What was odd, how fast it went, and what it took."""
    print("Odd rows, and what was made of them")
    for oddity, ids in sorted(replay.sample.odd.items()):
        print(
            f"  {len(ids):>4} × {oddity}\n         {', '.join(i[:12] for i in sorted(ids)[:6])}{' …' if len(ids) > 6 else ''}"
        )
    lines = [
        (name, f"{count:>6} in {seconds:6.1f} s = {count / seconds:7.0f} /s")
        for name, (count, seconds) in replay.took.items()
    ]
    everything = sum(seconds for _, seconds in replay.took.values())
    orders = len(replay.sample.deals)
    lines.append(("calls repeated because others were busy", f"{replay.repeated:>6}"))
    table("Speed", [*lines, ("whole way", f"{orders:>6} in {everything:6.1f} s = {orders / everything:7.0f} orders/s")])
    table("Memory", memory.lines())


if __name__ == "__main__":
    sys.exit(main())
