"""Who is on a page, and what they have read there. Nothing of it is a fact: it is over in a minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from milepost.way.care.models import Interaction
from milepost.way.care.words import Direction

REFRESH = timedelta(seconds=8)
"""A page that asks every few seconds is written down only so often."""


def look_in(key: str, *, typing: bool, now: datetime) -> None:
    """Somebody is on a page. One statement, which mostly changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_IN, [key, now, now if typing else None, now - REFRESH])


_LOOK_IN = """
INSERT INTO care_presence AS p (key, seen_at, typing_at) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET seen_at = excluded.seen_at, typing_at = excluded.typing_at
WHERE p.seen_at < %s OR (p.typing_at IS NULL) <> (excluded.typing_at IS NULL)
"""


def mark_read(order_ids: Sequence[int], *, now: datetime) -> int:
    """The customer has our answers before their eyes; how many were new to them. One statement on the order's index."""
    unread = Interaction.objects.filter(
        order_id__in=list(order_ids), on_portal=True, direction=Direction.OUT, read_at=None
    )
    return unread.update(read_at=now)
