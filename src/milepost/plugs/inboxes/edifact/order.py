"""A purchase order (ORDERS) as its segments say it. Errors of syntax go to the message in the standard's codes."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from milepost.plugs.inboxes.edi.countries import country_of
from milepost.plugs.inboxes.edi.drafting import LineRead, OrderRead, Party, certain
from milepost.plugs.inboxes.edi.units import REC20
from milepost.plugs.inboxes.edi.values import day, number, spellings
from milepost.plugs.inboxes.edifact import codes
from milepost.plugs.inboxes.edifact.envelope import BAD_VALUE, COUNTS_DISAGREE, MISSING, Message, SegmentFault
from milepost.plugs.inboxes.edifact.tokens import Segment


def read(message: Message) -> OrderRead:
    """The order that a message asks for."""
    reading = _Reading(message)
    for segment in message.segments:
        reading.take(segment)
    reading.finish()
    return reading.order


class _Reading:
    """Goes through the segments once, and remembers in which group it is."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.order = OrderRead(place=message.header.place)
        self.parties: list[tuple[str, Party]] = []
        self.party: Party | None = None
        self.line: LineRead | None = None
        self.numbers: dict[str, list[str]] = {}
        self.prices: dict[str, Decimal] = {}
        self.allowance: tuple[int, str, Segment] | None = None
        self.in_summary = False
        self.line_allowances = False
        self.places: set[str] = set()
        self.seen: set[str] = set()

    def take(self, segment: Segment) -> None:
        """Read one segment."""
        self.seen.add(segment.tag)
        verb = _VERBS.get(segment.tag)
        if segment.tag not in ("MOA", "PCD", "QTY", "RTE", "ALC", "TAX"):
            self._close_allowance()
        if verb is None:
            self.order.unread.append(segment.raw)
        else:
            verb(self, segment)

    def finish(self) -> None:
        """What can be said only when all was read."""
        self._close_allowance()
        self._close_line()
        for tag in ("BGM", "LIN"):
            if tag not in self.seen:
                self.message.inside.append(SegmentFault(len(self.message.segments) + 2, MISSING, tag))
        if len(self.places) > 1:
            self._several(self.order.place)
        self._settle_parties()

    def fault(self, segment: Segment, element: int, component: int, code: str) -> None:
        """A data element in error."""
        place = segment.place - self.message.header.place + 1
        last = self.message.inside[-1] if self.message.inside else None
        if last is None or last.place != place:
            last = SegmentFault(place, BAD_VALUE, segment.tag, copy=segment.raw[:80])
            self.message.inside.append(last)
        last.elements.append((element, component, code))

    def decimal(self, segment: Segment, element: int, component: int) -> Decimal | None:
        """A number, None where it was left out or is none."""
        text = segment.at(element, component)
        value = number(text, comma=True) if text else None
        if text and value is None:
            self.fault(segment, element, component, BAD_VALUE)
        return value

    def say(self, text: str) -> None:
        """Free text, of the line or of the order."""
        (self.line.texts if self.line else self.order.texts).append(text)

    # What the segments say, in the order of the message.

    def bgm(self, segment: Segment) -> None:
        order = self.order
        order.po_number = segment.at(2, 0)
        order.origins["po_number"] = certain("BGM 1004")
        kind, function = segment.at(1, 0), segment.at(3)
        if not order.po_number:
            self.fault(segment, 2, 0, MISSING)
        if function not in codes.ORIGINAL:
            self._not_new(segment, codes.FUNCTIONS.get(function, f"of function {function}"))
        elif kind not in codes.ORDER_KINDS:
            self._not_new(segment, codes.NOT_FIRM.get(kind, f"a document of type {kind}"))

    def _not_new(self, segment: Segment, what: str) -> None:
        self.order.refuse(
            "not_a_new_order", "Purchase order {po} is {what}, not a new order.",
            "See to what it asks by hand, and set it aside.", at=segment.place, named="BGM", po=self.order.po_number, what=what,
        )  # fmt: skip

    def dtm(self, segment: Segment) -> None:
        words = codes.DATES.get(segment.at(1, 0))
        days = self._days(segment)
        if words is None or not days:
            self.order.unread.append(segment.raw)
        elif words:
            self.say(f"{words} {' to '.join(one.isoformat() for one in days)}")

    def _days(self, segment: Segment) -> list[date]:
        """The day, or the two between which it lies (2379: 718 and 719 are periods)."""
        text, form = segment.at(1, 1), segment.at(1, 2)
        if form not in ("101", "102", "203", "204", "718", "719", ""):
            return []
        width = 8 if form == "718" else 12
        parts = [text[:width], text[width:].lstrip("-")] if form in ("718", "719") else [text]
        days = [day(part) for part in parts]
        if not all(days):
            self.fault(segment, 1, 1, BAD_VALUE)
        return [one for one in days if one]

    def ftx(self, segment: Segment) -> None:
        self.say(" ".join(segment.all(4)))

    def nad(self, segment: Segment) -> None:
        kind = segment.at(1)
        if not kind:
            self.fault(segment, 1, 0, MISSING)
        self.party = _party(segment)
        if self.line is not None and kind in codes.SHIP_TO:
            self.places.add(f"{self.party.ref}{self.party.names}{self.party.streets}")
            self._several(segment.place)
        elif self.line is None:
            self.parties.append((kind, self.party))

    def _several(self, place: int) -> None:
        if not any(one.code == "several_destinations" for one in self.order.refusals):
            self.order.refuse(
                "several_destinations", "Lines of purchase order {po} go to places of their own.",
                "Have the sender send an order for each place.", at=place, named="ship_to", po=self.order.po_number,
            )  # fmt: skip

    def loc(self, segment: Segment) -> None:
        if self.line is not None and segment.at(1) == "7":
            self.places.add(segment.at(2, 0))
        else:
            self.order.unread.append(segment.raw)

    def cta(self, segment: Segment) -> None:
        if self.party:
            self.party.contact = self.party.contact or segment.at(2, 1) or segment.at(2, 0)

    def com(self, segment: Segment) -> None:
        where, how = segment.at(1, 0), segment.at(1, 1)
        if self.party and how == "EM":
            self.party.email = self.party.email or where
        elif self.party and how in ("TE", "AL", "MA"):
            self.party.phone = self.party.phone or where

    def cux(self, segment: Segment) -> None:
        if self.line is None and segment.at(1, 1):
            self.order.currency = segment.at(1, 1).upper()
            self.order.origins["currency"] = certain("CUX 6345")

    def tdt(self, segment: Segment) -> None:
        carrier = segment.at(5, 3) or segment.at(5, 0)
        if carrier and not self.order.service:
            self.order.service = carrier
            self.order.origins["service"] = certain("TDT C040")

    def lin(self, segment: Segment) -> None:
        self._close_line()
        self.party = None
        if segment.at(2) not in ("", "1", "5"):
            self.order.refuse(
                "not_a_new_order", "Line {line} does not order something new (action {action}).",
                "See to what it asks by hand, and set it aside.", at=segment.place, named="LIN", line=segment.at(1),
                action=segment.at(2),
            )  # fmt: skip
        self.line = LineRead(place=segment.place, number=segment.at(1) or str(len(self.order.lines) + 1))
        self.order.lines.append(self.line)
        self._number(segment.at(3, 0), segment.at(3, 1))

    def pia(self, segment: Segment) -> None:
        if segment.at(1) == codes.SUBSTITUTE:
            self.order.unread.append(segment.raw)
            return
        for element in range(2, 7):
            self._number(segment.at(element, 0), segment.at(element, 1))

    def _number(self, value: str, kind: str) -> None:
        if value:
            self.numbers.setdefault(kind.upper(), []).append(value)

    def qty(self, segment: Segment) -> None:
        if self.line is None or segment.at(1, 0) != codes.ORDERED or self.allowance:
            self.order.unread.append(segment.raw)
            return
        if self.line.quantity is not None:
            self.fault(segment, 1, 0, BAD_VALUE)
        self.line.quantity = self.decimal(segment, 1, 1)
        unit = segment.at(1, 2).upper()
        self.line.unit = REC20.get(unit, unit)

    def pri(self, segment: Segment) -> None:
        kind, price = segment.at(1, 0), self.decimal(segment, 1, 1)
        basis = self.decimal(segment, 1, 4)
        if self.line is None or price is None or kind not in (codes.NET, codes.GROSS):
            self.order.unread.append(segment.raw)
            return
        if basis is not None and basis <= 0:
            self.fault(segment, 1, 4, BAD_VALUE)
            return
        unit = segment.at(1, 5).upper()
        if unit and self.line.unit and REC20.get(unit, unit) != self.line.unit:
            self.order.refuse(
                "price_basis_unknown", "The price of line {line} is stated for {unit}, which is not the unit that is ordered.",
                "Agree on the price with the sender.", at=segment.place, named="price", line=self.line.number, unit=unit,
            )  # fmt: skip
        self.prices.setdefault(kind, price / (basis or 1))

    def moa(self, segment: Segment) -> None:
        kind, amount = segment.at(1, 0), self.decimal(segment, 1, 1)
        if amount is None:
            return
        if self.allowance and kind in codes.ALLOWANCE_AMOUNTS:
            self._take_allowance(amount)
        elif self.line is not None and kind == codes.LINE_AMOUNT:
            self.line.total = amount
        elif self.line is None and kind == codes.TAX:
            self.order.tax += amount
        elif self.line is None and kind in codes.TOTALS and self.in_summary:
            self.order.total = amount
        elif self.line is None and kind in codes.ITEMS_TOTALS and self.in_summary:
            self.order.items_total = amount
        else:
            self.order.unread.append(segment.raw)

    def alc(self, segment: Segment) -> None:
        self._close_allowance()
        sign = {"A": -1, "C": 1}.get(segment.at(1), 0)
        if self.line is not None:
            self.line_allowances = self.line_allowances or bool(sign)
        elif sign and not self.in_summary:
            self.allowance = (sign, segment.at(5, 0), segment)

    def _take_allowance(self, amount: Decimal) -> None:
        if self.allowance:
            sign, kind, _ = self.allowance
            self.allowance = None
            if sign > 0 and kind in codes.FREIGHT:
                self.order.freight += amount
            else:
                self.order.charges += sign * amount

    def _close_allowance(self) -> None:
        """An allowance or charge that came without its amount cannot be reckoned."""
        if self.allowance:
            _, _, segment = self.allowance
            self.allowance = None
            self._unclear(segment.place, segment.raw)

    def _unclear(self, place: int, text: str) -> None:
        self.order.refuse(
            "charge_unclear", "An allowance or charge is not stated as one amount: {segment}.",
            "Agree on the prices with the sender.", at=place, named="ALC", segment=text,
        )  # fmt: skip

    def uns(self, segment: Segment) -> None:
        self._close_line()
        self.line = self.party = None
        self.in_summary = True

    def cnt(self, segment: Segment) -> None:
        kind, count = segment.at(1, 0), self.decimal(segment, 1, 1)
        lines = self.order.lines
        if (kind == "2" and count != len(lines)) or (
            kind == "1" and count is not None and count != sum(line.quantity or 0 for line in lines)
        ):
            self.fault(segment, 1, 1, COUNTS_DISAGREE)

    def _close_line(self) -> None:
        line = self.line
        if line is None:
            return
        found = [text for kind in codes.OUR_NUMBERS for text in self.numbers.get(kind, ()) if kind != "SRV"]
        trade = [text for kind in codes.TRADE_NUMBERS for text in self.numbers.get(kind, ())]
        line.numbers = list(dict.fromkeys([*found, *(spelt for text in trade for spelt in spellings(text))]))
        line.theirs = [text for kind in codes.THEIR_NUMBERS for text in self.numbers.get(kind, ())]
        line.named_by = "LIN " + " ".join(f"{text}:{kind}" for kind, texts in self.numbers.items() for text in texts)
        line.price = self.prices.get(codes.NET, self.prices.get(codes.GROSS))
        if self.line_allowances and codes.NET not in self.prices:
            self._unclear(line.place, line.number)
        self.numbers, self.prices, self.line_allowances = {}, {}, False

    def _settle_parties(self) -> None:
        order = self.order
        ship_to, buyer = _first_of(codes.SHIP_TO, self.parties), _first_of(codes.BUYERS, self.parties)
        if buyer:
            order.buyer = buyer
            order.origins["customer"] = certain(buyer.said_in)
        if there := ship_to or buyer:
            order.ship_to = there
            order.origins["ship_to"] = certain(there.said_in)


