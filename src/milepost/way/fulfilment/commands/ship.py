"""Ship: parcels are handed over, each with its tracking number (TRK-1)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.columns import columns
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.fulfilment.commands.desk import locked, not_on_desk
from milepost.way.fulfilment.commands.pack import pack
from milepost.way.fulfilment.facts import ShipmentShipped
from milepost.way.fulfilment.models import Parcel, Release, Shipment
from milepost.way.fulfilment.queries import number_contexts, own_numbers
from milepost.way.fulfilment.rules import NO_CARRIER, NO_SHIPMENT, bad_numbers, carrier_of
from milepost.way.fulfilment.states import SHIPMENT
from milepost.way.fulfilment.words import OWN_CARRIER, Packing, Reached, Shipping, State, tidy_number
from milepost.way.orders import queries as orders
from milepost.way.stock import commands as stock


@dataclass(slots=True)
class _Leaving:
    """A shipment about to leave, with its parcels and the words of the one who hands it over."""

    row: Shipment
    parcels: list[Parcel]
    words: Shipping
    numbers: tuple[str, ...]
    own: bool


def ship(shippings: Sequence[Shipping], *, act: Act) -> list[int]:
    """Hand shipments over; return their ids. Names one shipment, or all of an order that stand packed.

    Stock is locked before anything is written: what follows from packing must not be waited for by who holds stock.
    An order of which nothing stands packed is packed first, all that is left of it in one parcel. Refuses, by index,
    `not_released`, `no_shipment`, `nothing_to_pack` (409), `wrong_count`, `same_number`, `bad_number`, `misread_number`,
    `whose_number`, `no_carrier`, and what `pack` refuses.
    """
    order_ids = [shipping.order_id for shipping in shippings]
    with journal.written_at_the_end():
        refuse_any(not_on_desk(order_ids, locked(order_ids)))
        stock.lock_tied(order_ids)
        _pack_what_is_not(shippings, act)
        leaving = _choose(_with_carriers(shippings), checking=not act.history)
        _write_labels(leaving, act)
        _hand_over(leaving, order_ids, act)
    return [one.row.id for one in leaving]


def _pack_what_is_not(shippings: Sequence[Shipping], act: Act) -> None:
    whole = [shipping.order_id for shipping in shippings if shipping.shipment_id is None]
    packed = set(Shipment.objects.filter(order_id__in=whole, state=State.PACKED).values_list("order_id", flat=True))
    unpacked = [order_id for order_id in dict.fromkeys(whole) if order_id not in packed]
    if unpacked:
        pack([Packing(order_id=order_id) for order_id in unpacked], act=act)


def _with_carriers(shippings: Sequence[Shipping]) -> Sequence[Shipping]:
    """The same, with the carrier where only its numbers were given. Three statements, none where every carrier is named."""
    unnamed = [index for index, words in enumerate(shippings) if words.tracking_numbers and not words.carrier]
    if not unnamed:
        return shippings
    going = orders.cards([shippings[index].order_id for index in unnamed])
    numbers = [
        (tidy_number(words.tracking_numbers[0]), going[words.order_id].ship_to.country)
        for words in (shippings[index] for index in unnamed)
    ]
    found = [carrier_of(n, context) for (n, _), context in zip(numbers, number_contexts(numbers), strict=True)]
    refuse_any([one.at(index=i) for i, one in zip(unnamed, found, strict=True) if isinstance(one, Refusal)])
    named = list(shippings)
    for index, carrier in zip(unnamed, found, strict=True):
        named[index] = replace(shippings[index], carrier=str(carrier))
    return named


def _choose(shippings: Sequence[Shipping], *, checking: bool) -> list[_Leaving]:
    """The shipments that are meant, locked; their parcels; and refusals for what cannot leave so."""
    rows = list(
        Shipment.objects.select_for_update()
        .filter(order_id__in={s.order_id for s in shippings}, state=State.PACKED)
        .order_by("id")
    )
    parcels = list(Parcel.objects.filter(shipment_id__in=[row.id for row in rows]).order_by("shipment_id", "number"))
    leaving: list[_Leaving] = []
    refusals: list[Refusal] = []
    free = {row.id for row in rows}
    for index, words in enumerate(shippings):
        meant = [r for r in rows if r.id in free and r.order_id == words.order_id and words.shipment_id in (None, r.id)]
        free -= {row.id for row in meant}
        if not meant:
            refusals.append(replace(NO_SHIPMENT, index=index, values={"shipment_id": words.shipment_id or "–"}))
            continue
        labelled, wrong = _label(meant, parcels, words, checking=checking)
        leaving += labelled
        refusals += [refusal.at(index=index) for refusal in wrong]
    refuse_any(refusals)
    return leaving


def _label(
    meant: Sequence[Shipment], parcels: Sequence[Parcel], words: Shipping, *, checking: bool
) -> tuple[list[_Leaving], list[Refusal]]:
    """The tracking numbers of the parcels: the carrier's where there are any, else ours."""
    if not words.carrier:
        return [], [NO_CARRIER]
    of_rows = [(row, [p for p in parcels if p.shipment_id == row.id]) for row in meant]
    theirs = [tidy_number(number) for number in words.tracking_numbers] if words.carrier != OWN_CARRIER else []
    boxes_in_all = sum(len(boxes) for _, boxes in of_rows)
    refusals = bad_numbers(theirs, boxes_in_all, words.carrier, confirmed=words.numbers_confirmed or not checking)
    if refusals:
        return [], refusals
    given, ours = iter(theirs), own_numbers()
    return [
        _Leaving(
            row, boxes, words, tuple(next(given) if theirs else ours.make(box.id) for box in boxes), own=not theirs
        )
        for row, boxes in of_rows
    ], []


