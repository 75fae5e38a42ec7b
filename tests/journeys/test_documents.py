"""From raw bytes to acknowledgement and answers: an order by X12, EDIFACT, UBL, CSV and workbook, each by a door that takes it."""

# ruff: noqa: E501 as machines write it

import io
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from openpyxl import Workbook

from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as kept
from milepost.ground.arrivals.words import AnswerCard
from milepost.ground.duties import queries as duties
from milepost.ground.notices import commands as notices
from milepost.ground.notices import queries as messages
from milepost.ground.parties import commands as parties
from milepost.kernel.acts import Act
from milepost.plugs.inboxes.edi.safe_xml import tree
from milepost.plugs.senders.mailbox import MailboxSender
from milepost.reactions.letters import compose
from milepost.way.intake import commands as intake
from milepost.way.intake import documents
from milepost.way.intake import queries as requests
from milepost.way.intake.words import DocumentReceipt, Layout
from milepost.way.orders import commands as orders
from milepost.way.orders import queries
from milepost.way.orders.words import Amendment, Change, OrderCard, State
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "ISA*00*          *00*          *ZZ*OKAFOR         *ZZ*MILEPOST       *261116*0900*U*00401*{number}*0*P*>~"
X12 = (
    f"{HEAD}GS*PO*OKAFOR*MILEPOST*20261116*0900*7*X*004010~ST*850*0001~BEG*00*SA*PO-77**20261116~CUR*BY*EUR~"
    "N1*BY*Okafor Tea*91*C-1~N1*ST*Ada Okafor*92*S1~N3*Lindenstraße 9~N4*Berlin**10969*DE~PO1*1*{kettles}*EA*39.9**VP*{item}~"
    "PO1*2*2*EA***VP*MUG-BLUE~CTT*2~SE*11*0001~GE*1*7~IEA*1*{number}~"
)
EDIFACT = (
    "UNB+UNOC:3+4012345000009:14+4000001000005:14+261116:0900+R101++++1'UNH+1+ORDERS:D:96A:UN:EAN008'BGM+220+PO-78+9'"
    "DTM+137:20261116:102'NAD+BY+C-1::91++Okafor Tea'NAD+DP+4012345000016::9++Ada Okafor+Lindenstraße 9+Berlin++10969+DE'CUX+2:EUR:9'"
    "LIN+1++KETTLE-1:SA'QTY+21:1:PCE'PRI+AAA:39,9'LIN+2++4006381333931:EN'PIA+1+MUG-BLUE:SA'QTY+21:2:PCE'UNS+S'CNT+2:2'UNT+15+1'UNZ+1+R101'"
)
SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
UBL = f"""<Order xmlns="{SPACE}Order-2" xmlns:a="{SPACE}CommonAggregateComponents-2" xmlns:b="{SPACE}CommonBasicComponents-2">
<b:ID>PO-79</b:ID><b:IssueDate>2026-11-16</b:IssueDate><b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
<a:BuyerCustomerParty><b:SupplierAssignedAccountID>C-1</b:SupplierAssignedAccountID><a:Party><a:PartyName><b:Name>Okafor Tea</b:Name></a:PartyName></a:Party></a:BuyerCustomerParty>
<a:Delivery><a:DeliveryAddress><b:StreetName>Lindenstraße 9</b:StreetName><b:CityName>Berlin</b:CityName><b:PostalZone>10969</b:PostalZone><a:Country><b:IdentificationCode>DE</b:IdentificationCode></a:Country></a:DeliveryAddress><a:DeliveryParty><a:PartyName><b:Name>Ada Okafor</b:Name></a:PartyName></a:DeliveryParty></a:Delivery>
<a:OrderLine><a:LineItem><b:ID>1</b:ID><b:Quantity unitCode="C62">1</b:Quantity><a:Price><b:PriceAmount currencyID="EUR">39.90</b:PriceAmount></a:Price><a:Item><a:SellersItemIdentification><b:ID>KETTLE-1</b:ID></a:SellersItemIdentification></a:Item></a:LineItem></a:OrderLine>
<a:OrderLine><a:LineItem><b:ID>2</b:ID><b:Quantity unitCode="C62">2</b:Quantity><a:Item><a:SellersItemIdentification><b:ID>MUG-BLUE</b:ID></a:SellersItemIdentification></a:Item></a:LineItem></a:OrderLine>
</Order>"""


class World:
    """Time passes when the test says so; the worker looks at what arrived and at its outboxes whenever it does."""

    def __init__(self) -> None:
        self.now: datetime = cast.MONDAY

    def act(self, channel: str = "api") -> Act:
        return Act.now("key:1", channel=channel, now=self.now)

    def sends(self, body: bytes, sender: str = "okafor@tea.example", channel: str = "api") -> DocumentReceipt:
        receipt = intake.keep_document(body, sender=sender, name="order", act=self.act(channel))
        self.work()
        return receipt

    def work(self) -> None:
        self.now += timedelta(seconds=2)
        while arrivals.process_due(act=self.act("worker")).total:
            pass
        sender = MailboxSender(
            keep=notices.keep_in_mailbox,
            which=messages.kept_in_mailbox,
            clock=lambda: self.now,
            sent_from="shop@example.org",
        )
        while notices.send_due(now=self.now, sender=sender, compose=compose).total:
            pass


