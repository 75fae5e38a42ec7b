"""Read duties: a role's desk, an order's duties, one duty; `desks` reads and counts them in groups."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from milepost.ground.duties.models import OPEN, Duty
from milepost.ground.duties.words import DutyCard

FIELDS = (
    "id", "order_id", "subject_kind", "subject_id", "kind", "role", "assignee", "says", "opened_at", "due_at", "level",
    "warned", "snoozed_until", "snoozed_because", "closed_at", "closed_by", "outcome", "data",
)  # fmt: skip


def open_duties(
    roles: Sequence[str], *, limit: int = 50, after: tuple[datetime, UUID] | None = None, assignee: int | None = None
) -> list[DutyCard]:
    """The open duties of these roles, first due first; `after` is (due_at, id) of the last one seen.

    One statement, which reads no more than `limit` rows of each kind on each role's desk from their index.
    """
    since, last = after or (BEGINNING, UUID(int=0))
    rows = Duty.objects.raw(DESK, [list(roles), assignee, assignee, since, last, limit, limit])
    return [DutyCard(**{name: getattr(row, name) for name in FIELDS}) for row in rows]


BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
PAIRS = """
WITH RECURSIVE walk(role, kind) AS (
    SELECT wanted.role, (SELECT min(d.kind) FROM duties_duty d WHERE d.closed_at IS NULL AND d.role = wanted.role)
    FROM unnest({roles}::text[]) AS wanted(role)
    UNION ALL
    SELECT walk.role, (
        SELECT min(d.kind) FROM duties_duty d WHERE d.closed_at IS NULL AND d.role = walk.role AND d.kind > walk.kind
    ) FROM walk WHERE walk.kind IS NOT NULL
)
"""
"""Which kinds lie on which role's desk: a walk along the index from kind to kind, one step each, however many duties there are."""
DESK = f"""
{PAIRS.format(roles="%b")}
SELECT d.* FROM walk CROSS JOIN LATERAL (
    SELECT * FROM duties_duty WHERE closed_at IS NULL AND role = walk.role AND kind = walk.kind
        AND (%s::bigint IS NULL OR assignee = %s::bigint)
        AND (due_at, id) > (%s::timestamptz, %s::uuid) ORDER BY due_at, id LIMIT %s
) d WHERE walk.kind IS NOT NULL ORDER BY d.due_at, d.id LIMIT %s
"""  # noqa: S608 - made of our own words


def duties_of(order_id: int) -> list[DutyCard]:
    """All duties of an order, open ones first, then the latest closed. One statement."""
    rows = Duty.objects.filter(order_id=order_id).values(*FIELDS)
    cards = [DutyCard(**row) for row in rows]
    return sorted(cards, key=lambda card: (card.closed_at is not None, card.closed_at or card.due_at, card.id))


def next_steps(order_ids: Sequence[int]) -> dict[int, DutyCard]:
    """Of each order the open duty that is due first: its next step. One statement."""
    rows = Duty.objects.filter(OPEN, order_id__in=list(order_ids)).order_by("order_id", "due_at", "id")
    return {row["order_id"]: DutyCard(**row) for row in rows.distinct("order_id").values(*FIELDS)}


def open_of_kind(kind: str, *, role: str, limit: int = 50) -> list[DutyCard]:
    """The open duties of one kind on a role's desk, first due first. One statement on its index."""
    rows = Duty.objects.filter(OPEN, role=role, kind=kind).order_by("due_at", "id")
    return [DutyCard(**row) for row in rows.values(*FIELDS)[:limit]]


def duty(duty_id: UUID) -> DutyCard | None:
    """One duty, or None."""
    row = Duty.objects.filter(pk=duty_id).values(*FIELDS).first()
    return DutyCard(**row) if row else None


def duties(duty_ids: Sequence[UUID]) -> list[DutyCard]:
    """These duties, open or closed. One statement."""
    return [DutyCard(**row) for row in Duty.objects.filter(pk__in=list(duty_ids)).values(*FIELDS)]


def orders_without(order_ids: Sequence[int]) -> list[int]:
    """Which of these orders have no open duty; for the audit (every open order has its next step). One statement."""
    having = set(Duty.objects.filter(OPEN, order_id__in=list(order_ids)).values_list("order_id", flat=True))
    return [order_id for order_id in order_ids if order_id not in having]


def those(duty_ids: Sequence[UUID]) -> list[DutyCard]:
    """These duties. One statement."""
    return [DutyCard(**row) for row in Duty.objects.filter(pk__in=list(duty_ids)).values(*FIELDS)]


def open_about(subject_kind: str, subject_ids: Sequence[str], *, order_ids: Sequence[int | None]) -> list[DutyCard]:
    """The open duties about these subjects, each named with its order or None. At most two statements, each on an index."""
    wanted = set(subject_ids)
    with_order = [one for one in order_ids if one is not None]
    rows = Duty.objects.filter(OPEN, subject_kind=subject_kind, subject_id__in=list(wanted))
    found = [*rows.filter(order_id__in=with_order).values(*FIELDS)] if with_order else []
    if len(with_order) < len(order_ids):
        found += rows.filter(order_id=None).values(*FIELDS)
    return [DutyCard(**row) for row in found]
