"""How pages look: readable for everybody, nothing inline, plain words."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from milepost.faces import shield
from milepost.faces.look.sentences import about_lines, told_plainly, where, with_orders
from milepost.faces.look.stages import PORTAL, stage_line
from milepost.faces.look.templatetags import look
from milepost.ground.journal.queries import Told
from milepost.kernel.refusals import Refusal, Refused

FACES = Path(__file__).parents[2]
TEMPLATES = sorted(FACES.glob("*/templates/**/*.html"))
CSS = (FACES / "look/static/milepost/base.css").read_text()


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css))


LIGHT = tokens(CSS.split("@media")[0])
DARK = tokens(CSS.split("@media (prefers-color-scheme: dark)")[1].split("/* Elements */")[0])
PAIRS = [
    ("ink", "paper"), ("ink", "ground"), ("soft", "paper"), ("soft", "ground"), ("accent", "paper"), ("accent", "ground"),
    ("accent-ink", "accent"), ("accent", "accent-tint"), ("bad", "bad-tint"), ("bad", "paper"), ("warn", "warn-tint"),
    ("warn", "paper"), ("good", "good-tint"), ("calm", "calm-tint"), ("ink", "bad-tint"), ("ink", "warn-tint"),
    ("ink", "good-tint"), ("ink", "calm-tint"), ("soft", "calm-tint"), ("ink", "accent-tint"), ("bad", "ground"),
]  # fmt: skip


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "behind"), PAIRS)
def test_text_stands_out_from_what_is_behind_it(text: str, behind: str, theme: dict[str, str]):
    assert contrast(theme[text], theme[behind]) >= 4.5, "WCAG 2.2, 1.4.3"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_borders_of_fields_and_the_focus_ring_can_be_seen(theme: dict[str, str]):
    assert contrast(theme["soft"], theme["paper"]) >= 3, "WCAG 2.2, 1.4.11"
    assert contrast(theme["focus"], theme["paper"]) >= 3


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_script_style_or_foreign_address(path: Path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
    scripts = re.findall(r"<script[^>]*", text)
    assert all(" src=" in script or 'type="application/json"' in script for script in scripts)  # data runs nothing
    assert not re.search(r"(src|href|action)=[\"']https?://", text)
    assert "|safe" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_post_form_of_the_desk_bears_its_token(path: Path):
    if "portal" not in path.parts:
        for form in re.findall(r'<form method="post".*?</form>', path.read_text(), re.DOTALL):
            assert "{% csrf_token %}" in form


def test_pages_forbid_what_no_page_needs(db: None):
    headers = Client().get("/accounts/login/").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("path", "status", "words"), [("/nowhere/", 404, "Nothing is here"), ("/desk/?q=%00", 400, "That could")]
)
def test_errors_are_pages_in_plain_words(path: str, status: int, words: str, db: None):
    answer = Client().get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert "Traceback" not in answer.text


def test_a_failure_of_ours_is_a_page_in_plain_words_too():
    from django.views.defaults import server_error

    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "This is our fault, not yours." in answer.content.decode()


def test_a_refusal_that_no_view_answered_is_a_page_with_its_status(db: None):
    wall = shield.Shield(lambda request: None)  # type: ignore[return-value]
    refused = Refused(Refusal(code="no", says="It is <closed>.", do="Come back.", status=409))
    answer = wall.process_exception(RequestFactory().get("/"), refused)
    assert answer is not None
    assert answer.status_code == 409
    assert "It is &lt;closed&gt;." in answer.content.decode()
    assert wall.process_exception(RequestFactory().get("/"), ValueError()) is None


def test_values_read_as_people_write_them():
    assert look.money(Decimal("1234.5000"), "EUR") == "1,234.50 EUR"
    assert look.money(Decimal("0.0125"), "EUR") == "0.0125 EUR"
    assert look.quantity(Decimal("100.000")) == "100"
    assert look.quantity(Decimal("2.500")) == "2.5"
    assert look.many(Decimal(2), "piece") == "2 ×"
    assert look.words("out_for_delivery") == "Out for delivery"
    with timezone.override("Europe/Berlin"):
        shown = look.when(datetime(2017, 10, 2, 23, 30, tzinfo=UTC))
    title = "Tuesday 3 October 2017, 01:30 CEST"
    assert shown == f'<time datetime="2017-10-03T01:30+02:00" title="{title}">3 Oct 2017, 01:30</time>'


def told(kind: str, **data: object) -> Told:
    at = datetime(2026, 11, 16, 9, tzinfo=UTC)
    return Told(1, kind, at, at, "system", "worker", "", data)


def test_facts_read_as_plain_sentences():
    shipped = told("ShipmentShipped", number=1, carrier="dhl", tracking_numbers=["JD1", "JD2"])
    assert told_plainly(shipped) == "Shipment 1 handed to dhl, tracking JD1, JD2"
    moved = told("ParcelMoved", parcel_id=7, was="in_transit", stage="out_for_delivery")
    assert told_plainly(moved) == "Parcel 7 went from in transit to out for delivery"
    asked = told("AcceptanceAsked", due_at="2026-11-25T05:15:09.846011+00:00")
    assert "Wed 25 Nov 2026, 05:15" in told_plainly(asked)
    assert told_plainly(told("ABrandNewFact", of="tomorrow")) == "ABrandNewFact"


def test_places_of_findings_are_counted_as_people_count():
    assert where("lines.0.quantity") == "line 1, quantity"
    assert where("ship_to.postal_code") == "ship to, postal code"
    assert about_lines("lines.2.price: expected at most 30.000") == "line 3, price: expected at most 30"
    assert about_lines("expected 12.50 EUR on 10.10.2026") == "expected 12.5 EUR on 10.10.2026"


def test_the_stage_line_knows_what_is_done_and_what_is_ahead():
    story = [told("OrderReceived"), told("OrderConfirmed"), told("OrderShipped")]
    line = stage_line("shipped", story, PORTAL)
    assert [(step.stage, step.place, step.at is not None) for step in line] == [
        ("received", "done", True), ("confirmed", "done", True), ("packed", "done", False), ("shipped", "now", True),
        ("out_for_delivery", "ahead", False), ("delivered", "ahead", False),
    ]  # fmt: skip
    assert [step.place for step in stage_line("in_transit", story, PORTAL)][3] == "now"
    assert [step.stage for step in stage_line("cancelled", [*story[:2], told("OrderCancelled")])] == [
        "received", "confirmed", "cancelled",
    ]  # fmt: skip


def test_an_order_that_a_sentence_names_is_a_link_and_everything_else_stays_text() -> None:
    said = with_orders("total: expected <b> (see M7K3-Q9X-D2C, M000-000-000)")
    assert said.count('<a class="code" href="/desk/orders/') == 2
    assert 'href="/desk/orders/M7K3-Q9X-D2C/"' in said
    assert "&lt;b&gt;" in said
    assert with_orders("no order") == "no order"
