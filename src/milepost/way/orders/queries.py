"""Reads of orders; each says how many statements it takes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from milepost.way.intake.numbers import references
from milepost.way.intake.words import Address, contacts_from_json
from milepost.way.intake.words import Contact as Others
from milepost.way.orders.models import AmendedField, Hold, Line, Order
from milepost.way.orders.words import OPEN_STATES, AmendedCard, HoldCard, LineCard, OrderCard, Search, State

_CARD_FIELDS = (
    "id", "reference", "external_ref", "state", "customer_id", "channel", "contact_name", "email", "phone", "language", "zone",
    "ship_to", "currency", "items_total", "freight", "total", "po_number", "payment_reference", "instructions", "service",
    "history", "received_at", "confirmed_at", "acknowledged_at", "shipped_at", "delivered_at", "completed_at", "closed_at",
    "cancelled_at", "cancel_reason", "version", "first_shipped_at", "tax", "charges",
    "contacts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to tell about an order, and how; the little that planning a message needs."""

    order_id: int
    reference: str
    customer_id: int
    state: str
    name: str
    email: str
    phone: str
    language: str
    zone: str
    history: bool
    received_at: datetime
    ship_to: Address
    others: tuple[Others, ...]


def contacts(order_ids: Iterable[int]) -> dict[int, Contact]:
    """Whom to tell about each order. One statement."""
    rows = Order.objects.filter(id__in=list(order_ids)).values_list(
        "id", "reference", "customer_id", "state", "contact_name", "email", "phone", "language", "zone", "history",
        "received_at", "ship_to", "contacts",
    )  # fmt: skip
    return {row[0]: Contact(*row[:-2], Address(**row[-2]), contacts_from_json(row[-1])) for row in rows}


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an order goes and how, and whether it is still awaited there; what a forecast needs."""

    order_id: int
    state: str
    history: bool
    zone: str
    service: str
    country: str
    postal_code: str


def destinations(order_ids: Iterable[int]) -> dict[int, Destination]:
    """Where each order goes. One statement."""
    rows = Order.objects.filter(id__in=list(order_ids)).values_list(
        "id", "state", "history", "zone", "service", "ship_to__country", "ship_to__postal_code"
    )
    return {row[0]: Destination(*row[:5], country=row[5] or "", postal_code=row[6] or "") for row in rows}


def cards(order_ids: Iterable[int]) -> dict[int, OrderCard]:
    """Everything about each order with lines and holds. Three statements for any number.

    By their plain columns: every letter is read twice from here, and Django's own way costs twice as much.
    """
    wanted = list(order_ids)
    lines: dict[int, list[LineCard]] = defaultdict(list)
    holds: dict[int, list[HoldCard]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [wanted])
        for order_id, *line in cursor.fetchall():
            lines[order_id].append(LineCard(*line))
        cursor.execute(_HOLDS, [wanted])
        for order_id, *hold, evidence in cursor.fetchall():
            holds[order_id].append(HoldCard(*(*hold, orjson.loads(evidence))))
        cursor.execute(_ORDERS, [wanted])
        rows = [dict(zip(_CARD_FIELDS, row, strict=True)) for row in cursor.fetchall()]
    return {row["id"]: _card(_read(row), tuple(lines[row["id"]]), tuple(holds[row["id"]])) for row in rows}


def _read(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "ship_to": orjson.loads(row["ship_to"]), "contacts": orjson.loads(row["contacts"])}


_ORDERS = f"""
SELECT {", ".join("ship_to::text" if one == "ship_to" else "contacts::text" if one == "contacts" else one for one in _CARD_FIELDS)}
FROM orders_order WHERE id = ANY(%b::bigint[])
"""  # noqa: S608 our own names
_LINES = """
SELECT order_id, position, item_id, code, name, quantity, unit, unit_price, instructions, cancelled FROM orders_line
WHERE order_id = ANY(%b::bigint[]) ORDER BY order_id, position
"""
_HOLDS = """
SELECT order_id, id, kind, reason, role, blocking, opened_at, released_at, outcome, approver, proposed_by, proposed_at,
    opened_by, released_by, evidence::text
