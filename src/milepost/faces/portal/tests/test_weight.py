"""A tracking page weighs less than 60 kB with all its files, before pictures and uncompressed, in whatever language."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from milepost.faces.look.colours import Palette
from milepost.faces.portal.tests.signing_in import opened
from milepost.kernel.acts import Act
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import PackedLine, Packing, ParcelDraft, Shipping
from milepost.way.intake.words import LineDraft
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind
from tests import cast

MOST = 60_000
WAY = (
    Kind.LABEL_CREATED, Kind.PICKED_UP, Kind.ARRIVED_HUB, Kind.DEPARTED_HUB, Kind.ARRIVED_HUB, Kind.DEPARTED_HUB,
    Kind.ARRIVED_HUB, Kind.OUT_FOR_DELIVERY, Kind.ATTEMPT_FAILED, Kind.OUT_FOR_DELIVERY,
)  # fmt: skip


def act() -> Act:
    return Act.now("staff:2", channel="desk", now=datetime.now(UTC))


def three_parcels(language: str) -> int:
    """An order of three lines in three parcels, each scanned ten times, and two of them delivered."""
    cast.stocked()
    lines = tuple(LineDraft(code=code, quantity=Decimal(2)) for code in (cast.KETTLE, cast.MUG, cast.TEA))
    (order_id,) = cast.ordered(cast.draft(customer=replace(cast.ADA, language=language), lines=lines), act=act())
    boxes = tuple(ParcelDraft(lines=(PackedLine(position=n, quantity=Decimal(2)),)) for n in (1, 2, 3))
    fulfilment.pick([order_id], act=act())
    (shipment_id,) = fulfilment.pack([Packing(order_id=order_id, parcels=boxes)], act=act())
    fulfilment.ship([Shipping(order_id=order_id, shipment_id=shipment_id)], act=act())
    now = datetime.now(UTC)
    scans = [
        EventDraft(
            kind=kind, happened_at=now - timedelta(hours=20 - 2 * place), parcel_id=parcel.id,
            place="Leipzig, Germany" if place else "Hamburg, Germany",
        )
        for parcel in shipments.shipments_of([order_id])[order_id][0].parcels
        for place, kind in enumerate(WAY)
    ]  # fmt: skip
    tracking.record_events(scans, act=act())
    return order_id


def weight(client: Client, page: str) -> dict[str, int]:
    """Bytes of the page and of each style sheet and script that it loads."""
    found = {"page": len(page.encode())}
    for file in re.findall(r'<link rel="stylesheet" href="([^"]+)"', page) + re.findall(r'<script src="([^"]+)"', page):
        if file.startswith(settings.STATIC_URL):
            path = finders.find(file.removeprefix(settings.STATIC_URL))
            assert isinstance(path, str)
            found[file] = Path(path).stat().st_size
        else:
            found[file] = len(client.get(file).content)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("TRK-3")
@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_the_page_of_an_order_in_three_parcels_stays_light_with_everything_on_it(language: str, settings) -> None:
    settings.BRAND_PALETTE = Palette.of("#c2185b")
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = "private", "public"
    client, where = opened(three_parcels(language))
    page = client.get(where).text
    assert page.count('class="events"') == 3
    assert "map.svg" in page
    found = weight(client, page)
    assert len(found) >= 4, found
    assert sum(found.values()) < MOST, found
