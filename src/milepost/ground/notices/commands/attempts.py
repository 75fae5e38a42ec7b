"""Write to attempts, each time by compare and set: whoever lost an attempt to another worker finds it closed.

An attempt is opened before anything leaves, handed over at most once by the worker that opened it, and closed with a
result. The database decides between two workers, so a worker that slept through its lease can do no harm.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import get_ident
from time import monotonic
from typing import TypeAlias
from uuid import UUID

from django.db import connection

from milepost.ground.notices.words import Answer, DueNotice, Letter, Outcome, Result
from milepost.kernel.columns import columns

Key: TypeAlias = tuple[UUID, int, datetime]
"""A notice's id, the number of the attempt, and where it is filed."""


class Watch:
    """The time since a given instant, so that nobody below reads a clock."""

    def __init__(self, now: datetime) -> None:
        self._now, self._since = now, monotonic()

    def now(self) -> datetime:
        """The instant given at first, moved on by what has passed since."""
        return self._now + timedelta(seconds=monotonic() - self._since)


class BookLanes:
    """Lanes into the attempts of one batch."""

    def __init__(self, keys: Mapping[str, Key], watch: Watch) -> None:
        self._keys, self._watch, self._home = keys, watch, get_ident()

    @contextmanager
    def open(self) -> Iterator["BookLane"]:
        """A lane for this thread; a thread of its own gives its database connection back at the end."""
        try:
            yield BookLane(self._keys, self._watch)
        finally:
            if get_ident() != self._home:
                connection.close()


class BookLane:
    """One thread's line to the attempts; each word is committed at once."""

    def __init__(self, keys: Mapping[str, Key], watch: Watch) -> None:
        self._keys, self._watch = keys, watch

    def hand_over(self, references: Collection[str]) -> frozenset[str]:
        """Mark the point of no return of those that are still ours, and say which they are."""
        with connection.cursor() as cursor:
            cursor.execute(_HAND_OVER, [self._watch.now(), *columns([self._keys[r] for r in references])])
            return frozenset(key.hex for (key,) in cursor.fetchall())

    def tell(self, outcomes: Mapping[str, Outcome]) -> None:
        """Close attempts; late news may still replace *unknown*."""
        rows = [(*self._keys[reference], outcome) for reference, outcome in outcomes.items()]
        close(rows, at=self._watch.now())


def open_attempts(letters: Sequence[tuple[DueNotice, Letter]], *, sender: str, at: datetime) -> frozenset[UUID]:
    """Write down what is about to be sent; return the notices whose attempt is ours, not closed by another worker."""
    if not letters:
        return frozenset()
    rows = [
        (
            n.id,
            n.number,
            n.filed_at,
            sender,
            letter.version,
            letter.address,
            *letter.as_kept(),
            at,
        )
        for n, letter in letters
    ]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, columns(rows))
        return frozenset(key for (key,) in cursor.fetchall())


def close(rows: Sequence[tuple[UUID, int, datetime, Outcome]], *, at: datetime) -> None:
    """Close attempts that are open, or whose outcome was unknown until now."""
    if not rows:
        return
    plain = [(key, number, filed_at, outcome.result, outcome.detail) for key, number, filed_at, outcome in rows]
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [at, *columns(plain)])


def close_not_handed(keys: Sequence[Key], result: Result, *, sender: str, at: datetime) -> None:
    """Close attempts that were never handed over, and those never even written: nothing left. No worker can hand them over
    afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_UNWRITTEN, [sender, at, at, result, *columns(keys)])
        cursor.execute(_CLOSE_NOT_HANDED, [at, result, *columns(keys)])


def in_the_air(keys: Sequence[Key]) -> list[Key]:
    """The attempts that were handed over and whose end nobody knows. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_THE_AIR, columns(keys))
        return list(cursor.fetchall())


def close_by_answer(keys: Sequence[Key], answers: Mapping[str, Answer], *, at: datetime) -> None:
    """Close attempts that were in the air by what the sender says of them."""
    close([(*key, _BY_ANSWER[answers.get(key[0].hex, Answer.CANNOT_TELL)]) for key in keys], at=at)


_BY_ANSWER = {
    Answer.FOUND: Outcome(result=Result.SENT, detail="found by our reference"),
    Answer.ABSENT: Outcome(result=Result.LAPSED, detail="not there by our reference"),
    Answer.CANNOT_TELL: Outcome(result=Result.UNKNOWN),
}


_OPEN = """
INSERT INTO notices_attempt (notice_id, number, filed_at, sender, version, address, subject, text, html, began_at, detail)
SELECT w.*, '' FROM unnest(%b::uuid[], %b::smallint[], %b::timestamptz[], %b::text[], %b::int[], %b::text[], %b::text[],
    %b::text[], %b::text[], %b::timestamptz[]) AS w
ON CONFLICT (notice_id, number, filed_at) DO NOTHING
RETURNING notice_id
"""

_OURS = """
unnest(%b::uuid[], %b::smallint[], %b::timestamptz[]) AS w(notice_id, number, filed_at)
WHERE a.notice_id = w.notice_id AND a.number = w.number AND a.filed_at = w.filed_at
"""

_HAND_OVER = f"""
UPDATE notices_attempt a SET handed_at = %s FROM {_OURS} AND a.handed_at IS NULL AND a.result IS NULL RETURNING a.notice_id
"""  # noqa: S608 # from our own pieces

_CLOSE = """
UPDATE notices_attempt a SET ended_at = %s, result = w.result, detail = coalesce(nullif(w.detail, ''), a.detail)
FROM unnest(%b::uuid[], %b::smallint[], %b::timestamptz[], %b::text[], %b::text[])
    AS w(notice_id, number, filed_at, result, detail)
WHERE a.notice_id = w.notice_id AND a.number = w.number AND a.filed_at = w.filed_at
    AND (a.result IS NULL OR a.result = 'unknown')
"""

_CLOSE_UNWRITTEN = """
INSERT INTO notices_attempt (notice_id, number, filed_at, sender, version, address, subject, text, html, began_at, ended_at,
    result, detail)
SELECT w.notice_id, w.number, w.filed_at, %s, 0, '', '', '', '', %s, %s, %s, ''
FROM unnest(%b::uuid[], %b::smallint[], %b::timestamptz[]) AS w(notice_id, number, filed_at)
ON CONFLICT (notice_id, number, filed_at) DO NOTHING
"""

_CLOSE_NOT_HANDED = f"""
UPDATE notices_attempt a SET ended_at = %s, result = %s FROM {_OURS} AND a.handed_at IS NULL AND a.result IS NULL
"""  # noqa: S608 # from our own pieces

_IN_THE_AIR = f"""
SELECT a.notice_id, a.number, a.filed_at FROM notices_attempt a, {_OURS} AND a.handed_at IS NOT NULL
    AND (a.result IS NULL OR a.result = 'unknown')
"""  # noqa: S608 # from our own pieces
