"""Procedures as people read them: any typed record as names with values, lists and tables, whatever its kind. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal, NamedTuple, get_args

from milepost.faces.look.code_names import is_code, named_code
from milepost.ground.procedures.words import WEEKDAYS, CauseName, ChannelName, SignName, StageName, TemplateClass

Kind = Literal["nothing", "text", "name", "number", "flag", "day", "words", "list", "named", "table", "sections"]
COMPOUND = frozenset({"words", "named", "table", "sections"})
"""What needs room of its own; everything else stands beside its name."""
COMPILED = "html"
"""Made by us when a template is signed, so it is neither read nor compared."""
_WORD = re.compile(r"[a-z]{4,}|[a-z]+(_[a-z]+)+")
_LANGUAGES = ("en", "de", "es", "fr", "pt", "ar")
_USUAL: tuple[tuple[str, ...], ...] = (
    WEEKDAYS, get_args(StageName), get_args(SignName), get_args(CauseName), get_args(ChannelName), get_args(TemplateClass),
    _LANGUAGES,
)  # fmt: skip
"""Names in the order in which people know them; JSON in the database keeps none."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A value to be read. Of what is `named` or has `sections` the parts, of a `table` its head and rows."""

    kind: Kind
    value: Any = None
    parts: tuple["Part", ...] = ()
    head: tuple["Name", ...] = ()
    rows: tuple[tuple["Part", ...], ...] = ()

    @property
    def stands_alone(self) -> bool:
        """Whether it needs room of its own."""
        return self.kind in COMPOUND

    @property
    def simple(self) -> tuple["Part", ...]:
        """The parts that stand beside their names."""
        return tuple(part for part in self.parts if not part.shown.stands_alone)

    @property
    def own_room(self) -> tuple["Part", ...]:
        """The parts that need room of their own; of sections all."""
        return tuple(part for part in self.parts if part.shown.stands_alone or self.kind == "sections")


class Name(NamedTuple):
    """What a value is called; a code is put into words, anything else stands as it is. Empty: the name of the row."""

    text: str
    is_code: bool = True


class Part(NamedTuple):
    """A value with its name."""

    name: Name
    shown: Shown


def show(value: Any) -> Shown:
    """A typed record, or anything within it, with room for tables."""
    if _is_record(value):
        return Shown("named", parts=tuple(Part(Name(one.name), show(getattr(value, one.name))) for one in _told(value)))
    if isinstance(value, Mapping) and value:
        return _mapping(value)
    if isinstance(value, list | tuple) and value and all(_is_record(one) for one in value):
        return _records([(None, one) for one in value])
    return _small(value)


def _mapping(value: Mapping[Any, Any]) -> Shown:
    known = in_usual_order(value)
    if all(_is_record(value[key]) for key in known):
        return _records([(_name(key), value[key]) for key in known])
    return Shown("named", parts=tuple(Part(_name(key), show(value[key])) for key in known))


def _records(rows: Sequence[tuple[Name | None, Any]]) -> Shown:
    """Records of one sort: a table, or sections where one has tables of its own."""
    if any(show(getattr(row, one.name)).kind in ("table", "sections") for _, row in rows for one in _told(row)):
        return Shown("sections", parts=tuple(Part(name or _first(row), show(row)) for name, row in rows))
    columns = [one.name for one in _told(rows[0][1]) if any(_says_something(row, one) for _, row in rows)]
    head = (*((Name(""),) if rows[0][0] else ()), *(Name(column) for column in columns))
    return Shown("table", head=head, rows=tuple(_row(name, row, columns) for name, row in rows))


def _row(name: Name | None, row: Any, columns: Iterable[str]) -> tuple[Part, ...]:
    own = (Part(Name(""), Shown("name", name)),) if name else ()
    return (*own, *(Part(Name(column), _small(getattr(row, column))) for column in columns))


def _first(row: Any) -> Name:
    return _name(getattr(row, _told(row)[0].name))


def _small(value: Any) -> Shown:
    """A value for a line or for the cell of a table."""
    match value:
        case bool():
            return Shown("flag", value)
        case None | "" | () | []:
            return Shown("nothing")
        case int() | Decimal():
            return Shown("number", Decimal(value))
        case date():
            return Shown("day", value)
        case time():
            return Shown("text", value.isoformat(timespec="minutes"))
        case list() | tuple():
            return Shown("list", parts=tuple(Part(Name(""), _small(one)) for one in value))
        case Mapping():
            pairs = tuple(Part(_name(key), _small(value[key])) for key in in_usual_order(value))
            return Shown("named", parts=pairs) if pairs else Shown("nothing")
    if _is_record(value):
        return Shown(
            "named", parts=tuple(Part(Name(one.name), _small(getattr(value, one.name))) for one in _told(value))
        )
    text = str(value)
    if is_code(text):
        return Shown("text", named_code(text))
    return Shown("words" if "\n" in text else "text", text)


def _is_record(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type)


def _told(record: Any) -> list[Field[Any]]:
    return [one for one in fields(record) if one.name != COMPILED]


def _says_something(record: Any, field: Field[Any]) -> bool:
    return field.default is MISSING or bool(getattr(record, field.name))


def _name(key: Any) -> Name:
    text = str(key)
    known = text not in _LANGUAGES and any(text in names for names in _USUAL)
    return Name(text, known or bool(_WORD.fullmatch(text)))


def in_usual_order(names: Iterable[Any]) -> list[Any]:
    """Names as people know them, Monday first; others by the alphabet."""
    known = list(names)
    usual = next((order for order in _USUAL if set(known) <= set(order)), None)
    return sorted(known, key=usual.index) if usual else sorted(known, key=str)


def arranged(body: Any, record: Any) -> Any:
    """A body in the order of its record, with numbers, days and times as such: as it is written and compared."""
    if _is_record(record) and isinstance(body, Mapping):
        return {
            one.name: arranged(body[one.name], getattr(record, one.name)) for one in _told(record) if one.name in body
        }
    if isinstance(body, Mapping) and isinstance(record, Mapping) and len(body) == len(record):
        typed = dict(zip(body, record.values(), strict=True))
        return {key: arranged(body[key], typed[key]) for key in in_usual_order(body)}
    if isinstance(body, list | tuple) and isinstance(record, list | tuple) and len(body) == len(record):
        return [arranged(one, typed) for one, typed in zip(body, record, strict=True)]
    if isinstance(body, str) and isinstance(record, Decimal | date | time):
        return record
    return body
