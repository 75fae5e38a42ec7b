"""What the environment says, read so that a slip in it is a sentence, not a stack trace (OPS-1). All of it: docs/operations.md."""

import json
import os
from typing import Any

from milepost.ground.access.words import ROLES


class Misunderstood(Exception):
    """A variable of the environment says what cannot be meant; its text says which, what is wrong, and what would be right."""


def number(name: str, default: int) -> int:
    """A whole number, not negative. Raises Misunderstood."""
    said = os.environ.get(name, "").strip()
    if said and not (said.isascii() and said.isdecimal()):
        raise Misunderstood(f"{name} says {said!r}. Give a whole number, such as {default}.")
    return int(said) if said else default


def described(name: str) -> dict[str, Any]:
    """A description in JSON, empty where nothing is said. Raises Misunderstood."""
    said = os.environ.get(name, "").strip()
    if not said:
        return {}
    try:
        found = json.loads(said)
    except json.JSONDecodeError as wrong:
        raise Misunderstood(
            f"{name} is not JSON: {wrong.msg} at character {wrong.pos + 1}. Put the names and texts in double quotes."
        ) from None
    if not isinstance(found, dict):
        raise Misunderstood(f'{name} must be an object in braces, such as {{"name": {{…}}}}.')
    return found


def listed(name: str) -> list[str]:
    """What stands between commas, without blanks around it."""
    return [one.strip() for one in os.environ.get(name, "").split(",") if one.strip()]


def roles(name: str, default: str) -> frozenset[str]:
    """Roles between commas, or "none". Raises Misunderstood for a role that there is not."""
    said = listed(name) or default.split(",")
    if said == ["none"]:
        return frozenset()
    if unknown := [one for one in said if one not in ROLES]:
        raise Misunderstood(f"{name} names no role of ours: {', '.join(unknown)}. Roles: {', '.join(ROLES)}; or none.")
    return frozenset(said)
