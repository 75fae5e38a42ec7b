"""From what was read of one order in a document to a draft; and the sums that must agree before it is one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from milepost.ground.parties.words import CustomerDraft
from milepost.kernel.refusals import Refusal
from milepost.kernel.texts import printable
from milepost.way.intake.reading import Origin, Sure, origins_json
from milepost.way.intake.words import Address, Draft, Incoming, LineDraft

CENT, HALF_A_CENT = Decimal("0.01"), Decimal("0.005")
DECIMALS = {"price": 4, "quantity": 3}
LONGEST = {
    "po_number": 80, "name": 200, "company": 200, "street": 300, "postal_code": 20, "city": 200, "region": 200, "country": 2,
    "email": 254, "phone": 40, "external_ref": 80,
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Party:
    """Somebody whom a document names: the number under which they are known, name, address, and how to reach them."""

    ref: str = ""
    names: list[str] = field(default_factory=list)
    streets: list[str] = field(default_factory=list)
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    said_in: str = ""

    @property
    def has_address(self) -> bool:
        """Whether more than a number or a name stands there."""
        return bool(self.streets or self.city or self.postal_code)


@dataclass(slots=True, kw_only=True)
class LineRead:
    """One line of an order as a document has it. `place` is the segment or element at which it begins."""

    place: int
    number: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    numbers: list[str] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)
    named_by: str = ""
    texts: list[str] = field(default_factory=list)
    total: Decimal | None = None


@dataclass(slots=True, kw_only=True)
class OrderRead:
    """One order as a document has it, as far as it was read, and what of it cannot be taken."""

    place: int
    po_number: str = ""
    currency: str = ""
    buyer: Party = field(default_factory=Party)
    ship_to: Party = field(default_factory=Party)
    lines: list[LineRead] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    service: str = ""
    freight: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    charges: Decimal = Decimal(0)
    total: Decimal | None = None
    items_total: Decimal | None = None
    refusals: list[Refusal] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def refuse(self, code: str, says: str, do: str, /, *, at: int = 0, named: str = "", **values: Any) -> None:
        """Note why it can be no order as it stands."""
        self.refusals.append(refusal(code, says, do, at=at or self.place, named=named, **values))


def refusal(code: str, says: str, do: str, /, *, at: int = 0, named: str = "", **values: Any) -> Refusal:
    """A refusal that points at a segment of the document."""
    return Refusal(code=code, says=says, do=do, field=named, index=at, values=values)


def wrong_sums(order: OrderRead) -> Iterator[Refusal]:
    """Where the document does not agree with itself: a line's amount, the sum of the lines, the total."""
    for line in order.lines:
        if line.total is not None and line.price is not None and line.quantity is not None:
            yield from _differs("line_total", line.total, line.quantity * line.price, CENT, line.place)
    if any(line.price is None or line.quantity is None for line in order.lines):
        return
    zero = Decimal(0)
    items = sum(((line.quantity or zero) * (line.price or zero) for line in order.lines), zero)
    within = CENT + HALF_A_CENT * len(order.lines)
    if order.items_total is not None:
        yield from _differs("items_total", order.items_total, items, within, order.place)
    if order.total is not None:
        yield from _differs(
            "total", order.total, items + order.freight + order.tax + order.charges, within, order.place
        )


def _differs(what: str, stated: Decimal, reckoned: Decimal, within: Decimal, place: int) -> Iterator[Refusal]:
    if abs(stated - reckoned) > within:
        yield refusal(
            "totals_disagree", "The document states {stated}, and its lines add up to {reckoned}.",
            "Ask the sender which is right, and have it sent again.", at=place, named=what, stated=f"{stated:f}",
            reckoned=f"{reckoned.quantize(CENT):f}",
        )  # fmt: skip


