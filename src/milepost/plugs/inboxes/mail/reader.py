"""Reads a message as an order: what is certain is filled in, everything else is left open, and each doubt says why (REC-1, VER-3).

A message is accepted as it stands only when every word of it was understood. So it is not enough that no trap was found: whatever
stands beside the lines of the order must be known to change nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from milepost.ground.catalog.words import ItemCard
from milepost.ground.parties.words import CustomerDraft
from milepost.plugs.inboxes.mail.automatic import why_automatic
from milepost.plugs.inboxes.mail.body import Body, Spot, read_body
from milepost.plugs.inboxes.mail.fields import order_number
from milepost.plugs.inboxes.mail.lines import Asked
from milepost.plugs.inboxes.mail.message import Letter, addresses, unwrap
from milepost.plugs.inboxes.mail.phrases import Tongue, phrases, tongue
from milepost.plugs.inboxes.mail.threads import Line, Thread, bare_subject, is_reply, part
from milepost.plugs.inboxes.mail.tokens import Kind, Token, chunks, money, tokens
from milepost.plugs.inboxes.mail.topic import speaks_of_order, topic_of
from milepost.plugs.inboxes.mail.vocabulary import vocabulary
from milepost.way.intake.ports import Surroundings
from milepost.way.intake.reading import Asking, Doubt, Known, MailKind, MailReading, MailWords, Origin, Sure
from milepost.way.intake.words import Address, Draft, LineDraft

LONGEST_TEXT = 60_000
MOST_CHUNKS = 3000
OTHER_THAN_ORDER = frozenset({"cancellation", "change", "quote", "complaint", "return", "status", "invoice"})
FAILED = ("dmarc=fail", "spf=fail", "dkim=fail")


class MailReader:
    """The reader behind intake's port."""

    def asks(self, raw: bytes) -> Asking:
        """Who wrote, and everything in a message that may be an item's code."""
        letter = unwrap(raw)
        wanted = chunks(f"{letter.subject}\n{letter.text[:LONGEST_TEXT]}")
        return Asking(sender=letter.sender, codes=tuple(sorted(wanted)[:MOST_CHUNKS]))

    def read(self, raw: bytes, around: Surroundings) -> MailReading:
        """Read one message. Never raises for what it was sent."""
        letter = unwrap(raw)
        reading = MailReading(
            kind=MailKind.AUTO, sender=letter.sender, subject=letter.subject, message_id=letter.message_id, text=letter.text,
            attachments=letter.attachments,
        )  # fmt: skip
        if reason := why_automatic(letter, around.own_addresses):
            return replace(reading, topic=reason)
        if letter.encrypted or not (letter.text.strip() or letter.attachments or letter.enclosed):
            return replace(reading, kind=MailKind.UNREADABLE, topic="encrypted" if letter.encrypted else "empty")
        if not letter.text.strip() and all(one.content_type.startswith("image/") for one in letter.attachments):
            return replace(reading, kind=MailKind.UNREADABLE, topic="pictures")
        if len(letter.text) > LONGEST_TEXT:
            return replace(reading, kind=MailKind.INQUIRY, topic="too_long")
        return _Message(letter, around).reading(reading)

    def words(self, raw: bytes) -> MailWords:
        """What the person says, without what is quoted below it. Never raises for what it was sent."""
        letter = unwrap(raw)
        text = letter.text[:LONGEST_TEXT]
        newest = "\n".join(line.text for line in part(text, letter.subject).newest).strip()
        return MailWords(
            sender=letter.sender, name=letter.name, subject=letter.subject, message_id=letter.message_id,
            words=newest or text.strip(), answers=_answers(letter), files=tuple(one.name for one in letter.attachments),
        )  # fmt: skip


def _answers(letter: Letter) -> tuple[str, ...]:
    """What it says it answers, the nearest first (RFC 5322, 3.6.4)."""
    direct, before = letter.header("In-Reply-To").split(), letter.header("References").split()
    return tuple(dict.fromkeys([*direct, *reversed(before)]))[:50]


