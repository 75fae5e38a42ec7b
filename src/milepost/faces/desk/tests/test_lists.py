"""The lists of the desk: seen, narrowed while one types, paged, and leading to what their rows are about."""

import re

import pytest
from django.test import Client

from milepost.faces.desk.lists import LISTINGS
from milepost.faces.desk.tests.conftest import SignedIn, now, reference_of
from milepost.ground.access.words import PERMISSIONS
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment.words import Shipping
from tests import cast

pytestmark = pytest.mark.django_db
HERE = {name: f"/desk/{listing.path}" for name, listing in LISTINGS.items()}


@pytest.fixture
def two() -> list[str]:
    """Ada's order, handed over, and Bruno's, held."""
    cast.stocked()
    ids = cast.ordered(cast.draft(), cast.draft(customer=cast.BRUNO, payment_pending=True), act=now())
    fulfilment.ship([Shipping(order_id=ids[0], carrier="own")], act=now())
    return [reference_of(one) for one in ids]


@pytest.mark.parametrize("name", LISTINGS)
def test_an_empty_list_teaches_and_one_that_found_nothing_says_how_to_search(name: str, omar: Client) -> None:
    empty = omar.get(HERE[name])
    assert empty.status_code == 200
    assert 'class="empty"' in empty.text
    nothing = omar.get(HERE[name], {"q": "Zebra"})
    assert "like that" in nothing.text


@pytest.mark.parametrize(
    ("name", "search", "shown", "hidden"),
    [
        ("shipments", {}, "Ada Okafor", "Bruno"), ("shipments", {"q": "okaphor"}, "Ada Okafor", "Bruno"),
        ("shipments", {"state": "delivered"}, "like that", "Okafor"), ("exceptions", {}, "No exception is open", "Okafor"),
        ("customers", {}, "Bruno Keller", "Zebra"), ("customers", {"q": "668 18"}, "Bruno Keller", "Okafor"),
        ("customers", {"show": "blocked"}, "like that", "Okafor"), ("items", {}, "Mug, blue", "Zebra"),
        ("items", {"q": "ketle"}, "Kettle, 1.7 l", "Mug"), ("items", {"show": "short"}, "like that", "Mug"),
        ("messages", {}, "Receipt note", "receipt_note"), ("messages", {"q": "bruno"}, "Bruno Keller", "Ada Okafor"),
        ("messages", {"channel": "sms"}, "like that", "Receipt note"), ("orders", {"show": "held"}, "Bruno Keller", "Ada Okafor"),
        ("orders", {"q": "blue mug", "state": "received"}, "Bruno Keller", "Ada Okafor"),
    ],
)  # fmt: skip
def test_each_list_shows_names_and_is_narrowed_by_what_is_typed_and_chosen(
    name: str, search: dict[str, str], shown: str, hidden: str, two: list[str], omar: Client
) -> None:
    page = omar.get(HERE[name], search).text
    table = page[page.index('id="found"') :]
    assert shown in table
    assert hidden not in table


@pytest.mark.parametrize("name", ["orders", "shipments", "customers", "items", "messages"])
def test_each_row_leads_to_what_it_is_about(name: str, two: list[str], omar: Client) -> None:
    page = omar.get(HERE[name], {"show": "all"}).text
    links = re.findall(r'<a class="(?:code )?strong" href="([^"#]+)', page[page.index('id="found"') :])
    assert links
    assert {omar.get(link).status_code for link in set(links)} == {200}


@pytest.mark.parametrize("name", LISTINGS)
def test_while_one_types_only_the_table_is_answered_and_the_address_follows(
    name: str, two: list[str], omar: Client
) -> None:
    answer = omar.get(HERE[name], {"q": "ada", "show": ""}, headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div class="card" id="found">')
    assert "<html" not in answer.text
    assert answer.headers["HX-Push-Url"] == f"{HERE[name]}?q=ada"
    assert "HX-Request" in answer.headers["Vary"]
    back = omar.get(HERE[name], {"q": "ada"}, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in back.text


def test_a_reference_that_is_being_typed_leads_nowhere_before_enter(two: list[str], omar: Client) -> None:
    assert omar.get(HERE["orders"], {"q": two[0]}, headers={"HX-Request": "true"}).status_code == 200
    assert omar.get(HERE["orders"], {"q": two[0]}).headers["Location"] == f"/desk/orders/{two[0]}/"


@pytest.mark.parametrize("name", LISTINGS)
def test_pages_of_each_list_follow_each_other_without_gap_or_repeat(name: str, two: list[str], omar: Client) -> None:
    listing = LISTINGS[name]
    search = {"show": "all"} if name in ("orders", "shipments", "exceptions") else {}
    whole = [row.key for row in listing.page(search, "", 50).rows]
    seen, after = [], ""
    while True:
        page = listing.page(search, after, 1)
        seen += [row.key for row in page.rows]
        after = page.next
        if not after:
            break
    assert seen == whole


@pytest.mark.parametrize("name", LISTINGS)
@pytest.mark.parametrize(
    "search",
    [{"q": "'\"<script>\\%_"}, {"q": "x" * 5000}, {"after": "AAAA", "state": "no", "show": "no"}],
)
def test_nonsense_is_answered_by_a_page(name: str, search: dict[str, str], two: list[str], omar: Client) -> None:
    page = omar.get(HERE[name], search)
    assert page.status_code == 200
    assert "<script>\\" not in page.text


@pytest.mark.clause("ROL-1")
@pytest.mark.parametrize("role", ["driver", "auditor", "fulfilment"])
def test_each_list_is_opened_and_offered_only_to_who_may_see_it(role: str, signed_in: SignedIn) -> None:
    client = signed_in(role)
    for name, listing in LISTINGS.items():
        page = client.get(HERE[name])
        assert (page.status_code == 200) == (role in PERMISSIONS[listing.permission])
        if page.status_code == 200:
            offered = re.findall(r'<li><a href="(/desk/[^"]*)"', page.text)
            assert {HERE[one] for one in LISTINGS} & set(offered) == {
                HERE[one] for one, other in LISTINGS.items() if role in PERMISSIONS[other.permission]
            }
