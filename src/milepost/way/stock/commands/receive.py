"""Receive stock: goods that arrived, or what a count found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from milepost.ground import journal
from milepost.kernel.acts import Act
from milepost.kernel.ids import new_id
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.stock.commands import levels
from milepost.way.stock.facts import StockReceived
from milepost.way.stock.models import Location, Movement
from milepost.way.stock.words import MovementKind, StockReceipt

FIRST = "MAIN"
"""The location that is there when no other is."""


def receive_stock(receipts: Sequence[StockReceipt], *, act: Act) -> None:
    """Book goods that arrived (or a count's difference) by appending movements. Refuses what would leave less than is allocated."""
    refuse_any(_bad_receipts(receipts))
    with journal.together():
        places = locations({receipt.location for receipt in receipts})
        change: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
        for receipt in receipts:
            change[receipt.item_id, places[receipt.location]] += receipt.quantity
        levels.open_levels(change)
        levels.lock({item_id for item_id, _ in change})
        levels.add_on_hand(change)
        journal.insert([_movement(receipt, places, act) for receipt in receipts])
        journal.record([_received(receipt) for receipt in receipts], act=act)


def stand_ready(item_ids: Sequence[int]) -> None:
    """Have a level for each of these items, with nothing there yet. Three statements at most."""
    if not item_ids:
        return
    with journal.together():
        known = Location.objects.order_by("id").values_list("id", flat=True).first()
        place = known or locations({FIRST})[FIRST]
        levels.open_levels((item_id, place) for item_id in item_ids)


def _bad_receipts(receipts: Sequence[StockReceipt]) -> Iterable[Refusal]:
    for index, receipt in enumerate(receipts):
        if receipt.quantity <= 0 and receipt.kind != MovementKind.COUNT:
            yield Refusal(
                code="bad_quantity", says="What is received must be more than nothing.",
                do="Give a positive quantity, or book a count.", field="quantity", index=index,
            )  # fmt: skip


def locations(codes: set[str]) -> dict[str, int]:
    """The ids of the locations; unknown ones are opened with that code."""
    Location.objects.bulk_create([Location(code=code, name=code) for code in sorted(codes)], ignore_conflicts=True)
    return dict(Location.objects.filter(code__in=codes).values_list("code", "id"))


def _movement(receipt: StockReceipt, places: Mapping[str, int], act: Act) -> Movement:
    return Movement(
        id=new_id(), item_id=receipt.item_id, location_id=places[receipt.location], kind=receipt.kind,
        quantity=receipt.quantity, reference=receipt.reference, moved_at=act.at, actor=act.actor,
    )  # fmt: skip


def _received(receipt: StockReceipt) -> StockReceived:
    return StockReceived(
        item_id=receipt.item_id, location=receipt.location, quantity=receipt.quantity, reference=receipt.reference
    )
