"""How those do who ask carriers about parcels, for who watches over them (OPS-1)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True, kw_only=True)
class PollerCard:
    """A carrier's system that is asked: calls of this hour and day, parcels it is asked about, and those of them that are overdue.

    `closed_until`: it is left alone so long, because of what it `says`.
    """

    name: str
    in_hour: int
    in_day: int
    parcels: int
    due: int
    oldest_due_at: datetime | None
    closed_until: datetime | None
    failures: int
    says: str


def pollers(now: datetime) -> list[PollerCard]:
    """Every carrier's system that was asked or is to be, by name. One statement on the index of what is due."""
    with connection.cursor() as cursor:
        cursor.execute(_POLLERS, {"now": now})
        names = [column.name for column in cursor.description]
        return [PollerCard(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


_POLLERS = """
SELECT coalesce(s.name, w.name) AS name, coalesce(w.parcels, 0) AS parcels, coalesce(w.due, 0) AS due, w.oldest_due_at,
    CASE WHEN s.hour = date_trunc('hour', %(now)s::timestamptz, 'UTC') THEN s.in_hour ELSE 0 END AS in_hour,
    CASE WHEN s.day = date_trunc('day', %(now)s::timestamptz, 'UTC') THEN s.in_day ELSE 0 END AS in_day,
    CASE WHEN s.closed_until > %(now)s THEN s.closed_until END AS closed_until,
    coalesce(s.failures, 0) AS failures, coalesce(s.says, '') AS says
FROM tracking_poller s FULL JOIN (
    SELECT poller AS name, count(*) AS parcels, count(*) FILTER (WHERE next_poll_at <= %(now)s) AS due,
        min(next_poll_at) FILTER (WHERE next_poll_at <= %(now)s) AS oldest_due_at
    FROM tracking_poll WHERE next_poll_at IS NOT NULL GROUP BY poller
) w ON w.name = s.name ORDER BY 1
"""
