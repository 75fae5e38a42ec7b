"""Keep: what a peer sent is stored byte for byte before anything is made of it (REC-1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction

from milepost.ground.arrivals import rules
from milepost.ground.arrivals.commands.repairs import open_repairs
from milepost.ground.arrivals.models import Arrival
from milepost.ground.arrivals.words import Kept, State
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal
from milepost.kernel.texts import printable


def keep(
    source: str,
    *,
    sender: str,
    content_type: str,
    headers: Mapping[str, str],
    body: bytes,
    act: Act,
    delivery_id: str = "",
    topic: str = "",
    about: str = "",
    refusal: Refusal | None = None,
    state: State | None = None,
) -> Kept:
    """Keep what was sent. With a refusal it counts as forged unless `state` says otherwise, and is never worked on.

    What came before under the same delivery id is not kept again: the answer is that of the first time, whatever is said now.
    A forgery takes nobody's delivery id away. What is refused but not forged opens its duty. One statement, two for a repeat.
    """
    state = state or (State.FORGED if refusal else State.RECEIVED)
    key, row_id = rules.delivery_key(delivery_id), new_id()
    values: list[Any] = [
        row_id, source, printable(topic, 80), printable(sender, 254), key, printable(content_type, 120),
        orjson.dumps(rules.safe_headers(headers)).decode(), rules.kept_of(body, state), len(body), act.recorded_at, state.value,
        refusal.code if refusal else "", refusal.sentence if refusal else "", printable(about, 120),
    ]  # fmt: skip
    if refusal is None or state != State.REFUSED:
        new = _insert(values)
    else:
        with transaction.atomic():
            new = _insert(values)
            if new:
                open_repairs([(row_id, source, rules.outcome_of(refusal))], act=act)
    return Kept(id=row_id, refusal=refusal) if new else _first(source, key, refusal)


def _insert(values: list[Any]) -> bool:
    """Whether it is new."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        return cursor.fetchone() is not None


_KEEP = """
INSERT INTO arrivals_arrival (id, source, topic, sender, delivery_id, content_type, headers, body, size, received_at, state, code,
    error, about, attempts, processed_by)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s, %s, 0, '')
ON CONFLICT (source, delivery_id) WHERE delivery_id <> '' AND state <> 'forged' DO NOTHING RETURNING id
"""


def _first(source: str, key: str, refusal: Refusal | None) -> Kept:
    """The one that came before; a refusal that it met then is the answer again."""
    known = Arrival.objects.exclude(state=State.FORGED).filter(source=source, delivery_id=key)
    return Kept(id=known.values_list("id", flat=True).get(), repeated=True, refusal=refusal)


def forget_forged(before: datetime, *, limit: int = 1000) -> int:
    """Remove forgeries of long ago, which are evidence of nothing any more. Returns how many; call again until none."""
    with transaction.atomic():
        old: list[UUID] = list(
            Arrival.objects.filter(state=State.FORGED, received_at__lt=before)
            .order_by("id")
            .values_list("id", flat=True)[:limit]
        )
        Arrival.objects.filter(id__in=old).delete()
    return len(old)
