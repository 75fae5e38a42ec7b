"""Access on the desk: people and their roles, machines and their keys."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.ground.access import commands as access
from milepost.ground.access import queries
from milepost.ground.access.models import Staff
from milepost.ground.access.words import PERMISSIONS, ROLES, SCOPES

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ROL-1")]
PAGE = "/desk/access/"
NINA = {"name": "Nina", "email": "Nina@milepost.example", "password": "seven-green-apples", "roles": ["inventory"]}


@pytest.fixture
def ada(signed_in: SignedIn) -> Client:
    """Ada, the administrator."""
    return signed_in("administrator", name="Ada")


def nina(ada: Client) -> Staff:
    answer = ada.post(PAGE, NINA)
    staff = Staff.objects.get(email="nina@milepost.example")
    assert answer.headers["Location"] == f"{PAGE}people/{staff.pk}/"
    return staff


def granted(ada: Client) -> str:
    answer = ada.post(PAGE + "keys/", {"key_name": "Shop", "scopes": ["orders:read"]})
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    (plain,) = re.findall(r"mp_[0-9a-f]{10}_[\w-]{40,}", answer.text)
    return str(plain)


def test_who_joins_signs_in_with_their_first_password(ada: Client) -> None:
    nina(ada)
    client = Client()
    answer = client.post("/accounts/login/", {"login": NINA["email"], "password": NINA["password"]})
    assert answer.headers["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"email": "ada.administrator@milepost.example"}, "is on the staff already"),
        ({"email": "nobody"}, "E-mail"),
        ({"roles": ["emperor"]}, "emperor"),
        ({"name": ""}, "Name"),
        ({"password": "short"}, "too short"),
        ({"password": "password1"}, "too common"),
    ],
)
def test_who_cannot_join_is_refused_with_what_to_do(ada: Client, changes: dict[str, object], says: str) -> None:
    answer = ada.post(PAGE, NINA | changes)
    assert answer.status_code in {409, 422}
    assert says in answer.text
    assert Staff.objects.count() == 1


def test_roles_are_given_and_hold_at_once(ada: Client) -> None:
    staff = nina(ada)
    page = Client()
    page.force_login(staff)
    assert page.get(PAGE).status_code == 403
    ada.post(
        f"{PAGE}people/{staff.pk}/", {"verb": "roles", "roles": ["it_support", "inventory"], "reason": "helps out"}
    )
    assert page.get(PAGE).status_code == 200
    said = ada.get(f"{PAGE}people/{staff.pk}/").text
    assert "helps out" in said
    assert "changed from Inventory to Inventory, IT support" in said
    assert "Repair: try again" in said


def test_who_has_left_is_out_at_once_and_may_come_back(ada: Client) -> None:
    staff = nina(ada)
    page = Client()
    page.force_login(staff)
    assert page.get("/desk/").status_code == 200
    ada.post(f"{PAGE}people/{staff.pk}/", {"verb": "leave"})
    assert page.get("/desk/").status_code == 302
    assert "has left" in ada.get(PAGE).text
    ada.post(f"{PAGE}people/{staff.pk}/", {"verb": "come_back"})
    back = Client()
    back.force_login(staff)
    assert back.get("/desk/").status_code == 200


@pytest.mark.parametrize("said", [{"verb": "leave"}, {"verb": "roles", "roles": ["inventory"]}])
def test_the_last_administrator_stays(ada: Client, said: dict[str, object]) -> None:
    me = Staff.objects.get()
    answer = ada.post(f"{PAGE}people/{me.pk}/", said)
    assert answer.status_code == 409
    assert "Make somebody else administrator first." in answer.text
    me.refresh_from_db()
    assert (me.is_active, me.roles) == (True, ["administrator"])


def test_a_key_is_shown_once_and_never_again(ada: Client) -> None:
    plain = granted(ada)
    assert queries.key_behind(plain) is not None
    page = ada.get(PAGE)
    assert plain not in page.text
    assert plain[:14] in page.text
    assert "orders:read" in page.text


def test_a_key_without_a_name_or_a_scope_is_refused(ada: Client) -> None:
    for said in (
        {"key_name": "", "scopes": ["orders:read"]},
        {"key_name": "Shop"},
        {"key_name": "Shop", "scopes": ["x"]},
    ):
        answer = ada.post(PAGE + "keys/", said)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert queries.keys() == []


def test_a_revoked_key_is_worth_nothing(ada: Client) -> None:
    plain = granted(ada)
    (row,) = queries.keys()
    ada.post(f"{PAGE}keys/{row.id}/revocation/")
    assert queries.key_behind(plain) is None
    assert "revoked" in ada.get(PAGE).text
    answer = ada.post(f"{PAGE}keys/{row.id + 1}/revocation/")
    assert answer.status_code == 404
    assert "Look at the list." in answer.text


def test_who_only_reads_changes_nothing(ada: Client, signed_in: SignedIn) -> None:
    granted(ada)
    (row,) = queries.keys()
    ida = signed_in("auditor", name="Ida")
    staff = Staff.objects.get(name="Ada")
    page = ida.get(PAGE)
    assert page.status_code == 200
    assert "Grant" not in page.text
    assert ida.get(f"{PAGE}people/{staff.pk}/").status_code == 200
    for where, said in (
        (PAGE, NINA), (PAGE + "keys/", {"key_name": "Mine", "scopes": ["orders:read"]}), (f"{PAGE}keys/{row.id}/revocation/", {}),
        (f"{PAGE}people/{staff.pk}/", {"verb": "leave"}),
    ):  # fmt: skip
        assert ida.post(where, said).status_code == 403
    assert signed_in("fulfilment", name="Femi").get(PAGE).status_code == 403


@pytest.mark.parametrize("number", [987654321, 10**30])
def test_somebody_who_is_not_is_not_found(ada: Client, number: int) -> None:
    assert ada.get(f"{PAGE}people/{number}/").status_code == 404


def test_it_takes_as_many_statements_for_many_people_as_for_one(ada: Client, django_assert_num_queries) -> None:
    with CaptureQueriesContext(connection) as seen:
        ada.get(PAGE)
    few = len(seen.captured_queries)
    for number in range(10):
        Staff.objects.create(email=f"n{number}@milepost.example", name=f"N{number}")
        granted(ada)
    with django_assert_num_queries(few):
        ada.get(PAGE)


def with_app(staff: Staff) -> None:
    Authenticator.objects.create(user=staff, type="totp", data={"secret": "x"})
    Authenticator.objects.create(user=staff, type="recovery_codes", data={"seed": "x", "used_mask": 5})


def test_everybody_stands_there_with_second_factor_and_last_sign_in(ada: Client) -> None:
    staff = nina(ada)
    assert "none" in ada.get(PAGE).text
    with_app(staff)
    page = Client()
    page.force_login(staff)
    said = ada.get(PAGE).text
    assert "8 recovery codes left" in said
    assert said.count("<time") >= 2
    with CaptureQueriesContext(connection) as few:
        ada.get(PAGE)
    for name in ("Otto", "Paula"):
        access.join(email=f"{name}@milepost.example", name=name, roles=[], act=now())
    with CaptureQueriesContext(connection) as more:
        ada.get(PAGE)
    assert len(more) == len(few)


@override_settings(MFA_ROLES=frozenset({"inventory"}), SMTP_URL="")
def test_who_must_still_set_one_up_is_seen(ada: Client) -> None:
    nina(ada)
    said = ada.get(PAGE).text
    assert "These roles must have a second factor: Inventory." in said
    assert "still to set up" in said


def test_without_a_rule_the_page_says_that_nobody_must(ada: Client) -> None:
    assert "Nobody must have a second factor here" in ada.get(PAGE).text


def test_a_lost_second_factor_is_taken_away_on_record_and_its_holder_is_out(ada: Client) -> None:
    staff = nina(ada)
    with_app(staff)
    page = Client()
    page.force_login(staff)
    where = f"{PAGE}people/{staff.pk}/"
    assert "Take their second factor away" in ada.get(where).text
    ada.post(where, {"verb": "reset", "reason": "phone lost"})
    assert not Authenticator.objects.filter(user=staff).exists()
    assert page.get("/desk/me/").status_code == 302
    page.force_login(Staff.objects.get(pk=staff.pk))
    for client, there in ((ada, where), (page, "/desk/me/")):
        said = client.get(there).text
        assert "All second factors were taken away" in said
        assert "phone lost" in said


def test_sessions_are_ended_from_here(ada: Client) -> None:
    staff = nina(ada)
    page = Client()
    page.force_login(staff)
    ada.post(f"{PAGE}people/{staff.pk}/", {"verb": "sign_out"})
    assert page.get("/desk/me/").status_code == 302


def test_another_password_is_set_and_must_be_a_good_one(ada: Client) -> None:
    staff = nina(ada)
    where = f"{PAGE}people/{staff.pk}/"
    weak = ada.post(where, {"verb": "password", "password": "password1"})
    assert weak.status_code == 422
    assert "Choose another one." in weak.text
    ada.post(where, {"verb": "password", "password": "nine-red-cherries"})
    answer = Client().post("/accounts/login/", {"login": staff.email, "password": "nine-red-cherries"})
    assert answer.headers["Location"] == "/desk/"


def test_what_each_role_may_do_is_there_to_read(ada: Client, signed_in: SignedIn) -> None:
    said = ada.get(f"{PAGE}roles/").text
    assert all(name in said for name in (*PERMISSIONS, *ROLES.values(), *SCOPES))
    assert signed_in("auditor", name="Ida").get(f"{PAGE}roles/").status_code == 200
