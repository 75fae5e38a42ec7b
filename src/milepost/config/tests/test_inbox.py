"""`milepost inbox` as a process: mail is kept in the database that the worker reads, and it stops when asked to."""

import os
import signal
import smtplib
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from milepost.config.processes import milepost

RAW = "From: Ada <ada@okafor.example>\r\nTo: orders@milepost.example\r\nMessage-ID: <1@a>\r\nSubject: Order\r\n\r\n5 x AB-12\r\n"


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def talk(port: int) -> smtplib.SMTP:
    for _ in range(200):
        try:
            return smtplib.SMTP("127.0.0.1", port, timeout=5)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("nobody answers")


@pytest.mark.clause("REC-1")
def test_it_receives_by_smtp_keeps_and_stops(fresh_database: str, tmp_path: Path):
    port = free_port()
    env = {
        **os.environ,
        "DATABASE_URL": fresh_database,
        "MILEPOST_SMTP_IN": f"127.0.0.1:{port}",
        "MILEPOST_VAR": str(tmp_path),
    }
    with subprocess.Popen(milepost("inbox"), env=env) as process:
        try:
            with talk(port) as line:
                line.sendmail("ada@okafor.example", ["orders@milepost.example"], RAW)
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    with psycopg.connect(fresh_database) as database:
        rows = database.execute("SELECT source, sender, topic, state FROM arrivals_arrival").fetchall()
    assert rows == [("email", "Ada <ada@okafor.example>", "Order", "received")]


def test_without_a_way_in_it_says_so(fresh_database: str, tmp_path: Path):
    env = {**os.environ, "DATABASE_URL": fresh_database, "MILEPOST_VAR": str(tmp_path)}
    done = subprocess.run(milepost("inbox"), env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "MILEPOST_SMTP_IN" in done.stderr) == (1, True)
