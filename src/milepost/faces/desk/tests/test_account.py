"""My account: name, password, sessions; and what keeps sign-in itself whole."""

import re

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.faces.shield import HEADERS
from milepost.ground.access import commands as access
from milepost.ground.access import second_factors
from milepost.ground.access.models import Staff
from milepost.ground.journal.queries import story

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ROL-1")]
MONA, PASSWORD = "mona@milepost.example", "seven-green-apples"


@pytest.fixture
def mona_id(db: None) -> int:
    return access.join(email=MONA, name="Mona", roles=["customer_service"], password=PASSWORD, act=now())


def came_in(**more: str) -> Client:
    client = Client(**more)
    assert client.post("/accounts/login/", {"login": MONA, "password": PASSWORD}).status_code == 302
    return client


def test_my_account_says_how_and_where_i_am_signed_in(mona_id: int) -> None:
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/604.1"
    came_in(HTTP_USER_AGENT=phone)
    page = (
        came_in(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
        .get("/desk/me/")
        .text
    )
    assert "Safari, iPhone" in page
    assert re.search(r"Firefox, Linux <span[^>]*>here<", page)
    assert page.count('data-label="Browser"') == 2


def test_whoever_has_no_role_still_looks_after_their_account(signed_in: SignedIn) -> None:
    client = signed_in()
    assert client.get("/desk/").status_code == 403
    assert client.get("/desk/me/").status_code == 200


def test_colleagues_read_the_new_name_and_no_fact_holds_it(mona_id: int) -> None:
    client = came_in()
    client.post("/desk/me/name/", {"name": "Mona Weiss"})
    assert "Mona Weiss" in client.get("/desk/me/").text
    assert "Weiss" not in str([told.data for told in story(mona_id, stream="staff")])
    client.post("/desk/me/name/", {"name": " "})
    assert Staff.objects.get().name == "Mona Weiss"


def test_signed_out_everywhere_but_here(mona_id: int) -> None:
    here, there = came_in(), came_in()
    here.post("/desk/me/sessions/")
    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").status_code == 302
    assert here.get("/desk/me/").text.count('data-label="Browser"') == 1
    assert came_in().get("/desk/").status_code == 200


def test_an_administrator_ends_sessions_also_those_that_nothing_is_known_of(mona_id: int) -> None:
    client = Client()
    client.force_login(Staff.objects.get())
    second_factors.end_sessions(mona_id, act=now())
    assert client.get("/desk/").status_code == 302


def test_another_password_ends_all_other_sessions_and_is_on_record(mona_id: int) -> None:
    here, there = came_in(), came_in()
    said = {"oldpassword": PASSWORD, "password1": "eight-blue-pears", "password2": "eight-blue-pears"}
    assert here.post("/accounts/password/change/", said).headers["Location"] == "/desk/me/"
    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").status_code == 302
    assert [told.kind for told in story(mona_id, stream="staff")] == ["StaffJoined", "PasswordSet"]


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 10"),
        ("password123", "too common"),
        ("8675309867", "numeric"),
        ("mona@milepost", "too similar"),
    ],
)
def test_a_password_that_can_be_guessed_is_refused(mona_id: int, password: str, says: str) -> None:
    said = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert says in came_in().post("/accounts/password/change/", said).text


def test_the_session_is_another_one_after_signing_in(mona_id: int) -> None:
    client = Client()
    client.get("/t/language/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    client.post("/accounts/login/", {"login": MONA, "password": PASSWORD})
    assert client.cookies["sessionid"].value not in {"", session.session_key}


def test_cookies_of_sign_in_are_out_of_reach_of_scripts_and_other_sites(mona_id: int) -> None:
    cookie = came_in().cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_nobody_is_signed_in_by_a_form_of_another_site(mona_id: int) -> None:
    client = Client(enforce_csrf_checks=True)
    for where in ("/accounts/login/", "/accounts/2fa/webauthn/login/", "/accounts/logout/"):
        assert client.post(where, {"login": MONA, "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(mona_id: int, to: str) -> None:
    client = Client()
    said = {"login": MONA, "password": PASSWORD, "next": to}
    assert client.post(f"/accounts/login/?next={to}", said).headers["Location"] == "/desk/"
    assert client.get(f"/accounts/login/?next={to}").headers["Location"] == "/desk/"
    assert "evil" not in client.post("/accounts/logout/", {"next": to}).headers["Location"]


def test_signing_in_leads_to_the_page_that_was_asked_for(mona_id: int) -> None:
    said = {"login": MONA, "password": PASSWORD, "next": "/desk/orders/"}
    assert Client().post("/accounts/login/", said).headers["Location"] == "/desk/orders/"


def test_sign_in_cannot_be_framed_and_runs_nothing_inline() -> None:
    answer = Client().get("/accounts/login/")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    scripts = re.findall(r"<script([^>]*)>", answer.text)
    assert all("src=" in one or 'type="application/json"' in one for one in scripts)
    assert "no-store" in answer.headers["Cache-Control"]


def test_who_has_left_is_refused_like_a_stranger(mona_id: int) -> None:
    Staff.objects.update(is_active=False, password=make_password(PASSWORD))
    answer = Client().post("/accounts/login/", {"login": MONA, "password": PASSWORD}, follow=True)
    assert "You cannot sign in" in answer.text
    assert Client().post("/accounts/login/", {"login": MONA, "password": "guess"}).status_code == 200
