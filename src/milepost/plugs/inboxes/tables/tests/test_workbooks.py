"""Workbooks as people and programs really save them: what Excel lost, hid or never reckoned is never guessed."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from milepost.plugs.inboxes.tables import CsvOrders, WorkbookOrders, synonyms
from milepost.plugs.inboxes.tables.columns import BY_NAME, column_called, plain
from milepost.way.intake.words import Layout, OrderSheet

HEADING = ["order", "item", "quantity", "price", "customer_name", "street", "postal_code", "city", "country"]
ADA = ["A-1", "TEA-1", 2, 3.5, "Ada Okafor", "Ufer 1", "10115", "Berlin", "DE"]


def saved(fill: Callable[[Worksheet], None], *, more: Callable[[Workbook], None] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    if more:
        more(book)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def rows(*some: list[object]) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for row in some:
            sheet.append(row)

    return fill


def read(body: bytes, layout: Layout | None = None) -> OrderSheet:
    return WorkbookOrders(currency="EUR").read(body, layout or Layout())


def codes(sheet: OrderSheet) -> list[tuple[int | None, str, str]]:
    return [(refusal.index, refusal.code, refusal.field) for refusal in sheet.refusals]


@pytest.mark.clause("REC-3")
def test_a_workbook_is_read_as_the_same_table_in_a_text_file_is():
    sheet = read(saved(rows(HEADING, ADA)))
    text = ",".join(HEADING) + "\n" + ",".join(str(cell) for cell in ADA) + "\n"
    assert sheet.incoming[0].draft == CsvOrders(currency="EUR").read(text.encode()).incoming[0].draft
    assert sheet.incoming[0].origins["rows"] == [2]
    assert sheet.incoming[0].raw.decode().splitlines()[1].startswith("A-1,TEA-1,2,3.5,Ada Okafor")


def test_numbers_that_stand_for_texts_come_without_a_decimal_point_and_with_the_zeros_that_their_format_shows():
    def fill(sheet: Worksheet) -> None:
        rows(HEADING, [4711.0, 815, 2.0, 3.5, "Ada", "Ufer 1", 1067, "Dresden", "DE"])(sheet)
        sheet["B2"].number_format, sheet["G2"].number_format = "000000", "00000"

    draft = read(saved(fill)).incoming[0].draft
    assert (draft.external_ref, draft.lines[0].code, draft.ship_to.postal_code) == ("4711", "000815", "01067")
    assert draft.lines[0].quantity == 2


def test_a_reckoned_price_is_what_the_cell_shows_and_not_what_the_machine_adds_up_to():
    assert read(saved(rows(HEADING, [*ADA[:3], 0.1 + 0.2, *ADA[4:]]))).incoming[0].draft.lines[0].price == Decimal(
        "0.3"
    )


@pytest.mark.parametrize(
    ("place", "value", "refusal"),
    [
        (1, date(2026, 2, 1), (2, "bad_cell", "item")),
        (1, 12.5, (2, "bad_cell", "item")),
        (1, True, (2, "bad_cell", "item")),
        (1, 40063813339312345, (2, "bad_cell", "item")),
        (2, date(2026, 2, 1), (2, "bad_cell", "quantity")),
        (3, "=B2*2", (2, "bad_cell", "price")),
        (3, "#N/A", (2, "bad_cell", "price")),
        (3, "12 €", (2, "bad_cell", "price")),
        (3, "1.250", (2, "bad_cell", "price")),
    ],
    ids=["a date for a code", "a broken number for a code", "true for a code", "too many digits", "a date for a quantity",
         "a formula never reckoned", "an error", "a sign for money", "a dot before three digits"],
)  # fmt: skip
def test_what_the_spreadsheet_has_spoilt_refuses_the_order(place: int, value: object, refusal: tuple[int, str, str]):
    row = list(ADA)
    row[place] = value
    assert codes(read(saved(rows(HEADING, row)))) == [refusal]


def test_titles_above_the_heading_are_passed_over_once_a_person_has_looked():
    body = saved(rows(["Bestellung der Keller AG"], [], HEADING, ADA))
    first = read(body)
    assert [one.code for one in first.refusals] == ["text_above"]
    assert first.is_to_be_mapped
    after = read(body, Layout(columns={name: name for name in HEADING}))
    assert [one.draft.external_ref for one in after.incoming] == ["A-1"]
    assert after.incoming[0].origins["rows"] == [4]


def test_blank_rows_and_empty_columns_without_a_heading_say_nothing():
    sheet = read(saved(rows([*HEADING, None, None], [], ADA, [None], [*ADA[:1], "CUP-1", 1])))
    assert [line.code for line in sheet.incoming[0].draft.lines] == ["TEA-1", "CUP-1"]


def test_merged_cells_say_the_same_of_all_their_rows_but_only_of_the_order():
    def fill(sheet: Worksheet) -> None:
        rows(HEADING, ADA, [None, "CUP-1", 1])(sheet)
        sheet.merge_cells("A2:A3")

    assert [line.code for line in read(saved(fill)).incoming[0].draft.lines] == ["TEA-1", "CUP-1"]
    assert codes(read(saved(rows(HEADING, ADA, [None, "CUP-1", 1])))) == [(3, "cell_missing", "order")]


def test_a_hidden_row_refuses_its_order_and_a_hidden_sheet_says_nothing():
    def fill(sheet: Worksheet) -> None:
        rows(HEADING, ADA, ["B-1", *ADA[1:]])(sheet)
        sheet.row_dimensions[3].hidden = True

    def more(book: Workbook) -> None:
        book.create_sheet("old").append(HEADING)
        book["old"].sheet_state = "hidden"

    sheet = read(saved(fill, more=more))
    assert codes(sheet) == [(3, "row_hidden", "")]
    assert [one.draft.external_ref for one in sheet.incoming] == ["A-1"]


def test_the_sheet_with_orders_is_found_and_of_two_a_person_says_which():
    def notes(book: Workbook) -> None:
        book.create_sheet("Notes", 0).append(["Please deliver soon"])

    assert read(saved(rows(HEADING, ADA), more=notes)).orders == 1

    def second(book: Workbook) -> None:
        for row in (HEADING, ["B-1", *ADA[1:]]):
            book.create_sheet("May") if "May" not in book.sheetnames else None
            book["May"].append(row)

    body = saved(rows(HEADING, ADA), more=second)
    asked = read(body)
    assert (asked.orders, asked.asks[0].what, set(asked.asks[0].choices)) == (0, "sheet", {"Sheet", "May"})
    assert [one.draft.external_ref for one in read(body, Layout(sheet="May")).incoming] == ["B-1"]


@pytest.mark.parametrize(
    ("text", "layout", "price"),
    [
        ("1.234,50", "", "1234.50"),
        ("1,234.50", "", "1234.50"),
        ("1'234.50", "", "1234.50"),
        ("1.250", ",", "1250"),
        ("1.250", ".", "1.250"),
        ("1,250", ".", "1250"),
        ("12,5", "", "12.5"),
    ],
)
def test_numbers_in_texts_are_read_where_they_can_mean_one_thing_or_as_a_person_said(
    text: str, layout: str, price: str
):
    sheet = read(saved(rows(HEADING, [*ADA[:3], text, *ADA[4:]])), Layout(numbers=layout))
    assert sheet.incoming[0].draft.lines[0].price == Decimal(price)


@pytest.mark.parametrize(
    ("cell", "layout", "day"),
    [
        (date(2026, 12, 1), "", date(2026, 12, 1)),
        (datetime(2026, 12, 1, 8, 0), "", date(2026, 12, 1)),  # noqa: DTZ001 a spreadsheet knows no zones
        ("01.12.2026", "", date(2026, 12, 1)),
        ("13/12/2026", "", date(2026, 12, 13)),
        ("01/12/2026", "dmy", date(2026, 12, 1)),
        ("01/12/2026", "mdy", date(2026, 1, 12)),
    ],
)
def test_days_are_read_where_they_can_mean_one_thing_or_as_a_person_said(cell: object, layout: str, day: date):
    body = saved(rows([*HEADING, "promised_on"], [*ADA, cell]))
    assert read(body, Layout(days=layout)).incoming[0].draft.promised.latest_on == day


def test_a_day_that_can_mean_two_is_asked():
    sheet = read(saved(rows([*HEADING, "promised_on"], [*ADA, "01/12/2026"])))
    assert (codes(sheet), sheet.asks[0].what) == ([(2, "bad_cell", "promised_on")], "days")


def test_a_file_that_is_one_order_needs_no_number_when_that_was_said():
    body = saved(rows(["Artikelnummer", "Menge"], ["TEA-1", 2], ["CUP-1", 1]))
    assert read(body).is_to_be_mapped
    sheet = read(body, Layout(whole=True))
    assert [line.code for line in sheet.incoming[0].draft.lines] == ["TEA-1", "CUP-1"]
    assert sheet.incoming[0].draft.external_ref == ""


@pytest.mark.parametrize("body", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", b""])
def test_what_is_no_workbook_is_refused_as_a_whole(body: bytes):
    assert read(body).refusals[0].code == "bad_workbook"


def test_a_workbook_that_unpacks_beyond_measure_is_not_opened():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (201 * 1024 * 1024))
    reader = WorkbookOrders(currency="EUR")
    assert reader.knows(bomb.getvalue())
    assert reader.read(bomb.getvalue()).refusals[0].code == "too_large"


def test_each_synonym_is_of_a_column_that_there_is_and_means_one_column_beyond_doubt():
    assert set(synonyms.SURE) | set(synonyms.MAYBE) <= set(BY_NAME)
    for name, words in synonyms.SURE.items():
        for word in words:
            assert word == plain(word)
            assert column_called(word).name == name, word


SOUND = saved(rows(HEADING, ADA))


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: SOUND[:400] + tail))
def test_nothing_that_is_sent_makes_the_reader_stumble(body: bytes):
    sheet = read(body)
    assert sheet.incoming or sheet.refusals
