"""Every kind of duty that anything opens has its next step."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import resolve

import milepost
from milepost.faces.desk.my_desk.next_steps import BY_KIND, IDLE, STEPS, step_of
from milepost.faces.desk.order.verbs import BY_NAME
from milepost.ground.access.words import PERMISSIONS
from milepost.ground.duties.words import DutyCard
from milepost.ground.procedures import defaults

SOMETHING = "12345678-1234-5678-1234-567812345678"
ROOT = Path(milepost.__file__).parent
OPENS = {"Wanted": "kind", "opens": 0}
"""Calls that name the kind of a duty: by which word, or at which place."""


def calls(tree: ast.AST) -> Iterator[ast.expr]:
    """What stands for the kind in each of those calls."""
    for node in ast.walk(tree):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in OPENS:
            named = [word.value for word in node.keywords if word.arg == OPENS[name]]
            yield from named or (node.args[:1] if OPENS[name] == 0 else [])


def kinds_in(path: Path) -> Iterator[str]:
    """The kinds that a module opens: constants as they stand, names as the module knows them."""
    module = ".".join(("milepost", *path.relative_to(ROOT).with_suffix("").parts))
    for said in calls(ast.parse(path.read_text())):
        for one in ast.walk(said):
            if (
                isinstance(one, ast.Constant)
                and isinstance(one.value, str)
                and isinstance(said, ast.Constant | ast.IfExp)
            ):
                yield one.value
            elif isinstance(one, ast.Name) and one.id.isupper():
                yield str(getattr(importlib.import_module(module), one.id))


def opened() -> dict[str, str]:
    """Every kind that the code opens, with where; those of troubles and repairs stand in tables of their rooms."""
    from milepost.ground.arrivals import ports
    from milepost.ground.notices.commands import trouble

    found = dict.fromkeys(trouble.KINDS.values(), "trouble")
    found |= dict.fromkeys((ports.REPAIR_BY_CLERK, ports.REPAIR_BY_IT), "arrivals")
    for path in ROOT.rglob("*.py"):
        text = path.read_text()
        if "tests" not in path.parts and "duties" in text and ("Wanted(" in text or "opens(" in text):
            found |= {kind: str(path.relative_to(ROOT)) for kind in kinds_in(path) if kind in text and kind.islower()}
    return found


def test_every_kind_that_anything_opens_has_a_next_step():
    found = opened()
    assert {
        "acknowledge",
        "pack",
        "settle_hold",
        "call_customer",
        "repair_link",
        "check_notice",
        "review_templates",
    } <= found.keys()
    assert {kind: where for kind, where in found.items() if kind not in BY_KIND} == {}


def test_every_kind_that_has_a_clock_has_a_next_step():
    assert set(defaults.book().clocks) - BY_KIND.keys() == set()


def test_the_table_names_only_verbs_and_permissions_that_there_are():
    assert {verb for step in STEPS for verb in step.verbs} <= BY_NAME.keys()
    assert {step.permission for step in STEPS} <= PERMISSIONS.keys()
    assert len(BY_KIND) == len(STEPS)
    assert "answer_questions" in IDLE


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.kind)
def test_every_page_of_a_next_step_is_an_address_of_the_desk(step):
    card = DutyCard(
        id=None, order_id=7, subject_kind="subscription", subject_id=SOMETHING, kind=step.kind,
        role="fulfilment", assignee=None, says="x", opened_at=None, due_at=None, level=0, warned=0, snoozed_until=None,
        snoozed_because="", closed_at=None, closed_by="", outcome="", data={"source": "document", "request": SOMETHING},
    )  # fmt: skip
    address = step.page(card, "M000-000-000") if step.page else "/desk/"
    assert not address or resolve(address.partition("#")[0]).app_name == "desk"
    assert str(step.label)
    assert str(step.do)


def test_a_kind_that_only_this_house_knows_is_looked_at_and_settled_in_words():
    assert step_of("dance").verbs == ()
