"""What is kept of parcels: their events, and what follows from them. Everything here is one statement for any number of rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from psycopg.pq import Format

from milepost.ground import journal
from milepost.kernel.columns import columns
from milepost.way.tracking.words import Cause, Delay, Event, Kind, Reached, Stage, Standing

Key = tuple[int, int, datetime, UUID]
"""An event: its order, its parcel, when it happened, and its id."""

FEW = 4
_KINDS = {each.value: each for each in Kind}
_STAGES = {each.value: each for each in Stage}
_REACHED = {each.value: each for each in Reached}


class Kept(NamedTuple):
    """A parcel's row. `corrected`: somebody has corrected something of it, so what is kept cannot simply be carried on."""

    parcel_id: int
    order_id: int
    shipment_id: int
    concern: str
    corrected: bool
    stage: str
    reached: str
    leg: int
    since_at: datetime | None
    delivered_at: datetime | None
    delivered_as: str
    delay_cause: str
    delay_since_at: datetime | None
    delay_estimate_on: date | None
    last_event_at: datetime | None

    @property
    def standing(self) -> Standing:
        """What followed from all that was heard so far."""
        stage = _STAGES[self.stage]
        return Standing(
            stage=stage, reached=_REACHED[self.reached], leg=self.leg, since_at=None if stage is Stage.SHIPPED else self.since_at,
            delivered_at=self.delivered_at, delivered_as=_KINDS.get(self.delivered_as), delay=self.delay,
            last_event_at=self.last_event_at,
        )  # fmt: skip

    @property
    def delay(self) -> Delay | None:
        """The delay that stands."""
        if not self.delay_cause or self.delay_since_at is None:
            return None
        return Delay(Cause(self.delay_cause), self.delay_since_at, self.delay_estimate_on)


def lock(parcel_ids: Iterable[int]) -> dict[int, Kept]:
    """The rows of the parcels, locked in one fixed order."""
    return {row[0]: Kept._make(row) for row in _read(_LOCK, [list(parcel_ids)])}


def known(keys: Sequence[Key]) -> dict[tuple[int, UUID], str]:
    """Those of the events that are there already, with their kind."""
    if not keys:
        return {}
    return {(parcel_id, event): kind for parcel_id, event, kind in _read(_KNOWN, columns(keys))}


def stories(parcels: Collection[Kept]) -> dict[int, list[Event]]:
    """All events of the parcels."""
    found: dict[int, list[Event]] = defaultdict(list)
    if not parcels:
        return found
    wanted = [sorted({one.order_id for one in parcels}), [one.parcel_id for one in parcels]]
    for parcel_id, event, kind, happened_at, cause, estimate_on, corrects in _read(_STORIES, wanted):
        said = Event(event, _KINDS[kind], happened_at, Cause(cause) if cause else None, estimate_on, corrects)
        found[parcel_id].append(said)
    return found


def translate(better: Sequence[tuple[int, int, datetime, UUID, str, str]]) -> None:
    """Events whose code nobody knew when they came have a kind and a cause now."""
    if better:
        journal.write(_TRANSLATE, better)


def add(rows: list[tuple[Any, ...]]) -> None:
    """Keep new events. Many are copied; that none is there yet is known by the lock on their parcels."""
    if len(rows) <= FEW:
        if rows:
            journal.write(_INSERT, rows)
        return
    rows.sort(key=_BY_KEY)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(list(_COLUMNS.values()))
        for row in rows:
            copy.write_row(row)


def write(after: Sequence[tuple[Any, ...]]) -> None:
    """Write what follows now; each row as `_UPDATE` names it."""
    if after:
        journal.write(_UPDATE, after)


def touch(heard: Sequence[tuple[int, int, datetime]]) -> None:
    """Parcels of which so many events more were heard, the last of them at that instant, that changed nothing else."""
    if heard:
        journal.write(_TOUCH, heard)


def _read(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


_BY_KEY = itemgetter(0, 1, 2)
_COLUMNS = {
    "order_id": "int8", "parcel_id": "int8", "happened_at": "timestamptz", "id": "uuid", "kind": "text", "cause": "text",
    "stated_at": "text", "place": "text", "message": "text", "code": "text", "source": "text", "estimate_on": "date",
    "corrects": "uuid", "received_by": "text", "received_at": "timestamptz", "processed_at": "timestamptz",
    "zone_certain": "bool", "city": "text", "region": "text", "country": "text", "latitude": "numeric", "longitude": "numeric",
}  # fmt: skip

_COPY = f"COPY tracking_event ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT binary)"

_INSERT = f"""
INSERT INTO tracking_event ({", ".join(_COLUMNS)})
SELECT * FROM unnest({", ".join(f"%b::{kind}[]" for kind in _COLUMNS.values())}) AS event
"""  # noqa: S608 - our own columns

_LOCK = f"""
SELECT {", ".join(Kept._fields)} FROM tracking_progress WHERE parcel_id = ANY(%b::bigint[]) ORDER BY parcel_id FOR UPDATE
"""  # noqa: S608 - our own columns

_OF_KEY = """unnest(%b::bigint[], %b::bigint[], %b::timestamptz[], %b::uuid[]"""

_KNOWN = f"""
SELECT e.parcel_id, e.id, e.kind FROM {_OF_KEY}) AS w(order_id, parcel_id, happened_at, id)
JOIN tracking_event e USING (order_id, parcel_id, happened_at, id)
"""  # noqa: S608 - our own pieces

_TRANSLATE = f"""
UPDATE tracking_event e SET kind = w.kind, cause = w.cause
FROM {_OF_KEY}, %b::text[], %b::text[]) AS w(order_id, parcel_id, happened_at, id, kind, cause)
WHERE e.order_id = w.order_id AND e.parcel_id = w.parcel_id AND e.happened_at = w.happened_at AND e.id = w.id
"""  # noqa: S608 - our own pieces

_STORIES = """
SELECT parcel_id, id, kind, happened_at, cause, estimate_on, corrects FROM tracking_event
WHERE order_id = ANY(%b::bigint[]) AND parcel_id = ANY(%b::bigint[])
"""

_UPDATE = """
UPDATE tracking_progress p SET stage = w.stage, reached = w.reached, leg = w.leg, events = p.events + w.new,
    corrected = w.corrected, since_at = w.since_at, delivered_at = w.delivered_at, delivered_as = w.delivered_as,
    delay_cause = w.delay_cause, delay_since_at = w.delay_since_at, delay_estimate_on = w.delay_estimate_on,
    last_event_at = w.last_event_at, look_at = CASE
        WHEN w.stage IN ('delivered', 'returned', 'lost') THEN NULL
        WHEN w.stage <> p.stage OR w.last_event_at < p.last_event_at THEN w.now ELSE p.look_at END
FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::smallint[], %b::int[], %b::bool[], %b::timestamptz[], %b::timestamptz[],
    %b::text[], %b::text[], %b::timestamptz[], %b::date[], %b::timestamptz[], %b::timestamptz[]) AS w(parcel_id, stage, reached,
    leg, new, corrected, since_at, delivered_at, delivered_as, delay_cause, delay_since_at, delay_estimate_on, last_event_at, now)
WHERE p.parcel_id = w.parcel_id
"""

_TOUCH = """
UPDATE tracking_progress p SET events = p.events + w.new, last_event_at = w.last_event_at
FROM unnest(%b::bigint[], %b::int[], %b::timestamptz[]) AS w(parcel_id, new, last_event_at)
WHERE p.parcel_id = w.parcel_id
"""
