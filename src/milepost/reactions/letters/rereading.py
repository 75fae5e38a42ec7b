"""The finished letter read once more as its reader will read it, against the order as the database has it now (NTF-3, ACK-2).

Text and HTML are read apart, line by line and row by row, without knowing the template: each line of the order must stand in a
row of its own with its quantity, price and total; the totals, the days and the address must be there; and no sum, day or
reference may be there that is not the order's. What customers wrote themselves (names, notes, numbers) may say anything. Days and
sums are read as the letter's language writes them; signs that only steer the direction of reading are passed over.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from html import unescape

from milepost.ground.procedures.words import Book
from milepost.reactions.letters import truth
from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.rendering import CannotRender
from milepost.reactions.letters.tongues import PATTERNS, Tongue, tongue
from milepost.reactions.letters.values import address, local_day, quantity, window
from milepost.way.intake.numbers import references
from milepost.way.orders.words import LineCard, OrderCard
from milepost.way.promising.rules import dispatch_day
from milepost.way.promising.words import Standing

READ_AGAIN = frozenset({"receipt_note", "acknowledgement", "amended_order"})
"""The letters that list the whole order."""
WITH_ADDRESS = frozenset({"acknowledgement", "amended_order"})
WITH_DATES = frozenset({"acknowledgement"})


@dataclass(frozen=True, slots=True)
class Page:
    """A letter as it is read: its lines, and the rows of its lists, in plain words."""

    lines: tuple[str, ...]
    rows: tuple[str, ...]

    @property
    def whole(self) -> str:
        """All of it in one."""
        return " ".join(self.lines)


def reread(
    template: str, account: Account, order: OrderCard, standing: Standing | None, book: Book, *, subject: str, text: str,
    html: str, address: str, language: str, now: datetime, due_address: str | None = None, name: str | None = None,
) -> None:  # fmt: skip
    """Raises CannotRender with the first thing that the letter says otherwise than the order, or does not say.

    It goes to whom it is due and greets them by name; without word of who that is, to who ordered.
    """
    if address != (order.email if due_address is None else due_address):
        raise CannotRender("it would go to another address than the order's")
    greeted = order.contact_name if name is None else name
    must = _Must(template, account, order, standing, book, now, greeted, tongue(language))
    for where, page in (("the text", _text_page(text, must.theirs)), ("the HTML", _html_page(html))):
        fault = next(_faults(must, page, _flat(subject)), "")
        if fault:
            raise CannotRender(f"{where} {fault}")


@dataclass(frozen=True, slots=True)
class _Line:
    """What the row of one line has to say: its words, how often which numbers and sums, and which sums it may name."""

    code: str
    cancelled: bool
    amount: str
    price: str
    total: str
    numbers: Counter[str]
    due: Counter[str]
    sums: frozenset[str]


class _Must:
    """What the letter has to say, and what it may say, as finished words of the language."""

    def __init__(
        self, template: str, account: Account, order: OrderCard, standing: Standing | None, book: Book, now: datetime,
        name: str, say: Tongue,
    ) -> None:  # fmt: skip
        self.order, self.say = order, say
        self.lines = [_line(line, _short(line, account), order.currency, say.language) for line in order.lines]
        sums = [order.items_total, order.total, *(one for one in (order.freight, order.tax, order.charges) if one)]
        self.sums = list(dict.fromkeys(_flat(say.money(one, order.currency)) for one in sums))
        self.theirs = [*_theirs(order), *([name] if name else [])]
        in_their_words = _flat(" | ".join(self.theirs))
        self.may_say = {*self.sums, *_sums(in_their_words, order.currency)}
        self.address = (
            [_flat(line) for line in address(order.ship_to, say) if _flat(line)] if template in WITH_ADDRESS else []
        )
        greets = "name" in book.template(template, say.language).variables
        self.name = _flat(name) if greets else ""
        leaves = _leaves(order, standing, account, book, now, say)
        dated = standing if template in WITH_DATES and not _undated(account, book, now) else None
        self.days = [_flat(window(dated.now, say))] if dated else []
        self.days += [leaves] if leaves and template in WITH_DATES else []
        self.may_name = {*_days(order, standing, say), *([leaves] if leaves else []), *_days_in(in_their_words, say)}


def _undated(account: Account, book: Book, now: datetime) -> bool:
    return truth.no_date(account, book.telling, today=local_day(now, account.order.zone), now=now)


def _short(line: LineCard, account: Account) -> Decimal:
    stock = account.stock.get(line.position)
    return stock.short if stock else _NOTHING


_NOTHING = Decimal(0)


@lru_cache(maxsize=2048)
def _line(line: LineCard, short: Decimal, currency: str, language: str) -> _Line:
    """Two letters of one order that leave together list the same lines."""
    say = tongue(language)
    price, total, amount = (
        _flat(say.money(line.unit_price, currency)),
        _flat(say.money(line.total, currency)),
        _flat(quantity(line.quantity, line.unit, say.language)),
    )
    waits = _flat(quantity(short, line.unit, language)) if short else ""
    words = (amount, _flat(line.name), _flat(line.code), price, total, waits, _flat(line.instructions))
    return _Line(
        code=_flat(line.code), cancelled=line.cancelled, amount=amount, price=price, total=total,
        numbers=Counter(found for one in words for found in _NUMBER.findall(one)), due=Counter((price, total)),
        sums=frozenset(found for one in words for found in _sums(one, currency)),
    )  # fmt: skip


def _theirs(order: OrderCard) -> list[str]:
    """What customers wrote themselves, or what items are called."""
    mine = [order.contact_name, order.po_number, order.instructions, *order.ship_to.lines()]
    return [one for one in (*mine, *(part for line in order.lines for part in (line.name, line.instructions))) if one]


def _days(order: OrderCard, standing: Standing | None, say: Tongue) -> Iterator[str]:
    yield _flat(say.day(local_day(order.received_at, order.zone)))
    promises = (standing.now, standing.first) if standing else ()
    for day in {day for promise in promises for day in (promise.earliest_on, promise.latest_on)}:
        yield _flat(say.day(day))


def _leaves(
    order: OrderCard, standing: Standing | None, account: Account, book: Book, now: datetime, say: Tongue
) -> str:
    """The day by which it is handed over, where that is still ahead."""
    if standing is None:
        return ""
    day: date = dispatch_day(book.promising, book.calendar(), now=order.received_at, short=account.is_short)
    day = min(day, standing.now.latest_on)
    return _flat(say.day(day)) if order.shipped_at is None and day >= local_day(now, order.zone) else ""


def _faults(must: _Must, page: Page, subject: str) -> Iterator[str]:
    order, whole = must.order, page.whole
    if order.reference not in whole or order.reference not in subject:
        yield "lacks the order's reference"
    for other in {*_references_in(whole), *_references_in(subject)} - {order.reference}:
        if not any(other in theirs for theirs in must.theirs):
            yield f"names another order, {other}"
    faults, listed = _item_faults(must, page)
    yield from faults
    yield from _sum_faults(must, listed, whole)
    yield from (f"does not say {day}" for day in must.days if day not in whole)
    yield from (f"names {day}, which is no day of the order" for day in _days_in(whole, must.say) - must.may_name)
    if must.address and not _stands_together(must.address, page):
        yield "does not have the order's address"
    if must.name and whole.count(must.name) <= sum(line.count(must.name) for line in must.address):
        yield "does not name the one who ordered"


def _item_faults(must: _Must, page: Page) -> tuple[list[str], list[str]]:
    """What is wrong with the list of items, and the rows that are about them."""
    rows, listed = list(page.rows), []
    faults = []
    for line in must.lines:
        mine = [row for row in rows if line.code in row]
        right = next((row for row in mine if not _row_fault(line, row, must.order.currency)), None)
        if right is not None:
            rows.remove(right)
            listed.append(right)
        elif not line.cancelled:
            faults.append(_row_fault(line, mine[0], must.order.currency) if mine else f"lacks item {line.code}")
    return faults, listed


def _row_fault(line: _Line, row: str, currency: str) -> str:
    """What the row of a line says otherwise."""
    sums = Counter(_sums(row, currency))
    lacking = line.due - sums or line.numbers - Counter(_NUMBER.findall(row))
    if lacking or any(one not in row for one in (line.amount, line.price, line.total)):
        return f"says of item {line.code} something else than {line.amount} at {line.price}, {line.total}"
    other = sums.keys() - line.sums
    return f"says of item {line.code} {min(other)}" if other else ""


def _sum_faults(must: _Must, listed: Sequence[str], whole: str) -> Iterator[str]:
    """Outside of the items stand the order's totals, and no other sum."""
    currency = must.order.currency
    said = Counter(_sums(whole, currency)) - Counter(one for row in listed for one in _sums(row, currency))
    yield from (f"does not say {one}" for one in must.sums if one not in said)
    yield from (f"says {one}, which is no sum of the order" for one in said if one not in must.may_say)


