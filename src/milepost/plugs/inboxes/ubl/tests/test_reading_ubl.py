"""Orders in UBL as partners' systems really send them; nothing is guessed, nothing is fetched, nothing grows."""

import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.plugs.inboxes.edi.safe_xml import tree
from milepost.plugs.inboxes.ubl import UblAnswers, UblOrders
from milepost.way.intake.words import LineResponse, OrderResponse, OrderSheet, Response

SHARED = Path(os.environ.get("MILEPOST_SHARED_DATA") or Path(__file__).parents[7] / "shared" / "data") / "edi" / "ubl"
with_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not there")
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
# ruff: noqa: E501 as machines write it
SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
ORDER = f"""<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="{SPACE}Order-2" xmlns:cac="{SPACE}CommonAggregateComponents-2" xmlns:cbc="{SPACE}CommonBasicComponents-2">
 <cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order:3</cbc:CustomizationID><cbc:ID>PO-77</cbc:ID>
 <cbc:IssueDate>2026-11-16</cbc:IssueDate><cbc:OrderTypeCode>220</cbc:OrderTypeCode><cbc:Note>Ring twice</cbc:Note>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cac:BuyerCustomerParty><cac:Party><cbc:EndpointID schemeID="0088">4012345000009</cbc:EndpointID>
  <cac:PartyIdentification><cbc:ID>C-1</cbc:ID></cac:PartyIdentification><cac:PartyName><cbc:Name>Okafor Tea</cbc:Name></cac:PartyName>
  <cac:Contact><cbc:Name>Mona</cbc:Name><cbc:Telephone>+49 30 901820</cbc:Telephone><cbc:ElectronicMail>Mona@okafor.example</cbc:ElectronicMail></cac:Contact>
 </cac:Party></cac:BuyerCustomerParty>
 <cac:SellerSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>We</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:SellerSupplierParty>
 <cac:Delivery><cac:DeliveryLocation><cac:Address><cbc:StreetName>Kastanienallee 12</cbc:StreetName><cbc:CityName>Berlin</cbc:CityName>
  <cbc:PostalZone>10435</cbc:PostalZone><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation>
  <cac:RequestedDeliveryPeriod><cbc:StartDate>2026-12-01</cbc:StartDate></cac:RequestedDeliveryPeriod></cac:Delivery>
 <cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode><cbc:Amount currencyID="EUR">4.90</cbc:Amount></cac:AllowanceCharge>
 <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">5.00</cbc:TaxAmount></cac:TaxTotal>
 <cac:AnticipatedMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">29.38</cbc:LineExtensionAmount><cbc:PayableAmount currencyID="EUR">39.28</cbc:PayableAmount></cac:AnticipatedMonetaryTotal>
 <cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity unitCode="C62">2</cbc:Quantity><cbc:LineExtensionAmount currencyID="EUR">25.00</cbc:LineExtensionAmount>
  <cac:Price><cbc:PriceAmount currencyID="EUR">12.50</cbc:PriceAmount></cac:Price><cac:Item><cbc:Name>Tea</cbc:Name><cac:BuyersItemIdentification><cbc:ID>B-17</cbc:ID></cac:BuyersItemIdentification>
  <cac:SellersItemIdentification><cbc:ID>TEA-1</cbc:ID></cac:SellersItemIdentification><cac:StandardItemIdentification><cbc:ID schemeID="0160">4006381333931</cbc:ID></cac:StandardItemIdentification></cac:Item></cac:LineItem></cac:OrderLine>
 <cac:OrderLine><cac:LineItem><cbc:ID>2</cbc:ID><cbc:Quantity unitCode="KGM">3.5</cbc:Quantity>
  <cac:Price><cbc:PriceAmount currencyID="EUR">125</cbc:PriceAmount><cbc:BaseQuantity unitCode="KGM">100</cbc:BaseQuantity></cac:Price>
  <cac:Item><cac:SellersItemIdentification><cbc:ID>CUP-2</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:LineItem></cac:OrderLine>
</Order>"""


def read(text: str | bytes) -> OrderSheet:
    return UblOrders(currency="EUR").read(text.encode() if isinstance(text, str) else text)


def codes(sheet: OrderSheet) -> list[tuple[str, str]]:
    return [(refusal.code, refusal.field) for refusal in sheet.refusals]


@pytest.mark.clause("REC-3")
def test_every_element_finds_its_place():
    (one,) = read(ORDER).incoming
    draft = one.draft
    assert (draft.po_number, draft.currency, draft.freight, draft.tax) == (
        "PO-77",
        "EUR",
        Decimal("4.90"),
        Decimal("5.00"),
    )
    assert (draft.customer.external_ref, draft.customer.name, draft.customer.email) == (
        "C-1",
        "Okafor Tea",
        "mona@okafor.example",
    )
    assert draft.ship_to.lines() == ["Okafor Tea", "Kastanienallee 12", "10435 Berlin", "DE"]
    assert draft.instructions == "Ring twice\nDeliver on 2026-12-01"
    assert [(line.code, line.quantity, line.unit, line.price) for line in draft.lines] == [
        ("TEA-1", Decimal(2), "piece", Decimal("12.50")),
        ("CUP-2", Decimal("3.5"), "kg", Decimal("1.25")),
    ]
    assert one.numbers[0] == ("TEA-1", "4006381333931", "04006381333931")


