"""Who hears of what happened: applies the communication matrix to facts, within their transaction (NTF-1).

Planning stands on the path of every order, so it writes no text and asks little: the book once, the contacts once.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from milepost.ground.duties.facts import DutyEscalated, DutyHandedOver
from milepost.ground.journal.commands import Handler
from milepost.ground.notices import commands as notices
from milepost.ground.notices.hours import next_allowed, next_time
from milepost.ground.notices.words import SHOWN, Channel, Digest, DueNotice, Reason, WantedNotice
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import OUTSIDE, RESPONSIBLE, Book, MatrixRow, Telling
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact, canonical
from milepost.reactions.people import Hearer, Person, hearers, leads_to, zones_of
from milepost.way.care.facts import InquiryReceived
from milepost.way.cases.facts import (
    DelayFound,
    DelaySuspected,
    ExceptionFound,
    OfferAnswered,
    OfferClosed,
    OfferLapsed,
    OfferMade,
)
from milepost.way.fulfilment.facts import OrderReleased, ShipmentPacked, ShipmentShipped
from milepost.way.intake import queries as intake
from milepost.way.intake.facts import OrderReceived, QuestionsAsked, QuestionsChased
from milepost.way.intake.words import Address
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
from milepost.way.tracking.facts import ParcelMoved

TOLD: tuple[type[Fact], ...] = (
    OrderReceived, OrderHeld, OrderConfirmed, LinesBackordered, BackordersFilled, OrderReleased, OrderProcessing, OrderPacked,
    ShipmentPacked, OrderShipped, ShipmentShipped, OrderInTransit, OrderOutForDelivery, DelayFound, DelaySuspected, ExceptionFound,
    PromiseRevised, OrderDelivered, OrderCompleted, OrderClosed, OrderCancelled, DutyEscalated, OrderAmended, QuestionsAsked,
    QuestionsChased, ReleaseProposed, DutyHandedOver,
    OfferMade, OfferAnswered, OfferLapsed, OfferClosed, ParcelMoved, InquiryReceived,
)  # fmt: skip
"""The facts that a communication matrix may name; which it does name is for the procedures to say."""

NO_ADDRESS, NOT_SERVED = "leads nowhere, because no address is known", "is not served here"
SERVED: frozenset[str] = frozenset(
    {Channel.EMAIL, Channel.SMS, Channel.IN_APP, Channel.PORTAL, Channel.PHONE, Channel.WEB_PUSH, Channel.STAFF_ALERT}
)
"""The channels that lead somewhere yet, and why the next one is taken instead of one."""

TELLING_APART = (
    "shipment_id", "hold_id", "case_id", "new_latest_on", "cause", "promise_id", "duty_id", "level", "amendment_id", "round",
    "offer_id", "backorder_id", "stage", "assignee", "interaction_id",
)  # fmt: skip
"""What makes a second occurrence of a fact another one: a second delay is told, the same one twice is not."""


INTERNAL = frozenset({"payment_reference"})
"""Fields of an order of which its customer hears nothing when nothing else is amended."""


def tell(facts: list[Fact], act: Act) -> None:
    """Plan the notices that the matrix asks for, each or the reason why not."""
    book = procedures.book()
    rows = book.rows_for(type(facts[0]).__name__)
    if not rows:
        return
    told = [(fact, some) for fact in facts if (some := _rows_of(fact, rows)) and not _is_ours_alone(fact)]
    if not told:
        return
    people = _people([fact for fact, _ in told])
    wanted = [notice for fact, some in told for notice in _wanted(fact, some, people, book, act)]
    if any(row.joins for row in rows):
        wanted = _joined(wanted, rows)
    notices.plan(wanted, act=act)


def _rows_of(fact: Fact, rows: Sequence[MatrixRow]) -> Sequence[MatrixRow]:
    """The rows that mean a fact with just these values."""
    return [
        row for row in rows if not row.when or all(str(getattr(fact, one, "")) in row.when[one] for one in row.when)
    ]


def _is_ours_alone(fact: Fact) -> bool:
    """Whether it changed nothing that the customer was told of, so that there is nothing to tell."""
    return isinstance(fact, OrderAmended) and set(fact.fields) <= INTERNAL


def _wanted(
    fact: Fact, rows: Sequence[MatrixRow], people: dict[int, Person], book: Book, act: Act
) -> Iterator[WantedNotice]:
    order_id: int | None = getattr(fact, "order_id", None)
    person = people.get(order_id) if order_id is not None else None
    data, kind = fact.data().decode(), type(fact).__name__
    past = act.history or (person is not None and person.history)
    for row in rows:
        if Channel.STAFF_ALERT in row.channels and Channel.STAFF_ALERT not in getattr(fact, "channels", row.channels):
            continue  # a rung of a ladder says itself whether it rings anybody
        milestone = _milestone(row.milestone, fact)
        for hearer in _hearers(row, person, fact):
            channel, reason, says = (row.channels[0], Reason.HISTORY, ()) if past else _way(row, hearer)
            notice = WantedNotice(
                filed_at=person.filed_at if person else act.recorded_at, order_id=order_id, template=row.template,
                milestone=milestone, audience=row.audience, recipient_key=hearer.key, channel=channel, because=kind, data=data,
                language=hearer.language, rank=row.rank, lasting=row.rank == 0, reason=reason, says=says,
                not_before=act.recorded_at + timedelta(minutes=row.wait_minutes) if row.wait_minutes else None,
            )  # fmt: skip
            yield notice if reason or row.timing == "at_once" else _timed(notice, row, person, book.telling, act)


def _hearers(row: MatrixRow, person: Person | None, fact: Fact) -> Iterable[Hearer]:
    if row.audience in OUTSIDE:
        return hearers(row.audience, person) if person else ()
    role = getattr(fact, "role", row.role_responsible) if row.audience == RESPONSIBLE else row.audience
    person_in_charge = getattr(fact, "assignee", None) if row.audience == RESPONSIBLE else None
    return (Hearer(f"role:{role}" if person_in_charge is None else f"staff:{person_in_charge}", "en"),)


def _way(row: MatrixRow, hearer: Hearer) -> tuple[str, Reason, tuple[str, ...]]:
    """The first channel of the row that leads to the hearer and, if it is not the first, why; or why none is taken."""
    for place, channel in enumerate(row.channels):
        if channel in SERVED and leads_to(channel, row.audience, hearer):
            return channel, Reason.NONE, _why(row, channel, hearer) if place else ()
    return row.channels[0], Reason.NO_ADDRESS, ()


def _why(row: MatrixRow, taken: str, hearer: Hearer) -> tuple[str, ...]:
    """Why an earlier way was not taken, for the trace."""
    before = row.channels[: row.channels.index(cast(Any, taken))]
    reasons = [f"{one} {NO_ADDRESS if one in SERVED else NOT_SERVED}" for one in before]
    return (f"By {taken}, the next way that the matrix names: {'; '.join(reasons)}.".replace("_", " "),)


def _timed(notice: WantedNotice, row: MatrixRow, person: Person | None, telling: Telling, act: Act) -> WantedNotice:
    """A notice that waits for the recipient's window, or for their digest. What is shown waits for nobody."""
    if notice.channel in SHOWN:
        return notice
    zones = zones_of(row.audience, person.zone, person.ship_to) if person else zones_of(row.audience, "", Address())
    ready = notice.not_before or act.recorded_at
    if row.timing == "digest":
        at = next_time(ready, telling.digest_at, zones[0])
        digest = Digest(
            audience=notice.audience,
            recipient_key=notice.recipient_key,
            channel=notice.channel,
            language=notice.language,
            at=at,
        )
        says = (*notice.says, f"Told in the digest of {_local(at, zones[0])}, as the matrix says.")
        return replace(notice, reason=Reason.JOINED, digest=digest, says=says)
    at = next_allowed(ready, telling.usual(), zones)
    if at == ready:
        return notice
    says = (
        *notice.says,
        f"Waits for the sending hours {telling.window} where the recipient is: {_local(at, zones[0])}.",
    )
    return replace(notice, not_before=at, says=says)


