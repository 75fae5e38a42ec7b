"""Order numbers in blocks: a sequence hands each process a block at a time, so no counter is hot and none is used twice."""

import os
import threading
from functools import cache

from django.conf import settings
from django.db import connection

from milepost.kernel.references import References

BLOCK = 64


class _Numbers:
    """This process's share of the numbers; gaps are fine, repeats impossible."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: list[int] = []
        self._process = os.getpid()

    def take(self, count: int) -> list[int]:
        """`count` numbers nobody else will ever get."""
        with self._lock:
            if self._process != os.getpid():
                self._free, self._process = [], os.getpid()
            if len(self._free) < count:
                self._fetch(count - len(self._free))
            taken, self._free = self._free[:count], self._free[count:]
        return taken

    def forget(self) -> None:
        """Give up this process's share, as one must when the database was put back to an earlier state."""
        with self._lock:
            self._free = []

    def _fetch(self, missing: int) -> None:
        blocks = -(-missing // BLOCK)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('intake_order_numbers') FROM generate_series(1, %s)", [blocks])
            for (start,) in cursor.fetchall():
                self._free.extend(range(start, start + BLOCK))


_numbers = _Numbers()
take_numbers = _numbers.take
forget_numbers = _numbers.forget


@cache
def references() -> References:
    """The references of this installation."""
    return References(settings.REFERENCE_KEY.encode())
