"""Read the journal: an order's story, and whether its chains still hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from django.db import connection
from django.db.models import Count

from milepost.ground.journal.models import Chain, Entry
from milepost.ground.journal.rules import GENESIS, seal
from milepost.kernel.facts import canonical, sentence


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of a story, ready to be shown."""

    sequence: int
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    channel: str
    reason: str
    data: dict[str, Any]

    @property
    def sentence(self) -> str:
        """The fact in one plain sentence."""
        return sentence(self.kind, self.data)


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold."""

    stream: str
    stream_id: int
    sequence: int
    why: str


def story(stream_id: int, *, stream: str = "order") -> list[Told]:
    """All facts of one stream in their sequence. One statement."""
    entries = Entry.objects.filter(stream=stream, stream_id=stream_id).order_by("sequence")
    return [
        Told(e.sequence, e.kind, e.occurred_at, e.recorded_at, e.actor, e.channel, e.reason, e.data) for e in entries
    ]


@dataclass(frozen=True, slots=True)
class Retold:
    """A fact of a story, and the fact that it followed from: the first of the same act; None where it was that itself."""

    told: Told
    cause: Told | None = None


def chapter(
    stream_id: int, *, stream: str = "order", kinds: Sequence[str] = (), actors: Sequence[str] = (), after: int | None = None,
    newest_first: bool = True, limit: int | None = None,
) -> list[Retold]:  # fmt: skip
    """Some facts of one stream, each with what it followed from, keyset-paged by their sequence; of these kinds and actors, where
    such are given. One statement, in the order of the stream's key."""
    statement = _CHAPTER.format(past="<" if newest_first else ">", how="DESC" if newest_first else "ASC")
    begin = after if after is not None else (_LAST if newest_first else 0)
    values: list[Any] = [stream, stream_id, begin, list(kinds), list(kinds), list(actors), list(actors), limit]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Retold(_read(row[:8]), _read(row[8:]) if row[8] is not None else None) for row in cursor.fetchall()]


_LAST = 2**31 - 1


def _read(row: Sequence[Any]) -> Told:
    data, *values = row
    return Told(data=orjson.loads(data), **dict(zip(_TOLD, values, strict=True)))


def voices(stream_id: int, *, stream: str = "order") -> list[tuple[str, str, int]]:
    """Which kinds of facts a stream holds, from whom, and how many of each. One statement."""
    entries = Entry.objects.filter(stream=stream, stream_id=stream_id).values_list("kind", "actor")
    return list(entries.annotate(Count("sequence")).order_by("kind", "actor"))


def head(stream_id: int, *, stream: str = "order") -> int:
    """The sequence of the last fact of a stream: what it is compared by whether anything has happened since. One statement."""
    found = Chain.objects.filter(stream=stream, stream_id=stream_id).values_list("sequence", flat=True).first()
    return found or 0


def entries_since(since: Mapping[int, int], *, kinds: Sequence[str], stream: str = "order") -> list[tuple[int, Told]]:
    """The facts of these kinds in each stream after the sequence given with it, history left out. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [list(since), list(since.values()), stream, list(kinds)])
        return [
            (stream_id, Told(data=orjson.loads(data), **dict(zip(_TOLD, row, strict=True))))
            for stream_id, data, *row in cursor.fetchall()
        ]


_TOLD = ("sequence", "kind", "occurred_at", "recorded_at", "actor", "channel", "reason")
_SINCE = """
SELECT e.stream_id, e.data, e.sequence, e.kind, e.occurred_at, e.recorded_at, e.actor, e.channel, e.reason
FROM unnest(%s::bigint[], %s::int[]) AS w(stream_id, sequence)
JOIN journal_entry e ON e.stream = %s AND e.stream_id = w.stream_id AND e.sequence > w.sequence
WHERE e.kind = ANY(%s::text[]) AND NOT e.history ORDER BY e.stream_id, e.sequence
"""


_ENTRY = "{0}.data::text, {0}.sequence, {0}.kind, {0}.occurred_at, {0}.recorded_at, {0}.actor, {0}.channel, {0}.reason"
_CHAPTER = f"""
SELECT {_ENTRY.format("e")}, {_ENTRY.format("c")} FROM (
    SELECT * FROM journal_entry WHERE stream = %s AND stream_id = %s AND sequence {{past}} %s
        AND (cardinality(%s::text[]) = 0 OR kind = ANY(%s::text[])) AND (cardinality(%s::text[]) = 0 OR actor = ANY(%s::text[]))
    ORDER BY sequence {{how}} LIMIT %s
) AS e LEFT JOIN LATERAL (
    SELECT * FROM journal_entry f WHERE f.stream = e.stream AND f.stream_id = e.stream_id AND f.sequence < e.sequence
        AND f.recorded_at = e.recorded_at
    ORDER BY f.sequence LIMIT 1
) AS c ON true ORDER BY e.sequence {{how}}
"""  # noqa: S608 our own names


def breaks(*, stream_ids: Sequence[tuple[str, int]] | None = None) -> Iterator[Break]:
    """Every break in the chains: a changed or missing entry, a gap, a head that disagrees. Streams over all entries."""
    heads = {(c.stream, c.stream_id): c for c in _heads(stream_ids)}
    for key, entries in groupby(_entries(stream_ids), key=lambda entry: (entry.stream, entry.stream_id)):
        broken = _first_break(entries, heads.pop(key, None))
        if broken:
            yield Break(*key, *broken)
    for (stream, stream_id), head in heads.items():
        yield Break(stream, stream_id, head.sequence, "has a head but no entries")


def _first_break(entries: Iterator[Entry], head: Chain | None) -> tuple[int, str] | None:
    """Where one stream's chain first breaks, and why."""
    sequence, digest = 0, GENESIS
    for entry in entries:
        if entry.sequence != sequence + 1:
            return entry.sequence, f"follows {sequence}: entries between them are missing"
        if _digest(entry, digest) != bytes(entry.digest):
            return entry.sequence, "does not say what was sealed"
        sequence, digest = entry.sequence, bytes(entry.digest)
    if head is None:
        return sequence, "has entries but no head"
    if (head.sequence, bytes(head.digest)) != (sequence, digest):
        return sequence, f"ends before its head at {head.sequence}: the last entries are missing"
    return None


def _entries(stream_ids: Sequence[tuple[str, int]] | None) -> Iterator[Entry]:
    entries = Entry.objects.order_by("stream", "stream_id", "sequence")
    if stream_ids is not None:
        entries = entries.filter(stream__in={s for s, _ in stream_ids}, stream_id__in={i for _, i in stream_ids})
    return entries.iterator(chunk_size=5000)


def _heads(stream_ids: Sequence[tuple[str, int]] | None) -> Iterator[Chain]:
    chains = Chain.objects.all()
    if stream_ids is not None:
        chains = chains.filter(stream__in={s for s, _ in stream_ids}, stream_id__in={i for _, i in stream_ids})
    return chains.iterator(chunk_size=5000)


def _digest(entry: Entry, before: bytes) -> bytes:
    return seal(
        before, stream=entry.stream, stream_id=entry.stream_id, sequence=entry.sequence, kind=entry.kind,
        data=canonical(entry.data), actor=entry.actor, channel=entry.channel, reason=entry.reason,
        history=entry.history, occurred_at=entry.occurred_at, recorded_at=entry.recorded_at,
    )  # fmt: skip
