"""Procedures written as forms: every kind round-trips, what is wrong stands at its field, drafts are gone on with (REV-1)."""

from typing import Any

import pytest
from django.test import Client

from milepost.faces.desk.procedures.drafting.examining import examine
from milepost.faces.desk.procedures.drafting.making import form_of
from milepost.faces.desk.tests.conftest import SignedIn
from milepost.faces.desk.tests.filling import Draft
from milepost.faces.desk.tests.test_procedures import PAGE, version
from milepost.ground.journal.queries import story
from milepost.ground.procedures import defaults, queries
from milepost.ground.procedures.models import Document
from milepost.ground.procedures.rules import read
from milepost.ground.procedures.words import KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.clause("REV-1")]
PROCEDURES = [kind for kind in KINDS if kind != "template"]


def draft_of(client: Client, kind: str, name: str = "default") -> Draft:
    return Draft(client, f"{PAGE}{version(kind, name)}/new/")


@pytest.fixture
def maria(signed_in: SignedIn) -> Client:
    """Management."""
    return signed_in("management", name="Maria")


@pytest.mark.parametrize("shipped", defaults.documents(), ids=lambda one: f"{one.kind}-{one.name}")
def test_every_shipped_document_goes_through_its_form_unchanged(shipped: Any) -> None:
    record, shape = read(shipped.kind, shipped.body), form_of(shipped.kind)
    found = examine(shipped.kind, shape, shape.filled(record))
    assert found.wrong == {}
    assert found.record == record
    kept = shape.coerced(shape.filled(record))
    assert kept == shape.filled(record)


@pytest.mark.parametrize("kind", [*PROCEDURES, "template"])
def test_what_a_browser_sends_back_untouched_says_the_same(omar: Client, kind: str) -> None:
    draft = draft_of(omar, kind, "acknowledgement.ar" if kind == "template" else "default")
    closed = [name.removesuffix(".closed") for name in draft.names(".closed")]
    for name in (*closed[:2], *closed[-1:]):
        draft.press(f"open:{name}")
    answer = draft.press("keep", note="Nothing")
    assert answer.status_code == 422
    assert "It says what the version before it says." in answer.text
    assert list(draft.errors()) == []


def test_a_clock_is_changed_in_its_row_and_the_draft_says_so(omar: Client, maria: Client) -> None:
    draft = draft_of(omar, "clocks")
    assert "24 hours" in draft.answer.text
    draft.press("open:d.clocks.0")
    draft.type("0.value.hours", "20,5")
    draft.type("0.value.warn_at", "50, 75")
    assert "What would change" in draft.press("check").text
    assert "Acknowledge · Time" in draft.answer.text
    assert '<ins dir="auto">20.5 hours</ins>' in draft.answer.text
    answer = draft.press("keep", note="Faster from now on")
    number = int(answer.headers["Location"].rstrip("/").rpartition("/")[2])
    assert "What would change against version 1" in maria.get(f"{PAGE}{number}/").text
    maria.post(f"{PAGE}{number}/review/")
    maria.post(f"{PAGE}{number}/publishing/", {"instead_of": version("clocks")})
    clock = queries.book().clock("acknowledge")
    assert (str(clock.hours), clock.warn_at) == ("20.5", (50, 75))
    assert len(queries.book().clocks) == len(defaults.book().clocks)


def test_rows_of_the_matrix_are_added_changed_and_removed(omar: Client) -> None:
    draft = draft_of(omar, "communication_matrix")
    before = len(queries.book().matrix)
    assert "Order received" in draft.answer.text
    assert "OrderReceived</" not in draft.answer.text
    draft.press("remove:d.rows.0")
    draft.press("add:d.rows")
    row = f"d.rows.{before - 1}.value"
    said = {
        "fact": "OrderDelivered", "audience": "management", "template": "delivery_confirmation", "milestone": "told_us",
        "role_responsible": "logistics", "timing": "digest",
    }  # fmt: skip
    for name, value in said.items():
        draft.fields[f"{row}.{name}"] = [value]
    draft.fields[f"{row}.channels"] = ["in_app", "email"]
    draft.press(f"close:d.rows.{before - 1}")
    assert not draft.names("channels"), list(draft.errors())
    answer = draft.press("check")
    assert "It can be read." in answer.text
    assert "added</span>" in answer.text
    assert "removed</span>" in answer.text
    assert "Order delivered · Management" in answer.text.replace(
        "Order delivered, Management", "Order delivered · Management"
    )
    number = int(draft.press("keep", note="Managers too").headers["Location"].rstrip("/").rpartition("/")[2])
    card = queries.document(number)
    assert card is not None
    rows = read("communication_matrix", card.body).rows
    assert (len(rows), rows[-1].fact, rows[-1].channels) == (before, "OrderDelivered", ("in_app", "email"))


