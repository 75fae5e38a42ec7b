"""A purchase order (850) as its segments say it. Syntax errors go to the set in the standard's codes, the rest to the order."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from milepost.plugs.inboxes.edi.countries import country_of
from milepost.plugs.inboxes.edi.drafting import LineRead, OrderRead, Party, certain
from milepost.plugs.inboxes.edi.units import X12
from milepost.plugs.inboxes.edi.values import day, hundredths, number, spellings
from milepost.plugs.inboxes.x12 import codes
from milepost.plugs.inboxes.x12.envelope import ElementFault, SegmentFault, Set
from milepost.plugs.inboxes.x12.tokens import Segment

MISSING, TOO_SHORT, BAD_CHARACTER, BAD_CODE, BAD_DATE, RELATED_MISSING = "1", "4", "6", "7", "8", "2"
SEGMENT_MISSING, ELEMENTS_WRONG = "3", "8"


def read(one: Set) -> OrderRead:
    """The order that a transaction set asks for."""
    reading = _Reading(one)
    for segment in one.segments:
        reading.take(segment)
    reading.finish()
    return reading.order


class _Reading:
    """Goes through the segments once, and remembers in which loop it is."""

    def __init__(self, one: Set) -> None:
        self.set = one
        self.order = OrderRead(place=one.header.place)
        self.parties: list[tuple[str, str, Party]] = []
        self.header_contacts = Party()
        self.party: Party | None = None
        self.line: LineRead | None = None
        self.last: SegmentFault | None = None
        self.counted: tuple[Segment, Decimal | None, Decimal | None] | None = None
        self.quantities: list[str] = []
        self.seen: set[str] = set()

    def take(self, segment: Segment) -> None:
        """Read one segment."""
        self.seen.add(segment.tag)
        verb = _VERBS.get(segment.tag)
        if verb is None:
            self.order.unread.append("*".join(segment.elements))
        else:
            verb(self, segment)

    def finish(self) -> None:
        """What can be said only when all was read."""
        if "BEG" not in self.seen:
            self.fault_of_set("BEG", SEGMENT_MISSING)
        if "PO1" not in self.seen:
            self.fault_of_set("PO1", SEGMENT_MISSING)
        if self.counted:
            self._count(*self.counted)
        self._settle_parties()

    def fault_of_set(self, tag: str, code: str) -> None:
        """A segment that is missing."""
        self.set.inside.append(SegmentFault(tag, len(self.set.segments) + 2, code))

    def fault(self, segment: Segment, position: int, name: str, code: str) -> None:
        """An element in error, beside the others of its segment."""
        place = segment.place - self.set.header.place + 1
        if self.last is None or self.last.place != place:
            loop = self.line.number if self.line else ""
            self.last = SegmentFault(segment.tag, place, ELEMENTS_WRONG, loop)
            self.set.inside.append(self.last)
        self.last.elements.append(ElementFault(position, name, code, segment[position]))

    def needed(self, segment: Segment, position: int, name: str) -> str:
        """An element that must be there."""
        text = segment[position].strip()
        if not text:
            self.fault(segment, position, name, MISSING)
        return text

    def decimal(self, segment: Segment, position: int, name: str) -> Decimal | None:
        """A number, None where it was left out or is none."""
        text = segment[position].strip()
        value = number(text) if text else None
        if text and value is None:
            self.fault(segment, position, name, BAD_CHARACTER)
        return value

    def dated_at(self, segment: Segment, position: int, name: str) -> date | None:
        """A day, None where it was left out or is none."""
        text = segment[position].strip()
        value = day(text) if text else None
        if text and value is None:
            self.fault(segment, position, name, BAD_DATE)
        return value

    # What the segments say, in the order of the standard.

    def beg(self, segment: Segment) -> None:
        order = self.order
        purpose, kind = self.needed(segment, 1, "353"), self.needed(segment, 2, "92")
        order.po_number = self.needed(segment, 3, "324")
        self.needed(segment, 5, "373")
        self.dated_at(segment, 5, "373")
        order.origins["po_number"] = certain("BEG03")
        if segment[4].strip():
            order.texts.append(f"Release {segment[4].strip()}")
        if purpose and purpose != codes.ORIGINAL:
            self._not_new(segment, codes.PURPOSES.get(purpose, f"of purpose {purpose}"))
        elif kind in codes.NOT_FIRM:
            self._not_new(segment, codes.NOT_FIRM[kind])

    def _not_new(self, segment: Segment, what: str) -> None:
        self.order.refuse(
            "not_a_new_order", "Purchase order {po} is {what}, not a new order.",
            "See to what it asks by hand, and set it aside.", at=segment.place, named="BEG01", po=self.order.po_number, what=what,
        )  # fmt: skip

    def cur(self, segment: Segment) -> None:
        code = self.needed(segment, 2, "100").upper()
        if self.line is None and (not self.order.currency or segment[1].strip() in codes.BUYERS):
            self.order.currency = code
            self.order.origins["currency"] = certain("CUR02")

    def ref(self, segment: Segment) -> None:
        if not (segment[2].strip() or segment[3].strip()):
            self.fault(segment, 2, "127", RELATED_MISSING)
        self.order.unread.append("*".join(segment.elements))

    def per(self, segment: Segment) -> None:
        party = self.party or self.header_contacts
        party.contact = party.contact or segment[2].strip()
        for position in (3, 5, 7):
            self._reach(party, segment[position].strip(), segment[position + 1].strip())

    def _reach(self, party: Party, how: str, where: str) -> None:
        if how == "EM":
            party.email = party.email or where
        elif how in ("TE", "CP", "WP"):
            party.phone = party.phone or where

    def dtm(self, segment: Segment) -> None:
        qualifier = self.needed(segment, 1, "374")
        when = self.dated_at(segment, 2, "373")
        self._dated(qualifier, when, segment)

    def _dated(self, qualifier: str, when: date | None, segment: Segment) -> None:
        words = codes.DATES.get(qualifier)
        if words is None or when is None:
            self.order.unread.append("*".join(segment.elements))
        elif words:
            self.say(f"{words} {when.isoformat()}")

    def say(self, text: str) -> None:
        """Free text, of the line or of the order."""
        (self.line.texts if self.line else self.order.texts).append(text)

    def sch(self, segment: Segment) -> None:
        quantity = self.decimal(segment, 1, "380")
        when = self.dated_at(segment, 6, "373")
        words = codes.DATES.get(segment[5].strip()) or "On"
        if quantity is not None and when is not None:
            self.say(f"{quantity:f}: {words} {when.isoformat()}")

    def td5(self, segment: Segment) -> None:
        said = segment[5].strip() or segment[3].strip()
        if said and self.line is None:
            self.order.service = self.order.service or said
            self.order.origins["service"] = certain("TD505" if segment[5].strip() else "TD503")

    def n9(self, segment: Segment) -> None:
        if segment[3].strip():
            self.say(segment[3].strip())

    def sac(self, segment: Segment) -> None:
        sign = {"A": -1, "C": 1, "N": 0, "P": 0, "R": 0}.get(self.needed(segment, 1, "248"))
        if sign == 0:
            return
        amount = hundredths(segment[5].strip())
        if sign is None or amount is None or (self.line is not None and sign):
            self._unsettled(segment)
        elif sign > 0 and segment[2].strip() in codes.FREIGHT:
            self.order.freight += amount
        else:
            self.order.charges += sign * amount
            self.order.texts.append(segment[15].strip())

    def _unsettled(self, segment: Segment) -> None:
        self.order.refuse(
            "charge_unclear", "An allowance or charge is not stated as one amount for the order: {segment}.",
            "Agree on the prices with the sender.", at=segment.place, named="SAC", segment="*".join(segment.elements),
        )  # fmt: skip

    def txi(self, segment: Segment) -> None:
        amount = self.decimal(segment, 2, "782")
        if amount is not None and self.line is None:
            self.order.tax += amount
        elif amount:
            self._unsettled(segment)

    def n1(self, segment: Segment) -> None:
        kind = self.needed(segment, 1, "98")
        if not segment[2].strip() and not segment[4].strip():
            self.fault(segment, 2, "93", RELATED_MISSING)
        if bool(segment[3].strip()) != bool(segment[4].strip()):
            self.fault(segment, 3 if segment[4].strip() else 4, "66" if segment[4].strip() else "67", RELATED_MISSING)
        self.party = Party(ref=segment[4].strip(), said_in=f"N1*{kind}")
        self.party.names.append(segment[2].strip())
        if self.line is not None and kind in codes.SHIP_TO:
            self._several(segment)
        elif self.line is None:
            self.parties.append((kind, segment[3].strip(), self.party))

    def _several(self, segment: Segment) -> None:
        self.order.refuse(
            "several_destinations", "Lines of purchase order {po} go to places of their own.",
            "Have the sender send an order for each place.", at=segment.place, named="ship_to", po=self.order.po_number,
        )  # fmt: skip

    def n2(self, segment: Segment) -> None:
        if self.party:
            self.party.names += [text for text in (segment[1].strip(), segment[2].strip()) if text]

    def n3(self, segment: Segment) -> None:
        self.needed(segment, 1, "166")
        if self.party:
            self.party.streets += [text for text in (segment[1].strip(), segment[2].strip()) if text]

    def n4(self, segment: Segment) -> None:
        if self.party:
            self.party.city, self.party.region = segment[1].strip(), segment[2].strip()
            self.party.postal_code = segment[3].strip()
            self.party.country = country_of(segment[4], self.party.region, self.party.postal_code)

    def po1(self, segment: Segment) -> None:
        number_ = segment[1].strip() or str(len(self.order.lines) + 1)
        self.party, self.line = None, LineRead(place=segment.place, number=number_)
        self.order.lines.append(self.line)
        self.line.quantity = self.decimal(segment, 2, "330")
        self.quantities.append(segment[2].strip())
        unit = segment[3].strip().upper()
        self.line.unit = X12.get(unit, unit)
        self._price(segment)
        self._numbers(segment)

    def _price(self, segment: Segment) -> None:
        price, basis = self.decimal(segment, 4, "212"), segment[5].strip().upper()
        line = self.line
        if line is None or price is None or basis in codes.NOT_A_PRICE:
            return
        if basis in codes.PER_UNIT or basis in codes.PER_MANY:
            line.price = price / codes.PER_MANY.get(basis, Decimal(1))
        else:
            self.order.refuse(
                "price_basis_unknown", "The price of line {line} is stated as {basis}, which is not one for each unit.",
                "Agree on the price with the sender.", at=segment.place, named="price", line=line.number, basis=basis,
            )  # fmt: skip

    def _numbers(self, segment: Segment) -> None:
        pairs: dict[str, str] = {}
        for position in range(6, min(len(segment.elements), 26), 2):
            qualifier, value = segment[position].strip().upper(), segment[position + 1].strip()
            if bool(qualifier) != bool(value):
                self.fault(segment, position + bool(qualifier), "234" if qualifier else "235", RELATED_MISSING)
            elif value:
                pairs.setdefault(qualifier, value)
        line = self.line
        if line is not None:
            line.numbers += _ours(pairs)
            line.theirs += [pairs[name] for name in codes.THEIR_NUMBERS if name in pairs]
            line.named_by = "PO1 " + " ".join(f"{qualifier}:{value}" for qualifier, value in pairs.items())

    def ctp(self, segment: Segment) -> None:
        price = self.decimal(segment, 3, "212")
        if self.line is None or price is None or self.line.price is not None:
            return
        if segment[2].strip().upper() in ("RES", "MSR", "RTL", "SRP"):
            self.order.unread.append("*".join(segment.elements))
        else:
            self.line.price = price

    def sdq(self, segment: Segment) -> None:
        self._several(segment)

    def amt(self, segment: Segment) -> None:
        qualifier, amount = self.needed(segment, 1, "522"), self.decimal(segment, 2, "782")
        if qualifier == "1" and self.line is not None and "CTT" not in self.seen:
            self.line.total = amount
        elif qualifier == "TT":
            self.order.total = amount

    def ctt(self, segment: Segment) -> None:
        self.line = self.party = None
        lines = self.needed(segment, 1, "354")
        self.counted = (segment, number(lines) if lines else None, self.decimal(segment, 2, "347"))

    def _count(self, segment: Segment, lines: Decimal | None, total: Decimal | None) -> None:
        if segment[1].strip() and lines != len(self.order.lines):
            self.fault(segment, 1, "354", BAD_CODE)
        if total is not None and total not in _hash_totals(self.quantities):
            self.fault(segment, 2, "347", BAD_CODE)

    def _settle_parties(self) -> None:
        order = self.order
        ship_to = _first_of(codes.SHIP_TO, self.parties)
        buyer = _first_of(codes.BUYERS, self.parties)
        if ship_to:
            order.ship_to = ship_to[1]
            order.origins["ship_to"] = certain(ship_to[1].said_in)
        elif buyer:
            order.ship_to = buyer[1]
            order.origins["ship_to"] = certain(buyer[1].said_in)
        if buyer:
            order.buyer = buyer[1]
            order.origins["customer"] = certain(buyer[1].said_in)
        reach = self.header_contacts
        order.buyer.contact = order.buyer.contact or reach.contact
        order.buyer.email, order.buyer.phone = order.buyer.email or reach.email, order.buyer.phone or reach.phone


def _says(position: int) -> Callable[[_Reading, Segment], None]:
    """Free text that stands at a position."""

    def say(reading: _Reading, segment: Segment) -> None:
        reading.say(segment[position].strip())

    return say


def _ours(pairs: dict[str, str]) -> list[str]:
    """Numbers that may be looked up in our catalogue: the vendor's first, then makers', then trade numbers in all lengths."""
    found = [pairs[name] for name in (*codes.VENDORS_NUMBERS, *codes.MAKERS_NUMBERS) if name in pairs]
    found += [text for name in codes.TRADE_NUMBERS if name in pairs for text in spellings(pairs[name])]
    return list(dict.fromkeys(found))


def _hash_totals(quantities: Sequence[str]) -> set[Decimal]:
    """The sums that a hash total may be: of the values, or as the standard has it of their digits without decimal points, cut
    at ten digits from the left (element 347)."""
    values = [number(text) or Decimal(0) for text in quantities]
    digits = sum(int("".join(c for c in text if c.isdecimal()) or 0) for text in quantities)
    return {sum(values, Decimal(0)), Decimal(digits % 10**10)}


def _first_of(kinds: Sequence[str], parties: list[tuple[str, str, Party]]) -> tuple[str, Party] | None:
    for kind in kinds:
        for said, qualifier, party in parties:
            if said == kind:
                return qualifier, party
    return None


_VERBS: dict[str, Callable[[_Reading, Segment], None]] = {
    "BEG": _Reading.beg, "CUR": _Reading.cur, "REF": _Reading.ref, "PER": _Reading.per, "DTM": _Reading.dtm, "SCH": _Reading.sch,
    "TD5": _Reading.td5, "NTE": _says(2), "MSG": _says(1), "MTX": _says(2), "N9": _Reading.n9,
    "SAC": _Reading.sac, "TXI": _Reading.txi, "N1": _Reading.n1, "N2": _Reading.n2, "N3": _Reading.n3, "N4": _Reading.n4,
    "PO1": _Reading.po1, "CTP": _Reading.ctp, "SDQ": _Reading.sdq, "AMT": _Reading.amt, "CTT": _Reading.ctt,
}  # fmt: skip
"""What each segment says. Others are kept as unread beside the order."""
