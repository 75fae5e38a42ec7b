"""Shapes of records, lists and tables, made of shapes of single values. What is typed is plain data, as JSON keeps it. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from milepost.faces.desk.procedures.drafting.leaves import Known
from milepost.faces.desk.procedures.drafting.places import MOST_ROWS, Place, Sent
from milepost.faces.look.code_names import named_code

MOST_OPEN = 12
NO_DEFAULT = object()


class Shape(Protocol):
    """How a sort of value is written into a form and read from it."""

    def blank(self) -> Any:
        """What a new form shows."""

    def filled(self, value: Any) -> Any:
        """What a form shows for a value."""

    def typed(self, came: Sent) -> Any:
        """What somebody typed."""

    def coerced(self, kept: Any) -> Any:
        """What was typed and kept as JSON; junk as nothing."""

    def said(self, typed: Any, place: Place) -> Any:
        """What was typed as a document holds it; what is wrong is noted at its place."""

    def brief(self, typed: Any, known: Known) -> str:
        """What was typed in a few readable words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a record. Left out of the document where it says what its default says."""

    name: str
    shape: Shape
    default: Any = NO_DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Fields by name."""

    cls: type
    fields: tuple[Field, ...]

    def blank(self) -> dict[str, Any]:
        return {one.name: _first(one) for one in self.fields}

    def filled(self, value: Any) -> dict[str, Any]:
        return {one.name: one.shape.filled(getattr(value, one.name)) for one in self.fields}

    def typed(self, came: Sent) -> dict[str, Any]:
        return {one.name: one.shape.typed(came.at(one.name)) for one in self.fields}

    def coerced(self, kept: Any) -> dict[str, Any]:
        held = kept if isinstance(kept, Mapping) else {}
        return {one.name: one.shape.coerced(held.get(one.name)) for one in self.fields}

    def said(self, typed: Mapping[str, Any], place: Place) -> dict[str, Any]:
        values = {one.name: one.shape.said(typed[one.name], place.at(one.name)) for one in self.fields}
        return {one.name: values[one.name] for one in self.fields if not _is_default(one, typed[one.name], values)}

    def brief(self, typed: Mapping[str, Any], known: Known) -> str:
        said = (one.shape.brief(typed[one.name], known) for one in self.fields)
        return " · ".join(text for text in said if text)

    def shape_of(self, name: str) -> Shape | None:
        """The shape of a field."""
        return next((one.shape for one in self.fields if one.name == name), None)


def _first(field: Field) -> Any:
    return field.shape.blank() if field.default is NO_DEFAULT else field.shape.filled(field.default)


