"""Procedures on the desk: seen, compared, written anew, reviewed, published, kept."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from milepost.faces.desk.tests.conftest import SignedIn
from milepost.faces.look import toml
from milepost.faces.look.sheets import arranged, show
from milepost.ground.journal.queries import story
from milepost.ground.procedures import defaults, queries
from milepost.ground.procedures.models import Document
from milepost.ground.procedures.rules import read
from milepost.ground.procedures.words import DEFAULT, KINDS
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("REV-1")]
PAGE = "/desk/procedures/"


def version(kind: str, name: str = DEFAULT) -> int:
    return next(line.id for line in queries.lines() if (line.kind, line.name) == (kind, name) and line.in_force)


def source(client: Client, number: int) -> str:
    page = client.get(f"{PAGE}{number}/new/text/")
    return str(page.context["form"].initial["text"])


def drafted(client: Client, number: int, text: str, note: str = "As agreed", **more: str) -> Any:
    return client.post(f"{PAGE}{number}/new/text/", {"text": text, "note": note, **more})


def changed(
    client: Client, number: int, before: str = "acceptance_days = 7", after: str = "acceptance_days = 9"
) -> int:
    return changed_to(client, number, source(client, number).replace(before, after))


def changed_to(client: Client, number: int, text: str) -> int:
    answer = drafted(client, number, text)
    assert answer.status_code == 302, answer.text
    return int(re.findall(r"/(\d+)/", answer.headers["Location"])[0])


def faults(answer: Any) -> str:
    return " ".join(re.findall(r'role="alert">(.*?)</div>', answer.text, re.DOTALL))


@pytest.fixture
def maria(signed_in: SignedIn) -> Client:
    """Management."""
    return signed_in("management", name="Maria")


def test_all_documents_stand_in_the_list_with_version_author_and_days(mona: Client) -> None:
    page = mona.get(PAGE).text
    for kind, title in KINDS.items():
        if kind != "template":
            assert f'">{title}</a>' in page
    assert "Template: Acknowledgement (Arabic)" in page
    assert 'href="?from=50">More</a>' in page
    assert "Template: Acknowledgement (Arabic)" not in mona.get(f"{PAGE}?from=50").text
    assert "That was all." in mona.get(f"{PAGE}?show=templates&from={'9' * 18}").text
    line = next(one for one in queries.lines() if one.kind == "clocks")
    for said in (line.drafted_at, line.effective_on, line.review_due_on):
        assert said.strftime("%Y-%m-%d") in page
    assert "Milepost" in page


def test_what_is_overdue_stands_first_and_is_marked_in_words(mona: Client) -> None:
    today = cast.today()
    Document.objects.filter(pk=version("retention")).update(review_due_on=today - timedelta(days=1))
    Document.objects.filter(pk=version("closing")).update(review_due_on=today)
    page = mona.get(PAGE).text
    rows = [row for row in page.split("<tr>") if "data-label" in row]
    assert "Retention" in rows[0]
    assert "overdue" in rows[0]
    assert "overdue" not in "".join(rows[1:])
    assert "soon" in next(row for row in rows if "Closing" in row)
    only = mona.get(f"{PAGE}?show=overdue").text
    assert "Retention" in only
    assert "Closing" not in only


@pytest.mark.parametrize(("chosen", "there"), [("templates", False), ("procedures", True), ("nonsense", True)])
def test_the_list_is_narrowed(mona: Client, chosen: str, there: bool) -> None:
    assert (">Clocks</a>" in mona.get(f"{PAGE}?show={chosen}").text) == there


def test_an_empty_choice_teaches(mona: Client) -> None:
    assert "Nothing is being changed" in mona.get(f"{PAGE}?show=waiting").text
    assert "looked at every quarter" in mona.get(f"{PAGE}?show=overdue").text


def test_the_list_and_a_page_cost_the_same_however_much_there_is(omar: Client, django_assert_num_queries: Any) -> None:
    number = version("closing")
    for days in (9, 10, 11):
        with django_assert_num_queries(5):
            omar.get(PAGE)
        with django_assert_num_queries(7):
            omar.get(f"{PAGE}{number}/")
        changed(omar, number, after=f"acceptance_days = {days}")
    letter = version("template", "acknowledgement.de")
    with django_assert_num_queries(8):
        omar.get(f"{PAGE}{letter}/")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("communication_matrix", ["Receipt note", "Role responsible", "<th scope", "At once"]),
        ("clocks", ["Acknowledge", "Warn at", "working"]),
        ("escalation_matrix", ["After percent", "Management", "standard"]),
        ("calendars", ["08:00-", "Mon", "zone"]),
        ("retention", ["Months", "archive"]),
        ("closing", ["Acceptance days", ">7<"]),
        ("sending", ["Ladder minutes", "Prices"]),
        ("telling", ["Per day", "17:00", "Needed"]),
        ("silence", ["Percentile", "Weather", "Confidence"]),
        ("polling", ["Budgets", "Per hour"]),
        ("consent", ["Ihre Bestellungen", "Asked first"]),
        ("calls", ["Tries", "Mon"]),
        ("links", ["Recheck hours"]),
        ("webhooks", ["Rotation hours"]),
        ("verification", ["Blocking", "Question", "Four eyes"]),
        ("roles", ["Responsibilities"]),
    ],
)
def test_each_kind_can_be_read(mona: Client, kind: str, said: list[str]) -> None:
    page = mona.get(f"{PAGE}{version(kind)}/").text
    for words in said:
        assert words.casefold() in page.casefold(), words
    assert "Shown(" not in page
    assert "Decimal(" not in page


def test_days_of_the_week_stand_as_people_know_them(mona: Client) -> None:
    page = mona.get(f"{PAGE}{version('calendars')}/").text
    assert re.findall(r"(Mon|Tue|Wed|Thu|Fri):</span>", page) == ["Mon", "Tue", "Wed", "Thu", "Fri"]


@pytest.mark.parametrize("draft", defaults.documents(), ids=lambda draft: f"{draft.kind}-{draft.name}")
def test_every_shipped_document_is_spelled_and_understood_again(draft: Any) -> None:
    record = read(draft.kind, draft.body)
    text = toml.spell(arranged(dict(draft.body), record))
    assert read(draft.kind, toml.understand(text)) == record
    assert toml.spell(arranged(toml.understand(text), record)) == text
    assert show(record).parts


@pytest.mark.parametrize(
    "body",
    [
        {"text": 'a"""b\\c\nd""', "key with space": {"é.": "x" * 200}, "none": None, "list": []},
        {"rows": [{"a": [1, 2], "in": {"deep": ["y" * 80, "z" * 80]}}, {"a": []}], "empty": {}, "yes": True},
        {"lines": "\r\n\t\x01 end\n", "of": [[1], ["a"]], "one": {"two": {"three": [{"four": "5"}]}}, "more": 'x\n"'},
    ],
)
def test_whatever_a_body_holds_is_spelled_and_understood_again(body: dict[str, Any]) -> None:
    assert toml.understand(toml.spell(body)) == {name: value for name, value in body.items() if value is not None}


