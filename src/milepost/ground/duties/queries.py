"""Read duties: a role's desk, an order's duties, and how much lies on each desk."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Count, Min, Q

from milepost.ground.duties.models import OPEN, Duty
from milepost.ground.duties.words import DutyCard, Load

FIELDS = (
    "id", "order_id", "subject_kind", "subject_id", "kind", "role", "assignee", "says", "opened_at", "due_at", "level",
    "warned", "snoozed_until", "snoozed_because", "closed_at", "closed_by", "outcome", "data",
)  # fmt: skip


def open_duties(
    roles: Sequence[str], *, limit: int = 50, after: tuple[datetime, UUID] | None = None, assignee: int | None = None
) -> list[DutyCard]:
    """The open duties of these roles, first due first; `after` is (due_at, id) of the last one seen.

    One statement, which reads no more than `limit` rows of each role from their index, however many there are.
    """
    since, last = after or (BEGINNING, UUID(int=0))
    rows = Duty.objects.raw(DESK, [list(roles), assignee, assignee, since, last, limit, limit])
    return [DutyCard(**{name: getattr(row, name) for name in FIELDS}) for row in rows]


BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
DESK = """
SELECT d.* FROM unnest(%b::text[]) AS wanted(role) CROSS JOIN LATERAL (
    SELECT * FROM duties_duty WHERE closed_at IS NULL AND role = wanted.role AND (%s::bigint IS NULL OR assignee = %s::bigint)
        AND (due_at, id) > (%s::timestamptz, %s::uuid) ORDER BY due_at, id LIMIT %s
) d ORDER BY d.due_at, d.id LIMIT %s
"""


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


def count_by_role(now: datetime, *, end_of_today: datetime | None = None) -> dict[str, Load]:
    """How much lies on each role's desk, and how old it is. One statement."""
    today = end_of_today or now
    waiting = Q(snoozed_until__gt=now)
    rows = Duty.objects.filter(OPEN).values("role").annotate(
        open=Count("id"),
        late=Count("id", filter=Q(due_at__lt=now) & ~waiting),
        today=Count("id", filter=Q(due_at__gte=now, due_at__lt=today) & ~waiting),
        waiting=Count("id", filter=waiting),
        oldest=Min("due_at"),
    )  # fmt: skip
    return {row["role"]: Load(row["open"], row["late"], row["today"], row["waiting"], row["oldest"]) for row in rows}


def orders_without(order_ids: Sequence[int]) -> list[int]:
    """Which of these orders have no open duty; for the audit (every open order has its next step). One statement."""
    having = set(Duty.objects.filter(OPEN, order_id__in=list(order_ids)).values_list("order_id", flat=True))
    return [order_id for order_id in order_ids if order_id not in having]
