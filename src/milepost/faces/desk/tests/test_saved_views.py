"""Saved views above a list."""

import re

import pytest
from django.test import Client

from milepost.faces.desk.tests.conftest import SignedIn

pytestmark = pytest.mark.django_db
VIEWS = "/desk/lists/orders/views/"


def keep(client: Client, **told: str):
    return client.post(VIEWS, {"name": "Held ones", "query": "show=held", **told})


def card_of(client: Client) -> str:
    found = re.search(rf'action="({VIEWS}[0-9a-f-]+/)"', client.get(VIEWS).text)
    assert found is not None
    return found[1]


def test_a_search_is_kept_and_stands_above_the_list(omar: Client) -> None:
    assert "Keep this view" in omar.get("/desk/orders/?show=held").text
    assert keep(omar).headers["Location"] == "/desk/orders/?show=held"
    page = omar.get("/desk/orders/?show=held").text
    assert '<a href="/desk/orders/?show=held" aria-current="true">Held ones</a>' in page
    assert "Show: On hold" in omar.get(VIEWS).text


def test_a_view_with_which_the_list_opens(omar: Client) -> None:
    keep(omar, first="1")
    assert omar.get("/desk/orders/").headers["Location"] == "/desk/orders/?show=held"
    assert omar.get("/desk/orders/?view=all").status_code == 200
    omar.post(card_of(omar), {"verb": "not_first"})
    assert omar.get("/desk/orders/").status_code == 200


def test_a_view_that_narrows_nothing_may_open_the_list_too(omar: Client) -> None:
    keep(omar, first="1", query="after=abc&nonsense=1")
    assert omar.get("/desk/orders/").headers["Location"] == "/desk/orders/?view=all"
    assert omar.get("/desk/orders/?view=all").status_code == 200


def test_a_shared_view_is_seen_by_the_role(omar: Client, mona: Client, signed_in: SignedIn) -> None:
    keep(omar, role="order_management")
    assert "Held ones" in signed_in("order_management", name="Olga").get("/desk/orders/").text
    assert "Held ones" not in mona.get("/desk/orders/").text


def test_what_is_refused_comes_back_with_what_was_typed(omar: Client) -> None:
    keep(omar)
    answer = keep(omar, query="show=all")
    assert answer.status_code == 409
    assert "You keep a view of this name" in answer.text
    assert 'value="show=all"' in answer.text
    answer = keep(omar, name="Else", role="driver")
    assert answer.status_code == 422


def test_a_view_is_renamed_and_removed_by_its_owner(omar: Client, signed_in: SignedIn) -> None:
    keep(omar, role="order_management")
    where = card_of(omar)
    other = signed_in("order_management", name="Olga")
    assert other.post(where, {"verb": "remove"}).status_code == 404
    omar.post(where, {"verb": "change", "name": "Waiting ones", "role": ""})
    assert "Waiting ones" in omar.get("/desk/orders/").text
    assert "ones" not in other.get(VIEWS).text
    omar.post(where, {"verb": "remove"})
    assert "None yet" in omar.get(VIEWS).text


def test_a_list_that_is_none_has_no_views(omar: Client) -> None:
    assert omar.get("/desk/lists/nothing/views/").status_code == 404
