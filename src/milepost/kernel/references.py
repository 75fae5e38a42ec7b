"""Order references: a keyed permutation of the order's id in characters that nobody confuses, with a check character.

Thirty-two characters without I, L, O and U (Crockford's alphabet), so eight of them hold 40 bits: 10^12 orders. A balanced
Feistel network over the 40 bits makes consecutive orders look unrelated and can never make two ids alike (REC-2). The
check character closes a weighted sum in the field of 32 elements (one element a character, another power of x for each
place), which finds every single wrong character and every swap of two.
"""

import hashlib
import hmac
from collections.abc import Iterable
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS, HALF, ROUNDS = 40, 20, 6
_VALUES = {character: value for value, character in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_MASK = (1 << HALF) - 1


class References:
    """Makes references from ids and finds ids in references, with one key per installation."""

    def __init__(self, key: bytes, prefix: str = "M") -> None:
        self._key = key
        self.prefix = prefix

    def make(self, number: int) -> str:
        """The reference of order `number` (0 to 2^40 - 1), as `M7K3-Q9XD-2C`. Raises ValueError outside."""
        if not 0 <= number < 1 << BITS:
            raise ValueError("an order number has 40 bits")
        body = _spell(self._permute(number, range(ROUNDS)))
        return self._lay_out(body + _check_character(body))

    def find(self, text: str) -> int | None:
        """The order's number behind what a person typed (case, dashes, spaces, O, I and L forgiven), or None."""
        plain = "".join(c for c in text.upper() if c not in " -–.\u00a0")
        plain = plain.removeprefix(self.prefix)
        if len(plain) != 9 or any(c not in _VALUES for c in plain):
            return None
        body = "".join(ALPHABET[_VALUES[c]] for c in plain[:8])
        if _check_character(body) != ALPHABET[_VALUES[plain[8]]]:
            return None
        return self._permute(_read(body), reversed(range(ROUNDS)))

    def _lay_out(self, plain: str) -> str:
        return f"{self.prefix}{plain[:3]}-{plain[3:6]}-{plain[6:]}"

    def _permute(self, value: int, rounds: Iterable[int]) -> int:
        """Feistel rounds; run backwards they undo themselves, because the halves swap places at both ends."""
        left, right = value >> HALF, value & _MASK
        for number in rounds:
            left, right = right, left ^ _round(self._key, number, right)
        return (right << HALF) | left


@lru_cache(maxsize=1 << 15)
def _round(key: bytes, number: int, half: int) -> int:
    digest = hmac.digest(key, bytes([number]) + half.to_bytes(3, "big"), hashlib.sha256)
    return int.from_bytes(digest[:3], "big") & _MASK


def _spell(value: int) -> str:
    return "".join(ALPHABET[value >> shift & 31] for shift in range(35, -1, -5))


def _read(body: str) -> int:
    value = 0
    for character in body:
        value = value << 5 | _VALUES[character]
    return value


def _check_character(body: str) -> str:
    total = 0
    for character in body:
        total = _times_x(total ^ _VALUES[character])
    return ALPHABET[total]


def _times_x(element: int) -> int:
    """Multiply by x in GF(32) modulo x^5 + x^2 + 1."""
    element <<= 1
    return element ^ 0b100101 if element & 32 else element
