"""Read notices: what an order's people were told and why, what is in trouble, and the built-in mailbox."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from milepost.ground.notices.models import Attempt, MailboxMessage, Notice, NoticeReceipt
from milepost.ground.notices.rules import Place
from milepost.ground.notices.words import (
    SHOWN,
    AttemptCard,
    Backlog,
    DueNotice,
    LetterCard,
    MailboxCard,
    NoticeCard,
    Reason,
    ReceiptCard,
    State,
)
from milepost.kernel.facts import sentence

PAGE = 50


def notices_of(order_id: int) -> list[NoticeCard]:
    """All notices of an order with their traces, attempts and receipts, oldest first. Three statements."""
    return _cards(Notice.objects.filter(order_id=order_id).order_by("planned_at", "id"))


def about(order_ids: Collection[int], *, limit: int = PAGE) -> list[NoticeCard]:
    """The latest notices about these orders, newest first, without attempts and receipts. One statement on its index."""
    rows = Notice.objects.filter(order_id__in=list(order_ids)).order_by("-planned_at", "-id")[:limit]
    return [_card(row, ()) for row in rows]


def notice(notice_id: UUID) -> NoticeCard | None:
    """One notice with its trace, attempts and receipts. Three statements."""
    return next(iter(_cards(Notice.objects.filter(id=notice_id))), None)


def these(notice_ids: Sequence[UUID]) -> list[NoticeCard]:
    """These messages in this order. Three statements."""
    found = {card.id: card for card in _cards(Notice.objects.filter(id__in=list(notice_ids)))}
    return [found[one] for one in notice_ids if one in found]


def orders_behind(notice_ids: Collection[UUID]) -> dict[UUID, int]:
    """The order that each of these messages was about, where it was about one. One statement."""
    rows = Notice.objects.filter(id__in=list(notice_ids), order_id__isnull=False).values_list("id", "order_id")
    return {key: order_id for key, order_id in rows if order_id is not None}


def letter(notice_id: UUID) -> LetterCard | None:
    """The words of a notice as they left at its last attempt, or None where none were written. One statement."""
    attempt = Attempt.objects.filter(notice_id=notice_id).exclude(subject="").order_by("-number").first()
    if attempt is None:
        return None
    return LetterCard(
        notice_id=attempt.notice_id, order_id=None, address=attempt.address, subject=attempt.subject, text=attempt.text,
        html=attempt.html, began_at=attempt.began_at,
    )  # fmt: skip


def told_with(notice_ids: Collection[UUID]) -> dict[UUID, list[DueNotice]]:
    """What each of these messages tells besides its own: the notices that joined it, oldest first. One statement."""
    found: dict[UUID, list[DueNotice]] = defaultdict(list)
    rows = Notice.objects.filter(told_with__in=list(notice_ids)).order_by("planned_at", "id")
    for telling, *values in rows.values_list("told_with", *_DUE):
        if telling is not None:
            found[telling].append(DueNotice(**dict(zip(_DUE, values, strict=True)), number=0))
    return found


_DUE = (
    "id", "filed_at", "order_id", "template", "milestone", "audience", "recipient_key", "channel", "language", "rank", "lasting",
    "because", "data", "planned_at",
)  # fmt: skip


def places_of(orders: Mapping[int, datetime]) -> dict[tuple[int | None, str, str], list[Place]]:
    """Where the notices of orders (with the instants under which they are filed) stand, by order, recipient and channel. One
    statement."""
    found: dict[tuple[int | None, str, str], list[Place]] = defaultdict(list)
    rows = Notice.objects.filter(order_id__in=list(orders), filed_at__in=set(orders.values()))
    for order_id, recipient_key, channel, *place in rows.values_list("order_id", "recipient_key", "channel", *_PLACE):
        found[order_id, recipient_key, channel].append(Place(**dict(zip(_PLACE, place, strict=True))))
    return found


_PLACE = ("template", "milestone", "rank", "planned_at", "state", "lasting")


def on_people(recipient_keys: Collection[str], *, since: datetime) -> dict[str, list[tuple[UUID, str, datetime, bool]]]:
    """What each of these people was sent since then, on any channel that comes to them, or is being sent: id, template, when it
    was planned, and whether it has left. Of orders of the last half year. One statement on its index."""
    found: dict[str, list[tuple[UUID, str, datetime, bool]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_ON_PEOPLE, [sorted(recipient_keys), since, since - HALF_A_YEAR])
        for recipient_key, *one in cursor.fetchall():
            found[recipient_key].append((one[0], one[1], one[2], one[3]))
    return found


HALF_A_YEAR = timedelta(days=183)


def in_app(roles: Sequence[str], *, limit: int = PAGE, before: tuple[datetime, UUID] | None = None) -> list[NoticeCard]:
    """What was told to these roles on the desk, newest first (NTF-5). Two statements."""
    return in_app_for([f"role:{role}" for role in roles], limit=limit, before=before)


def in_app_for(
    keys: Sequence[str], *, limit: int = PAGE, before: tuple[datetime, UUID] | None = None
) -> list[NoticeCard]:
    """What was told on the desk to these roles and people ("role:management", "staff:7"), newest first.

    Two statements, the first of which reads no more than `limit` rows of each key from their index. The channel stands in it as it
    is, or a plan that is made once could not use that index, which holds nothing else.
    """
    at, last = before or (LATEST, UUID(int=2**128 - 1))
    with connection.cursor() as cursor:
        cursor.execute(_IN_APP, [list(keys), at, last, limit, limit])
        told = cursor.fetchall()
    ids, months = {row[0] for row in told}, {row[1] for row in told}
    rows = Notice.objects.filter(id__in=ids, filed_at__in=months).order_by("-planned_at", "-id") if told else ()
    return [_card(row, ()) for row in rows]


LATEST = datetime(9000, 1, 1, tzinfo=UTC)
_IN_APP = """
SELECT n.id, n.filed_at FROM unnest(%b::text[]) AS k(key) CROSS JOIN LATERAL (
    SELECT id, filed_at, planned_at FROM notices_notice WHERE channel = 'in_app' AND recipient_key = k.key AND state = 'sent'
        AND (planned_at, id) < (%s::timestamptz, %s::uuid) ORDER BY planned_at DESC, id DESC LIMIT %s
) n ORDER BY n.planned_at DESC, n.id DESC LIMIT %s
"""


def troubled(*, limit: int = PAGE, before: tuple[datetime, UUID] | None = None) -> list[NoticeCard]:
    """Failed and unknown notices, newest first (OPS-1). One statement."""
    rows = Notice.objects.filter(state__in=[State.FAILED, State.UNKNOWN])
    return [_card(row, ()) for row in _page(rows, limit, before)]


def backlog(now: datetime) -> Backlog:
    """How much waits, and for how long. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BACKLOG, [now, now])
        due, sending, unknown, failed, oldest = cursor.fetchone()
    return Backlog(due=due, sending=sending, unknown=unknown, failed=failed, oldest_due_at=oldest)


