"""Templates are read again every quarter: one duty for all, which opens and closes by itself."""

from datetime import timedelta

import pytest

from milepost.ground.duties import queries as duties
from milepost.ground.duties.models import Duty
from milepost.ground.duties.words import DutyCard
from milepost.ground.procedures import commands as procedures
from milepost.ground.procedures import defaults, queries
from milepost.ground.procedures.models import Document
from milepost.ground.procedures.words import DocumentDraft
from milepost.kernel.acts import Act
from milepost.reactions import reviews
from tests.cast import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.clause("REV-1")]
MONA, MAX = (Act.now(f"staff:{number}", channel="desk", now=MONDAY) for number in (1, 2))
QUARTER = timedelta(days=91)


@pytest.fixture(autouse=True)
def _nothing_installed() -> None:
    Document.objects.all().delete()
    Duty.objects.all().delete()
    queries.forget_book()


def at(days: int) -> Act:
    return Act.now("staff:2", channel="desk", now=MONDAY + timedelta(days=days))


def published(*names: str) -> list[int]:
    bodies = {one.name: one.body for one in defaults.documents()}
    drafts = [DocumentDraft(kind="template", name=name, body={**bodies[name], "purpose": "Ours."}) for name in names]
    ids = procedures.draft(drafts, act=MONA)
    procedures.review(ids, act=MAX)
    procedures.publish(ids, act=MAX)
    return ids


def on_the_desk() -> list[DutyCard]:
    return [one for one in duties.open_duties(["customer_service", "management"]) if one.kind.startswith("review")]


def test_nothing_is_on_a_desk_until_the_quarter_draws_to_its_end() -> None:
    published("receipt_note.en", "receipt_note.de")
    assert reviews.open_review((MONDAY + timedelta(days=70)).date(), act=at(70)) == 0
    assert on_the_desk() == []


def test_the_review_of_all_templates_is_one_duty_that_ends_when_the_last_was_looked_at() -> None:
    first, second = published("receipt_note.en", "receipt_note.de")
    for _ in range(2):
        assert reviews.open_review((MONDAY + timedelta(days=80)).date(), act=at(80)) == 2
    (duty,) = on_the_desk()
    assert (duty.kind, duty.due_at.date()) == ("review_templates", (MONDAY + QUARTER).date())
    procedures.keep([first], act=at(81))
    assert len(on_the_desk()) == 1
    procedures.keep([second], act=at(82))
    assert on_the_desk() == []
    assert reviews.open_review((MONDAY + timedelta(days=83)).date(), act=at(83)) == 0
    assert queries.document(second).review_due_on == (MONDAY + timedelta(days=82) + QUARTER).date()


def test_a_new_version_is_a_review_too() -> None:
    published("receipt_note.en")
    reviews.open_review((MONDAY + timedelta(days=90)).date(), act=at(90))
    bodies = {one.name: one.body for one in defaults.documents()}
    mona = Act.now("staff:1", channel="desk", now=at(90).at)
    body = {**bodies["receipt_note.en"], "subject": "We have it: {{ reference }}"}
    ids = procedures.draft([DocumentDraft(kind="template", name="receipt_note.en", body=body)], act=mona)
    procedures.review(ids, act=at(90))
    procedures.publish(ids, act=at(90))
    assert on_the_desk() == []


def test_another_procedure_that_is_kept_comes_back_by_its_own_duty() -> None:
    body = next(one.body for one in defaults.documents() if one.kind == "closing")
    ids = procedures.draft([DocumentDraft(kind="closing", name="default", body=body)], act=MONA)
    procedures.review(ids, act=MAX)
    procedures.publish(ids, act=MAX)
    (first,) = on_the_desk()
    procedures.keep(ids, act=at(300))
    (second,) = on_the_desk()
    assert (first.kind, second.kind) == ("review_procedure", "review_procedure")
    assert second.due_at.date() == (MONDAY + timedelta(days=300 + 365)).date()
