"""What partners are answered in UBL: an OrderResponse with the state of each line (PEPPOL BIS Ordering 3)."""

from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from milepost.plugs.inboxes.edi.safe_xml import Node, NotXml, tree
from milepost.plugs.inboxes.ubl.reader import CONTENT_TYPE, FORM, orders_in
from milepost.way.intake.words import Answer, LineResponse, OrderResponse, Response

_SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_CODES = {Response.ACCEPTED: "AP", Response.CHANGED: "CA", Response.REFUSED: "RE"}
"""UNCL4343: accepted, conditionally accepted, rejected."""


class UblAnswers:
    """Answers orders in UBL; there is no report on syntax in UBL itself."""

    name = FORM

    def acknowledge(
        self, body: bytes, *, number: int, at: datetime, asked: bool = False, reused: bool = False
    ) -> Answer | None:
        """None: whoever carries the document reports on its form."""
        return None

    def respond(self, original: bytes, response: OrderResponse, *, number: int, at: datetime) -> Answer | None:
        """An OrderResponse."""
        try:
            order = next(orders_in(tree(original)), None)
        except NotXml:
            order = None
        if order is None:
            return None
        name = f"OrderResponse-{response.reference}-{number}.xml"
        return Answer(
            kind="OrderResponse",
            name=name,
            content_type=CONTENT_TYPE,
            body=_written(order, response, number, at).encode(),
        )


def _written(order: Node, response: OrderResponse, number: int, at: datetime) -> str:
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<OrderResponse xmlns="{_SPACE}OrderResponse-2"',
        f'  xmlns:cac="{_SPACE}CommonAggregateComponents-2" xmlns:cbc="{_SPACE}CommonBasicComponents-2">',
        _element("CustomizationID", "urn:fdc:peppol.eu:poacc:trns:order_response:3"),
        _element("ProfileID", "urn:fdc:peppol.eu:poacc:bis:ordering:3"),
        _element("ID", f"{response.reference}-{number}"),
        _element("SalesOrderID", response.reference),
        _element("IssueDate", f"{at:%Y-%m-%d}"),
        _element("IssueTime", f"{at:%H:%M:%S}Z"),
        _element("OrderResponseCode", _CODES[response.response]),
        _element("DocumentCurrencyCode", response.currency),
        f"<cac:OrderReference>{_element('ID', order.says('ID'))}</cac:OrderReference>",
        _party("SellerSupplierParty", order.one("SellerSupplierParty", "Party")),
        _party("BuyerCustomerParty", order.one("BuyerCustomerParty", "Party")),
    ]
    if response.deliver_on:
        period = f"<cac:PromisedDeliveryPeriod>{_element('EndDate', response.deliver_on.isoformat())}</cac:PromisedDeliveryPeriod>"
        parts.append(f"<cac:Delivery>{period}</cac:Delivery>")
    items = order.all("OrderLine", "LineItem")
    parts += [
        _line(line, items[line.position - 1] if line.position <= len(items) else None, response)
        for line in response.lines
    ]
    return "\n".join([*parts, "</OrderResponse>", ""])


def _line(line: LineResponse, asked: Node | None, response: OrderResponse) -> str:
    refused = line.cancelled or response.response == Response.REFUSED
    quantity = asked.one("Quantity") if asked else None
    unit = quantity.attributes.get("unitCode", "") if quantity else ""
    changed = quantity is None or _differs(quantity.text, line.quantity)
    code = "7" if refused else "3" if changed or line.short else "5"
    number = asked.says("ID") if asked else str(line.position)
    now = Decimal(0) if refused else line.quantity - line.short
    inside = [
        _element("ID", number), _element("LineStatusCode", code), _element("Quantity", f"{now.normalize():f}", unitCode=unit),
        _element("MaximumBackorderQuantity", f"{line.short.normalize():f}", unitCode=unit) if line.short and not refused else "",
        _delivery(line),
        f"<cac:Price>{_element('PriceAmount', f'{line.unit_price.normalize():f}', currencyID=response.currency)}</cac:Price>",
        f"<cac:Item><cac:SellersItemIdentification>{_element('ID', line.code)}</cac:SellersItemIdentification></cac:Item>",
    ]  # fmt: skip
    reference = f"<cac:OrderLineReference>{_element('LineID', number)}</cac:OrderLineReference>"
    return f"<cac:OrderLine><cac:LineItem>{''.join(inside)}</cac:LineItem>{reference}</cac:OrderLine>"


def _differs(text: str, quantity: Decimal) -> bool:
    return " ".join(text.split()) not in (f"{quantity:f}", f"{quantity.normalize():f}")


def _delivery(line: LineResponse) -> str:
    if not line.short_until or line.cancelled:
        return ""
    period = (
        f"<cac:PromisedDeliveryPeriod>{_element('EndDate', line.short_until.isoformat())}</cac:PromisedDeliveryPeriod>"
    )
    return f"<cac:Delivery>{period}</cac:Delivery>"


def _party(name: str, party: Node | None) -> str:
    """Who takes part, by the numbers and names of the order."""
    if party is None:
        return ""
    endpoint, known = party.one("EndpointID"), party.one("PartyIdentification", "ID")
    inside = _same("EndpointID", endpoint)
    if known:
        inside += f"<cac:PartyIdentification>{_same('ID', known)}</cac:PartyIdentification>"
    called = party.says("PartyName", "Name") or party.says("PartyLegalEntity", "RegistrationName")
    inside += f"<cac:PartyLegalEntity>{_element('RegistrationName', called)}</cac:PartyLegalEntity>" if called else ""
    return f"<cac:{name}><cac:Party>{inside}</cac:Party></cac:{name}>"


def _same(name: str, node: Node | None) -> str:
    scheme = node.attributes.get("schemeID", "") if node else ""
    return _element(name, " ".join(node.text.split()), schemeID=scheme) if node else ""


def _element(name: str, text: str, **attributes: str) -> str:
    said = "".join(f' {key}="{escape(value, {chr(34): "&quot;"})}"' for key, value in attributes.items() if value)
    return f"<cbc:{name}{said}>{escape(text)}</cbc:{name}>"
