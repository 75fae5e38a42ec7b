"""A list as a file: all that matches, on record, for those who may."""

import csv
from io import BytesIO, StringIO

import pytest
from django.test import Client, RequestFactory
from openpyxl import load_workbook

from milepost.faces.desk.exports import views
from milepost.faces.desk.lists import LISTINGS
from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.ground.access.models import Staff
from milepost.ground.journal.models import Entry
from tests import cast

pytestmark = pytest.mark.django_db
FORMULA = cast.draft(po_number='=HYPERLINK("http://evil.example")')


@pytest.fixture
def three(db: None) -> list[int]:
    cast.stocked(1000)
    return cast.ordered(cast.draft(), cast.draft(customer=cast.BRUNO), FORMULA, act=now())


def table(client: Client, query: str = "") -> list[list[str]]:
    answer = client.get(f"/desk/lists/orders/export.csv{query}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


def told() -> list[tuple[str, dict[str, object]]]:
    rows = Entry.objects.filter(kind__in=["ListExported", "ExportEnded"]).order_by("sequence")
    return list(rows.values_list("kind", "data"))


def test_all_that_matches_leaves_as_csv_and_it_is_on_record(
    three: list[int], omar: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ROWS_AT_ONCE", 2)
    head, *rows = table(omar)
    assert len(rows) == 3
    assert head[0] == "Order"
    [(begun, first), (ended, last)] = told()
    assert (begun, first["form"], first["narrowed_by"]) == ("ListExported", "csv", [])
    assert (ended, last["rows"], last["whole"]) == ("ExportEnded", 3, True)


def test_what_is_searched_is_what_leaves_but_not_what_is_on_record(three: list[int], omar: Client) -> None:
    assert len(table(omar, "?q=bruno@keller.example")) == 2
    assert table(omar, "?q=nobody@nowhere.example")[1:] == []
    assert told()[0][1]["narrowed_by"] == ["q"]
    assert "keller" not in str(told())


def test_a_formula_that_a_customer_typed_is_text(three: list[int], omar: Client) -> None:
    head, *rows = table(omar)
    assert FORMULA.po_number not in {row[head.index("PO number")] for row in rows}
    assert f"'{FORMULA.po_number}" in {row[head.index("PO number")] for row in rows}


def test_a_workbook_has_amounts_and_instants(three: list[int], omar: Client) -> None:
    answer = omar.get("/desk/lists/orders/export.xlsx")
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    head, row = list(sheet.values)[:2]
    assert row[head.index("Total")] == 61.8
    assert row[head.index("Received")].year >= 2026
    assert told()[-1][1] == {"listing": "orders", "rows": 3, "staff_id": told()[0][1]["staff_id"], "whole": True}


def test_more_than_a_workbook_takes_is_refused_with_what_to_do(
    three: list[int], omar: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milepost.faces.desk.exports.workbooks.MOST_ROWS", 2)
    answer = omar.get("/desk/lists/orders/export.xlsx")
    assert answer.status_code == 409
    assert "take CSV" in answer.text
    assert told()[-1][1]["whole"] is False


def test_an_export_that_is_broken_off_tells_how_much_left(
    three: list[int], signed_in: SignedIn, rf: RequestFactory
) -> None:
    signed_in("order_management", name="Omar")
    request = rf.get("/")
    request.user = Staff.objects.get(name="Omar")
    lines = views._lines(views._Read(request, LISTINGS["orders"], {}))
    next(lines)
    lines.close()  # type: ignore[attr-defined]
    [(kind, data)] = told()
    assert (kind, data["rows"], data["whole"]) == ("ExportEnded", 0, False)


@pytest.mark.clause("ROL-1")
def test_who_may_look_may_not_yet_take_it_out_of_the_house(three: list[int], signed_in: SignedIn) -> None:
    clerk = signed_in("order_entry")
    assert clerk.get("/desk/orders/").status_code == 200
    assert "export.csv" not in clerk.get("/desk/orders/").text
    assert clerk.get("/desk/lists/orders/export.csv").status_code == 403
    assert "export.csv" in signed_in("auditor").get("/desk/orders/").text


def test_an_unknown_list_or_form_is_not_found(omar: Client) -> None:
    assert omar.get("/desk/lists/nothing/export.csv").status_code == 404
    assert omar.get("/desk/lists/orders/export.exe").status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_list_can_be_taken_home(form: str, three: list[int], signed_in: SignedIn) -> None:
    boss = signed_in("administrator")
    for name in LISTINGS:
        answer = boss.get(f"/desk/lists/{name}/export.{form}")
        assert answer.status_code == 200
        assert len(b"".join(answer.streaming_content)) > 20  # type: ignore[attr-defined]
    assert [data["whole"] for kind, data in told() if kind == "ExportEnded"] == [True] * len(LISTINGS)
