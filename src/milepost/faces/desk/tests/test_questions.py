"""Questions on the desk: an answer by phone with who said it and when, asking again, four eyes on the order's page."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from milepost.faces.desk.tests.conftest import SignedIn, now, reference_of
from milepost.ground.notices import queries as notices
from milepost.way.intake import queries as intake
from milepost.way.intake.words import LineDraft
from milepost.way.orders import queries as orders
from milepost.way.orders.words import State
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("VER-3")]

WRONG = replace(cast.BERLIN, postal_code="1096")


def placed(**changes: object) -> tuple[int, str]:
    cast.stocked(1000)
    (order_id,) = cast.ordered(cast.draft(**changes), act=now())
    return order_id, reference_of(order_id)


def in_the_house(instant: datetime) -> str:
    """As a clerk types it: in the house's zone."""
    return instant.astimezone(ZoneInfo(settings.HOME_ZONE)).strftime("%Y-%m-%dT%H:%M")


def said(order_id: int, value: str, **more: str) -> dict[str, str]:
    (one,) = intake.questions([order_id])[order_id]
    name = one.finding_id.hex
    when = in_the_house(timezone.now())
    return {f"choice_{name}": "other", f"value_{name}": value, "said_by": "Ada Okafor", "said_at": when, **more}


def test_an_answer_by_phone_is_written_down_with_who_said_it_and_when(mona: Client) -> None:
    order_id, reference = placed(ship_to=WRONG)
    page = mona.get(f"/desk/orders/{reference}/questions/").text
    for words in ("Could you check the postal code", "+49 30 901820", "Ada Okafor", "Ask by e-mail"):
        assert words in page
    done = mona.post(f"/desk/orders/{reference}/questions/", said(order_id, "10969"), follow=True)
    assert "Written down." in done.text
    (row,) = intake.answers_of(order_id)
    assert (row["value"], row["said_by"], row["channel"], row["actor"].partition(":")[0]) == (
        "10969", "Ada Okafor", "desk", "staff",
    )  # fmt: skip
    assert timezone.now() - row["said_at"] < timedelta(minutes=2)
    assert orders.states([order_id]) == {order_id: State.CONFIRMED}
    after = mona.get(f"/desk/orders/{reference}/questions/").text
    assert "No question is open" in after
    assert "1096 → 10969" in after


def test_who_said_it_is_needed_and_nobody_said_it_tomorrow(mona: Client) -> None:
    order_id, reference = placed(ship_to=WRONG)
    where = f"/desk/orders/{reference}/questions/"
    tomorrow = in_the_house(timezone.now() + timedelta(days=1))
    assert mona.post(where, said(order_id, "10969", said_by="")).status_code == 422
    late = mona.post(where, said(order_id, "10969", said_at=tomorrow))
    assert (late.status_code, "That time is still to come." in late.text) == (422, True)
    nothing = mona.post(where, {"said_by": "Ada", "said_at": said(order_id, "x")["said_at"]})
    assert (nothing.status_code, "No answer was filled in." in nothing.text) == (422, True)
    assert intake.answers_of(order_id) == []


def test_the_customer_is_asked_again_with_all_that_is_open(mona: Client) -> None:
    order_id, reference = placed(ship_to=WRONG)
    mona.post(f"/desk/orders/{reference}/questions/message/")
    assert [one.milestone for one in notices.notices_of(order_id) if one.template == "questions"] == [
        "asked:1",
        "asked:2",
    ]
    _, clean = placed()
    page = mona.post(f"/desk/orders/{clean}/questions/message/")
    assert (page.status_code, "No question to the customer is open." in page.text) == (409, True)


def test_only_who_may_amend_orders_sees_questions(signed_in: SignedIn) -> None:
    _, reference = placed(ship_to=WRONG)
    assert signed_in("fulfilment", name="Femi").get(f"/desk/orders/{reference}/questions/").status_code == 403
    assert Client().get(f"/desk/orders/{reference}/questions/").status_code == 302


def test_what_the_customer_s_word_does_not_settle_is_shown_as_ours_to_decide(mona: Client) -> None:
    order_id, reference = placed(lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(1), price=Decimal(20)),))
    (one,) = intake.questions([order_id])[order_id]
    mona.post(
        f"/desk/orders/{reference}/questions/", {**said(order_id, ""), f"choice_{one.finding_id.hex}": "as_it_is"}
    )
    page = mona.get(f"/desk/orders/{reference}/questions/").text
    assert "Answered, and yours to decide" in page


@pytest.mark.clause("VER-4")
def test_the_order_s_page_says_that_two_people_are_needed_and_refuses_the_same_one(
    omar: Client, signed_in: SignedIn
) -> None:
    order_id, reference = placed(lines=(LineDraft(code=cast.TEA, quantity=Decimal(2500)),))
    where = f"/desk/orders/{reference}/"
    assert "Propose release" in omar.get(where).text
    form = {"kind": "value", "outcome": "Known since years"}
    omar.post(f"{where}hold-release/", form)
    assert "Release proposed" in omar.get(where).text
    again = omar.post(f"{where}hold-release/", form)
    assert (again.status_code, "You proposed this release yourself" in again.text) == (409, True)
    signed_in("management", name="Max").post(f"{where}hold-release/", form)
    assert orders.states([order_id]) == {order_id: State.CONFIRMED}
