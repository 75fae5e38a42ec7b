"""The day of delivery for calendars, and the map of the way, behind a tracking link."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar

from milepost.faces.portal.map.drawing import OUTLINES, Sketch, draw
from milepost.faces.portal.map.places import Spot, spot
from milepost.faces.portal.tests.signing_in import opened
from milepost.faces.portal.tests.test_tracking_page import act, delivered, link, look
from milepost.reactions.letters import calendar
from milepost.reactions.letters.ledger import read
from milepost.reactions.letters.tongues import tongue
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import Shipping
from milepost.way.orders import commands as orders
from milepost.way.promising import commands as promising
from milepost.way.promising import queries as promises
from milepost.way.promising.words import Cause, Revision
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def order_id() -> int:
    """Ada's order, confirmed a moment ago."""
    cast.stocked()
    return cast.ordered(act=act())[0]


def event(data: bytes) -> Any:
    (found,) = Calendar.from_ical(data).walk("VEVENT")
    return found


@pytest.mark.clause("TRK-3")
class TestTheDayForCalendars:
    def test_is_a_valid_entry_of_whole_days_at_the_recipients_place(self, order_id: int) -> None:
        where = link(order_id)
        assert f'href="{where}delivery.ics"' in look(where).text
        answer = look(f"{where}delivery.ics")
        assert answer.headers["Content-Type"].startswith("text/calendar")
        assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
        entry, promise = event(answer.content), promises.standing([order_id])[order_id].now
        assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (promise.earliest_on, promise.latest_on + timedelta(days=1))
        assert isinstance(entry["DTSTART"].dt, date)
        assert not isinstance(entry["DTSTART"].dt, datetime)
        assert not entry.errors

    def test_keeps_its_uid_and_rises_with_each_revision_as_in_the_letters(self, order_id: int) -> None:
        where, now = f"{link(order_id)}delivery.ics", datetime.now(UTC)
        first, was = event(look(where).content), promises.standing([order_id])[order_id].now
        later = Revision(order_id=order_id, latest_on=was.latest_on + timedelta(days=3), cause=Cause.WEATHER)
        promising.revise([later], act=act())
        second = event(look(where).content)
        assert second["UID"] == first["UID"]
        assert second["SEQUENCE"] == first["SEQUENCE"] + 1
        account = read([order_id], now=now)[order_id]
        assert account.standing is not None
        mailed = event(calendar.entry(account, account.standing.now, tongue("en"), method="PUBLISH", now=now))
        assert (mailed["UID"], mailed["SEQUENCE"]) == (second["UID"], second["SEQUENCE"])
        assert mailed["DTEND"].dt == second["DTEND"].dt

    def test_takes_itself_back_when_the_order_is_cancelled(self, order_id: int) -> None:
        where = f"{link(order_id)}delivery.ics"
        first = event(look(where).content)
        orders.cancel([order_id], reason_code="customer", act=act())
        answer = look(where)
        last = event(answer.content)
        assert "method=CANCEL" in answer.headers["Content-Type"]
        assert (last["STATUS"], last["UID"], last["SEQUENCE"] > first["SEQUENCE"]) == ("CANCELLED", first["UID"], True)

    @pytest.mark.django_db(transaction=True)
    def test_names_the_street_only_where_a_code_opened_the_link(self, order_id: int) -> None:
        assert str(event(look(f"{link(order_id)}delivery.ics").content)["LOCATION"]) == "Berlin, Germany"
        client, where = opened(order_id)
        assert "Lindenstraße 9" in event(client.get(f"{where}delivery.ics").content)["LOCATION"]

    def test_is_not_there_once_it_has_arrived(self, order_id: int) -> None:
        delivered(order_id)
        assert look(f"{link(order_id)}delivery.ics").status_code == 404
        assert "delivery.ics" not in look(link(order_id)).text


def seen(order_id: int, *scans: EventDraft) -> None:
    fulfilment.pick([order_id], act=act())
    fulfilment.ship([Shipping(order_id=order_id)], act=act())
    parcel = shipments.shipments_of([order_id])[order_id][0].parcels[0]
    tracking.record_events(
        [EventDraft(**{**{name: getattr(scan, name) for name in FIELDS}, "parcel_id": parcel.id}) for scan in scans],
        act=act(),
    )


