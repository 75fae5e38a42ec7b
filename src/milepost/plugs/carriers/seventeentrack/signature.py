"""17TRACK's signatures: SHA-256 in hex over the body and the account's key; older ones over event, data and key."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256

from milepost.kernel.refusals import Refusal
from milepost.plugs.carriers.signing import FORGED, UNSIGNED, is_any, no_secret
from milepost.plugs.carriers.values import header

HEADER, SETTING = "sign", "MILEPOST_SEVENTEENTRACK_KEY"


def check(headers: Mapping[str, str], body: bytes, key: str) -> Refusal | None:
    """Why this is not from 17TRACK, or None. Version 2 signs the whole body in a header; version 1 wrote `sign` into the body."""
    if not key:
        return no_secret("17TRACK", SETTING)
    given = header(headers, HEADER)
    if given and is_any(given.lower(), [_hashed(body, key.encode("utf-8"))]):
        return None
    parts = dict(_members(body))
    given = given or parts.get("sign", "").strip('"')
    if not given:
        return UNSIGNED
    event, data = (parts.get(name, "").strip('"' if name == "event" else "") for name in ("event", "data"))
    signed = _hashed(event.encode("utf-8", "replace"), data.encode("utf-8", "replace"), key.encode("utf-8"))
    return None if event and data and is_any(given.lower(), [signed]) else FORGED


def _hashed(*parts: bytes) -> str:
    return sha256(b"/".join(parts)).hexdigest()


def _members(body: bytes) -> Iterator[tuple[str, str]]:
    """The members of the object that the body spells, their values exactly as they are written; none for anything else."""
    decode = json.JSONDecoder().raw_decode
    try:
        text = body.decode("utf-8")
        at = _after(text, 0, "{")
        while at:
            name, end = decode(text, at)
            start = _after(text, end, ":")
            if not start or not isinstance(name, str):
                return
            _, end = decode(text, start)
            yield name, text[start:end]
            at = _after(text, end, ",")
    except (ValueError, RecursionError):
        return


def _after(text: str, at: int, mark: str) -> int:
    """Where what follows the mark begins, or 0 where the mark does not come next."""
    rest = text[at : at + 1000]
    blank = len(rest) - len(rest.lstrip())
    if not rest[blank:].startswith(mark):
        return 0
    at += blank + 1
    rest = text[at : at + 1000]
    return at + len(rest) - len(rest.lstrip())
