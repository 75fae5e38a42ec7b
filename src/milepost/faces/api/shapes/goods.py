"""Items and stock as they are sent."""

from typing import Annotated

from pydantic import Field, StringConstraints

from milepost.faces.api.shapes.terms import (
    ONE_LINE,
    Bulk,
    Code,
    Currency,
    Money,
    Number,
    OccurredAt,
    Quantity,
    Sent,
    Title,
    Told,
)


class ItemIn(Sent):
    """An item of the catalogue; one with the same code is replaced."""

    code: Code
    name: Title
    unit: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16, pattern=ONE_LINE)] = "pc"
    price: Money
    currency: Currency
    usual_max: Annotated[Quantity | None, Field(description="More than this of a line is asked about.")] = None
    weight_grams: Annotated[int, Field(ge=0, le=100_000_000)] | None = None


class ItemsIn(Sent):
    """Up to 1,000 items: all or none."""

    items: Annotated[list[ItemIn], Field(min_length=1, max_length=1000)]


class ListedOut(Told):
    """How many items were listed."""

    listed: int


class StockReceiptIn(Sent):
    """Goods that arrived at a location; an unknown location is opened."""

    code: Code
    location: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32, pattern=ONE_LINE)]
    quantity: Bulk
    reference: Number = ""
    occurred_at: OccurredAt | None = None


class StockReceiptsIn(Sent):
    """Up to 1,000 receipts: all or none."""

    receipts: Annotated[list[StockReceiptIn], Field(min_length=1, max_length=1000)]


class ReceivedOut(Told):
    """How many receipts were booked."""

    received: int
