"""The questions page behind its link, and delivery details corrected from the tracking page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from milepost.ground.access import links
from milepost.kernel.acts import Act
from milepost.way.intake import queries as intake
from milepost.way.intake.words import LineDraft
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as read
from milepost.way.orders.words import OrderCard, State
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("VER-3")]

WRONG = replace(cast.BERLIN, postal_code="1096")


def act() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


def placed(**changes: object) -> int:
    cast.stocked()
    return cast.ordered(cast.draft(**changes), act=act())[0]


def link(order_id: int, purpose: str = "questions", *, days_ago: int = 0) -> str:
    token = links.make(purpose, order_id, now=timezone.now() - timedelta(days=days_ago))
    return f"/t/questions/{token}/" if purpose == "questions" else f"/t/{token}/details/"


def card(order_id: int) -> OrderCard:
    found = read.card(order_id)
    assert found is not None
    return found


def key(order_id: int, field: str) -> str:
    return next(one.finding_id.hex for one in intake.questions([order_id])[order_id] if one.field == field)


def other(order_id: int, field: str, value: str) -> dict[str, str]:
    name = key(order_id, field)
    return {f"choice_{name}": "other", f"value_{name}": value}


def as_it_is(order_id: int, field: str) -> dict[str, str]:
    return {f"choice_{key(order_id, field)}": "as_it_is"}


def test_the_page_shows_exactly_what_is_asked_with_what_we_have_and_what_we_expect() -> None:
    order_id = placed(ship_to=WRONG, lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(50)),))
    page = Client().get(link(order_id)).text
    for words in (
        "Could you check the postal code of your delivery address? We read “1096”.", "You ordered 50 of Kettle, 1.7 l",
        "<strong>1096</strong>", "a postal code as it is written in Germany, such as 26133", "at most 20", "It is right as it is",
        'value="1096"', "mailto:help@milepost.example",
    ):  # fmt: skip
        assert words in page, words
    for hidden in ("Lindenstraße", "ada@okafor.example", "10.90"):
        assert hidden not in page


def test_a_correction_and_a_confirmation_are_one_answer_and_the_order_goes_on() -> None:
    order_id = placed(ship_to=WRONG, lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(50)),))
    said = {**other(order_id, "ship_to.postal_code", "10969"), **as_it_is(order_id, "lines.0.quantity")}
    page = Client().post(link(order_id), said, follow=True)
    assert page.redirect_chain
    assert "Everything is clear, and we go on with your order" in page.text
    assert (card(order_id).state, card(order_id).ship_to, card(order_id).lines[0].quantity) == (
        State.CONFIRMED, cast.BERLIN, 50,
    )  # fmt: skip


def test_what_is_typed_counts_even_where_nothing_was_ticked() -> None:
    order_id = placed(ship_to=WRONG)
    Client().post(link(order_id), {f"value_{key(order_id, 'ship_to.postal_code')}": "10969"})
    assert card(order_id).state == State.CONFIRMED


def test_an_answer_that_is_wrong_again_is_asked_about_on_the_same_page() -> None:
    order_id = placed(ship_to=WRONG)
    page = Client().post(link(order_id), other(order_id, "ship_to.postal_code", "109"), follow=True).text
    assert "Just this is still open" in page
    assert "We read “109”" in page
    assert card(order_id).state == State.RECEIVED


def test_what_is_left_out_is_marked_at_its_question_and_what_was_typed_stays() -> None:
    order_id = placed(ship_to=replace(WRONG, city=""))
    said = {**other(order_id, "ship_to.city", "Berlin"), f"value_{key(order_id, 'ship_to.postal_code')}": "1096"}
    page = Client().post(link(order_id), said)
    assert page.status_code == 422
    assert "Nothing was filled in here." in page.text
    assert 'value="Berlin"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert (card(order_id).ship_to.city, len(intake.answers_of(order_id))) == ("", 0)


def test_what_the_order_cannot_take_is_marked_as_well() -> None:
    order_id = placed(lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(50)),))
    page = Client().post(link(order_id), other(order_id, "lines.0.quantity", "lots"))
    assert page.status_code == 422
    assert "The number is negative, too large or too fine." in page.text
    assert 'value="lots"' in page.text


def test_a_second_click_changes_nothing_and_a_page_that_is_out_of_date_shows_what_stands() -> None:
    order_id = placed(ship_to=replace(WRONG, city=""))
    stale = {**other(order_id, "ship_to.postal_code", "10999"), **other(order_id, "ship_to.city", "Potsdam")}
    first = other(order_id, "ship_to.postal_code", "10969")
    assert Client().post(link(order_id), first).status_code == 302
    assert Client().post(link(order_id), first).status_code == 302
    again = Client().post(link(order_id), stale, follow=True)
    assert again.status_code == 200
    assert (card(order_id).ship_to.postal_code, card(order_id).ship_to.city) == ("10969", "Potsdam")
    done = Client().post(link(order_id), stale, follow=True)
    assert "No question is open about this order" in done.text
    assert len(intake.answers_of(order_id)) == 2


def test_what_we_decide_ourselves_after_the_answer_says_so() -> None:
    order_id = placed(lines=(LineDraft(code=cast.KETTLE, quantity=Decimal(1), price=Decimal(20)),))
    page = Client().post(link(order_id), as_it_is(order_id, "lines.0.price"), follow=True).text
    assert "We have your answer and are looking at it" in page


def test_dead_links_lead_nowhere_and_change_nothing() -> None:
    order_id = placed(ship_to=WRONG)
    said = other(order_id, "ship_to.postal_code", "10969")
    old, track = link(order_id, days_ago=400), f"/t/questions/{links.make('track', order_id, now=timezone.now())}/"
    revoked = link(order_id)
    links.revoke(order_id, "questions", act=act())
    for where, status in ((old, 404), (track, 404), (revoked, 404), ("/t/questions/made-up/", 404)):
        assert Client().get(where).status_code == status
        assert Client().post(where, said).status_code == status
    assert card(order_id).ship_to == WRONG
    assert Client().post(link(order_id), said).status_code == 302


def test_an_expired_link_is_answered_as_one_that_never_was() -> None:
    order_id = placed(ship_to=WRONG)
    over, never = Client().get(link(order_id, days_ago=400)), Client().get("/t/questions/nonsense/")
    assert (over.status_code, over.content) == (404, never.content)


def test_a_cancelled_order_asks_nothing_any_more() -> None:
    order_id = placed(ship_to=WRONG)
    said = other(order_id, "ship_to.postal_code", "10969")
    orders.cancel([order_id], reason_code="customer", act=act())
    assert "This order was cancelled" in Client().get(link(order_id)).text
    page = Client().post(link(order_id), said)
    assert page.status_code == 409
    assert "cancelled" in page.text
    assert card(order_id).ship_to == WRONG


def test_a_page_is_shown_to_search_engines_by_nobody() -> None:
    page = Client().get(link(placed(ship_to=WRONG)))
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "private, no-cache"
