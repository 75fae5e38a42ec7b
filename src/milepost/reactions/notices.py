"""Who hears of what happened: applies the communication matrix to facts, within their transaction (NTF-1).

Planning stands on the path of every order, so it writes no text and asks little: the book once, the contacts once.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from django.db import connection, transaction

from milepost.ground.duties.facts import DutyEscalated
from milepost.ground.journal.commands import Handler
from milepost.ground.notices import commands as notices
from milepost.ground.notices.words import Channel, Reason, WantedNotice
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import CUSTOMER, RESPONSIBLE, MatrixRow
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact
from milepost.way.cases.facts import DelayFound, ExceptionFound, OfferAnswered, OfferClosed, OfferLapsed, OfferMade
from milepost.way.fulfilment.facts import OrderReleased, ShipmentPacked, ShipmentShipped
from milepost.way.intake import queries as intake
from milepost.way.intake.facts import OrderReceived, QuestionsAsked, QuestionsChased
from milepost.way.orders import queries as orders
from milepost.way.orders.facts import (
    OrderAmended,
    OrderCancelled,
    OrderClosed,
    OrderCompleted,
    OrderConfirmed,
    OrderDelivered,
    OrderHeld,
    OrderInTransit,
    OrderOutForDelivery,
    OrderPacked,
    OrderProcessing,
    OrderShipped,
    ReleaseProposed,
)
from milepost.way.promising.facts import PromiseRevised
from milepost.way.stock.facts import BackordersFilled, LinesBackordered

TOLD: tuple[type[Fact], ...] = (
    OrderReceived, OrderHeld, OrderConfirmed, LinesBackordered, BackordersFilled, OrderReleased, OrderProcessing, OrderPacked,
    ShipmentPacked, OrderShipped, ShipmentShipped, OrderInTransit, OrderOutForDelivery, DelayFound, ExceptionFound,
    PromiseRevised, OrderDelivered, OrderCompleted, OrderClosed, OrderCancelled, DutyEscalated, OrderAmended, QuestionsAsked,
    QuestionsChased, ReleaseProposed,
    OfferMade, OfferAnswered, OfferLapsed, OfferClosed,
)  # fmt: skip
"""The facts that a communication matrix may name; which it does name is for the procedures to say."""

SERVED: frozenset[str] = frozenset({Channel.EMAIL, Channel.IN_APP, Channel.PORTAL})
"""The channels that lead somewhere yet."""

TELLING_APART = (
    "shipment_id", "hold_id", "case_id", "new_latest_on", "cause", "promise_id", "duty_id", "level", "amendment_id", "round",
    "offer_id", "backorder_id",
)  # fmt: skip
"""What makes a second occurrence of a fact another one: a second delay is told, the same one twice is not."""


INTERNAL = frozenset({"payment_reference"})
"""Fields of an order of which its customer hears nothing when nothing else is amended."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is concerned, as far as planning needs to know. The address itself is read when the message is written."""

    customer_id: int
    filed_at: datetime
    language: str
    history: bool
    has_email: bool


def tell(facts: list[Fact], act: Act) -> None:
    """Plan the notices that the matrix asks for, each or the reason why not."""
    rows = procedures.book().rows_for(type(facts[0]).__name__)
    if not rows:
        return
    facts = [fact for fact in facts if not _is_ours_alone(fact)]
    if not facts:
        return
    people = _people(facts)
    notices.plan([notice for fact in facts for notice in _wanted(fact, rows, people, act)], act=act)


def _is_ours_alone(fact: Fact) -> bool:
    """Whether it changed nothing that the customer was told of, so that there is nothing to tell."""
    return isinstance(fact, OrderAmended) and set(fact.fields) <= INTERNAL


def _wanted(fact: Fact, rows: Sequence[MatrixRow], people: dict[int, Person], act: Act) -> Iterator[WantedNotice]:
    order_id: int | None = getattr(fact, "order_id", None)
    person = people.get(order_id) if order_id is not None else None
    data = fact.data().decode()
    for row in rows:
        if row.audience == CUSTOMER and person is None:
            continue
        channel, reason = _way(row, person, act)
        yield WantedNotice(
            filed_at=person.filed_at if person else act.recorded_at, order_id=order_id, template=row.template,
            milestone=_milestone(row.milestone, fact), audience=row.audience, recipient_key=_recipient(row, person, fact),
            channel=channel, because=type(fact).__name__, data=data, language=person.language if person else "en", rank=row.rank,
            lasting=row.rank == 0, reason=reason,
            not_before=act.recorded_at + timedelta(minutes=row.wait_minutes) if row.wait_minutes else None,
        )  # fmt: skip


def _way(row: MatrixRow, person: Person | None, act: Act) -> tuple[str, Reason]:
    """The first channel of the row that leads to the recipient, or why none is taken."""
    if act.history or (person is not None and person.history):
        return row.channels[0], Reason.HISTORY
    for channel in map(str, row.channels):
        if channel in SERVED and (channel != Channel.EMAIL or (person is not None and person.has_email)):
            return channel, Reason.NONE
    return row.channels[0], Reason.NO_ADDRESS


def _recipient(row: MatrixRow, person: Person | None, fact: Fact) -> str:
    if row.audience == CUSTOMER:
        return f"customer:{person.customer_id}" if person else ""
    role = getattr(fact, "role", row.role_responsible) if row.audience == RESPONSIBLE else row.audience
    return f"role:{role}"


def _milestone(name: str, fact: Fact) -> str:
    values = [str(getattr(fact, field)) for field in _telling_apart(cast(Hashable, type(fact)))]
    return ":".join([name, *values])


@lru_cache(maxsize=256)
def _telling_apart(kind: Any) -> tuple[str, ...]:
    known = {field.name for field in fields(kind)}
    return tuple(name for name in TELLING_APART if name in known)


@dataclass(frozen=True, slots=True)
class _Met:
    """Whom this transaction has asked about; it waits among the transaction's own hooks, so it ends with the transaction."""

    people: dict[int, Person]

    def __call__(self) -> None:
        """Nothing is left to do at the commit."""


def _people(facts: Sequence[Fact]) -> dict[int, Person]:
    """Who is concerned, by order. At most one statement, and none for whom this transaction has met already."""
    known = next((hook.people for _, hook, *_ in connection.run_on_commit if isinstance(hook, _Met)), None)
    if known is None:
        known = {}
        if connection.in_atomic_block:
            transaction.on_commit(_Met(known))
    missing = [one for fact in facts if (one := getattr(fact, "order_id", None)) is not None and one not in known]
    if missing:
        known.update(_just_received(missing) if isinstance(facts[0], OrderReceived) else _on_record(missing))
    return known


def _just_received(order_ids: Sequence[int]) -> dict[int, Person]:
    """From the request itself: its order is not yet written."""
    return {
        one.order_id: Person(
            one.draft.customer_id, one.received_at, one.draft.customer.language or "en", one.history,
            bool(one.draft.customer.email),
        )
        for one in intake.verified(order_ids)
    }  # fmt: skip


def _on_record(order_ids: Sequence[int]) -> dict[int, Person]:
    return {
        one.order_id: Person(one.customer_id, one.received_at, one.language, one.history, bool(one.email))
        for one in orders.contacts(order_ids).values()
    }


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = dict.fromkeys(TOLD, (tell,))
