"""The portal speaks six languages: by choice, by the order, by the browser; and nothing of it is left in English."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from milepost.faces.look.countries import countries
from milepost.faces.look.templatetags import look
from milepost.faces.portal import compiling
from milepost.ground.access import links
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal
from milepost.reactions.letters.compiling import TRANSLATED, compiled, read
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import Shipping
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind
from tests import cast

PREPARING = {
    "en": "We are getting your order ready.", "de": "Wir machen Ihre Bestellung fertig.", "es": "Estamos preparando su pedido.",
    "fr": "Nous préparons votre commande.", "pt": "Estamos a preparar o seu pedido.", "ar": "نجهّز طلبكم الآن.",
}  # fmt: skip
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+[^>]*>")
MOST = 60_000


def act() -> Act:
    return Act.now("key:1", channel="api", now=datetime.now(UTC))


def ordered(language: str) -> int:
    """Ada's order, in the language that she reads."""
    cast.stocked()
    return cast.ordered(cast.draft(customer=replace(cast.ADA, language=language)), act=act())[0]


def link(order_id: int, purpose: str = "track") -> str:
    token = links.make(purpose, order_id, now=timezone.now())
    return f"/t/{token}/" if purpose == "track" else f"/t/{purpose}/{token}/"


def heading(page: str) -> str:
    return page.split("<h1")[1].split("</h1>", maxsplit=1)[0]


def on_its_way(order_id: int) -> None:
    fulfilment.pick([order_id], act=act())
    fulfilment.ship([Shipping(order_id=order_id)], act=act())
    parcel = shipments.shipments_of([order_id])[order_id][0].parcels[0]
    scan = EventDraft(kind=Kind.ARRIVED_HUB, happened_at=datetime.now(UTC), parcel_id=parcel.id, place="Berlin")
    tracking.record_events([scan], act=act())


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_of_the_portal_lacks_a_translation_and_its_places_agree(language: str) -> None:
    path = compiling.where(language)
    book = read(path, language)
    assert compiled(book) == path.with_suffix(".mo").read_bytes(), "run `milepost words`"
    said = {message.id: message.string for message in book if message.id}
    assert said.keys() == set(compiling.sentences()), "run `milepost words`"
    for source, words in said.items():
        assert isinstance(source, str)
        assert isinstance(words, str)
        assert words.strip(), source
        assert sorted(PLACES.findall(words)) == sorted(PLACES.findall(source)), source


def test_what_is_looked_for_is_found() -> None:
    said = set(compiling.sentences())
    assert "It should be with you by %(day)s." in said  # of a template
    assert "Street and house number" in said  # of code
    assert "The time to choose is over, so we do what we said we would do without your answer." in said  # of a refusal
    assert {"Arrived hub", "Weather", "Out for delivery"} <= said  # of the vocabulary


@pytest.mark.django_db
@pytest.mark.parametrize("language", PREPARING)
def test_the_page_of_an_order_speaks_its_language_whatever_the_browser_asks_for(language: str) -> None:
    page = Client().get(link(ordered(language)), headers={"Accept-Language": "fr" if language != "fr" else "de"})
    assert PREPARING[language] in heading(page.text)
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page.text
    assert len(page.content) < MOST


@pytest.mark.django_db
def test_an_order_without_a_known_language_follows_the_browser() -> None:
    where = link(ordered(""))
    said = {
        asked: heading(Client().get(where, headers={"Accept-Language": asked}).text) for asked in ("pt-BR", "fi", "*")
    }
    assert PREPARING["pt"] in said["pt-BR"]
    assert PREPARING["en"] in said["fi"]
    assert PREPARING["en"] in said["*"]


@pytest.mark.django_db
def test_the_switch_is_a_plain_form_whose_choice_lasts_and_leads_back() -> None:
    where, client = link(ordered("de")), Client(enforce_csrf_checks=True)
    page = client.get(where).text
    for code, name in settings.LANGUAGES:
        assert re.search(rf'<button [^>]*value="{code}" lang="{code}" dir="\w+"[^>]*>{name}</button>', page)
    assert f'name="next" value="{where}"' in page
    answer = client.post("/t/language/", {"language": "ar", "next": where})
    assert (answer.status_code, answer.headers["Location"]) == (303, where)
    assert PREPARING["ar"] in heading(client.get(where).text)


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/desk/", "/t/\\evil.example", ""])
def test_the_switch_leads_nowhere_else(wanted: str) -> None:
    answer = Client().post("/t/language/", {"language": "de", "next": wanted})
    assert answer.headers["Location"] in ("/shop/", "/t/\\evil.example", "/t/%5Cevil.example")