def _stands_together(address: Sequence[str], page: Page) -> bool:
    lines, size, wanted = page.lines, len(address), tuple(address)
    if any(lines[place : place + size] == wanted for place, line in enumerate(lines) if line == wanted[0]):
        return True
    return ", ".join(address) in page.whole


def _sums(text: str, currency: str) -> list[str]:
    """The sums of a currency that a text names: each number that stands right before its code."""
    pieces = text.split(currency)
    ends = [_NUMBER_AT_END.search(piece[-LONGEST_SUM:]) for piece in pieces[:-1]]
    return [
        f"{end[0]}{currency}"
        for end, after in zip(ends, pieces[1:], strict=True)
        if end and not (after[:1].isalnum() or after[:1] == "_")
    ]


LONGEST_SUM = 32
_NUMBER_AT_END = re.compile(r"(?<![\w.,'])-?\d[\d.,']*\s?$")
_NUMBER = re.compile(r"\d+(?:[.,']\d+)*")


def _days_in(text: str, say: Tongue) -> set[str]:
    """The calendar days that a text names, with their weekdays as letters write them."""
    return {found[0] for found in _day_pattern(say.language).finditer(text)}


@lru_cache(maxsize=32)
def _day_pattern(language: str) -> re.Pattern[str]:
    """How the language writes a day, with any word for the month."""
    weekday = f"(?:{'|'.join(map(re.escape, sorted(tongue(language).weekdays())))})"
    fields = {"EEEE": weekday, "MMMM": r"[^\W\d_]+", "y": r"\d{4}", "d": r"\d{1,2}"}
    parts = re.findall(r"'[^']*'|EEEE|MMMM|[dy]|.", PATTERNS[language])
    return re.compile("".join(fields.get(part) or re.escape(part.strip("'")) for part in parts))


