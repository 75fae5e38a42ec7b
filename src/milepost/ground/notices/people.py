"""Read who is told and how: the addressee of a message, what is unread on a desk, calls to make, browsers that take pushes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from milepost.ground.notices import queries
from milepost.ground.notices.models import Attempt, Notice, Seen, SeenOne
from milepost.ground.notices.models import Browser as BrowserRow
from milepost.ground.notices.words import Addressee, Browser, CallCard, Channel, DueNotice, NoticeCard, State
from milepost.ground.procedures import queries as procedures
from milepost.kernel.refusals import Refused


def addressee(notice_id: UUID) -> Addressee | None:
    """Who got a message, at which address, and what it was for. Two statements."""
    row = Notice.objects.filter(id=notice_id).first()
    if row is None:
        return None
    tries = Attempt.objects.filter(notice_id=notice_id, filed_at=row.filed_at).exclude(address="").order_by("-number")
    kind, _, number = row.recipient_key.partition(":")
    return Addressee(
        notice_id=notice_id, order_id=row.order_id, customer_id=int(number) if kind == "customer" else None,
        channel=row.channel, category=_category(row.template, row.language), language=row.language,
        address=next(iter(tries.values_list("address", flat=True)[:1]), ""),
    )  # fmt: skip


def _category(template: str, language: str) -> str:
    """What consent must cover; a template that is gone was about an order, as most are."""
    try:
        return procedures.book().template(template, language).category
    except Refused:
        return "transactional"


MOST_UNREAD = 100


def unread(keys: Sequence[str], *, staff_id: int) -> int:
    """How much is told on somebody's desk that they have not seen, up to a hundred; `keys` are their roles and they themselves.
    One statement, which reads no more than that from the index of each key."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [list(keys), staff_id, staff_id, MOST_UNREAD, MOST_UNREAD])
        return int(cursor.fetchone()[0])


_NEW = """
SELECT n.id FROM unnest(%b::text[]) AS k(key) CROSS JOIN LATERAL (
    SELECT n.id FROM notices_notice n WHERE n.channel = 'in_app' AND n.recipient_key = k.key AND n.state = 'sent'
        AND n.planned_at > coalesce((SELECT until FROM notices_seen WHERE staff_id = %s), '-infinity')
        AND NOT EXISTS (SELECT FROM notices_seen_one o WHERE o.staff_id = %s AND o.notice_id = n.id)
    ORDER BY n.planned_at DESC, n.id DESC LIMIT %s
) n
"""
_UNREAD = f"SELECT count(*) FROM (SELECT DISTINCT id FROM ({_NEW}) AS fresh LIMIT %s) AS counted"  # noqa: S608 # our own pieces


def told_on_desk(
    keys: Sequence[str], *, staff_id: int, limit: int = 50, before: tuple[datetime, UUID] | None = None
) -> list[tuple[NoticeCard, bool]]:
    """What is told on somebody's desk, newest first, each with whether it is new to them. Three statements at most."""
    cards = queries.in_app_for(keys, limit=limit, before=before)
    if not cards:
        return []
    until = Seen.objects.filter(pk=staff_id).values_list("until", flat=True).first()
    seen = set(
        SeenOne.objects.filter(staff_id=staff_id, notice_id__in=[card.id for card in cards]).values_list(
            "notice_id", flat=True
        )
    )
    return [(card, not (card.id in seen or (until and card.planned_at <= until))) for card in cards]


def call(notice_id: UUID) -> CallCard | None:
    """One call, with the words that it was handed over with. Two statements."""
    row = Notice.objects.filter(id=notice_id, channel=Channel.PHONE).first()
    if row is None:
        return None
    attempt = Attempt.objects.filter(notice_id=row.id, number=row.attempts, filed_at=row.filed_at).first()
    return CallCard(
        notice_id=row.id, order_id=row.order_id, template=row.template, state=row.state, tries=row.failures,
        language=row.language, number=attempt.address if attempt else "", subject=attempt.subject if attempt else "",
        script=attempt.text if attempt else "",
    )  # fmt: skip


def open_calls(*, limit: int = 500) -> list[DueNotice]:
    """The calls that are to be made, oldest first, as a composer reads notices. One statement."""
    rows = Notice.objects.filter(channel=Channel.PHONE, state=State.CALLING).order_by("planned_at", "id")[:limit]
    return [due_notice(row) for row in rows]


def as_due(notice_id: UUID) -> DueNotice | None:
    """One notice as a composer reads it, whatever its state. One statement."""
    row = Notice.objects.filter(id=notice_id).first()
    return due_notice(row) if row else None


def due_notice(row: Notice) -> DueNotice:
    """A row as a composer reads it."""
    return DueNotice(
        id=row.id, filed_at=row.filed_at, order_id=row.order_id, template=row.template, milestone=row.milestone,
        audience=row.audience, recipient_key=row.recipient_key, channel=row.channel, language=row.language, rank=row.rank,
        lasting=row.lasting, because=row.because, data=row.data, planned_at=row.planned_at, number=row.attempts,
        failures=row.failures,
    )  # fmt: skip


def browsers(recipient_keys: Collection[str]) -> dict[str, list[Browser]]:
    """The browsers that take pushes for these people, newest first. One statement."""
    found: dict[str, list[Browser]] = {}
    for row in BrowserRow.objects.filter(recipient_key__in=sorted(set(recipient_keys))).order_by("-since", "id"):
        found.setdefault(row.recipient_key, []).append(
            Browser(
                endpoint=row.endpoint,
                p256dh=row.p256dh,
                auth=row.auth,
                recipient_key=row.recipient_key,
                order_id=row.order_id,
            )
        )
    return found


def in_portal(order_ids: Collection[int], recipient_keys: Collection[str], *, limit: int = 50) -> list[DueNotice]:
    """What these people find in the portal about these orders, newest first, as a composer reads it. One statement."""
    rows = Notice.objects.filter(
        order_id__in=sorted(set(order_ids)), recipient_key__in=sorted(set(recipient_keys)), channel=Channel.PORTAL,
        state=State.SENT,
    )  # fmt: skip
    return [due_notice(row) for row in rows.order_by("-planned_at", "-id")[:limit]]
