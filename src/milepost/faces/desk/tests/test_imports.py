"""Orders from a file, on the desk and from the command line."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from milepost.config.main import parser
from milepost.faces.cli import import_orders
from milepost.faces.desk.taking import imports
from milepost.ground.arrivals import commands as arrivals
from milepost.kernel.acts import Act
from milepost.way.intake import commands, documents, queries
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


def send(client: Client, text: str, encoding: str = "utf-8", sender: str = ""):
    file = SimpleUploadedFile("orders.csv", text.encode(encoding))
    return client.post("/desk/orders/import/", {"file": file, "sender": sender})


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


def test_a_file_that_is_no_table_is_refused_with_a_sentence_and_nothing_is_kept(omar: Client):
    answer = send(omar, "%PDF-1.7 an order")
    assert answer.status_code == 415
    assert "of no form in which orders are read here" in answer.text
    assert queries.order_files() == []


MAPPED = "Beleg;Artikel;Stk;Name;Mail;Strasse;PLZ;Ort;Land;Intern\n"
ROW = "X-1;MUG-BLUE;2;Ada Okafor;ada@okafor.example;Lindenstraße 9;10969;Berlin;DE;a\n"
CHOSEN = {
    "column_0": "order", "column_1": "item", "column_2": "quantity", "column_3": "customer_name", "column_4": "customer_email",
    "column_5": "street", "column_6": "postal_code", "column_7": "city", "column_8": "country", "column_9": "-",
}  # fmt: skip


@pytest.mark.clause("REC-3")
def test_unknown_columns_are_shown_beside_ours_with_proposals_mapped_once_and_remembered_for_the_sender(omar: Client):
    page = omar.get(send(omar, MAPPED + ROW, sender="Keller AG").headers["Location"], follow=True)
    assert "What do these columns mean?" in page.text
    assert "Proposal: check it" in page.text
    assert re.search(r'name="column_0".*?<option value="order" selected>', page.text, re.DOTALL)
    assert re.search(r'name="column_1".*?<option value="item" selected>', page.text, re.DOTALL)
    where = page.request["PATH_INFO"]
    preview = omar.post(where, {"sender": "Keller AG", **CHOSEN}, follow=True)
    assert "<b>1</b> orders would be placed" in preview.text
    omar.post(preview.request["PATH_INFO"])
    assert numbers() == {"X-1"}
    again = omar.get(
        send(omar, MAPPED + ROW.replace("X-1", "X-2"), sender=" keller ag ").headers["Location"], follow=True
    )
    assert "<b>1</b> orders would be placed" in again.text
    other = omar.get(send(omar, MAPPED + ROW, sender="Conti").headers["Location"], follow=True)
    assert "What do these columns mean?" in other.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"column_1": "order"}, "Two of their columns cannot both be order."),
        ({"column_1": "weather"}, "There is no column weather."),
        ({"sender": ""}, "It is not said whose files these are."),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_and_nothing_is_remembered(changed, sentence, omar: Client):
    where = omar.get(send(omar, MAPPED + ROW, sender="Keller AG").headers["Location"], follow=True).request["PATH_INFO"]
    answer = omar.post(where, {"sender": "Keller AG", **CHOSEN, **changed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert documents.senders() == []


def test_how_numbers_are_written_is_asked_when_a_cell_can_mean_two_things(omar: Client):
    where = send(
        omar, HEADING.replace("quantity", "quantity;price") + "A-1;KETTLE-1;1;1.250;;;;;;;\n", sender="Keller AG"
    ).headers["Location"]
    page = omar.get(where).text
    assert "“1.250” can be read in two ways." in page
    columns = {
        f"column_{place}": name
        for place, name in enumerate(HEADING.replace("quantity", "quantity;price").strip().split(";"))
    }
    after = omar.post(f"{where}columns/", {"sender": "Keller AG", **columns, "numbers": ","}, follow=True).text
    assert "can be read in two ways" not in after
    assert "<b>1</b> orders would be placed" in after


def test_the_command_reads_by_what_was_said_on_the_desk(omar: Client, tmp_path: Path, capsys):
    file = tmp_path / "orders.csv"
    file.write_text(MAPPED + ROW)
    assert run(str(file), "--sender", "Keller AG") == 1
    assert "  Artikel: item" in capsys.readouterr().err
    where = omar.get(send(omar, MAPPED + ROW, sender="Keller AG").headers["Location"], follow=True).request["PATH_INFO"]
    omar.post(where, {"sender": "Keller AG", **CHOSEN})
    assert run(str(file), "--sender", "Keller AG") == 0
    assert numbers() == {"X-1"}


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


def test_the_same_file_again_warns_and_places_nothing_again(omar: Client):
    omar.post(send(omar, HEADING + ADA).headers["Location"])
    again = send(omar, HEADING + ADA).headers["Location"]
    assert "This very file was imported before" in omar.get(again).text
    done = omar.post(again, follow=True).text
    assert "0 of 1 orders were placed." in done
    assert "This very order came before, as " in done
    assert numbers() == {"A-1"}


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
    assert "line 4, item: There is no item NO-SUCH in the catalogue." in told.err
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


@pytest.mark.clause("REC-1")
def test_a_clerk_sees_why_a_document_waits_says_which_item_is_meant_and_it_is_placed_and_answered(omar: Client):
    body = (
        "UNB+UNOC:3+OKAFOR+WE+261116:0900+R9'UNH+1+ORDERS:D:96A:UN'BGM+220+PO-9+9'NAD+BY+C-1::91++Ada Okafor'"
        "COM+ada@okafor.example:EM'NAD+DP+9++Ada+Lindenstr 9+Berlin++10969+DE'LIN+1++B-17:IN'QTY+21:2:PCE'UNS+S'UNT+9+1'UNZ+1+R9'"
    ).replace("DP+9++Ada+", "DP+9::9++Ada+")  # fmt: skip
    act = Act.now("key:1", channel="api", now=datetime.now(UTC))
    kept = commands.keep_document(body.encode(), sender="key:1", act=act)
    arrivals.process_due(act=act)
    where = f"/desk/documents/{kept.arrival_id}/"
    assert "There is no item B-17 in the catalogue." in omar.get("/desk/documents/").text
    assert "Say which items these are" in omar.get(where).text
    assert omar.post(f"{where}numbers/", {"code_0": "NOTHING"}).status_code == 422
    done = omar.post(f"{where}numbers/", {"code_0": "MUG-BLUE"}, follow=True).text
    assert "Processed" in done
    assert "ORDRSP" in done
    assert omar.get(f"{where}original/").content == body.encode()
    assert omar.post(where, {"aside": "1", "reason": "twice"}).status_code == 404