@dataclass(slots=True)
class _Message:
    letter: Letter
    around: Surroundings

    def reading(self, base: MailReading) -> MailReading:
        letter = self.letter
        thread = part(letter.text, letter.subject)
        items = self._items()
        newest = [token for line in thread.newest for token in tokens(line.text, line.start, items)]
        title = tokens(bare_subject(letter.subject), 0, items)
        speech = tongue([*title, *newest])
        if letter.attachments:
            speech = replace(speech, harmless=speech.harmless | (vocabulary().attached - speech.risk))
        names = _own_names(letter)
        body = read_body(thread.newest, items, speech, names=names, today=self._today)
        base = replace(base, language=speech.name)
        kind, topic = self._kind(body, title, newest, thread)
        if kind != MailKind.ORDER:
            return replace(base, kind=kind, topic=topic)
        return self._order(base, body, thread, items, speech, names, title, newest)

    @property
    def _today(self) -> date:
        return self.around.now.date()

    def _items(self) -> Mapping[str, ItemCard]:
        wanted = chunks(f"{self.letter.subject}\n{self.letter.text}")
        return self.around.items(sorted(wanted)[:MOST_CHUNKS])

    def _kind(
        self, body: Body, title: Sequence[Token], newest: Sequence[Token], thread: Thread
    ) -> tuple[MailKind, str]:
        """An order, or something for customer service. What the subject and the first sentence are about decides."""
        first = _first_sentence(body, newest, self.letter.text)
        topic = topic_of(title) or topic_of(first)
        coded = [one for one in body.asked if one.doubt != "in_words"]
        asks = any(token.text == "?" for token in first)
        if topic in OTHER_THAN_ORDER and not (topic == "quote" and coded and _is_ordered(newest) and not asks):
            return MailKind.INQUIRY, topic
        if asks and not _is_ordered(first):
            return MailKind.INQUIRY, "question"
        named = speaks_of_order([*title, *newest])
        enclosed = bool(self.letter.attachments) or self.letter.enclosed
        passed_on = thread.forwarded and any(
            token.kind == Kind.CODE for line in thread.quoted for token in self._tokens(line)
        )
        if (
            coded
            or (body.asked and _is_ordered(newest))
            or speaks_of_order(newest)
            or (named and enclosed)
            or passed_on
            or (_is_ordered(title) and any(token.kind == Kind.CODE for token in title))
        ):
            return MailKind.ORDER, ""
        return MailKind.INQUIRY, "question" if any(token.text == "?" for token in newest) else topic

    def _tokens(self, line: Line) -> list[Token]:
        return tokens(line.text, line.start, self._items())

    def _order(
        self, base: MailReading, body: Body, thread: Thread, items: Mapping[str, ItemCard], speech: Tongue, names: frozenset[str],
        title: Sequence[Token], newest: Sequence[Token],
    ) -> MailReading:  # fmt: skip
        known = self.around.sender(self.letter.sender)
        number, subject_doubts = self._subject(body, items, speech, names, title)
        doubts = [
            *_line_doubts(body), *_total_doubts(body), *_unread(body.unread, self.letter.text), *subject_doubts,
            *self._letter_doubts(thread, items, newest),
            *self._field_doubts(body, number), *_sender_doubts(known, body),
            *([] if _asks_for_goods([*title, *newest]) else [Doubt("bare_list")]),
        ]  # fmt: skip
        draft, origins = _draft(base, body, known, number, self.letter, self.around.currency)
        return replace(base, kind=MailKind.ORDER, draft=draft, origins=origins, doubts=tuple(dict.fromkeys(doubts)))

    def _subject(
        self, body: Body, items: Mapping[str, ItemCard], speech: Tongue, names: frozenset[str], title: Sequence[Token]
    ) -> tuple[Spot | None, list[Doubt]]:  # fmt: skip
        """The order's number that the subject names, and what in the subject was not understood."""
        text = bare_subject(self.letter.subject)
        found = order_number(text, 0, items)
        if found is not None:
            return Spot(*found), []
        ordered = {one.item.id for one in body.asked if one.item is not None}
        goods = " ".join(one.item.name for one in body.asked if one.item is not None)
        known = frozenset(goods.casefold().replace(",", " ").split())
        rest = [
            phrase.text for phrase in phrases(title, speech.harmless)
            if phrase.text not in speech.harmless and not _is_told(phrase.tokens[0], names | known, ordered)
        ]  # fmt: skip
        return None, [Doubt("subject_unread", text=" ".join(rest))] if rest else []

    def _letter_doubts(self, thread: Thread, items: Mapping[str, ItemCard], newest: Sequence[Token]) -> Iterator[Doubt]:
        letter = self.letter
        for code, found in (
            ("question", any(token.text in ("?", "¿") for token in [*newest, *tokens(letter.subject, 0, {})]) or _wonders(newest)),
            ("forwarded", thread.forwarded),
            ("reply", is_reply(letter.subject) or bool(letter.header("In-Reply-To"))),
            ("copied", self._is_copied()),
            ("existing_order", any(self.around.is_reference(text) for text in _spelled(letter.subject, newest))),
            ("answers_between", thread.mixed),
            ("quoted_order", any(one.item is not None for line in thread.quoted for one in tokens(line.text, line.start, items))),
            ("struck_out", letter.struck),
            ("hidden_text", letter.hidden),
            ("two_versions", _differs(letter)),
            ("enclosed_message", letter.enclosed),
            ("answers_elsewhere", bool(set(addresses(letter.headers, "Reply-To", "From")) - {letter.sender})),
            ("not_authentic", any(word in letter.header("Authentication-Results").lower() for word in FAILED)),
        ):  # fmt: skip
            if found:
                yield Doubt(code)
        for one in letter.attachments:
            yield Doubt("attachment", text=one.name)

    def _is_copied(self) -> bool:
        """Whether it was written to others, and we are only one of them."""
        to, own = set(addresses(self.letter.headers, "To")), {one.lower() for one in self.around.own_addresses}
        copied = own & set(addresses(self.letter.headers, "Cc"))
        return bool((copied and not own & to) or (own & to and to - own))

    def _field_doubts(self, body: Body, number: Spot | None) -> Iterator[Doubt]:
        numbers = {spot.text for spot in [*body.numbers, *([number] if number else [])]}
        if len(numbers) > 1:
            yield Doubt("two_order_numbers", text=", ".join(sorted(numbers)))
        if len({day for day, _ in body.wanted}) > 1:
            yield Doubt("two_days")
        if len(body.ship_to) > 1:
            yield Doubt("two_addresses")
        for address, spot in body.ship_to:
            if address is None:
                yield Doubt("address_incomplete", (spot.start, spot.end), spot.text)


