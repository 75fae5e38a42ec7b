"""From a draft to what is in force."""

import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from milepost.ground.journal.queries import breaks, story
from milepost.ground.procedures import commands, defaults, queries
from milepost.ground.procedures.models import Document
from milepost.ground.procedures.words import DEFAULT, DocumentDraft
from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MONA, MAX = (Act.now(f"staff:{number}", channel="desk", now=NOW) for number in (1, 2))


@pytest.fixture(autouse=True)
def _nothing_installed():
    Document.objects.all().delete()
    queries.forget_book()


def clocks(hours: int, **more) -> DocumentDraft:
    body = copy.deepcopy(dict(next(draft.body for draft in defaults.documents() if draft.kind == "clocks")))
    body["clocks"][0].update(hours=hours, **more)
    return DocumentDraft(kind="clocks", name=DEFAULT, body=body, note=f"{hours} hours")


def publish(*drafts: DocumentDraft, effective_on: date | None = None) -> list[int]:
    ids = commands.draft(drafts, act=MONA)
    commands.review(ids, act=MAX)
    commands.publish(ids, act=MAX, effective_on=effective_on)
    return ids


def hours() -> Decimal:
    return queries.book().clock("acknowledge").hours


@pytest.mark.clause("REV-1")
def test_what_is_published_is_what_the_code_reads_and_every_version_stays_with_author_and_date():
    assert hours() == 24
    publish(clocks(12))
    assert hours() == 12
    publish(clocks(6))
    assert hours() == 6
    newest, before = queries.history("clocks", DEFAULT)
    assert [(v.version, v.state, v.author, v.published_by, v.note) for v in (newest, before)] == [
        (2, "published", "staff:1", "staff:2", "6 hours"),
        (1, "retired", "staff:1", "staff:2", "12 hours"),
    ]
    assert newest.published_at == NOW
    assert newest.review_due_on == date(2027, 3, 2)


@pytest.mark.clause("REV-1")
def test_its_way_is_told_step_by_step():
    (one,) = publish(clocks(12))
    assert [fact.kind for fact in story(one, stream="procedure")] == [
        "ProcedureDrafted", "ProcedureReviewed", "ProcedurePublished", "ProcedureInForce",
    ]  # fmt: skip
    assert story(one, stream="procedure")[2].sentence == "clocks default: version 1 published, effective 2026-03-02"
    assert not list(breaks(stream_ids=[("procedure", one)]))


def test_a_draft_and_a_reviewed_version_change_nothing():
    ids = commands.draft([clocks(12)], act=MONA)
    assert hours() == 24
    commands.review(ids, act=MAX)
    assert hours() == 24


def test_no_step_is_left_out_or_taken_twice():
    (one,) = commands.draft([clocks(12)], act=MONA)
    with pytest.raises(Refused, match="draft cannot be published"):
        commands.publish([one], act=MAX)
    commands.review([one], act=MAX)
    with pytest.raises(Refused, match="reviewed cannot be reviewed"):
        commands.review([one], act=MAX)
    commands.publish([one], act=MAX)
    with pytest.raises(Refused, match="published cannot be published"):
        commands.publish([one], act=MAX)
    with pytest.raises(Refused, match="no such document"):
        commands.review([one + 999], act=MAX)


def test_nobody_reviews_their_own_draft():
    ids = commands.draft([clocks(12)], act=MONA)
    with pytest.raises(Refused) as refused:
        commands.review(ids, act=MONA)
    assert (refused.value.refusals[0].code, refused.value.status) == ("own_work", 409)


def test_a_version_with_a_future_day_waits_for_it():
    publish(clocks(12), effective_on=date(2026, 4, 1))
    assert hours() == 24
    assert commands.bring_into_force(date(2026, 3, 31), act=MAX) == 0
    assert commands.bring_into_force(date(2026, 4, 1), act=MAX) == 1
    assert hours() == 12
    assert commands.bring_into_force(date(2026, 4, 1), act=MAX) == 0


def test_what_points_to_nothing_is_not_published_and_what_was_in_force_stays():
    publish(clocks(12))
    ids = commands.draft([clocks(6, ladder="rope")], act=MONA)
    commands.review(ids, act=MAX)
    with pytest.raises(Refused) as refused, transaction.atomic():
        commands.publish(ids, act=MAX)
    assert refused.value.refusals[0].code == "dangling"
    assert hours() == 12
    assert queries.document(ids[0]).state == "reviewed"