def _is_default(field: Field, typed: Any, values: Mapping[str, Any]) -> bool:
    if field.default is NO_DEFAULT:
        return False
    return bool(typed == field.shape.filled(field.default)) or values[field.name] is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of a table: records in a list, or, with a `key`, values by their names. Each is typed as {key, value, open}; what is
    closed comes back as it was kept."""

    of: Shape
    key: Shape | None = None

    def blank(self) -> list[dict[str, Any]]:
        return []

    def filled(self, value: Any) -> list[dict[str, Any]]:
        if self.key is None:
            return [row("", self.of.filled(one)) for one in value]
        return [row(self.key.filled(name), self.of.filled(one)) for name, one in value.items()]

    def typed(self, came: Sent) -> list[dict[str, Any]]:
        return [self._row(one) for one in came.rows()]

    def _row(self, came: Sent) -> dict[str, Any]:
        closed = came.at("closed").one
        if closed:
            return self._kept(_read(closed)) | {"open": False}
        key = self.key.typed(came.at("key")) if self.key else ""
        return row(key, self.of.typed(came.at("value")), is_open=True)

    def coerced(self, kept: Any) -> list[dict[str, Any]]:
        return [self._kept(one) for one in kept[:MOST_ROWS]] if isinstance(kept, list) else []

    def _kept(self, kept: Any) -> dict[str, Any]:
        held = kept if isinstance(kept, Mapping) else {}
        key = self.key.coerced(held.get("key")) if self.key else ""
        return row(key, self.of.coerced(held.get("value")), is_open=bool(held.get("open")))

    def new(self) -> dict[str, Any]:
        """A row to be filled in."""
        return row(self.key.blank() if self.key else "", self.of.blank(), is_open=True)

    def said(self, typed: Sequence[Mapping[str, Any]], place: Place) -> Any:
        if self.key is None:
            return [self.of.said(one["value"], place.row(n, str(n)).value()) for n, one in enumerate(typed)]
        found: dict[Any, Any] = {}
        for number, one in enumerate(typed):
            here = place.row(number, str(one["key"]))
            key = self.key.said(one["key"], Place(here.notes, f"{here.name}.key", here.path))
            if key in found:
                Place(here.notes, f"{here.name}.key", here.path).wrong(
                    "twice", "{key} stands here twice.", "Name each once, or remove one.", key=key
                )
            found[key] = self.of.said(one["value"], here.value())
        return found

    def brief(self, typed: Sequence[Mapping[str, Any]], known: Known) -> str:
        return "; ".join(self.brief_row(one, known) for one in typed)

    def brief_row(self, one: Mapping[str, Any], known: Known) -> str:
        """A row in a few words."""
        value = self.of.brief(one["value"], known)
        return f"{self.key.brief(one['key'], known)}: {value}" if self.key else value


def row(key: str, value: Any, *, is_open: bool = False) -> dict[str, Any]:
    """A row as it is typed."""
    return {"key": key, "value": value, "open": is_open}


def _read(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The days of the week, each with its hours; those without any are left out."""

    days: tuple[str, ...]
    of: Shape

    def blank(self) -> dict[str, Any]:
        return {day: self.of.blank() for day in self.days}

    def filled(self, value: Any) -> dict[str, Any]:
        return {day: self.of.filled(value.get(day, ())) for day in self.days}

    def typed(self, came: Sent) -> dict[str, Any]:
        return {day: self.of.typed(came.at(day)) for day in self.days}

    def coerced(self, kept: Any) -> dict[str, Any]:
        held = kept if isinstance(kept, Mapping) else {}
        return {day: self.of.coerced(held.get(day)) for day in self.days}

    def said(self, typed: Mapping[str, Any], place: Place) -> dict[str, Any]:
        hours = {day: self.of.said(typed[day], place.at(day)) for day in self.days}
        return {day: said for day, said in hours.items() if said}

    def brief(self, typed: Mapping[str, Any], known: Known) -> str:
        said = ((day, self.of.brief(typed[day], known)) for day in self.days if typed[day])
        return "; ".join(f"{named_code(day)} {hours}" for day, hours in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The variables of a letter: names of a vocabulary in which each has its type. Others that stand there stay."""

    vocabulary: Mapping[str, str]

    def blank(self) -> list[str]:
        return []

    def filled(self, value: Any) -> list[str]:
        types = value if isinstance(value, Mapping) else dict.fromkeys(value, "any")
        return [name if self.vocabulary.get(name) == kind else f"{name}:{kind}" for name, kind in types.items()]

    def typed(self, came: Sent) -> list[str]:
        return [one[:100] for one in came.values if one]

    def coerced(self, kept: Any) -> list[str]:
        return [one for one in kept if isinstance(one, str)] if isinstance(kept, list) else []

    def said(self, typed: Sequence[str], place: Place) -> dict[str, str]:
        pairs = (one.partition(":") for one in typed)
        return {name: kind or self.vocabulary.get(name, "any") for name, _, kind in pairs}

    def brief(self, typed: Sequence[str], known: Known) -> str:
        return ", ".join(sorted(one.partition(":")[0] for one in typed))


Found = tuple[list[dict[str, Any]], int, Rows]
"""A list as it is typed, the number of a row in it, and the shape of its rows."""


def rows_at(shape: Shape, typed: Any, name: str) -> Found | None:
    """The list that a name points into: `rows.3` is the row 3 of `rows`, `rows` its end."""
    parts = name.split(".")
    while parts:
        if isinstance(shape, Record):
            inner = shape.shape_of(parts[0])
            if inner is None:
                return None
            shape, typed, parts = inner, typed[parts[0]], parts[1:]
            if not parts:
                return (typed, len(typed), shape) if isinstance(shape, Rows) else None
            continue
        if not isinstance(shape, Rows) or not _is_row(parts[0], typed):
            return None
        number = int(parts[0])
        if len(parts) == 1:
            return typed, number, shape
        shape, typed, parts = shape.of, typed[number]["value"], parts[2:] if parts[1] == "value" else []
        if not parts and isinstance(shape, Rows):
            return typed, len(typed), shape
    return None


def _is_row(part: str, typed: Sequence[Any]) -> bool:
    return part.isascii() and part.isdecimal() and len(part) < 6 and int(part) < len(typed)


def _add(found: Found) -> str:
    rows, _, shape = found
    _make_room(rows)
    rows.append(shape.new())
    return f"{len(rows) - 1}"


def _remove(found: Found) -> str:
    rows, number, _ = found
    if number < len(rows):
        del rows[number]
    return ""


def _open(found: Found) -> str:
    rows, number, _ = found
    if number < len(rows):
        _make_room(rows)
        rows[number]["open"] = True
    return f"{number}"


def _make_room(rows: Sequence[dict[str, Any]]) -> None:
    """Close the first of many open rows, which keep what was typed: a form has an end to the fields that it may send."""
    open_ones = [one for one in rows if one["open"]]
    for one in open_ones[: max(0, len(open_ones) - MOST_OPEN + 1)]:
        one["open"] = False


def _close(found: Found) -> str:
    rows, number, _ = found
    if number < len(rows):
        rows[number]["open"] = False
    return ""


VERBS: Mapping[str, Callable[[Found], str]] = {"add": _add, "remove": _remove, "open": _open, "close": _close}


def after(shape: Shape, typed: Any, do: str) -> str:
    """Do what a button says ("add:rows", "remove:rows.3"); returns the name of the row that comes next, or nothing."""
    verb, _, name = do.partition(":")
    found = rows_at(shape, typed, name) if verb in VERBS else None
    if found is None:
        return ""
    number = VERBS[verb](found)
    if not number:
        return ""
    return f"{name}.{number}" if verb == "add" else name


def all_rows(shape: Shape, typed: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of every list, with its name, the outer ones first."""
    if isinstance(shape, Record):
        for one in shape.fields:
            yield from all_rows(one.shape, typed[one.name], f"{name}.{one.name}" if name else one.name)
    if isinstance(shape, Rows):
        for number, one in enumerate(typed):
            yield f"{name}.{number}", one
            yield from all_rows(shape.of, one["value"], f"{name}.{number}.value")
