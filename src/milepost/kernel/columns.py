"""Rows turned into columns: how a set of any size travels to the database in one statement of constant text."""

from collections.abc import Iterable
from typing import Any


def columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """One list a column, as `unnest` takes them; all rows are of one length, and there is at least one."""
    return [list(column) for column in zip(*rows, strict=True)]
