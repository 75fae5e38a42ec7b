"""Crosswalks as data: what a vendor's own codes mean in our words, read from the `crosswalk.toml` beside each reader.

A line is `code = "kind"`, `code = ["kind", "cause"]`, or `code = "nothing"` for what says nothing that anybody should hear of.
What is not in a table is unknown to us: it is kept as it came and shown to IT, and the customer is told nothing of it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from milepost.way.tracking.words import Cause, Kind

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means; `kind` is None for one that is left out on purpose."""

    kind: Kind | None
    cause: Cause | None = None


UNKNOWN = Meaning(Kind.UNKNOWN)
Table = Mapping[str, Meaning]


@dataclass(frozen=True)
class Crosswalk:
    """The tables of one vendor, by name, read when they are first needed; keys are compared without case."""

    file: Path

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """All tables. Raises ValueError for a kind or cause that does not exist."""
        written = tomllib.loads(self.file.read_text(encoding="utf-8"))
        return {name: _table(name, lines) for name, lines in written.items()}

    def meaning(self, table: str, code: str) -> Meaning | None:
        """What a code means by one of the tables; None for one that it does not know."""
        return self.tables[table].get(code.strip().casefold()) if code else None

    def first(self, *asked: tuple[str, str]) -> Meaning:
        """What the first of these (table, code) that is known means: the finest detail stands first."""
        for table, code in asked:
            found = self.meaning(table, code)
            if found is not None:
                return found
        return UNKNOWN


def crosswalk(beside: str) -> Crosswalk:
    """The crosswalk in the folder of a module."""
    return Crosswalk(Path(beside).with_name("crosswalk.toml"))


def _table(name: str, lines: Mapping[str, Any]) -> Table:
    table: dict[str, Meaning] = {}
    for code, means in lines.items():
        key = code.strip().casefold()
        if key in table:
            raise ValueError(f"{name} says twice what {code} means")
        table[key] = _meaning(means)
    return table


def _meaning(means: Any) -> Meaning:
    if means == NOTHING:
        return Meaning(None)
    kind, cause = means if isinstance(means, list) else (means, None)
    return Meaning(Kind(kind), Cause(cause) if cause else None)
