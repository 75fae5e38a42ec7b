"""Reads of care; each says how many statements it takes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from milepost.way.care.models import Conversation, Interaction
from milepost.way.care.models import Presence as PresenceRow
from milepost.way.care.words import (
    ConversationCard,
    Direction,
    InteractionCard,
    Presence,
    ReplyTimes,
    State,
)

PAGE = 50
LONGEST_THREAD = 500
_CARD = (
    "id", "order_id", "customer_id", "address", "name", "subject", "language", "topic", "channel", "state", "assignee",
    "opened_at", "last_at", "asked_at", "due_at", "answered_at", "closed_at", "message_id",
)  # fmt: skip
_SAID = (
    "id", "conversation_id", "order_id", "channel", "direction", "actor", "name", "words", "outcome", "at", "due_at",
    "answered_at", "read_at", "arrival_id", "on_portal",
)  # fmt: skip


def conversations(ids: Collection[UUID]) -> dict[UUID, ConversationCard]:
    """These conversations. One statement."""
    rows = Conversation.objects.filter(id__in=list(ids)).values(*_CARD)
    return {row["id"]: ConversationCard(**row) for row in rows}


def conversation(conversation_id: UUID) -> ConversationCard | None:
    """One conversation, or None. One statement."""
    return conversations([conversation_id]).get(conversation_id)


def thread(conversation_id: UUID) -> list[InteractionCard]:
    """All that was said in a conversation, first to last; of a very long one the last 500. One statement on its index."""
    rows = Interaction.objects.filter(conversation_id=conversation_id).order_by("-at", "-id")
    return [InteractionCard(**row) for row in rows.values(*_SAID)[:LONGEST_THREAD]][::-1]


def interactions(ids: Collection[UUID]) -> dict[UUID, InteractionCard]:
    """These interactions. One statement."""
    rows = Interaction.objects.filter(id__in=list(ids)).values(*_SAID)
    return {row["id"]: InteractionCard(**row) for row in rows}


def of_order(order_id: int, *, limit: int = 100) -> list[InteractionCard]:
    """All contacts about an order on every channel, the newest first (INQ-3). One statement on its index."""
    rows = Interaction.objects.filter(order_id=order_id).order_by("-at", "-id").values(*_SAID)[:limit]
    return [InteractionCard(**row) for row in rows]


def on_page(order_id: int, *, limit: int = 200) -> list[InteractionCard]:
    """What was said on the order's own page, first to last: all that whoever has its link may read. One statement."""
    rows = Interaction.objects.filter(order_id=order_id, on_portal=True).order_by("-at", "-id")
    return [InteractionCard(**row) for row in rows.values(*_SAID)[:limit]][::-1]


def of_customer(customer_id: int, *, limit: int = 50) -> list[ConversationCard]:
    """The conversations with a customer, about orders or none, the newest first (INQ-3). One statement."""
    rows = Conversation.objects.filter(customer_id=customer_id).order_by("-last_at", "-id").values(*_CARD)[:limit]
    return [ConversationCard(**row) for row in rows]


def going_of(order_ids: Collection[int]) -> dict[int, list[ConversationCard]]:
    """Of each order the conversations that are not closed, those that wait for us first. One statement."""
    found: dict[int, list[ConversationCard]] = {}
    rows = (
        Conversation.objects.filter(order_id__in=list(order_ids)).exclude(state=State.CLOSED).order_by("due_at", "id")
    )
    for row in rows.values(*_CARD):
        found.setdefault(row["order_id"], []).append(ConversationCard(**row))
    return found


def open_of(order_ids: Collection[int]) -> list[ConversationCard]:
    """The conversations about these orders in which somebody waits for our answer. One statement."""
    rows = Conversation.objects.filter(order_id__in=list(order_ids), state=State.OPEN).values(*_CARD)
    return [ConversationCard(**row) for row in rows]


def going_with(*, customer_ids: Collection[int], addresses: Collection[str]) -> list[ConversationCard]:
    """The conversations that are not closed with these customers and addresses, the newest first. Two statements."""
    going = Conversation.objects.exclude(state=State.CLOSED)
    rows = [
        *going.filter(customer_id__in=list(customer_ids)).values(*_CARD),
        *going.filter(address__in=[one for one in addresses if one]).values(*_CARD),
    ]
    return sorted((ConversationCard(**row) for row in rows), key=lambda card: card.last_at, reverse=True)


