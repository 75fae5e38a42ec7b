"""How staff come in. Who may do what where is tried by `tests/house/test_who_may.py`, which finds every address by itself."""

import re

import pytest
from django.test import Client

from milepost.faces.desk.tests.conftest import now
from milepost.ground.access import commands as access

pytestmark = pytest.mark.django_db


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
