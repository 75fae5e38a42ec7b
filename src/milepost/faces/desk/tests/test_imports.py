"""Orders from a file, on the desk and from the command line."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from milepost.config.main import parser
from milepost.faces.cli import import_orders
from milepost.faces.desk import imports
from milepost.way.intake import queries
from milepost.way.orders import queries as orders
from tests import cast

pytestmark = pytest.mark.django_db

HEADING = "order;item;quantity;customer_name;customer_email;customer_phone;street;postal_code;city;country\n"
ADA = (
    "A-1;KETTLE-1;1;Ada Okafor;ada@okafor.example;+49 30 901820;Lindenstraße 9;10969;Berlin;DE\nA-1;MUG-BLUE;2;;;;;;;\n"
)
BRUNO = "B-1;TEA-500;1;Bruno Keller;bruno@keller.example;+41 44 668 18 00;Seestrasse 1;8002;Zürich;CH\n"
UNKNOWN = "C-1;NO-SUCH;1;Chiara Conti;chiara@conti.example;;Via Roma 3;20121;Milano;IT\n"
BAD = "D-1;TEA-500;zero;Chiara Conti;chiara@conti.example;;Via Roma 3;20121;Milano;IT\n"


@pytest.fixture(autouse=True)
def shelves() -> None:
    cast.stocked()


def send(client: Client, text: str, encoding: str = "utf-8"):
    return client.post("/desk/orders/import/", {"file": SimpleUploadedFile("orders.csv", text.encode(encoding))})


def numbers() -> set[str]:
    return {card.external_ref for card in orders.page(imports_search())}


def imports_search():
    from milepost.way.orders.words import Search

    return Search()


@pytest.mark.clause("REC-1")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_is_checked_first_and_imported_when_told_to(encoding: str, omar: Client):
    where = send(omar, HEADING + ADA + BRUNO, encoding).headers["Location"]
    page = omar.get(where).text
    assert "<b>2</b> orders would be placed" in page
    assert "Zürich" in page
    assert numbers() == set()
    done = omar.post(where, follow=True).text
    assert "2 of 2 orders were placed." in done
    assert numbers() == {"A-1", "B-1"}


def test_refused_lines_are_told_with_column_and_what_to_do_before_and_after(omar: Client):
    where = send(omar, HEADING + ADA + UNKNOWN + BAD).headers["Location"]
    before = omar.get(where).text
    assert "<b>1</b> orders would be placed" in before
    assert "There is no item NO-SUCH in the catalogue." in before
    assert "“zero” in column quantity cannot be read." in before
    after = omar.post(where, follow=True).text
    assert "1 of 2 orders were placed." in after
    assert "There is no item NO-SUCH in the catalogue." in after
    assert re.findall(r'data-label="Line" class="number">(\d+)<', after) == ["5", "4"]
    assert numbers() == {"A-1"}


def test_an_unknown_column_is_refused_with_a_sentence_and_nothing_is_kept(omar: Client):
    answer = send(omar, HEADING.replace("customer_name", "custmer_name") + ADA)
    assert answer.status_code == 422
    assert "The column “custmer_name” is not known." in answer.text
    assert "Did you mean “customer_name”?" in answer.text
    assert queries.order_files() == []


@pytest.mark.parametrize("form", [{}, {"file": ""}])
def test_no_file_at_all_is_refused(form, omar: Client):
    assert omar.post("/desk/orders/import/", form).status_code == 422


def test_progress_is_shown_and_it_goes_on_where_it_was(omar: Client, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    where = send(omar, HEADING + ADA + BRUNO).headers["Location"]
    half = omar.post(where, follow=True).text
    assert '<progress id="progress" max="2" value="1">' in half
    assert numbers() == {"A-1"}
    assert "2 of 2 orders were placed." in omar.post(where, follow=True).text
    omar.post(where)
    assert numbers() == {"A-1", "B-1"}


def test_the_same_file_again_warns_and_its_orders_are_held_as_duplicates(omar: Client):
    omar.post(send(omar, HEADING + ADA).headers["Location"])
    again = send(omar, HEADING + ADA).headers["Location"]
    assert "This very file was imported before" in omar.get(again).text
    omar.post(again)
    held = re.findall(r'class="code strong" href="(/desk/orders/[^"]+)"', omar.get("/desk/orders/?show=held").text)
    assert len(held) == 1


@pytest.mark.clause("REC-1")
def test_each_order_keeps_its_part_of_the_file_as_its_original(omar: Client):
    omar.post(send(omar, HEADING + ADA + BRUNO).headers["Location"])
    order_id = orders.find("A-1")
    assert order_id is not None
    (request,) = queries.verified([order_id])
    original = queries.original(request.request_id)
    assert original is not None
    assert original[0] == "text/csv"
    assert original[1].decode().replace("\r\n", "\n") == HEADING + ADA


def test_a_file_that_is_not_there_is_a_plain_404(omar: Client):
    assert omar.get("/desk/orders/import/00000000-0000-0000-0000-000000000001/").status_code == 404


def run(*words: str) -> int:
    asked = parser().parse_args(["import", "orders", *words])
    return int(asked.run(asked))


def test_the_command_imports_the_same_file(tmp_path: Path, capsys):
    file = tmp_path / "orders.csv"
    file.write_text(HEADING + ADA + BRUNO)
    assert run(str(file)) == 0
    assert "2 of 2 orders were placed, 0 lines refused." in capsys.readouterr().out
    assert numbers() == {"A-1", "B-1"}


def test_the_command_imports_nothing_when_something_is_refused_unless_told_to(tmp_path: Path, capsys):
    file = tmp_path / "orders.csv"
    file.write_text(HEADING + ADA + UNKNOWN)
    assert run(str(file)) == 1
    told = capsys.readouterr()
    assert "line 4, code: There is no item NO-SUCH in the catalogue." in told.err
    assert "Nothing was imported." in told.out
    assert numbers() == set()
    assert run(str(file), "--check") == 1
    assert numbers() == set()
    assert run(str(file), "--skip-refused") == 1
    assert numbers() == {"A-1"}


def test_the_command_says_so_when_there_is_no_such_file(tmp_path: Path, capsys):
    assert run(str(tmp_path / "nothing.csv")) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_the_command_draws_a_bar_where_somebody_watches(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    import_orders._progress(3, 6)
    assert "3 of 6" in capsys.readouterr().err
