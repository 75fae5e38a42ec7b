"""Authenticator app, recovery codes and passkeys of staff, and what is closed until one is set up."""

import re
import time
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from django.test import Client, override_settings

from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.ground.access import commands as access
from milepost.ground.access import second_factors
from milepost.ground.access.models import Staff
from milepost.ground.journal.queries import story

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ROL-1")]
PASSWORD = "seven-green-apples"
MAX = "max@milepost.example"
WANTED = override_settings(MFA_ROLES=frozenset({"management"}))


@pytest.fixture
def max_(db: None) -> Staff:
    number = access.join(email=MAX, name="Max", roles=["management"], password=PASSWORD, act=now())
    return Staff.objects.get(pk=number)


def sign_in(client: Client, *, to: str = "") -> str:
    answer = client.post("/accounts/login/", {"login": MAX, "password": PASSWORD, **({"next": to} if to else {})})
    return str(answer.headers.get("Location", ""))


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def with_app(client: Client) -> tuple[str, list[str]]:
    """Set up an authenticator app as a person does; its secret and the recovery codes that were shown."""
    (secret,) = re.findall(
        r'<code class="code secret">([A-Z2-7]{32})</code>', client.get("/accounts/2fa/totp/activate/").text
    )
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)}, follow=True)
    return secret, re.findall(r"<li>(\d{8})</li>", answer.text)


def test_the_page_shows_the_same_secret_to_scan_and_to_type(max_: Staff) -> None:
    client = Client()
    sign_in(client)
    page = client.get("/accounts/2fa/totp/activate/").text
    assert 'src="data:image/svg+xml;base64,' in page
    assert "Or type this key" in page


def test_who_has_an_app_gives_its_code_at_the_next_sign_in_and_no_code_twice(max_: Staff) -> None:
    client = Client()
    sign_in(client)
    secret, codes = with_app(client)
    assert len(codes) == 10
    other = Client()
    assert sign_in(other) == "/accounts/2fa/authenticate/"
    assert other.get("/desk/").status_code == 302
    assert "That is not right" in other.post("/accounts/2fa/authenticate/", {"code": "000000"}).text
    code = code_now(secret)
    assert other.post("/accounts/2fa/authenticate/", {"code": code}).headers["Location"] == "/desk/"
    assert other.get("/desk/me/").status_code == 200
    third = Client()
    sign_in(third)
    assert "That is not right" in third.post("/accounts/2fa/authenticate/", {"code": code}).text


def test_the_secret_lies_sealed_in_the_database(max_: Staff) -> None:
    client = Client()
    sign_in(client)
    secret, _codes = with_app(client)
    assert secret not in Authenticator.objects.get(type="totp").data["secret"]


def test_each_recovery_code_signs_in_once_and_they_are_shown_once(max_: Staff) -> None:
    client = Client()
    sign_in(client)
    _secret, codes = with_app(client)
    assert codes[0] not in client.get("/accounts/2fa/recovery-codes/").text
    for works in (True, False):
        other = Client()
        sign_in(other)
        answer = other.post("/accounts/2fa/authenticate/", {"code": codes[3]})
        assert (answer.status_code == 302) == works
    assert second_factors.standings([max_.pk])[max_.pk].codes_left == 9


def test_new_recovery_codes_end_the_former_ones(max_: Staff, django_capture_on_commit_callbacks) -> None:
    client = Client()
    sign_in(client)
    _secret, codes = with_app(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/recovery-codes/generate/")
    other = Client()
    sign_in(other)
    assert other.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200
    assert "RecoveryCodesMade" in [told.kind for told in story(max_.pk, stream="staff")]


def test_wrong_codes_are_stopped_after_five(max_: Staff) -> None:
    client = Client()
    sign_in(client)
    _secret, codes = with_app(client)
    other = Client()
    sign_in(other)
    for _ in range(5):
        assert "That is not right" in other.post("/accounts/2fa/authenticate/", {"code": "12345678"}).text
    assert "Wait a quarter of an hour" in other.post("/accounts/2fa/authenticate/", {"code": codes[0]}).text


@WANTED
def test_who_must_have_a_second_factor_reaches_nothing_until_it_is_set_up(max_: Staff) -> None:
    client = Client()
    sign_in(client)
    for where in ("/desk/", "/desk/orders/", "/mailbox/"):
        assert client.get(where).headers["Location"] == "/desk/me/"
    assert client.post("/desk/told/seen/").headers["Location"] == "/desk/me/"
    assert client.get("/desk/told/bell/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/desk/me/"
    page = client.get("/desk/me/").text
    assert "Set up a second factor" in page
    assert "My desk" not in page
    with_app(client)
    assert client.get("/desk/").status_code == 200


@WANTED
def test_who_need_not_have_one_works_without(signed_in: SignedIn) -> None:
    assert signed_in("fulfilment").get("/desk/").status_code == 200


@WANTED
def test_the_last_second_factor_of_a_role_that_must_have_one_stays(max_: Staff) -> None:
    client = Client()
    sign_in(client)
    with_app(client)
    assert "Your role needs a second factor" in client.get("/accounts/2fa/totp/deactivate/").text
    client.post("/accounts/2fa/totp/deactivate/")
    assert second_factors.has_one(max_.pk)


def test_it_is_switched_off_again_and_both_are_on_record(max_: Staff, django_capture_on_commit_callbacks) -> None:
    client = Client()
    sign_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        with_app(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not second_factors.has_one(max_.pk)
    assert sign_in(Client()) == "/desk/"
    kinds = [(told.kind, told.actor) for told in story(max_.pk, stream="staff")]
    assert kinds[1:] == [("SecondFactorAdded", max_.actor), ("SecondFactorRemoved", max_.actor)]


def test_whoever_finds_a_desk_open_cannot_change_how_its_owner_signs_in(signed_in: SignedIn) -> None:
    client = signed_in("fulfilment")
    Staff.objects.update(password=make_password(PASSWORD))
    client.force_login(Staff.objects.get())
    for where in ("totp/activate/", "webauthn/add/"):
        answer = client.get(f"/accounts/2fa/{where}")
        assert (
            answer.headers["Location"] == f"/accounts/reauthenticate/?next={quote('/accounts/2fa/' + where, safe='')}"
        )
    wrong = client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": "guess"})
    assert wrong.status_code == 200
    right = client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
    assert right.headers["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_a_passkey_that_is_none_is_refused_with_a_sentence(max_: Staff) -> None:
    client = Client()
    sign_in(client)
    client.get("/accounts/2fa/webauthn/add/")
    for credential in ("{}", "nonsense", '{"id": 1}', "[]", '"x"'):
        answer = client.post("/accounts/2fa/webauthn/add/", {"name": "Key", "credential": credential})
        assert answer.status_code == 200
    stranger = Client()
    stranger.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    for credential in ("{}", "nonsense", '{"id": 1}', "[]", '"x"'):
        answer = stranger.post("/accounts/2fa/webauthn/login/", {"credential": credential})
        assert answer.headers["Location"] == "/accounts/login/"
    assert not Authenticator.objects.exists()
