"""Letters in every language: numbers, days and plurals as people there write them, guarded, and with what machines read."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import icalendar
import pytest
from django.conf import settings

from milepost.ground.procedures import commands as procedures
from milepost.ground.procedures import defaults, queries
from milepost.ground.procedures.models import Document
from milepost.ground.procedures.words import DocumentDraft
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused
from milepost.reactions.letters import calendar, compiling, proofreading, schema_org
from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.previews import preview
from milepost.reactions.letters.rendering import ACCENT, ACCENT_DARK, CannotRender, render, render_for
from milepost.reactions.letters.rereading import READ_AGAIN, reread
from milepost.reactions.letters.tongues import CATALOGUES, LANGUAGES, tongue
from milepost.reactions.letters.values import between
from milepost.reactions.letters.wording import context_of
from milepost.reactions.tests.test_rereading import NOW, account, line, order, promise
from milepost.way.fulfilment.words import ParcelCard, Reached, ShipmentCard
from milepost.way.fulfilment.words import State as Shipment
from milepost.way.orders.words import State
from milepost.way.promising.words import Standing
from tests import cast

BOOK = defaults.book()
DAY = date(2025, 3, 5)


@pytest.mark.clause("NTF-6")
@pytest.mark.parametrize(
    ("language", "day", "window", "sum_", "amount"),
    [
        ("en", "Wednesday, 5 March 2025", "on Wednesday, 5 March 2025", "1,234.50 EUR", "2.5"),
        ("de", "Mittwoch, 5. März 2025", "am Mittwoch, 5. März 2025", "1.234,50 EUR", "2,5"),
        ("es", "miércoles, 5 de marzo de 2025", "el miércoles, 5 de marzo de 2025", "1234,50 EUR", "2,5"),
        ("fr", "mercredi 5 mars 2025", "le mercredi 5 mars 2025", "1\u202f234,50 EUR", "2,5"),
        ("pt", "5 de março de 2025 (quarta-feira)", "a 5 de março de 2025 (quarta-feira)", "1.234,50 EUR", "2,5"),
        ("ar", "الأربعاء، 5 مارس 2025", "يوم الأربعاء، 5 مارس 2025", "1,234.50 EUR", "2.5"),
    ],
)
def test_days_sums_and_numbers_are_written_as_people_there_write_them(
    language: str, day: str, window: str, sum_: str, amount: str
) -> None:
    say = tongue(language)
    assert say.day(DAY) == day
    assert between(DAY, DAY, say) == window
    assert day in between(DAY, DAY + timedelta(days=2), say)
    assert say.money(Decimal("1234.5"), "EUR") == sum_
    assert say.number(Decimal("2.5")) == amount
    assert say.money(Decimal("0.125"), "EUR").replace(",", ".") == "0.125 EUR"


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 1, "1 parcel"), ("en", 0, "0 parcels"), ("de", 2, "2 Pakete"), ("es", 1, "1 paquete"), ("fr", 0, "0 colis"),
        ("pt", 3, "3 encomendas"), ("ar", 0, "0 طرد"), ("ar", 1, "طرد واحد"), ("ar", 2, "طردان"), ("ar", 3, "3 طرود"),
        ("ar", 11, "11 طردًا"), ("ar", 100, "100 طرد"), ("ar", 103, "103 طرود"), ("ar", 1011, "1,011 طردًا"),
    ],
)  # fmt: skip
def test_plurals_have_as_many_forms_as_the_language(language: str, count: int, said: str) -> None:
    assert tongue(language).plural("{count} parcel", "{count} parcels", count) == said


@pytest.mark.parametrize("language", compiling.TRANSLATED)
def test_the_catalogues_are_complete_compiled_and_name_the_same_places(language: str) -> None:
    book = compiling.catalogue(language)
    assert compiling.compiled(book) == (CATALOGUES / f"{language}.mo").read_bytes(), "run `milepost words`"
    known = {message.id for message in book if message.id}
    assert known == set(compiling.sentences()), "run `milepost words`"
    for message in book:
        if message.id:
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(forms), message.id
            source = message.id if isinstance(message.id, str) else message.id[1]
            places = set(re.findall(r"\{\w+\}", source)) - {"{count}"}
            assert all(set(re.findall(r"\{\w+\}", form)) - {"{count}"} == places for form in forms), message.id


def test_an_unknown_language_is_english_and_a_regional_one_its_main_language() -> None:
    assert (tongue("fi").language, tongue("pt-BR").language, tongue("DE_at").language) == ("en", "pt", "de")


def written(name: str, about: Account, language: str) -> tuple[str, str, str]:
    words = context_of(about, BOOK, language=language, now=NOW)
    return render(BOOK.template(name, language), words)


def fault(name: str, about: Account, letter: tuple[str, str, str], language: str) -> str:
    subject, text, html = letter
    try:
        proofreading.check(name, about, subject=subject, text=text, html=html)
        reread(
            name, about, about.order, about.standing, BOOK, subject=subject, text=text, html=html,
            address=about.order.email, language=language, now=NOW,
        )  # fmt: skip
    except CannotRender as wrong:
        return str(wrong)
    return ""


DEAR = order(
    lines=(
        line(1, code="KETTLE-1", name="Kettle, 1.7 l", quantity=Decimal(1500), unit_price=Decimal("39.9000")),
        line(2, code="OIL-5", name="زيت زيتون", quantity=Decimal("2.5"), unit="kg", unit_price=Decimal("12.125")),
    ),
    tax=Decimal("1234.56"),
)


@pytest.mark.clause("NTF-3")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(READ_AGAIN))
def test_the_re_reading_passes_what_is_so_in_every_language(name: str, language: str) -> None:
    about = account(DEAR)
    assert fault(name, about, written(name, about, language), language) == ""


@pytest.mark.clause("NTF-3")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(READ_AGAIN))
def test_the_re_reading_stops_what_is_not_so_in_every_language(name: str, language: str) -> None:
    about = account(DEAR)
    say = tongue(language)
    right = written(name, about, language)
    total, other = say.money(DEAR.total, "EUR"), say.money(DEAR.total + 1, "EUR")
    price, cheaper = say.money(Decimal("12.125"), "EUR"), say.money(Decimal("12.225"), "EUR")
    received = say.day(date(2026, 11, 16))
    wrong_day = say.day(date(2026, 11, 15))
    for old, new in (
        (total, other),
        (price, cheaper),
        (received, wrong_day),
        (DEAR.reference, DEAR.reference[:-1] + ("1" if DEAR.reference.endswith("0") else "0")),
    ):
        assert old in right[1], (old, right[1])
        for part in (1, 2):
            spoilt = tuple(one.replace(old, new) if place == part else one for place, one in enumerate(right))
            assert fault(name, about, spoilt, language), (language, new)


@pytest.mark.clause("NTF-3")
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_acknowledgement_without_the_day_or_with_another_is_stopped_in_every_language(language: str) -> None:
    about = account(DEAR)
    say, standing = tongue(language), promise()
    right = written("acknowledgement", about, language)
    day = say.day(standing.now.latest_on)
    for new in ("", say.day(standing.now.latest_on + timedelta(days=1))):
        spoilt = (right[0], right[1].replace(day, new), right[2].replace(day, new))
        assert fault("acknowledgement", about, spoilt, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_date_can_be_stated_a_sentence_stands_in_its_place(language: str) -> None:
    late = NOW + timedelta(days=30)
    about = account(DEAR)
    words = context_of(about, BOOK, language=language, now=late)
    assert words["expected"] == ""
    assert words["no_date"] == BOOK.telling.freshness.sentence(language)
    _, text, html = render(BOOK.template("acknowledgement", language), words)
    assert words["no_date"] in text
    assert words["no_date"] in html.replace("&#x27;", "'")


def shipped(**changes: object) -> Account:
    parcel = ParcelCard(
        id=1, order_id=7, shipment_id=5, number=1, carrier="dhl", tracking_number="00340434161094042557", weight_grams=900,
        shipped_at=cast.MONDAY, lines=((1, "KETTLE-1", Decimal(1)),),
    )  # fmt: skip
    shipment = ShipmentCard(
        id=5, order_id=7, number=1, state=Shipment.SHIPPED, reached=Reached.SHIPPED, carrier="dhl", service="", complete=True,
        packed_at=cast.MONDAY, shipped_at=cast.MONDAY, delivered_at=None, parcels=(parcel,),
    )  # fmt: skip
    usual = {"shipments": (shipment,), "parcels": (parcel,), "carriers": {"dhl": "DHL"}}
    return account(order(state=State.SHIPPED, shipped_at=cast.MONDAY), **{**usual, **changes})


@pytest.mark.clause("TRK-3")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipment_notice_says_number_link_date_and_contents_in_every_language(language: str) -> None:
    about = shipped()
    say = tongue(language)
    subject, text, html = written("shipment_notice", about, language)
    proofreading.check("shipment_notice", about, subject=subject, text=text, html=html, shipments=frozenset({5}))
    for must in ("00340434161094042557", "KETTLE-1", "/t/token/", "/delivery-notes/1.pdf", settings.SUPPORT_EMAIL,
                 say.day(about.standing.now.latest_on)):  # fmt: skip
        assert must in text, must
        assert must in html, must
    short, sms, none = render_for(
        "sms", BOOK.template("shipment_notice", language), context_of(about, BOOK, language=language, now=NOW)
    )
    assert (short, none) == ("", "")
    assert about.order.reference in sms
    assert sms.endswith("/t/token/")
    _, script, _ = render_for(
        "phone", BOOK.template("delay_notice", language), context_of(about, BOOK, language=language, now=NOW)
    )
    assert "Ada Okafor" in script.translate({0x2068: None, 0x2069: None})
    assert settings.SUPPORT_EMAIL in script


def test_a_template_without_words_for_a_channel_is_not_sent_on_it() -> None:
    with pytest.raises(CannotRender, match="no words for a phone call"):
        render_for(
            "phone",
            BOOK.template("sign_in_code"),
            dict.fromkeys(BOOK.template("sign_in_code").variables, "https://x/@"),
        )


@pytest.mark.clause("NTF-3")
def test_a_letter_whose_variable_is_missing_or_of_another_type_is_not_written() -> None:
    words = context_of(account(DEAR), BOOK, language="en", now=NOW)
    template = BOOK.template("acknowledgement")
    for spoilt, why in (
        ({key: value for key, value in words.items() if key != "tax"}, "tax is missing"),
        ({**words, "is_short": "no"}, "is_short is no yes no"),
        ({**words, "track_link": "see below"}, "track_link is no link"),
        ({**words, "lines": [{"code": "A"}]}, "lines lacks name"),
    ):
        with pytest.raises(CannotRender, match=why):
            render(template, spoilt)


def machine_words(html: str) -> list[dict[str, object]]:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    graph: list[dict[str, object]] = json.loads(found)
    return graph


@pytest.mark.clause("TRK-3")
def test_machines_read_the_order_and_its_parcels_in_the_letter() -> None:
    about = shipped()
    _, _, html = written("shipment_notice", about, "en")
    told, parcel = machine_words(schema_org.spoken("shipment_notice", html, about, about.parcels, dated=True))
    assert (told["@type"], told["orderNumber"], told["orderStatus"]) == (
        "Order", about.order.reference, "https://schema.org/OrderInTransit",
    )  # fmt: skip
    assert (told["price"], told["priceCurrency"]) == ("61.80", "EUR")
    assert parcel["@type"] == "ParcelDelivery"
    assert parcel["trackingNumber"] == "00340434161094042557"
    assert parcel["expectedArrivalUntil"] == about.standing.now.latest_on.isoformat()
    assert parcel["deliveryAddress"]["addressCountry"] == "DE"
    undated = machine_words(schema_org.spoken("shipment_notice", html, about, about.parcels, dated=False))
    assert "expectedArrivalUntil" not in undated[1]
    assert schema_org.spoken("questions", html, about, (), dated=True) == html


def test_nothing_that_a_customer_wrote_can_end_what_machines_read() -> None:
    about = account(order(contact_name="</script><script>alert(1)</script>", lines=(line(1, name="<!-- & -->"),)))
    _, _, html = written("acknowledgement", about, "en")
    spoken = schema_org.spoken("acknowledgement", html, about, (), dated=True)
    assert spoken.count("</script>") == 1
    assert machine_words(spoken)[0]["customer"]["name"] == "</script><script>alert(1)</script>"


def event(about: Account, template: str, language: str = "en", *, dated: bool = True) -> Any:
    (attached,) = calendar.attachments(template, about, tongue(language), dated=dated, now=NOW)
    assert max(len(one) for one in attached.data.split(b"\r\n")) <= 75
    found: Any
    (found,) = icalendar.Calendar.from_ical(attached.data).walk("VEVENT")
    assert f"method={icalendar.Calendar.from_ical(attached.data)['METHOD']}" in attached.content_type
    return found


@pytest.mark.clause("DEL-2")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_delivery_goes_into_calendars_as_whole_days(language: str) -> None:
    about = account(DEAR)
    one = event(about, "acknowledgement", language)
    standing = about.standing.now
    assert (one.start, one.end) == (standing.earliest_on, standing.latest_on + timedelta(days=1))
    assert about.order.reference in one["SUMMARY"]
    assert "Lindenstraße 9" in one["LOCATION"]
    assert one["URL"].endswith("/t/token/")


def test_a_revised_delivery_replaces_the_entry_and_a_cancelled_one_removes_it() -> None:
    about = account(DEAR)
    first = event(about, "acknowledgement")
    later = replace(about.standing.now, sequence=4, latest_on=about.standing.now.latest_on + timedelta(days=3))
    revised = replace(about, standing=Standing(about.standing.first, later))
    second, third = event(revised, "delay_notice"), event(revised, "cancellation")
    assert first["UID"] == second["UID"] == third["UID"]
    assert first["SEQUENCE"] < second["SEQUENCE"] < third["SEQUENCE"]
    assert third["STATUS"] == "CANCELLED"
    assert calendar.attachments("delay_notice", revised, tongue("en"), dated=False, now=NOW) == ()
    assert calendar.attachments("receipt_note", about, tongue("en"), dated=True, now=NOW) == ()


def test_a_delivery_by_the_hour_is_an_instant_that_every_calendar_shows_in_its_own_zone() -> None:
    about = account(DEAR)
    window = (datetime(2026, 11, 19, 9, tzinfo=UTC), datetime(2026, 11, 19, 11, 30, tzinfo=UTC))
    data = calendar.entry(about, about.standing.now, tongue("en"), method="PUBLISH", now=NOW, window=window)
    one: Any
    (one,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert (one.start, one.end) == window


@pytest.fixture
def _nothing_installed(db: None) -> None:
    Document.objects.all().delete()
    queries.forget_book()


MONA, MAX = (Act.now(f"staff:{number}", channel="desk", now=cast.MONDAY) for number in (1, 2))


def drafted(**changes: object) -> int:
    shipped_one = dict(next(one.body for one in defaults.documents() if one.name == "acknowledgement.de"))
    body = {**shipped_one, **changes}
    (document_id,) = procedures.draft([DocumentDraft(kind="template", name="acknowledgement.de", body=body)], act=MONA)
    return document_id


@pytest.mark.usefixtures("_nothing_installed")
@pytest.mark.clause("REV-1")
def test_a_draft_is_seen_on_a_real_order_in_all_its_forms_before_it_is_signed() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    seen = preview(drafted(), order_id, now=NOW)
    assert seen.faults == ()
    assert (seen.name, seen.version, seen.language) == ("acknowledgement.de", 1, "de")
    for part in (seen.text, seen.html):
        assert "61,80 EUR" in part
        assert "Guten Tag Ada Okafor," in part
    assert "Ihre Bestellung" in seen.sms
    assert (seen.segments.encoding, seen.segments.segments) == ("GSM-7", 2)
    assert "Spreche ich mit Ada Okafor?" in seen.phone
    examples = preview(drafted(), now=NOW)
    assert "M7K3-Q9XD-2C" in examples.subject


@pytest.mark.django_db
def test_a_preview_names_what_would_be_refused_and_shows_the_rest() -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    seen = preview(drafted(sms="{{ nmae }}", text="Nur {{ reference }}"), order_id, now=NOW)
    assert "The sms names nmae, which is not among the template's variables." in seen.faults
    assert any("the text lacks" in one for one in seen.faults)
    assert seen.html
    assert seen.sms == ""
    with pytest.raises(Refused, match="no such order"):
        preview(drafted(), 0, now=NOW)
    with pytest.raises(Refused, match="no such template"):
        preview(0, order_id, now=NOW)


@pytest.mark.usefixtures("_nothing_installed")
def test_a_company_s_own_letter_is_taken_from_the_books_when_it_is_first_written(django_assert_num_queries) -> None:
    ids = [drafted(subject="Ganz anders: {{ reference }}")]
    procedures.review(ids, act=MAX)
    procedures.publish(ids, act=MAX)
    book = queries.book()
    assert book.template("acknowledgement", "de").subject == "Ganz anders: {{ reference }}"
    assert book.template("acknowledgement", "fr").version == 0
    with django_assert_num_queries(0):
        assert book.template("acknowledgement", "de-AT").version == 1


def test_letters_bear_the_colours_of_the_brand(settings: Any) -> None:
    plain = written("acknowledgement", account(DEAR), "en")[2]
    assert ACCENT in plain
    assert ACCENT_DARK in plain
    settings.BRAND_PALETTE = SimpleNamespace(accent="#7a1f5f", accent_dark="#d9a3c7")
    assert written("acknowledgement", account(DEAR), "en")[2] == plain.replace(ACCENT, "#7a1f5f").replace(
        ACCENT_DARK, "#d9a3c7"
    )
