"""What stands beside the goods of a line, and whether all of it is known to change nothing."""

from collections.abc import Collection

from milepost.plugs.inboxes.mail.phrases import Phrase, Tongue, phrases
from milepost.plugs.inboxes.mail.tokens import Kind, Token
from milepost.plugs.inboxes.mail.uses import Work
from milepost.plugs.inboxes.mail.vocabulary import vocabulary

OF = frozenset({"of", "de", "di", "von", "van", "d'", "da", "do", "of the", "av", "af", "à", "stk"})
DASHES = ("-", "–", "—")
ADDING = frozenset("+=")
RELATING = frozenset((*DASHES, "/", "="))
PLAIN_MARKS = frozenset(".,;:!()-–—|\"'“”„*•·▪+=&¡…/")
DEFINITE = frozenset({
    "the", "our", "my", "these", "this", "die", "den", "der", "das", "dem", "unsere", "unserer", "meine", "les",
    "la", "le", "notre", "ma", "los", "las", "el", "nuestro", "nuestra", "mi", "os", "as", "o", "nossa", "nosso",
    "minha", "meu", "esta", "i", "gli", "il", "lo", "nostro", "mio", "de", "het", "onze", "deze", "mijn", "nasze",
    "vår", "vores",
})  # fmt: skip


def unexplained(work: Work, used: Collection[int], speech: Tongue, names: frozenset[str]) -> list[Token]:
    """The tokens of a line that nothing explains. `used` are the places of codes and quantities that were paired."""
    explained = {place for place, use in work.use.items() if use not in ("code", "quantity") or place in used}
    rest = [(place, work.tokens[place]) for place in range(len(work.tokens)) if place not in explained]
    last = max((place for place, use in work.use.items() if use in ("code", "quantity")), default=-1)
    unread: list[Token] = [*_foreign_units(work, speech), *_asides(work)]
    for phrase in phrases([token for _, token in rest], speech.harmless | speech.apart | speech.thanks | speech.risk):
        place = next(at for at, token in rest if token is phrase.tokens[0])
        if not _is_harmless(work, place, phrase, speech, names, before_goods=place < last):
            unread.extend(phrase.tokens)
    return unread


def _is_harmless(
    work: Work, place: int, phrase: Phrase, speech: Tongue, names: frozenset[str], *, before_goods: bool
) -> bool:
    if _is_variant(work, place) or _points_back(work, place, phrase.tokens[-1]):
        return False
    if phrase.text in speech.harmless:
        return True
    if phrase.text in (speech.apart | speech.thanks) - speech.risk:
        return not before_goods
    return _means_nothing(work, place, phrase.tokens[0], names)


def _points_back(work: Work, place: int, word: Token) -> bool:
    """ "the 5 x AB-12" are some that were spoken of before."""
    at = next((at for at in range(place, len(work.tokens)) if work.tokens[at] is word), place)
    return word.low in DEFINITE and work.use.get(at + 1) == "quantity"


def _is_variant(work: Work, place: int) -> bool:
    """Capitals right behind a code may belong to it: AB-12 B."""
    token = work.tokens[place]
    return (
        token.kind == Kind.WORD and len(token.text) < 3 and token.text.isupper() and work.use.get(place - 1) == "code"
    )


def _means_nothing(work: Work, place: int, token: Token, names: frozenset[str]) -> bool:
    if token.kind == Kind.MARK:
        after = work.at(place + 1)
        minus = token.text in DASHES and after is not None and after.kind == Kind.NUMBER and after.start == token.end
        return token.text in PLAIN_MARKS and not (minus or _is_part_of_code(work, place) or _relates_goods(work, place))
    return token.kind == Kind.WORD and (token.low in OF or token.low in names)


def _is_part_of_code(work: Work, place: int) -> bool:
    """A mark that clings to a code may belong to it: AB-12+, AB-12*."""
    token, before = work.tokens[place], work.at(place - 1)
    return (
        token.text in "+*/&=" and work.use.get(place - 1) == "code" and before is not None and before.end == token.start
    )


def _relates_goods(work: Work, place: int) -> bool:
    """ "+ 5 x AB-12" adds to something said before; "5 x AB-12 / 5 x AB-13" may be one or the other, or one for the other."""
    mark = work.tokens[place].text
    if not any(at > place and use == "code" for at, use in work.use.items()):
        return False
    before = [use for at, use in work.use.items() if at < place and use in ("code", "quantity")]
    if not before:
        return mark in ADDING
    return mark in RELATING and before.count("code") == before.count("quantity")


def _asides(work: Work) -> list[Token]:
    """The brackets around a whole line of goods: "10 x AB-12 (10 x AB-13)" does not say whether both are wanted."""
    opened = next((at for at, token in enumerate(work.tokens) if token.text in ("(", "[")), None)
    closed = next((at for at, token in enumerate(work.tokens) if token.text in (")", "]")), None)
    if opened is None or closed is None or closed < opened:
        return []
    inside = {work.use.get(at) for at in range(opened, closed)}
    return [work.tokens[opened], work.tokens[closed]] if {"code", "quantity"} <= inside else []


def _foreign_units(work: Work, speech: Tongue) -> list[Token]:
    """Words that are units in another language only: "dozen" are boxes in Dutch and twelve in English."""
    units = [work.tokens[at] for at, use in work.use.items() if use == "unit"]
    return [unit for unit in units if not vocabulary().means_it_in(unit.low, speech.name)]