def test_a_template_is_compiled_when_it_is_published():
    mjml = "<mjml><mj-body><mj-section><mj-column><mj-text>Hi {{ name }}</mj-text></mj-column></mj-section></mj-body></mjml>"
    body = {"subject": "Hi", "mjml": mjml, "text": "Hi {{ name }}", "variables": ["name"]}
    ids = publish(DocumentDraft(kind="template", name="receipt_note.en", body=body))
    assert "Hi {{ name }}" in queries.document(ids[0]).body["html"]
    template = queries.book().template("receipt_note")
    assert (template.name, template.version, template.variables) == ("receipt_note", 1, {"name": "any"})
    assert "<mj-text>" not in template.html
    bad = commands.draft(
        [DocumentDraft(kind="template", name="receipt_note.en", body={**body, "mjml": "<mjml>"})], act=MONA
    )
    commands.review(bad, act=MAX)
    with pytest.raises(Refused) as refused:
        commands.publish(bad, act=MAX)
    assert refused.value.refusals[0].code == "bad_mjml"


MJML = "<mjml><mj-body><mj-section><mj-column><mj-text>{words}</mj-text></mj-column></mj-section></mj-body></mjml>"


@pytest.mark.clause("NTF-3")
@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"text": "Dear {{ nmae }}"}, "undeclared", "text"),
        ({"mjml": MJML.format(words="{{ total }}")}, "undeclared", "mjml"),
        ({"sms": "{% if total %}x{% endif %}"}, "undeclared", "sms"),
        ({"phone": "{% for line in lines %}{{ line.prize }}{% endfor %}"}, "undeclared", "phone"),
        ({"subject": "{% now 'Y' %}"}, "bad_template", "subject"),
        ({"text": "{% if name %}"}, "bad_template", "text"),
        ({"variables": {"name": "text", "horoscope": "text"}}, "no_variable", "variables"),
        ({"variables": {"name": "poem"}}, "no_type", "variables"),
        ({"variables": {"name": "money"}}, "other_type", "variables"),
        ({"mjml": MJML.format(words="a < b")}, "bad_mjml", "mjml"),
    ],
)
def test_a_template_that_names_what_is_not_there_is_refused_when_it_is_published(
    change: dict[str, object], code: str, place: str
):
    body = {
        "subject": "Hi", "mjml": MJML.format(words="{{ name }}"), "text": "Hi {{ name }}",
        "variables": {"name": "text", "lines": "items"},
    }  # fmt: skip
    ids = commands.draft([DocumentDraft(kind="template", name="receipt_note.en", body={**body, **change})], act=MONA)
    commands.review(ids, act=MAX)
    with pytest.raises(Refused) as refused:
        commands.publish(ids, act=MAX)
    assert (refused.value.refusals[0].code, refused.value.refusals[0].field) == (code, place)
    assert queries.book().template("receipt_note").version == 0
    good = commands.draft([DocumentDraft(kind="template", name="receipt_note.en", body=body)], act=MONA)
    commands.review(good, act=MAX)
    commands.publish(good, act=MAX)
    assert queries.book().template("receipt_note").version == 2


@pytest.mark.clause("REV-1")
def test_a_template_that_is_kept_comes_due_again_a_quarter_later():
    body = {"subject": "Hi", "mjml": MJML.format(words="{{ name }}"), "text": "Hi", "variables": {"name": "text"}}
    (document_id,) = publish(DocumentDraft(kind="template", name="receipt_note.en", body=body))
    first = queries.document(document_id).review_due_on
    assert first is not None
    assert [one[1] for one in queries.due_for_review("template", first)] == ["receipt_note.en"]
    assert queries.due_for_review("template", first - timedelta(days=1)) == []
    later = Act.now("staff:9", channel="desk", now=MAX.at + timedelta(days=90))
    commands.keep([document_id], act=later)
    assert queries.due_for_review("template", first) == []
    assert queries.document(document_id).review_due_on == later.at.date() + timedelta(days=91)
    draft = commands.draft([DocumentDraft(kind="template", name="receipt_note.en", body=body)], act=MONA)
    with pytest.raises(Refused, match="cannot be kept"):
        commands.keep(draft, act=later)