def behind(ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The conversation of each of these interactions, or conversations themselves, as replies name them. Two statements."""
    known = dict(Interaction.objects.filter(id__in=list(ids)).values_list("id", "conversation_id"))
    return known | {key: key for key in Conversation.objects.filter(id__in=list(ids)).values_list("id", flat=True)}


def page(
    *,
    state: str = State.OPEN,
    assignee: int | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = PAGE,
) -> list[ConversationCard]:
    """A page of conversations in a state: those that wait for us by when they are due, others the newest first.

    `after` is (due_at, id) or (last_at, id) of the last one seen. With the beginning of what was said last. Two statements.
    """
    rows = Conversation.objects.filter(state=state)
    if assignee is not None:
        rows = rows.filter(assignee=assignee)
    if state == State.OPEN:
        if after:
            rows = rows.filter(due_at__gte=after[0]).exclude(due_at=after[0], id__lte=after[1])
        rows = rows.order_by("due_at", "id")
    else:
        if after:
            rows = rows.filter(last_at__lte=after[0]).exclude(last_at=after[0], id__gte=after[1])
        rows = rows.order_by("-last_at", "-id")
    return _with_last_words([ConversationCard(**row) for row in rows.values(*_CARD)[:limit]])


def _with_last_words(cards: Sequence[ConversationCard]) -> list[ConversationCard]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST_WORDS, [[card.id for card in cards]])
        last: Mapping[UUID, str] = dict(cursor.fetchall())
    return [replace(card, last_words=last.get(card.id, "")) for card in cards]


_LAST_WORDS = """
SELECT c.id, i.words FROM unnest(%s::uuid[]) AS c(id) CROSS JOIN LATERAL (
    SELECT left(words, 200) AS words FROM care_interaction WHERE conversation_id = c.id AND direction <> 'note'
    ORDER BY at DESC, id DESC LIMIT 1
) i
"""


def counts(*, assignee: int | None = None) -> dict[str, int]:
    """How many conversations are open and wait for their customers; closed ones are not counted. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [assignee, assignee])
        return dict(cursor.fetchall())


_COUNTS = """
SELECT state, count(*) FROM care_conversation WHERE state IN ('open', 'waiting')
    AND (%s::bigint IS NULL OR assignee = %s::bigint) GROUP BY state
"""


def earlier_unread(interaction: InteractionCard) -> list[InteractionCard]:
    """What we said on the order's page before this and since they wrote last, and what they have not read. One statement."""
    rows = Interaction.objects.filter(
        conversation_id=interaction.conversation_id, direction=Direction.OUT, on_portal=True, read_at=None,
        at__lte=interaction.at,
    ).exclude(id=interaction.id)  # fmt: skip
    return [InteractionCard(**row) for row in rows.order_by("at", "id").values(*_SAID)[:20]]


def answers_since(conversation_ids: Collection[UUID]) -> dict[UUID, list[InteractionCard]]:
    """Of each conversation what we said that was not read on the page, first to last. One statement."""
    found: dict[UUID, list[InteractionCard]] = {}
    rows = Interaction.objects.filter(
        conversation_id__in=list(conversation_ids), direction=Direction.OUT, on_portal=True, read_at=None
    )
    for row in rows.order_by("at", "id").values(*_SAID):
        found.setdefault(row["conversation_id"], []).append(InteractionCard(**row))
    return found


def asked_last(conversation_ids: Collection[UUID]) -> dict[UUID, InteractionCard]:
    """Of each conversation what they wrote last. One statement."""
    rows = Interaction.objects.filter(conversation_id__in=list(conversation_ids), direction=Direction.IN)
    rows = rows.order_by("conversation_id", "-at", "-id").distinct("conversation_id")
    return {row["conversation_id"]: InteractionCard(**row) for row in rows.values(*_SAID)}


def asked_lately(order_id: int, *, since: datetime) -> int:
    """How many messages came from the order's page since then. One statement."""
    rows = Interaction.objects.filter(order_id=order_id, direction=Direction.IN, on_portal=True, at__gte=since)
    return rows.count()


def presence(keys: Collection[str]) -> dict[str, Presence]:
    """Who was last seen when. One statement."""
    rows = PresenceRow.objects.filter(key__in=list(keys)).values_list("key", "seen_at", "typing_at")
    return {key: Presence(seen_at=seen_at, typing_at=typing_at) for key, seen_at, typing_at in rows}


def reply_times(*, since: datetime, until: datetime) -> list[ReplyTimes]:
    """How inquiries that came in this time were answered, by channel and priority (INQ-2). One statement on its index."""
    with connection.cursor() as cursor:
        cursor.execute(_REPLY_TIMES, [since, until])
        return [
            ReplyTimes(
                channel=row[0], urgent=row[1], asked=row[2], answered=row[3], in_time=row[4], median_hours=row[5]
            )
            for row in cursor.fetchall()
        ]


_REPLY_TIMES = """
SELECT channel, urgent, count(*), count(answered_at), count(*) FILTER (WHERE answered_at <= due_at),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - at) / 3600.0)
FROM care_interaction WHERE due_at IS NOT NULL AND at >= %s AND at < %s GROUP BY channel, urgent ORDER BY channel, urgent
"""


def of_order_key(order_id: int) -> str:
    """Under which name an order's customer is seen."""
    return f"order:{order_id}"


def of_staff_key(conversation_id: UUID) -> str:
    """Under which name one of us is seen with a conversation."""
    return f"conversation:{conversation_id}"
