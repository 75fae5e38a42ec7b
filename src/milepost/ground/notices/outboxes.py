"""How the outbox stands on each channel, how senders do, and what SMS cost: for those who watch over it (OPS-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Q

from milepost.ground.notices.models import Notice, SenderHealth
from milepost.ground.notices.routes import rests_until
from milepost.ground.notices.words import Health, SenderState, State, Tally
from milepost.ground.procedures.words import SendingPolicy
from milepost.kernel.facts import sentence

PAGE = 50
LISTED = ("due", "later", "sending", "unknown", "failed")
"""The standings by which notices are listed: *due* now or *later*, both of them planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """What waits on one channel, and for how long; `oldest_due_at` is the first that should have left."""

    channel: str
    due: int
    later: int
    sending: int
    unknown: int
    failed: int
    oldest_due_at: datetime | None


def outboxes(now: datetime) -> list[Outbox]:
    """The channels on which anything waits or is in trouble, by name. One statement on two partial indexes."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTBOXES, [now, now, now])
        return [
            Outbox(channel=channel, due=due, later=later, sending=sending, unknown=unknown, failed=failed, oldest_due_at=oldest)
            for channel, due, later, sending, unknown, failed, oldest in cursor.fetchall()
        ]  # fmt: skip


_OUTBOXES = """
SELECT channel, count(*) FILTER (WHERE state = 'planned' AND due_at <= %s),
    count(*) FILTER (WHERE state = 'planned' AND due_at > %s),
    count(*) FILTER (WHERE state = 'sending'), count(*) FILTER (WHERE state = 'unknown'),
    count(*) FILTER (WHERE state = 'failed'), min(due_at) FILTER (WHERE state = 'planned' AND due_at <= %s)
FROM notices_notice WHERE state IN ('planned', 'sending') OR state IN ('failed', 'unknown') GROUP BY channel ORDER BY channel
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message behind one of the counts. `at`: when it is due or, for what is in trouble, when it was planned."""

    id: UUID
    order_id: int | None
    template: str
    channel: str
    audience: str
    reason: str
    sentence: str
    at: datetime


def behind(
    standing: str, *, channel: str, now: datetime, limit: int = PAGE, after: tuple[datetime, UUID] | None = None
) -> list[Waiting]:
    """The messages of a channel that stand so (`LISTED`): at work the first due first, in trouble the newest first, keyset-paged by
    `at` and id. One statement on a partial index."""
    troubled = standing in ("unknown", "failed")
    field, sign = ("planned_at", "lt") if troubled else ("due_at", "gt")
    rows = Notice.objects.filter(channel=channel, state=standing if standing not in _PLANNED else State.PLANNED)
    if standing in _PLANNED:
        rows = rows.filter(**{_PLANNED[standing]: now})
    if after:
        rows = rows.filter(Q(**{f"{field}__{sign}": after[0]}) | Q(**{field: after[0], f"id__{sign}": after[1]}))
    back = "-" if troubled else ""
    return [_waiting(row, getattr(row, field)) for row in rows.order_by(f"{back}{field}", f"{back}id")[:limit]]


_PLANNED = {"due": "due_at__lte", "later": "due_at__gt"}


def _waiting(row: Notice, at: datetime) -> Waiting:
    return Waiting(
        id=row.id, order_id=row.order_id, template=row.template, channel=row.channel, audience=row.audience, reason=row.reason,
        sentence=sentence(row.because, row.data), at=at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderCard:
    """How one sender does: the attempts of the last minutes that went well and wrong, and until when it rests."""

    name: str
    health: str
    since: datetime
    good: int
    bad: int
    rests_until: datetime | None


def sender_cards(now: datetime, *, policy: SendingPolicy) -> list[SenderCard]:
    """Every sender that was ever watched, by name; a single sender of its channel is not. One statement."""
    return [_sender_card(row, policy, now) for row in SenderHealth.objects.order_by("name")]


def _sender_card(row: SenderHealth, policy: SendingPolicy, now: datetime) -> SenderCard:
    recent = [Tally(*one) for one in row.tallies if one[0] > now.timestamp() // 60 - policy.window_minutes]
    state = SenderState(name=row.name, health=Health(row.health), since=row.since, rests=row.rests)
    until = rests_until(state, policy=policy)
    over = until is not None and until <= now
    return SenderCard(
        name=row.name, health=Health.TRYING.value if over else row.health, since=row.since, good=sum(one.good for one in recent),
        bad=sum(one.bad for one in recent), rests_until=None if over else until,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the SMS of one sender cost in one currency; `unpriced` are messages of which no price is known."""

    sender: str
    currency: str
    messages: int
    segments: int
    cost: Decimal
    unpriced: int


def sms_costs(*, since: datetime) -> Sequence[Cost]:
    """What SMS that were handed over since then cost, by sender and currency. One statement on its partial index."""
    with connection.cursor() as cursor:
        cursor.execute(_COSTS, [since])
        return [
            Cost(sender=sender, currency=currency, messages=messages, segments=segments, cost=cost, unpriced=unpriced)
            for sender, currency, messages, segments, cost, unpriced in cursor.fetchall()
        ]


_COSTS = """
SELECT sender, currency, count(*), sum(segments), coalesce(sum(cost), 0), count(*) FILTER (WHERE cost IS NULL)
FROM notices_attempt WHERE segments IS NOT NULL AND began_at >= %s AND handed_at IS NOT NULL
GROUP BY sender, currency ORDER BY sender, currency
"""