def test_the_shipped_documents_are_installed_once(django_assert_max_num_queries):
    count = len(defaults.documents())
    with django_assert_max_num_queries(45):
        assert commands.install_defaults(MAX) == count
    with django_assert_max_num_queries(5):
        assert commands.install_defaults(MAX) == 0
    assert len(queries.documents()) == count
    assert queries.book().versions["clocks", DEFAULT] == 1
    assert replace(queries.book(), token=None, versions={}, templates={}) == replace(
        defaults.book(), token=None, versions={}, templates={}
    )


def test_a_newer_shipped_document_replaces_an_older_shipped_one_but_never_what_people_wrote(monkeypatch):
    commands.install_defaults(MAX)
    publish(clocks(12))
    closing = DocumentDraft(kind="closing", name=DEFAULT, body={"acceptance_days": 1, "close_days": 2})
    rest = tuple(draft for draft in defaults.documents() if draft.kind not in ("closing", "clocks"))
    newer = (closing, clocks(3), *rest)
    monkeypatch.setattr(defaults, "documents", lambda: newer)
    assert commands.install_defaults(MAX) == 1
    assert queries.book().closing.acceptance_days == 1
    assert hours() == 12


def test_within_a_transaction_the_book_costs_one_tiny_statement(django_assert_num_queries):
    publish(clocks(12))
    queries.book()
    queries.forget_book()
    queries.book()
    with django_assert_num_queries(0):
        for _ in range(3):
            assert hours() == 12


def test_a_publication_that_is_rolled_back_leaves_nothing_behind():
    publish(clocks(12))
    assert hours() == 12
    with pytest.raises(ZeroDivisionError):
        publish_and_fail()
    assert hours() == 12


@transaction.atomic
def publish_and_fail() -> None:
    publish(clocks(6))
    assert hours() == 6
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_from_transaction_to_transaction_the_book_is_parsed_once_and_a_new_edition_is_seen(django_assert_num_queries):
    publish(clocks(12))
    with transaction.atomic():
        first = queries.book()
    with transaction.atomic(), django_assert_num_queries(1):
        assert queries.book() is first
        assert queries.book() is first
    with django_assert_num_queries(2):
        assert queries.book() is queries.book()
    publish(clocks(6))
    with transaction.atomic():
        assert hours() == 6


@pytest.mark.clause("REV-1")
def test_an_author_goes_on_with_a_draft_until_somebody_has_reviewed_it():
    (one,) = commands.draft([clocks(12)], act=MONA)
    before = clocks(12).body
    commands.rewrite(one, clocks(10).body, act=MONA, seen=before, note="ten")
    (card,) = queries.history("clocks", DEFAULT)
    assert (card.version, card.body["clocks"][0]["hours"], card.note) == (1, 10, "ten")
    assert refused(commands.rewrite, one, clocks(9).body, act=MAX, seen=card.body) == ["not_yours"]
    assert refused(commands.rewrite, one, clocks(9).body, act=MONA, seen=before) == ["written_since"]
    assert refused(commands.rewrite, one, {"clocks": [{}]}, act=MONA, seen=card.body)[0] == "bad_document"
    commands.review([one], act=MAX)
    assert refused(commands.rewrite, one, clocks(9).body, act=MONA, seen=card.body) == ["not_now"]
    assert [fact.kind for fact in story(one, stream="procedure")][1] == "ProcedureRewritten"


@pytest.mark.clause("REV-1")
def test_who_publishes_names_what_was_in_force_when_they_looked():
    (first,) = publish(clocks(12))
    (later,) = commands.draft([clocks(10)], act=MONA)
    commands.review([later], act=MAX)
    (between,) = publish(clocks(11))
    assert refused(commands.publish, [later], act=MAX, instead_of={later: first}) == ["other_in_force"]
    assert refused(commands.publish, [later], act=MAX, instead_of={later: 0}) == ["other_in_force"]
    assert hours() == 11
    commands.publish([later], act=MAX, instead_of={later: between})
    assert hours() == 10


def test_what_would_point_to_nothing_is_said_before_it_is_published():
    assert queries.what_if("clocks", DEFAULT, clocks(12).body) == ()
    (one,) = queries.what_if("clocks", DEFAULT, clocks(12, ladder="nowhere").body)
    assert (one.code, one.values["name"]) == ("dangling", "nowhere")


def refused(verb, *args, **more) -> list[str]:
    with pytest.raises(Refused) as wrong:
        verb(*args, **more)
    return [one.code for one in wrong.value.refusals]
