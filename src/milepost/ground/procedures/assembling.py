"""The templates that ship with Milepost, put together: what a letter consists of, once; its words, once for each language.

`defaults/templates/<name>/letter.mjml` holds the middle of a letter, with `[[ key ]]` where words stand; `meta.toml` its purpose
and variables. `defaults/templates/words/<language>.toml` holds the words, a table for each letter and one that they share. The text
part says what the MJML says, in the same words: it is made from it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from milepost.ground.procedures.templating import RIGHT_TO_LEFT
from milepost.ground.procedures.words import DocumentDraft

FOLDER = Path(__file__).parent / "defaults" / "templates"
LANGUAGES = ("en", "de", "es", "fr", "pt", "ar")
"""English comes first: it takes the place of a language that is not there."""
HOUSE = {"brand": "text", "site": "link", "support_email": "email", "support_phone": "phone"}
"""Variables of every letter."""
DEEPEST = 4


def names() -> tuple[str, ...]:
    """What is shipped: "acknowledgement.en", "amended_order.en", ... Every letter is there in every language."""
    return tuple(f"{letter}.{language}" for language in LANGUAGES for letter in _letters())


def documents() -> Iterator[DocumentDraft]:
    """All shipped templates as documents."""
    return (document(name) for name in names())


def document(name: str) -> DocumentDraft:
    """One shipped template. Raises KeyError where it is not among `names`."""
    letter, _, language = name.rpartition(".")
    meta = _toml(FOLDER / letter / "meta.toml")
    words = _words(letter, language)
    mjml = _filled(_shell().replace("[[ letter ]]", _text(FOLDER / letter / "letter.mjml").strip()), words)
    body = {
        "purpose": meta["purpose"],
        "category": meta.get("category", "transactional"),
        "language": language,
        "variables": {**HOUSE, **meta["variables"]},
        "subject": _filled("[[ subject ]]", words),
        "mjml": mjml,
        "text": as_text(mjml),
        "sms": _plain(_filled("[[ sms ]]", words)) if "short" in words else "",
        "phone": _plain(_filled("[[ phone ]]", words)) if "reference" in meta["variables"] else "",
    }
    return DocumentDraft(kind="template", name=name, body=body)


@lru_cache(maxsize=1)
def _letters() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/meta.toml")))


def _words(letter: str, language: str) -> Mapping[str, str]:
    tables, rtl = _tables(language), language in RIGHT_TO_LEFT
    sides = {"lang": language, "dir": "rtl" if rtl else "ltr", "start": "right" if rtl else "left"}
    own = {key: value.strip() for key, value in tables[letter].items()}
    shared = {key: value.strip() for key, value in tables["shared"].items()}
    usual = {"preview": own.get("short", ""), "script": own.get("short", "")}
    return {**shared, **usual, **sides, **own}


@lru_cache(maxsize=len(LANGUAGES))
def _tables(language: str) -> Mapping[str, Mapping[str, str]]:
    tables: Mapping[str, Mapping[str, str]] = _toml(FOLDER / "words" / f"{language}.toml")
    return tables


@lru_cache(maxsize=1)
def _shell() -> str:
    return _text(FOLDER / "shell.mjml")


def _filled(source: str, words: Mapping[str, str]) -> str:
    """The source with words in its places; words may have places for words themselves."""
    for _ in range(DEEPEST):
        if "[[" not in source:
            return source
        source = _PLACE.sub(lambda found: words[found[1]], source)
    raise ValueError(f"words go in circles: {source[:80]}")


_PLACE = re.compile(r"\[\[ (\w+) \]\]")


def as_text(mjml: str) -> str:
    """The text part of a letter: its paragraphs, lists and buttons, in the words of its MJML."""
    body = mjml.partition("<mj-body")[2].partition(">")[2]
    return "".join(_part_as_text(found[1], found[2], found[3]) for found in _PART.finditer(body)).strip() + "\n"


def _part_as_text(tag: str, attributes: str, inside: str) -> str:
    inside = inside.strip()
    if "html-only" in attributes:
        return ""
    if tag == "raw":
        return inside
    if tag == "table":
        return f"{inside.replace('.html', '.txt')}\n"
    if tag == "button":
        href = _HREF.search(attributes)
        return f"{_plain(inside)}:\n{href[1] if href else ''}\n\n"
    return f"{_plain(inside)}\n\n"


def _plain(inside: str) -> str:
    """Words without markup; a link says where it leads unless it says so itself."""
    inside = _LINK.sub(_told, _BREAK.sub("\n", " ".join(inside.split())))
    return "\n".join(line.strip() for line in unescape(_TAG.sub("", inside)).split("\n"))


def _told(found: re.Match[str]) -> str:
    href, words = found[1], found[2]
    return words if href.startswith(("mailto:", "tel:")) or href == words else f"{words}: {href}"


_PART = re.compile(r"<mj-(text|table|button|raw)\b((?:[^>\"]|\"[^\"]*\")*)>(.*?)</mj-\1>", re.DOTALL)
_HREF = re.compile(r'href="([^"]*)"')
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_BREAK = re.compile(r"\s*<br\s*/?>\s*")
_TAG = re.compile(r"</?(?:strong|em|span|b|a|bdi)\b[^>]*>")


def _toml(path: Path) -> Any:
    return tomllib.loads(_text(path))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
