"""What happens to orders after they were placed: holds released, cancelled, shipped, accepted, rated."""

from collections.abc import Sequence
from typing import Annotated, Any

from ninja import Router

from milepost.faces.api.answers import REFUSALS
from milepost.faces.api.batches import in_sets, order_ids, rounds
from milepost.faces.api.body import Json
from milepost.faces.api.keys import ApiKey, Caller
from milepost.faces.api.once import once
from milepost.faces.api.shapes.orders import CancellationsIn, HoldReleasesIn, StatesOut
from milepost.faces.api.shapes.way import (
    AcceptancesIn,
    FeedbackListIn,
    FeedbackOut,
    ShipmentIn,
    ShipmentsIn,
    ShippedAllOut,
)  # fmt: skip
from milepost.way.closeout import commands as closeout
from milepost.way.closeout.words import Rating
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import PackedLine, Packing, ParcelDraft, Shipping
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as known
from milepost.way.stock import commands as stock

router = Router(tags=["handling"])


@router.post(
    "/hold-releases", auth=ApiKey("orders:write", changes=True), response={200: StatesOut, **REFUSALS},
    summary="Release holds",
)  # fmt: skip
@once
def release_holds(caller: Caller, releases: Annotated[HoldReleasesIn, Json(...)]) -> tuple[int, Any]:
    """Settle holds with their outcome on record. An order without any other hold is confirmed. All or none (VER-3).

    Where the procedure asks for four eyes, this proposes the release, and a person approves it in the desk.
    """
    entries = releases.releases
    ids = order_ids([entry.order for entry in entries])

    def release(key: Any, some: list[tuple[int, Any]]) -> None:
        kind, outcome, occurred_at = key
        numbers = [order_id for order_id, _ in some]
        orders.release(numbers, kind=kind, outcome=outcome, act=caller.act(occurred_at))

    in_sets(
        list(zip(ids, entries, strict=True)),
        lambda pair: (pair[1].kind, pair[1].outcome, pair[1].occurred_at),
        release,
        lock=lambda: orders.lock(ids),
    )
    return 200, _states([entry.order for entry in entries], ids)


@router.post(
    "/cancellations", auth=ApiKey("orders:write", changes=True), response={200: StatesOut, **REFUSALS},
    summary="Cancel orders",
)  # fmt: skip
@once
def cancel(caller: Caller, cancellations: Annotated[CancellationsIn, Json(...)]) -> tuple[int, Any]:
    """Cancel orders; what is on its way is written off, what was delivered cannot be cancelled. All or none."""
    entries = cancellations.cancellations
    ids = order_ids([entry.order for entry in entries])

    def do(key: Any, some: list[tuple[int, Any]]) -> None:
        reason_code, occurred_at = key
        orders.cancel([order_id for order_id, _ in some], reason_code=reason_code, act=caller.act(occurred_at))

    in_sets(
        list(zip(ids, entries, strict=True)),
        lambda pair: (pair[1].reason_code, pair[1].occurred_at),
        do,
        lock=lambda: _lock_with_stock(ids),
    )
    return 200, _states([entry.order for entry in entries], ids)


@router.post(
    "/shipments", auth=ApiKey("fulfilment:write", changes=True), response={200: ShippedAllOut, **REFUSALS},
    summary="Ship orders",
)  # fmt: skip
@once
def ship(caller: Caller, shipments: Annotated[ShipmentsIn, Json(...)]) -> tuple[int, Any]:
    """Pick, pack and hand over, as a warehouse's system tells it: one box an entry, several boxes of an order in several
    entries. A box without a carrier's number gets one of ours. All or none (TRK-1)."""
    entries = shipments.shipments
    ids = order_ids([entry.order for entry in entries])
    turns = rounds(ids, lambda order_id: order_id)
    shipped: dict[int, int] = {}

    def hand_over(key: Any, some: list[int]) -> None:
        act = caller.act(key[1])
        packed = fulfilment.pack([_packing(ids[place], entries[place]) for place in some], act=act)
        words = [_shipping(ids[p], shipment_id, entries[p]) for p, shipment_id in zip(some, packed, strict=True)]
        shipped.update(zip(some, fulfilment.ship(words, act=act), strict=True))

    in_sets(
        list(range(len(entries))),
        lambda place: (turns[place], entries[place].occurred_at),
        hand_over,
        lock=lambda: _lock_with_stock(ids),
    )
    return 200, {"shipments": _shipped(entries, ids, shipped)}


