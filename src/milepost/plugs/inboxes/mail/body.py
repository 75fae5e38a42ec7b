"""The new part of a message, line by line: what is asked for, what is said about the order, and what was not understood."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from milepost.ground.catalog.words import ItemCard
from milepost.plugs.inboxes.mail import signature
from milepost.plugs.inboxes.mail.address import MOST_LINES, read_address
from milepost.plugs.inboxes.mail.dates import day_in
from milepost.plugs.inboxes.mail.fields import Field, fields_in, order_number, total_in, wanted_in
from milepost.plugs.inboxes.mail.giving import given_by_us
from milepost.plugs.inboxes.mail.lines import Asked, Found, read_line
from milepost.plugs.inboxes.mail.phrases import Tongue, phrases
from milepost.plugs.inboxes.mail.rows import Parts, read_parts
from milepost.plugs.inboxes.mail.tables import read_table
from milepost.plugs.inboxes.mail.threads import Line
from milepost.plugs.inboxes.mail.tokens import TIMES, Kind, Token, renamed, resolve, tokens
from milepost.plugs.inboxes.mail.vocabulary import label_of, plain, vocabulary
from milepost.way.intake.words import Address

COUNTED = re.compile(r"^\s*(\d{1,3})[.)]\s")
SENTENCE = re.compile(r"[.!]\s+|[.!]$")
ABOUT_LINE = frozenset({"code", "quantity", "unit", "description", "price", "total", "position"})
UNCERTAIN_MARKS = frozenset({"~", "<", ">", "≥", "≤", "±", "?", "%"})


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that was read, and where."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Body:
    """All that the new part of a message says."""

    asked: list[Asked] = field(default_factory=list)
    unread: list[Token] = field(default_factory=list)
    numbers: list[Spot] = field(default_factory=list)
    wanted: list[tuple[date, Spot]] = field(default_factory=list)
    ship_to: list[tuple[Address | None, Spot]] = field(default_factory=list)
    totals: list[Spot] = field(default_factory=list)
    phone: Spot | None = None
    signed_at: int | None = None
    named_at: int | None = None


@dataclass(slots=True)
class _Reader:
    lines: Sequence[Line]
    items: Mapping[str, ItemCard]
    speech: Tongue
    names: frozenset[str]
    today: date
    body: Body = field(default_factory=Body)
    parts: Parts = field(default_factory=Parts)

    def read(self) -> Body:
        end = signature.begins(self.lines, self.speech, self.names)
        counted = _counted(self.lines[:end])
        at = 0
        while at < end:
            at = self._step(at, end, counted)
        self._finish()
        if self.body.named_at is not None:  # goods below the name of who signed
            self.body.unread += [one.code for one in self.body.asked if one.code.start > self.body.named_at]
        self.body.asked = _once(self.body.asked)
        if end < len(self.lines):
            self.body.signed_at = self.lines[end].start
            self.body.unread += signature.unread_in(self.lines[end:], self.speech, self.items)
        return self.body

    def _step(self, at: int, end: int, counted: frozenset[int]) -> int:
        line = self.lines[at]
        if not line.text.strip():
            return at + 1
        rows, behind = read_table(self.lines[:end], at)
        if rows:
            self._finish()
            for row in rows:
                self._take(row)
            return behind
        if self._is_courtesy(line):
            return at + 1
        if self.body.asked and self.body.named_at is None and signature.is_only_names(line, self.names):
            self.body.named_at = line.start
        total = total_in(line)
        if total is not None and not self.parts.is_line:
            self.body.totals.append(Spot(*total))
            return at + 1
        number = order_number(line.text, line.start, self.items)
        if number is not None and len(number[0]) > 2:
            self.body.numbers.append(Spot(*number))
            return at + 1
        day = wanted_in(line)
        found = [day] if day else fields_in(line)
        if found and found[0][0] == "ship_to":
            return self._address(at, end, found[0])
        if found and all(value for _, _, value in found) and all(self._field(one) for one in found):
            return at + 1
        self._finish()
        self._free(line, numbered=at in counted)
        return at + 1

    def _is_courtesy(self, line: Line) -> bool:
        """Whether a line is made of sentences that say nothing, and thanks."""
        said = [plain(text) for text in SENTENCE.split(line.text) if plain(text)]
        told = [text for text in said if text in vocabulary().courtesies]
        return bool(told) and all(text in told or text in self.speech.thanks for text in said)

    def _field(self, one: Field) -> bool:
        meaning, start, value = one
        if meaning in ABOUT_LINE:
            if meaning == "code" or meaning in self.parts.texts:
                self._finish()
            self.parts.texts[meaning] = (start, value)
            return True
        spot = Spot(value, start, start + len(value))
        if meaning == "wanted":
            day = day_in(value, self.today)
            if day is not None:
                self.body.wanted.append((day, spot))
                return True
        elif meaning == "phone" and re.fullmatch(r"[+\d\s()/.\-]{6,25}", value):
            self.body.phone = spot
            return True
        elif meaning == "po" and re.fullmatch(r"#?(?=\S*\d)[^\W_][\w./\-]*", value) and not resolve(value, self.items):
            self.body.numbers.append(Spot(value.lstrip("#").rstrip("."), spot.start, spot.end))
            return True
        return False

    def _address(self, at: int, end: int, one: Field) -> int:
        """The lines below the heading, up to a blank one or the next field."""
        _, start, value = one
        some = [Line(start, value)] if value else []
        behind = at + 1
        if value and read_address([value]) is not None:
            end = behind
        while behind < end and not some and not self.lines[behind].text.strip():
            behind += 1
        while (
            behind < end
            and self.lines[behind].text.strip()
            and len(some) <= MOST_LINES
            and not _is_field(self.lines[behind])
        ):
            some.append(self.lines[behind])
            behind += 1
        last = some[-1].end if some else start
        address = read_address([line.text for line in some])
        self.body.ship_to.append(
            (address, Spot("\n".join(line.text for line in some), some[0].start if some else start, last))
        )
        for line in some:
            found = tokens(line.text, line.start, self.items)
            if address is None or _says_more(found, self.speech):
                self.body.unread += _words(found)
        return behind

    def _free(self, line: Line, *, numbered: bool) -> None:
        found = tokens(line.text, line.start, self.items)
        names = self.names | _greeted(found, self.speech)
        read = read_line(found, self.speech, numbered=numbered, names=names)
        if any(_is_risky(token, self.speech) for token in read.unread) or _says_risk(read.unread, self.speech):
            read.asked = [_doubted(one) for one in read.asked]
        if not read.asked:
            read.asked = _in_words(found, read, self.speech)
        self.body.asked += read.asked
        self.body.unread += [*read.unread, *given_by_us(found)]
        if not read.asked:
            self.body.totals += [Spot(token.text, token.start, token.end) for token in read.money]

    def _take(self, parts: Parts) -> None:
        asked, unread = read_parts(parts, self.items, self.speech)
        if asked is not None:
            self.body.asked.append(_doubted(asked) if _says_risk(unread, self.speech) else asked)
        self.body.unread += unread

    def _finish(self) -> None:
        if self.parts.is_line:
            self._take(self.parts)
        elif self.parts.texts:
            self.body.unread += [
                token for start, text in self.parts.texts.values() for token in _words(tokens(text, start, self.items))
            ]
        self.parts = Parts()


def read_body(
    lines: Sequence[Line], items: Mapping[str, ItemCard], speech: Tongue, *, names: frozenset[str], today: date
) -> Body:
    """Read the new lines of a message."""
    return _Reader(lines, items, speech, names, today).read()


def _counted(lines: Sequence[Line]) -> frozenset[int]:
    """The lines that are counted 1, 2, 3, …: their first number says nothing else."""
    found = [(place, int(match[1])) for place, line in enumerate(lines) if (match := COUNTED.match(line.text))]
    in_order = [number for _, number in found] == list(range(1, len(found) + 1))
    return frozenset(place for place, _ in found) if in_order and len(found) > 1 else frozenset()


def _greeted(found: Sequence[Token], speech: Tongue) -> frozenset[str]:
    """The names behind a greeting at the start of a line, up to the comma."""
    greeting = vocabulary().all_of("greeting")
    parts = list(phrases(found, greeting))
    if not parts or parts[0].text not in greeting:
        return frozenset()
    names: list[str] = []
    for token in found[len(parts[0].tokens) :]:
        if token.kind != Kind.WORD or len(names) > 3:
            break
        if token.text[:1].isupper() and token.low not in speech.risk and token.low not in vocabulary().topics:
            names.append(token.low)
        elif token.low not in speech.harmless:
            return frozenset()
    return frozenset(names)


def _is_risky(token: Token, speech: Tongue) -> bool:
    return (
        token.kind == Kind.NUMBER
        or token.text in UNCERTAIN_MARKS
        or token.low in speech.risk
        or any(c.isdigit() for c in token.text)
    )


def _says_risk(found: Sequence[Token], speech: Tongue) -> bool:
    return any(part.text in speech.risk for part in phrases(found, speech.risk))


def _once(asked: Sequence[Asked]) -> list[Asked]:
    """An item that is named again may correct what was said before: one line, and its quantity open. Goods without a code beside
    others that have one are no more than a hint."""
    coded = any(one.doubt != "in_words" for one in asked)
    count = Counter(one.item.id for one in asked if one.item is not None)
    seen: set[int] = set()
    kept: list[Asked] = []
    for one in asked:
        if one.item is not None and count[one.item.id] > 1:
            if one.item.id not in seen:
                kept.append(replace(one, quantity=None, doubt="named_twice"))
            seen.add(one.item.id)
        else:
            kept.append(replace(one, quantity=None) if coded and one.doubt == "in_words" else one)
    return kept


def _doubted(one: Asked) -> Asked:
    return replace(one, quantity=None, doubt=one.doubt or "quantity_in_doubt")


def _in_words(found: Sequence[Token], read: Found, speech: Tongue) -> list[Asked]:
    """Goods that were named without a code: a number and the words behind it. The code stays open."""
    asked: list[Asked] = []
    unread = {id(token) for token in read.unread}
    risky = _says_risk(read.unread, speech)
    for place, token in enumerate(found):
        value = token.value if token.kind == Kind.NUMBER else None
        if value is None and token.kind == Kind.WORD and token.low in vocabulary().numbers:
            value = tokens(str(vocabulary().numbers[token.low]), 0, {})[0].value
        if value is None or value > 9999:
            continue
        words: list[Token] = []
        for after in found[place + 1 :]:
            if after.kind in (Kind.NUMBER, Kind.MARK, Kind.LINK):
                break
            if id(after) in unread and after.kind in (Kind.WORD, Kind.OTHER, Kind.UNKNOWN_CODE):
                words.append(after)
            elif words:
                break
        if words and not label_of(words[0].text):
            phrase = Token(
                kind=Kind.WORD, text=" ".join(word.text for word in words), start=words[0].start, end=words[-1].end
            )
            asked.append(
                Asked(
                    code=phrase,
                    item=None,
                    amount=renamed(token, Kind.NUMBER),
                    quantity=None if risky else value,
                    doubt="in_words",
                )
            )
    return asked


def _is_field(line: Line) -> bool:
    return bool(fields_in(line)) or wanted_in(line) is not None


def _says_more(found: Sequence[Token], speech: Tongue) -> bool:
    """Whether a line of an address holds goods, or words that no address has: "only after 5 pm". Names begin with capitals."""
    if any(token.kind == Kind.CODE or token.low in TIMES for token in found):
        return True
    words = [token for token in found if token.kind == Kind.WORD]
    first = [word for word in words[:1] if len(words) > 1 and words[1].text.islower()]
    return any(word.low in speech.risk for word in [*first, *(word for word in words if word.text.islower())])


def _words(found: Sequence[Token]) -> list[Token]:
    return [token for token in found if token.kind != Kind.MARK]
