"""The sections of an order's page: what could be sent instead and who chose it, which message carried a date, broken links."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from milepost.config import wiring
from milepost.faces.desk.tests.conftest import SignedIn, now, reference_of
from milepost.ground.catalog import commands as catalog
from milepost.ground.catalog.words import ItemDraft
from milepost.ground.notices import commands as notices
from milepost.ground.parties import commands as parties
from milepost.ground.parties.words import CarrierDraft
from milepost.reactions.letters.composer import compose
from milepost.way.cases import commands as cases
from milepost.way.cases.words import DelayDraft
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import Shipping
from milepost.way.orders import queries as orders
from milepost.way.stock import commands as stock
from milepost.way.stock.words import StockReceipt
from milepost.way.tracking.links.words import LinkState
from milepost.way.tracking.models import TrackingLink
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("INQ-1")]


def section(client: Client, reference: str, name: str) -> str:
    page = client.get(f"/desk/orders/{reference}/").text
    (found,) = re.findall(rf'<section class="card" id="{name}".*?</section>', page, re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", found)))


def say(client: Client, reference: str, verb: str, **values: object) -> Any:
    return client.post(f"/desk/orders/{reference}/{verb}/", values, follow=True)


@pytest.mark.clause("STK-2")
def test_a_short_line_shows_what_could_be_sent_instead_and_later_who_chose_it(mona: Client) -> None:
    items = cast.catalogue()
    green = ItemDraft(code="MUG-GREEN", name="Mug, green", unit="piece", price=Decimal("8.00"), currency="EUR")
    items["MUG-GREEN"] = catalog.list_items([green], act=now())[0]
    parts = [
        StockReceipt(item_id=items[code], location="MAIN", quantity=Decimal(5)) for code in (cast.KETTLE, "MUG-GREEN")
    ]
    stock.receive_stock(parts, act=now())
    catalog.replace(cast.MUG, ["MUG-GREEN"])
    reference = reference_of(cast.ordered(act=now())[0])
    lines = section(mona, reference, "lines")
    assert "2 on backorder no date yet" in lines
    assert "Could be sent instead: Mug, green MUG-GREEN 8.00 EUR" in lines
    said = {"line_2": f"item:{items['MUG-GREEN']}", "said_by": "Ada Okafor", "said_at": "2026-11-20T10:30"}
    assert "Recorded, and carried out." in say(mona, reference, "alternatives", **said).text
    lines = section(mona, reference, "lines")
    assert "instead of MUG-BLUE , chosen by Ada Okafor" in lines
    assert "Could be sent instead" not in lines


@pytest.mark.clause("EXC-2")
def test_each_date_tells_its_cause_and_the_message_that_carried_it(reference: str, omar: Client) -> None:
    order_id = orders.find(reference) or 0
    assert "not told yet" in section(omar, reference, "promises")
    _send()
    assert "not told yet" not in section(omar, reference, "promises")
    cases.report_delays([DelayDraft(order_id=order_id, cause="weather", note="A storm")], act=now())
    rows = section(omar, reference, "promises")
    assert "Weather" in rows
    assert "not told yet" in rows
    _send()
    assert "Delay notice" in section(omar, reference, "promises")


def _send() -> None:
    (sender, *_others) = wiring.senders()["email"]
    while notices.send_due(now=datetime.now(UTC), sender=sender, compose=compose).total:
        pass


def test_another_date_is_given_with_its_cause_and_the_first_one_stays(
    reference: str, omar: Client, mona: Client
) -> None:
    page = say(omar, reference, "date", latest_on="2099-01-04", cause="supply", explanation="The ship is late").text
    assert "The new date stands" in page
    rows = section(mona, reference, "promises")
    assert "4 Jan 2099" in rows
    assert "The ship is late" in rows
    for bad in ("2001-01-01", "2099-01-04"):
        assert say(omar, reference, "date", latest_on=bad, cause="supply").status_code == 422


@pytest.mark.clause("TRK-5")
def test_a_carriers_page_that_leads_nowhere_is_flagged(reference: str, mona: Client) -> None:
    parties.list_carriers([CarrierDraft(code="swift", name="Swift", tracking_url="https://swift.example/{number}")])
    order_id = orders.find(reference) or 0
    fulfilment.ship([Shipping(order_id=order_id, carrier="swift", tracking_numbers=("SWIFT0000017",))], act=now())
    (shipment,) = shipments.shipments_of([order_id])[order_id]
    assert "leads nowhere" not in section(mona, reference, "parcels")
    TrackingLink.objects.update_or_create(
        parcel_id=shipment.parcels[0].id,
        defaults={
            "order_id": order_id, "carrier": "swift", "host": "swift.example", "url": "https://swift.example/SWIFT0000017",
            "state": LinkState.BROKEN, "checked_at": datetime.now(UTC),
        },
    )  # fmt: skip
    parcels = section(mona, reference, "parcels")
    assert "The carrier’s page leads nowhere" in parcels
    assert "Swift SWIFT0000017" in parcels


@pytest.mark.clause("VER-3")
def test_a_hold_tells_whose_it_is_what_it_rests_on_and_who_may_release_it(mona: Client, signed_in: SignedIn) -> None:
    cast.stocked()
    reference = reference_of(cast.ordered(cast.draft(payment_pending=True), act=now())[0])
    holds = section(mona, reference, "holds")
    assert "Rests on: payment" in holds
    assert "may be released by Order management, Customer service, Management" in holds
    ida = signed_in("auditor", name="Ida")
    assert "This is for others to do: Order management, Customer service, Management." in section(
        ida, reference, "holds"
    )
