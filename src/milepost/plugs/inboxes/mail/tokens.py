"""A text as tokens: codes of the catalogue, numbers, words and marks, each with its place."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from milepost.ground.catalog.words import ItemCard
from milepost.plugs.inboxes.mail.vocabulary import vocabulary

CHUNK = re.compile(
    r"(?P<link>\S+@\S+\.\w+|https?://\S+|www\.\S+)"
    r"|(?P<chunk>[^\W_]+(?:[./\-+#'’&][^\W_]+|,(?=\d)(?<=\d,)\d+)*)"
    r"|(?P<mark>[^\w\s]|_)"
)
NUMBER = re.compile(r"\d+(?:[.,'’]\d+)*")
GLUED = re.compile(r"(\d+(?:[.,]\d+)?)([^\W\d_]+)")
TIMES = frozenset({"x", "×", "*"})
MONEY_MARKS = {
    "€": "EUR", "$": "USD", "£": "GBP", "zł": "PLN", "chf": "CHF", "fr": "CHF", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "usd": "USD", "gbp": "GBP", "pln": "PLN", "sek": "SEK", "kr": "SEK", "dkk": "DKK",
}  # fmt: skip
MOST = Decimal(9_999)


class Kind(StrEnum):
    """What a token is."""

    CODE = "code"
    UNKNOWN_CODE = "unknown_code"
    NUMBER = "number"
    WORD = "word"
    MARK = "mark"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token. A number has its value, none where it can be read in two ways; digits that are also a code keep the item."""

    kind: Kind
    text: str
    start: int
    end: int
    item: ItemCard | None = None
    value: Decimal | None = None

    @property
    def low(self) -> str:
        """The token as it is looked up."""
        return self.text.casefold().replace("’", "'")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it was written: its value, or none where it can be read in two ways, and whether it has a fraction."""

    value: Decimal | None
    fraction: bool = False


def chunks(text: str) -> set[str]:
    """Everything in a text that might be a code: in each spelling in which the catalogue may have it."""
    found = set()
    for match in CHUNK.finditer(text):
        chunk = match["chunk"]
        if chunk and 2 <= len(chunk) <= 64:
            found.add(chunk)
            times = re.fullmatch(r"\d+[x×*](.+)", chunk)
            found |= {times[1]} if times else set()
    return found | {chunk.upper() for chunk in found} | {chunk.lower() for chunk in found}


def tokens(text: str, start: int, items: Mapping[str, ItemCard]) -> list[Token]:
    """The tokens of a stretch of text that begins at `start`."""
    return [token for match in CHUNK.finditer(text) for token in _read(match, start, items)]


def _read(match: re.Match[str], start: int, items: Mapping[str, ItemCard]) -> Iterator[Token]:
    begin, end = start + match.start(), start + match.end()
    text = match[0]
    if match["link"]:
        yield Token(kind=Kind.LINK, text=text, start=begin, end=end)
    elif match["mark"]:
        yield Token(kind=Kind.MARK, text=text, start=begin, end=end)
    else:
        yield from _chunk(text, begin, items)


def _chunk(text: str, begin: int, items: Mapping[str, ItemCard]) -> Iterator[Token]:
    end = begin + len(text)
    item = resolve(text, items)
    if NUMBER.fullmatch(text):
        yield Token(kind=Kind.NUMBER, text=text, start=begin, end=end, item=item, value=amount(text).value)
    elif item is not None:
        yield Token(kind=Kind.CODE, text=text, start=begin, end=end, item=item)
    else:
        yield from _mixed(text, begin, items)


def _mixed(text: str, begin: int, items: Mapping[str, ItemCard]) -> Iterator[Token]:
    """A word, or a number and a word that were written together: 2x, 20kg, 3xAB-12."""
    end = begin + len(text)
    times = re.fullmatch(r"(\d+)([xX×])(.+)", text)
    if times and (item := resolve(times[3], items)) and not times[3].isdigit():
        middle = begin + len(times[1])
        yield from _chunk(times[1], begin, items)
        yield Token(kind=Kind.MARK, text="x", start=middle, end=middle + 1)
        yield Token(kind=Kind.CODE, text=times[3], start=middle + 1, end=end, item=item)
        return
    glued = GLUED.fullmatch(text)
    if glued and (glued[2].lower() in TIMES or glued[2].casefold() in vocabulary().units):
        middle = begin + len(glued[1])
        yield from _chunk(glued[1], begin, items)
        yield Token(kind=Kind.WORD, text=glued[2], start=middle, end=end)
        return
    following = re.fullmatch(r"([xX×])(\d+)", text)
    if following:
        yield Token(kind=Kind.MARK, text="x", start=begin, end=begin + 1)
        yield from _chunk(following[2], begin + 1, items)
        return
    yield Token(kind=_kind(text), text=text, start=begin, end=end)


def _kind(text: str) -> Kind:
    if text.replace("'", "").replace("’", "").replace("-", "").replace(".", "").replace("/", "").isalpha():
        return Kind.WORD
    looks_like_code = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    return Kind.UNKNOWN_CODE if looks_like_code and len(text) > 2 else Kind.OTHER


def resolve(text: str, items: Mapping[str, ItemCard]) -> ItemCard | None:
    """The one item whose code this is. Letters alone must be spelled exactly, so that no word is taken for a code."""
    if text in items:
        exact = items[text]
        common = text.casefold() in _everyday()
        return None if common else exact
    if not any(c.isdigit() for c in text):
        return None
    found = {card.id: card for spelling in (text.upper(), text.lower()) if (card := items.get(spelling))}
    return next(iter(found.values())) if len(found) == 1 else None


def _everyday() -> Collection[str]:
    """Words of the languages, which are no codes wherever they stand."""
    words = vocabulary()
    return (
        words.units.keys()
        | words.numbers.keys()
        | words.all_of("harmless")
        | words.all_of("risk")
        | words.all_of("closing")
    )


def amount(text: str) -> Amount:
    """A number as written. 1,000 and 1.000 are one or a thousand: nobody knows (no value)."""
    if text.isdigit():
        return Amount(None if len(text) > 1 and text[0] == "0" else _within(Decimal(text)))
    marks = [c for c in text if not c.isdigit()]
    if any(c in "'’" for c in marks):
        return Amount(None)
    whole, _, last = text.rpartition(marks[-1])
    if len(marks) == 1 and len(last) != 3:
        return _fractional(whole, last)
    if (
        len(set(marks)) == 2
        and len(marks) == len(whole.split(marks[0]))
        and last
        and all(len(part) == 3 for part in whole.split(marks[0])[1:])
    ):
        return _fractional(whole.replace(marks[0], ""), last)
    return Amount(None, fraction=True)


def _fractional(whole: str, last: str) -> Amount:
    if not whole.isdigit() or len(last) > 3:
        return Amount(None, fraction=True)
    return Amount(_within(Decimal(f"{whole}.{last}")), fraction=True)


def _within(value: Decimal) -> Decimal | None:
    return value if 0 < value <= MOST else None


def money(text: str) -> Decimal | None:
    """A price as written: two decimals behind a comma or a point, or none."""
    if text.isdigit():
        return Decimal(text)
    found = re.fullmatch(r"(\d{1,3}(?:[.,'’]\d{3})*|\d+)[.,](\d{2})", text)
    return Decimal(f"{re.sub(r'[^0-9]', '', found[1])}.{found[2]}") if found else None


def renamed(token: Token, kind: Kind) -> Token:
    """The same token as another kind."""
    return replace(token, kind=kind)
