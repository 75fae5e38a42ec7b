"""What each token of a line is for: code, quantity, unit, price, words of the item's name. What is left has no use yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from milepost.plugs.inboxes.mail.tokens import CHUNK, MONEY_MARKS, TIMES, Kind, Token
from milepost.plugs.inboxes.mail.vocabulary import label_of, units_of, vocabulary

PRICE_MARKS = frozenset({"@", "à", "a", "je", "each", "je stück", "pro", "per"})


@dataclass(slots=True)
class Work:
    """The tokens of a line and what each of them is for."""

    tokens: list[Token]
    use: dict[int, str] = field(default_factory=dict)

    def at(self, place: int) -> Token | None:
        """The token at a place, if there is one."""
        return self.tokens[place] if 0 <= place < len(self.tokens) else None


def uses_in(found: Sequence[Token], *, numbered: bool, language: str = "") -> Work:
    """The tokens of a line with their uses. `numbered`: a number at its start only counts the lines."""
    work = Work(_words_as_numbers(list(found), language))
    if numbered and work.tokens and work.tokens[0].kind == Kind.NUMBER:
        work.use[0] = "position"
    _take_codes(work)
    _take_descriptions(work)
    _take_money(work)
    _take_quantities(work)
    return work


def _words_as_numbers(found: list[Token], language: str) -> list[Token]:
    """ "two" before a code or a unit is 2."""
    for place, token in enumerate(found):
        value = vocabulary().numbers.get(token.low) if token.kind == Kind.WORD else None
        if value is not None and vocabulary().means_it_in(token.low, language):
            found[place] = replace(token, kind=Kind.NUMBER, value=Decimal(value))
    return found


def _take_codes(work: Work) -> None:
    for place, token in enumerate(work.tokens):
        if token.kind in (Kind.CODE, Kind.UNKNOWN_CODE):
            work.use.setdefault(place, "code")
    for place, token in enumerate(work.tokens):
        if token.kind == Kind.NUMBER and place not in work.use and _is_code(work, place):
            work.use[place] = "code"
    for place, use in list(work.use.items()):
        if use == "code":
            _take_code_label(work, place)


def _is_code(work: Work, place: int) -> bool:
    """Digits alone are a code when they are called one, or when the only other number is marked as a quantity."""
    token = work.tokens[place]
    named = _code_label_before(work, place) > 0
    if named:
        return token.item is not None or len(token.text) > 3
    others = [
        at
        for at, one in enumerate(work.tokens)
        if one.kind == Kind.NUMBER and at != place and work.use.get(at) != "position"
    ]
    has_code = any(use == "code" for use in work.use.values())
    marked = [at for at in others if is_marked(work, at)]
    if is_marked(work, place) or has_code or len(others) != 1 or len(marked) != 1:
        return False
    return token.item is not None or len(token.text) >= 4


def _code_label_before(work: Work, place: int) -> int:
    """How many tokens before a place call it an item's number: "Art.-Nr.", "item no"."""
    for length in range(4, 0, -1):
        if place - length < 0:
            continue
        words = work.tokens[place - length : place]
        text = " ".join(token.text for token in words if token.text not in (".", ":", "#"))
        if text and label_of(text) == "code" and words[0].kind == Kind.WORD:
            return length
    return 0


def _take_code_label(work: Work, place: int) -> None:
    for at in range(place - _code_label_before(work, place), place):
        work.use.setdefault(at, "label")


def _take_descriptions(work: Work) -> None:
    """Words that stand in the item's name, in the name's order; numbers only beside such a word."""
    for token in [work.tokens[place] for place, use in work.use.items() if use == "code"]:
        if token.item is None:
            continue
        name = _name_tokens(token.item.name)
        place = 0
        while place < len(work.tokens):
            taken = _run(work, place, name)
            for at in range(place, place + taken):
                work.use.setdefault(at, "description")
            place += max(taken, 1)


def _name_tokens(name: str) -> list[str]:
    return [match[0].casefold() for match in CHUNK.finditer(name) if not match["mark"]]


