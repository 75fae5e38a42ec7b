"""The bell, and the list of what is told to me."""

import pytest
from django.test import Client

from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.ground.access.models import Staff
from milepost.ground.notices.commands import plan
from milepost.ground.notices.models import Notice
from milepost.ground.notices.tests.acting import in_app, wanted

pytestmark = [pytest.mark.django_db, pytest.mark.clause("NTF-5")]


@pytest.fixture
def told(omar: Client) -> list[str]:
    """Two messages for Omar's role, one for himself, one for others."""
    me = Staff.objects.get(name="Omar").pk
    mine = wanted(3, channel="in_app", audience="order_management", recipient_key=f"staff:{me}")
    plan([in_app(1), in_app(2), mine, in_app(4, role="procurement")], act=now())
    return [str(one) for one in Notice.objects.exclude(order_id=4).order_by("order_id").values_list("id", flat=True)]


def test_the_bell_counts_what_is_new_and_answers_304_while_nothing_is(told: list[str], omar: Client):
    bell = omar.get("/desk/told/bell/")
    assert '<b class="count">3</b>' in bell.text
    assert omar.get("/desk/told/bell/", headers={"If-None-Match": bell["ETag"]}).status_code == 304
    omar.post(f"/desk/told/{told[0]}/seen/")
    again = omar.get("/desk/told/bell/", headers={"If-None-Match": bell["ETag"]})
    assert (again.status_code, '<b class="count">2</b>' in again.text) == (200, True)


def test_the_list_marks_what_is_new_and_i_say_that_i_have_seen_all(told: list[str], omar: Client):
    assert omar.get("/desk/told/").text.count('class="new"') == 3
    assert omar.post("/desk/told/seen/").status_code == 302
    page = omar.get("/desk/told/").text
    assert page.count('class="new"') == 0
    assert page.count("acknowledgement") or page.count("confirmed")
    assert "count" not in omar.get("/desk/told/bell/").text


def test_others_have_their_own_list_and_looking_marks_nothing(told: list[str], omar: Client, signed_in: SignedIn):
    paul = signed_in("procurement", name="Paul")
    assert paul.get("/desk/told/").text.count('class="new"') == 1
    assert omar.get("/desk/told/bell/").text.count(">3<") == 1
    assert Client().get("/desk/told/").status_code == 302
    assert Client().get("/desk/told/bell/").status_code == 302


def test_a_long_list_goes_on_on_the_next_page(omar: Client):
    plan([in_app(number) for number in range(1, 61)], act=now())
    first = omar.get("/desk/told/").text
    assert first.count('class="new"') == 50
    following = first.partition('href="?before=')[2].partition('"')[0]
    assert omar.get(f"/desk/told/?before={following}").text.count('class="new"') == 10
    assert omar.get("/desk/told/?before=nonsense").status_code == 200


def test_every_page_of_the_desk_has_the_bell(omar: Client):
    assert 'hx-get="/desk/told/bell/"' in omar.get("/desk/").text
