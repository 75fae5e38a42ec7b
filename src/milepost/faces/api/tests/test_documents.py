"""Documents of orders over the API: kept, answered in their own form, received from the store, never twice."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from milepost.config.errands import process_arrivals
from milepost.faces.api.tests.conftest import Caller

pytestmark = pytest.mark.django_db

ISA = "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*MILEPOST       *261116*0900*U*00401*{number}*0*{usage}*>~"
X12 = (
    ISA + "GS*PO*{sender}*MILEPOST*20261116*0900*7*X*004010~ST*850*0001~BEG*00*SA*PO-77**20261116~CUR*BY*EUR~"
    "PER*BD*Ada Okafor*EM*ada@okafor.example*TE*+49 30 901820~N1*ST*Okafor Tea*92*S-1~N3*Kastanienallee 12~"
    "N4*Berlin**10435*DE~PO1*1*2*EA*12.50**VP*{item}~CTT*1*2~SE*10*0001~GE*1*7~IEA*1*{number}~"
)


def x12(*, number: str = "000000101", item: str = "TEA-100", usage: str = "P", sender: str = "OKAFOR") -> bytes:
    return X12.format(number=number, item=item, usage=usage, sender=sender).encode()


def send(shop: Caller, body: bytes, accept: str = "application/json", key: str = "", path: str = "order-documents"):
    headers = {
        "Authorization": f"Bearer {shop.plain}", "Idempotency-Key": key or f"doc-{datetime.now(UTC).timestamp()}", "Accept": accept,
    }  # fmt: skip
    return shop.client.post(f"/api/v1/{path}", body, content_type="application/octet-stream", headers=headers)


def work() -> None:
    while process_arrivals(datetime.now(UTC)):
        pass


def fetched(shop: Caller, link: str) -> bytes:
    path = link[link.index("/api/v1/") :]
    return shop.client.get(path, headers={"Authorization": f"Bearer {shop.plain}"}).content


@pytest.mark.clause("REC-1")
def test_an_850_is_answered_with_its_997_in_the_body_and_later_with_its_855(shop: Caller):
    answer = send(shop, x12(), accept="application/edi-x12")
    assert (answer.status_code, answer.headers["Content-Type"]) == (202, "application/edi-x12")
    assert b"AK5*A~" in answer.content
    assert b"AK9*A*1*1*1~" in answer.content
    work()
    document = shop.get(f"order-documents/{last_document()}").told
    assert document["state"] == "processed"
    ((order),) = document["orders"]
    assert (order["purchase_order"], order["state"]) == ("PO-77", "confirmed")
    kinds = {one["kind"]: one["link"] for one in document["answers"]}
    assert set(kinds) == {"997", "855"}
    answer_855 = fetched(shop, kinds["855"]).decode()
    assert f"BAK*00*AD*PO-77*20261116****{order['reference']}" in answer_855
    assert "ACK*IA*2*EA*067*" in answer_855
    assert shop.get(f"order-documents/{last_document()}").told["answers"][1]["fetched_at"]


def last_document() -> UUID:
    from milepost.ground.arrivals import queries

    return queries.arrivals(source="document", limit=1)[0].id


@pytest.mark.clause("REC-3")
def test_the_same_document_again_places_nothing_and_is_answered_byte_for_byte_as_the_first_time(shop: Caller):
    first = send(shop, x12(), accept="application/edi-x12", key="one")
    work()
    again = send(shop, x12(), accept="application/edi-x12", key="two")
    work()
    assert again.content == first.content
    assert send(shop, x12(), accept="application/edi-x12", key="one").headers["Idempotency-Replayed"] == "true"
    assert send(shop, x12()).json()["repeated"] is True
    assert len(shop.get("orders").told["orders"]) == 1


def test_another_document_under_the_same_control_number_is_rejected_and_kept_for_a_clerk(shop: Caller):
    send(shop, x12())
    other = send(shop, x12(item="CUP-2"), accept="application/edi-x12")
    assert b"TA1*000000101*261116*0900*R*025~" in other.content
    work()
    assert len(shop.get("orders").told["orders"]) == 1
    assert shop.get(f"order-documents/{last_document()}").told["code"] == "control_number_reused"


@pytest.mark.clause("VER-3")
def test_what_the_catalogue_does_not_know_waits_with_a_duty_and_is_placed_when_retried_after_a_repair(shop: Caller):
    from milepost.faces.api.tests.conftest import item, now_act
    from milepost.ground.arrivals import commands as arrivals
    from milepost.ground.catalog import commands as catalog
    from milepost.ground.duties import queries as duties

    answer = send(shop, x12(item="OOLONG-9"), accept="application/edi-x12")
    assert b"AK5*A~" in answer.content
    work()
    waiting = last_document()
    told = shop.get(f"order-documents/{waiting}").told
    assert (told["state"], told["code"]) == ("refused", "unknown_item")
    assert "There is no item OOLONG-9 in the catalogue." in told["sentence"]
    open_now = duties.open_duties(["order_management"], limit=10)
    assert [(duty.kind, duty.subject_id) for duty in open_now] == [("repair_arrival", str(waiting))]
    catalog.list_items([item("OOLONG-9", "12.50")], act=now_act())
    arrivals.retry(ids=[waiting], act=now_act())
    assert shop.get(f"order-documents/{waiting}").told["orders"][0]["purchase_order"] == "PO-77"
    assert duties.open_duties(["order_management"], limit=10) == []


def test_a_number_of_the_senders_own_is_never_looked_up_among_ours_until_a_person_said_what_it_means(shop: Caller):
    from milepost.faces.api.tests.conftest import now_act
    from milepost.ground.arrivals import commands as arrivals
    from milepost.way.intake import commands as intake

    send(shop, x12().replace(b"VP*TEA-100", b"BP*CUP-2"))
    work()
    waiting = last_document()
    assert shop.get(f"order-documents/{waiting}").told["code"] == "unknown_item"
    intake.remember_numbers("ZZ:OKAFOR", {"CUP-2": "TEA-100"}, act=now_act())
    arrivals.retry(ids=[waiting], act=now_act())
    (order,) = shop.get(f"order-documents/{waiting}").told["orders"]
    assert [line["code"] for line in shop.get(f"orders/{order['reference']}").told["lines"]] == ["TEA-100"]


def test_a_trial_is_answered_and_makes_no_order(shop: Caller):
    assert b"AK5*A~" in send(shop, x12(usage="T"), accept="application/edi-x12").content
    work()
    told = shop.get(f"order-documents/{last_document()}").told
    assert (told["state"], told["code"], told["orders"]) == ("ignored", "trial", [])


def test_bad_syntax_is_rejected_in_the_997_with_segment_and_element_and_kept(shop: Caller):
    bad = x12().replace(b"PO1*1*2*EA", b"PO1*1*two*EA")
    answer = send(shop, bad, accept="application/edi-x12")
    assert b"AK3*PO1*8*1*8~" in answer.content.replace(b"\n", b"")
    assert b"AK4*2*330*6*two~" in answer.content
    assert b"AK5*R*5~" in answer.content
    told = send(shop, bad).json()
    assert told["repeated"] is True
    work()
    assert shop.get(f"order-documents/{told['id']}").told["state"] == "refused"


def test_without_an_edi_accept_the_refusal_is_told_in_json_with_places(shop: Caller):
    answer = send(shop, x12().replace(b"CTT*1*2", b"CTT*3*2"))
    assert answer.status_code == 422
    assert [(one["code"], one["field"]) for one in answer.json()["errors"]] == [("bad_element", "CTT01")]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [(b"", 400, "empty"), (b"\x00\x01\x02", 415, "unknown_form"), (b"%PDF-1.7 order", 415, "unknown_form")],
)
def test_what_is_no_document_is_refused(body, status, code, shop: Caller):
    answer = send(shop, body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)


def test_what_nobody_can_read_is_kept_for_a_clerk_all_the_same(shop: Caller):
    from milepost.ground.arrivals import queries

    send(shop, b"%PDF-1.7 order")
    (row,) = queries.arrivals(source="document")
    assert (row.state, row.code) == ("refused", "unknown_form")
    assert queries.original(row.id).body == b"%PDF-1.7 order"


def test_a_csv_file_is_received_by_the_same_door(shop: Caller):
    body = (
        b"order;item;quantity;customer_name;customer_email;street;postal_code;city;country\n"
        b"A-9;TEA-100;3;Ada Okafor;ada@okafor.example;Kastanienallee 12;10435;Berlin;DE\n"
    )
    told = send(shop, body).json()
    assert (told["form"], told["orders"]) == ("csv", 1)
    work()
    assert [one["purchase_order"] for one in shop.get(f"order-documents/{told['id']}").told["orders"]] == ["A-9"]


def test_unknown_columns_wait_for_a_person_and_the_file_is_received_once_they_are_mapped(shop: Caller):
    from milepost.faces.api.tests.conftest import now_act
    from milepost.ground.arrivals import commands as arrivals
    from milepost.way.intake import commands as intake
    from milepost.way.intake.words import Layout

    body = b"Beleg;Ware;Stk;order_of\n1;TEA-100;2;x\n"
    told = send(shop, body, path="order-documents?sender=Okafor%20Tea").json()
    assert {one["code"] for one in told["errors"]} == {"column_unknown", "column_missing"}
    work()
    assert shop.get(f"order-documents/{told['id']}").told["code"] == "columns_unknown"
    columns = {"Beleg": "order", "Ware": "item", "Stk": "quantity", "order_of": "-"}
    intake.remember_layout("okafor tea", Layout(columns=columns), act=now_act())
    arrivals.retry(ids=[UUID(told["id"])], act=now_act())
    assert shop.get(f"order-documents/{told['id']}").told["state"] == "processed"


def test_a_document_that_is_not_there_and_a_key_that_may_not_read_are_refused(shop: Caller, caller_with):
    nobody = "00000000-0000-7000-8000-000000000000"
    assert shop.get(f"order-documents/{nobody}").status_code == 404
    assert send(caller_with("stock:write"), x12()).status_code == 403