def _party(segment: Segment) -> Party:
    """A party with its address: structured where it is, else the first line is the name and the others stand below it."""
    loose, names, streets = segment.all(3), segment.all(4), segment.all(5)
    party = Party(ref=segment.at(2, 0), said_in=f"NAD+{segment.at(1)}")
    party.names = names or loose[:1]
    party.streets = streets or (loose[1:] if not names else loose)
    party.city, party.region, party.postal_code = segment.at(6), segment.at(7), segment.at(8)
    party.country = country_of(segment.at(9), "", "")
    return party


def _first_of(kinds: Sequence[str], parties: list[tuple[str, Party]]) -> Party | None:
    return next((party for kind in kinds for said, party in parties if said == kind), None)


_VERBS: dict[str, Callable[[_Reading, Segment], None]] = {
    "BGM": _Reading.bgm, "DTM": _Reading.dtm, "FTX": _Reading.ftx, "NAD": _Reading.nad, "LOC": _Reading.loc, "CTA": _Reading.cta,
    "COM": _Reading.com, "CUX": _Reading.cux, "TDT": _Reading.tdt, "LIN": _Reading.lin, "PIA": _Reading.pia, "QTY": _Reading.qty,
    "PRI": _Reading.pri, "MOA": _Reading.moa, "ALC": _Reading.alc, "UNS": _Reading.uns, "CNT": _Reading.cnt,
}  # fmt: skip
"""What each segment says. Others are kept as unread beside the order."""