def test_a_letter_is_shown_with_its_words_in_every_language(mona: Client) -> None:
    page = mona.get(f"{PAGE}{version('template', 'receipt_note.en')}/").text
    for language in ("en", "de", "es", "fr", "pt", "ar"):
        assert f'<span class="code">{language}</span>' in page
    assert page.count("Open the document") == 5


def test_a_version_that_can_no_longer_be_read_is_shown_as_it_was_kept(omar: Client) -> None:
    number = version("closing")
    Document.objects.filter(pk=number).update(body={"acceptance_days": 7, "close_days": 14, "of_old": "abc"})
    answer = omar.get(f"{PAGE}{number}/")
    assert answer.status_code == 200
    assert "can no longer be read" in answer.text
    assert "of_old = &quot;abc&quot;" in answer.text
    assert "of_old" in omar.get(f"{PAGE}{number}/new/", follow=True).text


def test_a_new_version_is_drafted_reviewed_by_another_and_published(omar: Client, maria: Client) -> None:
    number = version("closing")
    draft = changed(omar, number)
    assert queries.book().closing.acceptance_days == 7
    own = omar.get(f"{PAGE}{draft}/").text
    assert "You wrote this version" in own
    assert "I have read it and agree" not in own
    assert "Nobody reviews what they wrote themselves" in omar.post(f"{PAGE}{draft}/review/").text
    assert "I have read it and agree" in maria.get(f"{PAGE}{draft}/").text
    maria.post(f"{PAGE}{draft}/review/")
    answer = maria.post(f"{PAGE}{draft}/publishing/", follow=True)
    assert "Published and in force" in answer.text
    assert queries.book().closing.acceptance_days == 9
    card = queries.document(draft)
    assert "reviewed – Maria" in re.sub(r"<[^>]+>|\s+", " ", answer.text).replace("  ", " ")
    assert card is not None
    assert (card.note, card.version, card.in_force) == ("As agreed", 2, True)
    assert "replaced" in maria.get(f"{PAGE}{number}/").text
    assert [told.kind for told in story(draft, stream="procedure")] == [
        "ProcedureDrafted", "ProcedureReviewed", "ProcedurePublished", "ProcedureInForce",
    ]  # fmt: skip


