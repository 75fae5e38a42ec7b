"""Databases inside a server: made, copied and dropped by statements that any PostgreSQL understands."""

from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

MAINTENANCE = "postgres"


def address(url: str, database: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database)}"))


def name_in(url: str) -> str:
    """The database that an address names."""
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


def ensure(url: str) -> bool:
    """Make the database that `url` names, unless it is there; says whether it was made."""
    name = name_in(url)
    with _maintenance(url) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return True


def copy(url: str, *, template: str, name: str) -> str:
    """Make database `name` as a copy of `template`, over one of that name; gives its address.

    File by file, which is three times as fast as by WAL for thousands of small files.
    """
    with _maintenance(url) as server:
        _drop(server, name)
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        server.execute(made.format(sql.Identifier(name), sql.Identifier(template)))
    return address(url, name)


def drop(url: str, name: str) -> None:
    """Drop a database, whoever is connected to it."""
    with _maintenance(url) as server:
        _drop(server, name)


def _maintenance(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(address(url, MAINTENANCE), autocommit=True)


def _drop(server: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
