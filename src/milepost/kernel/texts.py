"""Foreign text: as it can be kept, and as it can be compared; numbers as people write them."""

import unicodedata
from decimal import Decimal


def printable(text: str, limit: int) -> str:
    """Text without characters that no database holds (NUL, lone surrogates, controls but new lines), cut to `limit`."""
    if text.isascii() and text.isprintable():
        return text[:limit]
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in sound if c.isprintable() or c in " \n").strip()[:limit]


def folded(text: str) -> str:
    """Text for comparing: without accents, case and superfluous blanks, so that Mahārāshtra is maharashtra."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def plain_number(number: Decimal) -> str:
    """A number without an exponent or idle zeros; 39.9000 is 39.9."""
    return f"{number.normalize():f}"
