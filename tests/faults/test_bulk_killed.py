"""Workers are killed at random instants while they carry a bulk run on: each row is done, and none is done twice."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from bench.fire import program

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ORDERS, KILLS = 80, 6


def said(url: str, *words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, str(HERE / "bulk_worker.py"), *words], env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout.split()


def born(nursery: subprocess.Popen[str]) -> int:
    nursery.stdin.write("another\n")
    nursery.stdin.flush()
    return int(nursery.stdout.readline())


def through(database: psycopg.Connection) -> tuple[str, int]:
    """The state of the run and how many rows it has been through, in both passes."""
    state, done = database.execute("SELECT state, tried + done FROM bulk_run").fetchone() or ("", 0)
    return str(state), int(done)


def carried_under_fire(database: psycopg.Connection, nursery: subprocess.Popen[str], until: str) -> int:
    """Two workers; each time that some rows are through, one of them is killed a moment later."""
    chance, killed, deadline = random.Random(7), 0, time.monotonic() + 120
    workers = [born(nursery), born(nursery)]
    state, before = through(database)
    while state != until:
        assert time.monotonic() < deadline, f"it is still {state}"
        time.sleep(0.01)
        state, now = through(database)
        if now > before and killed < KILLS:
            time.sleep(chance.uniform(0, 0.15))
            os.kill(workers.pop(0), signal.SIGKILL)
            workers.append(born(nursery))
            before, killed = now, killed + 1
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    return killed


@pytest.mark.fault
@pytest.mark.clause("OPS-1")
def test_killed_workers_leave_no_row_undone_and_do_none_twice(fresh_database: str) -> None:
    run, actor = said(fresh_database, "prepare", str(ORDERS))
    with psycopg.connect(fresh_database, autocommit=True) as database, program(
        str(HERE / "bulk_worker.py"), "work", DATABASE_URL=fresh_database, PYTHONPATH=str(ROOT)
    ) as nursery:  # fmt: skip
        assert nursery.stdout.readline() == "ready\n"
        assert carried_under_fire(database, nursery, "tried") > 0
        assert database.execute("SELECT count(*) FROM orders_order WHERE state = 'cancelled'").fetchone() == (0,)
        assert said(fresh_database, "start", run, actor) == ["started"]
        assert carried_under_fire(database, nursery, "done") > 0
        told = database.execute(
            "SELECT count(*), count(DISTINCT order_id) FROM notices_notice WHERE template = 'cancellation' AND channel = 'email'"
        ).fetchone()
        facts = database.execute(
            "SELECT count(*), count(DISTINCT stream_id) FROM journal_entry WHERE kind = 'OrderCancelled'"
        ).fetchone()
        assert database.execute("SELECT would, done, refused FROM bulk_run").fetchone() == (ORDERS, ORDERS, 0)
        assert told == facts == (ORDERS, ORDERS)
