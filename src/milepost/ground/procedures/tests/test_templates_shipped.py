"""Letters that ship with the house: every one in every language, saying the same, naming only what there is."""

import re
from functools import cache

import pytest

from milepost.ground.procedures import assembling, variables
from milepost.ground.procedures.assembling import LANGUAGES, as_text
from milepost.ground.procedures.proof import template_faults
from milepost.ground.procedures.rules import compile_mjml, read
from milepost.ground.procedures.templating import RIGHT_TO_LEFT, Form, compile_text
from milepost.ground.procedures.words import TemplateSheet
from milepost.kernel.sms import measure

LETTERS = sorted({name.rpartition(".")[0] for name in assembling.names()})
TO_STAFF = {"hold_notice", "escalation"}
WITHOUT_LINK = {"request_note", "unreadable_mail", "sign_in_code", "cancellation", "supplier_notice"} | TO_STAFF
WITHOUT_LINK |= {"questions", "questions_reminder", "link_code"}
WITHOUT_ORDER = {"unreadable_mail", "sign_in_code", "digest"}


@cache
def sheet(name: str) -> TemplateSheet:
    found = read("template", assembling.document(name).body)
    assert isinstance(found, TemplateSheet)
    return found


@pytest.mark.clause("NTF-3")
@pytest.mark.parametrize("name", assembling.names())
def test_a_letter_fetches_nothing_from_anybody_and_names_only_what_there_is(name: str) -> None:
    one = sheet(name)
    html = compile_mjml(one.mjml)
    fetched = re.findall(r"""(?:src=|url\(|@import|<link[^>]*href=)["'(\s]*(https?://[^"')\s]+)""", html)
    assert fetched == []
    assert [fault.sentence for fault in template_faults(one, html)] == []
    assert "[[" not in html + one.text + one.sms + one.phone + one.subject


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_there_in_every_language_and_names_the_same_in_each(letter: str) -> None:
    named = {}
    for language in LANGUAGES:
        one = sheet(f"{letter}.{language}")
        assert one.language == language
        parts = ((one.subject, False), (one.text, False), (one.sms, False), (one.phone, False), (one.mjml, True))
        named[language] = [
            sorted(compile_text(source, Form(html=html), one.typed).named - {"line"}) for source, html in parts
        ]
        assert set().union(*named[language]) == set(one.typed), (
            "a variable is declared and not used, or the other way round"
        )
    assert all(names == named["en"] for names in named.values())
    texts = {sheet(f"{letter}.{language}").text for language in LANGUAGES}
    assert len(texts) == len(LANGUAGES), "a letter was not translated"


@pytest.mark.clause("NTF-6")
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_says_where_to_ask_and_where_to_look(letter: str) -> None:
    for language in LANGUAGES:
        one = sheet(f"{letter}.{language}")
        assert "{{ support_email }}" in one.text
        assert "{{ support_phone }}" in one.text
        assert "{{ reference }}" in one.subject or letter in WITHOUT_ORDER
        assert "track_link" in one.typed or letter in WITHOUT_LINK | WITHOUT_ORDER
        if letter not in {"unreadable_mail", "digest"}:
            assert one.sms.startswith("{{ brand }}")
        if "reference" in one.typed:
            assert "{{ support_phone }}" in one.phone


@pytest.mark.parametrize("name", [name for name in assembling.names() if name.endswith(tuple(RIGHT_TO_LEFT))])
def test_a_letter_that_runs_from_right_to_left_says_so_and_keeps_numbers_apart(name: str) -> None:
    one = sheet(name)
    html = compile_mjml(one.mjml)
    assert 'dir="rtl"' in html.partition(">")[0] + html.partition("<html")[2].partition(">")[0]
    values = {key: variables.example(kind) for key, kind in one.typed.items()}
    written = compile_text(html, Form(html=True, language="ar"), one.typed).write(values)
    assert "text-align:right" in written
    assert "direction:rtl" in written
    if "reference" in one.typed:
        assert '<bdi dir="ltr" style="unicode-bidi:isolate;">M7K3-Q9XD-2C</bdi>' in written
        assert "\u2066M7K3-Q9XD-2C\u2069" in compile_text(one.text, Form(html=False, language="ar"), one.typed).write(
            values
        )
    assert "<bdi" not in written.partition("<title>")[2].partition("</title>")[0]
    assert not re.search(r'(?:href|style)="[^"]*<bdi', written)


@pytest.mark.parametrize("letter", [one for one in LETTERS if one not in {"unreadable_mail", "digest"}])
def test_an_sms_in_english_is_short(letter: str) -> None:
    one = sheet(f"{letter}.en")
    values = {key: variables.example(kind) for key, kind in one.typed.items()}
    link = "https://shop.example/t/AQAAAAAAAAB7AAAABgAAAGQ1Zj3Kd0y8mZbW2w/"
    values |= {key: link for key, kind in one.typed.items() if kind == "link"} | {"brand": "Okafor Tea"}
    measured = measure(compile_text(one.sms, Form(html=False), one.typed).write(values))
    assert (measured.encoding, measured.segments <= 2) == ("GSM-7", True)


def test_the_text_of_a_letter_is_made_of_its_mjml() -> None:
    mjml = """<mjml><mj-body><mj-section><mj-column>
    <mj-text>Dear <strong>{{ name }}</strong>,<br />write to <a href="mailto:a@b.example">a@b.example</a>, look
      <a href="{{ link }}">here</a>.</mj-text>
    <mj-raw>{% if more %}</mj-raw><mj-button href="{{ link }}">Look &amp; see</mj-button><mj-raw>{% endif %}</mj-raw>
    <mj-table>{% include "items.html" %}</mj-table></mj-column></mj-section></mj-body></mjml>"""
    assert as_text(mjml) == (
        "Dear {{ name }},\nwrite to a@b.example, look here: {{ link }}.\n\n"
        "{% if more %}Look & see:\n{{ link }}\n\n{% endif %}"
        '{% include "items.txt" %}\n'
    )
