"""Slices: the orders of a batch as they were spelt, so that each keeps its own raw original and its own faults."""

import json
import re
from dataclasses import dataclass, field
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NoReturn

import orjson

_BLANK = re.compile(r"[ \t\n\r]*")


@dataclass(slots=True)
class Sliced:
    """A JSON object with one list in it: the list's entries as bytes, the other members as values."""

    entries: list[bytes] | None = None
    others: dict[str, Any] = field(default_factory=dict)


class Unsliced(ValueError):
    """This is no such object; `why` and where."""


def slices(body: bytes, name: str) -> Sliced:
    """Slice an object whose member `name` is a list. Raises Unsliced for what is not well-formed."""
    try:
        return _object(body.decode(), name)
    except (ValueError, TypeError, StopIteration, RecursionError, IndexError) as error:
        raise Unsliced(str(error) or "it ends too early") from None


def _object(text: str, name: str) -> Sliced:
    found = Sliced()
    place = _expect(text, _skip(text, 0), "{")
    if text[place] == "}":
        return _end(text, place + 1, found)
    while True:
        place = _expect(text, place, '"', then_skip=False)
        key, place = scanstring(text, place, True)
        place = _expect(text, _skip(text, place), ":")
        if key == name and text[place] == "[":
            found.entries, place = _entries(text, place)
        else:
            found.others[key], place = _scan(text, place)
        place = _skip(text, place)
        if text[place] == "}":
            return _end(text, place + 1, found)
        place = _expect(text, place, ",")


def _entries(text: str, place: int) -> tuple[list[bytes], int]:
    entries: list[bytes] = []
    place = _skip(text, place + 1)
    if text[place] == "]":
        return entries, place + 1
    while True:
        _, end = _scan(text, place)
        entries.append(text[place:end].encode())
        place = _skip(text, end)
        if text[place] == "]":
            return entries, place + 1
        place = _expect(text, place, ",")


def _end(text: str, place: int, found: Sliced) -> Sliced:
    if _skip(text, place) != len(text):
        raise ValueError(f"more follows at character {place}")
    orjson.dumps(found.others)
    return found


def _expect(text: str, place: int, mark: str, *, then_skip: bool = True) -> int:
    if text[place] != mark:
        raise ValueError(f"{mark} expected at character {place}")
    return _skip(text, place + 1) if then_skip else place + 1


def _skip(text: str, place: int) -> int:
    match = _BLANK.match(text, place)
    return match.end() if match else place


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


_scan = json.JSONDecoder(parse_constant=_no_number, parse_int=str, parse_float=str).scan_once  # type: ignore[attr-defined]
