"""A Milepost under fire: its web process, its workers and, where asked, its PostgreSQL are killed again and again at random.

Unlike `milepost up`, which lets a process rest that died soon after its start, everything stands up again at once, so that it
can be shot at all the time. What dies, and how far the work has come by then, follows from a seed; what it was doing just then
does not.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from bench.serving import House, free_port, grant
from milepost.config.processes import STOP_SECONDS, Child, milepost
from milepost.plugs.postgres import bins
from milepost.plugs.postgres.cluster import Cluster

SINK = Path(__file__).parent / "smtp_sink.py"
START_SECONDS = 90
LOOK_SECONDS, GLANCE_SECONDS = 0.1, 0.005
AGAIN, AGAIN_SECONDS = 0.25, 4.0
TARGETS = {"web process": 5, "web": 2, "worker": 3}
"""How often each is chosen: one of the processes that serve requests, all of them at once, a worker."""
POSTGRES_TARGETS = {"backend": 1, "postgres": 1}
"""A process of PostgreSQL that serves a client, whose death makes it start anew; or all of PostgreSQL."""


@dataclass
class Pieces:
    """A Milepost whose processes are ours to start and to kill."""

    house: House
    web: Child
    workers: list[Child]
    cluster: Cluster | None

    def stand_up(self) -> None:
        """Start whatever does not run."""
        if self.cluster is not None and not self.cluster.is_running():
            self.cluster.revive()
        for child in (self.web, *self.workers):
            if not child.is_alive():
                child.bury()
                child.start()

    def wait_until_answering(self) -> None:
        """Until the API answers whoever it is."""
        deadline = time.monotonic() + START_SECONDS
        with self.house.client(1) as client:
            while True:
                with suppress(httpx.HTTPError):
                    if client.get("/api/v1/orders?limit=1").status_code == 200:
                        return
                if time.monotonic() > deadline:
                    raise SystemExit(f"Milepost does not answer:\n{self.web.log.read_text()[-3000:]}")
                time.sleep(0.05)

    def send_home(self) -> None:
        """Let all processes finish what they have in hand, and stop."""
        for child in (self.web, *self.workers):
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in (self.web, *self.workers):
            child.wait_until_stopped(deadline)

    def kill(self, target: str, chance: random.Random) -> bool:
        """SIGKILL to what is meant; False where there was nothing to kill."""
        if target in ("web", "worker"):
            (self.web if target == "web" else chance.choice(self.workers)).bury()
            return True
        victims = _children(self.web.process) if target == "web process" else self._of_postgres(target)
        if victims:
            with suppress(psutil.Error):
                chance.choice(victims).kill()
        return bool(victims)

    def _of_postgres(self, target: str) -> list[psutil.Process]:
        if self.cluster is None:
            return []
        with suppress(OSError, ValueError, IndexError, psutil.Error):
            postmaster = psutil.Process(int((self.cluster.folder / "postmaster.pid").read_text().split()[0]))
            return [postmaster] if target == "postgres" else [p for p in postmaster.children() if _serves_a_client(p)]
        return []


def _children(process: "subprocess.Popen[bytes] | None") -> list[psutil.Process]:
    with suppress(psutil.Error):
        return psutil.Process(process.pid).children(recursive=True) if process is not None else []
    return []


def _serves_a_client(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return "[local]" in " ".join(process.cmdline())
    return False


@dataclass
class Fire:
    """Kills something whenever the work has come as far as each of these points; `kills` counts by target.

    Sometimes a second shot follows within seconds, into whatever is just standing up.
    """

    pieces: Pieces
    chance: random.Random
    points: Sequence[int]
    progress: Callable[[], int]
    postgres: bool = False
    kills: Counter[str] = field(default_factory=Counter)
    broke: BaseException | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Fire":
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._thread.join()
        self.pieces.stand_up()
        if self.broke is not None:
            raise self.broke

    def _work(self) -> None:
        try:
            for point in sorted(self.points):
                self._wait_for(lambda point=point: self.progress() >= point)  # type: ignore[misc]
                self._shoot()
                if self.chance.random() < AGAIN:
                    until = time.monotonic() + self.chance.uniform(0, AGAIN_SECONDS)
                    self._wait_for(lambda until=until: time.monotonic() >= until)  # type: ignore[misc]
                    self._shoot()
            self._wait_for(lambda: False)
        except BaseException as error:  # told by whoever waits for the end
            self.broke = error

    def _wait_for(self, come: Callable[[], bool]) -> None:
        """Meanwhile, whatever does not run is started."""
        looked = 0.0
        while not come() and not self._over.wait(GLANCE_SECONDS):
            if time.monotonic() - looked > LOOK_SECONDS:
                self.pieces.stand_up()
                looked = time.monotonic()

    def _shoot(self) -> None:
        targets = TARGETS | (POSTGRES_TARGETS if self.postgres else {})
        target = self.chance.choices(list(targets), list(targets.values()))[0]
        self.kills[target] += self.pieces.kill(target, self.chance)


@contextmanager
def in_pieces(*, database_url: str = "", workers: int = 1, **environment: str) -> Iterator[Pieces]:
    """A Milepost without demo company, in a folder that is gone afterwards: on the migrated database that is named, or on a
    throw-away PostgreSQL of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="milepost-fire-", ignore_cleanup_errors=True) as folder,
        ExitStack() as stack,
    ):
        cluster = None if database_url else Cluster(Path(folder).resolve() / "postgres", bins.embedded())
        url = stack.enter_context(cluster.running()) if cluster else database_url
        port = free_port()
        around = {
            "MILEPOST_VAR": folder,
            "MILEPOST_URL": f"http://127.0.0.1:{port}",
            "DATABASE_URL": url,
            **environment,
        }
        house = House(around["MILEPOST_URL"], "", {**os.environ, **around}, url, os.getpid())
        if cluster is not None and (done := house.run("migrate")).returncode:
            raise SystemExit(f"The database could not be made:\n{done.stdout}{done.stderr}")
        house.key = grant(house)
        log = Path(folder) / "log"
        pieces = Pieces(
            house,
            Child("web", milepost("web", f"--port={port}"), log / "web.log", around),
            [Child("worker", milepost("worker"), log / f"worker-{n}.log", around) for n in range(workers)],
            cluster,
        )
        stack.callback(pieces.send_home)
        pieces.stand_up()
        pieces.wait_until_answering()
        yield pieces


@contextmanager
def program(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A Python program in a process of its own, gone at the end with all that it started."""
    process = subprocess.Popen(
        [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **environment}, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def mail_server(log: Path) -> Iterator[str]:
    """A mail server that is never killed and writes down the Message-ID of all that it accepts; gives its address."""
    with program(str(SINK), str(log)) as server:
        assert server.stdout is not None
        yield f"smtp://127.0.0.1:{server.stdout.readline().strip()}"


def accepted(log: Path) -> Counter[str]:
    """How often the mail server accepted each message, by our own reference."""
    if not log.exists():
        return Counter()
    with log.open() as lines:
        return Counter(line.strip("<>\n").partition("@")[0] for line in lines)