def told(order_ids: Sequence[int]) -> dict[int, set[tuple[str, str, str]]]:
    """For each order the (because, template, audience) of every notice, whatever became of it (NTF-4). One statement."""
    found: dict[int, set[tuple[str, str, str]]] = {order_id: set() for order_id in order_ids}
    rows = Notice.objects.filter(order_id__in=order_ids)
    for order_id, because, template, audience in rows.values_list("order_id", "because", "template", "audience"):
        if order_id is not None:
            found[order_id].add((because, template, audience))
    return found


def mailbox(
    *, limit: int = PAGE, before: tuple[datetime, str] | None = None, order_id: int | None = None
) -> list[MailboxCard]:
    """Messages in the built-in mailbox, newest first, keyset-paged by (kept_at, reference). One statement."""
    rows = MailboxMessage.objects.all() if order_id is None else MailboxMessage.objects.filter(order_id=order_id)
    if before:
        rows = rows.filter(Q(kept_at__lt=before[0]) | Q(kept_at=before[0], reference__lt=before[1]))
    return [_mailbox_card(row) for row in rows.order_by("-kept_at", "-reference")[:limit]]


def mailbox_message(reference: str) -> MailboxCard | None:
    """One message in the built-in mailbox. One statement."""
    row = MailboxMessage.objects.filter(reference=reference).first()
    return _mailbox_card(row) if row else None


def kept_in_mailbox(references: Sequence[str]) -> set[str]:
    """Which of these messages are in the built-in mailbox. One statement."""
    return set(MailboxMessage.objects.filter(reference__in=references).values_list("reference", flat=True))


def _page(rows: Any, limit: int, before: tuple[datetime, UUID] | None) -> Iterable[Notice]:
    if before:
        rows = rows.filter(Q(planned_at__lt=before[0]) | Q(planned_at=before[0], id__lt=before[1]))
    found: Iterable[Notice] = rows.order_by("-planned_at", "-id")[:limit]
    return found


