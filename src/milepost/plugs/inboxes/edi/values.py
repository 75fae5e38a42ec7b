"""From the text of an element to a value, or None where it is none. An empty text is for the caller to notice."""

import re
from datetime import date
from decimal import Decimal

_NUMBER = re.compile(r"-?(\d{1,15}([.,]\d{0,9})?|[.,]\d{1,9})", re.ASCII)
_DIGITS = re.compile(r"\d{8}|\d{12}|\d{13}|\d{14}", re.ASCII)
_GTIN_LENGTHS = (8, 12, 13, 14)
CENTURY_TURNS = 70


def number(text: str, *, comma: bool = False) -> Decimal | None:
    """A number; `comma` says that a comma is a decimal mark, as EDIFACT allows. No form of EDI groups thousands."""
    if not _NUMBER.fullmatch(text) or ("," in text and not comma):
        return None
    plain = text.replace(",", ".")
    return Decimal(f"{plain}0" if plain.endswith(".") else plain)


def hundredths(text: str) -> Decimal | None:
    """A number with two implied decimals (X12's N2); one with a decimal point is not one."""
    return Decimal(text) / 100 if re.fullmatch(r"-?\d{1,15}", text, re.ASCII) else None


def day(text: str) -> date | None:
    """A calendar day as CCYYMMDD, with a time of day behind it or not, or as YYMMDD."""
    if not re.fullmatch(r"\d{6}|\d{8}|\d{12}|\d{14}", text, re.ASCII):
        return None
    century = "" if len(text) > 6 else "19" if int(text[:2]) >= CENTURY_TURNS else "20"
    full = f"{century}{text}"[:8]
    try:
        return date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        return None


def spellings(gtin: str) -> tuple[str, ...]:
    """A global trade item number in the lengths in which it may be listed; zeros in front do not make it another (GS1)."""
    if not _DIGITS.fullmatch(gtin) or not _is_sound(gtin):
        return (gtin,)
    bare = gtin.lstrip("0")
    padded = [bare.zfill(length) for length in _GTIN_LENGTHS if len(bare) <= length]
    return tuple(dict.fromkeys((gtin, *padded)))


def _is_sound(gtin: str) -> bool:
    """Whether its check digit is right (modulo 10, weights 3 and 1 from the right)."""
    digits = [int(digit) for digit in reversed(gtin)]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