def _write_labels(leaving: Sequence[_Leaving], act: Act) -> None:
    """Carrier, service and tracking numbers of all shipments and parcels. Two statements."""
    shipments = [(one.row.id, one.words.carrier, one.words.service) for one in leaving]
    boxes = [
        (box.id, one.words.carrier, number, one.own)
        for one in leaving
        for box, number in zip(one.parcels, one.numbers, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_LABEL_SHIPMENTS, [Reached.SHIPPED.value, *columns(shipments)])
        cursor.execute(_LABEL_PARCELS, [act.at, *columns(boxes)])


_LABEL_SHIPMENTS = """
UPDATE fulfilment_shipment s SET reached = %s, carrier = w.carrier, service = w.service
FROM unnest(%b::bigint[], %b::text[], %b::text[]) AS w(id, carrier, service) WHERE s.id = w.id
"""
_LABEL_PARCELS = """
UPDATE fulfilment_parcel p SET shipped_at = %s, carrier = w.carrier, tracking_number = w.number, own_number = w.own
FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::bool[]) AS w(id, carrier, number, own) WHERE p.id = w.id
"""


def _hand_over(leaving: Sequence[_Leaving], order_ids: Sequence[int], act: Act) -> None:
    by_id = {one.row.id: one for one in leaving}
    last = _last_of_order(leaving, order_ids)
    Release.objects.filter(order_id__in=[by_id[key].row.order_id for key in last]).update(shipped_at=act.at)
    journal.move(
        SHIPMENT, Shipment, {key: one.row.state for key, one in by_id.items()}, "ship", act=act,
        also={"shipped_at": act.at},
        fact=lambda key, source, target: _shipped(by_id[key], complete=key in last),
    )  # fmt: skip


def _last_of_order(leaving: Sequence[_Leaving], order_ids: Sequence[int]) -> set[int]:
    """The shipments after which nothing of their order is left to pack or ship."""
    packed = set(
        Release.objects.filter(order_id__in=order_ids, packed_at__isnull=False).values_list("order_id", flat=True)
    )
    standing = Counter(
        Shipment.objects.filter(order_id__in=order_ids, state=State.PACKED).values_list("order_id", flat=True)
    )
    last: dict[int, int] = {}
    for one in leaving:
        standing[one.row.order_id] -= 1
        last[one.row.order_id] = one.row.id
    return {key for order_id, key in last.items() if order_id in packed and standing[order_id] == 0}


def _shipped(one: _Leaving, *, complete: bool) -> ShipmentShipped:
    return ShipmentShipped(
        order_id=one.row.order_id, shipment_id=one.row.id, number=one.row.number, carrier=one.words.carrier,
        service=one.words.service, parcel_ids=tuple(box.id for box in one.parcels), tracking_numbers=one.numbers,
        complete=complete,
    )  # fmt: skip
