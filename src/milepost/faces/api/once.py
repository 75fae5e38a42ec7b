"""Carried out once: the effect of a call, its key, its fingerprint and its answer stand in one transaction."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, Signature
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.operation import Operation

from milepost.faces.api.answers import JSON, render
from milepost.faces.api.keys import Caller
from milepost.ground import journal
from milepost.ground.access import commands, queries
from milepost.ground.access.commands import Overtaken
from milepost.ground.access.words import StoredAnswer
from milepost.kernel.refusals import Refused

Verb = Callable[..., tuple[int, Any]]
"""Takes the caller, then what ninja reads from the request; answers with a status and the content."""
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer in a form of its own."""

    body: bytes
    content_type: str


REPLAYED = "Idempotency-Replayed"
PARAMETER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": (
        "Names this request: a new key for each new request, the same key to repeat one. A repetition is answered byte for"
        f" byte as the first time, with the header `{REPLAYED}: true`; the same key with another body is refused (422,"
        " `key_reused`). A refused request leaves nothing behind, so its key may be used again."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
}


def once(verb: Verb) -> View:
    """A view that carries out the verb at most once for each Idempotency-Key, whoever repeats it and however concurrently."""

    @wraps(verb)
    def view(request: HttpRequest, **read: Any) -> HttpResponse:
        caller: Caller = request.auth  # type: ignore[attr-defined]
        try:
            with journal.together():
                status, content = verb(caller, **read)
                stored = _stored(status, content)
                commands.remember(caller.card.id, caller.call_key, caller.fingerprint, stored, now=caller.now)
        except (Overtaken, Refused):
            before = queries.replayed(caller.card.id, caller.call_key, caller.fingerprint)
            if before is None:
                raise
            return replay(before)
        return HttpResponse(stored.response, status=status, content_type=stored.content_type)

    described: Any = view
    described._ninja_contribute_to_operation = [_document]
    described.__signature__ = _of_a_view(verb)
    return view


def _stored(status: int, content: Any) -> StoredAnswer:
    """The answer as it is kept: what a verb gives as bytes of a form of its own stays that, everything else is JSON."""
    if isinstance(content, Raw):
        return StoredAnswer(status=status, content_type=content.content_type, response=content.body)
    return StoredAnswer(status=status, content_type=JSON, response=render(content))


def replay(stored: StoredAnswer) -> HttpResponse:
    """The first answer again, byte for byte."""
    response = HttpResponse(stored.response, status=stored.status, content_type=stored.content_type)
    response[REPLAYED] = "true"
    return response


def _of_a_view(verb: Callable[..., Any]) -> Signature:
    """The verb's signature with the request in the caller's place, as ninja expects of a view."""
    signature = inspect.signature(verb)
    _, *rest = signature.parameters.values()
    request = Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest)
    return signature.replace(parameters=[request, *rest])


def _document(operation: Operation) -> None:
    operation.openapi_extra = {**(operation.openapi_extra or {}), "parameters": [PARAMETER]}
