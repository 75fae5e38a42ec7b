"""The language of templates: what it knows, what it refuses, and how it keeps directions apart."""

from typing import Any

import pytest

from milepost.ground.procedures import variables
from milepost.ground.procedures.templating import BadTemplate, Form, Missing, compile_text, tidy

PLAIN, HTML = Form(html=False), Form(html=True)
TYPES = {**variables.VOCABULARY, "it": "any"}


def write(source: str, form: Form = PLAIN, **values: Any) -> str:
    return compile_text(source, form, TYPES).write(values)


@pytest.mark.parametrize(
    ("source", "values", "written"),
    [
        ("Dear {{ name }},", {"name": "Ada & Co"}, "Dear Ada & Co,"),
        ("{% if name %}a{% else %}b{% endif %}", {"name": ""}, "b"),
        ("{% if is_short and not no_answer_came %}a{% elif name %}c{% endif %}",
         {"is_short": False, "name": "x", "no_answer_came": False}, "c"),
        ("{% for line in lines %}{{ forloop.counter }}{{ line.code }}{% if not forloop.last %}, {% endif %}{% endfor %}",
         {"lines": [{"code": "A"}, {"code": "B"}]}, "1A, 2B"),
        ("{% for line in lines %}x{% empty %}none{% endfor %}", {"lines": []}, "none"),
        ("{{ lines|length }} {{ reference|urlencode }} {{ support_phone|dialled }}",
         {"lines": [1, 2], "reference": "A B", "support_phone": "+49 (30) 9"}, "2 A%20B +49309"),
        ("{% if lines|length == 2 %}two{% endif %}", {"lines": [1, 2]}, "two"),
        ("{# a remark #}{% comment %}more{% endcomment %}x", {}, "x"),
    ],
)  # fmt: skip
def test_a_template_writes_what_it_says(source: str, values: dict[str, Any], written: str) -> None:
    assert write(source, **values) == written


def test_values_are_text_and_never_markup_or_template() -> None:
    nasty = "<b>\"'&</b>{{ name }}"
    assert write("<p>{{ name }}</p>", HTML, name=nasty) == "<p>&lt;b&gt;&quot;&#x27;&amp;&lt;/b&gt;{{ name }}</p>"
    assert write("{{ name }}", name=nasty) == nasty


@pytest.mark.parametrize(
    "source",
    [
        "{% if %}", "{% nonsense %}",
        "{{ name|nonsense }}", "{{ name|upper }}", "{% include 'none.html' %}", "{% include name %}",
        "{% for a, b in lines %}{% endfor %}", "{% with a=name %}{% endwith %}", "{% if name in lines %}{% endif %}",
        "{{ name._x }}",
        '{% include "items.html" with lines=1 %}', "{% for %}{% endfor %}",
    ],
)  # fmt: skip
def test_what_is_not_of_the_language_is_refused(source: str) -> None:
    with pytest.raises(BadTemplate):
        compile_text(source, PLAIN, TYPES)


@pytest.mark.parametrize(
    "source", ["{{ name }}", "{% if name %}x{% endif %}", "{% for one in lines %}{% endfor %}", "{{ offer.until }}"]
)
def test_a_variable_that_is_not_there_is_an_error_and_never_an_empty_place(source: str) -> None:
    with pytest.raises(Missing):
        write(source)
    with pytest.raises(Missing):
        write(source, offer={})


def test_it_knows_every_name_and_every_field_that_does_not_exist() -> None:
    source = (
        "{{ nmae }}{% for line in lines %}{{ line.price }}{{ line.prize }}{% endfor %}{% if offer.till %}x{% endif %}"
    )
    compiled = compile_text(source, PLAIN, {"lines": "items", "offer": "offer"})
    assert compiled.unknown == {"nmae", "line.prize", "offer.till"}
    assert compiled.named == {"lines", "offer"}


def test_what_runs_the_other_way_is_isolated_but_not_in_addresses_and_titles() -> None:
    arabic = Form(html=True, language="ar")
    ltr = '<bdi dir="ltr" style="unicode-bidi:isolate;">M-1</bdi>'
    assert write("<p>{{ reference }}</p>", arabic, reference="M-1") == f"<p>{ltr}</p>"
    assert (
        write("<p>{{ name }}</p>", arabic, name="Ada")
        == '<p><bdi dir="auto" style="unicode-bidi:isolate;">Ada</bdi></p>'
    )
    assert write('<a href="{{ reference }}">{{ reference }}</a>', arabic, reference="M-1") == f'<a href="M-1">{ltr}</a>'
    assert write("<title>{{ reference }}</title><p>{{ reference }}", arabic, reference="M-1") == (
        f"<title>\u2066M-1\u2069</title><p>{ltr}"
    )
    plain = Form(html=False, language="ar")
    assert (
        write("{{ reference }} {{ track_link }}", plain, reference="M-1", track_link="https://x/")
        == "\u2066M-1\u2069 https://x/"
    )
    assert write("{{ reference }}", PLAIN, reference="M-1") == "M-1"


def test_sides_follow_the_language() -> None:
    source = "{% start %} {% end %}"
    assert write(source) == "left right"
    assert write(source, Form(html=False, language="ar")) == "right left"


def test_a_tidy_text_has_neither_gaps_nor_blanks_at_the_ends_of_lines() -> None:
    assert tidy("\n a  \n\n \n\nb \n") == "a\n\nb\n"


@pytest.mark.parametrize(
    ("kind", "value", "wrong"),
    [
        ("text", 1, "is no text"), ("link", "javascript:alert(1)", "is no link"), ("link", "", ""),
        ("yes_no", "yes", "is no yes no"),
        ("number", True, "is no number"), ("texts", "abc", "is no list of texts"),
        ("texts", [1], "holds something else than texts"),
        ("items", [{"code": "A"}], "lacks name"), ("offer", None, ""), ("offer", {"until": 1}, "has until, which is no day"),
        ("news", [{"reference": "A", "says": "x", "link": "https://x/"}], ""), ("email", "nobody", "is no email"),
    ],
)  # fmt: skip
def test_a_value_is_of_its_type_or_it_is_said_what_is_wrong(kind: str, value: Any, wrong: str) -> None:
    assert variables.fault(value, kind) == wrong


@pytest.mark.parametrize("kind", sorted(variables.TYPES))
def test_each_type_has_an_example_of_itself(kind: str) -> None:
    assert variables.fault(variables.example(kind), kind) == ""


def test_every_variable_has_a_type_that_exists() -> None:
    assert set(variables.VOCABULARY.values()) <= variables.TYPES
