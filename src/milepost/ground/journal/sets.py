"""`field__in=values` as `field = ANY(array)`: a set of any size is one parameter of a statement whose text never changes.

Django writes a placeholder for each value, so PostgreSQL meets another statement for each size, and thousands of values cost tens
of milliseconds to bind. `config/wiring` puts this in place for all fields at start.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler


class AnyOf(In):
    """The lookup `in`. Subqueries, expressions and the conditions of constraints stay as Django writes them."""

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """`lhs = ANY(array)`; an empty set matches nothing."""
        in_constraint = not getattr(compiler.query, "alias_cols", True)
        if in_constraint or not self.rhs_is_direct_value() or any(hasattr(v, "resolve_expression") for v in self.rhs):
            return super().as_sql(compiler, connection)
        field = self.lhs.output_field
        wanted = dict.fromkeys(value for value in self.rhs if value is not None)
        values = [_plain(field.get_db_prep_value(value, connection, prepared=True)) for value in wanted]
        if not values:
            raise EmptyResultSet
        lhs, parameters = self.process_lhs(compiler, connection)
        kind = str(field.db_type(connection)).partition("(")[0]
        return f"{lhs} = ANY(%b::{kind}[])", [*parameters, values]


def _plain(value: Any) -> Any:
    """A word of a vocabulary as plain text: an array holds one kind of values."""
    return str(value) if isinstance(value, str) else value


def use_arrays() -> None:
    """Have every `field__in` travel as one array."""
    Field.register_lookup(AnyOf)
