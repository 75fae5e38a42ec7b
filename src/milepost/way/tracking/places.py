"""Where a scan was made, and so which instant its wall time names (TRK-2).

Carriers write the clock of the place without its zone. A country with one clock settles it; a split one is settled by postcode,
region or city, as `zones.toml` knows them. Where possible zones name different instants, the best guess is given as uncertain.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from typing import Any
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

Zones = tuple[str, ...]
SHORTEST_POSTCODE = 3
ISO_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A place as far as a carrier names it. `country` is an ISO code or a name, `region` a state or province, code or name."""

    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


def instant_of(wall: datetime, place: Place, *, fallback_zone: str = "") -> tuple[datetime, bool]:
    """The instant (in UTC) that a clock at the place showed as `wall`, and whether that is certain.

    Uncertain are: a place that may lie in zones whose clocks differ, a place of which nothing is known (then the clock is taken to
    be that of `fallback_zone`, else UTC), an hour that the clocks showed twice (the first is given), and one that they left out (as
    long after the leap as it pretends to be after its beginning). A time with an offset names its instant itself.
    """
    if wall.tzinfo is not None:
        return wall.astimezone(UTC), True
    zones = zone_of(place)
    if fallback_zone and (not zones or fallback_zone in zones):
        guess, sure = _read(wall, fallback_zone)
    else:
        guess, sure = _read(wall, zones[0] if zones else "UTC")
    agreed = bool(zones) and all(_read(wall, zone) == (guess, True) for zone in zones)
    return guess, sure and agreed


def zone_of(place: Place) -> Zones:
    """The zones in which the place may lie, the likeliest first; none when nothing is known of it."""
    country = country_code(place.country)
    split = _table().get(country)
    if split is None:
        return _zones_by_country().get(country, ())
    by_post, by_region = split.by_postcode(place.postcode), split.by_region(place.region, place.city)
    if by_post is None:
        return by_region or split.otherwise
    if not by_post or by_region is None:
        return by_post
    return tuple(zone for zone in by_post if zone in by_region) or by_post + by_region


def country_code(name: str) -> str:
    """The ISO code of a country by code or name; nothing when it is not known."""
    plain = _plain(name)
    return plain if len(plain) == ISO_LETTERS and plain in _zones_by_country() else _country_names().get(plain, "")


def _read(wall: datetime, zone: str) -> tuple[datetime, bool]:
    """The instant by one clock, and whether this clock showed that time exactly once."""
    there = ZoneInfo(zone)
    try:
        first, second = (wall.replace(tzinfo=there, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        return wall.replace(tzinfo=UTC), False
    return first, first == second


@dataclass(frozen=True, slots=True)
class _Split:
    """A country with several clocks."""

    otherwise: Zones
    regions: Mapping[str, Zones]
    names: Mapping[str, str]
    cities: Mapping[str, Zones]
    postcodes: Mapping[str, Zones]

    def by_postcode(self, postcode: str) -> Zones | None:
        """The zones of the longest prefix that is known; None when none is, or when no code at all stands there."""
        code = _plain(postcode)
        if len(code) < SHORTEST_POSTCODE or len(set(code)) == 1:
            return None
        return next((self.postcodes[code[:n]] for n in range(len(code), 0, -1) if code[:n] in self.postcodes), None)

    def by_region(self, region: str, city: str) -> Zones | None:
        """The zones of the region, of a split one those of the city; None when neither is known."""
        named = _plain(region)
        code = self.names.get(named, named)
        if code and code not in self.regions:
            code = ""
        found = self.regions.get(code)
        if found is not None and len(found) == 1:
            return found
        return self.cities.get(f"{code} {_plain(city)}".strip()) or found


@lru_cache(maxsize=1)
def _table() -> Mapping[str, _Split]:
    read = _document()
    return {country: _split(data) for country, data in read.items() if country != "names"}


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    text = resources.files("milepost.way.tracking").joinpath("zones.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _split(data: Mapping[str, Any]) -> _Split:
    zones: Mapping[str, str] = data["zones"]
    return _Split(
        otherwise=(zones[data["otherwise"]],) if "otherwise" in data else tuple(zones.values()),
        regions={
            _plain(region): tuple(zones[letter] for letter in letters.split())
            for region, letters in data.get("regions", {}).items()
        },
        names={_plain(name): _plain(region) for name, region in data.get("names", {}).items()},
        cities=_turned({zone: map(_city_key, some) for zone, some in data.get("cities", {}).items()}, zones),
        postcodes=_turned(data.get("postcodes", {}), zones),
    )


def _city_key(written: str) -> str:
    """ "FL Miami" is the Miami of Florida; a first word in capitals is a region."""
    first, _, rest = written.partition(" ")
    return f"{_plain(first)} {_plain(rest)}" if rest and first.isupper() else _plain(written)


def _turned(by_zone: Mapping[str, Iterable[str]], zones: Mapping[str, str]) -> dict[str, Zones]:
    """Keys by zone become zones by key; under the empty letter stand keys of which no zone is known."""
    found: dict[str, Zones] = {}
    for letter, keys in by_zone.items():
        for key in keys:
            found[key] = (*found.get(key, ()), *((zones[letter],) if letter else ()))
    return found


@lru_cache(maxsize=1)
def _country_names() -> Mapping[str, str]:
    """ISO codes by name, as the tz database spells them and as carriers do."""
    iso = {_plain(name): code for code, name in _tab("iso3166.tab")}
    return iso | {_plain(name): code for name, code in _document()["names"].items()}


@lru_cache(maxsize=1)
def _zones_by_country() -> Mapping[str, Zones]:
    """The zones of each country, by the tz database."""
    found: dict[str, Zones] = {}
    for country, _, zone, *_ in _tab("zone.tab"):
        found[country] = (*found.get(country, ()), zone)
    return found


def _tab(name: str) -> Iterator[list[str]]:
    text = resources.files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


def _plain(text: str) -> str:
    """Letters and digits only, without accents, in capitals."""
    return _plain_of(text[:100])


@lru_cache(maxsize=4096)
def _plain_of(text: str) -> str:
    return "".join(c for c in normalize("NFKD", text).upper() if c.isalnum() and not combining(c))
