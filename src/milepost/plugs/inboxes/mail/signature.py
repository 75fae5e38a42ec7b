"""Where a message ends and its signature begins, and whether what stands in the signature is no more than one."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from milepost.ground.catalog.words import ItemCard
from milepost.plugs.inboxes.mail.fields import fields_in, order_number
from milepost.plugs.inboxes.mail.phrases import Tongue, phrases
from milepost.plugs.inboxes.mail.threads import Line
from milepost.plugs.inboxes.mail.tokens import TIMES, Kind, Token, tokens
from milepost.plugs.inboxes.mail.vocabulary import label_of, units_of, vocabulary

MOST_NAMES = 5
MOST_DIGITS = 5  # of what is no phone number
ABOUT_ORDER = frozenset({"ship_to", "wanted", "po", "code", "quantity"})
STREETS = frozenset(
    {
        "rue",
        "place",
        "avenue",
        "av",
        "boulevard",
        "bd",
        "allée",
        "chemin",
        "quai",
        "impasse",
        "route",
        "cours",
        "bis",
        "ter",
        "square",
    }
)
SMALL = frozenset(
    {
        "of",
        "and",
        "the",
        "für",
        "und",
        "de",
        "du",
        "des",
        "la",
        "le",
        "y",
        "e",
        "et",
        "en",
        "van",
        "der",
        "den",
        "von",
        "zu",
        "i",
        "a",
        "im",
        "auf",
    }
)
ABBREVIATED = frozenset(
    {
        "i.a",
        "i.v",
        "ppa",
        "tel",
        "fax",
        "mob",
        "mobil",
        "email",
        "mail",
        "e-mail",
        "web",
        "www",
        "ust-idnr",
        "vat",
        "hrb",
        "iban",
        "bic",
        "t",
        "f",
        "m",
        "p",
        "c/o",
        "via",
        "rue",
        "ul",
        "place",
        "calle",
        "street",
        "téléphone",
    }
)


def begins(lines: Sequence[Line], speech: Tongue, names: frozenset[str]) -> int:
    """The number of the line with which the signature begins; their count when there is none."""
    for number, line in enumerate(lines):
        if _is_closing(line, speech, names) or line.text.strip() in ("--", "—", "__") or is_device(line.text):
            return number
    end = len(lines)
    while end and not lines[end - 1].text.strip():
        end -= 1
    first = end
    while first and is_only_names(lines[first - 1], names):
        first -= 1
    return first if first < end else len(lines)


def is_device(text: str) -> bool:
    """ "Sent from my …", as telephones write it."""
    return text.strip().casefold().startswith(tuple(vocabulary().threads["devices"]))


def _is_closing(line: Line, speech: Tongue, names: frozenset[str]) -> bool:
    """Nothing but a closing or thanks, perhaps with a name behind it."""
    found = [token for token in tokens(line.text, line.start, {}) if token.kind != Kind.MARK]
    known = speech.closing | speech.thanks | speech.harmless
    parts = list(phrases(found, known))
    closing = [part for part in parts if part.text in speech.closing | speech.thanks]
    rest = [part for part in parts if part not in closing]
    if not closing or parts[0] not in closing:
        return False
    for part in rest:
        word = part.tokens[0]
        after_all = parts.index(part) > parts.index(closing[-1])
        named = word.kind == Kind.WORD and word.text[:1].isupper() and after_all and len(rest) <= MOST_NAMES
        if not (
            word.low in names
            or named
            or word.low in ("and", "und", "et", "e", "y", "en", "i", "och", "og", "with", "in", "aus", "from", "uit")
        ):
            return False
    return True


def is_only_names(line: Line, names: frozenset[str]) -> bool:
    found = [token for token in tokens(line.text, line.start, {}) if token.kind != Kind.MARK]
    return bool(found) and len(found) <= MOST_NAMES and all(token.low in names for token in found)


def unread_in(lines: Sequence[Line], speech: Tongue, items: Mapping[str, ItemCard]) -> list[Token]:
    """What in a signature may be more than one: codes, quantities, a postscript, sentences that ask for something."""
    unread: list[Token] = []
    noticed = False
    for number, line in enumerate(lines):
        found = tokens(line.text, line.start, items)
        noticed = noticed or any(word in line.text.casefold() for word in vocabulary().threads["notices"])
        if (
            number == 0
            and not is_device(line.text)
            and not any(token.item for token in found)
            and not _says_risk(found, speech)
        ):
            continue
        if (
            _asks(found)
            or _is_told_apart(line)
            or (not noticed and not is_device(line.text) and _speaks(found, speech))
        ):
            unread += [token for token in found if token.kind != Kind.MARK]
    return unread


def _is_told_apart(line: Line) -> bool:
    """A field that says something about the order: "Delivery address:", "PO 4711"; and what is written behind a device's name."""
    if is_device(line.text):
        return bool(re.search(r"[,;!.]\s+\w|\s\d+\s*[x×*]", line.text))
    named = label_of(line.text.partition(":")[0])
    fields = [meaning for meaning, _, _ in fields_in(line)]
    return bool(ABOUT_ORDER.intersection([named, *fields])) or order_number(line.text, line.start, {}) is not None


def _says_risk(found: Sequence[Token], speech: Tongue) -> bool:
    return any(
        part.text in speech.risk - speech.closing - speech.thanks
        for part in phrases(found, speech.risk | speech.closing | speech.thanks)
    )


def _asks(found: Sequence[Token]) -> bool:
    """Codes, quantities with their units, questions and postscripts have no place in a signature."""
    words = [token for token in found if token.kind != Kind.MARK]
    if words and words[0].low.rstrip(".") in vocabulary().threads["postscripts"]:
        return True
    if found and found[0].text in ("+", "=") and sum(c.isdigit() for token in found for c in token.text) < MOST_DIGITS:
        return True
    if any(token.text == "?" for token in found) or any(
        token.item is not None and token.kind == Kind.CODE for token in found
    ):
        return True
    if len(words) > 1 and words[0].kind == Kind.NUMBER and words[1].kind == Kind.WORD and words[1].text.islower():
        return words[1].low not in STREETS
    return any(
        (token.kind == Kind.NUMBER and (after.low in TIMES or (units_of(after.low) and len(after.text) > 1)))
        or (after.kind == Kind.NUMBER and label_of(token.text) == "quantity")
        for token, after in pairwise(found)
    )


def _speaks(found: Sequence[Token], speech: Tongue) -> bool:
    """A sentence, or a word that asks for something or takes it back: no signature has either."""
    words = [token for token in found if token.kind == Kind.WORD]
    if not words:
        return False
    small = [word for word in words if word.text[:1].islower() and word.low not in SMALL | ABBREVIATED]
    told = [
        part
        for part in phrases(words, speech.harmless | speech.risk)
        if part.text not in SMALL | speech.closing | speech.thanks
    ]
    risks = [part for part in told if part.text in speech.risk]
    asking = [part for part in told if part.text in speech.harmless and part.tokens[0].text[:1].islower()]
    begins_sentence = len(words) > 1 and words[0].low in speech.harmless and words[1].text[:1].islower()
    polite = any(part.text in vocabulary().questions["please"] for part in told)
    return len(small) > 2 or bool(risks or asking) or begins_sentence or polite
