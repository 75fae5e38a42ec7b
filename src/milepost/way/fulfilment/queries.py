"""Reads of fulfilment; each says how many statements it takes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet, Sum
from psycopg.pq import Format

from milepost.ground.parties import queries as parties
from milepost.way.fulfilment.formats import Candidate, Context, page_of, recognise, shape_of
from milepost.way.fulfilment.models import FINAL, NumberRuling, Parcel, ParcelLine, Release, Shipment
from milepost.way.fulfilment.numbers import OwnNumbers
from milepost.way.fulfilment.rules import order_stage
from milepost.way.fulfilment.words import (
    Borne,
    DeliveryNote,
    NoteLine,
    ParcelCard,
    Reached,
    ReleaseCard,
    ShipmentCard,
    State,
    TrackingLink,
    tidy_number,
)
from milepost.way.orders import queries as orders
from milepost.way.orders.words import OrderCard

_PARCEL = (
    "id", "order_id", "shipment_id", "number", "carrier", "tracking_number", "weight_grams", "shipped_at",
)  # fmt: skip
_SHIPMENT = (
    "id", "order_id", "number", "state", "reached", "carrier", "service", "complete", "packed_at", "shipped_at",
    "delivered_at",
)  # fmt: skip


def shipments_of(order_ids: Iterable[int]) -> dict[int, tuple[ShipmentCard, ...]]:
    """The shipments of each order, in their numbers, with parcels and what lies in them. Three statements."""
    cards: dict[int, list[ShipmentCard]] = defaultdict(list)
    for card in _cards(Shipment.objects.filter(order_id__in=list(order_ids)).order_by("order_id", "number")):
        cards[card.order_id].append(card)
    return {order_id: tuple(found) for order_id, found in cards.items()}


def shipment(shipment_id: int) -> ShipmentCard | None:
    """One shipment with parcels and what lies in them. Three statements."""
    return next(iter(_cards(Shipment.objects.filter(id=shipment_id))), None)


def these(shipment_ids: Sequence[int]) -> list[ShipmentCard]:
    """These shipments in this order, with parcels and what lies in them. Three statements."""
    found = {card.id: card for card in _cards(Shipment.objects.filter(id__in=list(shipment_ids)))}
    return [found[one] for one in shipment_ids if one in found]


def page(*, state: str = "", open_only: bool = False, before: int | None = None, limit: int = 50) -> list[ShipmentCard]:
    """Newest shipments first, keyset-paged by id, with parcels. Three statements."""
    rows = Shipment.objects.order_by("-id")
    if state:
        rows = rows.filter(state=state)
    elif open_only:
        rows = rows.exclude(state__in=FINAL)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _cards(rows[:limit])


def _cards(rows: QuerySet[Shipment]) -> list[ShipmentCard]:
    found = list(rows.values(*_SHIPMENT))
    parcels: dict[int, list[ParcelCard]] = defaultdict(list)
    for card in _parcels(Parcel.objects.filter(shipment_id__in=[row["id"] for row in found])):
        parcels[card.shipment_id].append(card)
    return [
        ShipmentCard(
            **{**row, "state": State(row["state"]), "reached": Reached(row["reached"])},
            parcels=tuple(parcels[row["id"]]),
        )
        for row in found
    ]


def _parcels(rows: QuerySet[Parcel]) -> list[ParcelCard]:
    found = list(rows.order_by("shipment_id", "number").values(*_PARCEL))
    lines: dict[int, list[tuple[int, str, Decimal]]] = defaultdict(list)
    inside = ParcelLine.objects.filter(
        order_id__in={row["order_id"] for row in found}, parcel_id__in=[row["id"] for row in found]
    )
    values = inside.order_by("position").values_list("parcel_id", "position", "code", "quantity")
    for parcel_id, position, code, quantity in values:
        lines[parcel_id].append((position, code, quantity))
    return [ParcelCard(**row, lines=tuple(lines[row["id"]])) for row in found]


def parcels_named(*, numbers: Iterable[str] = (), parcel_ids: Iterable[int] = ()) -> list[ParcelCard]:
    """All parcels that were handed over and bear one of the numbers or ids, without their lines. One statement."""
    numbered = Q(tracking_number__in=[tidy_number(n) for n in numbers]) & ~Q(tracking_number="")
    named = numbered | Q(id__in=list(parcel_ids))
    return [ParcelCard(**row) for row in Parcel.objects.filter(named, shipped_at__isnull=False).values(*_PARCEL)]


def carried_by(parcel_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Carrier and service of each parcel. One statement."""
    rows = Parcel.objects.filter(id__in=list(parcel_ids)).values_list("id", "carrier", "shipment__service")
    return {parcel_id: (carrier, service) for parcel_id, carrier, service in rows}


