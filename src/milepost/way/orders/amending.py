"""Amending: pure decisions about what may still be changed of an order, and how it stands afterwards (VER-3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from milepost.ground.catalog.words import ItemCard
from milepost.kernel.refusals import Refusal, Refused
from milepost.kernel.texts import plain_number, printable
from milepost.way.intake.words import Address, Contact, ContactKind
from milepost.way.orders.words import STILL_HERE, Amendment, Change, Difference, LineCard, NewLine, OrderCard, State

TEXTS = {
    "email": 254, "phone": 40, "contact_name": 200, "instructions": 4000, "po_number": 80, "payment_reference": 120,
    "service": 40,
}  # fmt: skip
"""The texts that may be changed, and how long they may be."""
AMOUNTS = ("freight", "tax", "charges")
PARTS = tuple(part.name for part in fields(Address))
OF_A_CONTACT = {"name": 200, "email": 254, "phone": 40, "language": 12}
MOST_CONTACTS = 20
LONGEST_PART = 200
MOST_OF_A_LINE = Decimal(1_000_000)
MOST_MONEY = Decimal("99999999999.99")
CENTS = Decimal("0.01")


def too_late(card: OrderCard, amendment: Amendment) -> Iterator[Refusal]:
    """Why the order, as it stands, can no longer be changed in this way."""
    if card.state not in STILL_HERE:
        yield replace(TOO_LATE, values={"reference": card.reference, "state": card.state.replace("_", " ")})
        return
    names = [change.field for change in amendment.changes]
    if card.first_shipped_at and any(name.startswith("ship_to.") for name in names):
        yield ADDRESS_LEFT.at(field=next(name for name in names if name.startswith("ship_to.")))
    if card.state == State.PACKED and any(_is_about_goods(name) for name in names):
        yield PACKED.at(field=next(name for name in names if _is_about_goods(name)))


def _is_about_goods(name: str) -> bool:
    return name.startswith("lines.") and not name.endswith(".price")


def amended(
    card: OrderCard, changes: Sequence[Change], items: Mapping[str, ItemCard]
) -> tuple[OrderCard, list[Refusal]]:
    """The order as it stands after the changes, totals included; or what is wrong with each of them, by field."""
    refusals: list[Refusal] = []
    after = card
    for change in sorted(changes, key=lambda one: not one.field.endswith(".item")):
        try:
            after = _changed(after, change, items)
        except Refused as wrong:
            refusals += [refusal.at(field=change.field) for refusal in wrong.refusals]
    after = replace(after, contacts=tuple(one for one in after.contacts if one is not GONE))
    refusals += _unreachable(card.contacts, after.contacts)
    if after.lines != card.lines or any(getattr(after, name) != getattr(card, name) for name in AMOUNTS):
        after = _totalled(after)
        refusals += _impossible(after)
    return after, refusals


def _changed(card: OrderCard, change: Change, items: Mapping[str, ItemCard]) -> OrderCard:
    match change.field.split("."):
        case [name] if name in TEXTS:
            words: dict[str, Any] = {name: _text(name, change.value, TEXTS[name])}
            return replace(card, **words)
        case [name] if name in AMOUNTS:
            least = -MOST_MONEY if name == "charges" else Decimal(0)
            amounts: dict[str, Any] = {name: _number(change.value, least=least, most=MOST_MONEY, places=2)}
            return replace(card, **amounts)
        case ["ship_to", part] if part in PARTS:
            return replace(card, ship_to=replace(card.ship_to, **{part: _part(part, change.value)}))
        case ["lines", "add"] if isinstance(change.value, NewLine):
            return replace(card, lines=(*card.lines, _added(card, change.value, items)))
        case ["lines", position, what] if position.isdecimal() and what in _OF_A_LINE:
            return replace(card, lines=_with_line(card, int(position), what, change.value, items))
        case ["contacts", "add"] if isinstance(change.value, Contact):
            return replace(card, contacts=(*card.contacts, _contact(change.value)))
        case ["contacts", place, what] if place.isdecimal() and (what in OF_A_CONTACT or what == "removed"):
            return replace(card, contacts=_with_contact(card, int(place), what, change.value))
    raise Refused(UNKNOWN_FIELD)


def _text(name: str, value: Any, most: int) -> str:
    text = printable(str(value), most + 1).strip()
    if len(text) > most:
        raise Refused(replace(TOO_LONG, values={"most": most}))
    return text.lower() if name == "email" else text


def _part(part: str, value: Any) -> str:
    text = _text(part, value, LONGEST_PART)
    if part != "country":
        return text
    if len(text) != 2 or not (text.isascii() and text.isalpha()):
        raise Refused(BAD_COUNTRY)
    return text.upper()


GONE = Contact(kind=ContactKind.STAKEHOLDER)
"""What stands in the place of a contact that is removed, until all changes are made: the others keep their places."""


def _with_contact(card: OrderCard, place: int, what: str, value: Any) -> tuple[Contact, ...]:
    """Places are counted from 1 as they stood before the amendment, so nothing moves while it is made."""
    if not 1 <= place <= len(card.contacts):
        raise Refused(UNKNOWN_CONTACT)
    was = card.contacts[place - 1]
    if what == "removed":
        now = was if value is False else GONE
    else:
        words: dict[str, Any] = {what: _text(what, value, OF_A_CONTACT[what])}
        now = replace(was, **words)
    return (*card.contacts[: place - 1], now, *card.contacts[place:])


def _contact(new: Contact) -> Contact:
    words: dict[str, Any] = {name: _text(name, getattr(new, name), most) for name, most in OF_A_CONTACT.items()}
    return Contact(kind=new.kind, **words)


def _unreachable(was: Sequence[Contact], now: Sequence[Contact]) -> Iterator[Refusal]:
    """Of what was changed: who has neither address nor number would never hear of the order; a recipient may be only a name."""
    if len(now) > MOST_CONTACTS:
        yield TOO_MANY_CONTACTS
    for place, one in enumerate(now, start=1):
        if one in was:
            continue
        if not (one.email or one.phone) and (one.kind is not ContactKind.RECIPIENT or not one.name):
            yield NO_WAY_TO_REACH.at(field=f"contacts.{place}")
        if one.email and "@" not in one.email:
            yield BAD_EMAIL.at(field=f"contacts.{place}.email")


def _with_line(
    card: OrderCard, position: int, what: str, value: Any, items: Mapping[str, ItemCard]
) -> tuple[LineCard, ...]:
    if all(line.position != position for line in card.lines):
        raise Refused(UNKNOWN_LINE)
    change = _OF_A_LINE[what]
    return tuple(
        replace(line, **change(card, value, items)) if line.position == position else line for line in card.lines
    )


def _quantity(card: OrderCard, value: Any, items: Mapping[str, ItemCard]) -> dict[str, Any]:
    return {"quantity": _number(value, least=Decimal("0.001"), most=MOST_OF_A_LINE, places=3)}


def _price(card: OrderCard, value: Any, items: Mapping[str, ItemCard]) -> dict[str, Any]:
    return {"unit_price": _number(value, least=Decimal(0), most=MOST_MONEY, places=4)}


def _item(card: OrderCard, value: Any, items: Mapping[str, ItemCard]) -> dict[str, Any]:
    item = items.get(str(value))
    if item is None:
        raise Refused(replace(UNKNOWN_ITEM, values={"code": str(value)[:80]}))
    if item.currency != card.currency:
        raise Refused(replace(WRONG_CURRENCY, values={"listed": item.currency, "agreed": card.currency}))
    return {"item_id": item.id, "code": item.code, "name": item.name, "unit": item.unit, "unit_price": item.price}


def _cancelled(card: OrderCard, value: Any, items: Mapping[str, ItemCard]) -> dict[str, Any]:
    if not isinstance(value, bool):
        raise Refused(BAD_VALUE)
    return {"cancelled": value}


_OF_A_LINE = {"quantity": _quantity, "price": _price, "item": _item, "cancelled": _cancelled}


def _added(card: OrderCard, new: NewLine, items: Mapping[str, ItemCard]) -> LineCard:
    words = {**_item(card, new.code, items), **_quantity(card, new.quantity, items)}
    if new.price is not None:
        words |= _price(card, new.price, items)
    position = max((line.position for line in card.lines), default=0) + 1
    return LineCard(position=position, instructions=_text("instructions", new.instructions, 4000), **words)


def _number(value: Any, *, least: Decimal, most: Decimal, places: int) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise Refused(BAD_NUMBER) from None
    if not number.is_finite() or not least <= number <= most or number != round(number, places):
        raise Refused(BAD_NUMBER)
    return number


def _totalled(card: OrderCard) -> OrderCard:
    items_total = sum((line.total for line in card.lines if not line.cancelled), Decimal(0))
    return replace(card, items_total=items_total, total=items_total + card.freight + card.tax + card.charges)


def _impossible(card: OrderCard) -> Iterator[Refusal]:
    if all(line.cancelled for line in card.lines):
        yield NOTHING_LEFT
    if not 0 <= card.total <= MOST_MONEY:
        yield BAD_NUMBER.at(field="lines")


def differences(was: OrderCard, now: OrderCard) -> list[Difference]:
    """Field by field, what an amendment changed; nothing for what was said again as it stood."""
    found = [Difference(name, getattr(was, name), getattr(now, name)) for name in TEXTS]
    found += [Difference(name, plain_number(getattr(was, name)), plain_number(getattr(now, name))) for name in AMOUNTS]
    found += [Difference(f"ship_to.{part}", getattr(was.ship_to, part), getattr(now.ship_to, part)) for part in PARTS]
    found += _contact_differences(was.contacts, now.contacts)
    before = {line.position: line for line in was.lines}
    for line in now.lines:
        found += _line_differences(before.get(line.position), line)
    return [one for one in found if one.was != one.now]


def _contact_differences(was: Sequence[Contact], now: Sequence[Contact]) -> Iterator[Difference]:
    """Contacts have no names of their own: who is gone became who is new; the rest were removed or added."""
    lost = [(place, one) for place, one in enumerate(was, start=1) if one not in now]
    new = [(place, one) for place, one in enumerate(now, start=1) if one not in was]
    for (place, before), (_, after) in zip(lost, new, strict=False):
        yield Difference(f"contacts.{place}", _named(before), _named(after))
    for place, before in lost[len(new) :]:
        yield Difference(f"contacts.{place}", _named(before), "")
    for place, after in new[len(lost) :]:
        yield Difference(f"contacts.{place}.added", "", _named(after))


def _named(one: Contact) -> str:
    return ", ".join(said for said in (one.name, one.email, one.phone, one.language, one.kind.value) if said)


def _line_differences(was: LineCard | None, now: LineCard) -> list[Difference]:
    place = f"lines.{now.position}"
    if was is None:
        return [
            Difference(
                f"{place}.added", "", f"{plain_number(now.quantity)} × {now.code} at {plain_number(now.unit_price)}"
            )
        ]
    return [
        Difference(f"{place}.item", was.code, now.code),
        Difference(f"{place}.quantity", plain_number(was.quantity), plain_number(now.quantity)),
        Difference(f"{place}.price", plain_number(was.unit_price), plain_number(now.unit_price)),
        Difference(f"{place}.cancelled", _yes_or_no(was.cancelled), _yes_or_no(now.cancelled)),
    ]


def _yes_or_no(said: bool) -> str:
    return "yes" if said else "no"


def changed_lines(was: OrderCard, now: OrderCard) -> Iterator[tuple[LineCard | None, LineCard]]:
    """The lines that are others than before, each with what it was (None: it was added)."""
    before = {line.position: line for line in was.lines}
    for line in now.lines:
        if line != before.get(line.position):
            yield before.get(line.position), line


def wanted(line: LineCard | None) -> Decimal:
    """How much of a line is still ordered: nothing of one that was cancelled or was not there."""
    return Decimal(0) if line is None or line.cancelled else line.quantity


TOO_LATE = Refusal(
    code="too_late",
    says="Order {reference} is {state}: it can no longer be changed.",
    do="What has left can be sent back after delivery; ask customer service.",
    status=409,
)
ADDRESS_LEFT = Refusal(
    code="address_left",
    says="A part of the order has already left to this address.",
    do="Ask the carrier to redirect it, or have the rest cancelled and ordered again.",
    status=409,
)
PACKED = Refusal(
    code="packed_already",
    says="The order is packed: its goods can no longer be changed.",
    do="Cancel it, or send back what is not wanted after delivery.",
    status=409,
)
NOTHING_LEFT = Refusal(
    code="nothing_left",
    says="No line of the order would be left.",
    do="Cancel the order instead.",
    field="lines",
)
UNKNOWN_FIELD = Refusal(
    code="unknown_field", says="An order has no such field that could be changed.", do="See which fields there are."
)
UNKNOWN_LINE = Refusal(code="unknown_line", says="The order has no such line.", do="Look at the order's lines.")
UNKNOWN_CONTACT = Refusal(
    code="unknown_contact", says="The order has no such contact.", do="Look at the order's contacts."
)
TOO_MANY_CONTACTS = Refusal(
    code="too_many_contacts", says="So many people cannot be told of one order.", do="Leave out some of them.", field="contacts",
)  # fmt: skip
NO_WAY_TO_REACH = Refusal(
    code="no_way_to_reach",
    says="There is no way to reach this contact.",
    do="Give an e-mail address or a phone number.",
)
BAD_EMAIL = Refusal(code="bad_email", says="This is no e-mail address.", do="Check the address.")
UNKNOWN_ITEM = Refusal(
    code="unknown_item", says="There is no item {code} in the catalogue.", do="Check the code, or list the item first."
)
WRONG_CURRENCY = Refusal(
    code="wrong_currency",
    says="The item is priced in {listed}, the order in {agreed}.",
    do="Choose an item in the order's currency.",
)
TOO_LONG = Refusal(code="too_long", says="It has more than {most} characters.", do="Shorten it.")
BAD_COUNTRY = Refusal(code="bad_country", says="This is no country.", do="Use two letters of ISO 3166-1, such as DE.")
BAD_NUMBER = Refusal(
    code="bad_number",
    says="The number is negative, too large or too fine.",
    do="A quantity is more than 0, with three decimals at most; a price is 0 or more, with four.",
)
BAD_VALUE = Refusal(code="bad_value", says="The value does not fit.", do="Say yes or no.")
