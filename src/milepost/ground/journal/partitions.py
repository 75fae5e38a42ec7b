"""Tables that grow for ever are partitioned by month; this makes them and keeps partitions ready ahead of time."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from django.db import connection, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from psycopg import sql

MONTHS_AHEAD = 12


class CreatePartitionedModel(migrations.CreateModel):
    """CreateModel whose table is partitioned by the month of `column`, with one partition for all that came before."""

    def __init__(self, *args: Any, column: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.column = column

    def deconstruct(self) -> Any:
        """As CreateModel, with the column."""
        name, args, kwargs = super().deconstruct()
        return name, args, {**kwargs, "column": self.column}

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Create the parent table; its indexes follow as for any model."""
        model = to_state.apps.get_model(app_label, self.name)
        statement, parameters = schema_editor.table_sql(model)
        schema_editor.execute(f"{statement} PARTITION BY RANGE ({schema_editor.quote_name(self.column)})", parameters)
        for index in schema_editor._model_indexes_sql(model):  # type: ignore[attr-defined]
            schema_editor.deferred_sql.append(index)
        table = schema_editor.quote_name(model._meta.db_table)
        rest = schema_editor.quote_name(f"{model._meta.db_table}_rest")
        schema_editor.deferred_sql.append(f"CREATE TABLE {rest} PARTITION OF {table} DEFAULT")


def months_from(now: datetime, count: int) -> list[datetime]:
    """The first instants (UTC) of `count` months, beginning with the month of `now`."""
    first = now.year * 12 + now.month - 1
    return [datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC) for number in range(first, first + count)]


def partitioned_tables() -> list[str]:
    """All tables that are partitioned by month."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT partrelid::regclass::text FROM pg_partitioned_table ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def keep_partitions(table: str, *, now: datetime, months_ahead: int = MONTHS_AHEAD) -> list[str]:
    """Make the monthly partitions from this month to `months_ahead`; return the names of the new ones.

    A month whose rows already lie in the rest partition stays there: moving them is a maintenance of its own.
    """
    made = []
    bounds = months_from(now, months_ahead + 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table])
        present = {name.strip('"') for (name,) in cursor.fetchall()}
        for start, end in pairwise(bounds):
            name = f"{table}_{start:%Y_%m}"
            if name in present or _rest_holds(cursor, table, start, end):
                continue
            cursor.execute(
                sql.SQL("CREATE TABLE IF NOT EXISTS {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})").format(
                    sql.Identifier(name), sql.Identifier(table), sql.Literal(start), sql.Literal(end)
                )
            )
            made.append(name)
    return made


def _rest_holds(cursor: Any, table: str, start: datetime, end: datetime) -> bool:
    cursor.execute(
        "SELECT a.attname FROM pg_partitioned_table p JOIN pg_attribute a"
        " ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = %s::regclass",
        [table],
    )
    (column,) = cursor.fetchone()
    query = sql.SQL("SELECT EXISTS (SELECT 1 FROM {} WHERE {} >= {} AND {} < {})").format(
        sql.Identifier(f"{table}_rest"), sql.Identifier(column), sql.Literal(start), sql.Identifier(column), sql.Literal(end)
    )  # fmt: skip
    cursor.execute(query)
    return bool(cursor.fetchone()[0])
