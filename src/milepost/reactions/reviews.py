"""The quarterly review of templates: one duty for all whose day has come, which closes itself when each was looked at (REV-1)."""

from datetime import date, time, timedelta

from milepost.ground.duties import commands as duties
from milepost.ground.duties.words import Subject, Wanted
from milepost.ground.journal.commands import Handler
from milepost.ground.procedures import queries as procedures
from milepost.ground.procedures.facts import ProcedureFact, ProcedureInForce, ProcedureKept
from milepost.kernel.acts import Act
from milepost.kernel.facts import Fact

KIND = "review_templates"
TEMPLATE = "template"
ALL_TEMPLATES = Subject("templates", "all")
AHEAD = timedelta(days=14)
"""How long before its day a review is put on a desk."""


def open_review(on: date, *, act: Act) -> int:
    """Put the review on its desk where a template's day is near or past; how many templates it is about. The worker calls it
    daily. Two statements where nothing is due."""
    due = procedures.due_for_review(TEMPLATE, on + AHEAD)
    if due:
        calendar = procedures.book().calendar()
        duties.open_duties(
            [
                Wanted(
                    kind=KIND, subject_kind=ALL_TEMPLATES.kind, subject_id=ALL_TEMPLATES.id,
                    due_at=calendar.at(due[0][2], time(17)),
                    data={"templates": len(due), "first": due[0][1], "due_on": due[0][2].isoformat()},
                )
            ],
            act=act,
        )  # fmt: skip
    return len(due)


def reviewed(facts: list[ProcedureFact], act: Act) -> None:
    """A review was recorded, or a new version came into force: where no template's day is near any more, it is done."""
    about_one = any(fact.kind_of_document == TEMPLATE for fact in facts)
    if about_one and not procedures.due_for_review(TEMPLATE, act.at.date() + AHEAD):
        duties.close_duties([KIND], subjects=[ALL_TEMPLATES], outcome="all templates were reviewed", act=act)


FOLLOWS: dict[type[Fact], tuple[Handler, ...]] = {ProcedureKept: (reviewed,), ProcedureInForce: (reviewed,)}