def test_a_value_of_the_fact_can_be_asked_for_within_a_row(omar: Client) -> None:
    draft = draft_of(omar, "communication_matrix")
    draft.press("open:d.rows.0")
    draft.press("add:d.rows.0.value.when")
    draft.type("when.0.key", "kind")
    draft.type("when.0.value", "lost, return")
    draft.press("close:d.rows.0")
    assert "Kind: lost, return" in draft.answer.text
    draft.press("open:d.rows.0")
    draft.press("remove:d.rows.0.value.when.0")
    assert not draft.names("when.0.key")


@pytest.mark.parametrize(
    ("kind", "row", "field", "typed", "said"),
    [
        ("closing", "", "acceptance_days", "soon", "“soon” is no number."),
        ("closing", "", "acceptance_days", "", "No number stands here."),
        ("closing", "", "close_days", "1.5", "1.5 is no whole number."),
        ("closing", "", "acceptance_days", "-1", "-1 is less than zero."),
        ("clocks", "d.clocks.0", "hours", "0", "Hours must be more than zero."),
        ("clocks", "d.clocks.0", "warn_at", "90, 50", "“warn at” lists rising percents between 1 and 99."),
        ("clocks", "d.clocks.0", "says", "", "Nothing stands here."),
        ("clocks", "d.clocks.1", "kind", "acknowledge", "A kind has one clock, but twice stands acknowledge."),
        ("calendars", "", "week.mon", "8-12", "“8-12” is no stretch of a day."),
        ("calendars", "", "week.mon", "12:00-08:00", "12:00-08:00 ends before it starts."),
        ("calendars", "", "zone", "Mars/Base", "There is no time zone Mars/Base."),
        ("retention", "", "0.value.months", "6", "Records are kept for 12 months at least."),
        ("escalation_matrix", "", "ladders.0.value.0.value.after_hours", "", "Give either"),
        ("telling", "", "digest_at", "late", "This is no time."),
        ("promising", "", "default_service", "rocket", "The default service rocket is not among the services."),
        ("silence", "", "percentile", "80", "“80” cannot be chosen here."),
        ("polling", "", "minutes.0.key", "shipped", "shipped stands here twice."),
        ("offers", "", "deadline_days", "9" * 30, "is no number"),
        ("consent", "", "words.0.value.0.value.says", "", "Nothing stands here."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    omar: Client, kind: str, row: str, field: str, typed: str, said: str
) -> None:
    draft = draft_of(omar, kind)
    if row:
        draft.press(f"open:{row}")
    place = next(name for name in draft.fields if name.endswith(field) and name.startswith(row or "d."))
    draft.fields[place] = [typed]
    before, sent = Document.objects.count(), dict(draft.fields)
    answer = draft.press("keep", note="Tried")
    assert answer.status_code == 422
    assert said in answer.text.replace("&quot;", '"').replace("&#x27;", "'")
    assert list(draft.errors()) or 'role="alert"' in answer.text
    assert Document.objects.count() == before
    assert draft.fields[place] == [typed] or kind == "silence"
    assert draft.fields["note"] == ["Tried"]
    assert {name for name in sent if name not in draft.fields} == set()


def test_without_a_word_on_what_changes_the_draft_is_not_kept_and_stays_as_typed(omar: Client) -> None:
    draft = draft_of(omar, "closing")
    draft.type("acceptance_days", "9")
    assert draft.press("keep").status_code == 422
    assert draft.fields["d.acceptance_days"] == ["9"]
    assert draft.press("keep", note="Two more days").status_code == 302


@pytest.mark.parametrize(
    "junk", ["{", "[]", "null", '{"value": 7}', '{"value": {"fact": ["x"], "channels": {"a": 1}}}', "[" * 999]
)
def test_what_no_browser_sends_is_no_stack_trace(omar: Client, junk: str) -> None:
    number = version("communication_matrix")
    for do in (
        "keep",
        "check",
        "open:d.rows.0",
        "add:d.rows.0.value.when.x",
        "remove:d.nowhere.3",
        "close:",
        "x:y",
        "as_text",
    ):
        answer = omar.post(
            f"{PAGE}{number}/new/", {"d.rows.0.closed": junk, "d.rows..x": "1", "d." + "a." * 60: "1", "do": do}
        )
        assert answer.status_code in {200, 422}


def test_what_was_typed_goes_over_to_the_text_and_back(omar: Client) -> None:
    draft = draft_of(omar, "closing")
    draft.type("acceptance_days", "11")
    text = draft.press("as_text", note="Eleven").context["form"].initial
    assert "acceptance_days = 11" in text["text"]
    assert text["note"] == "Eleven"
    changed = text["text"].replace("11", "12")
    back = omar.post(f"{PAGE}{version('closing')}/new/text/", {"text": changed, "note": "Twelve", "do": "as_form"})
    assert 'name="d.acceptance_days" value="12"' in back.text
    assert 'value="Twelve"' in back.text


def test_a_draft_is_kept_and_its_author_goes_on_with_it(omar: Client, maria: Client) -> None:
    draft = draft_of(omar, "closing")
    draft.type("acceptance_days", "9")
    address = draft.press("keep", note="Nine")["Location"]
    assert "Go on with my draft" in omar.get(address).text
    assert "Go on with my draft" not in maria.get(address).text
    assert "Omar" in maria.get(f"{PAGE}?show=waiting").text
    again = Draft(omar, f"{address}new/")
    assert again.fields["note"] == ["Nine"]
    other_window = Draft(omar, f"{address}new/")
    again.type("acceptance_days", "10")
    assert again.press("keep", note="Ten")["Location"] == address
    assert len(queries.history("closing", "default")) == 2
    number = int(address.rstrip("/").rpartition("/")[2])
    card = queries.document(number)
    assert card is not None
    assert (card.body["acceptance_days"], card.note, card.version) == (10, "Ten", 2)
    assert [told.kind for told in story(number, stream="procedure")] == ["ProcedureDrafted", "ProcedureRewritten"]
    other_window.type("acceptance_days", "11")
    stale = other_window.press("keep", note="Eleven")
    assert stale.status_code == 409
    assert "This draft was changed since you opened it" in stale.text
    assert other_window.fields["d.acceptance_days"] == ["11"]


def test_somebody_elses_draft_is_begun_with_and_not_written_into(omar: Client, maria: Client) -> None:
    draft = draft_of(omar, "closing")
    draft.type("acceptance_days", "9")
    address = draft.press("keep", note="Nine")["Location"]
    hers = Draft(maria, f"{address}new/")
    hers.type("acceptance_days", "8")
    assert hers.press("keep", note="Eight")["Location"] != address
    assert [one.body["acceptance_days"] for one in queries.history("closing", "default")] == [8, 9, 7]


def test_who_publishes_later_sees_the_difference_to_what_has_come_into_force_since(
    omar: Client, maria: Client, signed_in: SignedIn
) -> None:
    first, shipped = draft_of(omar, "closing"), version("closing")
    first.type("acceptance_days", "9")
    omars = first.press("keep", note="Nine")["Location"]
    second = draft_of(maria, "closing")
    second.type("close_days", "20")
    marias = second.press("keep", note="Twenty")["Location"]
    mina = signed_in("management", name="Mina")
    for address in (omars, marias):
        mina.post(f"{address}review/")
    mina.post(f"{omars}publishing/", {"instead_of": shipped})
    stale = mina.post(f"{marias}publishing/", {"instead_of": shipped})
    assert stale.status_code == 409
    assert "Version 2 has come into force since you looked." in stale.text
    assert queries.book().closing.acceptance_days == 9
    page = mina.get(marias).text
    assert "Version 2, published by Mina, came into force after this one was written" in page
    assert '<del dir="auto">9 days</del>' in page
    assert '<ins dir="auto">7 days</ins>' in page
    mina.post(f"{marias}publishing/", {"instead_of": version("closing")})
    assert queries.book().closing.close_days == 20


def test_a_letter_is_previewed_as_it_is_typed_on_a_real_order(omar: Client, reference: str) -> None:
    draft = draft_of(omar, "template", "acknowledgement.en")
    assert "{{ reference }}" in draft.fields["d.subject"][0]
    assert "Delivery note link" not in draft.answer.text
    draft.type("d.sms", "Hello {{ name }}, soon.")
    page = draft.press("check", order=reference).text
    assert "Hello Ada Okafor, soon." in page
    assert "1 segment, 23 places, GSM-7" in page
    address = draft.address.replace("/new/", "/new/letter.html")
    letter = omar.post(address, {**draft.fields, "order": reference})
    assert "Ada Okafor" in letter.text
    assert "default-src 'none'" in letter.headers["Content-Security-Policy"]
    draft.type("d.subject", "{{ nmae }}")
    page = draft.press("check", order="M000-000-000").text
    assert "There is no order M000-000-000" in page
    assert "names nmae" in page
    assert omar.post(address, {**draft.fields, "order": "M000-000-000"}).status_code == 200


def test_every_variable_that_a_letter_may_name_is_offered_with_its_type(omar: Client) -> None:
    page = draft_of(omar, "template", "shipment_notice.de").answer.text
    for name, kind in (("track_link", "Link"), ("parcels", "Parcels"), ("total", "Money")):
        assert f'<code>{{{{ {name} }}}}</code> <span class="soft">{kind}</span>' in page


def test_nobody_sees_a_raw_code_in_a_form(omar: Client) -> None:
    page = draft_of(omar, "communication_matrix").answer.text
    cells = [piece.partition("</span>")[0] for piece in page.split('<span dir="auto"')[1:]]
    assert len(cells) > 100
    assert [cell for cell in cells if "_" in cell or "OrderR" in cell] == []


def test_of_many_open_rows_the_first_are_closed_and_keep_what_was_typed(omar: Client) -> None:
    draft = draft_of(omar, "clocks")
    draft.press("open:d.clocks.0")
    draft.type("0.value.hours", "soon")
    for number in range(1, 14):
        draft.press(f"open:d.clocks.{number}")
    assert len(draft.names("value.hours")) == 12
    assert "soon hours" in draft.answer.text
    assert "“soon” is no number." in draft.press("check").text
    assert draft.fields["d.clocks.0.value.hours"] == ["soon"]
