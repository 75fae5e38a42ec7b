"""Reading what was sent: bytes into a shape, or all that is wrong with them, each with code, sentence and place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja.params.models import Body, BodyModel
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from milepost.kernel.refusals import Refusal, Refused

Shape = TypeVar("Shape", bound=BaseModel)
MOST_ERRORS = 200
BOM = b"\xef\xbb\xbf"


class _Body(BodyModel):
    """Reads the shape straight from the bytes, without a detour by Python's own values."""

    @classmethod
    def resolve(cls, request: HttpRequest, api: Any, path_params: Any) -> Any:
        """The one shape that an endpoint takes, by the name of its parameter."""
        ((name, field),) = cls.model_fields.items()
        shape: Any = field.annotation
        return {name: read(body_of(request), shape)}


class Json(Body):  # type: ignore[misc]
    """Marks the parameter of an endpoint that is read from its body."""

    _model = _Body

    @classmethod
    def _param_source(cls) -> str:
        return "body"


class _Unread(_Body):
    """Leaves the body to the verb."""

    @classmethod
    def resolve(cls, request: HttpRequest, api: Any, path_params: Any) -> Any:
        """An empty shape."""
        return dict.fromkeys(cls.model_fields)


class ReadByVerb(Json):  # type: ignore[misc]
    """Marks a parameter that only documents the body: the verb reads the bytes itself and keeps them when it refuses."""

    _model = _Unread


def body_of(request: HttpRequest) -> bytes:
    """The bytes of a JSON body. Refuses `wrong_content_type` (415) and `bad_encoding` (400)."""
    kind, _, parameters = request.headers.get("Content-Type", "").partition(";")
    charset = parameters.partition("charset=")[2].strip(' "').lower()
    if kind.strip().lower() != "application/json" or charset not in ("", "utf-8", "utf8"):
        raise Refused(NOT_JSON)
    body = request.body.removeprefix(BOM)
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise Refused(_bad_encoding(error.start)) from None
    return body


def read(body: bytes, shape: type[Shape]) -> Shape:
    """The shape that the bytes spell. Refuses all faults at once, each with its field and, in a batch, its index."""
    try:
        return shape.__pydantic_validator__.validate_json(body)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise Refused(*faults(error, in_batch=_is_batch(shape))) from None


def faults(error: ValidationError, *, in_batch: bool = False, index: int | None = None) -> list[Refusal]:
    """What is wrong, in our words."""
    found = error.errors(include_url=False, include_input=False)
    return [fault(one, in_batch, index) for one in found[:MOST_ERRORS]]


def _is_batch(shape: type[BaseModel]) -> bool:
    """Whether a shape is a list of things with a name around it, so that the place in the list is the index."""
    return any(
        str(field.annotation).startswith("list[") for name, field in shape.model_fields.items() if name not in _OF_ONE
    )


_OF_ONE = ("lines", "contacts")
"""Lists that belong to one order."""


def fault(one: ErrorDetails, in_batch: bool = False, index: int | None = None) -> Refusal:
    """One fault in our words."""
    if one["type"] == "json_invalid":
        return not_json(str(one["ctx"]["error"]))
    where = list(one["loc"])
    if in_batch and len(where) > 1 and isinstance(where[1], int):
        index, where = where[1], where[2:]
    field = _spell(where)
    kind = _KINDS.get(one["type"], WRONG)
    own = _BY_FIELD.get(_leaf(where), {}).get(kind.code)
    context = {key: str(value)[:200] for key, value in (one.get("ctx") or {}).items()}
    values = {**context, "field": field or "the body", "kind": kind.code}
    spoken = own or kind
    return Refusal(code=spoken.code, says=spoken.says, do=spoken.do, field=field, index=index, values=_Values(values))


class _Values(dict[str, Any]):
    """Values for a sentence; one that a fault does not give is left out."""

    def __missing__(self, key: str) -> str:
        return "…"


def _spell(where: Sequence[str | int]) -> str:
    """The place in dots, of printable characters only, for it may come from outside."""
    return ".".join(re.sub(r"[^\w-]", "?", str(part), flags=re.ASCII)[:80] for part in where)[:200]


def _leaf(where: Sequence[str | int]) -> str:
    names = [part for part in where if isinstance(part, str)]
    return names[-1] if names else ""


@dataclass(frozen=True, slots=True)
class _Fault:
    code: str
    says: str
    do: str


def _of(fault: _Fault, *types: str) -> Iterable[tuple[str, _Fault]]:
    return ((kind, fault) for kind in types)