FROM orders_hold WHERE order_id = ANY(%b::bigint[]) ORDER BY opened_at
"""


def card(order_id: int) -> OrderCard | None:
    """One order with lines and holds. Three statements."""
    return cards([order_id]).get(order_id)


def _card(row: dict[str, Any], lines: tuple[LineCard, ...], holds: tuple[HoldCard, ...]) -> OrderCard:
    read = {"ship_to": Address(**row["ship_to"]), "contacts": contacts_from_json(row["contacts"])}
    return OrderCard(**{**row, **read}, lines=lines, holds=holds)


def find(text: str) -> int | None:
    """The order behind a reference as a person typed it, or behind a shop's own number. At most two statements."""
    number = references().find(text)
    if number is not None and Order.objects.filter(id=number).exists():
        return number
    if not text.strip():
        return None
    return Order.objects.filter(external_ref=text.strip()).order_by("-id").values_list("id", flat=True).first()


def find_many(texts: Sequence[str]) -> dict[str, int]:
    """The orders behind many references or shop's numbers; unknown ones are left out. One statement."""
    numbers = {text: references().find(text) for text in texts}
    by_number = Q(id__in=[number for number in numbers.values() if number is not None])
    by_name = Q(external_ref__in=[text for text in numbers if text]) & ~Q(external_ref="")
    known = list(Order.objects.filter(by_number | by_name).order_by("id").values_list("id", "external_ref"))
    by_id, by_external = {row[0] for row in known}, {row[1]: row[0] for row in known}
    found = {text: number if number in by_id else by_external.get(text) for text, number in numbers.items()}
    return {text: order_id for text, order_id in found.items() if order_id is not None}


def states(order_ids: Iterable[int]) -> dict[int, str]:
    """The state of each order. One statement."""
    return dict(Order.objects.filter(id__in=list(order_ids)).values_list("id", "state"))


def open_totals(
    customer_ids: Collection[int], *, except_orders: Collection[int] = ()
) -> dict[tuple[int, str], Decimal]:
    """What the open orders of these customers come to, by customer and currency. One statement."""
    rows = Order.objects.filter(customer_id__in=list(customer_ids), state__in=OPEN_STATES, history=False)
    sums = rows.exclude(id__in=list(except_orders)).values_list("customer_id", "currency").annotate(Sum("total"))
    return {(customer_id, currency): total for customer_id, currency, total in sums}


def outcomes(hold_ids: Iterable[UUID]) -> dict[UUID, str]:
    """In which words holds were released. One statement."""
    return dict(Hold.objects.filter(id__in=list(hold_ids)).values_list("id", "outcome"))


