"""Which PostgreSQL is used: the one that DATABASE_URL names, or the embedded one in the data folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from milepost.plugs.postgres import bins, databases
from milepost.plugs.postgres.cluster import Cluster
from milepost.plugs.postgres.failures import ClusterFailed

OLDEST = 15_00_00


class Unreachable(RuntimeError):
    """There is no PostgreSQL to work with; says why."""


def var(chosen: Path | None = None) -> Path:
    """The folder of data, logs and secrets, whole: the chosen one, MILEPOST_VAR, or ./var."""
    return (chosen or Path(os.environ.get("MILEPOST_VAR", "var"))).resolve()


def embedded() -> Cluster:
    """The cluster in the data folder."""
    return Cluster(var() / "postgres", bins.embedded())


@contextmanager
def database() -> Iterator[Cluster | None]:
    """DATABASE_URL names a running server with our database, for as long as this lasts; gives the cluster if it is ours."""
    if url := os.environ.get("DATABASE_URL"):
        _ensure(url)
        yield None
        return
    cluster = embedded()
    try:
        with cluster.running() as url:
            _ensure(url)
            os.environ["DATABASE_URL"] = url
            yield cluster
    except ClusterFailed as failed:
        raise Unreachable(str(failed)) from failed
    finally:
        os.environ.pop("DATABASE_URL", None)


def disconnect() -> None:
    """Give all of Django's connections back, so that the database may be dropped, or the process parted."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()


def _ensure(url: str) -> None:
    """The database that `url` names answers; it is made if the server lets us and it is not there."""
    try:
        if not _answers(url):
            databases.ensure(url)
    except psycopg.OperationalError as error:
        raise Unreachable(f"The PostgreSQL that DATABASE_URL names cannot be used: {error}") from error


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        if "does not exist" in str(error):
            return False
        raise
    if version < OLDEST:
        raise Unreachable(f"Milepost needs PostgreSQL {OLDEST // 10_000} or newer; this one is {version // 10_000}.")
    return True
