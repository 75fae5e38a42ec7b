"""The limit: pgbench writing the very rows of one order, in one prepared statement, into the very same tables.

One order is placed through Milepost while nothing else happens; every row that bears a transaction number of that time is what
placing writes. From these rows one statement is made that inserts them (and adds to the stock levels) with fresh ids, random items
and the same values otherwise. It runs in a second database of the same server with the same migrations, items, stock and customers.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from bench.serving import House
from milepost.plugs.postgres import bins, databases

DATABASE = "milepost_limit"
GROUND = ("catalog_item", "parties_customer", "stock_location", "stock_level", "stock_movement")
UPDATED = "stock_level"


@dataclass
class Written:
    """The rows of one order by table, as they stand after its transaction."""

    rows: dict[str, list[dict[str, Any]]]

    @property
    def counts(self) -> str:
        """In words, for the report."""
        return ", ".join(f"{len(rows)} {table}" for table, rows in sorted(self.rows.items()))


@dataclass
class Limit:
    """The second database with its statement, ready to be run."""

    url: str
    script: str
    written: Written

    def run(self, *, clients: int, seconds: int) -> float:
        """Orders a second that pgbench writes."""
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "order.sql"
            script.write_text(self.script)
            done = subprocess.run(
                [
                    bins.pgbench(), "--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--jobs={min(clients, 2)}",
                    f"--time={seconds}", f"--file={script}", self.url,
                ],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        if done.returncode or found is None or "number of failed transactions: 0 " not in done.stdout:
            raise SystemExit(f"pgbench failed:\n{done.stdout}{done.stderr}")
        return float(found[1])


def prepare(house: House, place: Callable[[], object]) -> Limit:
    """The limit for orders like the one that `place` places."""
    url = databases.address(house.database_url, DATABASE)
    with house.worker_at_rest(), psycopg.connect(house.database_url, autocommit=True) as database:
        before = _next_transaction(database)
        place()
        written = _written(database, before)
    databases.ensure(url)
    environment = {**house.environment, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "milepost.config.settings"}
    command = [sys.executable, "-m", "milepost", "migrate"]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The limit's database could not be made:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    _copy_ground(house.database_url, url)
    with psycopg.connect(url, autocommit=True) as limit:
        limit.execute("CREATE SEQUENCE IF NOT EXISTS limit_numbers START 1000000 CACHE 64")
        limit.execute("VACUUM ANALYZE")
        return Limit(url, _script(limit, written), written)


def _next_transaction(database: psycopg.Connection[Any]) -> int:
    row = database.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
    return int(row[0]) if row else 0


def _written(database: psycopg.Connection[Any], since: int) -> Written:
    rows = {}
    with database.cursor(row_factory=dict_row) as cursor:
        for table in _tables(database):
            statement = sql.SQL("SELECT * FROM {} WHERE xmin::text::bigint >= %s").format(sql.Identifier(table))
            if several := cursor.execute(statement, [since]).fetchall():
                rows[table] = several
    if len(rows.get("orders_order", ())) != 1:
        raise SystemExit(f"Not one order was placed, but {len(rows.get('orders_order', ()))}.")
    return Written(rows)


def _tables(database: psycopg.Connection[Any]) -> list[str]:
    """All tables of the house; a partitioned one by its parent."""
    found = database.execute(
        "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " AND c.relname NOT LIKE 'procrastinate%' ORDER BY 1"
    )
    return [row[0] for row in found.fetchall()]


def _copy_ground(source: str, target: str) -> None:
    """What orders rest on. Levels begin with nothing allocated, and with only as many as their movements brought."""
    with psycopg.connect(source) as here, psycopg.connect(target) as there:
        for table in GROUND:
            name = sql.Identifier(table)
            there.execute(sql.SQL("TRUNCATE {} CASCADE").format(name))
            with (
                here.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(name)) as out,
                there.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as into,
            ):
                for block in out:
                    into.write(block)
        there.execute("UPDATE stock_level SET allocated = 0")


def _script(limit: psycopg.Connection[Any], written: Written) -> str:
    """The pgbench script: random items, then one statement over all tables."""
    items = sorted({row["item_id"] for row in written.rows[UPDATED]})
    ids = [row[0] for row in limit.execute("SELECT id FROM catalog_item ORDER BY id").fetchall()]
    if ids[-1] - ids[0] + 1 != len(ids):
        raise SystemExit("The items' ids have gaps; the limit would ask for items that are not there.")
    share = len(ids) // len(items)
    lines = [
        rf"\set item{place} random({ids[0] + place * share}, {ids[0] + (place + 1) * share - 1})"
        for place in range(len(items))
    ]
    fresh = _Fresh(written, items)
    inserts = [_insert(limit, table, rows, fresh) for table, rows in written.rows.items() if table != UPDATED]
    parts = [
        f"n AS MATERIALIZED (SELECT nextval('limit_numbers') AS number{fresh.columns()})",
        _locked(items),
        _levels(written),
    ]
    body = ",\n".join([*parts, *(f"w{place} AS ({insert})" for place, insert in enumerate(inserts))])
    return "\n".join([*lines, f"WITH {body}\nSELECT number FROM n;"]) + "\n"


def _locked(items: list[int]) -> str:
    """The same lock order as Milepost's: the items rise, because each is drawn from its own share of the ids."""
    wanted = ", ".join(f":item{place}" for place in range(len(items)))
    return f"l AS MATERIALIZED (SELECT item_id, location_id FROM stock_level WHERE item_id IN ({wanted}) ORDER BY 1, 2 FOR UPDATE)"