WRONG = _Fault("bad_value", "{field} does not fit.", "See the API's documentation for what it takes.")
_TYPE = _Fault("wrong_type", "{field} is of the wrong kind.", "See the API's documentation for what it takes.")
_RANGE = _Fault("out_of_range", "{field} is outside its bounds.", "See the API's documentation for its bounds.")
_DATE = _Fault("bad_date", "{field} is no date or time that exists between 2000 and 2100.", "Write it as ISO 8601.")
_KINDS: dict[str, _Fault] = dict(
    [
        ("missing", _Fault("missing", "{field} is missing.", "Send it too.")),
        ("extra_forbidden", _Fault("unknown_field", "There is no field {field}.", "Check its spelling, or leave it out.")),
        *_of(
            _TYPE, "string_type", "int_type", "bool_type", "decimal_type", "model_type", "list_type", "int_from_float",
            "int_parsing", "dict_type", "uuid_type", "model_attributes_type", "is_instance_of", "bool_parsing",
        ),
        *_of(_Fault("too_long", "{field} is too long.", "At most {max_length}."), "string_too_long"),
        *_of(_Fault("too_many", "{field} has too many entries.", "At most {max_length}; send the rest apart."), "too_long"),
        *_of(_Fault("empty", "{field} is empty.", "At least {min_length}."), "string_too_short", "too_short"),
        *_of(
            _Fault("bad_text", "{field} has characters that do not belong there.", "Leave out control characters."),
            "string_pattern_mismatch", "string_unicode", "string_sub_type",
        ),
        *_of(
            _RANGE, "greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number",
            "decimal_max_digits", "decimal_max_places", "decimal_whole_digits", "decimal_parsing", "int_parsing_size",
        ),
        *_of(
            _DATE, "date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact",
            "datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid",
        ),
        *_of(
            _Fault("zone_missing", "{field} has no offset from UTC.", "End it with Z or an offset such as +02:00."),
            "timezone_aware", "timezone_offset",
        ),
        *_of(
            _Fault("unknown_word", "{field} is not a word that is known here.", "Use one of: {expected}."), "enum", "literal_error",
        ),
        ("unknown_word", _Fault("unknown_word", "{field} says nothing.", "Use one of the documented words.")),
        *_of(_Fault("bad_value", "{field} is no id.", "Send the id as it was given to you."), "uuid_parsing", "uuid_version"),
        (
            "unknown_zone",
            _Fault("unknown_zone", "{field} is no time zone.", "Use a name of the IANA database, such as Europe/Berlin."),
        ),
        (
            "dates_disagree",
            _Fault("dates_disagree", "{field} names a day and an instant that lie apart.", "Check both."),
        ),
        (
            "missing_number",
            _Fault("missing", "An event names neither a tracking number nor an order.", "Name one of them."),
        ),
    ]
)  # fmt: skip
"""Our word for each fault of pydantic's."""

_QUANTITY = _Fault(
    "bad_quantity",
    "{field} must be more than zero, at most a million, with at most three decimals.",
    "Check the quantity.",
)
_AMOUNT = _Fault(
    "bad_amount",
    "{field} must not be negative, nor beyond 9999999999.99, and has at most two decimals.",
    "Check the amount.",
)
_CURRENCY = _Fault("bad_currency", "{field} is no currency.", "Use three capital letters of ISO 4217, such as EUR.")
_COUNTRY = _Fault("bad_country", "{field} is no country.", "Use two capital letters of ISO 3166-1, such as DE.")
_LANGUAGE = _Fault("bad_language", "{field} is no language.", "Use a BCP 47 tag, such as en or pt-BR.")
_BY_FIELD: dict[str, dict[str, _Fault]] = {
    "quantity": {"out_of_range": _QUANTITY},
    "usual_max": {"out_of_range": _QUANTITY},
    "price": {"out_of_range": _AMOUNT},
    "freight": {"out_of_range": _AMOUNT},
    "tax": {"out_of_range": _AMOUNT},
    "amount": {"out_of_range": _AMOUNT},
    "currency": {"bad_text": _CURRENCY},
    "country": {"bad_text": _COUNTRY},
    "language": {"bad_text": _LANGUAGE, "too_long": _LANGUAGE},
    **{
        name: {"out_of_range": _DATE}
        for name in ("latest_on", "latest_at", "occurred_at", "happened_at", "estimate_on", "from", "to")
    },
}
"""Where a field has its own word for a fault."""

NOT_JSON = Refusal(
    code="wrong_content_type", says="The body is not announced as JSON in UTF-8.",
    do="Send it with Content-Type: application/json.", status=415,
)  # fmt: skip


def _bad_encoding(place: int) -> Refusal:
    return Refusal(
        code="bad_encoding", says="The body is not UTF-8: byte {place} does not belong there.",
        do="Encode the JSON in UTF-8.", status=400, values={"place": place},
    )  # fmt: skip


def not_json(why: str) -> Refusal:
    """The refusal of what is no JSON."""
    return Refusal(
        code="bad_json", says="The body is not well-formed JSON: {why}.", do="Check it with a JSON tool.", status=400,
        values={"why": why.rstrip(".")},
    )  # fmt: skip