@pytest.mark.django_db
def test_a_language_that_is_not_spoken_is_not_remembered_and_a_get_changes_nothing() -> None:
    assert "milepost_language" not in Client().post("/t/language/", {"language": "tlh"}).cookies
    assert Client().get("/t/language/?language=de").status_code == 405


@pytest.mark.django_db
def test_an_unchanged_page_is_sent_anew_in_another_language() -> None:
    where, client = link(ordered("")), Client()
    etag = client.get(where, headers={"Accept-Language": "de"}).headers["ETag"]
    assert client.get(where, headers={"Accept-Language": "de", "If-None-Match": etag}).status_code == 304
    assert client.get(where, headers={"Accept-Language": "es", "If-None-Match": etag}).status_code == 200


@pytest.mark.django_db
def test_stages_and_events_of_parcels_are_in_the_language_and_numbers_stand_apart() -> None:
    order_id = ordered("ar")
    on_its_way(order_id)
    page = Client().get(link(order_id)).text
    number = shipments.shipments_of([order_id])[order_id][0].parcels[0].tracking_number
    assert f"<bdi>{number}</bdi>" in page or f'<bdi class="code big">{number}</bdi>' in page
    assert "وصل إلى مركز الفرز · <bdi>Berlin</bdi>" in page
    assert "<bdi>Kettle, 1.7 l</bdi>" in page
    assert '<bdi dir="ltr">+49 30 901820</bdi>' in page
    left = re.sub(r"<bdi.*?</bdi>|<head>.*?</head>|<form[^>]*tongues.*?</form>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert not re.findall(r"\b[A-Za-z]{4,}\b", unescape(left).replace(settings.BRAND, "")), "English is left"


@pytest.mark.django_db
@pytest.mark.parametrize("language", TRANSLATED)
def test_a_refusal_and_a_dead_link_are_told_in_the_language(language: str) -> None:
    with translation.override(language):
        told = translation.gettext("Your rating did not arrive."), translation.gettext("This link leads nowhere.")
    where = link(ordered(language))
    refused = Client().post(where + "feedback/", {})
    assert f'name="next" value="{where}"' in refused.text, "the switch leads to a page that can be opened"
    assert told[0] not in ("", "Your rating did not arrive.")
    dead = Client().get("/t/nonsense/", headers={"Accept-Language": language})
    assert told[1] in unescape(dead.text)
    assert f'lang="{language}"' in refused.text
    with translation.override(language):
        early = translation.gettext("The order has not arrived yet.")
    assert early in unescape(refused.text)


def test_the_values_of_a_refusal_stand_in_its_translation() -> None:
    gone = Refusal(
        code="x", says="We are sorry: {name} cannot be had any more in this quantity.", values={"name": "Becher"}
    )
    with translation.override("de"):
        assert look.sentence(gone) == "Es tut uns leid: Becher ist in dieser Menge nicht mehr erhältlich."


def test_sums_and_countries_are_as_the_language_writes_them() -> None:
    from decimal import Decimal

    written = {}
    for language in PREPARING:
        with translation.override(language):
            written[language] = look.money(Decimal("1234.5"), "EUR").replace("\xa0", " ")
    assert written["de"] == "1.234,50 EUR"
    assert written["ar"] == written["en"] == "1,234.50 EUR"
    assert ("DE", "Deutschland") in countries("de")
    assert len(countries("ar")) == len(countries())


@pytest.mark.django_db
def test_the_sign_in_of_the_shop_speaks_too_and_the_desk_stays_as_it_is() -> None:
    headers = {"Accept-Language": "de"}
    assert "Anmelden" in Client().get("/shop/sign-in/", headers=headers).text
    assert 'lang="en"' in Client().get("/accounts/login/", headers=headers).text
