"""Files of orders as spreadsheets really write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.plugs.inboxes.tables import CsvOrders
from milepost.way.intake.words import OrderSheet

HEADING = "order,item,quantity,price,customer_name,customer_email,street,postal_code,city,country\n"
ADA = "A-1,TEA-1,2,3.50,Ada Okafor,ada@example.com,Ufer 1,10115,Berlin,DE\n"
BRUNO = "B-7,CUP-1,1,,Bruno Keller,bruno@example.com,Hof 2,20095,Hamburg,DE\n"


def read(text: str | bytes) -> OrderSheet:
    return CsvOrders(currency="EUR").read(text.encode() if isinstance(text, str) else text)


def codes(sheet: OrderSheet) -> list[tuple[int | None, str, str]]:
    return [(refusal.index, refusal.code, refusal.field) for refusal in sheet.refusals]


@pytest.mark.clause("REC-1")
def test_rows_with_the_same_order_number_are_one_order_with_its_own_part_of_the_file_as_original():
    sheet = read(HEADING + ADA + BRUNO + "A-1,CUP-1,1,9,,,,,,\n")
    ada, bruno = sheet.incoming
    assert [line.code for line in ada.draft.lines] == ["TEA-1", "CUP-1"]
    assert ada.origins["rows"] == [2, 4]
    assert ada.raw.decode().splitlines() == [HEADING.strip(), ADA.strip(), "A-1,CUP-1,1,9,,,,,,"]
    assert bruno.draft.external_ref == "B-7"
    assert (sheet.orders, sheet.rows, sheet.refusals) == (2, 3, ())


@pytest.mark.clause("REC-3")
def test_every_column_finds_its_place_in_the_draft():
    sheet = read(
        "Order number;SKU;Qty;Unit price;Line note;Customer;E-Mail;Phone;Language;Time zone;Recipient;Company;Address;Address 2;"
        "ZIP;Town;Region;Country;Currency;PO;Payment reference;Payment amount;Payment pending;Shipping;Note;Service;Promised on\n"
        "A-1;TEA-1;2,5;3,50;no bag;Ada Okafor;ada@ex.com;+49301;DE;Europe/Berlin;A. Okafor;Tea Ltd;Ufer 1;Yard;10115;Berlin;BE;"
        "de;eur;PO-9;P-1;8,75;yes;4,90;ring twice;express;2026-12-01\n"
    )
    draft = sheet.incoming[0].draft
    line = draft.lines[0]
    assert (line.quantity, line.price, line.instructions) == (Decimal("2.5"), Decimal("3.50"), "no bag")
    assert (draft.customer.name, draft.customer.email, draft.customer.language) == ("Ada Okafor", "ada@ex.com", "de")
    assert draft.ship_to.lines() == ["A. Okafor", "Tea Ltd", "Ufer 1", "Yard", "10115 Berlin", "BE", "DE"]
    assert (draft.currency, draft.po_number, draft.payment_pending, draft.freight) == (
        "EUR",
        "PO-9",
        True,
        Decimal("4.90"),
    )
    assert (draft.service, draft.zone, draft.instructions) == ("express", "Europe/Berlin", "ring twice")
    assert draft.promised is not None
    assert draft.promised.latest_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("encode", "encoding", "delimiter"),
    [
        (lambda text: text.encode("utf-8-sig"), "utf-8", ","),
        (lambda text: text.replace(",", ";").encode("cp1252"), "cp1252", ";"),
        (lambda text: text.replace(",", "\t").encode("utf-16"), "utf-16", "\t"),
        (lambda text: b"sep=;\r\n" + text.replace(",", ";").replace("\n", "\r\n").encode(), "utf-8", ";"),
    ],
    ids=["byte-order mark", "semicolons in Windows-1252", "Excel's Unicode text", "a line that names the separator"],
)
def test_the_same_orders_are_read_whatever_the_spreadsheet_wrote(encode, encoding, delimiter):
    plain = HEADING + ADA.replace("Okafor", "Ökafor")
    sheet = read(encode(plain))
    assert sheet.incoming[0].draft == read(plain).incoming[0].draft
    assert sheet.incoming[0].draft.customer.name == "Ada Ökafor"
    assert (sheet.encoding, sheet.delimiter) == (encoding, delimiter)


def test_an_unknown_column_is_refused_by_name_with_the_likely_one():
    sheet = read("order,item,quantity,custmer_name\nA-1,TEA-1,1,Ada\n")
    assert codes(sheet) == [(1, "column_unknown", "custmer_name")]
    assert sheet.refusals[0].sentence == "The column “custmer_name” is not known."
    assert sheet.refusals[0].next_step == "Did you mean “customer_name”?"
    assert sheet.incoming == ()


def test_missing_and_repeated_columns_are_refused_together():
    assert codes(read("item,quantity,qty\nTEA-1,1,1\n")) == [
        (1, "column_twice", "quantity"),
        (1, "column_missing", "order"),
    ]


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        ("A-1,TEA-1,two,3.50,,,,,,", (2, "bad_cell", "quantity")),
        ("A-1,TEA-1,nan,3.50,,,,,,", (2, "bad_cell", "quantity")),
        ('A-1,TEA-1,"1,5",3.50,,,,,,', (2, "bad_cell", "quantity")),
        ("A-1,TEA-1,1,€ 3.50,,,,,,", (2, "bad_cell", "price")),
        ("A-1,TEA-1,1,3.50,,,,,,Germany", (2, "bad_cell", "country")),
        ("A-1,,1,3.50,,,,,,", (2, "cell_missing", "item")),
        (",TEA-1,1,3.50,,,,,,", (2, "cell_missing", "order")),
        ("A-1,TEA-1,1", (2, "wrong_width", "")),
    ],
)
def test_a_cell_that_makes_no_sense_refuses_its_whole_order_and_no_other(row, refusal):
    sheet = read(HEADING + row + "\n" + BRUNO)
    assert codes(sheet) == [refusal]
    assert [one.draft.external_ref for one in sheet.incoming] == ["B-7"]


def test_a_comma_that_may_group_thousands_is_never_guessed():
    heading = HEADING.replace(",", ";")
    assert codes(read(heading + "A-1;TEA-1;1,250;3;;;;;;\n")) == [(2, "bad_cell", "quantity")]
    assert read(heading + "A-1;TEA-1;1,25;3;;;;;;\n").incoming[0].draft.lines[0].quantity == Decimal("1.25")
    assert read(heading + "A-1;TEA-1;0,125;3;;;;;;\n").incoming[0].draft.lines[0].quantity == Decimal("0.125")


def test_rows_of_one_order_that_disagree_are_refused_with_the_line_that_said_it_first():
    sheet = read(HEADING + ADA + "A-1,CUP-1,1,,,,,,Bremen,\n")
    assert codes(sheet) == [(3, "rows_disagree", "city")]
    assert sheet.refusals[0].sentence == "Order A-1 has another city on line 2."


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty_file"),
        (b"\n \n", "empty_file"),
        (b";;;\n;;\n", "empty_file"),
        (HEADING.encode(), "no_rows"),
        (b"order,item\x00,quantity\nA-1,T,1\n", "bad_encoding"),
        (b"order,item,quantity\nA-1,T\x81,1\n", "bad_encoding"),
        (b"\xff\xfeo\x00r", "bad_encoding"),
        (b'order,item,quantity\nA-1,"T,1\n', "broken_row"),
        (b"PK\x03\x04\x00\x00zip", "bad_encoding"),
    ],
)
def test_what_is_no_table_of_orders_is_refused_as_a_whole(body, code):
    sheet = read(body)
    assert sheet.refusals[0].code == code
    assert sheet.incoming == ()


def test_lines_are_counted_as_an_editor_counts_them():
    sheet = read('order,item,quantity,line_instructions\nA-1,TEA-1,1,"two\nlines"\n\nB-1,TEA-1,x,\n')
    assert codes(sheet) == [(5, "bad_cell", "quantity")]


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: (HEADING + text).encode()))
def test_nothing_that_is_sent_makes_the_reader_stumble(body):
    sheet = read(body)
    assert sheet.incoming or sheet.refusals