def _is_told(token: Token, words: frozenset[str], ordered: set[int]) -> bool:
    """Whether a word of the subject is told by the message itself: the sender's names, the goods and their codes."""
    if token.kind == Kind.MARK:
        return token.text not in "?%~"
    named = token.item is not None and token.kind == Kind.CODE and token.item.id in ordered
    return named or token.low in words or token.low.rstrip("s") in words


def _own_names(letter: Letter) -> frozenset[str]:
    """The words of the sender's name and address, with which they may sign."""
    local, _, domain = letter.sender.partition("@")
    text = f"{letter.name} {local.replace('.', ' ').replace('_', ' ')} {domain.partition('.')[0].replace('-', ' ')}"
    taken = {token.low for token in tokens(text, 0, {}) if token.kind == Kind.WORD}
    return frozenset(taken - vocabulary().all_of("risk"))


def _spelled(subject: str, found: Sequence[Token]) -> set[str]:
    """Everything that may be a reference of ours."""
    every = [*tokens(subject, 0, {}), *found]
    return {token.text.upper() for token in every if len(token.text) > 5 and token.kind not in (Kind.MARK, Kind.LINK)}


def _first_sentence(body: Body, newest: Sequence[Token], text: str) -> list[Token]:
    """The tokens up to the end of the first sentence, or line of goods, that says more than a greeting."""
    before_signature = [token for token in newest if body.signed_at is None or token.start < body.signed_at]
    some: list[Token] = []
    for token in before_signature:
        if some and some[-1].kind == Kind.CODE and "\n" in text[some[-1].end : token.start]:
            break
        some.append(token)
        enough = sum(one.kind == Kind.WORD for one in some) > 3 or any(one.kind == Kind.CODE for one in some)
        if token.text in (".", "?", "!") and enough:
            break
    return some[:60]


