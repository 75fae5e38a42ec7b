"""Real orders for `bench.draining`, received in sets by the house's own verbs: `python -m bench.draining_orders COUNT`."""

import os
import sys
from datetime import UTC, datetime
from decimal import Decimal

SET = 500


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.config.settings")
    import django

    django.setup()
    from milepost.ground.catalog import commands as catalog
    from milepost.ground.catalog.words import ItemDraft
    from milepost.kernel.acts import Act
    from milepost.way.intake import commands as intake
    from milepost.way.stock import commands as stock
    from milepost.way.stock.words import StockReceipt

    act = Act.now("key:1", channel="api", now=datetime.now(UTC))
    drafts = [
        ItemDraft(code=f"I-{n:03}", name=f"Thing {n}", unit="piece", price=Decimal("9.90"), currency="EUR")
        for n in range(100)
    ]
    items = catalog.list_items(drafts, act=act)
    stock.receive_stock([StockReceipt(item_id=n, location="MAIN", quantity=Decimal(10**7)) for n in items], act=act)
    for start in range(0, count, SET):
        intake.receive([_incoming(number) for number in range(start, min(start + SET, count))], act=act)


def _incoming(number: int):
    from milepost.ground.parties.words import CustomerDraft
    from milepost.way.intake.words import Address, Draft, Incoming, LineDraft

    customer = CustomerDraft(
        external_ref=f"B-{number}", name="Ada Okafor", email=f"c{number}@example.org", phone=f"+49 30 9018{number:06}",
        language="en", zone="Europe/Berlin",
    )  # fmt: skip
    lines = tuple(LineDraft(code=f"I-{(number * step + step) % 100:03}", quantity=Decimal(step)) for step in (1, 3))
    ship_to = Address(name="Ada Okafor", street="Lindenstraße 9", postal_code="10969", city="Berlin", country="DE")
    draft = Draft(customer=customer, ship_to=ship_to, currency="EUR", lines=lines, freight=Decimal("4.90"))
    return Incoming(draft=draft, raw=repr(draft).encode(), index=number)


if __name__ == "__main__":
    main(int(sys.argv[1]))
