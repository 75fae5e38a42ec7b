"""What a customer wants to hear, chosen by a link or after signing in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from milepost.faces.portal.tests.signing_in import signed_in
from milepost.ground.access import links
from milepost.ground.parties import commands as parties
from milepost.ground.parties import queries
from milepost.ground.parties.words import StopReason
from milepost.kernel.acts import Act
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("NTF-1")]
ACT = Act.now("customer", channel="portal", now=datetime.now(UTC))
KINDS, CHANNELS = ("transactional", "service", "marketing"), ("email", "sms", "web_push", "phone")
EVERYTHING = [f"{kind}.{channel}" for kind in KINDS for channel in CHANNELS]
USUAL = {
    *(f"transactional.{channel}" for channel in CHANNELS), "service.email", "service.web_push",
}  # fmt: skip


@pytest.fixture
def ada() -> int:
    return parties.register([cast.ADA], act=ACT)[0]


def where(customer_id: int, **ago: float) -> str:
    return f"/t/preferences/{links.make('preferences', customer_id, now=datetime.now(UTC) - timedelta(**ago))}/"


def ticked(page: str) -> set[str]:
    return {one for one in EVERYTHING if f'value="{one}" checked' in page}


def choose(client: Client, url: str, on: Iterable[str], shown: Iterable[str] = EVERYTHING):
    return client.post(url, {"shown": list(shown), "on": sorted(on)})


def said(customer_id: int) -> list[tuple[str, str, bool]]:
    return [(one.consent_class, one.channel, one.given) for one in queries.consent_history(customer_id)]


def test_the_page_shows_what_stands_and_looking_changes_nothing(ada: int):
    page = Client().get(where(ada))
    assert ticked(page.text) == USUAL
    assert "ada@okafor.example" not in page.text
    assert "Okafor" not in page.text
    assert said(ada) == []


def test_what_is_changed_is_kept_with_its_wording_and_the_rest_stays_unsaid(ada: int):
    answer = choose(Client(), where(ada), USUAL - {"service.email"} | {"marketing.email"})
    assert answer.status_code == 302
    assert sorted(said(ada)) == [("marketing", "email", True), ("service", "email", False)]
    history = queries.consent_history(ada)
    assert {(one.source, one.by) for one in history} == {("preferences", "customer")}
    assert "It counts from now on" in Client().get(answer["Location"]).text
    assert ticked(Client().get(where(ada)).text) == USUAL - {"service.email"} | {"marketing.email"}


def test_nothing_at_all_is_one_button(ada: int):
    assert Client().post(where(ada), {"do": "none"}).status_code == 302
    assert ticked(Client().get(where(ada)).text) == set()
    assert all(not given for *_, given in said(ada))


def test_what_was_not_on_the_page_stays_as_it_is(ada: int):
    choose(Client(), where(ada), [], shown=["service.email"])
    assert said(ada) == [("service", "email", False)]
    choose(Client(), where(ada), ["smoke.signals", "marketing.pigeon"], shown=["smoke.signals", "marketing.pigeon"])
    assert len(said(ada)) == 1


def test_who_answered_stop_sees_it_and_has_messages_again_by_switching_them_on(ada: int):
    parties.stop_channel("sms", [cast.ADA.phone], reason=StopReason.OPTED_OUT, act=ACT)
    page = Client().get(where(ada)).text
    assert "You answered STOP" in page
    assert "…1820" in page
    assert ticked(page) == {one for one in USUAL if not one.endswith(".sms")}
    choose(Client(), where(ada), ticked(page))
    assert queries.open_stops([("sms", cast.ADA.phone)]), "what stays off stays stopped"
    choose(Client(), where(ada), ticked(page) | {"transactional.sms"})
    assert queries.open_stops([("sms", cast.ADA.phone)]) == {}
    assert ticked(Client().get(where(ada)).text) == USUAL


def test_an_address_that_bounces_is_put_right_with_us_not_by_a_switch(ada: int):
    parties.stop_channel("email", [cast.ADA.email], reason=StopReason.BOUNCED, act=ACT)
    page = Client().get(where(ada)).text
    assert "do not reach a…@okafor.example" in page
    choose(Client(), where(ada), EVERYTHING)
    assert queries.open_stops([("email", cast.ADA.email)])


def test_old_forged_and_foreign_links_are_refused(ada: int):
    assert Client().get(where(ada, days=200)).status_code == 404
    assert Client().get(where(ada + 999)).status_code == 404
    assert Client().get(where(ada)[:-3] + "AA/").status_code == 404
    assert (
        Client().post(f"/t/preferences/{links.make('track', ada, now=datetime.now(UTC))}/", {"do": "none"}).status_code
        == 404
    )
    assert said(ada) == []


def test_the_page_speaks_the_customers_language(db: None):
    (bea,) = parties.register([cast.CustomerDraft(email="bea@example.org", language="de-DE")], act=ACT)
    assert "Ihre Bestellungen" in Client().get(where(bea)).text


def test_who_is_signed_in_needs_no_link_and_a_stranger_does(ada: int):
    cast.stocked()
    client = signed_in()
    assert ticked(client.get("/shop/preferences/").text) == USUAL
    assert choose(client, "/shop/preferences/", USUAL | {"marketing.sms"}).status_code == 302
    assert said(ada) == [("marketing", "sms", True)]
    assert Client().get("/shop/preferences/").status_code == 302
    assert choose(Client(), "/shop/preferences/", []).status_code == 302
    assert len(said(ada)) == 1
