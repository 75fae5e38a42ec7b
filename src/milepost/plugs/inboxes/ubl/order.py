"""An order as UBL's elements say it (OASIS UBL 2.1, Order; PEPPOL BIS Ordering 3)."""

from datetime import date
from decimal import Decimal

from milepost.plugs.inboxes.edi.countries import country_of
from milepost.plugs.inboxes.edi.drafting import LineRead, OrderRead, Party, certain
from milepost.plugs.inboxes.edi.safe_xml import Node
from milepost.plugs.inboxes.edi.units import REC20
from milepost.plugs.inboxes.edi.values import number, spellings

KINDS = frozenset({"", "105", "220", "224", "226", "227", "228", "402"})
FREIGHT = frozenset({"FC", "HD", "SH", "freight", "shipping"})
_NONE = Node("", "", {}, 0)


def read(root: Node) -> OrderRead:
    """The order that a document asks for, and what of it cannot be taken."""
    order = OrderRead(place=root.line, po_number=root.says("ID"))
    order.origins["po_number"] = certain("cbc:ID")
    _head(order, root)
    _parties(order, root)
    for line in root.all("OrderLine"):
        order.lines.append(_line(order, line))
    _money(order, root)
    _destination(order, root)
    return order


def _head(order: OrderRead, root: Node) -> None:
    if not order.po_number:
        order.refuse("element_missing", "The order has no number (cbc:ID).", "Ask the sender for it.", named="ID")
    if not root.all("OrderLine"):
        order.refuse("element_missing", "The order has no line.", "Ask the sender what is wanted.", named="OrderLine")
    kind = root.says("OrderTypeCode")
    if root.says("CopyIndicator").lower() in ("true", "1"):
        _not_new(order, "a copy")
    elif kind not in KINDS:
        _not_new(order, f"a document of type {kind}")
    order.currency = _currency(root)
    order.origins["currency"] = certain("cbc:DocumentCurrencyCode")
    order.texts += [" ".join(note.text.split()) for note in root.all("Note")]
    order.texts += [text for text in (_period(root.one("Delivery", "RequestedDeliveryPeriod")),) if text]


def _not_new(order: OrderRead, what: str) -> None:
    order.refuse(
        "not_a_new_order", "Order {po} is {what}, not a new order.", "See to what it asks by hand, and set it aside.",
        named="Order", po=order.po_number, what=what,
    )  # fmt: skip


def _currency(root: Node) -> str:
    """The document's; without one that of its prices, when there is but one."""
    stated = root.says("DocumentCurrencyCode") or root.says("PricingCurrencyCode")
    if stated:
        return stated.upper()
    priced = {
        node.attributes.get("currencyID", "") for node in root.all("OrderLine", "LineItem", "Price", "PriceAmount")
    }
    return priced.pop().upper() if len(priced) == 1 else ""


def _period(period: Node | None) -> str:
    if period is None:
        return ""
    days = [day for day in (_day(period.says("StartDate")), _day(period.says("EndDate"))) if day]
    return f"Deliver on {' to '.join(dict.fromkeys(day.isoformat() for day in days))}" if days else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _parties(order: OrderRead, root: Node) -> None:
    buyer = root.one("BuyerCustomerParty") or _NONE
    order.buyer = _party(buyer.one("Party") or _NONE, "cac:BuyerCustomerParty")
    ours = buyer.says("SupplierAssignedAccountID")
    order.buyer.ref = ours or order.buyer.ref
    _reach(order.buyer, buyer.one("DeliveryContact"))
    _reach(order.buyer, buyer.one("BuyerContact"))
    order.origins["customer"] = certain("cac:BuyerCustomerParty")


def _party(node: Node, said_in: str) -> Party:
    party = Party(said_in=said_in, ref=node.says("PartyIdentification", "ID") or node.says("EndpointID"))
    name = node.says("PartyName", "Name") or node.says("PartyLegalEntity", "RegistrationName")
    party.names = [name] if name else []
    _address(party, node.one("PostalAddress"))
    _reach(party, node.one("Contact"))
    return party


def _reach(party: Party, contact: Node | None) -> None:
    if contact is not None:
        party.contact = party.contact or contact.says("Name")
        party.email = party.email or contact.says("ElectronicMail")
        party.phone = party.phone or contact.says("Telephone")


def _address(party: Party, node: Node | None) -> None:
    """Street with number, additional lines, and place. A building's number stands behind its street, as UBL has no order."""
    if node is None:
        return
    street = " ".join(text for text in (node.says("StreetName"), node.says("BuildingNumber")) if text)
    others = [
        node.says(name) for name in ("AdditionalStreetName", "BuildingName", "Floor", "Room", "Postbox", "Department")
    ]
    loose = [line.says("Line") for line in node.all("AddressLine")]
    party.streets = [text for text in (street, *others, *loose) if text]
    party.city, party.postal_code = node.says("CityName"), node.says("PostalZone")
    party.region = node.says("CountrySubentity") or node.says("CountrySubentityCode")
    party.country = country_of(node.says("Country", "IdentificationCode"), "", "")


def _destination(order: OrderRead, root: Node) -> None:
    """Where it goes: the place of delivery, else the buyer's own address. Several places are several orders."""
    deliveries = [*root.all("Delivery"), *root.all("OrderLine", "LineItem", "Delivery")]
    places = [place for place in map(_place, deliveries) if place is not None]
    distinct = {(tuple(p.streets), p.city, p.postal_code, p.country, p.ref) for p in places}
    if len(distinct) > 1:
        order.refuse(
            "several_destinations", "Lines of order {po} go to places of their own.",
            "Have the sender send an order for each place.", named="ship_to", po=order.po_number,
        )  # fmt: skip
    order.ship_to = places[0] if places else order.buyer
    order.origins["ship_to"] = certain(order.ship_to.said_in)
    if places:
        order.ship_to.names = order.ship_to.names or order.buyer.names


