"""The fixed cast of the tests: a few named customers, items and acts, so that every test speaks of the same world."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.acts import Act
from milepost.way.intake import commands as intake
from milepost.way.intake.words import Address, Draft, Incoming, LineDraft, Receipt
from milepost.way.stock import commands as stock
from milepost.way.stock.words import StockReceipt

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SHOP = Act.now("key:1", channel="api", now=MONDAY)
OMAR = Act.now("staff:2", channel="desk", now=MONDAY)

ADA = CustomerDraft(
    external_ref="C-1", name="Ada Okafor", email="ada@okafor.example", phone="+49 30 901820", language="en",
    zone="Europe/Berlin",
)  # fmt: skip
BRUNO = CustomerDraft(
    external_ref="C-2",
    name="Bruno Keller",
    email="bruno@keller.example",
    phone="+41 44 668 18 00",
    zone="Europe/Zurich",
)
BERLIN = Address(name="Ada Okafor", street="Lindenstraße 9", postal_code="10969", city="Berlin", country="DE")

KETTLE, MUG, TEA = "KETTLE-1", "MUG-BLUE", "TEA-500"


def today() -> date:
    """The day in the house's zone, by which its pages go."""
    return datetime.now(ZoneInfo(settings.HOME_ZONE)).date()


def catalogue() -> dict[str, int]:
    """Three items for sale; their ids by code."""
    drafts = [
        ItemDraft(
            code=KETTLE,
            name="Kettle, 1.7 l",
            unit="piece",
            price=Decimal("39.90"),
            currency="EUR",
            usual_max=Decimal(20),
        ),
        ItemDraft(code=MUG, name="Mug, blue", unit="piece", price=Decimal("8.50"), currency="EUR"),
        ItemDraft(code=TEA, name="Tea, 500 g", unit="pack", price=Decimal("12.00"), currency="EUR"),
    ]
    return dict(zip((KETTLE, MUG, TEA), catalog.list_items(drafts, act=SHOP), strict=True))


def stocked(quantity: int = 100, location: str = "MAIN") -> dict[str, int]:
    """The catalogue with as many of each on the shelf."""
    items = catalogue()
    stock.receive_stock(
        [StockReceipt(item_id=item_id, location=location, quantity=Decimal(quantity)) for item_id in items.values()],
        act=SHOP,
    )
    return items


def draft(**changes: Any) -> Draft:
    """Ada orders a kettle and two mugs to Berlin."""
    usual = Draft(
        customer=ADA,
        ship_to=BERLIN,
        currency="EUR",
        lines=(LineDraft(code=KETTLE, quantity=Decimal(1)), LineDraft(code=MUG, quantity=Decimal(2))),
        freight=Decimal("4.90"),
    )
    return replace(usual, **changes)


def incoming(*drafts: Draft) -> list[Incoming]:
    """Requests as a channel hands them over, with their raw originals."""
    return [Incoming(draft=one, raw=repr(one).encode(), index=index) for index, one in enumerate(drafts)]


def received(*drafts: Draft, act: Act = SHOP) -> list[Receipt]:
    """What becomes of drafts when they are received."""
    return intake.receive(incoming(*drafts), act=act)


def ordered(*drafts: Draft, act: Act = SHOP) -> list[int]:
    """The ids of orders that were received."""
    return [receipt.order_id for receipt in received(*(drafts or (draft(),)), act=act)]