def _references_in(text: str) -> list[str]:
    found = _reference_pattern().finditer(text)
    return [
        one[0]
        for one in found
        if not one.start() or not (text[one.start() - 1].isalnum() or text[one.start() - 1] == "_")
    ]


@lru_cache(maxsize=1)
def _reference_pattern() -> re.Pattern[str]:
    sign = "[0-9A-HJKMNP-TV-Z]{3}"
    return re.compile(rf"{re.escape(references().prefix)}{sign}-{sign}-{sign}(?!\w)")


def _flat(text: str) -> str:
    """Words with one blank between them, as they are compared."""
    return " ".join((text if text.isascii() else _read(text)).split())


def _read(text: str) -> str:
    """Without the signs that only steer the direction of reading; the thin blank inside of a number is no blank."""
    if "\u202f" in text:
        text = text.replace("\u202f", "'")
    return _STEERING.sub("", text)


_STEERING = re.compile("[\u200e\u200f\u061c\u2066-\u2069]")


def _lines_of(text: str) -> tuple[str, ...]:
    return tuple([flat for line in _BLANKS.sub(" ", text).split("\n") if (flat := line.strip())])


_BLANKS = re.compile(r"[^\S\n]{2,}|[^\S\n ]")


def _text_page(text: str, theirs: Iterable[str]) -> Page:
    """The lines of a text. A row is a line with what is indented below it."""
    for phrase in theirs:
        words = phrase.split()
        if len(words) > 1 and " ".join(words) != phrase:
            text = re.sub(r"\s+".join(map(re.escape, words)), lambda found: _flat(found[0]), text)
    text = text if text.isascii() else _read(text)
    rows: list[list[str]] = []
    depth = -1
    for line in text.splitlines():
        bare = line.lstrip()
        indent = len(line) - len(bare)
        if rows and bare and indent > depth >= 0:
            rows[-1].append(bare)
        else:
            rows.append([bare])
            depth = indent if bare else -1
    return Page(_lines_of(text), tuple([" ".join(" ".join(row).split()) for row in rows if row[0]]))


def _html_page(html: str) -> Page:
    """The lines of a page, and the rows of its innermost tables; what nobody sees is left out."""
    pieces = _TAG.split(_seen(html).replace("\n", " "))
    pieces[1::2] = [_MARKS[tag] for tag in pieces[1::2]]
    plain = unescape("".join(pieces))
    plain = plain if plain.isascii() else _read(plain)
    rows = [piece.partition(_END) for piece in plain.split(_BEGIN)[1:]]
    return Page(
        _lines_of(plain.replace(_BEGIN, " ").replace(_END, " ")),
        tuple([" ".join(row.split()) for row, end, _ in rows if end]),
    )


def _seen(html: str) -> str:
    """What a reader sees: no head, no style, no remark."""
    _, head, body = html.partition("</head>")
    seen = body if head and "<head" in html[: html.index("</head>")] else html
    first, *rest = seen.split("<!--")
    seen = first + "".join([one.partition("-->")[2] for one in rest])
    return _UNSEEN.sub("", seen) if "<style" in seen or "<STYLE" in seen or "<head" in seen else seen


class _Marks(dict[str, str]):
    """What stands for a tag in the plain words; a blank for one that says nothing."""

    def __missing__(self, tag: str) -> str:
        mark = self[tag] = self.get(tag.lower(), " ")
        return mark


_BEGIN, _END = "\x02", "\x03"
_UNSEEN = re.compile(r"<head\b.*?</head>|<style\b.*?</style>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(/?\w*)[^>]*>")
_LINES = ("br", "/p", "/div", "/table", "/li", "/td", *(f"/h{size}" for size in range(10)))
_MARKS = _Marks({"tr": _BEGIN, "/tr": f"{_END}\n", "bdi": "", "/bdi": "", **dict.fromkeys(_LINES, "\n")})
