"""Fields with names: "Quantity: 5", one a line or several on it; and numbers of purchase orders."""

import re
from collections.abc import Mapping

from milepost.ground.catalog.words import ItemCard
from milepost.plugs.inboxes.mail.beside import DEFINITE
from milepost.plugs.inboxes.mail.threads import Line
from milepost.plugs.inboxes.mail.tokens import resolve
from milepost.plugs.inboxes.mail.vocabulary import label_of

FIELD = re.compile(r"^\s*[-*•]?\s*(?P<name>[^\W\d_][^:=|\n]{0,40}?)\s*[:=]\s*(?P<value>.*?)\s*$")
BREAK = re.compile(r"(?:[,;|]|\s[–—-])\s+(?=[^\W\d_][^:=,;|]{0,30}[:=])")
NUMBERED = re.compile(r"^(?P<name>.*?[^\W\d_].*?)[\s:#.]*[\s:#](?P<value>#?(?=\S*\d)[^\W_][\w./\-]*)\s*[.,:]?$")
TOTAL = re.compile(
    r"^[\s|]*(?P<name>[^\W\d_][^:=|\d]*?)[\s:=|]+(?:EUR|€)?\s*(?P<value>\d[\d.,'’]*\d|\d)\s*(?:EUR|€)?[\s|.]*$"
)
WANTED = re.compile(r"^\s*(?P<name>[^\W\d_][^\d:]*?)\s+(?:(?:le|on|am|op|el|em|il|den)\s+)?(?P<day>\d.*?)\s*[.]?$")
OF_DAY = re.compile(r"\s+(?:vom|of|dated|du|del|van|z dnia|av den|af)\s+(?P<day>\S+)$")
VERBS = frozenset({"order", "commande"})  # "please order 4711" orders something, "our order 4711" is one
BEFORE_NOUNS = DEFINITE | {"new", "a", "an", "purchase", "une", "nouvelle", "for"}
DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|[12]\d|3[01])\1(?:20)?\d\d")
Field = tuple[str, int, str]


def fields_in(line: Line) -> list[Field]:
    """The fields of a line: what each stands for, its place and its value. None unless the whole line is made of fields we know."""
    found: list[Field] = []
    at = 0
    pieces = [*BREAK.finditer(line.text)]
    for end, after in [*((piece.start(), piece.end()) for piece in pieces), (len(line.text), len(line.text))]:
        match = FIELD.match(line.text[at:end])
        meaning = label_of(match["name"]) if match else ""
        if not match or not meaning:
            return []
        found.append((meaning, line.start + at + match.start("value"), match["value"]))
        at = after
    return found


def total_in(line: Line) -> tuple[str, int, int] | None:
    """The amount of a line that gives a total and nothing else, with its place."""
    match = TOTAL.match(line.text)
    if not match or label_of(match["name"]) != "total":
        return None
    return match["value"], line.start + match.start("value"), line.start + match.end("value")


def wanted_in(line: Line) -> Field | None:
    """A day in a line without a colon: "Delivery date 4 December 2026", "Livraison souhaitée le 3 décembre 2026"."""
    match = WANTED.match(line.text)
    if not match or label_of(match["name"]) != "wanted":
        return None
    return "wanted", line.start + match.start("day"), match["day"]


def order_number(text: str, start: int, items: Mapping[str, ItemCard]) -> tuple[str, int, int] | None:
    """The customer's number in "Order no. 4711", if the text is nothing else; with its place."""
    dated = OF_DAY.search(text)
    match = NUMBERED.match(text[: dated.start()] if dated and DAY.fullmatch(dated["day"]) else text.strip("\n"))
    if not match or not _names_order(match["name"]):
        return None
    value = match["value"].lstrip("#").rstrip(".,")
    if resolve(value, items) is not None or DAY.fullmatch(value):
        return None
    begin = start + match.start("value") + len(match["value"]) - len(match["value"].lstrip("#"))
    return value, begin, begin + len(value)


def _names_order(text: str) -> bool:
    """Whether the last words of a text are what such a number is called; before them "our new" may stand."""
    from milepost.plugs.inboxes.mail.vocabulary import vocabulary

    words = text.split()
    if len(words) > 1 and words[-1].casefold() in ("is", "lautet", "ist", "est", "es", "é", "è"):
        words = words[:-1]
    harmless = vocabulary().all_of("harmless") | vocabulary().all_of("order")
    for cut in range(len(words)):
        if label_of(" ".join(words[cut:])) == "po":
            if cut and words[cut].casefold() in VERBS and words[cut - 1].casefold() not in BEFORE_NOUNS:
                return False
            return all(word.casefold().strip(".,:") in harmless for word in words[:cut])
    return False