def borne(*, numbers: Sequence[str] = (), parcel_ids: Sequence[int] = ()) -> list[Borne]:
    """As `parcels_named`, of numbers that are tidy, only what tells parcels apart: for thousands at once. One statement."""
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY
        cursor.execute(_BORNE, [list(numbers), list(parcel_ids)])
        return [Borne(*row) for row in cursor.fetchall()]


_BORNE = """
SELECT id, shipment_id, order_id, carrier, tracking_number, shipped_at FROM fulfilment_parcel
WHERE tracking_number = ANY(%b::text[]) AND tracking_number <> '' AND shipped_at IS NOT NULL
UNION ALL
SELECT id, shipment_id, order_id, carrier, tracking_number, shipped_at FROM fulfilment_parcel
WHERE id = ANY(%b::bigint[]) AND shipped_at IS NOT NULL
"""


def tracking_links(parcel_ids: Iterable[int]) -> list[TrackingLink]:
    """The carrier's page of each parcel that was handed over and has one: the shop's own address for the carrier before the one
    that the number's form knows. Two statements."""
    cards, found = parties.carriers(), []
    for parcel in parcels_named(parcel_ids=parcel_ids):
        ours = cards.get(parcel.carrier)
        template = (ours.tracking_url if ours else "") or ("" if ours and ours.in_house else page_of(parcel.carrier))
        if template and parcel.tracking_number:
            url = template.replace("{number}", quote(parcel.tracking_number, safe=""))
            found.append(TrackingLink(parcel_id=parcel.id, order_id=parcel.order_id, carrier=parcel.carrier, url=url))
    return found


def orders_by_number(number: str) -> list[int]:
    """The orders with a parcel of that tracking number, the newest first. One statement."""
    found = Parcel.objects.filter(tracking_number=tidy_number(number)).exclude(tracking_number="")
    return list(dict.fromkeys(found.order_by("-id").values_list("order_id", flat=True)))


def recognise_number(number: str, *, sent_to: str = "") -> tuple[Candidate, ...]:
    """Whose tracking number it may be, the likeliest first, with what staff ruled and whom the shop ships with. Two statements."""
    return recognise(number, number_contexts([(number, sent_to)])[0])


def number_contexts(numbers: Sequence[tuple[str, str]]) -> list[Context]:
    """What is known besides each number and the country it goes to. Two statements for any number."""
    shapes = {shape_of(number) for number, _ in numbers}
    rulings = dict(NumberRuling.objects.filter(shape__in=shapes).values_list("shape", "carrier"))
    ours = frozenset(card.code for card in parties.carriers().values() if card.active and not card.in_house)
    return [Context(carriers=ours, sent_to=country, rulings=rulings) for _, country in numbers]


