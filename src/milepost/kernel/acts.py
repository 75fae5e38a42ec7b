"""An act: who does something, through which channel, when, and why (RECD-2)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who acts, when and through which channel; every command takes one, so no command reads a clock.

    `actor` is a role-prefixed id ("staff:7", "key:3", "customer", "carrier:easypost", "system:clock"), never a name.
    `at` is the instant it happened, `recorded_at` the instant we learned of it; they differ only for history,
    which is told to nobody.
    """

    actor: str
    channel: str
    at: datetime
    recorded_at: datetime
    reason: str = ""
    history: bool = False

    @classmethod
    def now(cls, actor: str, *, channel: str, now: datetime, reason: str = "") -> "Act":
        """An act of this very instant."""
        return cls(actor=actor, channel=channel, at=in_utc(now), recorded_at=in_utc(now), reason=reason)

    def because(self, reason: str) -> "Act":
        """The same act with its reason."""
        return replace(self, reason=reason)

    def in_the_past(self, occurred_at: datetime) -> "Act":
        """The same act as history: it happened at `occurred_at`, and customers hear nothing of it."""
        return replace(self, at=in_utc(occurred_at), history=True)


def in_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive datetime, which names no instant."""
    if instant.tzinfo is None:
        raise ValueError("a naive datetime is not an instant: give it a zone")
    return instant.astimezone(UTC)
