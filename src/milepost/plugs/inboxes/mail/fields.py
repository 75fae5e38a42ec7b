"""Fields with names: "Quantity: 5", one a line or several on it; and numbers of purchase orders."""

import re
from collections.abc import Mapping

from milepost.ground.catalog.words import ItemCard
from milepost.plugs.inboxes.mail.threads import Line
from milepost.plugs.inboxes.mail.tokens import resolve
from milepost.plugs.inboxes.mail.vocabulary import label_of

FIELD = re.compile(r"^\s*[-*•]?\s*(?P<name>[^\W\d_][^:=|\n]{0,40}?)\s*[:=]\s*(?P<value>.*?)\s*$")
BREAK = re.compile(r"[,;|]\s+(?=[^\W\d_][^:=,;|]{0,30}[:=])")
NUMBERED = re.compile(r"^(?P<name>.*?[^\W\d_].*?)[\s:#.]*[\s:#](?P<value>#?(?=\S*\d)[^\W_][\w./\-]*)\s*[.,]?$")
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


def order_number(text: str, start: int, items: Mapping[str, ItemCard]) -> tuple[str, int, int] | None:
    """The customer's number in "Order no. 4711", if the text is nothing else; with its place."""
    match = NUMBERED.match(text.strip("\n"))
    if not match or not _names_order(match["name"]):
        return None
    value = match["value"].lstrip("#")
    if resolve(value, items) is not None or DAY.fullmatch(value):
        return None
    begin = start + match.start("value") + len(match["value"]) - len(value)
    return value, begin, begin + len(value)


def _names_order(text: str) -> bool:
    """Whether the last words of a text are what such a number is called; before them "our new" may stand."""
    from milepost.plugs.inboxes.mail.vocabulary import vocabulary

    words = text.split()
    harmless = vocabulary().all_of("harmless") | vocabulary().all_of("order")
    for cut in range(len(words)):
        if label_of(" ".join(words[cut:])) == "po":
            return all(word.casefold().strip(".,:") in harmless for word in words[:cut])
    return False
