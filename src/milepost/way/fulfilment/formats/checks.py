"""Check digits of tracking numbers. Each function gives the character that a serial must be followed by.

Sources: GS1 General Specifications 7.9 (mod 10); UPU S10; ISO/IEC 7064 (mod 37,36); ISO/IEC 7812-1 annex B (Luhn); UPS's and
FedEx's guides to their labels.
"""

from itertools import cycle

from milepost.way.fulfilment.numbers import check_digit as s10

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def gs1(serial: str) -> str:
    """Weights 3 and 1 from the right; what is missing to the next ten."""
    return str(-sum(w * int(d) for w, d in zip(cycle((3, 1)), reversed(serial))) % 10)


def ups(serial: str) -> str:
    """Weights 1 and 2 from the left; a letter counts as its place in the alphabet plus one, modulo ten."""
    values = (int(c) if c.isdecimal() else (ord(c) - 63) % 10 for c in serial)
    return str(-sum(w * v for w, v in zip(cycle((1, 2)), values)) % 10)


def luhn(serial: str) -> str:
    """Every other digit from the right doubled, its digits added up."""
    doubled = (sum(divmod(w * int(d), 10)) for w, d in zip(cycle((2, 1)), reversed(serial)))
    return str(-sum(doubled) % 10)


def mod7(serial: str) -> str:
    """The rest of the whole number divided by seven."""
    return str(int(serial) % 7)


def fedex(serial: str) -> str:
    """Weights 1, 3, 7 from the right; the rest by eleven, of which ten is written 0."""
    return str(sum(w * int(d) for w, d in zip(cycle((1, 3, 7)), reversed(serial))) % 11 % 10)


def mod37_36(serial: str) -> str:
    """ISO/IEC 7064's hybrid system over digits and letters."""
    rest = 36
    for character in serial:
        rest = (rest + _ALPHANUMERIC.index(character)) % 36 or 36
        rest = rest * 2 % 37
    return _ALPHANUMERIC[(37 - rest) % 36]


def with_91(serial: str) -> str:
    """The older labels of USPS leave the 91 out that the check digit counts in."""
    return gs1(serial if serial.startswith("91") and len(serial) > 19 else "91" + serial)


CHECKS = {
    "gs1": gs1, "ups": ups, "luhn": luhn, "mod7": mod7, "fedex": fedex, "mod37_36": mod37_36, "s10": s10, "with_91": with_91,
}  # fmt: skip