def _joined(wanted: Sequence[WantedNotice], rows: Sequence[MatrixRow]) -> list[WantedNotice]:
    """What a message of the same order that still waits will tell needs none of its own."""
    joining = {(row.template, row.audience) for row in rows if row.joins}
    may = [one for one in wanted if (one.template, one.audience) in joining]
    return [*notices.joined(may), *(one for one in wanted if (one.template, one.audience) not in joining)]


def another_way(notice: DueNotice, hearer: Hearer, why: str, *, at: datetime) -> WantedNotice | None:
    """The same notice on the next channel that the matrix names and that leads to them, with the reason in its trace."""
    rows = procedures.book().rows_for(notice.because)
    row = next((one for one in rows if (one.template, one.audience) == (notice.template, notice.audience)), None)
    tried = list(row.channels).index(cast(Any, notice.channel)) if row and notice.channel in row.channels else -1
    ways = row.channels[tried + 1 :] if row and tried >= 0 else ()
    channel = next((one for one in ways if one in SERVED and leads_to(one, notice.audience, hearer)), None)
    if channel is None:
        return None
    return WantedNotice(
        filed_at=notice.filed_at, order_id=notice.order_id, template=notice.template, milestone=notice.milestone,
        audience=notice.audience, recipient_key=notice.recipient_key, channel=channel, because=notice.because,
        data=canonical(notice.data).decode(), language=notice.language, rank=notice.rank, lasting=notice.lasting,
        not_before=at, says=(f"By {channel} instead of {notice.channel}: {why}".replace("_", " "),),
    )  # fmt: skip


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%a %d %b %H:%M} ({zone})"


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
            one.draft.customer.email, one.draft.customer.phone, one.draft.zone or one.draft.customer.zone,
            one.draft.ship_to, one.draft.contacts,
        )
        for one in intake.verified(order_ids)
    }  # fmt: skip


def _on_record(order_ids: Sequence[int]) -> dict[int, Person]:
    return {
        one.order_id: Person(
            one.customer_id,
            one.received_at,
            one.language,
            one.history,
            one.email,
            one.phone,
            one.zone,
            one.ship_to,
            one.others,
        )
        for one in orders.contacts(order_ids).values()
    }


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = dict.fromkeys(TOLD, (tell,))
