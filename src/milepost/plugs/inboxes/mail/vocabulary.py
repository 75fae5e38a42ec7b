"""The words of all languages that the reader knows, from `vocabulary.toml`, parsed once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LONGEST_PHRASE = 5
SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Language:
    """What stands under one language's name, phrase by phrase."""

    greeting: frozenset[str]
    order: frozenset[str]
    polite: frozenset[str]
    apart: frozenset[str]
    closing: frozenset[str]
    thanks: frozenset[str]
    joining: frozenset[str]
    risk: frozenset[str]

    @property
    def harmless(self) -> frozenset[str]:
        """What may stand beside a line of an order and change nothing."""
        return self.greeting | self.order | self.polite | self.joining


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All of it. The maps lead from a word or phrase to what it stands for."""

    languages: Mapping[str, Language]
    units: Mapping[str, frozenset[str]]
    numbers: Mapping[str, int]
    labels: Mapping[str, str]
    topics: Mapping[str, str]
    questions: Mapping[str, frozenset[str]]
    service: frozenset[str]
    attached: frozenset[str]
    automatic: tuple[str, ...]
    threads: Mapping[str, frozenset[str]]
    countries: Mapping[str, str]
    months: Mapping[str, int]
    only_in: Mapping[str, frozenset[str]]
    courtesies: frozenset[str]
    giving: Mapping[str, frozenset[str]]

    def means_it_in(self, word: str, language: str) -> bool:
        """Whether a number's or unit's word is one in this language: "onze" is eleven in French and "our" in Dutch."""
        return word not in self.only_in or language in self.only_in[word]

    def all_of(self, group: str) -> frozenset[str]:
        """The phrases of one group in every language."""
        return frozenset(phrase for one in self.languages.values() for phrase in getattr(one, group))


@cache
def vocabulary() -> Vocabulary:
    """What the reader knows."""
    data = tomllib.loads((files(__package__) / "vocabulary.toml").read_text(encoding="utf-8"))
    data = {name: {word: _folded(words) for word, words in group.items()} for name, group in data.items()}
    units: dict[str, set[str]] = {}
    for unit, words in data["units"].items():
        for word in (unit, *words):
            units.setdefault(word, set()).add(unit)
    return Vocabulary(
        languages={name: _language(group) for name, group in data.items() if len(name) == 2},
        units={word: frozenset(found) for word, found in units.items()},
        numbers={word: int(number) for number, words in data["numbers"].items() for word in words},
        labels=_turned(data["labels"]),
        topics=_turned(data["topics"]),
        questions={name: frozenset(words) for name, words in data["questions"].items()},
        service=frozenset(data["service"]["words"]),
        attached=frozenset(data["attached"]["words"]),
        automatic=tuple(data["automatic"]["subjects"]),
        threads={name: frozenset(words) for name, words in data["threads"].items()},
        countries=_turned(data["countries"]) | {code.lower(): code for code in data["countries"]},
        months={word: int(month) for month, words in data["months"].items() for word in words},
        only_in={word: frozenset(languages) for word, languages in data["only_in"].items()},
        courtesies=frozenset(map(plain, data["courtesies"]["sentences"])),
        giving={name: frozenset(words) for name, words in data["giving"].items()},
    )


def _folded(words: Iterable[str]) -> list[str]:
    """As all words are looked up: "grüße" is "grüsse"."""
    return [word.casefold() for word in words]


def _language(group: Mapping[str, Iterable[str]]) -> Language:
    names = {"and": "joining"}
    return Language(**{names.get(name, name): frozenset(words) for name, words in group.items()})


def _turned(groups: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """From each word to the first group that has it."""
    found: dict[str, str] = {}
    for name, words in groups.items():
        for word in words:
            found.setdefault(word, name)
    return found


def plain(text: str) -> str:
    """A phrase as it is looked up: lower case, single blanks, without marks at its ends."""
    return SPACES.sub(" ", text).strip(" .:;,!?*#-–—\t\"'()[]").casefold().replace("’", "'")


def label_of(text: str) -> str:
    """What the name of a field stands for, or nothing."""
    return vocabulary().labels.get(plain(text), "") or vocabulary().labels.get(plain(text.replace(".", "")), "")


def units_of(word: str) -> frozenset[str]:
    """The units that a word may mean."""
    return vocabulary().units.get(word.casefold().rstrip("."), frozenset())
