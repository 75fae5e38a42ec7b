"""PostgreSQL for the tests: one cluster for all, migrated once into a template, one copy of it for each test process.

A pytest plugin (see `addopts`), loaded before Django's settings are read; the fixtures that use it stand in `conftest.py`.
`DATABASE_URL` chooses a server that runs already, MILEPOST_TEST_PG another folder of PostgreSQL's programs. The server named
by `DATABASE_URL` gets databases of our own names beside its own; no other database of it is touched.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from milepost.plugs.postgres import bins, databases
from milepost.plugs.postgres.cluster import THROW_AWAY, Cluster
from milepost.plugs.postgres.failures import ClusterFailed

ROOT = Path(__file__).parents[4]
SOURCE = ROOT / "src" / "milepost"
TEMPLATE = "milepost_template_"
TEMPLATES_KEPT = 3
COPY = "milepost_test_"
BESIDE_THE_POINT = {"tests", "__pycache__", "faces", "plugs", ".hypothesis"}
BUILDING = 7_283_190  # the advisory lock of whoever builds a template


def pytest_addoption() -> None:
    """The first hook of all: the settings, read soon after, find the server's address in the environment."""
    os.environ.setdefault("DATABASE_URL", cluster().url())


def cluster() -> Cluster:
    """The tests' own cluster; it keeps nothing safe, and is fast for that."""
    programs = bins.Programs(Path(chosen)) if (chosen := os.environ.get("MILEPOST_TEST_PG")) else bins.embedded()
    return Cluster(ROOT / "var" / f"test-postgres-{programs.major}", programs, THROW_AWAY)


@contextmanager
def server() -> Iterator[str]:
    """The address of the running server, started here unless DATABASE_URL names another."""
    url, own = os.environ["DATABASE_URL"], cluster()
    if url != own.url():
        yield url
        _leave(url)
        return
    with _running(own):
        _sweep(url)
        yield url
        _leave(url)


@cache
def template(url: str) -> str:
    """The name of this process's own database with all migrations applied, made when it is first asked for.

    The source may be edited, and other runs may build and drop templates, while this one goes on.
    """
    name, own = TEMPLATE + _fingerprint(), _named("template")
    with psycopg.connect(databases.address(url, databases.MAINTENANCE), autocommit=True) as held:
        held.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
        if not held.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _build(url, name)
        databases.copy(url, template=name, name=own)
    return own


@contextmanager
def copy(url: str, name: str) -> Iterator[str]:
    """A copy of the template for as long as this lasts; gives its address."""
    own = _named(name)
    yield databases.copy(url, template=template(url), name=own)
    databases.drop(url, own)


def _named(name: str) -> str:
    return f"{COPY}{os.getpid()}_{name}"


def _leave(url: str) -> None:
    """Take this process's template away."""
    databases.drop(url, _named("template"))


@contextmanager
def _running(own: Cluster) -> Iterator[None]:
    """Without fsync a cluster may not outlive a power cut; then a new one costs a second."""
    try:
        with own.running():
            yield
    except ClusterFailed:
        shutil.rmtree(own.folder, ignore_errors=True)
        raise


def _build(url: str, name: str) -> None:
    unfinished = f"{TEMPLATE}unfinished"
    target = databases.copy(url, template="template1", name=unfinished)
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--settings=milepost.config.settings"]
    done = subprocess.run(
        migrate, env={**os.environ, "DATABASE_URL": target}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"The migrations failed:\n{done.stdout}{done.stderr}")
    with psycopg.connect(databases.address(url, databases.MAINTENANCE), autocommit=True) as held:
        for statement in ("ALTER DATABASE {old} RENAME TO {new}", "ALTER DATABASE {new} ALLOW_CONNECTIONS false"):
            held.execute(sql.SQL(statement).format(old=sql.Identifier(unfinished), new=sql.Identifier(name)))
        for (old,) in held.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC OFFSET %s",
            [f"{TEMPLATE}%", TEMPLATES_KEPT],
        ).fetchall():
            databases.drop(url, str(old))


def _sweep(url: str) -> None:
    """Drop what killed test runs left in our own cluster."""
    with psycopg.connect(databases.address(url, databases.MAINTENANCE), autocommit=True) as held:
        left = held.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{COPY}%"]).fetchall()
    for (name,) in left:
        if not Path(f"/proc/{name.removeprefix(COPY).split('_')[0]}").exists():
            databases.drop(url, name)


def _fingerprint() -> str:
    """Of everything that migrations may read: the source without tests and pages, and the locked packages."""
    digest = hashlib.sha256()
    files = (path for path in SOURCE.rglob("*") if _may_matter(path))
    for path in (ROOT / "requirements" / "run.txt", *sorted(files)):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _may_matter(path: Path) -> bool:
    return path.is_file() and BESIDE_THE_POINT.isdisjoint(path.relative_to(SOURCE).parts)
