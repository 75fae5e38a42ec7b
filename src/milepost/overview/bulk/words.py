"""The words of bulk: a run carries one verb to many rows; each row is done, or refused with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

MOST_ROWS = 50_000
"""How many rows one run may have."""
AT_ONCE = 100
"""A run of so many rows is carried out while its page is awaited; a longer one by the worker."""
IN_A_SET = 50
"""Rows that are carried out in one transaction, with their progress."""
MOST_FAILURES = 5
"""How often the same set may fail by an error of ours before the run is broken off."""


class State(StrEnum):
    """How far a run is. *trying*: each set is carried out and taken back, which is how we know what it will do."""

    GATHERING = "gathering"
    TRYING = "trying"
    TRIED = "tried"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    BROKEN = "broken"


AT_WORK = (State.GATHERING, State.TRYING, State.RUNNING)


class Standing(StrEnum):
    """What became of a row."""

    WAITING = "waiting"
    WOULD = "would"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for: a verb for these rows of a list, or for all that match a search."""

    listing: str
    verb: str
    keys: Sequence[str] = ()
    search: Mapping[str, str] | None = None
    values: Mapping[str, str] = field(default_factory=dict)


class Telling(NamedTuple):
    """So many messages of a template go to an audience on a channel."""

    template: str
    audience: str
    channel: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCard:
    """A run as pages show it."""

    id: int
    listing: str
    verb: str
    values: Mapping[str, Any]
    state: State
    actor: str
    made_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    total: int
    tried: int
    would: int
    done: int
    refused: int
    because: str
    telling: tuple[Telling, ...]
    facts: Mapping[str, int]

    @property
    def at_work(self) -> bool:
        """Whether it goes on by itself."""
        return self.state in AT_WORK

    @property
    def worked(self) -> tuple[int, int]:
        """Through how many rows the present pass is, of how many."""
        if self.state in (State.GATHERING, State.TRYING, State.TRIED):
            return self.tried, self.total
        return self.done + self.refused - (self.tried - self.would), self.would

    @property
    def percent(self) -> int:
        """How far the present pass is."""
        through, of = self.worked
        return 100 * through // of if of else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCard:
    """A row of a run, with what became of it; `says` and `do` where it was refused."""

    place: int
    key: str
    label: str
    standing: Standing
    code: str
    says: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why some rows are refused: how many for the same reason, and the first of them."""

    code: str
    do: str
    count: int
    rows: Sequence[RowCard]
