"""Open requests on the desk: seen, completed by a person from the original, or discarded."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from milepost.faces.desk.tests.conftest import now
from milepost.ground.arrivals import commands as arrivals
from milepost.way.intake import opened
from milepost.way.intake.models import OrderRequest
from milepost.way.orders import queries as orders
from tests import cast

pytestmark = pytest.mark.django_db

MAIL = """From: Ada Okafor <ada@okafor.example>
To: orders@milepost.example
Subject: PO 4711
Message-ID: <1@a>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Hello,

please send 2 x KETTLE-1 and about 5 x MUG-BLUE <script>alert(1)</script>.

Delivery address:
Ada Okafor
Lindenstraße 9
10969 Berlin
Germany

Regards
Ada
""".encode()


@pytest.fixture
def where() -> str:
    cast.stocked()
    arrivals.keep("email", sender="ada@okafor.example", content_type="message/rfc822", headers={}, body=MAIL, act=now())
    arrivals.process_due(act=now())
    (request,) = opened.open_requests()
    return f"/desk/requests/{request.id}/"


class Form(HTMLParser):
    """The form as a browser would send it, and the field with the cursor."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.focus = self.text_of = self.select = ""
        self.feed(re.sub(r"(?s)<template.*?</template>", "", page[page.index('id="entry"') - 100 :]))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        name = about.get("name") or ""
        if "autofocus" in about:
            self.focus = name
        if tag == "input":
            self.said[name] = about.get("value") or ""
        elif tag == "textarea":
            self.text_of, self.said[name] = name, ""
        elif tag == "select":
            self.select, self.said[name] = name, ""
        elif tag == "option" and "selected" in about:
            self.said[self.select] = about.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.text_of:
            self.said[self.text_of] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        self.text_of = "" if tag == "textarea" else self.text_of


def fields(page: str) -> dict[str, str]:
    return Form(page).said


@pytest.mark.clause("VER-3")
def test_the_original_stands_beside_the_form_with_what_was_read_and_what_is_open(mona: Client, where: str):
    listed = mona.get("/desk/requests/").text
    assert where in listed
    assert "PO 4711" in listed
    page = mona.get(where).text
    assert re.search(r'<mark class="certain"[^>]*>KETTLE-1</mark>', page)
    assert re.search(r'<mark class="doubt"[^>]*>about', page)
    assert "<script>alert" not in page
    form = Form(page)
    assert [form.said[f"line-{place}-{name}"] for place in (0, 1) for name in ("item", "quantity")] == [
        "KETTLE-1",
        "",
        "MUG-BLUE",
        "",
    ]
    assert [form.said[name] for name in ("po_number", "ship_city", "email")] == ["4711", "Berlin", "ada@okafor.example"]
    assert form.focus == "line-0-quantity"
    assert "Not understood" in page


@pytest.mark.clause("VER-3", "REC-3")
def test_a_person_fills_in_what_is_open_and_it_is_placed(mona: Client, where: str):
    form = fields(mona.get(where).text)
    refused = mona.post(where, {**form, "do": "complete"})
    assert (refused.status_code, "How many?" in refused.text) == (422, True)
    done: Any = mona.post(where, {**form, "line-0-quantity": "2", "line-1-quantity": "5", "do": "complete"})
    assert done.status_code == 302, done.text
    card = orders.card(orders.find(done["Location"].split("/")[-2]))
    assert [(line.code, line.quantity) for line in card.lines] == [("KETTLE-1", 2), ("MUG-BLUE", 5)]
    assert (card.po_number, card.channel, card.ship_to.street) == ("4711", "email", "Lindenstraße 9")
    origins = OrderRequest.objects.get(order_id=card.id).origins
    assert origins["lines.1.quantity"]["sure"] == "stated_by_clerk"
    assert origins["lines.1.code"]["sure"] == "certain"
    assert mona.get(where)["Location"] == f"/desk/orders/{card.reference}/"
    assert "Nothing waits" in mona.get("/desk/requests/").text


def test_buttons_change_the_form_without_placing_anything(mona: Client, where: str):
    form = fields(mona.get(where).text)
    page = mona.post(where, {**form, "do": "remove:1"}).text
    assert "MUG-BLUE" not in re.findall(r'name="line-\d+-item" value="([^"]*)"', page)
    assert len(opened.open_requests()) == 1


def test_what_is_no_order_is_discarded_with_its_reason(mona: Client, where: str):
    form = fields(mona.get(where).text)
    assert mona.post(where, {**form, "do": "discard", "reason_code": "nonsense"}).status_code == 422
    done: Any = mona.post(
        where, {**form, "do": "discard", "reason_code": "not_an_order", "note": "A wish"}, follow=True
    )
    assert "Discarded. The original is kept." in done.text
    assert "was discarded" in mona.get(where, follow=True).text


def test_only_who_enters_orders_completes_them_and_others_read_what_was_written(femi: Client, where: str):
    assert femi.get("/desk/requests/").status_code == 200
    said = femi.get(where).text
    assert "What was written" in said
    assert "Place the order" not in said
    assert femi.post(where, {"do": "complete"}).status_code == 403


def test_one_that_is_not_there_is_a_plain_404(mona: Client, db: None):
    assert mona.get("/desk/requests/00000000-0000-0000-0000-000000000001/").status_code == 404


def test_the_duty_leads_to_the_page(mona: Client, where: str):
    assert where in mona.get("/desk/").text
