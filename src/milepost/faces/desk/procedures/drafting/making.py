"""From the typed record of a kind to the shape of its form. Pure."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from milepost.faces.desk.procedures.drafting import leaves
from milepost.faces.desk.procedures.drafting.shapes import NO_DEFAULT, Declared, Field, Record, Rows, Shape, Week
from milepost.faces.look.sheets import COMPILED
from milepost.ground.procedures.rules import FORMS
from milepost.ground.procedures.variables import VOCABULARY
from milepost.ground.procedures.words import WEEKDAYS, Days

SOURCES: Mapping[str, str] = {
    "MatrixRow.fact": "facts", "MatrixRow.audience": "audiences", "MatrixRow.template": "templates",
    "MatrixRow.role_responsible": "roles", "Clock.role": "roles", "Clock.ladder": "ladders", "Rung.role": "roles",
    "CheckRule.role": "roles", "CheckRule.approver": "roles", "Roles.roles.key": "roles", "Telling.at_any_time": "templates",
    "Budget.needed": "templates", "Budget.first": "templates", "Freshness.news.key": "templates",
    "TemplateSheet.language": "languages",
}  # fmt: skip
"""What there is to choose from, for fields that name something."""
SUGGESTED: Mapping[str, str] = {
    "CalendarSheet.zone": "zones", "PromisingRules.zone": "zones", "CalendarSheet.country": "countries",
    "CarrierService.countries.key": "countries", "Freshness.instead.key": "languages", "Clock.kind": "duties",
    "PromisingRules.default_service": "services", "ConsentPolicy.words.key": "languages",
}  # fmt: skip
"""What is suggested where other words may be typed as well."""
EMPTY = frozenset({"ConsentWords.language", "CalendarSheet.closed"})
"""Required texts that may be empty nevertheless."""
LONG = frozenset({
    "Clock.says", "FindingWords.question", "FindingWords.expects", "DelaySign.says", "ConsentWords.says", "TemplateSheet.text",
    "TemplateSheet.mjml", "TemplateSheet.sms", "TemplateSheet.phone", "TemplateSheet.purpose", "Freshness.instead",
})  # fmt: skip
LINES = frozenset({"RoleSheet.responsibilities"})
"""Texts with commas of their own: one a line."""
CODES = frozenset({"CheckRule.check", "CheckRule.hold", "RetentionRule.records", "MatrixRow.milestone"})
"""Codes that people read as words."""
ORDER: Mapping[str, tuple[str, ...]] = {
    "TemplateSheet": ("purpose", "category", "language", "subject", "text", "sms", "phone", "variables", "mjml"),
}  # fmt: skip
"""Fields in the order in which people fill them in, where that is not the one of the record."""
HOURS = frozenset(
    {"CalendarSheet.week", "CalendarSheet.special", "CallsPolicy.week", "Telling.hours", "Telling.window"}
)
"""Hours of a day."""


@cache
def form_of(kind: str) -> Record:
    """The shape of a document of this kind."""
    return record_of(_record(FORMS[kind]))


def _record(adapter: TypeAdapter[Any]) -> type:
    return cast(type, adapter._type)


def record_of(cls: type) -> Record:
    """The shape of a record."""
    hints = get_type_hints(cls)
    order = ORDER.get(cls.__name__, ())
    told = sorted(
        (one for one in fields(cls) if one.name != COMPILED), key=lambda one: (*order, one.name).index(one.name)
    )
    return Record(cls=cls, fields=tuple(_field(cls, one, hints[one.name]) for one in told))


def _field(cls: type, field: Any, hint: Any) -> Field:
    default, place = _default(field), f"{cls.__name__}.{field.name}"
    return Field(name=field.name, shape=shape_of(hint, place, may_be_empty=default == ""), default=default)


def _default(field: Any) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else NO_DEFAULT


def shape_of(hint: Any, place: str, *, may_be_empty: bool = False) -> Shape:
    """The shape of a value of this type that stands in this field."""
    if place == "TemplateSheet.variables":
        return Declared(vocabulary=VOCABULARY)
    if is_dataclass(hint) and isinstance(hint, type):
        return record_of(hint)
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return leaves.Choice(values=parts)
    if origin in (Union, UnionType):
        (inner,) = (part for part in parts if part is not type(None))
        return leaves.Number(whole=inner is int, optional=True)
    if hint == Days:
        return leaves.Pair()
    if origin is tuple:
        return _several(parts[0], place)
    if origin in (dict, Mapping):
        return _named(parts[0], parts[1], place)
    return _single(hint, place, may_be_empty=may_be_empty)


def _several(of: Any, place: str) -> Shape:
    if is_dataclass(of):
        return Rows(of=shape_of(of, place))
    if get_origin(of) is Literal:
        return leaves.Picks(values=get_args(of))
    if place in SOURCES:
        return leaves.Picks(source=SOURCES[place])
    if place in HOURS:
        return leaves.Series(of=leaves.Shift())
    return leaves.Series(of=_single(of, place, may_be_empty=True), lines=place in LINES)


def _named(key: Any, value: Any, place: str) -> Shape:
    if get_args(key) == WEEKDAYS:
        return Week(days=WEEKDAYS, of=shape_of(value, place))
    inner = shape_of(value, place, may_be_empty=place in EMPTY)
    return Rows(key=shape_of(key, f"{place}.key"), of=inner)


def _single(hint: Any, place: str, *, may_be_empty: bool) -> Shape:
    if hint is bool:
        return leaves.Flag()
    if hint in (int, Decimal):
        return leaves.Number(whole=hint is int)
    if hint is date:
        return leaves.Day()
    if hint is time:
        return leaves.Clocktime()
    if get_origin(hint) is tuple:
        return _several(get_args(hint)[0], place)
    if place in HOURS:
        return leaves.Shift()
    source = SOURCES.get(place) or SUGGESTED.get(place, "")
    return leaves.Text(
        source=source,
        free=place not in SOURCES,
        long=place in LONG,
        may_be_empty=may_be_empty or place in EMPTY,
        is_code=bool(source) or place in CODES or place.endswith(".key"),
    )
