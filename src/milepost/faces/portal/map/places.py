"""Where a town is, as far as we know without asking anybody: coordinates by country and name."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from milepost.faces.look.countries import countries

CITIES = Path(__file__).with_name("cities.tsv")
ISO_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the map, to a tenth of a degree, with the town's name: near enough for a small map, and nobody's front door."""

    name: str
    latitude: float
    longitude: float

    @staticmethod
    def at(name: str, latitude: Decimal | float, longitude: Decimal | float) -> "Spot":
        """A spot, its place rounded."""
        return Spot(name, round(float(latitude), 1), round(float(longitude), 1))


def spot(place: str, *, country: str = "", region: str = "", near: str = "") -> Spot | None:
    """The spot of a town as a carrier writes it ("Leipzig", "LEIPZIG, GERMANY"); None where it is not known for certain.

    Without a country, the town of that name in the country `near` is meant, else the only one there is.
    """
    town, *rest = [part.strip() for part in place.split(",") if part.strip()] or [""]
    told = _code(country) or next((code for code in map(_code, reversed(rest)) if code), "")
    regions = (region, *rest, "")
    known = _known().get(_plain(town), {})
    if told:
        return _in(known, told, regions)
    found = _in(known, near, regions) if near else None
    return found or (_in(known, next(iter(known)), regions) if len(known) == 1 else None)


def _in(known: Mapping[str, Mapping[str, Spot]], country: str, regions: tuple[str, ...]) -> Spot | None:
    there = known.get(country, {})
    return next((there[region.upper()] for region in regions if region.upper() in there), None)


@cache
def _known() -> Mapping[str, Mapping[str, Mapping[str, Spot]]]:
    """Towns by plain name, country and region."""
    found: dict[str, dict[str, dict[str, Spot]]] = defaultdict(lambda: defaultdict(dict))
    for line in CITIES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        country, names, region, latitude, longitude = line.split("\t")
        first, *_ = every = names.split("|")
        for name in every:
            found[_plain(name)][country].setdefault(region, Spot.at(first, float(latitude), float(longitude)))
    return found


@cache
def _codes() -> Mapping[str, str]:
    return {_plain(name): code for code, name in countries()} | {"usa": "US", "uk": "GB"}


def _code(said: str) -> str:
    plain = said.strip().upper()
    if len(plain) == ISO_LETTERS and plain.isalpha() and plain in set(_codes().values()):
        return plain
    return _codes().get(_plain(said), "")


def _plain(name: str) -> str:
    """A name without case, accents and dashes, so that MÜNCHEN, Munchen and München are one."""
    bare = (one for one in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(one))
    return " ".join("".join(one if one.isalnum() else " " for one in bare).split())
