"""A Milepost to be measured: one of our own on a throw-away embedded PostgreSQL, or one that runs already.

The programs here stand outside of it: they speak HTTP, and read its processes from the system.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

SCOPES = "orders:write,orders:read,catalog:write,stock:write,fulfilment:write,tracking:write,insight:read,backfill"
MIB = 1024 * 1024
START_SECONDS = 120


@dataclass
class House:
    """A running Milepost: its address, a key with every scope, and, where it is our own, its environment."""

    url: str
    key: str
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    database_url: str = ""
    pid: int | None = None

    def client(self, connections: int = 8) -> httpx.Client:
        """A client that keeps its connections; safe to share among threads."""
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=self.url, headers=headers, limits=limits, timeout=120, trust_env=False)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command `milepost` against it."""
        command = [sys.executable, "-m", "milepost", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def hire(self, email: str, password: str, *roles: str) -> None:
        """Put a member of staff on record who may sign in with this password; only where the house is our own."""
        _inside(self, _HIRE, email, password, ",".join(roles))

    def tracking_page(self) -> str:
        """The path of the tracking page of the latest order that has parcels on their way; only where the house is our own."""
        return _inside(self, _LATEST)

    @contextmanager
    def worker_at_rest(self) -> Iterator[None]:
        """The worker does nothing for as long as this lasts."""
        awake = (process for process in self.processes()["worker"] if process.status() != psutil.STATUS_STOPPED)
        resting = list(awake)
        for process in resting:
            process.suspend()
        try:
            time.sleep(0.3)
            yield
        finally:
            for process in resting:
                process.resume()

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Its processes by part: web and worker, with all their children."""
        found: dict[str, list[psutil.Process]] = {"web": [], "worker": []}
        for process in psutil.Process(self.pid).children(recursive=True) if self.pid else psutil.process_iter():
            with suppress(psutil.Error):
                words = process.cmdline()
                for part in found:
                    if "milepost" in " ".join(words[:3]) and part in words:
                        found[part] += [process, *process.children(recursive=True)]
        return {part: list(dict.fromkeys(processes)) for part, processes in found.items()}


@dataclass
class Memory:
    """Watches the memory of web and worker; the peak of each in MiB.

    `resident` sums the resident memory of a part's processes as the system counts it, where pages that processes share count
    once for each; `own` shares those pages out among them (PSS), which is what the part really takes.
    """

    house: House
    resident: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    own: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    counted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Memory":
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._over.wait(1.0):
            self._look()

    def _look(self) -> None:
        for part, processes in self.house.processes().items():
            resident = own = 0.0
            for process in processes:
                with suppress(psutil.Error):
                    told = process.memory_full_info()
                    resident, own = resident + told.rss / MIB, own + told.pss / MIB
            self.resident[part] = max(self.resident[part], resident)
            self.own[part] = max(self.own[part], own)
            self.counted[part] = max(self.counted[part], len(processes))

    def lines(self) -> list[tuple[str, str]]:
        """Ready to be printed."""
        return [
            (
                f"peak memory of {part}",
                f"{self.own[part]:.0f} MiB in {self.counted[part]} processes (resident sum {self.resident[part]:.0f} MiB)",
            )
            for part in self.resident
        ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How a program finds its Milepost."""
    parser.add_argument(
        "--url", default="http://127.0.0.1:8000", help="a Milepost that runs already (default: %(default)s)"
    )
    parser.add_argument(
        "--key", default=os.environ.get("MILEPOST_KEY", ""), help=f"an API key with the scopes {SCOPES}"
    )
    parser.add_argument("--serve", action="store_true", help="start our own on a throw-away embedded PostgreSQL")


@contextmanager
def house(asked: argparse.Namespace) -> Iterator[House]:
    """The Milepost that was asked for."""
    if not asked.serve:
        if not asked.key:
            raise SystemExit("Give an API key by --key or MILEPOST_KEY, or let --serve start a Milepost of its own.")
        yield House(asked.url.rstrip("/"), asked.key, database_url=os.environ.get("DATABASE_URL", ""))
        return
    with own_house() as made:
        yield made


@contextmanager
def own_house(**environment: str) -> Iterator[House]:
    """A Milepost without demo company, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="milepost-bench-", ignore_cleanup_errors=True) as folder:
        port = free_port()
        around = {**os.environ, "MILEPOST_VAR": folder, "MILEPOST_URL": f"http://127.0.0.1:{port}", **environment}
        around.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "milepost", "up", "--no-demo", f"--port={port}"]
        with (Path(folder) / "up.log").open("w+") as log:
            process = subprocess.Popen(command, env=around, stdout=log, stderr=log, start_new_session=True)
            try:
                _wait_until_up(process, Path(folder) / "up.log")
                made = House(f"http://127.0.0.1:{port}", "", around, _database(folder), process.pid)
                made.key = grant(made)
                yield made
            finally:
                process.send_signal(signal.SIGINT)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(60)
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)


def grant(house: House) -> str:
    """A key with every scope."""
    return _inside(house, _GRANT, SCOPES)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait_until_up(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "Milepost is up" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"Milepost did not start:\n{log.read_text()}")
        time.sleep(0.1)


def _database(folder: str) -> str:
    from milepost.plugs.postgres import bins
    from milepost.plugs.postgres.cluster import Cluster

    return Cluster(Path(folder).resolve() / "postgres", bins.embedded()).url()


def _inside(house: House, program: str, *arguments: str) -> str:
    """What no API gives: keys and passwords come from those who run the house, here by its own verbs in a process of its own."""
    around = {**house.environment, "DATABASE_URL": house.database_url}
    command = [sys.executable, "-c", _SET_UP + program, *arguments]
    done = subprocess.run(command, env=around, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The house could not be furnished:\n{done.stderr}")
    return done.stdout.strip()


_SET_UP = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "milepost.config.settings"
import django; django.setup()
from datetime import UTC, datetime
from milepost.ground.access import commands
from milepost.kernel.acts import Act
act = Act.now("system:bench", channel="cli", now=datetime.now(UTC))
"""
_GRANT = """
print(commands.grant_key(name="bench", scopes=sys.argv[1].split(","), act=act).plain)
"""
_HIRE = """
email, password, roles = sys.argv[1:]
commands.join(email=email, name="Bench", roles=roles.split(","), act=act, password=password)
"""


_LATEST = """
from django.db import connection
from milepost.ground.access import links
with connection.cursor() as cursor:
    cursor.execute("SELECT max(order_id) FROM tracking_progress")
    (order_id,) = cursor.fetchone()
print(f"/t/{links.make('track', order_id, now=act.at)}/")
"""


def table(title: str, lines: list[tuple[str, str]]) -> None:
    """Print a small table."""
    width = max(len(name) for name, _ in lines)
    print(f"\n{title}\n{'-' * len(title)}")
    for name, value in lines:
        print(f"{name:<{width}}  {value}")
