"""Where a value stands, in the form and in the document, and what is wrong there; what a browser sent, by its places. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from milepost.kernel.refusals import Refusal

MOST_ROWS = 500
MOST_DEPTH = 24
DEEP = "_"


@dataclass(slots=True)
class Notes:
    """What is wrong, by the name of the field; and the name of the field of each place in the document."""

    wrong: dict[str, list[Refusal]] = field(default_factory=dict)
    names: dict[tuple[str, ...], str] = field(default_factory=dict)

    def name_of(self, path: tuple[str, ...]) -> str:
        """The field that a place of the document stands in, or the nearest around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.names:
                return self.names[path[:length]]
        return ""

    def add(self, name: str, refusal: Refusal) -> None:
        """Note what is wrong with a field."""
        self.wrong.setdefault(name, []).append(refusal)


@dataclass(frozen=True, slots=True)
class Place:
    """One place: the name of its field, and its path in the document."""

    notes: Notes
    name: str = ""
    path: tuple[str, ...] = ()

    def at(self, part: str) -> "Place":
        """A field of the record here."""
        return self._known(f"{self.name}.{part}" if self.name else part, (*self.path, part))

    def row(self, number: int, key: str) -> "Place":
        """A row of the list here, and what it is called in the document."""
        return self._known(f"{self.name}.{number}", (*self.path, key))

    def value(self) -> "Place":
        """What stands in the row here, which has the same place in the document."""
        return self._known(f"{self.name}.value", self.path)

    def wrong(self, code: str, says: str, do: str, **values: Any) -> None:
        """Note what is wrong here."""
        self.notes.add(self.name, Refusal(code=code, says=says, do=do, field=self.name, values=values))

    def _known(self, name: str, path: tuple[str, ...]) -> "Place":
        self.notes.names[path] = name
        return Place(self.notes, name, path)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser sent for one place and for those within it."""

    values: tuple[str, ...] = ()
    within: Mapping[str, "Sent"] = field(default_factory=dict)

    @property
    def one(self) -> str:
        """The value of a field; nothing where none came."""
        return self.values[-1] if self.values else ""

    def at(self, part: str) -> "Sent":
        """What came for a place within this one."""
        return self.within.get(part, _NOTHING)

    def rows(self) -> list["Sent"]:
        """What came for the rows of a list, in their order."""
        numbers = sorted(int(part) for part in self.within if part.isascii() and part.isdecimal() and len(part) < 6)
        return [self.within[str(number)] for number in numbers[:MOST_ROWS]]


_NOTHING = Sent()


def sent(posted: Iterable[tuple[str, list[str]]]) -> Sent:
    """All that came, by place: `rows.3.value.fact` is a field of the row 3 of `rows`."""
    tree: dict[str, Any] = {}
    for name, values in posted:
        parts = name.split(".")
        if len(parts) > MOST_DEPTH or not all(part.replace(DEEP, "").isalnum() for part in parts):
            continue
        here = tree
        for part in parts:
            here = here.setdefault(part, {})
        here[""] = values
    return _gathered(tree)


def _gathered(tree: Mapping[str, Any]) -> Sent:
    values = tuple(value.replace("\r\n", "\n") for value in tree.get("", ()))
    return Sent(values, {part: _gathered(inner) for part, inner in tree.items() if part})
