"""The procedures that ship with Milepost: what is in force until a company publishes its own."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from milepost.ground.procedures import assembling
from milepost.ground.procedures.rules import make_book
from milepost.ground.procedures.shelf import Templates
from milepost.ground.procedures.words import DEFAULT, KINDS, Book, DocumentDraft

FOLDER = Path(__file__).parent / "defaults"
HOME = "home"


def documents() -> tuple[DocumentDraft, ...]:
    """All shipped documents. `home` in them stands for the installation's own zone and country."""
    return (*settled(), *assembling.documents())


def settled() -> tuple[DocumentDraft, ...]:
    """The shipped documents without the templates, of which there are many and few are needed at once."""
    return tuple(_document(kind) for kind in KINDS if kind != "template")


def template(name: str) -> tuple[int, Mapping[str, Any]]:
    """A shipped template by its full name ("acknowledgement.en"), as version 0."""
    return 0, assembling.document(name).body


@lru_cache(maxsize=1)
def book() -> Book:
    """The shipped procedures as a Book; their version is 0."""
    found = {(draft.kind, draft.name): (0, draft.body) for draft in settled()}
    return make_book(found, token=None, templates=Templates(dict.fromkeys(assembling.names(), template)))


def _document(kind: str) -> DocumentDraft:
    body = _toml(FOLDER / f"{kind}.toml")
    if kind == "promising":
        body = _at_home(body)
    if kind == "calendars":
        body["calendars"] = {name: _at_home(sheet) for name, sheet in body["calendars"].items()}
    return DocumentDraft(kind=kind, name=DEFAULT, body=body)


def _at_home(body: Mapping[str, Any]) -> dict[str, Any]:
    home = {"zone": settings.HOME_ZONE, "country": settings.HOME_COUNTRY}
    return {key: home[key] if key in home and value == HOME else value for key, value in body.items()}


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(_text(path), parse_float=str)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
