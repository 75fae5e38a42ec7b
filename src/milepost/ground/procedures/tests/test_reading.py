"""How documents are read, and what the shipped ones say."""

import copy
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from milepost.ground.procedures import defaults, rules
from milepost.ground.procedures.words import KINDS
from milepost.kernel.refusals import Refused


def shipped(kind: str) -> dict[str, Any]:
    return copy.deepcopy(dict(next(draft.body for draft in defaults.documents() if draft.kind == kind)))


def refusals_of(kind: str, body: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        rules.read(kind, body)
    return [(refusal.field, refusal.sentence) for refusal in refused.value.refusals]


def test_there_is_a_shipped_document_of_each_kind_and_together_they_point_to_nothing_that_is_missing():
    assert {draft.kind for draft in defaults.documents()} == set(KINDS)
    assert list(rules.dangling(defaults.book())) == []


@pytest.mark.clause("NTF-1")
def test_the_shipped_matrix_has_a_row_for_each_milestone_of_the_procedures():
    book = defaults.book()
    told = {(row.fact, row.audience): row for row in book.matrix}
    for fact in (
        "OrderReceived",
        "OrderConfirmed",
        "ShipmentShipped",
        "OrderOutForDelivery",
        "DelayFound",
        "OrderDelivered",
    ):
        assert told[fact, "customer"].channels[0] == "email"
        assert book.template(told[fact, "customer"].template).html.startswith("<!doctype html>")
    assert told["DelayFound", "management"].channels == ("in_app",)
    assert told["OrderInTransit", "customer"].channels == ("portal",)
    assert [row.audience for row in book.rows_for("OrderConfirmed")] == ["customer", "stakeholders", "order_management"]
    assert book.rows_for("NothingOfThatName") == ()


@pytest.mark.clause("ACK-2")
def test_the_acknowledgement_has_24_plain_hours_with_three_warnings_and_climbs_before_it_breaks():
    clock = defaults.book().clock("acknowledge")
    assert (clock.hours, clock.working_time, clock.warn_at) == (Decimal(24), False, (50, 75, 90))
    assert (defaults.book().ladder("acknowledge")[0].after_percent or 0) < 100


@pytest.mark.clause("RECD-3")
def test_no_shipped_record_is_kept_for_less_than_a_year_and_none_can_be():
    assert min(rule.months for rule in defaults.book().retention) >= 12
    [(place, sentence)] = refusals_of("retention", {"rules": [{"records": "orders", "months": 11}]})
    assert place == "rules.0"
    assert "12 months at least" in sentence


def test_the_shipped_calendar_works_in_split_shifts_at_home():
    calendar = defaults.book().calendar()
    assert str(calendar.zone) == "Europe/Berlin"
    friday = calendar.at(date(2026, 3, 6), time(16))
    assert calendar.add_working(friday, 2) == calendar.at(date(2026, 3, 9), time(9))
    assert calendar.why_closed(date(2026, 5, 1))
    assert calendar.add_working(datetime(2026, 3, 6, 11, tzinfo=UTC), 0) == datetime(2026, 3, 6, 12, tzinfo=UTC)


def test_transit_days_are_those_of_the_country_and_of_the_default_service_for_unknown_ones():
    promising = defaults.book().promising
    assert promising.transit_days("standard", "DE") == (1, 3)
    assert promising.transit_days("standard", "NZ") == promising.services["standard"].days
    assert promising.transit_days("teleport", "DE") == (1, 3)


def test_a_template_is_found_in_the_language_or_else_in_english():
    book = defaults.book()
    assert book.template("receipt_note", "pt-BR").language == "pt"
    assert book.template("receipt_note", "AR_eg").language == "ar"
    assert book.template("receipt_note", "fi").language == "en"
    with pytest.raises(Refused, match="no template love_letter"):
        book.template("love_letter")
    with pytest.raises(Refused, match="no calendar moon"):
        book.calendar("moon")
    with pytest.raises(Refused, match="of the kind idle"):
        book.clock("idle")


@pytest.mark.parametrize(("kind", "change", "place", "why"), [
    ("clocks", lambda body: body["clocks"][0].update(hours=0), "clocks.0", "more than zero"),
    ("clocks", lambda body: body["clocks"][0].update(warn_at=[90, 50]), "clocks.0", "rising percents"),
    ("clocks", lambda body: body["clocks"][0].update(hurry=True), "clocks.0.hurry", "Unexpected"),
    ("clocks", lambda body: body["clocks"][1].pop("role"), "clocks.1.role", "required"),
    ("clocks", lambda body: body.update(clocks=body["clocks"] * 2), "the whole", "twice"),
    ("communication_matrix", lambda body: body["rows"][0].update(channels=["pigeon"]), "rows.0.channels.0", "email"),
    ("communication_matrix", lambda body: body["rows"][0].update(channels=[]), "rows.0", "at least one channel"),
    ("escalation_matrix", lambda body: body["ladders"]["calm"][0].update(after_percent=100), "ladders.calm.0", "either"),
    ("calendars", lambda body: body["calendars"]["default"].update(zone="Europe/Atlantis"), "calendars.default", "Atlantis"),
    ("calendars", lambda body: body["calendars"]["default"].update(country="XX"), "calendars.default", "holidays"),
    ("calendars", lambda body: body["calendars"]["default"].update(week={}), "calendars.default", "no working day"),
    ("calendars", lambda body: body["calendars"]["default"]["week"].update(mon=["9 to 5"]), "calendars.default", "08:00-12:00"),
    ("calendars", lambda body: body["calendars"]["default"]["week"].update(moonday=[]),
     "calendars.default.week.moonday.[key]", "mon"),
    ("calendars", lambda body: body.update(calendars={}), "the whole", "named default"),
    ("promising", lambda body: body.update(default_service="teleport"), "the whole", "teleport"),
    ("promising", lambda body: body["services"]["standard"].update(days=[5, 2]), "services.standard", "least"),
    ("promising", lambda body: body.update(cut_off="half past"), "cut_off", "time"),
    ("promising", lambda body: body.update(zone="Mars"), "the whole", "Mars"),
    ("closing", lambda body: body.update(close_days=-1), "the whole", "negative"),
    ("verification", lambda body: body["checks"][0].update(blocking="perhaps"), "checks.0.blocking", "boolean"),
    ("template", lambda body: body.pop("text"), "text", "required"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(kind, change, place, why):
    body = shipped(kind)
    rules.read(kind, body)
    change(body)
    [(found_place, sentence)] = refusals_of(kind, body)
    assert found_place == place
    assert why in sentence


def test_all_faults_are_told_at_once():
    body = shipped("clocks")
    body["clocks"][0]["hours"] = "soon"
    body["clocks"][3]["role"] = 7
    assert [place for place, _ in refusals_of("clocks", body)] == ["clocks.0.hours", "clocks.3.role"]


def test_an_unknown_kind_is_refused():
    with pytest.raises(Refused, match="no kind of procedure named horoscope"):
        rules.read("horoscope", {})


def test_a_reference_to_a_role_ladder_or_template_that_does_not_exist_is_refused_with_its_place():
    documents = {(draft.kind, draft.name): (1, copy.deepcopy(dict(draft.body))) for draft in defaults.documents()}
    documents["clocks", "default"][1]["clocks"][0].update(ladder="rope", role="king")
    documents["communication_matrix", "default"][1]["rows"][0].update(template="poem", audience="everybody")
    with pytest.raises(Refused) as refused:
        rules.make_book(documents, token=None)
    assert [(r.code, r.values["name"]) for r in refused.value.refusals] == [
        ("dangling", "everybody"), ("dangling", "poem"), ("dangling", "king"), ("dangling", "rope"),
    ]  # fmt: skip


def test_what_is_no_mjml_is_refused():
    with pytest.raises(Refused, match="no MJML"):
        rules.compile_mjml("<mjml><mj-body><mj-section></mjml>")


@pytest.mark.clause("REV-1")
def test_templates_come_up_for_review_every_quarter_and_the_rest_every_year():
    day = date(2026, 3, 2)
    assert rules.review_due("template", day) - day == timedelta(days=91)
    assert rules.review_due("clocks", day) - day == timedelta(days=365)
