"""Answering: values as JSON, refusals as errors, each with code, sentence, next step and place."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja.renderers import BaseRenderer

from milepost.faces.api.shapes.terms import Told
from milepost.kernel.refusals import Refusal

JSON = "application/json"


class ErrorOut(Told):
    """One reason for a refusal: `code` for machines, the sentences for people, `field` and `index` for where."""

    code: str
    sentence: str
    next_step: str
    field: str
    index: int | None


class Problem(Told):
    """Why nothing was done."""

    errors: list[ErrorOut]


REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503), Problem)
"""What any endpoint may answer instead, for its documentation."""


def render(content: Any) -> bytes:
    """JSON in UTF-8; amounts as strings, instants in UTC."""
    return orjson.dumps(content, default=_spell)


def _spell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Told):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no spelling in JSON")


class Renderer(BaseRenderer):
    """Ninja's way to `render`."""

    media_type = JSON

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        """The bytes of an answer."""
        return render(data)


def answer(content: Any, status: int = 200) -> HttpResponse:
    """An answer with its content as JSON."""
    return HttpResponse(render(content), status=status, content_type=JSON)


def refuse(refusals: Iterable[Refusal], status: int | None = None) -> HttpResponse:
    """The answer to what was refused: the status of the first reason unless another is given."""
    reasons = tuple(refusals)
    status = status or reasons[0].status
    response = answer({"errors": [error(reason) for reason in reasons]}, status)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="milepost"'
    return response


def error(refusal: Refusal) -> dict[str, Any]:
    """One refusal as it is told."""
    return {
        "code": refusal.code,
        "sentence": refusal.sentence,
        "next_step": refusal.next_step,
        "field": refusal.field,
        "index": refusal.index,
    }
