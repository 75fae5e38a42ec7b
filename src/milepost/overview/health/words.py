"""The words of health."""

from dataclasses import dataclass
from datetime import datetime

AUDIT = "audit_notices"
"""The nightly audit of what was told, by the name of its job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """How many workers gave a sign of life in the last minute, and when any did last."""

    count: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedJob:
    """A scheduled job that ended with an error; the worker's log has the error."""

    id: int
    name: str
    attempts: int
    failed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A job that the clock starts: when it was to run last, what became of that (*todo*, *doing*, *failed* ...), and when."""

    name: str
    due_at: datetime
    state: str
    ended_at: datetime | None
