"""Amounts as people type them. What can be read in two ways is not read: nobody's quantity or price is guessed."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

_PLAIN = re.compile(r"\d{1,9}([.,]\d{1,4})?")
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+")


def read_amount(typed: str) -> tuple[Decimal | None, str]:
    """The amount and what is wrong with it. Comma and point both stand before decimals; “1.000” and “1,000” are asked back."""
    text = re.sub(r"\s", "", typed)
    if not text:
        return None, ""
    if _TWO_WAYS.fullmatch(text):
        return None, _("“%(text)s” can be read in two ways: leave out the point or comma.") % {"text": text}
    if not _PLAIN.fullmatch(text):
        return None, _("“%(text)s” is no amount.") % {"text": typed.strip()[:20]}
    try:
        return Decimal(text.replace(",", ".")), ""
    except InvalidOperation:
        return None, _("“%(text)s” is no amount.") % {"text": typed.strip()[:20]}