def packed_quantities(order_ids: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """What lies in parcels, handed over or not, by order and line. One statement."""
    inside = ParcelLine.objects.filter(order_id__in=list(order_ids)).exclude(
        shipment_id__in=Shipment.objects.filter(order_id__in=list(order_ids), state=State.CANCELLED).values("id")
    )
    sums = inside.values_list("order_id", "position").annotate(Sum("quantity"))
    return {(order_id, position): quantity for order_id, position, quantity in sums}


def packed_orders(order_ids: Iterable[int]) -> list[int]:
    """Those of the orders of which a packed shipment stands in the house. One statement."""
    rows = Shipment.objects.filter(order_id__in=list(order_ids), state=State.PACKED).order_by("order_id")
    return list(rows.values_list("order_id", flat=True).distinct())


def releases(order_ids: Iterable[int]) -> dict[int, ReleaseCard]:
    """How far the warehouse is with each order. One statement."""
    fields = ("order_id", "released_at", "picked_at", "packed_at", "shipped_at", "cancelled_at")
    rows = Release.objects.filter(order_id__in=list(order_ids)).values(*fields)
    return {row["order_id"]: ReleaseCard(**row) for row in rows}


def stages(order_ids: Iterable[int]) -> dict[int, tuple[Reached, datetime | None]]:
    """The stage that each order has by its shipments, and when the last parcel arrived. Two statements.

    Orders of which something is still in the house are left out.
    """
    wanted = list(order_ids)
    shipped = {r.order_id for r in releases(wanted).values() if r.shipped_at is not None}
    under_way: dict[int, list[tuple[State, Reached, datetime | None]]] = defaultdict(list)
    rows = Shipment.objects.filter(order_id__in=wanted).values_list("order_id", "state", "reached", "delivered_at")
    for order_id, state, reached, delivered_at in rows:
        under_way[order_id].append((State(state), Reached(reached), delivered_at))
    found = {
        order_id: order_stage(shipments, all_shipped=order_id in shipped) for order_id, shipments in under_way.items()
    }
    return {order_id: stage for order_id, stage in found.items() if stage is not None}


def packed_lines(shipment_ids: Sequence[int]) -> list[tuple[int, int, int, Decimal]]:
    """What lies in the shipments: (shipment, order, position, quantity). One statement."""
    rows = ParcelLine.objects.filter(shipment_id__in=shipment_ids)
    return list(rows.values_list("shipment_id", "order_id", "position", "quantity"))


def delivery_note(shipment_id: int, *, contact: str = "") -> DeliveryNote | None:
    """What the delivery note of a shipment says (RECD-1). Six statements."""
    found = shipment(shipment_id)
    order = orders.card(found.order_id) if found else None
    if found is None or order is None:
        return None
    packed: dict[int, Decimal] = defaultdict(Decimal)
    for parcel in found.parcels:
        for position, _, quantity in parcel.lines:
            packed[position] += quantity
    weights = [parcel.weight_grams for parcel in found.parcels if parcel.weight_grams is not None]
    return DeliveryNote(
        reference=order.reference,
        number=found.number,
        issued_on=(found.shipped_at or found.packed_at).date(),
        sender=(str(settings.BRAND),),
        ship_to=tuple(order.ship_to.lines()),
        lines=_note_lines(order, packed),
        parcels=tuple(parcel.tracking_number for parcel in found.parcels if parcel.tracking_number),
        carrier=found.carrier,
        weight_grams=sum(weights) if len(weights) == len(found.parcels) else None,
        instructions=order.instructions,
        contact=contact or f"{settings.SUPPORT_EMAIL} · {settings.SUPPORT_PHONE}",
    )


def _note_lines(order: OrderCard, packed: dict[int, Decimal]) -> tuple[NoteLine, ...]:
    return tuple(
        NoteLine(position=line.position, code=line.code, name=line.name, quantity=packed[line.position], unit=line.unit)
        for line in order.lines
        if packed.get(line.position)
    )


def own_numbers() -> OwnNumbers:
    """The tracking numbers of this installation."""
    return OwnNumbers(str(settings.REFERENCE_KEY).encode(), str(settings.HOME_COUNTRY))
