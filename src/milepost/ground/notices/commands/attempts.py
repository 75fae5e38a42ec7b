"""Write to attempts, each time by compare and set: whoever lost an attempt to another worker finds it closed.

An attempt is opened before anything leaves, handed over at most once by the worker that opened it, and closed with a
result. The database decides between two workers, so a worker that slept through its lease can do no harm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any, TypeAlias
from uuid import UUID

from django.db import connection

from milepost.ground.notices.words import Answer, DueNotice, Letter, Outcome, Question, Result
from milepost.kernel.columns import columns
from milepost.kernel.texts import printable

LONGEST_DETAIL, LONGEST_ID = 500, 128

Key: TypeAlias = tuple[UUID, int, datetime]
"""A notice's id, the number of the attempt, and where it is filed."""


class Watch:
    """The time since a given instant, so that nobody below reads a clock."""

    def __init__(self, now: datetime) -> None:
        self._now, self._since = now, monotonic()

    def now(self) -> datetime:
        """The instant given at first, moved on by what has passed since."""
        return self._now + timedelta(seconds=monotonic() - self._since)


def hand_over(keys: Sequence[Key], *, at: datetime) -> frozenset[str]:
    """Mark the point of no return of those that are still open; the references of those that may be handed over."""
    if not keys:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_HAND_OVER, [at, *columns(keys)])
        return frozenset(key.hex for (key,) in cursor.fetchall())


def close_and_hand_over(
    closed: Sequence[tuple[UUID, int, datetime, Outcome]], keys: Sequence[Key], *, at: datetime
) -> frozenset[str]:
    """Both in one statement, with one commit."""
    if not closed or not keys:
        close(closed, at=at)
        return hand_over(keys, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_AND_HAND_OVER, [at, *columns(_plain(closed)), at, *columns(keys)])
        return frozenset(key.hex for (key,) in cursor.fetchall())


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A letter on its way, by which sender, and, of an SMS, how many segments it takes and what they cost."""

    notice: DueNotice
    letter: Letter
    sender: str
    segments: int | None = None
    cost: Decimal | None = None
    currency: str = ""


def open_attempts(letters: Sequence[Outgoing], *, at: datetime) -> frozenset[UUID]:
    """Write down what is about to be sent; return the notices whose attempt is ours, not closed by another worker."""
    if not letters:
        return frozenset()
    rows = [
        (
            one.notice.id, one.notice.number, one.notice.filed_at, one.sender, one.letter.version, one.letter.address,
            *one.letter.as_kept(), at, one.segments, one.cost, one.currency,
        )
        for one in letters
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, columns(rows))
        return frozenset(key for (key,) in cursor.fetchall())


def close(rows: Sequence[tuple[UUID, int, datetime, Outcome]], *, at: datetime) -> None:
    """Close attempts that are open, or whose outcome was unknown until now."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [at, *columns(_plain(rows))])


def _plain(rows: Sequence[tuple[UUID, int, datetime, Outcome]]) -> list[tuple[Any, ...]]:
    return [
        (key, number, filed_at, outcome.result, printable(outcome.detail, LONGEST_DETAIL),
         printable(outcome.foreign_id, LONGEST_ID), outcome.stops)
        for key, number, filed_at, outcome in rows
    ]  # fmt: skip


def close_not_handed(keys: Sequence[Key], result: Result, *, sender: str, at: datetime) -> None:
    """Close attempts that were never handed over, and those never even written: nothing left. No worker can hand them over
    afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_UNWRITTEN, [sender, at, at, result, *columns(keys)])
        cursor.execute(_CLOSE_NOT_HANDED, [at, result, *columns(keys)])


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheAir:
    """An attempt that was handed over and whose end nobody knows."""

    key: Key
    sender: str
    address: str
    text: str
    handed_at: datetime

    def question(self, now: datetime) -> Question:
        """What its sender is asked."""
        return Question(
            reference=self.key[0].hex, address=self.address, text=self.text, handed_at=self.handed_at, asked_at=now
        )


def in_the_air(keys: Sequence[Key]) -> list[InTheAir]:
    """The attempts that were handed over and whose end nobody knows. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_THE_AIR, columns(keys))
        return [
            InTheAir(key=(key, number, filed_at), sender=sender, address=address, text=text, handed_at=handed_at)
            for key, number, filed_at, sender, address, text, handed_at in cursor.fetchall()
        ]


def close_by_answer(keys: Sequence[Key], answers: Mapping[Key, Answer], *, at: datetime) -> None:
    """Close attempts that were in the air by what the sender says of them."""
    close([(*key, _BY_ANSWER[answers[key]]) for key in keys], at=at)


def close_by_receipt(keys: Sequence[Key], *, at: datetime) -> None:
    """Close attempts that were in the air: their sender speaks of them, so it has them."""
    close([(*key, Outcome(result=Result.SENT, detail="known by its receipt")) for key in keys], at=at)


_BY_ANSWER = {
    Answer.FOUND: Outcome(result=Result.SENT, detail="found by our reference"),
    Answer.ABSENT: Outcome(result=Result.LAPSED, detail="not there by our reference"),
    Answer.NOT_YET: Outcome(result=Result.UNKNOWN, detail="asked for long, never found"),
    Answer.CANNOT_TELL: Outcome(result=Result.UNKNOWN),
}


_OPEN = """
INSERT INTO notices_attempt (notice_id, number, filed_at, sender, version, address, subject, text, html, began_at, segments,
    cost, currency, detail)
SELECT w.*, '' FROM unnest(%b::uuid[], %b::smallint[], %b::timestamptz[], %b::text[], %b::int[], %b::text[], %b::text[],
    %b::text[], %b::text[], %b::timestamptz[], %b::smallint[], %b::numeric[], %b::text[]) AS w
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
UPDATE notices_attempt a SET ended_at = %s, result = w.result, detail = coalesce(nullif(w.detail, ''), a.detail),
    foreign_id = coalesce(nullif(w.foreign_id, ''), a.foreign_id), stops = w.stops
FROM unnest(%b::uuid[], %b::smallint[], %b::timestamptz[], %b::text[], %b::text[], %b::text[], %b::bool[])
    AS w(notice_id, number, filed_at, result, detail, foreign_id, stops)
WHERE a.notice_id = w.notice_id AND a.number = w.number AND a.filed_at = w.filed_at
    AND (a.result IS NULL OR a.result = 'unknown')
"""

_CLOSE_AND_HAND_OVER = f"WITH closed AS ({_CLOSE}) {_HAND_OVER}"

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
SELECT a.notice_id, a.number, a.filed_at, a.sender, a.address, a.text, a.handed_at
FROM notices_attempt a, {_OURS} AND a.handed_at IS NOT NULL
    AND (a.result IS NULL OR a.result = 'unknown')
"""  # noqa: S608 # from our own pieces
