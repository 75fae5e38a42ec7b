"""Reads of care find their rows by an index, however many conversations there are."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.way.care import commands as care
from milepost.way.care import queries
from milepost.way.care.models import Conversation, Interaction
from milepost.way.care.words import Channel, Inquiry, State
from tests.cast import MONDAY, SHOP, ordered, stocked

pytestmark = pytest.mark.django_db
MANY = 2000


@pytest.fixture
def talk() -> UUID:
    """One conversation among many."""
    stocked()
    (order_id,) = ordered()
    (kept,) = care.receive([Inquiry(channel=Channel.PORTAL, words="?", order_id=order_id)], act=SHOP)
    rows = [
        Conversation(
            id=UUID(int=number), address=f"a{number}@example.com", channel=Channel.EMAIL, opened_at=MONDAY,
            state=State.OPEN if number % 20 == 0 else State.ANSWERED, due_at=MONDAY if number % 20 == 0 else None,
            last_at=MONDAY + timedelta(minutes=number), customer_id=10_000 + number, order_id=10_000 + number,
        )
        for number in range(1, MANY)
    ]  # fmt: skip
    Conversation.objects.bulk_create(rows)
    Interaction.objects.bulk_create(
        Interaction(
            id=UUID(int=row.id.int * 10 + place), conversation=row, order_id=row.order_id, channel=row.channel, direction="in",
            actor="customer", words="?", at=row.last_at, recorded_at=row.last_at, on_portal=True,
        )
        for row in rows for place in range(3)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE care_conversation; ANALYZE care_interaction")
    return kept.conversation_id


AFTER = (MONDAY, UUID(int=100))
READS: dict[str, tuple[Callable[[UUID], Any], Iterable[str]]] = {
    "open, by due time": (lambda _: queries.page(after=AFTER, limit=20), ["care_conversation_due", "care_interaction_thread"]),
    "answered": (lambda _: queries.page(state=State.ANSWERED, after=AFTER, limit=20), ["care_conversation_by_state"]),
    "a thread": (queries.thread, ["care_interaction_thread"]),
    "of an order": (lambda _: queries.of_order(10_100), ["care_interaction_order"]),
    "on a page": (lambda _: queries.on_page(10_100), ["care_interaction_order"]),
    "of a customer": (lambda _: queries.of_customer(10_100), ["care_conversation_customer"]),
    "open of orders": (lambda _: queries.open_of([10_100]), ["care_conversation_order", "care_conversation_one_going"]),
    "lately": (lambda _: queries.asked_lately(10_100, since=MONDAY), ["care_interaction_order"]),
}  # fmt: skip


@pytest.mark.parametrize("name", READS)
def test_a_read_uses_its_index(talk: UUID, name: str) -> None:
    read, indexes = READS[name]
    with CaptureQueriesContext(connection) as asked:
        read(talk)
    plans = []
    with connection.cursor() as cursor:
        for one in asked.captured_queries:
            cursor.execute(f"EXPLAIN {one['sql']}".replace("%", "%%"))
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    plan = "\n".join(plans)
    assert "Seq Scan" not in plan, plan
    assert any(index in plan for index in indexes), plan