def test_prefixes_encodings_and_a_transport_envelope_do_not_matter():
    plain = ORDER.partition("?>")[2]
    other = (
        plain.replace("cbc:", "x:")
        .replace("xmlns:cbc", "xmlns:x")
        .replace("cac:", "y:")
        .replace("xmlns:cac", "xmlns:y")
    )
    wrapped = f'<StandardBusinessDocument xmlns="urn:sbd"><Header><a>1</a></Header>{plain}</StandardBusinessDocument>'
    expected = read(ORDER).incoming[0].draft
    assert read(other).incoming[0].draft == expected
    assert read(wrapped).incoming[0].draft == expected
    assert read(ORDER.replace("UTF-8", "UTF-16").encode("utf-16")).incoming[0].draft == expected


@pytest.mark.parametrize(
    ("was", "now", "refusal"),
    [
        (">25.00<", ">26.00<", ("totals_disagree", "line_total")),
        (">29.38<", ">29.98<", ("totals_disagree", "items_total")),
        (">39.28<", ">39.98<", ("totals_disagree", "total")),
        (">220<", ">221<", ("not_a_new_order", "Order")),
        ("<cbc:Note>", "<cbc:CopyIndicator>true</cbc:CopyIndicator><cbc:Note>", ("not_a_new_order", "Order")),
        ('unitCode="KGM">100', 'unitCode="C62">100', ("price_basis_unknown", "price")),
        (">3.5<", ">some<", ("bad_element", "Quantity")),
        ("<cac:SellersItemIdentification><cbc:ID>CUP-2</cbc:ID></cac:SellersItemIdentification>",
         "<cac:BuyersItemIdentification><cbc:ID>9</cbc:ID></cac:BuyersItemIdentification>", None),
        ("<cac:SellersItemIdentification><cbc:ID>CUP-2</cbc:ID></cac:SellersItemIdentification>", "", ("item_missing", "code")),
        ("<cbc:ID>PO-77</cbc:ID>", "", ("element_missing", "ID")),
        ("<cac:SellersItemIdentification><cbc:ID>CUP-2",
         "<cac:SellersItemIdentification><cbc:ID>CUP-2", None),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_as_it_stands_is_refused_with_its_place(was, now, refusal):
    assert was in ORDER
    sheet = read(ORDER.replace(was, now))
    assert codes(sheet)[:1] == ([refusal] if refusal else [])
    assert bool(sheet.incoming) is (refusal is None)


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><Order>&b;</Order>',
        '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]><Order>&file;</Order>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/evil.dtd"><Order/>',
        "<Order>" * 200,
        "<Order><unclosed></Order>",
        '<?xml version="1.0" encoding="no-such"?><Order/>',
        "",
    ],
    ids=[
        "entity bomb",
        "a file as entity",
        "a document type from elsewhere",
        "too deep",
        "not well-formed",
        "no encoding",
        "empty",
    ],
)
def test_xml_that_would_harm_or_is_none_is_not_read(body):
    assert codes(read(body)) == [("bad_xml", "")]


def test_another_document_is_no_order():
    assert codes(read(ORDER.replace("Order-2", "Invoice-2"))) == [("not_an_order", "Order")]


def test_an_order_response_tells_each_line_what_becomes_of_it():
    (one,) = read(ORDER).incoming
    lines = (
        LineResponse(position=1, code="TEA-1", quantity=Decimal(2), unit_price=Decimal("12.5"), short=Decimal(1),
                     short_until=NOW.date()),
        LineResponse(position=2, code="CUP-2", quantity=Decimal("3.5"), unit_price=Decimal("1.25"), cancelled=True),
    )  # fmt: skip
    response = OrderResponse(order_id=1, reference="M7K3", response=Response.CHANGED, currency="EUR", lines=lines)
    root = tree(UblAnswers().respond(one.raw, response, number=13, at=NOW).body)
    assert (root.name, root.says("OrderResponseCode"), root.says("OrderReference", "ID")) == (
        "OrderResponse",
        "CA",
        "PO-77",
    )
    told = [(item.says("LineStatusCode"), item.says("Quantity")) for item in root.all("OrderLine", "LineItem")]
    assert told == [("3", "1"), ("7", "0")]
    assert root.one("BuyerCustomerParty", "Party", "EndpointID").attributes == {"schemeID": "0088"}


@with_data
def test_the_example_of_the_standard_does_not_agree_with_itself_and_that_is_told():
    """Its one line has 100 kg at 100.00 each and a line amount of 100.00."""
    sheet = read((SHARED / "UBL-Order-2.0-Example.xml").read_bytes())
    assert codes(sheet)[0] == ("totals_disagree", "line_total")
    assert sheet.refusals[0].sentence == "The document states 100.00, and its lines add up to 10000.00."


GOOD = ORDER.encode()


@given(
    st.binary(max_size=300)
    | st.tuples(st.integers(0, len(GOOD)), st.binary(max_size=6)).map(
        lambda cut: GOOD[: cut[0]] + cut[1] + GOOD[cut[0] + 3 :]
    )
)
def test_nothing_that_is_sent_makes_the_reader_stumble(body):
    sheet = read(body)
    assert sheet.incoming or sheet.refusals
    UblAnswers().respond(
        body, OrderResponse(order_id=1, reference="M", response=Response.REFUSED, currency="EUR"), number=1, at=NOW
    )