def _asks_for_goods(found: Sequence[Token]) -> bool:
    """Whether any word makes a list of goods a wish: of ordering, asking, or thanking for it."""
    words = vocabulary().questions["please"] | vocabulary().all_of("thanks") | vocabulary().all_of("polite")
    return _is_ordered(found) or any(phrase.text in words for phrase in phrases(found, words))


def _is_ordered(found: Sequence[Token]) -> bool:
    """Whether words say "I order": a word of ordering or a plain request to send."""
    return speaks_of_order(found) or any(
        token.low in ("send", "supply", "senden", "liefern", "envíen", "livrer", "leveren") for token in found
    )


def _wonders(found: Sequence[Token]) -> bool:
    """A question without its mark: "can you deliver", "could we order", and no "please"."""
    words = vocabulary().questions
    if any(phrase.text in words["please"] for phrase in phrases(found, words["please"])):
        return False
    return any(
        (one.low in words["modals"] and after.low in words["persons"])
        or (one.low in words["persons"] and after.low in words["perhaps"])
        for one, after in pairwise(found)
    )


def _line_doubts(body: Body) -> Iterator[Doubt]:
    if not body.asked:
        yield Doubt("no_lines")
    for one in body.asked:
        span = (one.code.start, one.code.end)
        if one.item is None:
            yield Doubt("in_words" if one.doubt == "in_words" else "unknown_code", span, one.code.text)
        if one.doubt not in ("", "in_words") or (one.quantity is None and one.item is not None):
            yield Doubt(one.doubt or "quantity_in_doubt", span, one.code.text)
    if len({one.item.currency for one in body.asked if one.item is not None}) > 1:
        yield Doubt("two_currencies")


def _total_doubts(body: Body) -> Iterator[Doubt]:
    """A total that is stated must be that of the goods."""
    lines = [(one.item, one.quantity, one.price) for one in body.asked]
    whole = sum((item.price if price is None else price) * amount for item, amount, price in lines if item and amount)
    for spot in body.totals:
        if money(spot.text) != whole or any(item is None or amount is None for item, amount, _ in lines):
            yield Doubt("price_in_doubt", (spot.start, spot.end), spot.text)


def _unread(found: Sequence[Token], text: str) -> Iterator[Doubt]:
    """Stretches that were not understood; neighbours on a line are one stretch."""
    spans: list[tuple[int, int]] = []
    for token in sorted(found, key=lambda token: token.start):
        if spans and "\n" not in text[spans[-1][1] : token.start] and token.start - spans[-1][1] < 4:
            spans[-1] = (spans[-1][0], max(token.end, spans[-1][1]))
        else:
            spans.append((token.start, token.end))
    for start, end in spans:
        yield Doubt("unread", (start, end), text[start:end])


def _sender_doubts(known: Known, body: Body) -> Iterator[Doubt]:
    stated = [address for address, _ in body.ship_to if address is not None]
    if known.customer is not None and known.customer.blocked:
        yield Doubt("blocked_customer")
    if not stated and known.customer is None:
        yield Doubt("unknown_sender")
    elif not stated and not body.ship_to and len(known.addresses) != 1:
        yield Doubt("which_address" if known.addresses else "no_address")


def _differs(letter: Letter) -> bool:
    """Whether the text and its twin in the other form say different things."""
    return bool(letter.other.strip()) and _said(letter.text) != _said(letter.other)


def _said(text: str) -> Counter[str]:
    return Counter(token.low for token in tokens(text, 0, {}) if token.kind not in (Kind.MARK, Kind.LINK))


