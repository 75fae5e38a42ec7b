"""Documents as people write them: TOML, spelled from a document's body and understood again. Pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from milepost.kernel.refusals import Refusal, Refused

WIDTH = 110
"""What is longer stands on lines of its own."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_NOT_AS_IT_IS = re.compile(r'[\\"\x00-\x1f\x7f]')
_NOT_IN_LINES = re.compile(r"[\\\x00-\x08\x0b-\x1f\x7f]")


def spell(body: Mapping[str, Any]) -> str:
    """A document as text. What is None is left out; everything else reads back as it was, numbers with a point as their text."""
    return "\n".join(_table(body, ())).strip("\n") + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    written = {key: value for key, value in table.items() if value is not None}
    below = _below(written)
    for key, value in written.items():
        if key not in below:
            yield from _line(key, value)
    for key in below:
        yield from _tables(written[key], (*path, key))


def _below(table: Mapping[str, Any]) -> list[str]:
    """The keys that stand in tables of their own: lists of tables, and all tables where one is too long for a line."""
    tables = [key for key, value in table.items() if isinstance(value, Mapping) and value]
    if all(len(f"{key} = {_spelled(table[key])}") <= WIDTH for key in tables):
        tables = []
    return [key for key, value in table.items() if key in tables or _is_list_of_tables(value)]


def _tables(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if _is_list(value):
        for one in value:
            yield from ("", f"[[{_path(path)}]]")
            yield from _table(one, path)
        return
    if len(_below(value)) < len(value):
        yield from ("", f"[{_path(path)}]")
    yield from _table(value, path)


def _line(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, str) and "\n" in value:
        yield f'{_key(key)} = """'
        yield f'{_in_lines(value)}"""'
        return
    whole = f"{_key(key)} = {_spelled(value)}"
    if len(whole) <= WIDTH or not _is_list(value):
        yield whole
        return
    yield f"{_key(key)} = ["
    yield from (f"  {_spelled(one)}," for one in value)
    yield "]"


def _path(keys: tuple[str, ...]) -> str:
    return ".".join(_key(key) for key in keys)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _spelled(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case int() | float():
            return str(value)
        case date() | time():
            return value.isoformat()
        case Mapping():
            inside = ", ".join(f"{_key(key)} = {_spelled(one)}" for key, one in value.items() if one is not None)
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple():
            return f"[{', '.join(_spelled(one) for one in value)}]"
        case _:
            return _quoted(str(value))


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_list_of_tables(value: Any) -> bool:
    return _is_list(value) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _quoted(text: str) -> str:
    return f'"{_NOT_AS_IT_IS.sub(_escaped, text)}"'


def _in_lines(text: str) -> str:
    told = _NOT_IN_LINES.sub(_escaped, text).replace('"""', '""\\"')
    return f'{told[:-1]}\\"' if told.endswith('"') else told


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04x}"


def understand(text: str) -> dict[str, Any]:
    """The body that a text says. Refuses `bad_toml` with the place that is wrong, and `no_text` for what no database holds."""
    try:
        said = tomllib.loads(text, parse_float=str)
    except (ValueError, RecursionError) as wrong:
        raise Refused(Refusal(
            code="bad_toml", says="This is no TOML: {reason}.", do="Correct this place.", field="text",
            values={"reason": str(wrong).rstrip(".")},
        )) from None  # fmt: skip
    body: dict[str, Any] = _plain(said)
    return body


def _plain(value: Any) -> Any:
    """The value as JSON holds it: days and times as text."""
    if isinstance(value, Mapping):
        return {_plain(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, str) and "\x00" in value:
        raise Refused(Refusal(
            code="no_text", says="A text has a character with the number 0.", do="Take it out.", field="text",
        ))  # fmt: skip
    return value