FIELDS = ("kind", "happened_at", "place", "city", "country", "latitude", "longitude")


def scan(hours_ago: int, **where: Any) -> EventDraft:
    return EventDraft(kind=Kind.ARRIVED_HUB, happened_at=datetime.now(UTC) - timedelta(hours=hours_ago), **where)


@pytest.mark.clause("INQ-4")
class TestTheMap:
    def test_is_a_picture_of_ours_with_the_way_and_its_words(self, order_id: int) -> None:
        seen(order_id, scan(9, place="Hamburg"), scan(3, place="LEIPZIG", city="Leipzig", country="DE"))
        where = link(order_id)
        page = look(where).text
        assert f'<img src="{where}map.svg"' in page
        assert "last seen in Leipzig, on the way to Berlin" in page
        drawn = look(f"{where}map.svg")
        assert drawn.headers["Content-Type"].startswith("image/svg+xml")
        for part in ('class="land"', '<polyline class="way"', ">Leipzig</text>", ">Berlin</text>", "GeoNames"):
            assert part in drawn.text
        assert look(f"{where}map.svg", if_none_match=drawn.headers["ETag"]).status_code == 304
        assert "script" not in drawn.headers["Content-Security-Policy"]
        assert "<script" not in drawn.text

    def test_is_not_there_while_no_place_is_known(self, order_id: int) -> None:
        seen(order_id, scan(3, place="Depot 7"))
        assert "map.svg" not in look(link(order_id)).text
        assert look(f"{link(order_id)}map.svg").status_code == 404

    def test_coordinates_of_carriers_are_rounded_so_that_no_house_is_shown(self, order_id: int) -> None:
        seen(order_id, scan(3, place="", latitude=Decimal("52.503111"), longitude=Decimal("13.396222")))
        assert "map.svg" in look(link(order_id)).text
        assert Spot.at("", 52.503111, 13.396222) == Spot("", 52.5, 13.4)


@pytest.mark.parametrize(
    ("place", "told", "name"),
    [
        ("Leipzig", {"near": "DE"}, "Leipzig"), ("LEIPZIG, GERMANY", {}, "Leipzig"), ("MUNCHEN", {"country": "DE"}, "Munich"),
        ("Köln", {"country": "Germany"}, "Köln"), ("Springfield, IL, US", {}, "Springfield"),
        ("Springfield", {"country": "US"}, None),
        ("Nowhere-on-Sea", {"country": "GB"}, None), ("", {}, None), ("Leipzig", {"country": "FR"}, None),
    ],
)  # fmt: skip
def test_a_town_is_found_as_carriers_write_it_or_left_out(place: str, told: dict[str, str], name: str | None) -> None:
    found = spot(place, **told)
    assert (found.name if found else None) == name


def pictures() -> Iterator[str]:
    tokyo, berlin = Spot.at("Tokyo", 35.7, 139.7), Spot.at("Berlin", 52.5, 13.4)
    francisco, pole = Spot.at("San Francisco", 37.8, -122.4), Spot.at("<Nord> & Co", 89.9, 0)
    for sketch in (
        Sketch(((tokyo,),), francisco), Sketch(((berlin,),), berlin, arrived=True), Sketch(((berlin, tokyo, francisco),)),
        Sketch(((pole, berlin), (tokyo,)), berlin),
    ):  # fmt: skip
        yield draw(sketch, accent="#0b5c66", accent_dark="#7fd3da", title="MP-1 & <2>")


def test_any_way_can_be_drawn_even_across_the_date_line_and_stays_small() -> None:
    for drawn in pictures():
        assert ET.fromstring(drawn).tag.endswith("svg")
        assert len(drawn) < 120_000
        assert "nan" not in drawn
        assert "inf" not in drawn


def test_across_the_pacific_the_way_is_the_short_one() -> None:
    drawn = next(pictures())
    (line,) = [row for row in drawn.splitlines() if 'class="ahead"' in row]
    x1, x2 = (float(line.split(f'{end}="')[1].split('"')[0]) for end in ("x1", "x2"))
    assert 0 < x1 < x2 < 640, "Tokyo lies left of San Francisco"


def test_the_outlines_are_small() -> None:
    assert OUTLINES.stat().st_size <= 60_000