def _draft(
    base: MailReading, body: Body, known: Known, number: Spot | None, letter: Letter, currency: str
) -> tuple[Draft, dict[str, Origin]]:
    origins: dict[str, Origin] = {}
    stated = [(address, spot) for address, spot in body.ship_to if address is not None]
    address = _ship_to(stated, known, origins)
    numbers = [*body.numbers, *([number] if number else [])]
    if numbers and len({spot.text for spot in numbers}) == 1:
        spot, source = numbers[0], "body" if body.numbers else "subject"
        origins["po_number"] = Origin(
            source=source, text=spot.text, span=(spot.start, spot.end) if source == "body" else None
        )
    if len({day for day, _ in body.wanted}) == 1:
        day, spot = body.wanted[0]
        origins["wanted_on"] = Origin(source="body", text=day.isoformat(), span=(spot.start, spot.end))
    draft = Draft(
        customer=_customer(base, body, known, address, letter, origins),
        ship_to=address,
        lines=tuple(_line(place, one, origins) for place, one in enumerate(body.asked)),
        currency=next((one.item.currency for one in body.asked if one.item is not None), currency),
        po_number=origins["po_number"].text[:80] if "po_number" in origins else "",
        instructions=f"Wanted on {origins['wanted_on'].text}" if "wanted_on" in origins else "",
    )
    return draft, origins


def _ship_to(stated: Sequence[tuple[Address, Spot]], known: Known, origins: dict[str, Origin]) -> Address:
    if len(stated) == 1:
        address, spot = stated[0]
        for name in ("name", "company", "street", "postal_code", "city", "region", "country"):
            if getattr(address, name):
                origins[f"ship_to.{name}"] = Origin(source="body", text=spot.text, span=(spot.start, spot.end))
        return address
    if not stated and len(known.addresses) == 1:
        address = known.addresses[0]
        for name in ("name", "company", "street", "postal_code", "city", "region", "country"):
            if getattr(address, name):
                origins[f"ship_to.{name}"] = Origin(source="record", text=getattr(address, name))
        return address
    return Address()


def _customer(
    base: MailReading, body: Body, known: Known, address: Address, letter: Letter, origins: dict[str, Origin]
) -> CustomerDraft:  # fmt: skip
    origins["customer.email"] = Origin(source="header", text=letter.sender)
    card = known.customer
    if body.phone is not None:
        origins["customer.phone"] = Origin(source="body", text=body.phone.text, span=(body.phone.start, body.phone.end))
    phone = body.phone.text if body.phone is not None else card.phone if card else ""
    if card is not None:
        origins["customer.name"] = Origin(source="record", text=card.name)
        return CustomerDraft(
            external_ref=card.external_ref, name=card.name, email=letter.sender, phone=phone[:40],
            language=card.language or base.language,            zone=card.zone,
        )  # fmt: skip
    name = address.name or letter.name or address.company
    if name:
        origins["customer.name"] = Origin(source="body" if name == address.name else "header", text=name)
    return CustomerDraft(name=name[:200], email=letter.sender, phone=phone[:40], language=base.language)


def _line(place: int, one: Asked, origins: dict[str, Origin]) -> LineDraft:
    code, span = f"lines.{place}.code", (one.code.start, one.code.end)
    origins[code] = Origin(source="body", sure=Sure.CERTAIN if one.item else Sure.OPEN, text=one.code.text, span=span)
    amount = one.amount
    sure = Sure.CERTAIN if one.quantity is not None else Sure.LIKELY if amount is not None else Sure.OPEN
    origins[f"lines.{place}.quantity"] = Origin(
        source="body",
        sure=sure,
        text=amount.text if amount else "",
        span=(amount.start, amount.end) if amount else None,
    )
    if one.price is not None:
        origins[f"lines.{place}.price"] = Origin(source="body", text=str(one.price), span=span)
    return LineDraft(
        code=one.item.code if one.item else "", quantity=one.quantity or Decimal(0), price=one.price,
        item_id=one.item.id if one.item else 0, name=one.item.name if one.item else "",
    )  # fmt: skip
