"""What happens to runs. What they do to each row stands in the rows' own chains, as if it had been done one by one."""

from dataclasses import dataclass
from typing import ClassVar

from milepost.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class BulkFact(Fact):
    """A fact of one run."""

    stream: ClassVar[str] = "bulk"
    says: ClassVar[str] = ""
    run_id: int

    @property
    def stream_id(self) -> int:
        return self.run_id


@dataclass(frozen=True, kw_only=True)
class BulkPrepared(BulkFact):
    """Somebody asks what a verb would do to many rows of a list."""

    says: ClassVar[str] = "{verb} is prepared for rows of the list {listing}"
    opens: ClassVar[bool] = True
    listing: str
    verb: str


@dataclass(frozen=True, kw_only=True)
class BulkStarted(BulkFact):
    """Somebody has seen what it will do, and wants it done."""

    says: ClassVar[str] = "{verb} is started for {rows} rows of the list {listing}"
    listing: str
    verb: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class BulkEnded(BulkFact):
    """Nothing more is done: all rows are through, it was stopped, or it was broken off."""

    says: ClassVar[str] = "{verb} ended: {done} done, {refused} refused, {state}"
    verb: str
    state: str
    done: int
    refused: int
