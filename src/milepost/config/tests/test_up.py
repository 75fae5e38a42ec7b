"""`milepost up`, with real processes: it starts, answers, survives the death of each part, and leaves nothing behind."""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from milepost.config.processes import milepost
from milepost.plugs.postgres import bins
from milepost.plugs.postgres.cluster import Cluster

pytestmark = [pytest.mark.fault, pytest.mark.slow]
PATIENCE = 60


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has been started once, so that the starts below are second ones."""
    folder = tmp_path_factory.mktemp("var")
    with _up(folder) as (process, _, _port):
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_it_says_where_it_is_answers_there_and_stops_cleanly(var, number):
    with _up(var) as (process, said, port):
        assert f"http://127.0.0.1:{port}/desk/" in said
        assert _status(port) < 500
        family = _family(process)
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
    assert not psutil.wait_procs(family, timeout=5)[1]
    assert not _cluster(var).is_running()


def test_a_second_start_takes_less_than_five_seconds_of_one_core(var):
    """Work is counted, not time, and in seconds of a core at rest: tests beside this one slow down both cores."""
    assert any(_work_of_a_start(var) / _slowness() < 5 for _ in range(3))


def _work_of_a_start(var: Path) -> float:
    with _up(var) as (process, _, _port):
        times = [member.cpu_times() for member in _family(process)]
    return sum(spent.user + spent.system + spent.children_user + spent.children_system for spent in times)


KNOWN_WORK = (
    "import asyncio, cryptography.x509, http.server, hypothesis, openpyxl, playwright.sync_api, psycopg, pydantic"
)
AT_REST = 0.65
"""Seconds that the known work takes of a core of the machine on which five seconds were first kept, with nothing beside it."""


def _slowness() -> float:
    """How much longer work takes now than at rest: loading others' modules, which is what most of a start is."""
    before = _spent_by_children()
    subprocess.run([sys.executable, "-c", KNOWN_WORK], check=True)
    return (_spent_by_children() - before) / AT_REST


def _spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_process_that_was_killed_is_started_again(var, name):
    with _up(var) as (process, _, port):
        (old,) = _named(name, process)
        os.kill(old, signal.SIGKILL)
        _expect_soon(lambda: len(set(_named(name, process)) - {old}) == 1)
        _expect_soon(lambda: _status(port) < 500)


def test_postgres_that_was_killed_is_started_again(var):
    cluster = _cluster(var)
    with _up(var):
        os.kill(int((cluster.folder / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
        _expect_soon(lambda: not cluster.is_running())
        _expect_soon(cluster.is_running)


def test_its_own_sudden_death_leaves_no_process_in_the_way_of_the_next_start(var):
    with _up(var) as (process, _, port):
        family = process.children(recursive=True)
        process.kill()
        assert not psutil.wait_procs(family, timeout=PATIENCE)[1]
    with _up(var, port) as (_, _, port):
        assert _status(port) < 500
    assert not _cluster(var).is_running()


@pytest.mark.skipif(not bins.debian(), reason="no PostgreSQL of Debian's is installed")
def test_another_postgres_is_used_when_it_is_named_and_left_running(tmp_path):
    other = Cluster(tmp_path / "other", bins.debian()[-1])
    with other.running() as url:
        with _up(tmp_path / "var", DATABASE_URL=url) as (process, _, port):
            assert _status(port) < 500
            process.terminate()
            assert process.wait(PATIENCE) == 0
        assert other.is_running()
    assert not (tmp_path / "var" / "postgres").exists()


def test_it_stops_all_of_it_when_nobody_reads_what_it_says_any_more(var):
    with _up(var) as (process, _, _port):
        family = _family(process)
        process.stdout.close()
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert not psutil.wait_procs(family, timeout=5)[1]
    assert not _cluster(var).is_running()


def test_a_port_that_is_taken_is_said_and_nothing_is_started(var):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = _milepost(var, "up", f"--port={taken.getsockname()[1]}")
    assert done.returncode == 1
    assert "is in use" in done.stderr
    assert not _cluster(var).is_running()


def test_a_server_that_does_not_answer_is_said_without_a_traceback(tmp_path):
    done = _milepost(tmp_path, "migrate", DATABASE_URL="postgresql://127.0.0.1:9/milepost")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def _up(var: Path, port: int | None = None, **environment: str) -> Iterator[tuple[psutil.Popen, str, int]]:
    """`milepost up`, from the moment it says that it is up; stopped at the end if it still runs."""
    port = port or _free_port()
    command = [*milepost("--var", str(var), "up", "--no-demo", f"--port={port}")]
    with psutil.Popen(
        command, env=_environment() | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        said = ""
        while not re.search(r"is up after", said):
            line = process.stdout.readline()
            assert line, said
            said += line
        try:
            yield process, said, port
        finally:
            if process.poll() is None:
                process.terminate()


def _milepost(var: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = milepost("--var", str(var), *arguments)
    return subprocess.run(command, env=_environment() | environment, capture_output=True, text=True, timeout=PATIENCE)


AS_NOBODY_HAS_IT = {"DATABASE_URL", "PORT", "PYTHONDONTWRITEBYTECODE"}
"""Not passed on. With the last, each start compiles all of our modules anew, which takes a second; nobody's second start does."""


def _environment() -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MILEPOST_", "DJANGO_", "PYTEST_"))
    }
    return {name: value for name, value in kept.items() if name not in AS_NOBODY_HAS_IT}


def _cluster(var: Path) -> Cluster:
    return Cluster(var / "postgres", bins.embedded())


def _family(process: psutil.Popen) -> list[psutil.Process]:
    return [psutil.Process(process.pid), *process.children(recursive=True)]


def _named(name: str, process: psutil.Popen) -> list[int]:
    children = process.children()
    return [child.pid for child in children if child.status() != psutil.STATUS_ZOMBIE and name in child.cmdline()]


def _status(port: int) -> int:
    """The status of the desk's answer; 599 while nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/desk/")
        return connection.getresponse().status
    except OSError:
        return 599
    finally:
        connection.close()


def _expect_soon(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
