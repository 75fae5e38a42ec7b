"""How fast the outbox is drained: to a local mail server, and to the simulated provider.

    python -m bench.draining
    python -m bench.draining --notices 20000 --workers 2 --words both

Workers as shipped (claims, words, attempts, the mark before each message's point of no return, outcomes, facts), on a throw-away
embedded PostgreSQL with fsync. The mail server costs next to nothing and runs on the same machine; so do PostgreSQL and the
provider. `short` letters cost nothing to write, which shows the outbox itself; `real` ones are written and re-read from the
ledger by the house's own composer for real orders. Every message must have arrived once; otherwise the exit code is 1.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg

from bench.outbox import at_work, database, nursery, plan, providers, sink
from bench.serving import table

BATCH = 500


@dataclass
class Turn:
    """One turn's outcome; seconds of processor time are those of all processes together."""

    name: str
    messages: int
    seconds: float
    processor: float
    faults: Sequence[str]

    def line(self) -> tuple[str, str]:
        """Ready to be printed."""
        spent = 1000 * self.processor / max(self.messages, 1)
        return (
            self.name,
            f"{self.messages} in {self.seconds:.1f} s = {self.messages / self.seconds:.0f} /s, {spent:.2f} ms of processor each",
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notices", type=int, default=20_000, help="messages a turn (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="at once (default: %(default)s)")
    parser.add_argument("--words", choices=("short", "real", "both"), default="both")
    asked = parser.parse_args()
    letters = ("short", "real") if asked.words == "both" else (asked.words,)
    turns = [_turn(asked, words, to) for words in letters for to in ("mail server", "simulated provider")]
    table(f"The outbox, {asked.workers} workers", [turn.line() for turn in turns])
    faults = [fault for turn in turns for fault in turn.faults]
    for fault in faults:
        print(f"BROKEN  {fault}")
    return 1 if faults else 0


def _turn(asked: argparse.Namespace, words: str, to: str) -> Turn:
    with database() as url, tempfile.TemporaryDirectory() as folder:
        if words == "short":
            plan(url, asked.notices)
        else:
            _order(url, asked.notices // 2)
        with psycopg.connect(url, autocommit=True) as connection:
            count = sum(at_work(connection))
            if to == "mail server":
                with sink() as (port, taken):
                    seconds, processor = _drained(url, connection, {"kind": "smtp", "port": port}, asked.workers, words)
                    faults = _faults(count, *taken())
            else:
                with providers(Path(folder), "", "simulated") as (one,):
                    seconds, processor = _drained(url, connection, one.sender(), asked.workers, words)
                    book, _ = one.book()
                    faults = _faults(count, book.total(), sum(n > 1 for n in book.values()))
    return Turn(f"{words} letters to the {to}", count, seconds, processor, faults)


def _drained(
    url: str, connection: psycopg.Connection[Any], sender: Mapping[str, Any], workers: int, words: str
) -> tuple[float, float]:
    with nursery(url, [sender], words=words) as born, _counted(url) as counted:
        began = time.monotonic()
        for _ in range(workers):
            born.bear()
        while any(at_work(connection)):
            time.sleep(0.05)
        seconds = time.monotonic() - began
        return seconds, counted()


def _faults(planned: int, taken: int, twice: int) -> list[str]:
    return [f"{planned} were planned, {taken} taken, {twice} of them twice"] if (taken, twice) != (planned, 0) else []


@contextmanager
def _counted(url: str) -> Iterator[Any]:
    """Processor time that the workers, the other side and PostgreSQL spend meanwhile."""
    folder = Path(parse_qs(urlsplit(url).query)["host"][0])
    postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))

    def spent() -> float:
        everybody = [*psutil.Process().children(recursive=True), *postmaster.children()]
        total = 0.0
        for process in everybody:
            with suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    before = spent()
    yield lambda: spent() - before


def _order(url: str, count: int) -> None:
    """So many real orders with all that follows: each is noted and acknowledged by mail."""
    command = [sys.executable, "-m", "bench.draining_orders", str(count)]
    subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=True)


if __name__ == "__main__":
    sys.exit(main())