def _lock_with_stock(ids: Sequence[int]) -> None:
    orders.lock(ids)
    stock.lock_tied(ids)


def _packing(order_id: int, entry: ShipmentIn) -> Packing:
    lines = tuple(PackedLine(position=line.position, quantity=line.quantity) for line in entry.lines)
    return Packing(order_id=order_id, parcels=(ParcelDraft(lines=lines),))


def _shipping(order_id: int, shipment_id: int, entry: ShipmentIn) -> Shipping:
    numbers = (entry.tracking_number,) if entry.tracking_number else ()
    return Shipping(
        order_id=order_id,
        shipment_id=shipment_id,
        carrier=entry.carrier,
        service=entry.service,
        tracking_numbers=numbers,
        numbers_confirmed=entry.number_confirmed,
    )


def _shipped(entries: Sequence[ShipmentIn], ids: Sequence[int], shipped: dict[int, int]) -> list[dict[str, Any]]:
    cards = {card.id: card for cards in shipments.shipments_of(set(ids)).values() for card in cards}
    contacts = known.contacts(set(ids))
    return [
        {
            "order": entry.order,
            "reference": contacts[ids[place]].reference,
            "state": contacts[ids[place]].state,
            "tracking_numbers": [parcel.tracking_number for parcel in cards[shipped[place]].parcels],
        }
        for place, entry in enumerate(entries)
    ]


@router.post(
    "/acceptances", auth=ApiKey("orders:write", changes=True), response={200: StatesOut, **REFUSALS},
    summary="Accept deliveries",
)  # fmt: skip
@once
def accept(caller: Caller, acceptances: Annotated[AcceptancesIn, Json(...)]) -> tuple[int, Any]:
    """The customers have what was agreed; the orders are completed. All or none (CLO-2)."""
    entries = acceptances.acceptances
    ids = order_ids([entry.order for entry in entries])

    def do(occurred_at: Any, some: list[tuple[int, Any]]) -> None:
        closeout.accept([order_id for order_id, _ in some], act=caller.act(occurred_at))

    def lock() -> None:
        closeout.lock(ids)
        orders.lock(ids)

    in_sets(list(zip(ids, entries, strict=True)), lambda pair: pair[1].occurred_at, do, lock=lock)
    return 200, _states([entry.order for entry in entries], ids)


@router.post(
    "/feedback",
    auth=ApiKey("orders:write", changes=True),
    response={200: FeedbackOut, **REFUSALS},
    summary="Rate orders",
)
@once
def rate(caller: Caller, feedback: Annotated[FeedbackListIn, Json(...)]) -> tuple[int, Any]:
    """Ratings from 1 to 5 with an optional comment; an order may have several. All or none (KPI-3)."""
    entries = feedback.feedback
    ids = order_ids([entry.order for entry in entries])

    def do(occurred_at: Any, some: list[tuple[int, Any]]) -> None:
        act = caller.act(occurred_at)
        ratings = [
            Rating(order_id=order_id, rating=e.rating, comment=e.comment, given_at=act.at) for order_id, e in some
        ]
        closeout.rate(ratings, act=act)

    in_sets(list(zip(ids, entries, strict=True)), lambda pair: pair[1].occurred_at, do)
    return 200, {"kept": len(entries)}


def _states(names: Sequence[str], ids: Sequence[int]) -> dict[str, Any]:
    """Where the orders stand now. One statement."""
    contacts = known.contacts(set(ids))
    return {
        "orders": [
            {"order": name, "reference": contacts[order_id].reference, "state": contacts[order_id].state}
            for name, order_id in zip(names, ids, strict=True)
        ]
    }
