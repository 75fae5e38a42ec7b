"""The shelf of templates: all names are known at once, each letter is read when it is first taken down."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from milepost.ground.procedures.rules import read_template
from milepost.ground.procedures.words import TemplateVersion

Source = Callable[[str], tuple[int, Mapping[str, Any]]]
"""Finds a template's version and body by its full name."""


class Templates(Mapping[str, TemplateVersion]):
    """Templates by their full name. Reading one twice at once is harmless: both readers get the same."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = dict(sources)
        self._read: dict[str, TemplateVersion] = {}

    def __getitem__(self, name: str) -> TemplateVersion:
        found = self._read.get(name)
        if found is None:
            found = self._read[name] = read_template(name, *self._sources[name](name))
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)
