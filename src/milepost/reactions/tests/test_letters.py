"""The letters as customers get them: exact, courteous, and true at the moment of sending."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.ground.access import links
from milepost.ground.notices import queries
from milepost.ground.notices.commands import send_due
from milepost.ground.notices.tests.acting import ActingSender
from milepost.ground.notices.words import Drained, LetterCard, NoticeCard, State
from milepost.ground.parties.words import CustomerDraft
from milepost.ground.procedures import assembling, defaults, variables
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.words import TemplateVersion
from milepost.kernel.acts import Act
from milepost.reactions.letters import compose
from milepost.reactions.letters.rendering import CannotRender, render
from milepost.reactions.letters.values import long_day, money, quantity
from milepost.way.cases import commands as cases
from milepost.way.cases.words import DelayDraft
from milepost.way.fulfilment import commands as fulfilment
from milepost.way.fulfilment import queries as shipments
from milepost.way.fulfilment.words import Packing, Shipping
from milepost.way.intake.words import LineDraft
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as read
from milepost.way.promising import queries as promising
from milepost.way.tracking import commands as tracking
from milepost.way.tracking.words import EventDraft, Kind
from tests.cast import MONDAY, MUG, OMAR, draft, ordered, stocked

pytestmark = pytest.mark.django_db
SOON = MONDAY + timedelta(minutes=1)
FEMI = Act.now("staff:3", channel="desk", now=MONDAY + timedelta(hours=3))
LENA = Act.now("staff:4", channel="desk", now=MONDAY + timedelta(days=1))


def drain(now: datetime = SOON) -> Drained:
    """Everything that is due leaves, written by the real composer."""
    return send_due(now=now, sender=ActingSender(), compose=compose)


def letter(order_id: int, template: str) -> LetterCard:
    card = notice(order_id, template)
    found = queries.letter(card.id)
    assert found, card.trace
    return found


def notice(order_id: int, template: str) -> NoticeCard:
    (card,) = [c for c in queries.notices_of(order_id) if c.template == template and c.audience == "customer"]
    return card


def shipped() -> int:
    stocked()
    (order_id,) = ordered()
    fulfilment.pick([order_id], act=FEMI)
    fulfilment.pack([Packing(order_id=order_id)], act=FEMI)
    fulfilment.ship([Shipping(order_id=order_id, carrier="dhl", tracking_numbers=("00340434161094042557",))], act=FEMI)
    return order_id


def event(order_id: int, kind: Kind) -> None:
    (parcel,) = shipments.shipments_of([order_id])[order_id][0].parcels
    tracking.record_events([EventDraft(kind=kind, parcel_id=parcel.id, happened_at=LENA.at)], act=LENA)


@pytest.mark.clause("ACK-1")
@pytest.mark.clause("ACK-2")
@pytest.mark.clause("NTF-3")
@pytest.mark.clause("NTF-6")
def test_the_acknowledgement_holds_summary_dates_link_and_contact_in_text_and_html():
    stocked()
    (order_id,) = ordered()
    assert drain().sent == 2
    order, promise = read.card(order_id), promised_day(order_id)
    mail = letter(order_id, "acknowledgement")
    assert (mail.address, mail.subject) == ("ada@okafor.example", f"Your order {order.reference} is confirmed")
    for part in (mail.text, mail.html):
        for must in ("Dear Ada Okafor", "KETTLE-1", "Kettle, 1.7 l", "MUG-BLUE", "39.90 EUR", "17.00 EUR", "4.90 EUR", "61.80 EUR",
                     "Lindenstraße 9", promise, "November 2026", settings.SUPPORT_EMAIL, settings.SUPPORT_PHONE):  # fmt: skip
            assert must in part, must
    assert "2 × Mug, blue (MUG-BLUE): 8.50 EUR each, 17.00 EUR" in mail.text
    assert order_of_link(mail.text, "track") == order_of_link(mail.html, "track") == order_id


def promised_day(order_id: int) -> str:
    return long_day(promising.standing([order_id])[order_id].now.latest_on)


def order_of_link(text: str, purpose: str) -> int:
    where = "/t/feedback/" if purpose == "feedback" else "/t/"
    (token, *_) = re.findall(rf"{settings.SITE_URL}{where}([\w.~-]+)/", text)
    return links.open(token, purpose, now=SOON)


def test_the_order_is_acknowledged_when_its_acknowledgement_has_left():
    stocked()
    (order_id,) = ordered()
    assert read.card(order_id).acknowledged_at is None
    drain()
    assert read.card(order_id).acknowledged_at is not None


@pytest.mark.clause("TRK-3")
def test_the_shipment_notice_names_parcels_and_tracking_numbers():
    order_id = shipped()
    drain(FEMI.at + timedelta(minutes=5))
    mail = letter(order_id, "shipment_notice")
    for part in (mail.text, mail.html):
        assert "00340434161094042557" in part
    assert order_of_link(mail.text, "track") == order_id


@pytest.mark.clause("CLO-1")
def test_the_delivery_confirmation_asks_for_feedback_and_replaces_older_news():
    order_id = shipped()
    event(order_id, Kind.OUT_FOR_DELIVERY)
    event(order_id, Kind.DELIVERED)
    drain(LENA.at)
    mail = letter(order_id, "delivery_confirmation")
    assert order_of_link(mail.text, "feedback") == order_of_link(mail.html, "feedback") == order_id
    assert "Tuesday, 17 November 2026" in mail.text
    states = {name: notice(order_id, name).state for name in ("shipment_notice", "out_for_delivery", "acknowledgement")}
    assert states == {
        "shipment_notice": State.SUPERSEDED, "out_for_delivery": State.SUPPRESSED, "acknowledgement": State.SENT,
    }  # fmt: skip


@pytest.mark.clause("EXC-2")
def test_a_delay_is_told_with_its_cause_the_new_date_and_what_happens_next():
    order_id = shipped()
    drain(FEMI.at)
    new = (MONDAY + timedelta(days=14)).date()
    cases.report_delays([DelayDraft(order_id=order_id, cause="weather", new_latest_on=new)], act=LENA)
    drain(LENA.at)
    mail = letter(order_id, "delay_notice")
    for must in ("Bad weather", "on Monday, 30 November 2026", "instead of", "you need not do anything"):
        assert must.lower() in mail.text.lower(), must


def test_a_cancelled_order_hears_of_its_cancellation_and_of_nothing_else():
    stocked()
    (order_id,) = ordered()
    orders.cancel([order_id], reason_code="customer_request", act=OMAR)
    assert drain() == Drained(sent=1, withheld=2)
    assert "You asked us to cancel it." in letter(order_id, "cancellation").text
    assert notice(order_id, "acknowledgement").trace[-1] == "Not sent: the order was cancelled meanwhile."


def test_names_and_instructions_are_text_and_never_markup():
    stocked()
    eve = draft(
        customer=CustomerDraft(name="<script>alert(1)</script> & Co", email="eve@example.org", external_ref="C-7"),
        lines=(LineDraft(code=MUG, quantity=Decimal(1), instructions="{{ secret }} <b>bold</b>"),),
    )
    (order_id,) = ordered(eve)
    drain()
    mail = letter(order_id, "receipt_note")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in mail.html
    assert "<script>" not in mail.html
    assert "<script>alert(1)</script> & Co" in mail.text
    assert "{{ secret }} <b>bold</b>" in mail.text


@pytest.mark.clause("NTF-6")
@pytest.mark.parametrize("name", assembling.names())
def test_every_shipped_template_can_be_written_and_says_where_to_ask(name: str):
    template = defaults.book().templates[name]
    context = {one: variables.example(kind) for one, kind in template.variables.items()}
    subject, text, html = render(template, context)
    assert "M7K3-Q9XD-2C" in subject or "reference" not in template.variables
    assert "help@shop.example" in text
    assert "help@shop.example" in html
    assert f'<html lang="{template.language}"' in html
    assert "viewport" in html


def broken(**changes: str) -> TemplateVersion:
    values = {"subject": "Hi {{ reference }}", "html": "<p>{{ name }}</p>", "text": "{{ name }}"} | changes
    return TemplateVersion(name="receipt_note", version=2, language="en", **values)


@pytest.mark.clause("NTF-3")
@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"text": "{{ nmae }}"}, "it names nmae, which does not exist"),
        ({"html": "{{ order.secret }}"}, "it names order.secret, which does not exist"),
        ({"html": "{% if nmae %}x{% endif %}"}, "it names nmae, which does not exist"),
        ({"text": "{% for %}"}, "'for' statements should have at least four words"),
        ({"subject": "{% x %}"}, "Invalid block tag"),
        ({"text": '{% include "none.txt" %}'}, "there is no part none.txt"),
        ({"text": "{{ name.__class__ }}"}, "underscores"),
        ({"text": "{% now 'Y' %}"}, "{% now %} is not of the templates' language"),
    ],
)
def test_a_template_that_names_what_does_not_exist_cannot_be_written(part: dict[str, str], why: str):
    with pytest.raises(CannotRender, match=re.escape(why)):
        render(broken(**part), {"name": "Ada", "reference": "M7"})


@pytest.mark.clause("NTF-3")
def test_a_letter_that_lacks_an_item_of_the_order_is_stopped_and_becomes_a_duty_for_it(monkeypatch: pytest.MonkeyPatch):
    stocked()
    (order_id,) = ordered()
    book = procedures.book()
    least = "{{ reference }} {{ support_email }}"
    short = broken(text=least, html=least, subject="{{ reference }}")
    monkeypatch.setattr(type(book), "template", lambda self, name, language="en": short)
    assert drain() == Drained(failed=2)
    card = notice(order_id, "receipt_note")
    assert (card.state, card.trace[-1]) == (
        State.FAILED, "Not sent: receipt_note cannot be written: the text lacks item KETTLE-1.",
    )  # fmt: skip


def test_a_hundred_letters_are_written_with_as_many_statements_as_two():
    stocked(1000)
    asked = []

    def counted(notices, *, now):
        with CaptureQueriesContext(connection) as queries:
            written = compose(notices, now=now)
        asked.append((len(written), len(queries)))
        return written

    ordered()
    send_due(now=SOON, sender=ActingSender(), compose=counted)
    ordered(*[draft(external_ref=f"E-{number}") for number in range(50)])
    send_due(now=SOON, sender=ActingSender(), compose=counted)
    assert [letters for letters, _ in asked] == [2, 100]
    assert asked[1][1] <= asked[0][1] < 20


@pytest.mark.parametrize(("amount", "words"), [("1234.5", "1,234.50 EUR"), ("0.1250", "0.125 EUR"), ("0", "0.00 EUR")])
def test_money_has_at_least_cents(amount: str, words: str):
    assert money(Decimal(amount), "EUR") == words


@pytest.mark.parametrize(
    ("amount", "unit", "words"), [("2.000", "piece", "2"), ("2.500", "kg", "2.5 kg"), ("10", "pack", "10 pack")]
)
def test_quantities_read_as_people_write_them(amount: str, unit: str, words: str):
    assert quantity(Decimal(amount), unit) == words
