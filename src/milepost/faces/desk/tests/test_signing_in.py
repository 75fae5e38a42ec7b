"""Who comes in, and who may do what."""

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from milepost.faces.desk import mailbox_urls, urls
from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.faces.desk.verbs import VERBS
from milepost.ground.access import commands as access
from milepost.ground.access.words import PERMISSIONS, ROLES

pytestmark = pytest.mark.django_db

PLACES = {
    "duty_id": UUID(int=1),
    "file_id": UUID(int=1),
    "reference": "M000-000-000",
    "verb": "pick",
    "shipment_id": 1,
    "notice_id": UUID(int=1),
    "delivery_id": UUID(int=1),
    "endpoint_id": UUID(int=1),
    "supply_id": UUID(int=1),
    "document_id": UUID(int=1),
    "answer_id": UUID(int=1),
    "request_id": UUID(int=1),
    "arrival_id": UUID(int=1),
    "job_id": 1,
    "staff_id": 987654321,
    "key_id": 987654321,
    "version_id": 0,
}
ONLY_POST = {
    "take",
    "snooze",
    "close",
    "act_on",
    "mark_as_sent",
    "send_again",
    "see",
    "see_all",
    "correct_supply",
    "arrive_supply",
    "change_subscription",
    "replay_subscription",
    "entry_reckoning",
    "ask",
    "health_retry_arrivals",
    "health_retry_job",
    "access_grant",
    "access_revoke",
    "keep_procedures",
    "review_procedure",
    "publish_procedure",
}
ROUTES: list[tuple[str, URLPattern]] = [
    *(("desk", pattern) for pattern in urls.urlpatterns),
    *(("mailbox", pattern) for pattern in mailbox_urls.urlpatterns),
]


def address(app: str, pattern: URLPattern) -> str:
    wanted = re.findall(r"<\w+:(\w+)>", str(pattern.pattern))
    return reverse(f"{app}:{pattern.name}", kwargs={name: PLACES[name] for name in wanted})


def test_staff_sign_in_with_email_and_password_and_land_on_their_desk() -> None:
    access.join(
        email="mona@milepost.example", name="Mona", roles=["customer_service"], password="milepost-demo", act=now()
    )
    client = Client()
    page = client.get("/accounts/login/")
    assert "Customers use the tracking link" in page.text
    answer = client.post("/accounts/login/", {"login": "Mona@milepost.example", "password": "milepost-demo"})
    assert answer.headers["Location"] == "/desk/"
    assert "Mona" in client.get("/desk/").text


def test_a_wrong_password_and_an_unknown_address_are_refused_alike() -> None:
    access.join(
        email="mona@milepost.example", name="Mona", roles=["customer_service"], password="milepost-demo", act=now()
    )
    said = [
        re.findall(
            r'role="alert">(.*?)</div>', Client().post("/accounts/login/", {"login": who, "password": "guess"}).text
        )
        for who in ("mona@milepost.example", "nobody@milepost.example")
    ]
    assert said[0] == said[1] != []


def test_nobody_signs_themselves_up() -> None:
    answer = Client().get("/accounts/signup/")
    assert "An administrator enters new staff" in answer.text
    Client().post("/accounts/signup/", {"email": "eve@example.com", "password1": "a-long-password"})
    assert not Client().login(email="eve@example.com", password="a-long-password")


def test_without_a_mail_server_a_forgotten_password_is_refused_with_what_to_do() -> None:
    access.join(email="mona@milepost.example", name="Mona", roles=[], password="milepost-demo", act=now())
    answer = Client().post("/accounts/password/reset/", {"email": "mona@milepost.example"})
    assert answer.status_code == 503
    assert "Ask an administrator" in answer.text


@pytest.mark.parametrize(("app", "pattern"), ROUTES, ids=lambda one: getattr(one, "name", one))
def test_who_has_not_signed_in_is_sent_to_sign_in(app: str, pattern: URLPattern) -> None:
    where = address(app, pattern)
    client = Client()
    answer = client.post(where) if pattern.name in ONLY_POST else client.get(where)
    assert answer.headers["Location"] == f"/accounts/login/?next={where}"


@pytest.mark.clause("ROL-1")
@pytest.mark.parametrize("role", [*ROLES, ""])
def test_each_role_opens_exactly_the_pages_of_its_permissions(role: str, signed_in: SignedIn) -> None:
    client = signed_in(*([role] if role else []))
    for app, pattern in ROUTES:
        where = address(app, pattern)
        permission = pattern.callback.permission  # type: ignore[attr-defined]
        answer = client.post(where) if pattern.name in ONLY_POST else client.get(where)
        allowed = role in PERMISSIONS[permission]
        if pattern.name == "act_on":
            allowed = allowed and role in PERMISSIONS["fulfilment.pick"]
        assert (answer.status_code != 403) == allowed, (where, role)
        assert answer.status_code in {200, 302, 403, 404, 422}


@pytest.mark.clause("ROL-1")
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_each_verb_of_an_order_is_refused_to_roles_without_its_permission(
    verb, reference: str, signed_in: SignedIn
) -> None:
    for role in ROLES:
        if role not in PERMISSIONS[verb.permission]:
            answer = signed_in(role).post(f"/desk/orders/{reference}/{verb.name}/")
            assert answer.status_code == 403
            assert "Your roles do not let you do this" in answer.text


def test_every_page_names_a_permission_of_the_table() -> None:
    assert {pattern.callback.permission for _, pattern in ROUTES} <= PERMISSIONS.keys()  # type: ignore[attr-defined]
    assert {verb.permission for verb in VERBS} <= PERMISSIONS.keys()