@pytest.fixture
def world() -> World:
    cast.stocked()
    parties.register([cast.ADA], act=cast.SHOP)
    return World()


def x12(*, number: str = "000000101", item: str = "KETTLE-1", kettles: int = 1) -> bytes:
    return X12.format(number=number, item=item, kettles=kettles).encode()


def placed(receipt: DocumentReceipt) -> OrderCard:
    ((order_id, _),) = documents.placed_from([receipt.arrival_id])[receipt.arrival_id].values()
    card = queries.card(order_id)
    assert card is not None
    return card


def answers(receipt: DocumentReceipt) -> list[AnswerCard]:
    return kept.answers(receipt.arrival_id)


def segments(answer: AnswerCard, end: str) -> list[str]:
    return answer.body.decode().replace("\n", "").split(end)


def told(card: OrderCard) -> list[str]:
    return [one.template for one in messages.notices_of(card.id) if one.state == "sent" and one.channel == "email"]


def as_agreed(card: OrderCard) -> None:
    """Ada's kettle and two mugs, for her record, to her address, confirmed and acknowledged."""
    assert [(line.code, line.quantity, line.unit, line.unit_price) for line in card.lines] == [
        ("KETTLE-1", 1, "piece", Decimal("39.90")), ("MUG-BLUE", 2, "piece", Decimal("8.50")),
    ]  # fmt: skip
    assert (card.state, card.email, card.holds) == (State.CONFIRMED, cast.ADA.email, ())
    assert card.ship_to.lines() == ["Ada Okafor", "Lindenstraße 9", "10969 Berlin", "DE"]
    assert told(card) == ["receipt_note", "acknowledgement"]


@pytest.mark.clause("REC-1")
@pytest.mark.clause("REC-3")
@pytest.mark.clause("ACK-2")
def test_an_x12_850_becomes_an_acknowledged_order_and_is_answered_by_997_and_855(world: World) -> None:
    receipt = world.sends(x12())
    card = placed(receipt)
    as_agreed(card)
    assert (card.channel, card.po_number) == ("edi", "PO-77")
    functional, answer = answers(receipt)
    assert (functional.kind, answer.kind) == ("997", "855")
    assert {"AK2*850*0001", "AK5*A", "AK9*A*1*1*1"} <= set(segments(functional, "~"))
    said = segments(answer, "~")
    assert f"BAK*00*AD*PO-77*20261116****{card.reference}*20261116" in said
    assert [one.split("*")[:4] for one in said if one.startswith("ACK")] == [
        ["ACK", "IA", "1", "EA"],
        ["ACK", "IA", "2", "EA"],
    ]
    (request,) = requests.verified([card.id])
    assert requests.original(request.request_id) == ("application/edi-x12", x12())


@pytest.mark.clause("REC-1")
@pytest.mark.clause("REC-3")
def test_edifact_orders_become_an_acknowledged_order_and_are_answered_by_contrl_and_ordrsp(world: World) -> None:
    receipt = world.sends(EDIFACT.encode("latin-1"))
    card = placed(receipt)
    as_agreed(card)
    syntax, answer = answers(receipt)
    assert "UCI+R101+4012345000009:14+4000001000005:14+7" in segments(syntax, "'")
    said = segments(answer, "'")
    assert {f"BGM+231+{card.reference}+29", "RFF+ON:PO-78", "LIN+1+5+KETTLE-1:SA", "LIN+2+5+4006381333931:EN"} <= set(
        said
    )


@pytest.mark.clause("REC-1")
@pytest.mark.clause("REC-3")
def test_a_ubl_order_becomes_an_acknowledged_order_and_is_answered_by_an_order_response(world: World) -> None:
    receipt = world.sends(UBL.encode())
    card = placed(receipt)
    as_agreed(card)
    (answer,) = answers(receipt)
    root = tree(answer.body)
    assert (root.says("OrderResponseCode"), root.says("OrderReference", "ID"), root.says("SalesOrderID")) == (
        "AP",
        "PO-79",
        card.reference,
    )


HEADING: list[object] = [
    "Bestellnr",
    "Art-Nr.",
    "Bezeichnung",
    "Menge",
    "Kundennummer",
    "Empfänger",
    "Straße",
    "PLZ",
    "Ort",
    "Land",
]
ROWS: list[list[object]] = [
    ["80", "KETTLE-1", "Kessel", 1, "C-1", "Ada Okafor", "Lindenstraße 9", "10969", "Berlin", "DE"],
    ["80", "MUG-BLUE", "Becher", 2, "", "", "", "", "", ""],
]


def as_csv() -> bytes:
    lines = [";".join(str(cell) for cell in row) for row in (HEADING, *ROWS)]
    return "\r\n".join(lines).encode("cp1252")


