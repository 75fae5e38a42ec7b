"""Reads of bulk runs; each says how many statements it takes."""

from collections.abc import Collection, Sequence

from django.db import connection

from milepost.overview.bulk.effects import tellings
from milepost.overview.bulk.models import Row, Run
from milepost.overview.bulk.words import Reason, RowCard, RunCard, Standing, State

SHOWN_OF_A_REASON = 5


def run(run_id: int) -> RunCard | None:
    """One run. One statement."""
    found = Run.objects.filter(pk=run_id).first()
    return _card(found) if found else None


def runs_of(actor: str, *, limit: int = 20) -> list[RunCard]:
    """What somebody has prepared last, newest first. One statement."""
    return [_card(row) for row in Run.objects.filter(actor=actor).order_by("-id")[:limit]]


def _card(row: Run) -> RunCard:
    return RunCard(
        id=row.pk, listing=row.listing, verb=row.verb, values=row.values, state=State(row.state), actor=row.actor,
        made_at=row.made_at, began_at=row.began_at, ended_at=row.ended_at, total=row.total, tried=row.tried, would=row.would,
        done=row.done, refused=row.refused, because=row.because, telling=tellings(row.telling), facts=row.facts,
    )  # fmt: skip


def rows(
    run_id: int, standings: Collection[Standing] = tuple(Standing), *, after: int = 0, limit: int = 100
) -> list[RowCard]:
    """Rows of a run in its own order, those of these standings; `after` is the last place seen. One statement."""
    found = Row.objects.filter(run_id=run_id, standing__in=list(standings), place__gt=after).order_by("place")
    return [_row(*values) for values in found.values_list(*_ROW)[:limit]]


_ROW = ("place", "key", "label", "standing", "code", "says", "do")


def _row(place: int, key: str, label: str, standing: str, code: str, says: str, do: str) -> RowCard:
    return RowCard(place=place, key=key, label=label, standing=Standing(standing), code=code, says=says, do=do)


def reasons(run_id: int) -> list[Reason]:
    """Why rows are refused, the most frequent reason first, each with its first rows. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, [run_id, SHOWN_OF_A_REASON])
        found: dict[str, tuple[int, list[RowCard]]] = {}
        for count, *values in cursor.fetchall():
            row = _row(*values)
            found.setdefault(row.code, (count, []))[1].append(row)
    return [_reason(code, count, some) for code, (count, some) in found.items()]


def _reason(code: str, count: int, some: Sequence[RowCard]) -> Reason:
    return Reason(code=code, do=some[0].do, count=count, rows=some)


_REASONS = """
SELECT count, place, key, label, standing, code, says, "do" FROM (
    SELECT *, count(*) OVER (PARTITION BY code) AS count, row_number() OVER (PARTITION BY code ORDER BY place) AS nth
    FROM bulk_row WHERE run_id = %s AND standing = 'refused'
) AS r WHERE nth <= %s ORDER BY count DESC, code, place
"""