def _cards(rows: Iterable[Notice]) -> list[NoticeCard]:
    notices = list(rows)
    attempts: dict[UUID, list[AttemptCard]] = {}
    tries = Attempt.objects.filter(notice_id__in=[n.id for n in notices], filed_at__in={n.filed_at for n in notices})
    for attempt in tries.defer("subject", "text", "html").order_by("number"):
        attempts.setdefault(attempt.notice_id, []).append(_attempt_card(attempt))
    receipts = _receipts(list(attempts))
    return [_card(row, tuple(attempts.get(row.id, ())), tuple(receipts.get(row.id, ()))) for row in notices]


def _receipts(notice_ids: Sequence[UUID]) -> dict[UUID, list[ReceiptCard]]:
    """What vendors said of messages that were tried; nobody asks where none was."""
    found: dict[UUID, list[ReceiptCard]] = {}
    if notice_ids:
        for row in NoticeReceipt.objects.filter(notice_id__in=notice_ids).order_by("happened_at", "id"):
            found.setdefault(row.notice_id, []).append(
                ReceiptCard(
                    kind=row.kind, sender=row.sender, code=row.code, happened_at=row.happened_at,
                    received_at=row.received_at,
                )
            )  # fmt: skip
    return found


def _attempt_card(attempt: Attempt) -> AttemptCard:
    return AttemptCard(
        number=attempt.number, sender=attempt.sender, address=attempt.address, began_at=attempt.began_at,
        handed_at=attempt.handed_at, ended_at=attempt.ended_at, result=attempt.result or "", detail=attempt.detail,
        foreign_id=attempt.foreign_id, segments=attempt.segments, cost=attempt.cost, currency=attempt.currency,
    )  # fmt: skip


def _card(row: Notice, attempts: tuple[AttemptCard, ...], receipts: tuple[ReceiptCard, ...] = ()) -> NoticeCard:
    return NoticeCard(
        id=row.id, order_id=row.order_id, template=row.template, milestone=row.milestone, audience=row.audience,
        recipient_key=row.recipient_key, channel=row.channel, state=row.state, reason=row.reason, planned_at=row.planned_at,
        due_at=row.due_at, sent_at=row.sent_at, sentence=sentence(row.because, row.data), trace=tuple(_trace(row)),
        attempts=attempts, told_with=row.told_with, receipts=receipts,
    )  # fmt: skip


def _trace(row: Notice) -> Iterable[str]:
    yield f"Planned because of {row.because}, as the communication matrix says, for {row.audience} by {row.channel}."
    said = [step["says"] for step in row.trace]
    if row.channel in SHOWN:
        yield SHOWN_THERE
    elif not row.reason and not any(one.startswith("By ") for one in said):
        yield f"By {row.channel.replace('_', ' ')}, the first way that the matrix names for it."
    if row.reason in _AT_PLANNING and not row.trace:
        yield _AT_PLANNING[row.reason]
    if row.told_with:
        yield TOLD_WITH.format(notice=row.told_with)
    yield from said
    if row.state == State.PLANNED and row.due_at:
        yield f"Waits until {row.due_at:%a %d %b %Y %H:%M} UTC."


SHOWN_THERE = "Shown where they look for themselves, so it is told by being planned."
TOLD_WITH = "It is in the message {notice}."
_AT_PLANNING: dict[str, str] = {
    Reason.JOINED: "Told together with other news, in one message.",
    Reason.HISTORY: "Not sent: it happened in the past, and nobody is told about history.",
    Reason.NO_ADDRESS: "Not sent: there is no address for this channel; somebody must reach the recipient another way.",
}


def _mailbox_card(row: MailboxMessage) -> MailboxCard:
    return MailboxCard(
        reference=row.reference, kept_at=row.kept_at, order_id=row.order_id, sender=row.sender, address=row.address,
        subject=row.subject, text=row.text, html=row.html, headers=row.headers,
    )  # fmt: skip


_ON_PEOPLE = """
SELECT recipient_key, id, template, planned_at, state = 'sent' FROM notices_notice
WHERE recipient_key = ANY(%b::text[]) AND channel IN ('email', 'sms', 'phone', 'web_push') AND state IN ('sending', 'sent')
    AND (sent_at >= %s OR sent_at IS NULL) AND filed_at >= %s
"""

_BACKLOG = """
SELECT count(*) FILTER (WHERE state = 'planned' AND due_at <= %s), count(*) FILTER (WHERE state = 'sending'),
    count(*) FILTER (WHERE state = 'unknown'), count(*) FILTER (WHERE state = 'failed'),
    min(due_at) FILTER (WHERE state = 'planned' AND due_at <= %s)
FROM notices_notice WHERE state IN ('planned', 'sending') OR state IN ('failed', 'unknown')
"""
