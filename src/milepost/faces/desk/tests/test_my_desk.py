"""My desk: what is to be done, most urgent first."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from milepost.faces.desk.tests.conftest import SignedIn, now, reference_of
from milepost.ground.access.models import Staff
from milepost.ground.duties import commands, queries
from milepost.ground.duties.words import Wanted
from milepost.way.orders import queries as orders
from tests import cast

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
    assert page.index(">Late ") < page.index("sooner") < page.index(">Later ") < page.index("someday")
    assert ">Due today " not in page


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
    assert ">Waiting " in page


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


def reviews(
    count: int, *, after: timedelta = timedelta(days=30), role: str = "fulfilment", kind: str = "review_procedure"
) -> None:
    commands.open_duties(
        [
            Wanted(
                kind=kind, subject_kind="procedure", subject_id=str(number), role=role, says=f"review {number}",
                due_at=timezone.now() + after,
            )
            for number in range(count)
        ],
        act=now(),
    )  # fmt: skip


def test_the_desk_takes_as_many_statements_for_many_duties_as_for_one(femi: Client, django_assert_max_num_queries):
    reviews(40)
    reviews(40, after=-timedelta(days=1), kind="it_repair")
    with django_assert_max_num_queries(10):
        assert femi.get("/desk/").text.count('class="duty"') == 40


def test_what_waits_for_the_customer_stands_apart_until_it_is_due(reference: str, mona: Client):
    order_id = orders.find(reference)
    assert order_id is not None
    wanted = Wanted(kind="answer_questions", order_id=order_id, role="customer_service", says="Ask Ada.")
    commands.open_duties([wanted], act=now())
    page = mona.get("/desk/").text
    assert page.index(">Waiting ") < page.index("Ask Ada.")
    assert "Waits for the customer" in page
    commands.reschedule("answer_questions", {order_id: timezone.now() - timedelta(hours=1)}, act=now())
    page = mona.get("/desk/").text
    assert page.index(">Late ") < page.index("Ask Ada.")
    assert ">Waiting " not in page


def test_each_group_has_its_own_page_with_the_rest_of_it(femi: Client):
    reviews(130, after=-timedelta(days=1))
    page = femi.get("/desk/")
    assert page.text.count('class="duty"') == 25
    assert "?group=late" in page.text
    first = femi.get("/desk/?group=late")
    assert first.text.count('class="duty"') == 75
    (onward,) = re.findall(r'href="(/desk/\?group=late&amp;after=[^"]+)"', first.text)
    second = femi.get(onward.replace("&amp;", "&"))
    assert second.text.count('class="duty"') == 55
    assert set(re.findall(r"review \d+<", first.text)).isdisjoint(re.findall(r"review \d+<", second.text))


def test_the_desk_is_narrowed_to_a_kind_a_role_and_to_what_is_mine(reference: str, signed_in: SignedIn):
    both = signed_in("fulfilment", "management", name="Bea")
    reviews(1, role="management")
    assert "review 0" in both.get("/desk/").text
    assert reference in both.get("/desk/").text
    narrowed = both.get("/desk/?kind=pick").text
    assert reference in narrowed
    assert "review 0" not in narrowed
    narrowed = both.get("/desk/?role=management&kind=review_procedure").text
    assert reference not in narrowed
    assert "review 0" in narrowed
    assert "You have taken no duty." in both.get("/desk/?mine=1").text


def test_a_clerk_sees_no_other_teams_desk_by_its_address(reference: str, signed_in: SignedIn):
    buyer = signed_in("procurement", name="Pia")
    assert reference not in buyer.get("/desk/?role=fulfilment").text
    person = queries.duties_of(orders.find(reference))[0]
    commands.take([person.id], staff_id=1, act=now())
    assert reference not in buyer.get("/desk/?person=1").text


@pytest.mark.parametrize(
    "asked",
    ["?after=x&group=late", "?group=nonsense", "?person=x", "?person=99999999999999999999", "?kind=%ff", "?role=king"],
)
def test_whatever_stands_in_the_address_the_desk_opens(asked: str, signed_in: SignedIn):
    assert signed_in("management").get(f"/desk/{asked}").status_code == 200
    assert signed_in("management").get(f"/desk/duties/{asked}").status_code == 200


def test_unchanged_the_desk_is_not_sent_again_and_costs_five_statements(
    reference: str, femi: Client, django_assert_num_queries
):
    first = femi.get("/desk/duties/")
    assert reference in first.text
    with django_assert_num_queries(5):  # the session, who it is, the rows, the counts, what is mine
        again = femi.get("/desk/duties/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    commands.take([duty_of(reference, "pick").id], staff_id=99, act=now())
    assert femi.get("/desk/duties/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_what_becomes_late_changes_the_desk_though_nobody_did_anything(reference: str, femi: Client, monkeypatch):
    first = femi.get("/desk/duties/")
    late = duty_of(reference, "pick").due_at + timedelta(seconds=1)
    monkeypatch.setattr("milepost.faces.desk.my_desk.duties.timezone.now", lambda: late)
    again = femi.get("/desk/duties/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert ">Late " in again.text


HX = {"HX-Request": "true"}


@pytest.mark.clause("HND-1")
def test_a_step_is_done_in_its_row_which_says_what_came_of_it_and_what_is_next(reference: str, femi: Client):
    duty = duty_of(reference, "pick")
    page = femi.get("/desk/").text
    assert f"/desk/duties/{duty.id}/doing/pick/" in page
    answer = femi.post(f"/desk/duties/{duty.id}/doing/pick/", headers=HX)
    assert answer.status_code == 200
    assert "Picked. Next, pack it." in answer.text
    assert f'id="duty-{duty.id}"' in answer.text
    assert f'id="duty-{duty_of(reference, "pack").id}"' in answer.text, "its next duty stands beneath it"
    assert "<html" not in answer.text


def test_a_form_opens_in_the_row_and_comes_back_with_what_was_typed_when_it_is_refused(reference: str, femi: Client):
    femi.post(f"/desk/duties/{duty_of(reference, 'pick').id}/doing/pick/")
    duty = duty_of(reference, "pack")
    opened = femi.get(f"/desk/duties/{duty.id}/", headers=HX).text
    assert "<html" not in opened
    assert "Weight in kg" in opened
    assert "Lindenstraße 9" in opened
    refused = femi.post(f"/desk/duties/{duty.id}/doing/packing/", {"weight": "-4", "line_1": "1"}, headers=HX)
    assert refused.status_code == 200
    assert 'role="alert"' in refused.text
    assert 'value="-4"' in refused.text
    alone = femi.post(f"/desk/duties/{duty.id}/doing/packing/", {"weight": "-4", "line_1": "1"})
    assert (alone.status_code, "<html" in alone.text, 'value="-4"' in alone.text) == (422, True, True)
    done = femi.post(
        f"/desk/duties/{duty.id}/doing/packing/", {"weight": "2", "line_1": "1", "line_2": "2"}, headers=HX
    )
    assert "Packed. Next, hand it over." in done.text


def test_what_somebody_else_did_meanwhile_refuses_the_step_and_says_so(
    reference: str, femi: Client, signed_in: SignedIn
):
    duty = duty_of(reference, "pick")
    signed_in("fulfilment", name="Gus").post(f"/desk/duties/{duty.id}/doing/pick/")
    refused = femi.post(f"/desk/duties/{duty.id}/doing/pick/", headers=HX)
    assert refused.status_code == 200, "the row answers"
    assert "There is no such open duty." in refused.text
    assert "<html" not in refused.text
    taking = femi.post(f"/desk/duties/{duty.id}/taking/", headers=HX)
    assert "There is no such open duty." in taking.text


def test_only_the_verbs_of_its_kind_settle_a_duty_and_only_those_of_my_roles(
    reference: str, femi: Client, mona: Client
):
    duty = duty_of(reference, "pick")
    assert femi.post(f"/desk/duties/{duty.id}/doing/cancellation/").status_code == 404
    assert mona.post(f"/desk/duties/{duty.id}/doing/pick/").status_code == 403
    assert duty_of(reference, "pick").is_open


def test_a_step_that_the_order_does_not_allow_now_says_why(mona: Client):
    cast.stocked()
    held = cast.draft(lines=(replace(cast.draft().lines[0], quantity=Decimal(500)),))
    reference = reference_of(cast.ordered(held, act=now())[0])
    duty = duty_of(reference, "acknowledge")
    page = mona.get(f"/desk/duties/{duty.id}/").text
    assert reference in page


@pytest.mark.clause("VER-3")
def test_a_hold_is_settled_in_its_row(signed_in: SignedIn):
    cast.stocked()
    many = cast.draft(lines=(replace(cast.draft().lines[0], quantity=Decimal(50)),))
    reference = reference_of(cast.ordered(many, act=now())[0])
    duty = duty_of(reference, "settle_hold")
    omar = signed_in("order_management", "customer_service", name="Omar")
    opened = omar.get(f"/desk/duties/{duty.id}/", headers=HX).text
    assert "How it was settled" in opened
    said = {"kind": duty.data["hold"], "outcome": "Ada means fifty"}
    answer = omar.post(f"/desk/duties/{duty.id}/doing/hold-release/", said, headers=HX)
    assert "Released." in answer.text
    assert not queries.duty(duty.id).is_open


def test_a_duty_is_handed_to_a_team_or_to_one_of_its_people(reference: str, femi: Client, signed_in: SignedIn):
    duty = duty_of(reference, "pick")
    signed_in("fulfilment", name="Gus")
    signed_in("procurement", name="Pia")
    gus, pia = (Staff.objects.get(name=name).pk for name in ("Gus", "Pia"))
    to = f"/desk/duties/{duty.id}/handing-over/"
    assert "Handed over." in femi.post(to, {"to": f"person:{gus}", "reason": "Your shelf"}, headers=HX).text
    assert (queries.duty(duty.id).role, queries.duty(duty.id).assignee) == ("fulfilment", gus)
    refused = femi.post(to, {"to": f"person:{pia}", "reason": "Your shelf"})
    assert refused.status_code == 422
    assert "Pia does not work in Fulfilment" in refused.text
    assert "Your shelf" in refused.text
    femi.post(to, {"to": "role:inventory"})
    assert (queries.duty(duty.id).role, queries.duty(duty.id).assignee) == ("inventory", None)
    assert femi.post(to, {"to": "role:fulfilment"}).status_code == 403, "it lies on another team's desk now"
    assert femi.post(to, {"to": "role:king"}).status_code == 422


def test_several_are_taken_handed_over_and_put_off_at_once(femi: Client):
    reviews(3)
    ids = [str(card.id) for card in queries.open_duties(["fulfilment"])]
    me = int(femi.session["_auth_user_id"])
    answer = femi.post("/desk/duties/several/", {"do": "take", "duty": ids, "back": "/desk/?kind=review_procedure"})
    assert answer.headers["Location"] == "/desk/?kind=review_procedure"
    assert {card.assignee for card in queries.open_duties(["fulfilment"])} == {me}
    assert "3 duties are yours now." in femi.get("/desk/").text
    until = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    refused = femi.post("/desk/duties/several/", {"do": "snooze", "duty": ids[:2], "until": until})
    assert refused.status_code == 422
    assert refused.text.count(" checked id=") == 2, "what was ticked stays ticked"
    assert until in refused.text
    femi.post("/desk/duties/several/", {"do": "snooze", "duty": ids[:2], "until": until, "reason": "Stocktaking"})
    assert sum(card.snoozed_because == "Stocktaking" for card in queries.open_duties(["fulfilment"])) == 2
    femi.post("/desk/duties/several/", {"do": "hand_over", "duty": ids, "to": "role:inventory"})
    assert len(queries.open_duties(["inventory"])) == 3
    assert femi.post("/desk/duties/several/", {"do": "take"}).status_code == 422
    assert femi.post("/desk/duties/several/", {"do": "take", "duty": ["x", str(UUID(int=5))]}).status_code == 422
    assert femi.post("/desk/duties/several/", {"do": "dance", "duty": ids}).status_code == 404


def test_a_page_of_one_duty_does_all_of_it_without_scripts(reference: str, femi: Client, signed_in: SignedIn):
    duty = duty_of(reference, "pick")
    page = femi.get(f"/desk/duties/{duty.id}/").text
    for said in ("Put off", "Hand over", "Close by hand", "Take", reference):
        assert said in page
    auditor = signed_in("auditor", name="Aud").get(f"/desk/duties/{duty.id}/").text
    assert reference in auditor
    assert "Close by hand" not in auditor
    femi.post(f"/desk/duties/{duty.id}/doing/pick/")
    assert "This duty is done." in femi.get(f"/desk/duties/{duty.id}/").text
    assert femi.get(f"/desk/duties/{UUID(int=9)}/").status_code == 404


def test_managers_see_how_much_and_how_old_it_is_per_team_and_person_and_what_is_behind_each_number(
    reference: str, femi: Client, signed_in: SignedIn, django_assert_max_num_queries
):
    reviews(3, after=-timedelta(days=2))
    femi.post(f"/desk/duties/{duty_of(reference, 'pick').id}/taking/")
    boss = signed_in("management", name="Max")
    with django_assert_max_num_queries(6):
        page = boss.get("/desk/teams/").text
    assert re.search(r'href="/desk/\?role=fulfilment&amp;group=late" class="late">3<', page)
    assert "(2\xa0days ago)" in page
    me = int(femi.session["_auth_user_id"])
    assert f'href="/desk/?person={me}"' in page
    behind = boss.get(f"/desk/?person={me}").text
    assert "Duties of Femi" in behind
    assert reference in behind
    assert "review 0" not in behind
    assert boss.get("/desk/?role=fulfilment&group=late").text.count('class="duty"') == 3
    assert femi.get("/desk/teams/").status_code == 403


def test_the_keys_are_listed_on_a_page_for_who_has_no_scripts(femi: Client, mona: Client):
    page = femi.get("/desk/keys/").text
    assert page.count('data-keys="g d"') == 2, "on the page, and in the overlay that every page of the desk has"
    assert 'data-keys="n"' not in page, "who may take no phone orders has no key for it"
    assert 'data-keys="n"' in mona.get("/desk/keys/").text
