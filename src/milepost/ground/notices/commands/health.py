"""How senders do, as all workers know it."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime

from django.db import connection, transaction

from milepost.ground.notices import routes
from milepost.ground.notices.models import SenderHealth
from milepost.ground.notices.words import Health, SenderState, Tally
from milepost.ground.procedures.words import SendingPolicy
from milepost.kernel.columns import columns
from milepost.kernel.facts import canonical


def states_of(names: Sequence[str], *, policy: SendingPolicy, now: datetime) -> list[SenderState]:
    """The state of each, as of now. One statement, none for a single sender: its health decides nothing."""
    if len(names) == 1:
        return [SenderState(name=names[0])]
    known = {row.name: _state(row) for row in SenderHealth.objects.filter(name__in=names)}
    return [routes.as_of(known.get(name, SenderState(name=name)), policy=policy, now=now) for name in names]


def observe(results: Mapping[str, Sequence[str]], *, policy: SendingPolicy, now: datetime) -> None:
    """Take note of how attempts ended, by sender. Two statements."""
    with transaction.atomic():
        rows = SenderHealth.objects.filter(name__in=results).order_by("name").select_for_update()
        known = {row.name: _state(row) for row in rows}
        states = [
            _observed(known.get(name, SenderState(name=name)), ended, policy, now) for name, ended in results.items()
        ]
        changed = sorted((state for state in states if known.get(state.name) != state), key=lambda state: state.name)
        if changed:
            with connection.cursor() as cursor:
                cursor.execute(_KEEP, columns(_row(state, now) for state in changed))


def _observed(state: SenderState, ended: Sequence[str], policy: SendingPolicy, now: datetime) -> SenderState:
    return routes.observed(routes.as_of(state, policy=policy, now=now), ended, policy=policy, now=now)


def _state(row: SenderHealth) -> SenderState:
    return SenderState(
        name=row.name, health=Health(row.health), since=row.since, rests=row.rests,
        tallies=tuple(Tally(*one) for one in row.tallies),
    )  # fmt: skip


def _row(state: SenderState, now: datetime) -> tuple[object, ...]:
    tallies = canonical([list(astuple(one)) for one in state.tallies]).decode()
    return state.name, state.health, state.since or now, state.rests, tallies


_KEEP = """
INSERT INTO notices_sender_health (name, health, since, rests, tallies)
SELECT * FROM unnest(%b::text[], %b::text[], %b::timestamptz[], %b::smallint[], %b::jsonb[])
ON CONFLICT (name) DO UPDATE SET health = excluded.health, since = excluded.since, rests = excluded.rests,
    tallies = excluded.tallies
"""
