"""`milepost up` runs everything: PostgreSQL, migrations, the demo company, web and worker, until it is told to stop.

`milepost web` and `milepost worker` run one process each, for those who arrange them otherwise. The demo company is
`config/demo.py`: `load(now=...)` fills an empty database, `showcase()` names what `up` prints of it (label to address or login).
"""

import argparse
import os
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec

from milepost.config import environment, server
from milepost.config.processes import STOP_SECONDS, Child, follow_parent, milepost
from milepost.faces.cli import Commands
from milepost.plugs.postgres.cluster import Cluster

READY_SECONDS = 60
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def add(commands: Commands) -> None:
    """The commands `up`, `web` and `worker`."""
    everything = commands.add_parser("up", help="run all of Milepost until Ctrl-C: PostgreSQL, web and worker")
    everything.add_argument(
        "--no-demo", action="store_true", help="do not load the demo company into an empty database"
    )
    everything.set_defaults(run=up, database=False)
    pages = commands.add_parser("web", help="run the web process only")
    pages.set_defaults(run=web)
    commands.add_parser("worker", help="run one worker only: notices, duties and jobs").set_defaults(run=worker)
    commands.add_parser("demo", help="load the demo company into an empty database").set_defaults(run=load_demo)
    for parser in (everything, pages):
        parser.add_argument(
            "--host", default=os.environ.get("HOST", "127.0.0.1"), help="where to listen (default: %(default)s)"
        )
        parser.add_argument("--port", default=environment.number("PORT", 8000), type=int, help="default: %(default)s")


def up(asked: argparse.Namespace) -> int:
    """Run PostgreSQL, web and worker; 0 after a stop that was asked for."""
    began = time.monotonic()
    os.environ.setdefault("MILEPOST_URL", f"http://{_reached_at(asked.host)}:{asked.port}")
    if _is_taken(asked.host, asked.port):
        raise server.Unreachable(
            f"Port {asked.port} is in use: stop what runs there, or choose another by --port or PORT."
        )
    try:
        with server.database() as cluster:
            _prepare(demo=not asked.no_demo)
            with _running(asked) as children:
                _wait_until_answering(asked, children)
                _introduce()
                _say(
                    f"Milepost is up after {time.monotonic() - began:.1f} s; logs are in {server.var() / 'log'}. Ctrl-C stops it."
                )
                _watch(children, cluster)
    except KeyboardInterrupt:
        _say("Stopped.")
    return 0


def web(asked: argparse.Namespace) -> int:
    """Serve pages and API until told to stop. The application is loaded once, before the processes part."""
    from milepost.config.starting import load_pages
    from milepost.config.web import Interfaces, WebServer

    load_pages()
    follow_parent()
    WebServer(
        "milepost.config.wsgi:application",
        address=asked.host,
        port=asked.port,
        interface=Interfaces.WSGI,
        workers=environment.number("MILEPOST_WEB_PROCESSES", 2),
        blocking_threads=environment.number("MILEPOST_WEB_THREADS", 2),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS - 5,
        websockets=False,
    ).serve()
    return 0


def worker(asked: argparse.Namespace) -> int:
    """Drain the outboxes and run the jobs until told to stop."""
    from milepost.config import descriptions
    from milepost.config.worker import run

    descriptions.understood()
    follow_parent()
    run()
    return 0


def load_demo(_: argparse.Namespace) -> int:
    """Load the demo company; 1 where orders are already kept, which it would mix with."""
    if _has_orders():
        _say("There are orders already: the demo company is loaded into an empty database only.")
        return 1
    _load_demo()
    return 0


def _prepare(*, demo: bool) -> None:
    import django

    from milepost.config import descriptions
    from milepost.config.apps import Config

    Config.wires = False
    django.setup()
    descriptions.understood()
    missing = _migrations_are_missing()
    empty = demo and find_spec("milepost.config.demo") is not None and (missing or not _has_orders())
    if missing or empty:
        from milepost.config.wiring import wire

        wire()
    if missing:
        _migrate()
    if empty and not _has_orders():
        _load_demo()
    server.disconnect()


def _migrations_are_missing() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate() -> None:
    from django.core.management import call_command

    _say("Bringing the database up to date ...")
    call_command("migrate", verbosity=0)


def _has_orders() -> bool:
    from django.apps import apps

    return bool(apps.get_model("orders", "Order").objects.exists())


def _load_demo() -> None:
    from milepost.config import demo

    _say("Loading the demo company and its busy week ...")
    demo.load(now=datetime.now(UTC))


def _introduce() -> None:
    """The addresses and, where the demo company is loaded, what it shows first and how to sign in."""
    site = os.environ["MILEPOST_URL"]
    lines = {
        "desk": f"{site}/desk/", "customers": f"{site}/shop/", "API": f"{site}/api/docs", "mailbox": f"{site}/mailbox/",
    }  # fmt: skip
    if find_spec("milepost.config.demo"):
        from milepost.config import demo

        lines |= demo.showcase()
    for name, line in lines.items():
        _say(f"  {name:<14} {line}")


@contextmanager
def _running(asked: argparse.Namespace) -> Iterator[Sequence[Child]]:
    log = server.var() / "log"
    children = [
        Child("web", milepost("web", f"--host={asked.host}", f"--port={asked.port}"), log / "web.log"),
        Child("worker", milepost("worker"), log / "worker.log"),
    ]
    if os.environ.get("MILEPOST_SMTP_IN") or os.environ.get("MILEPOST_MAILBOX_URL"):
        children.append(Child("inbox", milepost("inbox"), log / "inbox.log"))
    try:
        for child in children:
            child.start()
        yield children
    finally:
        _be_deaf()
        _say("Stopping ...")
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            child.wait_until_stopped(deadline)


def _be_deaf() -> None:
    """A second Ctrl-C must not cut the stop short and leave a server behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _watch(children: Sequence[Child], cluster: Cluster | None) -> None:
    while True:
        time.sleep(0.2)
        for child in children:
            child.check(_say)
        if cluster is not None and not cluster.is_running():
            _say(f"PostgreSQL stopped; it is started again. See {cluster.log}")
            cluster.revive()


def _wait_until_answering(asked: argparse.Namespace, children: Sequence[Child]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(asked.host, asked.port):
        if time.monotonic() > deadline:
            return _say(f"The web process does not answer; see {children[0].log}")
        for child in children:
            child.check(_say)
        time.sleep(0.05)
    return None


def _answers(host: str, port: int) -> bool:
    connection = HTTPConnection(_reached_at(host), port, timeout=READY_SECONDS)
    try:
        connection.request("HEAD", "/desk/")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def _is_taken(host: str, port: int) -> bool:
    try:
        socket.create_connection((_reached_at(host), port), timeout=1).close()
    except OSError:
        return False
    return True


def _reached_at(host: str) -> str:
    return EVERYWHERE.get(host, host)


def _say(line: str) -> None:
    with suppress(BrokenPipeError):  # nobody reads any more; stopping must go on
        print(line, flush=True)