def _run(work: Work, place: int, name: list[str]) -> int:
    """How many tokens from a place on repeat some of the name in its order. At least one of them is a word of two letters."""
    best = 0
    for first in range(len(name)):
        at, words, word_seen, end = place, first, False, place
        while words < len(name) and (token := work.at(at)) is not None:
            if token.text in (",", ";") and at > place:
                at += 1
                continue
            if at in work.use or not _same(token.low, name[words]):
                break
            word_seen |= token.kind == Kind.WORD and len(token.text) > 1
            at, words = at + 1, words + 1
            end = at
        if word_seen and end - place > best:
            best = end - place
    return best


def _same(word: str, named: str) -> bool:
    return word == named or (len(named) > 3 and word in (f"{named}s", f"{named}es"))


def _take_money(work: Work) -> None:
    for place, token in enumerate(work.tokens):
        if token.kind != Kind.NUMBER or place in work.use:
            continue
        after, before = work.at(place + 1), work.at(place - 1)
        marked = [
            at for at, one in ((place - 1, before), (place + 1, after)) if one is not None and one.low in MONEY_MARKS
        ]
        if marked or (before is not None and before.text == "@"):
            is_total = _label_near(work, place, "total")
            work.use[place] = "total" if is_total else "price"
            for at in marked:
                work.use.setdefault(at, "money")
            _take_price_words(work, min([place, *marked]), max([place, *marked]))


def _label_near(work: Work, place: int, meaning: str) -> bool:
    words = [
        one for at in (place - 1, place - 2, place - 3) if (one := work.at(at)) is not None and one.kind == Kind.WORD
    ]
    return any(label_of(word.text) == meaning for word in words)


def _take_price_words(work: Work, first: int, last: int) -> None:
    for at in (first - 1, first - 2, first - 3):
        token = work.at(at)
        if token is None or not (
            token.low in PRICE_MARKS or token.text in ("@", ":") or label_of(token.text) in ("price", "total")
        ):
            break
        work.use.setdefault(at, "money")
    token = work.at(last + 1)
    if token is not None and token.low in ("each", "ea", "piece", "stück", "pc", "/"):
        work.use.setdefault(last + 1, "money")


def _take_quantities(work: Work) -> None:
    for place, token in enumerate(work.tokens):
        if token.kind == Kind.NUMBER and place not in work.use and not _counts_lines(work, place):
            work.use[place] = "quantity"
            _take_marks(work, place)


def _counts_lines(work: Work, place: int) -> bool:
    """ "Item 5: AB-12", "5. AB-12": the number of a line and no quantity."""
    before, after = work.at(place - 1), work.at(place + 1)
    if before is not None and before.text in (".", ":", "#"):
        before = work.at(place - 2)
    named = before is not None and label_of(before.text) in ("position", "code") and not is_marked(work, place)
    return named or (after is not None and after.text in (".", ")") and place == 0)


def is_marked(work: Work, place: int) -> bool:
    """Whether something says that a number is a quantity: x, a unit, or the word itself."""
    after, before = work.at(place + 1), work.at(place - 1)
    if after is not None and (after.low in TIMES or units_of(after.low)):
        return True
    if before is not None and before.low in TIMES:
        return True
    if before is not None and before.text in (":", ".", "="):
        before = work.at(place - 2)
    return before is not None and label_of(before.text) == "quantity"


def _take_marks(work: Work, place: int) -> None:
    after, before = work.at(place + 1), work.at(place - 1)
    if after is not None and after.low in TIMES:
        work.use.setdefault(place + 1, "times")
    elif after is not None and units_of(after.low):
        work.use.setdefault(place + 1, "unit")
        dot = work.at(place + 2)
        if dot is not None and dot.text == ".":
            work.use.setdefault(place + 2, "unit mark")
    if before is not None and before.low in TIMES:
        work.use.setdefault(place - 1, "times")
    at = place - 2 if before is not None and before.text in (":", ".", "=") else place - 1
    label = work.at(at)
    if label is not None and label_of(label.text) == "quantity":
        work.use[at] = "label"
