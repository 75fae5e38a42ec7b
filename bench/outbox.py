"""What the measures of the outbox share: a database, notices to send, simulated providers, and workers that can be killed.

python -m bench.outbox '{"senders": […], "words": "short"}'     (the nursery: forks one worker for each line on its input)
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench.fire import program

SINK = Path(__file__).parent / "quick_sink.py"
PLAN = """
INSERT INTO notices_notice (id, filed_at, order_id, template, milestone, audience, recipient_key, channel, language, rank,
    lasting, because, data, state, reason, due_at, planned_at, trace, attempts, failures)
SELECT gen_random_uuid(), now(), n, 'receipt_note', 'received', 'customer', 'customer:' || n, 'email', 'en', 0, true,
    'OrderReceived', '{}', 'planned', '', now(), now(), '[]', 0, 0
FROM generate_series(%s::int + 1, %s::int + %s::int) n
"""
TEXT = "Thank you for your order. We have it, and will write again as soon as it is checked.\n" * 5
HTML = f"<html><body>{'<p>Thank you for your order. We have it, and will write again.</p>' * 80}</body></html>"


@contextmanager
def database() -> Iterator[str]:
    """A migrated database on a throw-away cluster, with fsync as shipped; gives its address."""
    from milepost.plugs.postgres import bins, databases
    from milepost.plugs.postgres.cluster import Cluster

    with tempfile.TemporaryDirectory(prefix="milepost-bench-", ignore_cleanup_errors=True) as folder:
        os.environ["MILEPOST_VAR"] = folder
        cluster = Cluster(Path(folder).resolve() / "postgres", bins.embedded())
        with cluster.running() as url:
            databases.ensure(url)
            migrate(url)
            yield url


def migrate(url: str) -> None:
    """All tables, with partitions for the months ahead."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "milepost.config.settings"}
    subprocess.run(
        [sys.executable, "-m", "milepost", "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL
    )


def plan(url: str, count: int) -> None:
    """So many notices, each of an order of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(PLAN, [0, 0, count])
        connection.execute("VACUUM ANALYZE notices_notice")


@dataclass
class Provider:
    """A simulated provider in a process of its own."""

    name: str
    port: int
    folder: Path

    def sender(self, **changes: Any) -> dict[str, Any]:
        """How workers are told of it."""
        return {"kind": "simulated", "name": self.name, "port": self.port, **changes}

    def book(self) -> tuple[Counter[str], Mapping[str, int]]:
        """How often it accepted each message, and what befell its calls."""
        import socket

        path = self.folder / f"{self.name}.book"
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(json.dumps({"book": str(path)}).encode() + b"\n")
            said = json.loads(line.makefile("rb").readline())
        with path.open() as lines:
            return Counter(line.strip() for line in lines), said["met"]


@contextmanager
def providers(folder: Path, faults: str, *names: str, seed: int = 1) -> Iterator[list[Provider]]:
    """Simulated providers, gone at the end."""
    with ExitStack() as stack:
        found = []
        for place, name in enumerate(names):
            process = stack.enter_context(
                program("-m", "milepost.plugs.senders.simulated", f"--faults={faults}", f"--seed={seed + place}")
            )
            assert process.stdout is not None
            found.append(Provider(name, int(process.stdout.readline()), folder))
        yield found


@contextmanager
def sink() -> Iterator[tuple[int, Callable[[], tuple[int, int]]]]:
    """A mail server that costs next to nothing: its port, and how many messages it took, and how many of them twice."""
    with program(str(SINK)) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        port = int(process.stdout.readline())
        stdin, stdout = process.stdin, process.stdout

        def taken() -> tuple[int, int]:
            stdin.write("?\n")
            stdin.flush()
            all_of_them, twice = map(int, stdout.readline().split())
            return all_of_them, twice

        yield port, taken


@dataclass
class Nursery:
    """A process that has loaded all that workers need, and forks one in no time."""

    process: "subprocess.Popen[str]"
    workers: list[int] = field(default_factory=list)

    def bear(self) -> None:
        """One worker more."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("another\n")
        self.process.stdin.flush()
        self.workers.append(int(self.process.stdout.readline()))

    def kill(self) -> None:
        """The oldest worker, at once."""
        os.kill(self.workers.pop(0), 9)


@contextmanager
def nursery(url: str, senders: Sequence[Mapping[str, Any]], **wishes: Any) -> Iterator[Nursery]:
    """Workers that drain the outbox of the database by these senders."""
    told = json.dumps({"senders": list(senders), **wishes})
    with program("-m", "bench.outbox", told, DATABASE_URL=url) as process:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise SystemExit("the workers do not start")
        yield Nursery(process)


def at_work(connection: psycopg.Connection[Any]) -> tuple[int, int, int]:
    """How many notices are planned and due, planned for later, and being sent."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE state = 'planned' AND due_at <= now()),"
        " count(*) FILTER (WHERE state = 'planned' AND due_at > now()), count(*) FILTER (WHERE state = 'sending')"
        " FROM notices_notice WHERE state IN ('planned', 'sending')"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2])


def _now() -> datetime:
    return datetime.now(UTC)


def _sender(told: Mapping[str, Any]) -> Any:
    from milepost.plugs.senders.simulated import SimulatedSender
    from milepost.plugs.senders.smtp import SmtpSender

    if told["kind"] == "simulated":
        return SimulatedSender(**{name: value for name, value in told.items() if name != "kind"})
    return SmtpSender(
        url=f"smtp://127.0.0.1:{told['port']}", sent_from="orders@shop.example", brand="Shop",
        reply_to="help@shop.example", clock=_now,
    )  # fmt: skip


def write_short(notices: Sequence[Any], *, now: datetime) -> Mapping[Any, Any]:
    """A letter of the usual length that costs nothing to write."""
    from milepost.ground.notices.words import Letter

    return {
        notice.id: Letter(
            address=f"c{notice.order_id}@example.org", name="Ada Okafor", subject=f"Your order {notice.order_id}", text=TEXT,
            html=HTML, thread=f"order-{notice.order_id}",
        )
        for notice in notices
    }  # fmt: skip


def _drain(told: Mapping[str, Any]) -> None:
    from milepost.ground.notices.commands import send_due

    if told.get("words", "short") == "short":
        compose: Any = write_short
    else:
        from milepost.reactions.letters import compose
    senders = [_sender(one) for one in told["senders"]]
    lease = {"lease": timedelta(seconds=told["lease"])} if "lease" in told else {}
    limit = {"limit": told["limit"]} if "limit" in told else {}
    while True:
        if not send_due(now=_now(), sender=senders, compose=compose, **lease, **limit).total:
            time.sleep(0.02)


def _nurse(told: Mapping[str, Any]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.config.settings")
    import django

    django.setup()
    _sender({"kind": "smtp", "port": 1})
    if told.get("words") == "real":
        import milepost.reactions.letters  # noqa: F401 # loaded once, before workers are born
    from milepost.config.server import disconnect
    from milepost.ground.procedures.queries import book

    book()  # read once for all workers, who live short under fire
    disconnect()
    print("ready", flush=True)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            random.seed(os.getpid())
            os.close(0)
            _drain(told)
        print(child, flush=True)


if __name__ == "__main__":
    _nurse(json.loads(sys.argv[1]))
