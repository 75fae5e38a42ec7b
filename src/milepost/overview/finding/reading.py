"""Reading by statements of one's own."""

from collections.abc import Sequence
from typing import Any

from django.db import connection


def rows(statement: str, values: Sequence[Any]) -> list[Any]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        found: list[Any] = cursor.fetchall()
        return found