def purchase_orders(order_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """The customer's purchase order number, else the shop's own number, and the state of each order. One statement."""
    rows = Order.objects.filter(id__in=list(order_ids)).values_list("id", "po_number", "external_ref", "state")
    return {order_id: (po_number or external_ref, state) for order_id, po_number, external_ref, state in rows}


def amendments(order_id: int) -> list[AmendedCard]:
    """What was amended of an order, field by field, oldest first. One statement."""
    names = ("amendment_id", "field", "was", "now", "said_by", "said_at", "actor", "at", "reason")
    rows = AmendedField.objects.filter(order_id=order_id).order_by("amendment_id", "field").values(*names)
    return [AmendedCard(**row) for row in rows]


def page(search: Search, *, after: tuple[datetime, int] | None = None, limit: int = 50) -> list[OrderCard]:
    """Newest orders first, keyset-paged by (received_at, id), without lines and holds. One statement."""
    rows = _narrowed(search)
    if after is not None:
        rows = rows.filter(received_at__lte=after[0]).exclude(received_at=after[0], id__gte=after[1])
    return [_card(row, (), ()) for row in rows.order_by("-received_at", "-id").values(*_CARD_FIELDS)[:limit]]


def _narrowed(search: Search) -> QuerySet[Order]:
    rows = Order.objects.all()
    if search.state:
        rows = rows.filter(state=search.state)
    elif search.open_only:
        rows = rows.filter(state__in=OPEN_STATES)
    if search.held:
        rows = rows.filter(holds__released_at=None, holds__id__isnull=False).distinct()
    if search.customer_id is not None:
        rows = rows.filter(customer_id=search.customer_id)
    text = search.text.strip()
    if text:
        number = references().find(text)
        rows = rows.filter(id=number) if number is not None else rows.filter(
            Q(email=text.lower()) | Q(external_ref=text) | Q(po_number=text) | Q(contact_name__istartswith=text)
        )  # fmt: skip
    return rows


def heads(order_ids: Sequence[int]) -> list[OrderCard]:
    """These orders in this order, without lines and holds. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS, [list(order_ids)])
        rows = {row[0]: dict(zip(_CARD_FIELDS, row, strict=True)) for row in cursor.fetchall()}
    return [_card(_read(rows[one]), (), ()) for one in order_ids if one in rows]


def latest_of(customer_ids: Sequence[int]) -> dict[int, tuple[str, datetime]]:
    """The last order of each customer: its reference, and when it came in. One statement on their index."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [list(customer_ids)])
        return {customer_id: (reference, received_at) for customer_id, reference, received_at in cursor.fetchall()}


_LATEST = """
SELECT c.id, o.reference, o.received_at FROM unnest(%b::bigint[]) AS c(id) CROSS JOIN LATERAL (
    SELECT reference, received_at FROM orders_order WHERE customer_id = c.id ORDER BY received_at DESC LIMIT 1
) o
"""


def of_customers(
    customer_ids: Sequence[int], *, after: tuple[datetime, int] | None = None, limit: int = 50, is_open: bool | None = None,
    words: str = "",
) -> list[OrderCard]:  # fmt: skip
    """The orders of these customers, newest first, keyset-paged, without lines and holds; only the open ones, only the others, or
    those with these words in their number, in that of the purchase or in one of their items. One statement on their index."""
    rows = Order.objects.filter(customer_id__in=list(customer_ids))
    if is_open is not None:
        rows = rows.filter(state__in=UNFINISHED) if is_open else rows.exclude(state__in=UNFINISHED)
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(_named(word))
    if after is not None:
        rows = rows.filter(received_at__lte=after[0]).exclude(received_at=after[0], id__gte=after[1])
    return [_card(row, (), ()) for row in rows.order_by("-received_at", "-id").values(*_CARD_FIELDS)[:limit]]


MOST_WORDS = 6
UNFINISHED = [state for state in OPEN_STATES if state not in (State.DELIVERED, State.COMPLETED)]
"""For a customer an order is open until it is there."""


def _named(word: str) -> Q:
    items = Line.objects.filter(order_id=OuterRef("id")).filter(Q(name__icontains=word) | Q(code__icontains=word))
    numbers = Q(id=references().find(word)) | Q(po_number__icontains=word) | Q(external_ref__iexact=word)
    return numbers | Q(Exists(items))


RECENT = 40


def addresses_of(customer_ids: Sequence[int], *, limit: int = 6) -> list[Address]:
    """Where the last orders of these customers went, each address once, the latest first. One statement on their index."""
    rows = Order.objects.filter(customer_id__in=list(customer_ids)).order_by("-received_at", "-id")
    recent = (Address(**sent_to) for sent_to in rows.values_list("ship_to", flat=True)[:RECENT])
    return [address for address in dict.fromkeys(recent) if address.lines()][:limit]


def addresses_by_customer(customer_ids: Collection[int]) -> dict[int, list[Address]]:
    """Where the last orders of each customer went, each address once, the latest first. One statement on their index."""
    with connection.cursor() as cursor:
        cursor.execute(_SENT_TO, [sorted(customer_ids), RECENT])
        found: dict[int, dict[Address, None]] = {}
        for customer_id, sent_to in cursor.fetchall():
            found.setdefault(customer_id, {})[Address(**orjson.loads(sent_to))] = None
    return {customer_id: [one for one in some if one.lines()] for customer_id, some in found.items()}


_SENT_TO = """
SELECT c.id, o.ship_to::text FROM unnest(%b::bigint[]) AS c(id) CROSS JOIN LATERAL (
    SELECT ship_to, received_at FROM orders_order WHERE customer_id = c.id ORDER BY received_at DESC LIMIT %s
) o ORDER BY c.id, o.received_at DESC
"""


def going_of_customers(customer_ids: Collection[int]) -> dict[int, list[int]]:
    """Of each customer the newest orders that are not at an end, forty looked at. One statement on their index."""
    found: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_GOING, [list(customer_ids), [state.value for state in OPEN_STATES]])
        for customer_id, order_id in cursor.fetchall():
            found.setdefault(customer_id, []).append(order_id)
    return found


_GOING = """
SELECT c.id, o.id FROM unnest(%s::bigint[]) AS c(id) CROSS JOIN LATERAL (
    SELECT id, received_at, state FROM orders_order WHERE customer_id = c.id ORDER BY received_at DESC LIMIT 40
) o WHERE o.state = ANY(%s::text[]) ORDER BY c.id, o.received_at DESC
"""
