"""Desks: open duties in groups, most urgent first, and how much lies where. Neither grows with the number of open duties."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from milepost.ground.duties.queries import BEGINNING, FIELDS, PAIRS
from milepost.ground.duties.words import DutyCard, Load, Urgency, View

MOST = 500
"""So many of one kind, role and urgency are counted; of more it is only said that there are more."""

AWAKE = "(d.snoozed_until IS NULL OR d.snoozed_until <= %(now)s)"
LATE = f"d.due_at < %(now)s AND {AWAKE}"
TODAY = f"d.due_at >= %(now)s AND d.due_at < %(midnight)s AND {AWAKE}"
SOON = f"d.due_at >= greatest(%(midnight)s, %(now)s) AND {AWAKE}"
IDLE = f"d.due_at >= %(now)s AND {AWAKE}"
SNOOZED = "d.snoozed_until IS NOT NULL AND d.snoozed_until > %(now)s"
OF_KIND = {"idle": "pairs.idle", "busy": "NOT pairs.idle"}
OF_EACH = {"idle": "d.kind = ANY(%(idle)b)", "busy": "d.kind <> ALL(%(idle)b)"}
"""Whose word is next is asked once of a kind on a desk, never of its duties: a kind that waits is not looked through."""
PARTS: Sequence[tuple[Urgency, str]] = (
    (Urgency.LATE, LATE),
    (Urgency.TODAY, f"{TODAY} AND {{busy}}"),
    (Urgency.SOON, f"{SOON} AND {{busy}}"),
    (Urgency.WAITING, f"{IDLE} AND {{idle}}"),
    (Urgency.WAITING, SNOOZED),
)
"""The same law as `rules.urgency`, as conditions that an index answers."""


def rows(
    view: View, sizes: Mapping[Urgency, int], *, after: tuple[datetime, UUID] | None = None
) -> dict[Urgency, list[DutyCard]]:
    """The first duties of each group, first due first, no more than its size; `after` is (due_at, id) of the last one seen.

    One statement. It reads no more than that many rows of each kind on each desk.
    """
    since, last = after or (BEGINNING, UUID(int=0))
    named = {**_named(view), "since": since, "last": last, **{f"size_{part}": sizes.get(part, 0) for part in Urgency}}
    found: dict[Urgency, list[DutyCard]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(OF_PERSON if view.assignee is not None else OF_ROLES, named)
        for part, *row in cursor.fetchall():
            found[Urgency(part)].append(_card(row))
    return {part: cards[: sizes[part]] for part in Urgency if (cards := found[part])}


def _named(view: View) -> dict[str, Any]:
    return {
        "now": view.now, "midnight": view.end_of_today, "idle": list(view.idle), "roles": list(view.roles),
        "assignee": view.assignee, "kind": view.kind, "most": MOST + 1,
    }  # fmt: skip


def _card(row: Sequence[Any]) -> DutyCard:
    values = dict(zip(FIELDS, row, strict=True))
    return DutyCard(**{**values, "data": orjson.loads(values["data"])})


_ON_DESKS = """
SELECT found.* FROM pairs CROSS JOIN LATERAL (
    SELECT d.id, d.due_at FROM duties_duty d WHERE d.closed_at IS NULL AND d.role = pairs.role AND d.kind = pairs.kind
        AND (d.due_at, d.id) > (%(since)s, %(last)s) AND {condition} ORDER BY d.due_at, d.id LIMIT %(size_{part})s
) found ORDER BY found.due_at, found.id LIMIT %(size_{part})s
"""
_WITH_PERSON = """
SELECT d.id, d.due_at FROM duties_duty d WHERE d.closed_at IS NULL AND d.assignee = %(assignee)s
    AND (%(kind)s = '' OR d.kind = %(kind)s) AND (d.due_at, d.id) > (%(since)s, %(last)s) AND {condition}
ORDER BY d.due_at, d.id LIMIT %(size_{part})s
"""
_PAIRS = f"""
{PAIRS.format(roles="%(roles)b")}, pairs AS MATERIALIZED (
    SELECT role, kind, kind = ANY(%(idle)b) AS idle FROM walk WHERE kind IS NOT NULL AND (%(kind)s = '' OR kind = %(kind)s)
)
"""  # noqa: S608


def _rows(first: str, branch: str, kinds: Mapping[str, str]) -> str:
    parts = " UNION ALL ".join(
        f"SELECT '{part}' AS part, one.id FROM ({branch.format(part=part, condition=condition.format(**kinds))}) one"  # noqa: S608
        for part, condition in PARTS
    )
    fields = ", ".join(f"d.{name}" for name in FIELDS)
    shown = f"SELECT shown.part, {fields} FROM ({parts}) shown JOIN duties_duty d ON d.id = shown.id"  # noqa: S608
    return f"{first} {shown} ORDER BY d.due_at, d.id"


OF_ROLES = _rows(_PAIRS, _ON_DESKS, OF_KIND)
OF_PERSON = _rows("", _WITH_PERSON, OF_EACH)


def by_role_and_kind(view: View) -> dict[tuple[str, str], Load]:
    """How much lies on each role's desk of each kind, counted up to a bound, and how old it is. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(LOADS, _named(view))
        return {(role, kind): _load(counted) for role, kind, *counted in cursor.fetchall()}


def by_person(view: View, staff_ids: Sequence[int]) -> dict[int, Load]:
    """How much each of these people has taken, counted up to a bound, and how old it is. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(LOADS_OF_PEOPLE, {**_named(view), "people": list(staff_ids)})
        return {person: load for person, *counted in cursor.fetchall() if (load := _load(counted)).open}


def _load(counted: Sequence[Any]) -> Load:
    *numbers, oldest = counted
    sums = dict.fromkeys(Urgency, 0)
    for (part, _), number in zip(PARTS, numbers, strict=True):
        sums[part] += min(number, MOST)
    more = frozenset(part for (part, _), number in zip(PARTS, numbers, strict=True) if number > MOST)
    return Load(
        sums[Urgency.LATE], sums[Urgency.TODAY], sums[Urgency.SOON], sums[Urgency.WAITING], oldest, more
    )  # fmt: skip


def _counts(belongs: str, kinds: Mapping[str, str]) -> str:
    open_ones = f"FROM duties_duty d WHERE d.closed_at IS NULL AND {belongs}"
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 {open_ones} AND {condition.format(**kinds)} LIMIT %(most)s) x)"  # noqa: S608
        for _, condition in PARTS
    )
    return f"{counts}, (SELECT min(d.due_at) {open_ones})"


LOADS = f"{_PAIRS} SELECT pairs.role, pairs.kind, {_counts('d.role = pairs.role AND d.kind = pairs.kind', OF_KIND)} FROM pairs"  # noqa: S608
LOADS_OF_PEOPLE = f"""
SELECT person.id, {_counts("d.assignee = person.id", OF_EACH)} FROM unnest(%(people)b::bigint[]) AS person(id)
"""  # noqa: S608
