"""The demo company and its busy week: made by the real commands, with acts of the last seven days and the messages they caused.

Nothing here is written around the rooms: who looks at an order of the demo sees what they would see of their own.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from milepost.config.demo.cast import CARRIERS, ITEMS, PASSWORD, PLENTY, SCARCE, STAFF, SUPPLIERS
from milepost.kernel.acts import Act


def load(now: datetime) -> None:
    """Fill an empty, migrated database; takes some ten seconds."""
    from milepost.config.demo.week import DAYS, Week, plan

    began = now - timedelta(days=DAYS)
    _hurry()
    act = Act.now("system:install", channel="install", now=began, reason="the demo company")
    staff, key_id = _hire(act)
    _work_by_own_closing_days(staff, began)
    _stock_up(act)
    wishes, steps = plan(now)
    week = Week(staff, key_id, wishes)
    week.happen(steps, until=now)


def _hurry() -> None:
    """A demo that a power cut spoils is loaded anew: this connection does not wait for the disk at each commit."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


def showcase() -> dict[str, str]:
    """What the start says about the demo: how to sign in, and a tracking page to look at; nothing where it is not loaded."""
    from datetime import UTC

    from django.conf import settings

    from milepost.ground.access import links
    from milepost.ground.access import queries as access
    from milepost.way.orders import queries as orders
    from milepost.way.orders.words import Search, State

    if not any(card.email == _address("Mona") for card in access.staff()):
        return {}
    shown = {"sign in": f"{_address('Mona')} / {PASSWORD}  (or {', '.join(name.lower() for name, _ in STAFF[1:])})"}
    for state in (State.OUT_FOR_DELIVERY, State.IN_TRANSIT, State.DELIVERED):
        for order in orders.page(Search(state=state), limit=1):
            token = links.make("track", order.id, now=datetime.now(UTC))
            return shown | {"tracking page": f"{settings.SITE_URL}/t/{token}/"}
    return shown


def _address(name: str) -> str:
    return f"{name.lower()}@milepost.example"


def _hire(act: Act) -> tuple[dict[str, int], int]:
    from milepost.ground.access import commands as access

    staff = {
        name: access.join(email=_address(name), name=name, roles=roles, act=act, password=PASSWORD)
        for name, roles in STAFF
    }
    key = access.grant_key(name="Web shop", scopes=["orders:write", "orders:read", "tracking:write"], act=act)
    return staff, key.id


def _work_by_own_closing_days(staff: dict[str, int], began: datetime) -> None:
    """The demo company gives customers four days to speak and closes two days later, so that the week sees an order closed."""
    from milepost.ground.procedures import commands as procedures
    from milepost.ground.procedures.words import DEFAULT, DocumentDraft

    omar = Act.now(f"staff:{staff['Omar']}", channel="desk", now=began)
    max_ = Act.now(f"staff:{staff['Max']}", channel="desk", now=began)
    body = {"acceptance_days": 4, "close_days": 2}
    ids = procedures.draft(
        [DocumentDraft(kind="closing", name=DEFAULT, body=body, note="Shorter, as in our terms")], act=omar
    )
    procedures.review(ids, act=max_)
    procedures.publish(ids, act=max_)


def _stock_up(act: Act) -> None:
    from milepost.ground.catalog import commands as catalog
    from milepost.ground.parties import commands as parties
    from milepost.way.stock import commands as stock
    from milepost.way.stock.words import StockReceipt

    parties.list_carriers(CARRIERS)
    parties.list_suppliers(SUPPLIERS)
    ids = catalog.list_items(ITEMS, act=act)
    stock.receive_stock(
        [
            StockReceipt(
                item_id=key,
                location="BERLIN",
                quantity=Decimal(SCARCE.get(item.code, PLENTY)),
                reference="opening stock",
            )
            for key, item in zip(ids, ITEMS, strict=True)
            if SCARCE.get(item.code, PLENTY)
        ],
        act=act,
    )