def _levels(written: Written) -> str:
    return (
        "u AS (UPDATE stock_level v SET allocated = v.allocated + 1 FROM l"
        " WHERE v.item_id = l.item_id AND v.location_id = l.location_id)"
    )


class _Fresh:
    """Which values of the sample row are fresh in each new row: the order's id and reference, every uuid, the items."""

    def __init__(self, written: Written, items: list[int]) -> None:
        order = written.rows["orders_order"][0]
        self.order_id, self.reference, self.items = order["id"], order["reference"], items
        values = [value for rows in written.rows.values() for row in rows for value in row.values()]
        self.uuids = {
            value: f"u{place}" for place, value in enumerate(dict.fromkeys(v for v in values if isinstance(v, UUID)))
        }
        self.keys = {row["key"] for rows in written.rows.values() for row in rows if "key" in row}

    def columns(self) -> str:
        """A fresh, time-ordered uuid for each one of the sample."""
        return "".join(f", uuidv7() AS {name}" for name in self.uuids.values())

    def spelt(self, table: str, column: str, value: Any) -> str | None:
        """How a fresh value is spelt in the statement; None where the sample's own value does."""
        if isinstance(value, UUID):
            return f"n.{self.uuids[value]}"
        if value == self.order_id and (
            column in ("order_id", "stream_id") or (table, column) == ("orders_order", "id")
        ):
            return "n.number"
        if column == "item_id" and value in self.items:
            return f":item{self.items.index(value)}"
        if value == str(self.order_id):
            return "n.number::text"
        if value == self.reference:
            return "'L' || n.number"
        if isinstance(value, str) and value in self.keys:
            return "'key-' || n.number"
        return None


def _insert(limit: psycopg.Connection[Any], table: str, rows: list[dict[str, Any]], fresh: _Fresh) -> str:
    types = _types(limit, table)
    selects = []
    for row in rows:
        values = [fresh.spelt(table, name, value) or _literal(limit, value, types[name]) for name, value in row.items()]
        selects.append(
            f"SELECT {', '.join(f'({v})::{types[name]}' for name, v in zip(row, values, strict=True))} FROM n"
        )
    columns = ", ".join(f'"{name}"' for name in rows[0])
    return f'INSERT INTO "{table}" ({columns}) ' + " UNION ALL ".join(selects)


def _types(limit: psycopg.Connection[Any], table: str) -> dict[str, str]:
    found = limit.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped",
        [table],
    )
    return dict(found.fetchall())


def _literal(limit: psycopg.Connection[Any], value: Any, kind: str) -> str:
    """A value as a literal without any colon, because pgbench would take what follows one for a variable."""
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    if isinstance(value, dict | list) and kind == "jsonb":
        value = Jsonb(value)
    spelt = re.sub(r'::[\w "\[\]]+$', "", sql.Literal(value).as_string(limit)).strip()
    if not spelt.endswith("'"):
        return spelt
    return (spelt if spelt.startswith("E") else f"E{spelt}").replace(":", "\\x3a")


def tables_agree(url: str, expected: Counter[str]) -> list[str]:
    """The tables whose number of rows is not what was expected."""
    with psycopg.connect(url) as database:
        faults = []
        for table, count in expected.items():
            row = database.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
            if row is None or row[0] != count:
                faults.append(f"{table} has {row and row[0]} rows instead of {count}")
    return faults
