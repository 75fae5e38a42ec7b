"""My desk: what is to be done, most urgent first."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from milepost.faces.desk.tests.conftest import SignedIn, now
from milepost.ground.duties import commands, queries
from milepost.ground.duties.words import Wanted
from milepost.way.orders import queries as orders

pytestmark = pytest.mark.django_db


def duty_of(reference: str, kind: str):
    order_id = orders.find(reference)
    assert order_id is not None
    return next(duty for duty in queries.duties_of(order_id) if duty.kind == kind and duty.is_open)


@pytest.mark.clause("HND-1")
def test_a_confirmed_order_lies_on_the_warehouses_desk_and_not_on_others(
    reference: str, femi: Client, signed_in: SignedIn
):
    page = femi.get("/desk/")
    assert reference in page.text
    assert "Ada Okafor" in page.text
    assert duty_of(reference, "pick").says in page.text
    assert reference not in signed_in("procurement").get("/desk/").text


def test_duties_stand_in_groups_late_then_today_then_later(femi: Client):
    at = timezone.now()
    due = {"sooner": -timedelta(hours=3), "someday": timedelta(days=30)}
    commands.open_duties(
        [
            Wanted(
                kind="review_procedure", subject_kind="procedure", subject_id=name, role="fulfilment", says=name,
                due_at=at + after,
            )
            for name, after in due.items()
        ],
        act=now(),
    )  # fmt: skip
    page = femi.get("/desk/").text
    assert page.index(">Late<") < page.index("sooner") < page.index(">Later<") < page.index("someday")
    assert ">Due today<" not in page


def test_an_empty_desk_says_what_will_come_to_it(femi: Client):
    assert "Whatever must be done by a time shows up here" in femi.get("/desk/").text


def test_taking_a_duty_makes_it_mine(reference: str, femi: Client):
    duty = duty_of(reference, "pick")
    assert reference not in femi.get("/desk/?mine").text
    femi.post(f"/desk/duties/{duty.id}/taking/")
    assert reference in femi.get("/desk/?mine").text
    assert queries.duty(duty.id).assignee == int(femi.session["_auth_user_id"])


def test_a_duty_is_put_off_only_with_a_reason(reference: str, femi: Client):
    duty = duty_of(reference, "pick")
    until = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    refused = femi.post(f"/desk/duties/{duty.id}/snooze/", {"until": until})
    assert refused.status_code == 422
    assert "Why: This field is required." in refused.text
    femi.post(f"/desk/duties/{duty.id}/snooze/", {"until": until, "reason": "Shelf is being counted"})
    page = femi.get("/desk/").text
    assert "Shelf is being counted" in page
    assert ">Waiting<" in page


def test_a_duty_is_not_put_off_into_the_past(reference: str, femi: Client):
    duty = duty_of(reference, "pick")
    refused = femi.post(f"/desk/duties/{duty.id}/snooze/", {"until": "2020-01-01T10:00", "reason": "late"})
    assert refused.status_code == 422
    assert "A duty can only wait until a later time." in refused.text


@pytest.mark.clause("RECD-2")
def test_closing_by_hand_keeps_the_reason_in_the_orders_story(reference: str, femi: Client):
    duty = duty_of(reference, "pick")
    answer = femi.post(
        f"/desk/duties/{duty.id}/closing/", {"reason": "Done on paper", "back": f"/desk/orders/{reference}/"}
    )
    assert answer.headers["Location"] == f"/desk/orders/{reference}/"
    page = femi.get(f"/desk/orders/{reference}/").text
    assert "Done on paper" in page
    assert "Femi" in page


def test_the_way_back_never_leads_to_another_site(reference: str, femi: Client):
    duty = duty_of(reference, "pick")
    answer = femi.post(f"/desk/duties/{duty.id}/taking/", {"back": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/desk/"


def test_a_duty_that_is_gone_is_refused_with_what_to_do(femi: Client):
    answer = femi.post("/desk/duties/00000000-0000-0000-0000-000000000001/taking/")
    assert answer.status_code == 404
    assert "Look at your desk again." in answer.text


def test_the_desk_takes_as_many_statements_for_many_duties_as_for_one(femi: Client, django_assert_max_num_queries):
    for number in range(40):
        commands.open_duties(
            [
                Wanted(
                    kind="review_procedure",
                    subject_kind="procedure",
                    subject_id=str(number),
                    role="fulfilment",
                    says="x",
                )
            ],
            act=now(),
        )
    with django_assert_max_num_queries(10):
        assert femi.get("/desk/").text.count('class="duty"') == 40
