"""What the words of a stretch of text amount to: harmless, a closing, a risk; found as the longest phrases that are known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from milepost.plugs.inboxes.mail.tokens import Kind, Token
from milepost.plugs.inboxes.mail.vocabulary import LONGEST_PHRASE, Language, vocabulary


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some tokens that belong together, as they are looked up."""

    text: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Tongue:
    """What is harmless in a message: all of its own language, and of the others what is a risk in none."""

    name: str
    harmless: frozenset[str]
    apart: frozenset[str]
    closing: frozenset[str]
    thanks: frozenset[str]
    risk: frozenset[str]


def tongue(words: Sequence[Token]) -> Tongue:
    """The language that most of the words are of, and what may be taken for harmless then."""
    known = vocabulary().languages
    counts = {name: _hits(words, language) for name, language in known.items()}
    best = max(counts, key=lambda name: counts[name])
    runner_up = max(count for name, count in counts.items() if name != best)
    name = best if counts[best] > runner_up else ""
    own = known.get(name)
    own_words = own.harmless | own.apart | own.closing | own.thanks if own else frozenset()
    risk = (vocabulary().all_of("risk") - own_words) | (own.risk if own else frozenset()) | vocabulary().service
    return Tongue(
        name=name,
        harmless=(vocabulary().all_of("harmless") | (own.harmless if own else frozenset())) - risk,
        apart=vocabulary().all_of("apart") - risk, closing=vocabulary().all_of("closing"),
        thanks=vocabulary().all_of("thanks"), risk=risk,
    )  # fmt: skip


def _hits(words: Sequence[Token], language: Language) -> int:
    all_words = language.harmless | language.apart | language.closing | language.thanks | language.risk
    return sum(len(phrase.tokens) for phrase in phrases(words, all_words) if phrase.text in all_words)


def phrases(found: Sequence[Token], known: frozenset[str]) -> Iterator[Phrase]:
    """The tokens in their order, those together that make the longest phrase that is known."""
    place = 0
    while place < len(found):
        length = _longest(found, place, known)
        some = tuple(found[place : place + length])
        yield Phrase(" ".join(token.low for token in some), some)
        place += length


def _longest(found: Sequence[Token], place: int, known: frozenset[str]) -> int:
    for length in range(min(LONGEST_PHRASE, len(found) - place), 1, -1):
        some = found[place : place + length]
        if all(token.kind == Kind.WORD for token in some) and " ".join(token.low for token in some) in known:
            return length
    return 1


def says(found: Sequence[Token], known: frozenset[str]) -> bool:
    """Whether any known phrase stands among the tokens."""
    words = [token for token in found if token.kind == Kind.WORD]
    return any(phrase.text in known for phrase in phrases(words, known))
