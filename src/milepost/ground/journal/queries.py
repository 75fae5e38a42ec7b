"""Read the journal: an order's story, and whether its chains still hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from django.db import connection

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
