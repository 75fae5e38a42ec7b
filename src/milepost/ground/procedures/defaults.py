"""The procedures that ship with Milepost: what is in force until a company publishes its own."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from milepost.ground.procedures.rules import make_book
from milepost.ground.procedures.words import DEFAULT, KINDS, Book, DocumentDraft

FOLDER = Path(__file__).parent / "defaults"
HOME = "home"


def documents() -> tuple[DocumentDraft, ...]:
    """All shipped documents. `home` in them stands for the installation's own zone and country."""
    kinds = (kind for kind in KINDS if kind != "template")
    return (*(_document(kind) for kind in kinds), *_templates(FOLDER / "templates"))


@lru_cache(maxsize=1)
def book() -> Book:
    """The shipped procedures as a Book; their version is 0."""
    return make_book({(draft.kind, draft.name): (0, draft.body) for draft in documents()}, token=None)


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


def _templates(folder: Path) -> Iterator[DocumentDraft]:
    for meta in sorted(folder.glob("*/meta.toml")):
        yield _template(meta.parent, _toml(meta))


def _template(folder: Path, meta: Mapping[str, Any]) -> DocumentDraft:
    language = str(meta.get("language", "en"))
    body = {
        **meta,
        "language": language,
        "subject": _text(folder / "subject.txt").strip(),
        "mjml": _text(folder / "body.mjml"),
        "text": _text(folder / "body.txt"),
    }
    return DocumentDraft(kind="template", name=f"{folder.name.partition('.')[0]}.{language.lower()}", body=body)


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(_text(path), parse_float=str)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
