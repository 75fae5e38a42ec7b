"""Which instant a carrier's wall time names: by the place of the scan, and never more certain than it is."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.way.tracking import places
from milepost.way.tracking.places import Place, country_code, instant_of, zone_of

NOON = datetime(2026, 7, 1, 12)  # noqa: DTZ001 - a wall time


@pytest.mark.clause("TRK-2")
@pytest.mark.parametrize(
    ("place", "offset"),
    [
        (Place(country="DE"), 2),
        (Place(city="LEIPZIG", country="Germany"), 2),
        (Place(country="AR"), -3),
        (Place(country="China, People's Republic", city="Urumqi"), 8),
        (Place(city="Louisville", region="KY", country="US"), -4),
        (Place(city="Memphis", region="Tennessee", country="USA"), -5),
        (Place(postcode="37203-1234", country="US"), -5),
        (Place(postcode="37902", region="TN", country="US"), -4),
        (Place(postcode="32401", region="FL", country="US"), -5),
        (Place(region="AZ", postcode="85001", country="US"), -7),
        (Place(region="HI", country="US"), -10),
        (Place(postcode="00901", country="US"), -4),
        (Place(region="bc", postcode="V6B 1A1", country="CA"), -7),
        (Place(region="SK", city="Regina", country="Canada"), -6),
        (Place(region="Queensland", country="AU"), 10),
        (Place(postcode="5000", country="AU"), 9.5),
        (Place(city="SAO PAULO", country="BR"), -3),
        (Place(postcode="35001", country="ES"), 1),
        (Place(city="Paris", country="FR"), 2),
        (Place(postcode="97400", country="FR"), 4),
    ],
    ids=str,
)
def test_a_place_with_one_clock_names_one_instant(place: Place, offset: float) -> None:
    assert instant_of(NOON, place) == (NOON.replace(tzinfo=timezone(timedelta(hours=offset))), True)


@pytest.mark.clause("TRK-2")
@pytest.mark.parametrize(
    "place",
    [
        Place(),
        Place(country="Atlantis"),
        Place(country="US"),
        Place(region="KY", country="US"),
        Place(region="TN", city="Nowhere", country="US"),
        Place(region="FL", postcode="32456", country="US"),
        Place(region="NY", postcode="90210", country="US"),
        Place(postcode="00000", country="US"),
        Place(postcode="09012", country="US"),
        Place(postcode="0872", country="AU"),
        Place(country="CA", region="Ontario"),
        Place(country="RU"),
        Place(country="ES"),
    ],
    ids=str,
)
def test_where_several_clocks_are_possible_the_instant_is_called_uncertain(place: Place) -> None:
    assert instant_of(NOON, place)[1] is False


def test_the_hour_that_the_clocks_leave_out_and_the_one_that_they_show_twice_are_uncertain() -> None:
    berlin = Place(country="DE")
    gap, twice = datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001
    assert instant_of(gap, berlin) == (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), False)
    assert instant_of(twice, berlin) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), False)
    assert instant_of(twice + timedelta(hours=1), berlin) == (datetime(2026, 10, 25, 2, 30, tzinfo=UTC), True)


def test_the_carriers_own_zone_is_a_guess_and_only_where_the_place_allows_it() -> None:
    kentucky = Place(region="KY", country="US")
    assert instant_of(NOON, kentucky, fallback_zone="America/Chicago") == (datetime(2026, 7, 1, 17, tzinfo=UTC), False)
    assert instant_of(NOON, kentucky, fallback_zone="Europe/Berlin") == (datetime(2026, 7, 1, 16, tzinfo=UTC), False)
    assert instant_of(NOON, Place(), fallback_zone="Europe/Berlin") == (datetime(2026, 7, 1, 10, tzinfo=UTC), False)


def test_a_time_with_an_offset_names_its_instant_itself() -> None:
    given_ = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=9)))
    assert instant_of(given_, Place(country="DE")) == (given_, True)


@given(
    st.datetimes(),
    st.builds(Place, st.text(), st.text(), st.text(), st.sampled_from(["US", "CA", "DE", "AU", "", "zz"])),
)
def test_no_place_and_no_time_is_too_odd(wall: datetime, place: Place) -> None:
    instant, certain = instant_of(wall, place)
    assert instant.tzinfo is not None
    assert not certain or zone_of(place)


def test_the_tables_name_only_zones_of_their_country_and_every_place_in_them_is_read() -> None:
    known = available_timezones()
    for country, split in places._table().items():
        used = {
            *split.otherwise,
            *(z for some in (split.regions, split.cities, split.postcodes) for zs in some.values() for z in zs),
        }
        assert used <= known, country
        assert set(split.names.values()) <= set(split.regions), country
        for zone in used:
            ZoneInfo(zone)


def test_countries_are_known_by_code_and_by_name() -> None:
    names = ["de", "DEU", "Germany", "Côte d'Ivoire", "United Kingdom", "UK", "x", ""]
    assert [country_code(name) for name in names] == ["DE", "DE", "DE", "CI", "GB", "GB", "", ""]
