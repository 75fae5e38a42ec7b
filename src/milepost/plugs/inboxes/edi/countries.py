"""Countries: which one an address without a country must be in, and codes of three letters."""

import re

US = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "DC",
        "PR",
        "VI",
        "GU",
        "AS",
        "MP",
        "AA",
        "AE",
        "AP",
    ]
)
CANADA = frozenset(["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"])
_ZIP = re.compile(r"\d{5}(-?\d{4})?", re.ASCII)
_CANADIAN = re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d", re.ASCII)
THREE_LETTERS = {
    "USA": "US", "CAN": "CA", "MEX": "MX", "GBR": "GB", "DEU": "DE", "FRA": "FR", "ITA": "IT", "ESP": "ES", "NLD": "NL",
    "BEL": "BE", "AUT": "AT", "CHE": "CH", "POL": "PL", "DNK": "DK", "SWE": "SE", "NOR": "NO", "FIN": "FI",
    "IRL": "IE", "PRT": "PT",
    "CZE": "CZ",
    "HUN": "HU", "LUX": "LU", "CHN": "CN", "JPN": "JP", "AUS": "AU", "NZL": "NZ", "BRA": "BR", "IND": "IN", "ZAF": "ZA",
}  # fmt: skip


def country_of(stated: str, region: str, postal_code: str) -> str:
    """The country as two letters. Where none is stated it is read from state and code together: X12 leaves it out only
    in the United States and Canada (N4, note 2); one of them alone says nothing."""
    code = stated.strip().upper()
    if code:
        return THREE_LETTERS.get(code, code)
    if region.upper() in US and _ZIP.fullmatch(postal_code):
        return "US"
    if region.upper() in CANADA and _CANADIAN.fullmatch(postal_code.upper()):
        return "CA"
    return ""
