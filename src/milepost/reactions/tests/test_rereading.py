"""The letter is read once more before it leaves: what says otherwise than the order stays here, and is a duty for IT."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from milepost.ground.duties import queries as duties
from milepost.ground.notices import queries as notices
from milepost.ground.notices.commands import send_due
from milepost.ground.notices.tests.acting import ActingSender
from milepost.ground.procedures import defaults
from milepost.ground.procedures.words import Book, TemplateVersion
from milepost.kernel.ids import new_id
from milepost.reactions.letters import compose, composer, ledger, writing
from milepost.reactions.letters.ledger import Account
from milepost.reactions.letters.rendering import CannotRender, render
from milepost.reactions.letters.rereading import READ_AGAIN, reread
from milepost.reactions.letters.wording import context_of
from milepost.way.intake.numbers import references
from milepost.way.intake.words import Address
from milepost.way.orders import commands as orders
from milepost.way.orders import queries as read
from milepost.way.orders.words import Amendment, Change, LineCard, OrderCard, State
from milepost.way.promising.words import PromiseCard, Standing
from milepost.way.stock.queries import LineStock
from tests import cast

pytestmark = [pytest.mark.clause("NTF-3"), pytest.mark.clause("ACK-2")]

NOW = cast.MONDAY + timedelta(minutes=1)
BOOK = defaults.book()
Words = dict[str, Any]


def line(position: int, **changes: Any) -> LineCard:
    usual = {
        "item_id": position,
        "code": f"ITEM-{position}",
        "name": "A thing",
        "quantity": Decimal(2),
        "unit": "piece",
    }
    return LineCard(**{"position": position, **usual, "unit_price": Decimal("8.5000"), **changes})


def order(**changes: Any) -> OrderCard:
    lines = changes.pop("lines", (
        line(1, code="KETTLE-1", name="Kettle, 1.7 l", quantity=Decimal("1.000"), unit_price=Decimal("39.9000")),
        line(2, code="MUG-BLUE", name="Mug, blue", instructions="no box,\nplease"),
    ))  # fmt: skip
    items_total = sum((one.total for one in lines if not one.cancelled), Decimal(0))
    freight, tax = changes.pop("freight", Decimal("4.90")), changes.pop("tax", Decimal(0))
    usual: Words = {
        "id": 7, "reference": references().make(7), "external_ref": "", "state": State.CONFIRMED, "customer_id": 1,
        "channel": "api", "contact_name": "Ada Okafor",
        "email": "ada@okafor.example", "phone": "", "language": "en", "zone": "Europe/Berlin",
        "ship_to": cast.BERLIN, "currency": "EUR", "items_total": items_total, "freight": freight, "tax": tax,
        "charges": Decimal(0), "total": items_total + freight + tax, "po_number": "PO-77", "payment_reference": "",
        "instructions": "", "service": "", "history": False, "received_at": cast.MONDAY, "confirmed_at": cast.MONDAY,
        "acknowledged_at": None, "shipped_at": None, "delivered_at": None, "completed_at": None, "closed_at": None,
        "cancelled_at": None, "cancel_reason": "", "version": 1, "lines": lines,
    }  # fmt: skip
    return OrderCard(**{**usual, **changes})


def promise(days: int = 3) -> Standing:
    latest = cast.MONDAY + timedelta(days=days)
    one = PromiseCard(
        id=new_id(), order_id=7, sequence=1, earliest_on=latest.date() - timedelta(days=1), latest_on=latest.date(),
        latest_at=latest, basis="estimate", cause="", explanation="", made_at=cast.MONDAY,
    )  # fmt: skip
    return Standing(first=one, now=one)


def account(card: OrderCard, **changes: Any) -> Account:
    return Account(order=card, standing=promise(), track="token", **changes)


def written(
    name: str, about: Account, change: Callable[[Words], Words] = dict, book: Book = BOOK
) -> tuple[str, str, str]:
    """The letter as the shipped template writes it, perhaps from words that somebody has spoilt."""
    template = book.template(name)
    words = change(context_of(about, book, language=template.language, now=NOW))
    return render(template, words)


def fault(
    about: Account,
    letter: tuple[str, str, str],
    *,
    name: str = "acknowledgement",
    card: OrderCard | None = None,
    address: str = "",
) -> str:
    """What is read in the letter that is not so, or nothing."""
    subject, text, html = letter
    card = card or about.order
    try:
        reread(
            name, about, card, about.standing, BOOK, subject=subject, text=text, html=html, address=address or card.email,
            language="en", now=NOW,
        )  # fmt: skip
    except CannotRender as wrong:
        return str(wrong)
    return ""


@pytest.mark.parametrize("name", sorted(READ_AGAIN))
def test_a_letter_that_says_what_the_order_says_passes(name: str) -> None:
    about = account(order())
    assert fault(about, written(name, about), name=name) == ""


def _lines(change: Callable[[Words], Words], place: int = 0) -> Callable[[Words], Words]:
    def changed(words: Words) -> Words:
        lines = [dict(one) for one in words["lines"]]
        lines[place] = change(lines[place])
        return {**words, "lines": lines}

    return changed


def _swapped(words: Words) -> Words:
    first, second = (dict(one) for one in words["lines"])
    first["quantity"], second["quantity"] = second["quantity"], first["quantity"]
    return {**words, "lines": [first, second]}


OTHER = Address(name="Bruno Keller", street="Seestrasse 1", postal_code="8002", city="Zürich", country="CH")


@pytest.mark.parametrize(
    ("seeded", "told"),
    [
        (_swapped, "KETTLE-1"),
        (_lines(lambda one: {**one, "quantity": "3"}), "KETTLE-1"),
        (_lines(lambda one: {**one, "quantity": "10"}), "KETTLE-1"),
        (_lines(lambda one: {**one, "price": "39,90 EUR"}), "39.90 EUR"),
        (_lines(lambda one: {**one, "price": "39.9 EUR"}), "39.90 EUR"),
        (_lines(lambda one: {**one, "price": "39.90 USD"}), "39.90 EUR"),
        (_lines(lambda one: {**one, "price": "3,990.00 EUR"}), "KETTLE-1"),
        (_lines(lambda one: {**one, "price": one["total"]}, 1), "MUG-BLUE"),
        (_lines(lambda one: {**one, "total": one["price"]}, 1), "MUG-BLUE"),
        (_lines(lambda one: {**one, "code": "MUG-RED"}, 1), "lacks item MUG-BLUE"),
        (_lines(lambda one: {**one, "waiting": ""}, 1), ""),
        (lambda words: {**words, "lines": words["lines"][:1]}, "lacks item MUG-BLUE"),
        (lambda words: {**words, "lines": []}, "lacks item KETTLE-1"),
        (lambda words: {**words, "lines": [*words["lines"], {**words["lines"][0], "code": "OTHER"}]}, "no sum"),
        (lambda words: {**words, "total": "61.81 EUR"}, "61.80 EUR"),
        (lambda words: {**words, "total": words["items_total"]}, "61.80 EUR"),
        (lambda words: {**words, "total": words["freight"]}, "61.80 EUR"),
        (lambda words: {**words, "items_total": words["total"]}, "56.90 EUR"),
        (lambda words: {**words, "freight": ""}, "4.90 EUR"),
        (lambda words: {**words, "tax": "9.87 EUR"}, "9.87 EUR"),
        (lambda words: {**words, "ship_to": OTHER.lines()}, "address"),
        (lambda words: {**words, "ship_to": [*words["ship_to"][:1], *OTHER.lines()[1:]]}, "address"),
        (lambda words: {**words, "ship_to": words["ship_to"][:-1]}, "address"),
        (lambda words: {**words, "ship_to": [*words["ship_to"][:2], "2nd floor", *words["ship_to"][2:]]}, "address"),
        (lambda words: {**words, "ship_to": []}, "address"),
        (lambda words: {**words, "expected": "on Friday, 20 November 2026"}, "does not say"),
        (lambda words: {**words, "expected": words["received_on"]}, "does not say"),
        (lambda words: {**words, "expected": ""}, "does not say"),
        (lambda words: {**words, "leaves_by": "Friday, 20 November 2026"}, "does not say"),
        (lambda words: {**words, "leaves_by": ""}, "does not say"),
        (lambda words: {**words, "received_on": "Sunday, 15 November 2026"}, "no day of the order"),
        (lambda words: {**words, "reference": references().make(8)}, "reference"),
        (lambda words: {**words, "brand": f"Us, not {references().make(8)}"}, "another order"),
        (lambda words: {**words, "name": "Bruno Keller"}, "name"),
    ],
)
def test_every_kind_of_error_in_the_words_of_a_letter_is_found(seeded: Callable[[Words], Words], told: str) -> None:
    about = account(order())
    found = fault(about, written("acknowledgement", about, seeded))
    assert (told in found) if told else not found


def test_a_line_that_waits_for_stock_must_say_so_and_how_much() -> None:
    about = account(order(), stock={2: LineStock(short=Decimal(1))})
    assert fault(about, written("acknowledgement", about)) == ""
    found = fault(about, written("acknowledgement", about, _lines(lambda one: {**one, "waiting": "7"}, 1)))
    assert "MUG-BLUE" in found


def _template(text: str = "", html: str = "") -> Book:
    shipped = BOOK.templates["acknowledgement.en"]
    spoilt = TemplateVersion(
        name=shipped.name, version=1, language="en", subject=shipped.subject, text=shipped.text, html=shipped.html,
        variables=shipped.variables,
    )  # fmt: skip
    for old, _, new in (part.partition(" -> ") for part in (text, html) if part):
        assert old in shipped.text + shipped.html
        spoilt = replace(spoilt, text=spoilt.text.replace(old, new) if text else spoilt.text)
        spoilt = replace(spoilt, html=spoilt.html.replace(old, new) if html else spoilt.html)
    return replace(BOOK, templates={**BOOK.templates, "acknowledgement.en": spoilt})


@pytest.mark.parametrize(
    ("book", "told"),
    [
        (_template(text='{% include "items.txt" %} -> '), "the text lacks item"),
        (_template(html='{% include "items.html" %} -> '), "the HTML lacks item"),
        (_template(text="{{ expected }} -> {{ received_on }}"), "the text does not say"),
        (_template(html="{{ expected }} -> {{ leaves_by }}"), "the HTML does not say"),
        (_template(text='{% include "items.txt" %} -> {% include "items.txt" %} and 5.00 EUR for wrapping'), "5.00 EUR"),
        (_template(text='{% include "items.txt" %} -> {% for line in lines %}({{ line.code }})\n{% endfor %}'), "KETTLE-1"),
    ],
)  # fmt: skip
def test_a_template_with_a_wrong_variable_or_without_a_part_is_found(book: Book, told: str) -> None:
    about = account(order())
    assert told in fault(about, written("acknowledgement", about, book=book))


def test_a_template_of_another_layout_that_says_the_same_passes() -> None:
    other = (
        "{% for line in lines %}{{ forloop.counter }}. {{ line.code }} | {{ line.name }} | {{ line.quantity }} | "
        "{{ line.price }} | {{ line.total }}{% if line.instructions %} | {{ line.instructions }}{% endif %}\n{% endfor %}"
        "Goods {{ items_total }}, sending {{ freight }}, in all {{ total }}\n"
    )
    about = account(order())
    book = _template(text='{% include "items.txt" %} -> ' + other)
    assert fault(about, written("acknowledgement", about, book=book)) == ""


def test_an_order_that_is_another_one_in_the_database_is_found() -> None:
    about = account(order())
    letter = written("acknowledgement", about)
    for other in (
        order(lines=(line(1), line(2))), order(freight=Decimal(5)), order(ship_to=OTHER), order(contact_name="Bruno Keller"),
        order(id=8, reference=references().make(8)), order(lines=(*order().lines, line(3))),
    ):  # fmt: skip
        assert fault(about, letter, card=other)
    assert "another address" in fault(about, letter, address="bruno@keller.example")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=25).filter(
    str.strip
)
CODES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/", min_size=1, max_size=12)
AMOUNTS = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(99999), places=3)
PRICES = st.decimals(min_value=0, max_value=Decimal("99999.9999"), places=4)
SUMS = st.decimals(min_value=0, max_value=Decimal(9999), places=2)
LINES = st.lists(
    st.builds(
        lambda **one: one, code=CODES, name=WORDS, quantity=AMOUNTS, unit_price=PRICES, cancelled=st.booleans(),
        unit=st.sampled_from(["piece", "kg", "pack", "m2"]), instructions=st.one_of(st.just(""), WORDS),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@hypothesis_settings(max_examples=60)
@given(
    lines=LINES, freight=SUMS, tax=SUMS, name=WORDS, po_number=WORDS, company=WORDS, street=WORDS,
    currency=st.sampled_from(["EUR", "USD", "JPY"]), waiting=st.booleans(), template=st.sampled_from(sorted(READ_AGAIN)),
)  # fmt: skip
def test_a_correct_letter_always_passes_whatever_customers_and_items_are_called(
    lines: list[Words], freight: Decimal, tax: Decimal, name: str, po_number: str, company: str, street: str, currency: str,
    waiting: bool, template: str,
) -> None:  # fmt: skip
    card = order(
        lines=tuple(line(place, **one) for place, one in enumerate(lines, start=1)), freight=freight, tax=tax,
        contact_name=" ".join(name.split()), po_number=" ".join(po_number.split()), currency=currency,
        ship_to=replace(cast.BERLIN, company=company, street=street),
    )  # fmt: skip
    about = account(card, stock={1: LineStock(short=Decimal(1))} if waiting else {})
    assert fault(about, written(template, about), name=template) == ""


@hypothesis_settings(max_examples=60)
@given(lines=LINES, data=st.data())
def test_a_quantity_that_is_another_is_always_found(lines: list[Words], data: st.DataObject) -> None:
    card = order(lines=tuple(line(n, **{**one, "cancelled": False}) for n, one in enumerate(lines, start=1)))
    about = account(card)
    place = data.draw(st.integers(0, len(lines) - 1))
    wrong = card.lines[place].quantity + data.draw(st.decimals(min_value=1, max_value=9, places=0))
    spoilt = replace(
        card, lines=tuple(replace(one, quantity=wrong) if n == place else one for n, one in enumerate(card.lines))
    )
    assert fault(about, written("acknowledgement", account(spoilt)))


def drain(now: Any = NOW) -> None:
    send_due(now=now, sender=ActingSender(), compose=compose)


def states(order_id: int) -> dict[str, tuple[str, str]]:
    return {one.template: (one.state, one.reason) for one in notices.notices_of(order_id) if one.audience == "customer"}


@pytest.mark.django_db
def test_a_letter_that_says_otherwise_is_never_sent_and_a_duty_for_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.stocked()
    (order_id,) = cast.ordered()

    def spoilt(*args: Any, **more: Any) -> Words:
        return _swapped(context_of(*args, **more))

    monkeypatch.setattr(writing, "context_of", spoilt)
    drain()
    assert states(order_id)["acknowledgement"] == ("failed", "not_rendered")
    assert read.card(order_id).acknowledged_at is None
    assert {"it_repair", "acknowledge"} <= {duty.kind for duty in duties.duties_of(order_id) if duty.is_open}
    (card,) = [
        one for one in notices.notices_of(order_id) if one.template == "acknowledgement" and one.audience == "customer"
    ]
    assert "KETTLE-1" in " ".join(card.trace)


@pytest.mark.django_db
def test_a_letter_of_which_another_order_s_account_was_read_is_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.stocked()
    first, second = cast.ordered(cast.draft(), cast.draft(customer=cast.BRUNO, freight=Decimal("5.90")))

    real = ledger.read
    theirs = real([second], now=NOW)[second]

    def mixed_up(order_ids: Any, **more: Any) -> dict[int, Account]:
        found = real(order_ids, **more)
        return {
            key: replace(theirs, order=replace(theirs.order, id=first)) if key == first else one
            for key, one in found.items()
        }

    monkeypatch.setattr(composer, "read", mixed_up)
    drain()
    assert states(first)["acknowledgement"] == ("failed", "not_rendered")
    assert states(second)["acknowledgement"] == ("sent", "")


@pytest.mark.django_db
def test_an_order_that_was_amended_while_its_letter_was_written_is_written_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast.stocked()
    (order_id,) = cast.ordered()
    real = ledger.read
    times: list[int] = []

    def meanwhile(order_ids: Any, **more: Any) -> dict[int, Account]:
        found = real(order_ids, **more)
        if not times:
            times.append(1)
            orders.amend(
                [Amendment(order_id=order_id, changes=(Change("ship_to.street", "Lindenstraße 11"),))], act=cast.OMAR
            )
        return found

    monkeypatch.setattr(composer, "read", meanwhile)
    drain()
    (card,) = [
        one for one in notices.notices_of(order_id) if one.template == "acknowledgement" and one.audience == "customer"
    ]
    assert card.state == "sent"
    assert "Lindenstraße 11" in notices.letter(card.id).text


def test_the_words_are_read_in_the_language_in_which_they_were_written() -> None:
    about = account(order())
    with translation.override("de"):
        assert fault(about, written("acknowledgement", about)) == ""
