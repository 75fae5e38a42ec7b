"""The limit for tracking events: the very rows that were recorded, copied into a table of the same shape, and nothing else.

Same server, columns, partitions, keys, checks, rows and order, as many rows a transaction and as many connections; what is sent was
made before.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import psycopg

TARGET = "bench_event"


def copy_limit(url: str, sets: Sequence[str], *, batch: int) -> float:
    """Rows a second, each of `sets` (conditions on the recorded rows) copied over a connection of its own."""
    with psycopg.connect(url) as books:
        _make(books)
        rows = [_rows(books, condition) for condition in sets]
    with ThreadPoolExecutor(len(sets)) as clients:
        started = perf_counter()
        list(clients.map(lambda some: _copy(url, some, batch), rows))
        seconds = perf_counter() - started
    with psycopg.connect(url) as books:
        books.execute(f"DROP TABLE {TARGET}")
    return sum(map(len, rows)) / seconds


def _make(books: psycopg.Connection) -> None:
    books.execute(f"CREATE TABLE {TARGET} (LIKE tracking_event INCLUDING ALL) PARTITION BY RANGE (happened_at)")
    parts = books.execute(
        "SELECT inhrelid::regclass::text, pg_get_expr(relpartbound, inhrelid) FROM pg_inherits"
        " JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'tracking_event'::regclass"
    ).fetchall()
    for name, bounds in parts:
        books.execute(f"CREATE TABLE bench_{name} PARTITION OF {TARGET} {bounds}")


def _rows(books: psycopg.Connection, condition: str) -> list[bytes]:
    """The rows as lines, in the order in which they were recorded."""
    query = f"SELECT * FROM tracking_event WHERE {condition} ORDER BY processed_at, happened_at, order_id"
    with books.cursor().copy(f"COPY ({query}) TO STDOUT") as sent:
        return b"".join(bytes(piece) for piece in sent).splitlines(keepends=True)


def _copy(url: str, lines: list[bytes], batch: int) -> None:
    with psycopg.connect(url) as books:
        for part in _parts(lines, batch):
            with books.cursor().copy(f"COPY {TARGET} FROM STDIN") as wanted:
                wanted.write(b"".join(part))
            books.commit()


def _parts(lines: list[bytes], size: int) -> Iterator[list[bytes]]:
    return (lines[at : at + size] for at in range(0, len(lines), size))