def wrong_lines(order: OrderRead) -> Iterator[Refusal]:
    """Lines that name no item or no quantity, or say them more finely than can be kept."""
    for line in order.lines:
        if not (line.numbers or line.theirs):
            yield refusal(
                "item_missing", "Line {line} names no item by any number.",
                "Ask the sender for the item's number in our catalogue.", at=line.place, named="code", line=line.number,
            )  # fmt: skip
        if line.quantity is None:
            yield refusal(
                "quantity_missing", "Line {line} has no ordered quantity.", "Ask the sender how many are wanted.",
                at=line.place, named="quantity", line=line.number,
            )  # fmt: skip
        for name, decimals in DECIMALS.items():
            value = getattr(line, name)
            if value is not None and value != round(value, decimals):
                yield refusal(
                    "too_fine", "The {name} {value} of line {line} has more than {decimals} decimals.",
                    "Agree with the sender on a rounded one.", at=line.place, named=name, name=name, value=f"{value:f}",
                    line=line.number, decimals=decimals,
                )  # fmt: skip


def too_long(order: OrderRead) -> Iterator[Refusal]:
    """What is longer than can be kept; nothing is ever cut off silently."""
    for name, value in _texts(order).items():
        if len(value) > LONGEST[name.rpartition(".")[2]]:
            yield refusal(
                "too_long", "{name} has more than {most} characters.", "Ask the sender to shorten it.", at=order.place,
                named=name, name=name, most=LONGEST[name.rpartition(".")[2]],
            )  # fmt: skip


def _texts(order: OrderRead) -> dict[str, str]:
    customer, address = _customer(order), _address(order)
    found = {"po_number": order.po_number}
    found |= {f"customer.{name}": getattr(customer, name) for name in ("external_ref", "name", "email", "phone")}
    parts = ("name", "company", "street", "postal_code", "city", "region", "country")
    return found | {f"ship_to.{name}": getattr(address, name) for name in parts}


def incoming(order: OrderRead, *, raw: bytes, content_type: str, currency: str, index: int) -> Incoming:
    """The order request that was read; `currency` is that of documents that name none."""
    origins = dict(order.origins)
    if not order.currency:
        origins["currency"] = Origin(source="house")
    for place, line in enumerate(order.lines):
        named = " · ".join([*line.numbers, *line.theirs])
        origins[f"lines.{place}.code"] = Origin(source=line.named_by or "document", text=named)
    about: Mapping[str, Any] = {
        "order": order.po_number, "rows": [line.place for line in order.lines] or [order.place],
        "their_lines": [line.number for line in order.lines], "unread": order.unread,
    }  # fmt: skip
    return Incoming(
        draft=_draft(order, currency), raw=raw, content_type=content_type, index=index,
        origins={**origins_json(origins), **about}, numbers=tuple(tuple(line.numbers) for line in order.lines),
        their_numbers=tuple(tuple(line.theirs) for line in order.lines),
    )  # fmt: skip


def _draft(order: OrderRead, currency: str) -> Draft:
    return Draft(
        customer=_customer(order), ship_to=_address(order), lines=tuple(_line(line) for line in order.lines),
        currency=order.currency or currency, po_number=order.po_number, freight=order.freight, tax=order.tax,
        charges=order.charges, instructions=_prose(order.texts), service=order.service[:40],
    )  # fmt: skip


def _line(line: LineRead) -> LineDraft:
    return LineDraft(
        code=[*line.numbers, *line.theirs][0], quantity=line.quantity or Decimal(0), price=line.price, unit=line.unit,
        instructions=_prose(line.texts),
    )  # fmt: skip


def _prose(texts: list[str]) -> str:
    return printable("\n".join(dict.fromkeys(text.strip() for text in texts if text.strip())), 4000)


def _customer(order: OrderRead) -> CustomerDraft:
    buyer = order.buyer
    return CustomerDraft(
        external_ref=buyer.ref, name=_first(buyer.names) or buyer.contact, email=buyer.email.lower(), phone=buyer.phone,
        language=buyer.language,
    )  # fmt: skip


def _address(order: OrderRead) -> Address:
    """Where it goes. Of several lines of a name the first is the firm's or the person's, the others what stands below it."""
    there = order.ship_to
    names = [name for name in there.names if name]
    return Address(
        name=there.contact or _first(names), company=_first(names) if there.contact and names else "",
        street="\n".join([*names[1:], *there.streets]), postal_code=there.postal_code, city=there.city,
        region=there.region, country=there.country,
    )  # fmt: skip


def _first(texts: list[str]) -> str:
    return texts[0] if texts else ""


def certain(source: str, text: str = "") -> Origin:
    """An origin of which there is no doubt: the sender put it there."""
    return Origin(source=source, sure=Sure.CERTAIN, text=text)