def _place(delivery: Node) -> Party | None:
    """The place that a delivery names, with the party that takes it in."""
    party = delivery.one("DeliveryParty")
    location = delivery.one("DeliveryLocation")
    address = delivery.one("DeliveryAddress") or (location.one("Address") if location else None)
    if party is None and address is None and location is None:
        return None
    place = _party(party or _NONE, "cac:Delivery")
    if address is not None:
        _address(place, address)
    if location is not None:
        place.ref = location.says("ID") or place.ref
    return place


def _line(order: OrderRead, node: Node) -> LineRead:
    item = node.one("LineItem") or _NONE
    line = LineRead(place=node.line, number=item.says("ID") or str(len(order.lines) + 1))
    quantity = item.one("Quantity")
    line.quantity = _decimal(order, quantity, "Quantity")
    line.unit = _unit(quantity)
    line.texts = [" ".join(note.text.split()) for note in (*node.all("Note"), *item.all("Note"))]
    _price(order, line, item)
    line.total = _decimal(order, item.one("LineExtensionAmount"), "LineExtensionAmount")
    if line.total is not None and line.price is not None:
        line.total -= _allowances(order, item, of_line=True)
    _numbers(line, item.one("Item") or _NONE)
    return line


def _decimal(order: OrderRead, node: Node | None, name: str) -> Decimal | None:
    text = " ".join(node.text.split()) if node else ""
    value = number(text) if text else None
    if text and value is None:
        order.refuse(
            "bad_element", "{name} is no number: “{text}”.", "Ask the sender to correct it and to send it again.",
            at=node.line if node else 0, named=name, name=name, text=text[:40],
        )  # fmt: skip
    return value


def _unit(node: Node | None) -> str:
    code = node.attributes.get("unitCode", "").strip().upper() if node else ""
    return REC20.get(code, code)


def _price(order: OrderRead, line: LineRead, item: Node) -> None:
    """The price of one: the amount is for the base quantity, in the unit that is ordered."""
    amount = _decimal(order, item.one("Price", "PriceAmount"), "PriceAmount")
    base = item.one("Price", "BaseQuantity")
    per = _decimal(order, base, "BaseQuantity")
    if amount is None:
        return
    unit = _unit(base)
    if (per is not None and per <= 0) or (unit and line.unit and unit != line.unit):
        order.refuse(
            "price_basis_unknown", "The price of line {line} is stated for something else than the unit that is ordered.",
            "Agree on the price with the sender.", at=line.place, named="price", line=line.number,
        )  # fmt: skip
        return
    line.price = amount / (per or 1)


def _numbers(line: LineRead, item: Node) -> None:
    """Our own number, the maker's, then the trade number; the buyer's is kept and never looked up among ours."""
    ours = [item.says("SellersItemIdentification", "ID"), item.says("ManufacturersItemIdentification", "ID")]
    standard = [node.says("ID") for node in item.all("StandardItemIdentification")]
    line.numbers = list(
        dict.fromkeys(text for text in (*ours, *(s for one in standard for s in spellings(one))) if text)
    )
    theirs = item.says("BuyersItemIdentification", "ID")
    line.theirs = [theirs] if theirs else []
    line.named_by = " ".join(
        text for text in ("cac:Item", f"buyer:{theirs}" if theirs else "", item.says("Name")) if text
    )


def _money(order: OrderRead, root: Node) -> None:
    """Freight, other charges and credits, tax, and what the document says that it all adds up to."""
    for line in root.all("OrderLine", "LineItem"):
        order.charges += _allowances(order, line, of_line=True)
    _allowances(order, root, of_line=False)
    order.tax = sum(
        (_decimal(order, node, "TaxAmount") or Decimal(0) for node in root.all("TaxTotal", "TaxAmount")), Decimal(0)
    )
    total = root.one("AnticipatedMonetaryTotal") or _NONE
    payable = _decimal(order, total.one("PayableAmount"), "PayableAmount")
    paid = _decimal(order, total.one("PrepaidAmount"), "PrepaidAmount") or Decimal(0)
    rounding = _decimal(order, total.one("PayableRoundingAmount"), "PayableRoundingAmount") or Decimal(0)
    inclusive = _decimal(order, total.one("TaxInclusiveAmount"), "TaxInclusiveAmount")
    order.items_total = _decimal(order, total.one("LineExtensionAmount"), "LineExtensionAmount")
    if order.items_total is not None:
        order.items_total -= sum(
            (_allowances(order, line, of_line=True) for line in root.all("OrderLine", "LineItem")), Decimal(0)
        )
    if payable is not None:
        order.total = payable + paid - rounding
    if order.tax == 0 and inclusive is not None and payable is not None:
        exclusive = _decimal(order, total.one("TaxExclusiveAmount"), "TaxExclusiveAmount")
        order.tax = inclusive - exclusive if exclusive is not None else order.tax


def _allowances(order: OrderRead, node: Node, *, of_line: bool) -> Decimal:
    """Charges less allowances that stand directly at a line; those of the document go to the order."""
    total = Decimal(0)
    for one in node.all("AllowanceCharge"):
        amount = _decimal(order, one.one("Amount"), "Amount") or Decimal(0)
        is_charge = one.says("ChargeIndicator").lower() in ("true", "1")
        if of_line:
            total += amount if is_charge else -amount
        elif is_charge and {one.says("AllowanceChargeReasonCode"), one.says("AllowanceChargeReason").lower()} & FREIGHT:
            order.freight += amount
        else:
            order.charges += amount if is_charge else -amount
    return total
