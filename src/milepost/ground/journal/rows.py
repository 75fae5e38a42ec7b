"""Insert rows in sets: many as columns in binary; few together with the few of other tables, in one statement.

What an act only adds waits until something else is asked of the database, and then travels in one statement with all that waits:
`WITH w0 AS (INSERT …), w1 AS (INSERT …) INSERT …`. Nothing can see the difference: whatever else goes to the database, the commit
included, first sends what waits.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, count
from operator import attrgetter
from typing import Any

import orjson
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from psycopg import RawCursor
from psycopg.types.numeric import Int8

from milepost.kernel.columns import columns

FEW = 4
MOST_WAITING = 1000
"""Parameters that wait at most; PostgreSQL takes 65,535 in one statement."""

_waiting: ContextVar[list[tuple[str, list[Any]]] | None] = ContextVar("statements that wait for the next", default=None)


def insert(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model; none is no mistake. At most one statement.

    As Django's bulk_create, but without a round through each field, and many as arrays in binary: five to fifty times less work
    per value. A few go as plain values, for which an array each would be the larger part of the work. Defaults are the model's;
    ids are made by the caller.
    """
    if not rows:
        return
    shape = _shape(type(rows[0]))
    data = columns(map(shape.values, rows))
    for place in shape.json:
        data[place] = [None if value is None else orjson.dumps(value, default=str).decode() for value in data[place]]
    for place in shape.text:
        data[place] = [value if value is None or value.__class__ is str else str(value) for value in data[place]]
    if len(rows) > FEW:
        with connection.cursor() as cursor:
            cursor.execute(shape.many, data)
    else:
        row = f"({', '.join(['%s'] * len(data))})"
        _add(f"{shape.start} VALUES {', '.join([row] * len(rows))}", list(chain(*zip(*data, strict=True))))


def write(statement: str, rows: Sequence[tuple[Any, ...]], *, few: int = FEW) -> None:
    """Execute a statement that reads its rows `FROM unnest(%b::type[], …) AS name` and whose answer nobody waits for.

    Up to `few` rows go as plain values, and wait for others.
    """
    if len(rows) > few:
        with connection.cursor() as cursor:
            cursor.execute(statement, columns(rows))
    else:
        _add(_for_few(statement, len(rows)), list(chain(*rows)))


def returned(statement: str, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """As `write`, for a statement with RETURNING whose rows are wanted: at once, with all that waits."""
    if len(rows) > FEW:
        with connection.cursor() as cursor:
            cursor.execute(statement, columns(rows))
            return list(cursor.fetchall())
    with _sent(_for_few(statement, len(rows)), list(chain(*rows))) as cursor:
        return list(cursor.fetchall())


def written(statement: str, values: Sequence[Any]) -> int:
    """How many rows a statement with places for plain values has written: at once, with all that waits."""
    with _sent(statement, values) as cursor:
        return int(cursor.rowcount)


@contextmanager
def gathering() -> Iterator[None]:
    """Within a transaction: let what is only added wait for the next statement. Within another it changes nothing."""
    if _waiting.get() is not None:
        yield
        return
    token = _waiting.set([])
    try:
        with connection.execute_wrapper(_in_order):
            yield
            _send_waiting()
    finally:
        _waiting.reset(token)


def _in_order(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Whatever else is executed comes after what waits; what a rollback takes back need not be sent at all."""
    waiting = _waiting.get()
    if waiting:
        if sql.startswith("ROLLBACK"):
            waiting.clear()
        else:
            _send_waiting()
    return execute(sql, params, many, context)


def _add(statement: str, values: list[Any]) -> None:
    waiting = _waiting.get()
    if waiting is None:
        with _sent(statement, values):
            return
    if _changes(statement) and _table(statement) in {_table(before) for before, _ in waiting}:
        _send_waiting()  # within one statement a row is changed once at most, and one that it adds not at all
    waiting.append((statement, values))
    if sum(len(values) for _, values in waiting) > MOST_WAITING:
        _send_waiting()


@lru_cache(maxsize=1024)
def _changes(statement: str) -> bool:
    """Whether rows that are there may be changed."""
    return not statement.lstrip().startswith("INSERT") or "DO UPDATE" in statement


@lru_cache(maxsize=1024)
def _table(statement: str) -> str:
    """The table that a statement writes."""
    found = _WRITES.match(statement)
    if found is None:
        raise ValueError("the statement neither inserts nor updates")
    return found[1]


_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE)\s+"?(\w+)')


def _send_waiting() -> None:
    waiting = _waiting.get()
    if waiting:
        last, values = waiting.pop()
        with _sent(last, values):
            return


@contextmanager
def _sent(last: str, values: Sequence[Any]) -> Iterator[CursorWrapper]:
    """A cursor that has executed all that waits and this statement, in one."""
    waiting = _waiting.get() or []
    before = tuple(statement for statement, _ in waiting)
    everything = [*chain.from_iterable(some for _, some in waiting), *values]
    waiting.clear()
    if connection.queries_logged:
        with connection.cursor() as cursor:
            cursor.execute(_joined(before, last), everything)
            yield cursor
    else:
        connection.ensure_connection()
        plain: Any = RawCursor(connection.connection)
        with connection.make_cursor(plain) as cursor:
            cursor.execute(_numbered(before, last), [Int8(v) if v.__class__ is int else v for v in everything])
            yield cursor


def _joined(before: tuple[str, ...], last: str) -> str:
    if not before:
        return last
    named = (f"w{place} AS ({statement})" for place, statement in enumerate(before))
    return f"WITH {', '.join(named)} {last}"


@lru_cache(maxsize=1024)
def _numbered(before: tuple[str, ...], last: str) -> str:
    """With PostgreSQL's own places for values, which psycopg need not look for again at each execution."""
    numbers = count(1)
    return re.sub("%s", lambda _: f"${next(numbers)}", _joined(before, last))


@lru_cache(maxsize=1024)
def _for_few(statement: str, number: int) -> str:
    found = _UNNEST.search(statement)
    if found is None:
        raise ValueError("the statement reads no rows by unnest")
    row = ", ".join(f"%s::{kind}" for kind in _KIND.findall(found[0]))
    return f"{statement[: found.start()]}(VALUES {', '.join([f'({row})'] * number)}){statement[found.end() :]}"


_UNNEST = re.compile(r"unnest\((?:\s*%b::\w+\[\],?)+\)")
_KIND = re.compile(r"%b::(\w+)\[\]")


@dataclass(frozen=True)
class _Shape:
    """How rows of one model travel."""

    start: str
    many: str
    values: Callable[[Any], tuple[Any, ...]]
    json: tuple[int, ...]
    text: tuple[int, ...]


@cache
def _shape(model: type[models.Model]) -> _Shape:
    fields = [f for f in model._meta.concrete_fields if f.column and not isinstance(f, models.AutoField)]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    types = ", ".join(f"%b::{_type(field)}[]" for field in fields)
    start = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names})"
    return _Shape(
        start=start,
        many=f"{start} SELECT * FROM unnest({types})",  # noqa: S608 - names of our own models
        values=attrgetter(*(field.attname for field in fields)),
        json=tuple(place for place, field in enumerate(fields) if isinstance(field, models.JSONField)),
        text=tuple(
            place for place, field in enumerate(fields) if isinstance(field, models.CharField | models.TextField)
        ),
    )


def _type(field: "models.Field[Any, Any]") -> str:
    """The column's type without its length, so that too long a text is refused and not cut."""
    return str(field.db_type(connection)).partition("(")[0]
