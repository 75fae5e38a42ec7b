"""Pack: the goods of an order lie in parcels that travel together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, Sum

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.facts import OrderFact
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.fulfilment.commands.desk import locked, not_on_desk, twice
from milepost.way.fulfilment.facts import OrderPicked, ShipmentCancelled, ShipmentPacked
from milepost.way.fulfilment.models import Parcel, ParcelLine, Release, Shipment
from milepost.way.fulfilment.rules import KEPT_TOGETHER, fill
from milepost.way.fulfilment.states import SHIPMENT
from milepost.way.fulfilment.words import PackedLine, Packing, State
from milepost.way.orders import queries as orders
from milepost.way.orders.words import LineCard, OrderCard
from milepost.way.stock import queries as stock

Lines = list[tuple[PackedLine, ...]]


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left to pack of an order: in all, and of that what does not wait for stock."""

    lines: Mapping[int, LineCard]
    unpacked: Mapping[int, Decimal]
    available: Mapping[int, Decimal]
    together: bool = False


def pack(packings: Sequence[Packing], *, act: Act) -> list[int]:
    """Pack a shipment for each packing (one an order); return the shipments' ids in the same order.

    An order that was not picked is picked with it. Refuses, by index, `not_released` (409), `nothing_to_pack` and
    `kept_together` (409),
    `unknown_line`, `bad_quantity`, `more_than_ordered`, `bad_weight`, `twice_in_batch`. A constant number of statements.
    """
    order_ids = [packing.order_id for packing in packings]
    with journal.together():
        releases = locked(order_ids)
        refuse_any((*not_on_desk(order_ids, releases), *twice(order_ids)))
        left = left_of(order_ids)
        refuse_any(KEPT_TOGETHER.at(index=index) for index, key in enumerate(order_ids) if left[key].together)
        filled = _fill(packings, left)
        rows = _write(packings, filled, left, act)
        complete = [row.order_id for row in rows if row.complete]
        unpicked = [row.order_id for row in rows if releases[row.order_id].picked_at is None]
        Release.objects.filter(order_id__in=unpicked).update(picked_at=act.at)
        Release.objects.filter(order_id__in=complete).update(packed_at=act.at)
        facts: list[OrderFact] = [OrderPicked(order_id=order_id) for order_id in unpicked]
        facts += [_packed(row, len(packing.parcels)) for row, packing in zip(rows, packings, strict=True)]
        journal.record(facts, act=act)
    return [row.id for row in rows]


def _packed(row: Shipment, parcels: int) -> ShipmentPacked:
    return ShipmentPacked(
        order_id=row.order_id, shipment_id=row.id, number=row.number, parcels=parcels, complete=row.complete
    )


def left_of(order_ids: Sequence[int]) -> dict[int, _Left]:
    """What is left to pack of each order. Six statements."""
    cards, waiting = orders.cards(order_ids), stock.of_lines(order_ids)
    packed: dict[int, dict[int, Decimal]] = defaultdict(dict)
    gone = Shipment.objects.filter(order_id__in=order_ids, state=State.CANCELLED).values("id")
    rows = ParcelLine.objects.filter(order_id__in=order_ids).exclude(shipment_id__in=gone)
    for order_id, position, quantity in rows.values_list("order_id", "position").annotate(Sum("quantity")):
        packed[order_id][position] = quantity
    found = {}
    for order_id, card in cards.items():
        unpacked = _unpacked(card, packed[order_id])
        short = {position: line.short for position, line in waiting.get(order_id, {}).items()}
        available = {p: q - short.get(p, Decimal(0)) for p, q in unpacked.items() if q > short.get(p, Decimal(0))}
        together = any(line.together for line in waiting.get(order_id, {}).values())
        found[order_id] = _Left({line.position: line for line in card.lines}, unpacked, available, together)
    return found


def _unpacked(card: OrderCard, packed: Mapping[int, Decimal]) -> dict[int, Decimal]:
    return {
        line.position: line.quantity - packed.get(line.position, Decimal(0))
        for line in card.lines
        if not line.cancelled
    }


def _fill(packings: Sequence[Packing], left: Mapping[int, _Left]) -> list[Lines]:
    filled: list[Lines] = []
    refusals: list[Refusal] = []
    for index, packing in enumerate(packings):
        of_order = left[packing.order_id]
        lines, wrong = fill(packing.parcels, available=of_order.available, unpacked=of_order.unpacked)
        refusals += [refusal.at(index=index) for refusal in wrong]
        filled.append(lines)
    refuse_any(refusals)
    return filled


def _write(packings: Sequence[Packing], filled: Sequence[Lines], left: Mapping[int, _Left], act: Act) -> list[Shipment]:
    highest = dict(
        Shipment.objects.filter(order_id__in=[p.order_id for p in packings])
        .values_list("order_id")
        .annotate(Max("number"))
    )
    shipments = Shipment.objects.bulk_create(
        [
            Shipment(
                order_id=packing.order_id, number=highest.get(packing.order_id, 0) + 1, packed_at=act.at,
                complete=_is_all(lines, left[packing.order_id]),
            )
            for packing, lines in zip(packings, filled, strict=True)
        ]
    )  # fmt: skip
    drafts = [
        (shipment, number, draft.weight_grams, lines)
        for shipment, packing, of_shipment in zip(shipments, packings, filled, strict=True)
        for number, (draft, lines) in enumerate(zip(packing.parcels, of_shipment, strict=True), start=1)
    ]
    parcels = Parcel.objects.bulk_create(
        [Parcel(order_id=s.order_id, shipment_id=s.id, number=n, weight_grams=weight) for s, n, weight, _ in drafts]
    )
    ParcelLine.objects.bulk_create(
        [
            _line(parcel, line, left[parcel.order_id].lines[line.position])
            for parcel, (_, _, _, lines) in zip(parcels, drafts, strict=True)
            for line in lines
        ]
    )
    return shipments


def _is_all(parcels: Lines, left: _Left) -> bool:
    """Whether nothing of the order is left to pack after these parcels, not even what waits for stock."""
    packed: dict[int, Decimal] = defaultdict(Decimal)
    for lines in parcels:
        for line in lines:
            packed[line.position] += line.quantity
    return all(quantity <= packed[position] for position, quantity in left.unpacked.items())


def _line(parcel: Parcel, line: PackedLine, ordered: LineCard) -> ParcelLine:
    return ParcelLine(
        order_id=parcel.order_id, parcel_id=parcel.id, shipment_id=parcel.shipment_id, position=line.position,
        item_id=ordered.item_id, code=ordered.code, quantity=line.quantity,
    )  # fmt: skip


def cancel_shipments(shipment_ids: Sequence[int], *, act: Act) -> None:
    """Take packed shipments apart again. Refuses `not_now` (409) for what was handed over."""
    if not shipment_ids:
        return
    with journal.together():
        rows = {row.id: row for row in Shipment.objects.select_for_update().filter(id__in=shipment_ids).order_by("id")}
        Release.objects.filter(order_id__in={row.order_id for row in rows.values()}).update(packed_at=None)
        journal.move(
            SHIPMENT, Shipment, {key: row.state for key, row in rows.items()}, "cancel", act=act, also={"complete": False},
            fact=lambda key, source, target: ShipmentCancelled(
                order_id=rows[key].order_id, shipment_id=key, number=rows[key].number
            ),
        )  # fmt: skip
