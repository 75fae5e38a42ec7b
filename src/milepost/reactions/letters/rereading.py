"""The finished letter read once more as its reader will read it, against the order as the database has it now (NTF-3, ACK-2).

Text and HTML are read apart, line by line and row by row, without knowing the template: each line of the order must stand in a
row of its own with its quantity, price and total; the totals, the days and the address must be there; and no sum, day or
reference may be there that is not the order's. What customers wrote themselves (names, notes, numbers) may say anything.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html import unescape

from django.utils import translation
from django.utils.dates import WEEKDAYS

from milepost.ground.procedures.words import Book
from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.rendering import CannotRender
from milepost.reactions.letters.values import local_day, long_day, money, quantity, window
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
    html: str, address: str, language: str, now: datetime,
) -> None:  # fmt: skip
    """Raises CannotRender with the first thing that the letter says otherwise than the order, or does not say."""
    if address != order.email:
        raise CannotRender("it would go to another address than the order's")
    with translation.override(language):
        must = _Must(template, account, order, standing, book, now)
        pages = (("the text", _text_page(text, must.theirs)), ("the HTML", _html_page(html)))
        for name, page in pages:
            fault = next(_faults(must, page, subject), "")
            if fault:
                raise CannotRender(f"{name} {fault}")


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
        self, template: str, account: Account, order: OrderCard, standing: Standing | None, book: Book, now: datetime
    ) -> None:
        self.order = order
        self.lines = [_line(line, account, order.currency) for line in order.lines]
        sums = [order.items_total, order.total, *(one for one in (order.freight, order.tax, order.charges) if one)]
        self.sums = list(dict.fromkeys(money(one, order.currency) for one in sums))
        self.theirs = _theirs(order)
        self.address = (
            [_flat(line) for line in order.ship_to.lines() if _flat(line)] if template in WITH_ADDRESS else []
        )
        greets = "name" in book.template(template, str(translation.get_language())).variables
        self.name = _flat(order.contact_name) if greets else ""
        leaves = _leaves(order, standing, account, book, now)
        self.days = [window(standing.now)] if standing and template in WITH_DATES else []
        self.days += [leaves] if leaves and template in WITH_DATES else []
        self.may_name = {*_days(order, standing), *([leaves] if leaves else []), *_days_in(" ".join(self.theirs))}


def _line(line: LineCard, account: Account, currency: str) -> _Line:
    price, total, amount = (
        money(line.unit_price, currency),
        money(line.total, currency),
        quantity(line.quantity, line.unit),
    )
    stock = account.stock.get(line.position)
    waits = quantity(stock.short, line.unit) if stock and stock.short else ""
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


def _days(order: OrderCard, standing: Standing | None) -> Iterator[str]:
    yield _day(local_day(order.received_at, order.zone))
    promises = (standing.now, standing.first) if standing else ()
    yield from map(_day, {day for promise in promises for day in (promise.earliest_on, promise.latest_on)})


def _day(day: date) -> str:
    return _spelt(day, str(translation.get_language()))


@lru_cache(maxsize=4096)
def _spelt(day: date, language: str) -> str:
    return long_day(day)


def _leaves(order: OrderCard, standing: Standing | None, account: Account, book: Book, now: datetime) -> str:
    """The day by which it is handed over, where that is still ahead."""
    if standing is None:
        return ""
    day: date = dispatch_day(book.promising, book.calendar(), now=order.received_at, short=account.is_short)
    day = min(day, standing.now.latest_on)
    return _day(day) if order.shipped_at is None and day >= local_day(now, order.zone) else ""


def _faults(must: _Must, page: Page, subject: str) -> Iterator[str]:
    order, whole = must.order, page.whole
    if order.reference not in whole or order.reference not in subject:
        yield "lacks the order's reference"
    for other in {*_REFERENCE().findall(whole), *_REFERENCE().findall(subject)} - {order.reference}:
        if not any(other in theirs for theirs in must.theirs):
            yield f"names another order, {other}"
    faults, listed = _item_faults(must, page)
    yield from faults
    yield from _sum_faults(must, listed, whole)
    yield from (f"does not say {day}" for day in must.days if day not in whole)
    yield from (f"names {day}, which is no day of the order" for day in _days_in(whole) - must.may_name)
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
    known = {*must.sums, *(one for theirs in must.theirs for one in _sums(_flat(theirs), currency))}
    yield from (f"says {one}, which is no sum of the order" for one in said if one not in known)


def _stands_together(address: Sequence[str], page: Page) -> bool:
    lines = list(page.lines)
    size = len(address)
    if any(lines[place : place + size] == list(address) for place in range(len(lines) - size + 1)):
        return True
    return ", ".join(address) in page.whole


def _sums(text: str, currency: str) -> list[str]:
    return [_flat(found) for found in _money(currency).findall(text)] if currency in text else []


@lru_cache(maxsize=256)
def _money(currency: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,])-?\d[\d.,'\u202f]*\s?{re.escape(currency)}(?!\w)")


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DAY = re.compile(r"([^\W\d_]+), \d{1,2} [^\W\d_]+ \d{4}")


def _days_in(text: str) -> set[str]:
    """The calendar days that a text names, with their weekdays as letters write them."""
    weekdays = _weekdays(str(translation.get_language()))
    return {found[0] for found in _DAY.finditer(text) if found[1] in weekdays}


@lru_cache(maxsize=32)
def _weekdays(language: str) -> frozenset[str]:
    return frozenset(str(name) for name in WEEKDAYS.values())


@lru_cache(maxsize=1)
def _REFERENCE() -> re.Pattern[str]:  # noqa: N802 reads as the pattern that it is
    sign = "[0-9A-HJKMNP-TV-Z]{3}"
    return re.compile(rf"(?<!\w){re.escape(references().prefix)}{sign}-{sign}-{sign}(?!\w)")


def _flat(text: str) -> str:
    """Words with one blank between them, as they are compared."""
    return " ".join(text.split())


def _text_page(text: str, theirs: Iterable[str]) -> Page:
    """The lines of a text. A row is a line with what is indented below it."""
    for phrase in theirs:
        words = phrase.split()
        if len(words) > 1 and " ".join(words) != phrase:
            text = re.sub(r"\s+".join(map(re.escape, words)), lambda found: _flat(found[0]), text)
    rows: list[list[str]] = []
    depth = -1
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if rows and line.strip() and indent > depth >= 0:
            rows[-1].append(line)
        else:
            rows.append([line])
            depth = indent if line.strip() else -1
    return Page(
        tuple(flat for line in text.splitlines() if (flat := _flat(line))), tuple(_flat(" ".join(row)) for row in rows)
    )


def _html_page(html: str) -> Page:
    """The lines of a page, and the rows of its innermost tables; what nobody sees is left out."""
    seen = _UNSEEN.sub("", html).replace("\n", " ")
    marked = _ROW_ENDS.sub(f"{_END}\n", _ROW.sub(_BEGIN, seen))
    plain = unescape(_TAG.sub(" ", _BREAK.sub("\n", marked)))
    pieces = plain.split(_BEGIN)[1:]
    rows = tuple(_flat(piece.partition(_END)[0]) for piece in pieces if _END in piece)
    lines = (_flat(line) for line in plain.replace(_BEGIN, " ").replace(_END, " ").split("\n"))
    return Page(tuple(line for line in lines if line), rows)


_BEGIN, _END = "\x02", "\x03"
_UNSEEN = re.compile(r"<head\b.*?</head>|<style\b.*?</style>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^>]*>", re.IGNORECASE)
_ROW_ENDS = re.compile(r"</tr>", re.IGNORECASE)
_BREAK = re.compile(r"<br\b[^>]*>|</(?:p|div|table|li|h\d|td)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
