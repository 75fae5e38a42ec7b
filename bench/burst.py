"""A burst of messages to providers that misbehave, by workers that are killed: none lost, none sent twice.

    python -m bench.burst
    python -m bench.burst --notices 5000 --seed 7

Two simulated providers, each a process with a book of its own, answer late, fail in bursts, stop answering after they have accepted
all or half of a call, accept long after the caller has hung up, and answer nonsense. Meanwhile one of the workers is killed
again and again. At the end the books of both providers are held against ours: every message stands in one of them, once; what
was refused stands in none, and is a duty. Waits of the retry ladder are cut short once nothing else is left to do. Exit code 1
otherwise.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from bench.outbox import Nursery, Provider, at_work, database, nursery, plan, providers
from bench.serving import table

FAULTS = (
    "late=0.1,late_seconds=0.4,silent=0.01,deaf=0.005,overdue=0.005,overdue_seconds=2.5,nonsense=0.01,partly=0.005,"
    "refused=0.002,bursts=0.15,burst_seconds=1.5"
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for; as the arguments of the program, which explain each."""

    notices: int = 100_000
    workers: int = 2
    kill_every: float = 4.0
    faults: str = FAULTS
    seed: int = 1
    seconds: float = 1800


@dataclass
class Ran:
    """What a run came to."""

    planned: int
    seconds: float
    kills: int
    states: Mapping[str, int]
    results: Mapping[str, int]
    met: Mapping[str, int]
    accepted: Counter[str] = field(repr=False)
    faults: list[str] = field(default_factory=list)

    def lines(self) -> list[tuple[str, str]]:
        """Ready to be printed."""
        twice = sum(count > 1 for count in self.accepted.values())
        return [
            ("messages", f"{self.planned} in {self.seconds:.1f} s = {self.planned / self.seconds:.0f} /s"),
            ("workers killed", str(self.kills)),
            ("calls to the providers", _told(self.met)),
            ("attempts in our books", _told(self.results)),
            ("messages in our books", _told(self.states)),
            ("accepted by the providers", f"{len(self.accepted)}, twice {twice}"),
            ("lost", str(sum("was lost" in one for one in self.faults))),
        ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual = Wanted()
    parser.add_argument("--notices", type=int, default=usual.notices, help="messages to send (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=usual.workers, help="at once (default: %(default)s)")
    parser.add_argument(
        "--kill-every", type=float, default=usual.kill_every, help="seconds, on average (default: %(default)s)"
    )
    parser.add_argument("--faults", default=usual.faults, help="of the providers (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=usual.seed, help="of faults and kills (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="at most (default: %(default)s)")
    asked = Wanted(**vars(parser.parse_args()))
    with database() as url:
        ran = run(url, asked)
    table(f"A burst of messages ({asked.workers} workers, seed {asked.seed})", ran.lines())
    for fault in ran.faults[:50]:
        print(f"BROKEN  {fault}")
    print("\nNone lost, none sent twice." if not ran.faults else f"\n{len(ran.faults)} faults.")
    return 1 if ran.faults else 0


def run(url: str, asked: Wanted) -> Ran:
    """Send the burst on this migrated database, and hold the books against each other."""
    plan(url, asked.notices)
    with (
        tempfile.TemporaryDirectory() as folder,
        providers(Path(folder), asked.faults, "one", "two", seed=asked.seed) as both,
        nursery(
            url, [one.sender(timeout=1.0, settled_seconds=6.0) for one in both], lease=3.0, limit=200
        ) as born,
        psycopg.connect(url, autocommit=True) as connection,
    ):  # fmt: skip
        began = time.monotonic()
        kills = _drain_under_fire(connection, born, asked)
        seconds = time.monotonic() - began
        time.sleep(3.0)  # whatever a provider accepts late is in its book by now
        return _compare(connection, both, asked, seconds, kills)


def _drain_under_fire(connection: psycopg.Connection[Any], born: Nursery, asked: Wanted) -> int:
    chance, kills, deadline = Random(asked.seed), 0, time.monotonic() + asked.seconds
    for _ in range(asked.workers):
        born.bear()
    while any(left := at_work(connection)):
        if time.monotonic() > deadline:
            raise SystemExit(f"the outbox is not drained: due, later, sending are {left}")
        due, later, sending = left
        if later and not due and not sending:
            connection.execute("UPDATE notices_notice SET due_at = now() WHERE state = 'planned'")
        time.sleep(chance.uniform(0.2, 1.8) * asked.kill_every)
        if due or sending > asked.workers:
            born.kill()
            born.bear()
            kills += 1
    return kills


def _compare(
    connection: psycopg.Connection[Any], both: list[Provider], asked: Wanted, seconds: float, kills: int
) -> Ran:
    books = [one.book() for one in both]
    accepted: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for book, befell in books:
        accepted.update(book)
        met.update(befell)
    states = dict(connection.execute("SELECT replace(id::text, '-', ''), state FROM notices_notice").fetchall())
    results = Counter(
        {str(result): count for result, count in connection.execute(
            "SELECT result, count(*) FROM notices_attempt GROUP BY 1"
        ).fetchall()}
    )  # fmt: skip
    ran = Ran(asked.notices, seconds, kills, Counter(states.values()), results, met, accepted)
    ran.faults += [f"{one} was accepted {count} times" for one, count in accepted.items() if count > 1]
    ran.faults += [
        f"{one} counts as sent and was lost" for one, state in states.items() if state == "sent" and one not in accepted
    ]
    failed = [one for one, state in states.items() if state == "failed"]
    ran.faults += [f"{one} counts as failed and was accepted" for one in failed if one in accepted]
    ran.faults += [f"{one} was never planned" for one in accepted if one not in states]
    ran.faults += [
        f"{one} ended as {state}" for one, state in states.items() if state not in ("sent", "failed", "unknown")
    ]
    ran.faults += _without_duty(connection, states)
    if len(states) != asked.notices:
        ran.faults.append(f"{asked.notices} were planned and {len(states)} are there")
    return ran


def _without_duty(connection: psycopg.Connection[Any], states: Mapping[str, str]) -> list[str]:
    """What was refused, or nobody can tell of, is somebody's duty."""
    rows = connection.execute("SELECT replace(subject_id, '-', '') FROM duties_duty WHERE subject_kind = 'notice'")
    known = {key for (key,) in rows.fetchall()}
    return [
        f"{one} is {state}, and nobody's duty"
        for one, state in states.items()
        if state in ("failed", "unknown") and one not in known
    ]


def _told(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in Counter(counted).most_common()) or "none"


if __name__ == "__main__":
    sys.exit(main())
