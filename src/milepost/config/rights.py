"""The page `docs/permissions.md`: who may do what, from the tables that the code itself asks."""

import re
from collections.abc import Iterator

from milepost.config import doors
from milepost.faces.desk.staff.permission_table import table
from milepost.ground.access.words import ROLES, SCOPES

HEAD = (
    "Drawn from `ground/access/words.py`, the addresses and the API by `milepost docs`; a test fails when this page is stale, and"
    " `tests/house/test_who_may.py` tries every address and operation as each role, as nobody, as a customer and with each scope."
)


def permissions_page() -> str:
    """Roles and permissions, scopes and operations, pages and what they ask, and all other doors."""
    parts = [
        "# Who may do what", HEAD, "## What each role may do", "\n".join(_of_roles()),
        "## What each scope of an API key opens", "\n".join(_of_scopes()),
        "## What each page of the desk asks", "\n".join(_of_pages()),
        "## All other addresses", "\n".join(_of_doors()),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _of_roles() -> Iterator[str]:
    yield f"| what | permission | kind | {' | '.join(ROLES.values())} |"
    yield "|---|---|---|" + ":-:|" * len(ROLES)
    for _area, rows in table():
        for row in rows:
            held = " | ".join("●" if one else "" for one in row.held)
            yield f"| {row.says} | `{row.code}` | {'reads' if row.reads else 'acts'} | {held} |"


def _of_scopes() -> Iterator[str]:
    yield "| scope | what a key with it may do | operations |\n|---|---|---|"
    opened = doors.operations()
    for scope, says in SCOPES.items():
        named = sorted(f"`{one.method} {one.spelt}`" for one in opened if one.scope == scope)
        yield f"| `{scope}` | {says} | {', '.join(named) or '–'} |"


def _of_pages() -> Iterator[str]:
    yield "| address | to read it | to act there |\n|---|---|---|"
    for route in sorted((one for one in doors.routes() if one.reads), key=lambda one: one.spelt):
        acts = "its verb's own" if route.name == "desk:act_on" else _asked(route.acts)
        yield f"| `{_spelt(route)}` | {_asked(route.reads)} | {acts if route.acts != route.reads else 'the same'} |"


def _spelt(route: doors.Route) -> str:
    """The address as people write it: /desk/orders/{reference}/."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", route.spelt)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", plain).replace("^", "").removesuffix("$")


def _asked(permission: str) -> str:
    return "one's own account" if permission == "own" else f"`{permission}`"


def _of_doors() -> Iterator[str]:
    yield "| address | who comes in |\n|---|---|"
    for route in sorted((one for one in doors.routes() if one.door), key=lambda one: one.spelt):
        yield f"| `{_spelt(route)}` | {route.door} |"
