"""The description of a provider: addresses, fields, codes; a place in JSON is named "data.0.id"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`url` takes a message: `body` is JSON (or a form, with `form`), in which {to}, {text}, {sender}, {reference} stand for ours.
    `id_at` is where its answer names the message; without that, an answer is nonsense.

    `lookup_url` with {reference} says whether it has a message: 200 with `found_at` filled, 404 where it has none; after
    `settled_minutes` that is certain. Of receipts: where the reference, the status and a code stand, and which statuses mean
    what; `signature_header` holds the HMAC-SHA-256 of the body, in hex or, with `base64`, so.
    """

    name: str
    url: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    form: bool = False
    id_at: str = "id"
    never_codes: tuple[str, ...] = ()
    code_at: str = "code"
    lookup_url: str = ""
    found_at: str = "id"
    settled_minutes: int = 10
    secret: str = field(default="", repr=False)
    signature_header: str = "x-signature"
    base64: bool = False
    receipt_reference_at: str = "reference"
    receipt_status_at: str = "status"
    receipt_code_at: str = "code"
    receipt_kinds: Mapping[str, str] = field(default_factory=lambda: {"delivered": "delivered", "failed": "bounced"})
    receipt_from_at: str = "from"
    receipt_text_at: str = "text"


def read_shape(said: Mapping[str, Any]) -> Shape:
    """A description as it was said. Raises ValueError with what is wrong."""
    known = {one.name for one in fields(Shape)}
    if not {"name", "url", "body"} <= said.keys() or not said.keys() <= known:
        raise ValueError(f"a provider is described by name, url and body, and perhaps {', '.join(sorted(known))}")
    return Shape(**{**said, "never_codes": tuple(map(str, said.get("never_codes", ())))})


def at(place: str, said: Any) -> str:
    """What stands at a place, as text; nothing where there is no such place."""
    for step in place.split("."):
        if isinstance(said, Mapping):
            said = said.get(step)
        elif isinstance(said, list) and step.isascii() and step.isdigit() and int(step) < len(said):
            said = said[int(step)]
        else:
            return ""
    return str(said) if isinstance(said, str | int | float) and not isinstance(said, bool) else ""


def filled(said: Any, values: Mapping[str, str]) -> Any:
    """A description with our values in its places."""
    if isinstance(said, str):
        return _PLACE.sub(lambda found: values.get(found[1], found[0]), said)
    if isinstance(said, Mapping):
        return {name: filled(value, values) for name, value in said.items()}
    return [filled(one, values) for one in said] if isinstance(said, list) else said


_PLACE = re.compile(r"\{(\w+)\}")