def test_a_version_is_published_for_a_later_day_and_not_for_one_that_is_over(omar: Client, maria: Client) -> None:
    draft = changed(omar, version("closing"))
    maria.post(f"{PAGE}{draft}/review/")
    today = cast.today()
    over = maria.post(f"{PAGE}{draft}/publishing/", {"effective_on": (today - timedelta(days=1)).isoformat()})
    assert over.status_code == 422
    assert "That day is over" in over.text
    later = today + timedelta(days=9)
    maria.post(f"{PAGE}{draft}/publishing/", {"effective_on": later.isoformat()})
    assert queries.book().closing.acceptance_days == 7
    page = maria.get(f"{PAGE}?show=waiting").text
    assert "published for later" in page
    assert later.isoformat() in maria.get(f"{PAGE}{draft}/").text


def test_a_version_that_nobody_reviewed_is_not_published(omar: Client, maria: Client) -> None:
    draft = changed(omar, version("closing"))
    answer = maria.post(f"{PAGE}{draft}/publishing/")
    assert answer.status_code == 409
    assert "It goes from draft to reviewed to published" in answer.text
    assert queries.book().closing.acceptance_days == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("acceptance_days = \nclose_days = 14", "at line 1"),
        ("acceptance_days = 7\nclose_days = 14\nmore = 1", "Closing: more cannot be read"),
        ("acceptance_days = 7", "Closing: close_days cannot be read"),
        ("acceptance_days = -1\nclose_days = 14", "days must not be negative"),
        ("acceptance_days = 'soon'\nclose_days = 14", "Closing: acceptance_days cannot be read"),
        ('acceptance_days = 7\nclose_days = 14\nmore = "\\u0000"', "number 0"),
        ("acceptance_days = 7\nclose_days = 14", "It says what the version before it says"),
        ("a = " + "[" * 5000 + "]" * 5000, "This is no TOML"),
        ("acceptance_days = " + "9" * 5000, "This is no TOML"),
        ("acceptance_days = 2026-01-01\nclose_days = 14", "acceptance_days cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place_and_nothing_is_lost(omar: Client, text: str, said: str) -> None:
    number = version("closing")
    before = Document.objects.count()
    answer = drafted(omar, number, text)
    assert answer.status_code == 422
    assert said in faults(answer)
    assert answer.context["form"]["text"].value() == text
    assert Document.objects.count() == before


def test_checking_shows_what_would_change_and_keeps_nothing(omar: Client) -> None:
    number = version("closing")
    before = Document.objects.count()
    text = source(omar, number).replace("acceptance_days = 7", "acceptance_days = 9")
    answer = drafted(omar, number, text, check="1")
    assert answer.status_code == 200
    assert '<ins dir="auto">9 days</ins>' in answer.text
    assert '<del dir="auto">7 days</del>' in answer.text
    assert Document.objects.count() == before


def test_checking_a_letter_says_what_would_be_refused_at_publishing(omar: Client) -> None:
    number = version("template", "receipt_note.en")
    text = source(omar, number).replace('subject = "', 'subject = "{{ nmae }} ')
    assert "names nmae" in drafted(omar, number, text, check="1").text
    draft = changed(omar, number, 'subject = "', 'subject = "{{ nmae }} ')
    assert "names nmae" in omar.get(f"{PAGE}{draft}/preview/").text


def test_a_form_that_is_sent_twice_is_one_draft(omar: Client) -> None:
    number, token = version("closing"), "6f0c2d36-4f33-4c8c-8f0a-5b5f7f1d0a11"
    text = source(omar, number).replace("acceptance_days = 7", "acceptance_days = 9")
    answers = [drafted(omar, number, text, token=token).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(queries.history("closing", DEFAULT)) == 2


def test_who_begins_with_an_old_version_is_told(omar: Client) -> None:
    number = version("closing")
    changed(omar, number)
    assert "There is a newer version than the one you begin with" in omar.get(f"{PAGE}{number}/new/").text


def test_any_two_versions_are_compared_line_by_line_in_words(omar: Client) -> None:
    number = version("clocks")
    draft = changed(omar, number, 'kind = "acknowledge"\nhours = 24', 'kind = "acknowledge"\nhours = 20')
    ways = [omar.get(f"{PAGE}{a}/difference/?with={b}").text for a, b in ((draft, number), (number, draft))]
    for page in ways:
        assert "From version 1 to version 2" in page
        assert re.findall(r"<del dir=\"auto\">(.*?)</del>", page) == ["24 hours", "hours = 24"]
        assert re.findall(r"<ins dir=\"auto\">(.*?)</ins>", page) == ["20 hours", "hours = 20"]
        assert "Acknowledge · Time" in page
        assert page.count("added</td>") == page.count("removed</td>") == 1
    assert "Both versions say the same" in omar.get(f"{PAGE}{number}/difference/?with={number}").text
    other = version("closing")
    for wrong in (other, 0, "x", "9" * 30):
        assert omar.get(f"{PAGE}{number}/difference/?with={wrong}").status_code == 404


def test_a_letter_is_previewed_on_a_real_order_on_every_channel(mona: Client, reference: str) -> None:
    number = version("template", "acknowledgement.de")
    answer = mona.get(f"{PAGE}{number}/preview/", {"order": reference})
    assert "Guten Tag Ada Okafor," in answer.text
    assert "2 segments" in answer.text
    assert "GSM-7" in answer.text
    assert "Spreche ich mit Ada Okafor?" in answer.text
    assert f'src="{PAGE}{number}/preview/letter.html?order={reference}"' in answer.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in answer.text
    letter = mona.get(f"{PAGE}{number}/preview/letter.html", {"order": reference})
    assert "Guten Tag Ada Okafor," in letter.text
    assert "default-src 'none'" in letter.headers["Content-Security-Policy"]
    assert "script-src" not in letter.headers["Content-Security-Policy"]
    assert letter.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "M7K3-Q9XD-2C" in mona.get(f"{PAGE}{number}/preview/").text
    english = version("template", "acknowledgement.en")
    assert f'href="{PAGE}{english}/preview/?order={reference}">English</a>' in answer.text
    assert 'aria-current="true">German</a>' in answer.text


def test_a_preview_without_such_an_order_says_what_to_do(mona: Client) -> None:
    number = version("template", "acknowledgement.de")
    answer = mona.get(f"{PAGE}{number}/preview/", {"order": "M000-000-000 <b>{0}"})
    assert answer.status_code == 404
    assert "There is no order M000-000-000 &lt;b&gt;{0}" in answer.text
    assert mona.get(f"{PAGE}{version('clocks')}/preview/").status_code == 404


LETTER = {
    "subject": "Hello", "text": "Hello", "language": "en", "variables": {},
    "mjml": "<mjml><mj-body><mj-section><mj-column><mj-text>Hello</mj-text></mj-column></mj-section></mj-body></mjml>",
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"mjml": ""},
        {"mjml": "<mjml>"},
        {"mjml": "&bad; <mjml/>"},
        {"mjml": "<mjml><mj-body><mj-include path='/etc/hosts'/></mj-body></mjml>"},
        {"language": "../x"},
        {"variables": {"reference": "nonsense", "other": "nonsense"}},
        {"variables": ["nobody_knows"]},
        {"text": "{{ reference|evil }}"},
        {"text": "{% for x in y %}"},
        {"text": "{% include '/etc/hosts' %}"},
    ],
    ids=str,
)
def test_a_letter_that_cannot_be_written_is_a_draft_whose_pages_say_why(
    omar: Client, maria: Client, reference: str, wrong: dict[str, Any]
) -> None:
    draft = changed_to(omar, version("template", "receipt_note.en"), toml.spell({**LETTER, **wrong}))
    for page in ("", "preview/", f"preview/?order={reference}", "preview/letter.html", "new/"):
        answer = omar.get(f"{PAGE}{draft}/{page}")
        assert answer.status_code in {200, 422}
        assert "localhost" not in answer.text
    maria.post(f"{PAGE}{draft}/review/")
    if "language" not in wrong:
        answer = maria.post(f"{PAGE}{draft}/publishing/")
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text


