"""Items and stock."""

from collections.abc import Sequence
from typing import Annotated, Any

from ninja import Router

from milepost.faces.api.answers import REFUSALS
from milepost.faces.api.batches import in_sets
from milepost.faces.api.body import Json
from milepost.faces.api.keys import ApiKey, Caller
from milepost.faces.api.once import once
from milepost.faces.api.shapes.goods import ItemsIn, ListedOut, ReceivedOut, StockReceiptIn, StockReceiptsIn
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog import queries as listed
from milepost.ground.catalog.words import ItemDraft
from milepost.kernel.refusals import Refusal, refuse_any
from milepost.way.stock import commands as stock
from milepost.way.stock.words import StockReceipt

router = Router(tags=["catalogue and stock"])


@router.post(
    "/items", auth=ApiKey("catalog:write", changes=True), response={200: ListedOut, **REFUSALS}, summary="List items"
)
@once
def list_items(caller: Caller, items: Annotated[ItemsIn, Json(...)]) -> tuple[int, Any]:
    """Put items into the catalogue, or replace those with the same code. All or none."""
    drafts = [
        ItemDraft(
            code=item.code, name=item.name, unit=item.unit, price=item.price, currency=item.currency,
            usual_max=item.usual_max, weight_grams=item.weight_grams,
        )
        for item in items.items
    ]  # fmt: skip
    return 200, {"listed": len(catalog.list_items(drafts, act=caller.act()))}


@router.post(
    "/stock/receipts", auth=ApiKey("stock:write", changes=True), response={200: ReceivedOut, **REFUSALS},
    summary="Receive stock",
)  # fmt: skip
@once
def receive_stock(caller: Caller, receipts: Annotated[StockReceiptsIn, Json(...)]) -> tuple[int, Any]:
    """Book goods that arrived. What was waiting for them is served, those who waited longest first. All or none."""
    cards = listed.by_code(sorted({receipt.code for receipt in receipts.receipts}))
    refuse_any(
        _unknown_item(receipt.code, index)
        for index, receipt in enumerate(receipts.receipts)
        if receipt.code not in cards
    )

    def goods(some: Sequence[StockReceiptIn]) -> list[StockReceipt]:
        return [
            StockReceipt(item_id=cards[r.code].id, location=r.location, quantity=r.quantity, reference=r.reference)
            for r in some
        ]

    in_sets(
        receipts.receipts,
        lambda receipt: receipt.occurred_at,
        lambda occurred_at, some: stock.receive_stock(goods(some), act=caller.act(occurred_at)),
        lock=lambda: stock.lock_places(goods(receipts.receipts)),
    )
    return 200, {"received": len(receipts.receipts)}


def _unknown_item(code: str, index: int) -> Refusal:
    return Refusal(
        code="unknown_item", says="There is no item {code} in the catalogue.", do="Check the code, or list the item first.",
        field="code", index=index, values={"code": code},
    )  # fmt: skip
