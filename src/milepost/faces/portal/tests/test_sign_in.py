"""Customers sign in with a code."""

import logging

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milepost.faces.portal.tests.signing_in import ADA, code_for, send_messages, signed_in
from milepost.ground.access.models import CustomerSession, SignIn
from milepost.ground.duties.models import Duty
from milepost.ground.journal.models import Entry
from milepost.ground.notices.models import Attempt, MailboxMessage, Notice
from milepost.ground.parties import commands as parties
from milepost.ground.parties.models import Customer
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

ASK, CODE = "/shop/sign-in/", "/shop/sign-in/code/"
STRANGER = "stranger@nowhere.example"


@pytest.fixture(autouse=True)
def customers() -> None:
    cast.stocked()
    cast.ordered(cast.draft(), cast.draft(customer=cast.BRUNO))


@pytest.mark.clause("ROL-1")
@pytest.mark.clause("INQ-4")
def test_a_customer_signs_in_with_the_code_from_the_message_and_out_again() -> None:
    client = Client()
    assert client.get("/shop/")["Location"] == "/shop/sign-in/?next=%2Fshop%2F"
    assert client.post(ASK, {"email": " Ada@Okafor.example "})["Location"] == CODE
    response = client.post(CODE, {"code": code_for(ADA)})
    assert response["Location"] == "/shop/"
    cookie = response.cookies["milepost_customer"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/shop/", True, "Lax")
    page = client.get("/shop/")
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    client.post("/shop/sign-out/")
    assert client.get("/shop/").status_code == 302
    assert not CustomerSession.objects.exists()


def test_the_session_is_not_the_staff_s_and_opens_no_desk() -> None:
    client = signed_in()
    assert "sessionid" not in client.cookies
    for path in ("/desk/", "/mailbox/", "/desk/orders/"):
        assert client.get(path)["Location"].startswith("/accounts/login/")


def test_what_was_wanted_before_is_shown_after_and_nothing_of_others() -> None:
    wishes = (
        ("/shop/orders/new/", "/shop/orders/new/"), ("https://evil.example/shop/", "/shop/"), ("//evil.example/", "/shop/"),
        ("/desk/", "/shop/"), ("/shop/../desk/", "/shop/"),
    )  # fmt: skip
    for hour, (wanted, shown) in enumerate(wishes, start=10):
        client = Client()
        with time_machine.travel(f"2026-11-20T{hour}:00:00Z"):
            client.post(f"{ASK}?next={wanted}", {"email": ADA})
            response = client.post(f"{CODE}?next={wanted}", {"code": code_for(ADA)})
        assert response["Location"] == shown


class TestNobodyLearnsWhoOrders:
    def test_a_stranger_gets_the_same_answer_and_no_message(self) -> None:
        answers = []
        for email in (ADA, STRANGER):
            client = Client()
            response = client.post(ASK, {"email": email})
            page = client.get(CODE).content
            answers.append((response.status_code, response["Location"], page.split(b"csrfmiddlewaretoken")[0]))
        assert answers[0] == answers[1]
        send_messages()
        assert set(
            MailboxMessage.objects.filter(subject__contains="code to sign in").values_list("address", flat=True)
        ) == {ADA}

    def test_asking_costs_a_stranger_the_very_same_statements(self) -> None:
        asked = []
        for email in ("warm@up.example", ADA, STRANGER):
            client = Client()
            with CaptureQueriesContext(connection) as statements:
                client.post(ASK, {"email": email})
            asked.append([one["sql"].split(" ")[:4] for one in statements.captured_queries])
        assert asked[1] == asked[2]

    def test_a_wrong_code_is_refused_alike_whoever_asked(self) -> None:
        answers = []
        for email in (ADA, STRANGER):
            client = Client()
            client.post(ASK, {"email": email})
            responses = [client.post(CODE, {"code": "nonsense"}) for _ in range(6)]
            answers.append([(r.status_code, r.content.split(b"csrfmiddlewaretoken")[0]) for r in responses])
        assert answers[0] == answers[1]
        assert [status for status, _ in answers[0]] == [422, 422, 422, 422, 410, 410]

    def test_too_many_wishes_are_refused_alike_whoever_asks(self) -> None:
        for email in (ADA, STRANGER):
            statuses = [Client().post(ASK, {"email": email}).status_code for _ in range(6)]
            assert statuses == [302] * 5 + [429]

    def test_the_right_code_of_a_stranger_opens_nothing(self) -> None:
        from milepost.ground.access import codes

        client = Client()
        client.post(ASK, {"email": STRANGER})
        number = SignIn.objects.get(email=STRANGER).pk
        client.post(CODE, {"code": codes.asked([number])[number].code})
        assert client.get("/shop/")["Location"].startswith(ASK)

    def test_why_nothing_was_sent_is_on_record_and_nobody_s_duty(self) -> None:
        before = Duty.objects.count()
        Client().post(ASK, {"email": STRANGER})
        send_messages()
        notice = Notice.objects.get(template="sign_in_code")
        assert (notice.state, notice.trace[-1]["says"]) == (
            "suppressed",
            "Not sent: nobody with this address orders here.",
        )
        assert STRANGER not in repr(Notice.objects.filter(template="sign_in_code").values())
        assert Duty.objects.count() == before


class TestTheCode:
    def test_is_of_the_browser_that_asked(self) -> None:
        asking, other = Client(), Client()
        asking.post(ASK, {"email": ADA})
        assert other.post(CODE, {"code": code_for(ADA)})["Location"] == ASK
        other.cookies["milepost_sign_in"] = "1:forged"
        assert other.post(CODE, {"code": code_for(ADA)})["Location"] == ASK

    def test_is_too_late_after_ten_minutes(self) -> None:
        client = Client()
        with time_machine.travel("2026-11-20T10:00:00Z"):
            client.post(ASK, {"email": ADA})
            code = code_for(ADA)
        with time_machine.travel("2026-11-20T10:09:30Z"):
            assert client.get(CODE).status_code == 200
        with time_machine.travel("2026-11-20T10:10:01Z"):
            assert client.post(CODE, {"code": code}).status_code == 302
            assert not CustomerSession.objects.exists()

    def test_is_not_sent_when_the_message_comes_too_late(self) -> None:
        with time_machine.travel("2026-11-20T10:00:00Z"):
            Client().post(ASK, {"email": ADA})
        with time_machine.travel("2026-11-20T10:30:00Z"):
            assert code_for(ADA) == ""

    def test_leaves_at_once_by_the_outbox_and_is_kept_nowhere_else(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        Client().post(ASK, {"email": ADA})
        code = code_for(ADA)
        assert len(code) == 6
        assert Notice.objects.get(template="sign_in_code").state == "sent"
        attempt = Attempt.objects.get(subject__contains="code to sign in")
        assert code not in attempt.subject + attempt.text + attempt.html
        assert "••••••" in attempt.text
        assert "••••••" in attempt.html
        assert code not in repr(list(Notice.objects.values())) + repr(list(SignIn.objects.values()))
        facts = repr(list(Entry.objects.values_list("data", "reason", "actor")))
        assert code not in facts
        assert ADA not in facts
        assert not [
            record for record in caplog.records if record.name != "django.db.backends" and code in record.getMessage()
        ]

    def test_is_refused_without_the_form_s_own_token(self) -> None:
        assert Client(enforce_csrf_checks=True).post(ASK, {"email": ADA}).status_code == 403

    @pytest.mark.parametrize("email", ["", "ada", "ada@", "x" * 250 + "@okafor.example"])
    def test_an_address_that_is_none_is_said_at_its_field(self, email: str) -> None:
        response = Client().post(ASK, {"email": email})
        assert response.status_code == 422
        assert b'aria-invalid="true"' in response.content
        assert not SignIn.objects.exists()


def test_who_is_no_longer_on_record_with_the_address_is_signed_out() -> None:
    client = signed_in()
    ada = Customer.objects.get(email=ADA)
    parties.correct(ada.pk, {"email": "ada@new.example"}, act=cast.SHOP)
    assert client.get("/shop/").status_code == 302
