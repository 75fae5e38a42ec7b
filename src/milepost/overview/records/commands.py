"""Verbs of the records office."""

from datetime import datetime
from itertools import groupby

from milepost.ground.duties import commands as duties
from milepost.ground.duties.words import Subject, Wanted
from milepost.kernel.acts import Act
from milepost.overview.records import queries
from milepost.overview.records.repairs import repair
from milepost.overview.records.words import Breach

SUBJECT, KIND = "audit", "it_repair"


def audit_notices(*, act: Act, repairing: bool = False) -> tuple[list[Breach], dict[str, int]]:
    """What is told is held against the books (NTF-4); with `repairing`, what can be is repaired, and the rest looked at once more.

    Return what is broken afterwards, and how much of each rule was seen to.
    """
    breaches = queries.audit(act.at, only_notices=True)
    if not (repairing and breaches):
        return breaches, {}
    done = repair(breaches, act=act)
    return queries.audit(act.at, only_notices=True), done


def audit_each_night(*, act: Act) -> list[Breach]:
    """Have IT look at each rule that is broken: one duty a rule, closed again when it holds."""
    breaches, _ = audit_notices(act=act)
    found = {rule: list(several) for rule, several in groupby(breaches, key=lambda breach: breach.rule)}
    duties.open_duties(
        [
            Wanted(
                kind=KIND, subject_kind=SUBJECT, subject_id=rule[:64],
                says=f"Broken: {rule} ({len(several)}). {several[0].says} Run milepost audit notices --repair.",
            )
            for rule, several in sorted(found.items())
        ],
        act=act,
    )  # fmt: skip
    hold = [Subject(SUBJECT, rule[:64]) for rule in queries.rules(only_notices=True) if rule not in found]
    duties.close_duties([KIND], subjects=hold, outcome="the rule holds", act=act)
    return breaches


def seen_at(now: datetime) -> Act:
    """The act of an audit."""
    return Act.now("system:audit", channel="worker", now=now)
