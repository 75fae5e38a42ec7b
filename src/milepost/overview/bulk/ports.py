"""What bulk needs from above: the keys of all rows of a list that match a search, as the list itself pages through them."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Picked(NamedTuple):
    """The keys of some rows, and the place after which the next stand; empty at the end."""

    keys: Sequence[str]
    after: str


Reader = Callable[[str, Mapping[str, str], str], Picked]
"""Listing, search, place -> the next rows."""

_reader: list[Reader] = []


def read_lists_by(reader: Reader) -> None:
    """Register who reads lists; `config/wiring` calls this once at start."""
    _reader[:] = [reader]


def read(listing: str, search: Mapping[str, str], after: str) -> Picked:
    """The next rows of a list."""
    return _reader[0](listing, search, after)
