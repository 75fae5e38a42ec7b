"""A worker's hold on the notices that it has claimed: short, and renewed for as long as the worker lives and works.

So what a killed worker held is free again within a minute, and what a slow sender is still busy with stays with its worker.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from milepost.ground.notices.commands.attempts import Key, Watch
from milepost.kernel.columns import columns

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=45)
LONGEST = timedelta(minutes=30)
"""However slow a sender is: a worker that holds notices for longer is stuck, and others take over."""
RENEWALS = 3  # in the time of a lease


@contextmanager
def renewed(keys: Sequence[Key], watch: Watch, lease: timedelta) -> Iterator[None]:
    """Keep these notices for as long as the block lasts."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=[keys, watch, lease, over], daemon=True, name="lease")
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _keep(keys: Sequence[Key], watch: Watch, lease: timedelta, over: threading.Event) -> None:
    end = watch.now() + LONGEST
    try:
        while not over.wait(lease.total_seconds() / RENEWALS) and watch.now() < end:
            try:
                _renew(keys, now=watch.now(), until=watch.now() + lease)
            except DatabaseError:
                log.warning("the lease of %d notices could not be renewed", len(keys), exc_info=True)
                connection.close()
    finally:
        connection.close()


def _renew(keys: Sequence[Key], *, now: datetime, until: datetime) -> None:
    """What is settled already, or was taken over by another worker, stays as it is. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [*columns(keys), now, until])


_RENEW = """
WITH mine AS (
    SELECT n.id, n.filed_at FROM unnest(%b::uuid[], %b::smallint[], %b::timestamptz[]) AS w(id, number, filed_at)
    JOIN notices_notice n ON n.id = w.id AND n.filed_at = w.filed_at AND n.attempts = w.number
    WHERE n.state = 'sending' AND n.due_at > %s FOR UPDATE OF n SKIP LOCKED
)
UPDATE notices_notice n SET due_at = %s FROM mine WHERE n.id = mine.id AND n.filed_at = mine.filed_at
"""
