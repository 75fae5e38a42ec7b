"""The two pages on which a new version is written: as a form, and as text. What is typed on one goes over to the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from milepost.faces.desk.people import people
from milepost.faces.desk.procedures.drafting.changes import changed
from milepost.faces.desk.procedures.drafting.drawing import Drawing, Node, opened
from milepost.faces.desk.procedures.drafting.examining import ROOT
from milepost.faces.desk.procedures.drafting.keeping import TEMPLATE, Noting, Writing, faults, is_own_draft
from milepost.faces.desk.procedures.drafting.known import known
from milepost.faces.desk.procedures.drafting.making import form_of
from milepost.faces.desk.procedures.drafting.shapes import Record
from milepost.faces.desk.procedures.versions import order_named
from milepost.ground.procedures import queries
from milepost.ground.procedures.words import KINDS, DocumentCard
from milepost.kernel.refusals import Refusal, Refused
from milepost.reactions.letters import previews


@dataclass(frozen=True, kw_only=True)
class Written:
    """A form as it stands: what it began with, what was typed, and what the answer says about it."""

    base: DocumentCard
    shape: Record
    typed: dict[str, Any]
    form: Noting
    wrong: Mapping[str, Sequence[Refusal]] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    body: Mapping[str, Any] | None = None
    """What was typed, where it was looked at and can be read."""
    focus: str = ""
    status: int = 200


def show_record(request: HttpRequest, base: DocumentCard, record: Any, form: Noting) -> HttpResponse:
    """A record in its form."""
    shape = form_of(base.kind)
    typed = shape.filled(record)
    opened(shape, typed)
    return show_form(request, Written(base=base, shape=shape, typed=typed, form=form))


def show_form(request: HttpRequest, written: Written) -> HttpResponse:
    """A form as it stands."""
    names = known(queries.book())
    nodes = Drawing(known=names, wrong=written.wrong).fields(written.shape, written.typed, ROOT)
    shown = {
        "nodes": nodes, "refusals": written.refusals, "focus": written.focus, "is_letter": written.base.kind == TEMPLATE,
        "lists": [(source, names[source]) for source in _suggested(nodes) if source in names],
        **_about(request, written.base, written.form, written.body), **_seen(request, written),
    }  # fmt: skip
    return render(request, "desk/procedure_form.html", shown, status=written.status)


def show_text(
    request: HttpRequest, base: DocumentCard, form: Writing, *, body: Mapping[str, Any] | None = None,
    refusals: tuple[Refusal, ...] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    """A new version as text."""
    shown = {"refusals": refusals, **_about(request, base, form, body)}
    return render(request, "desk/procedure_new.html", shown, status=status)


def _about(request: HttpRequest, base: DocumentCard, form: Noting, body: Mapping[str, Any] | None) -> dict[str, Any]:
    """What both pages tell: of the document, and of what was typed where that was looked at."""
    told: dict[str, Any] = {
        "base": base, "title": KINDS[base.kind], "form": form, "people": people(), "is_mine": is_own_draft(request, base),
        "newer": [one for one in queries.history(base.kind, base.name) if one.version > base.version],
        "checked": body is not None,
    }  # fmt: skip
    if body is not None:
        told["changes"] = changed(base.kind, base.body, body, known(queries.book()))
        told["faults"] = tuple(faults(base, body))
    return told


def _suggested(nodes: Iterable[Node]) -> list[str]:
    """The sources of suggestions that the fields of a form need."""
    found: set[str] = set()
    for node in nodes:
        found |= {node.suggestions, *_suggested(node.parts)}
        for row in node.rows:
            found |= set(_suggested((*row.parts, *((row.key,) if row.key else ()))))
    return sorted(found - {""})


def _seen(request: HttpRequest, written: Written) -> dict[str, Any]:
    """A letter as it would be sent, as it stands in the form."""
    if written.base.kind != TEMPLATE or written.body is None:
        return {}
    try:
        order_id = order_named(request, request.POST.get("order", "").strip()[:100])
        return {"seen": previews.preview_of(written.base, written.body, order_id, now=timezone.now())}
    except Refused as refused:
        return {"unseen": refused.refusals}