def test_documents_that_were_looked_at_are_kept_as_they_are(mona: Client) -> None:
    numbers = [version("template", f"receipt_note.{language}") for language in ("en", "de")]
    Document.objects.filter(pk__in=numbers).update(review_due_on=cast.today() - timedelta(days=3))
    assert 'name="version"' in mona.get(PAGE).text
    answer = mona.post(f"{PAGE}keeping/", {"version": numbers}, follow=True)
    assert "2 documents stay as they are." in answer.text
    for number in numbers:
        card = queries.document(number)
        assert card is not None
        assert card.review_due_on == timezone.now().date() + timedelta(days=91)
        assert [told.kind for told in story(number, stream="procedure")][-1] == "ProcedureKept"


def test_a_draft_cannot_be_kept_and_nothing_marked_is_refused(omar: Client) -> None:
    draft = changed(omar, version("closing"))
    assert omar.post(f"{PAGE}keeping/", {"version": draft}).status_code == 409
    for nothing in ({}, {"version": "x"}):
        answer = omar.post(f"{PAGE}keeping/", nothing)
        assert answer.status_code == 422
        assert "No document was marked" in answer.text
    assert omar.post(f"{PAGE}keeping/", {"version": "9" * 18}).status_code == 404


def test_who_only_reads_changes_nothing_and_is_told_who_does(signed_in: SignedIn) -> None:
    number = version("closing")
    ida = signed_in("auditor", name="Ida")
    page = ida.get(f"{PAGE}{number}/").text
    assert "Your roles let you read it" in page
    assert '<form method="post"' not in page.partition("<main")[2]
    assert ida.get(f"{PAGE}{number}/new/").status_code == 403
    for verb in ("review", "publishing"):
        assert ida.post(f"{PAGE}{number}/{verb}/").status_code == 403


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 30])
def test_a_version_that_is_not_there_is_not_found(maria: Client, number: str) -> None:
    for page in ("", "new/", "difference/", "preview/", "preview/letter.html"):
        assert maria.get(f"{PAGE}{number}/{page}").status_code == 404
    for verb in ("review", "publishing"):
        assert maria.post(f"{PAGE}{number}/{verb}/").status_code == 404
