"""Tracking numbers of our own, in the form that every postal system reads: UPU S10, as `PA473124829DE`.

Two letters for the service, eight digits, a check digit, two letters for the country. The digits are a keyed permutation of the
parcel's id, so numbers tell nothing about how many parcels there are, and none is given twice; the id comes from a database
sequence, which no transaction waits for. The letters are those that UPU leaves to domestic use.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DOMESTIC = tuple(first + second for first in "PNZDB" for second in _LETTERS)
_SERIALS, _HALF, _ROUNDS = 10**8, 10**4, 6


def check_digit(serial: str) -> str:
    """The S10 check digit of eight digits: weighted sum modulo 11, where 10 is written 0 and 11 is written 5."""
    digit = 11 - sum(weight * int(d) for weight, d in zip(_WEIGHTS, serial, strict=True)) % 11
    return {10: "0", 11: "5"}.get(digit, str(digit))


def is_s10(number: str) -> bool:
    """Whether a number has the S10 form and its check digit is right."""
    letters, serial, check, country = number[:2], number[2:10], number[10:11], number[11:]
    shaped = len(number) == 13 and all(c in _LETTERS for c in letters + country) and (serial + check).isdecimal()
    return shaped and serial.isascii() and check == check_digit(serial)


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """Makes our tracking numbers, with one key per installation."""

    key: bytes
    country: str

    def make(self, parcel_id: int) -> str:
        """The number of a parcel. Raises ValueError past the 13 billion that the domestic letters can hold."""
        series, place = divmod(parcel_id, _SERIALS)
        if parcel_id < 0 or series >= len(_DOMESTIC):
            raise ValueError("no S10 number is left for this parcel")
        serial = f"{self._permute(place):08d}"
        return f"{_DOMESTIC[series]}{serial}{check_digit(serial)}{self.country}"

    def _permute(self, place: int) -> int:
        """A Feistel network over two halves of four digits; each round can be undone, so no two places meet."""
        left, right = divmod(place, _HALF)
        for number in range(_ROUNDS):
            left, right = right, (left + _round(self.key, number, right)) % _HALF
        return left * _HALF + right


@lru_cache(maxsize=1 << 16)
def _round(key: bytes, number: int, half: int) -> int:
    digest = hmac.digest(key, b"parcel" + bytes([number]) + half.to_bytes(2, "big"), hashlib.sha256)
    return int.from_bytes(digest[:4], "big") % _HALF
