"""Bulk on the desk: chosen, told, looked at, done."""

import csv
from io import StringIO

import pytest
from django.test import Client

from milepost.faces.desk.tests.conftest import SignedIn, now, reference_of
from milepost.overview.bulk import commands, queries
from milepost.overview.bulk.words import State
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as order_reads
from tests import cast

pytestmark = pytest.mark.django_db
NEW = "/desk/lists/orders/bulk/"


@pytest.fixture
def three(db: None) -> list[int]:
    """Three orders, the last cancelled."""
    cast.stocked(1000)
    made = cast.ordered(*[cast.draft() for _ in range(3)], act=now())
    orders.cancel(made[2:], reason_code="other", act=now())
    return made


def chosen(ids: list[int], verb: str, **told: str) -> dict[str, object]:
    return {"verb": verb, "chosen": [reference_of(one) for one in ids], **told}


def test_what_a_verb_needs_is_asked_and_the_rows_are_kept(three: list[int], omar: Client) -> None:
    page = omar.post(NEW, chosen(three, "cancel")).text
    assert "Nothing is done yet" in page
    assert '<label for="id_reason_code">Why</label>' in page
    assert all(f'name="chosen" value="{reference_of(one)}"' in page for one in three)


def test_what_it_would_do_is_shown_with_links_to_what_is_refused_and_then_it_is_done(
    three: list[int], omar: Client
) -> None:
    answer = omar.post(NEW, chosen(three, "cancel", told="1", reason_code="customer_request"))
    where = answer.headers["Location"]
    page = omar.get(where).text
    assert "What it would do" in page
    assert "2 × Cancellation" in page
    assert f'<a class="code" href="/desk/orders/{reference_of(three[2])}/">' in page
    assert set(order_reads.states(three[:2]).values()) == {"confirmed"}
    assert omar.post(f"{where}start/").headers["Location"] == where
    assert '<h2 id="run-h">Done</h2>' in omar.get(where).text
    assert set(order_reads.states(three).values()) == {"cancelled"}


def test_what_became_of_each_row_is_a_table(three: list[int], omar: Client) -> None:
    where = omar.post(NEW, chosen(three, "cancel", told="1", reason_code="other")).headers["Location"]
    omar.post(f"{where}start/")
    body = b"".join(omar.get(f"{where}rows.csv").streaming_content).decode()  # type: ignore[attr-defined]
    head, *rows = csv.reader(StringIO(body.removeprefix("\ufeff")))
    assert head == ["Row", "Stands", "Why not", "What to do"]
    assert [row[1] for row in rows] == ["done", "done", "refused"]
    assert "cancelled" in rows[2][2]


def test_a_form_that_lacks_something_comes_back_with_the_rows(three: list[int], omar: Client) -> None:
    answer = omar.post(NEW, chosen(three, "hold", told="1", reason=" "))
    assert answer.status_code == 422
    assert reference_of(three[0]) in answer.text


def test_nothing_chosen_is_refused_with_what_to_do(omar: Client) -> None:
    answer = omar.post(NEW, {"verb": "confirm"})
    assert answer.status_code == 422
    assert "Tick rows of the list" in answer.text


def test_a_verb_that_is_none_is_not_found(omar: Client) -> None:
    assert omar.post(NEW, {"verb": "eat"}).status_code == 404
    assert omar.post("/desk/lists/nothing/bulk/", {"verb": "confirm"}).status_code == 404
    assert omar.get("/desk/bulk/999/").status_code == 404


def test_all_that_match_are_gathered_from_the_list_itself(three: list[int], omar: Client) -> None:
    told = {
        "verb": "cancel",
        "told": "1",
        "reason_code": "other",
        "all": "1",
        "query": "state=confirmed&customer=x&after=x",
    }
    where = omar.post(NEW, told).headers["Location"]
    run_id = int(where.split("/")[-2])
    found = queries.run(run_id)
    assert found is not None
    assert found.state == State.GATHERING
    piece = omar.get(f"{where}standing/")
    assert 'hx-trigger="every 1s"' in piece.text
    assert omar.get(f"{where}standing/", headers={"If-None-Match": piece.headers["ETag"]}).status_code == 304
    while commands.work(now().at):
        pass
    found = queries.run(run_id)
    assert found is not None
    assert (found.state, found.total, found.would) == (State.TRIED, 2, 2)
    assert "hx-trigger" not in omar.get(f"{where}standing/").text


def test_it_can_be_left_undone(three: list[int], omar: Client) -> None:
    where = omar.post(NEW, chosen(three, "cancel", told="1", reason_code="other")).headers["Location"]
    omar.post(f"{where}stop/")
    assert "Nothing more is done" in omar.get(where).text
    answer = omar.post(f"{where}start/")
    assert answer.status_code == 409
    assert set(order_reads.states(three[:2]).values()) == {"confirmed"}


@pytest.mark.clause("ROL-1")
def test_the_auditor_reads_and_starts_nothing_and_nobody_says_a_verb_that_is_not_theirs(
    three: list[int], omar: Client, signed_in: SignedIn
) -> None:
    where = omar.post(NEW, chosen(three, "cancel", told="1", reason_code="other")).headers["Location"]
    auditor, femi = signed_in("auditor", name="Aida"), signed_in("fulfilment", name="Femi")
    page = auditor.get(where)
    assert page.status_code == 200
    assert "/start/" not in page.text
    assert 'name="chosen"' not in auditor.get("/desk/orders/").text
    for client in (auditor, femi):
        assert client.post(f"{where}start/").status_code == 403
        assert client.post(f"{where}stop/").status_code == 403
        assert client.post(NEW, chosen(three, "cancel", told="1", reason_code="other")).status_code == 403
    assert 'value="pick"' in femi.get("/desk/orders/").text
    assert 'value="cancel"' not in femi.get("/desk/orders/").text
    assert femi.post(NEW, chosen(three, "pick")).status_code == 302


def test_another_of_the_same_role_looks_but_begins_their_own(
    three: list[int], omar: Client, signed_in: SignedIn
) -> None:
    where = omar.post(NEW, chosen(three, "cancel", told="1", reason_code="other")).headers["Location"]
    other = signed_in("order_management", name="Olga")
    assert "/start/" not in other.get(where).text
    answer = other.post(f"{where}start/")
    assert answer.status_code == 403
    assert "Somebody else has prepared this" in answer.text


def test_what_i_have_done_in_bulk_is_listed(three: list[int], omar: Client) -> None:
    assert "Nothing yet" in omar.get("/desk/bulk/").text
    where = omar.post(NEW, chosen(three, "cancel", told="1", reason_code="other")).headers["Location"]
    assert f'href="{where}"' in omar.get("/desk/bulk/").text