def as_workbook() -> bytes:
    book, body = Workbook(), io.BytesIO()
    for row in (["Bestellung Okafor"], HEADING, *ROWS):
        book.active.append(row)
    book.save(body)
    return body.getvalue()


@pytest.mark.clause("REC-1")
@pytest.mark.clause("REC-3")
@pytest.mark.parametrize("file", [as_csv, as_workbook])
def test_a_table_with_words_of_its_own_waits_once_for_a_person_and_then_becomes_an_acknowledged_order(
    world: World, file
) -> None:
    receipt = world.sends(file(), sender="Ada@Okafor.example", channel="email")
    assert kept.arrival(receipt.arrival_id).code == "columns_unknown"
    assert [duty.kind for duty in duties.open_duties(["order_management"], limit=5)] == ["repair_arrival"]
    means = [
        "order",
        "item",
        "-",
        "quantity",
        "customer_ref",
        "ship_to_name",
        "street",
        "postal_code",
        "city",
        "country",
    ]
    intake.remember_layout(
        "ada@okafor.example", Layout(columns=dict(zip(map(str, HEADING), means, strict=True))), act=world.act()
    )
    arrivals.retry(ids=[receipt.arrival_id], act=world.act())
    world.work()
    card = placed(receipt)
    as_agreed(card)
    assert (card.channel, card.external_ref) == ("email", "80")
    assert duties.open_duties(["order_management"], limit=5) == []
    next_one = world.sends(file() + b"", sender="ada@okafor.example", channel="email")
    assert kept.arrival(next_one.arrival_id).state == "processed"


@pytest.mark.clause("VER-3")
def test_what_is_short_changed_and_cancelled_is_told_in_the_next_855(world: World) -> None:
    receipt = world.sends(x12(kettles=101).replace(b"*39.9*", b"*39.90*"))
    card = placed(receipt)
    assert [hold.kind for hold in card.holds] == ["quantity"]
    assert [one.kind for one in answers(receipt)] == ["997"]
    orders.release([card.id], kind="quantity", outcome="they mean it", act=cast.OMAR)
    short = segments(answers(receipt)[1], "~")
    assert any(one.startswith("BAK*00*AC*PO-77") for one in short)
    assert [one.split("*")[:4] for one in short if one.startswith("ACK")][:2] == [
        ["ACK", "IA", "100", "EA"],
        ["ACK", "IB", "1", "EA"],
    ]
    orders.amend(
        [Amendment(order_id=card.id, changes=(Change("lines.1.quantity", Decimal(50)),), reason="they asked")],
        act=cast.OMAR,
    )
    amended = segments(answers(receipt)[-1], "~")
    assert any(one.startswith("BAK*05*AC*PO-77") for one in amended)
    assert any(one.startswith("ACK*IQ*50*EA") for one in amended)
    orders.cancel([card.id], reason_code="customer_request", act=cast.OMAR)
    refused = segments(answers(receipt)[-1], "~")
    assert any(one.startswith("BAK*05*RD*PO-77") for one in refused)
    assert any(one.startswith("ACK*IR*50*EA") for one in refused)


def test_one_bad_order_of_an_interchange_waits_and_the_others_are_placed_once_however_often_it_is_retried(
    world: World,
) -> None:
    good, bad = x12().decode(), x12(item="NO-SUCH").decode()
    body = (
        good[good.index("ST*850") : good.index("GE*")],
        bad[bad.index("ST*850") : bad.index("GE*")].replace("0001~", "0002~").replace("PO-77", "PO-88"),
    )
    both = good[: good.index("ST*850")] + "".join(body) + good[good.index("GE*") :].replace("GE*1", "GE*2")
    receipt = world.sends(both.encode())
    row = kept.arrival(receipt.arrival_id)
    assert (row.state, row.code) == ("refused", "unknown_item")
    assert "PO-88: There is no item NO-SUCH in the catalogue." in row.error
    first = placed(receipt)
    arrivals.retry(ids=[receipt.arrival_id], act=world.act())
    assert placed(receipt).id == first.id
    assert len(queries.page(search())) == 1


def search():
    from milepost.way.orders.words import Search

    return Search()


def test_a_document_that_a_clerk_imports_by_hand_is_answered_too_and_comes_only_once_by_whatever_door(
    world: World,
) -> None:
    file = intake.keep_file(x12(), name="po.edi", act=replace(cast.OMAR, channel="file"))
    done = intake.take_in(file.id, limit=10, act=replace(cast.OMAR, channel="file"))
    assert (done.placed, done.refused) == (1, ())
    assert isinstance(done.arrival_id, UUID)
    assert [one.kind for one in kept.answers(done.arrival_id)] == ["997", "855"]
    assert kept.arrival(done.arrival_id).state == "processed"
    assert world.sends(x12()).repeated
    again = intake.keep_file(x12(), name="po-again.edi", act=cast.OMAR)
    assert [one.code for one in intake.take_in(again.id, limit=10, act=cast.OMAR).refused] == ["came_before"]
    assert len(queries.page(search())) == 1
