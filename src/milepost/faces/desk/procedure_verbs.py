"""What people do with procedures: write a new version, review, publish, keep as it is. Nothing is edited in place (REV-1)."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from milepost.faces.desk import who
from milepost.faces.desk.forms import Drafting, Publishing, first_errors
from milepost.faces.desk.procedures import TEMPLATE, document_or_404, said, shown_all, shown_one
from milepost.faces.look import toml
from milepost.faces.look.differences import Line, difference
from milepost.faces.look.sheets import COMPILED, arranged
from milepost.faces.look.typed import number_in
from milepost.faces.sent_once import once
from milepost.ground.procedures import commands, queries
from milepost.ground.procedures.proof import template_faults
from milepost.ground.procedures.rules import compile_mjml, read
from milepost.ground.procedures.words import KINDS, DocumentCard, DocumentDraft
from milepost.kernel.refusals import Refusal, Refused

NOTHING_CHANGED = Refusal(
    code="nothing_changed", says="It says what the version before it says.", do="Change something, or keep that one.",
    field="text", status=422,
)  # fmt: skip
NONE_CHOSEN = Refusal(code="none_chosen", says="No document was marked.", do="Mark those that you have looked at.")


@who.needs("procedures.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, version_id: int) -> HttpResponse:
    """Write a new version, beginning with what another one says; look at what it changes before it is kept."""
    base = document_or_404(version_id)
    if request.method != "POST":
        return _show_form(request, base, Drafting(initial={"text": toml.spell(said(base)), "token": uuid4()}))
    form = Drafting(request.POST)
    if not form.is_valid():
        return _show_form(request, base, form, refusals=tuple(first_errors(form)), status=422)
    try:
        body = _understood(base, form.cleaned_data["text"])
        if "check" in request.POST:
            return _show_form(request, base, form, body=body)
        draft = _kept(request, base, form, body)
    except Refused as refused:
        status = 200 if "check" in request.POST else refused.status
        return _show_form(request, base, form, refusals=refused.refusals, status=status)
    messages.success(request, _("Kept as a draft. A colleague reviews it."))
    return redirect("desk:procedure", draft)


def _understood(base: DocumentCard, text: str) -> dict[str, Any]:
    """What the text says as a body of the document's kind, and says otherwise than the base."""
    body = {name: value for name, value in toml.understand(text).items() if name != COMPILED}
    sheet = read(base.kind, body)
    if sheet == _as_it_was(base):
        raise Refused(NOTHING_CHANGED)
    return body


def _as_it_was(base: DocumentCard) -> Any:
    try:
        return read(base.kind, {name: value for name, value in base.body.items() if name != COMPILED})
    except Refused:
        return None


def _kept(request: HttpRequest, base: DocumentCard, form: Drafting, body: dict[str, Any]) -> int:
    note = form.cleaned_data["note"]
    draft = DocumentDraft(kind=base.kind, name=base.name, body=body, note=note)
    act = who.act(request, reason=note)
    sent = once(
        lambda: str(commands.draft([draft], act=act)[0]), sender=act.actor,
        token=form.cleaned_data["token"] or uuid4(), body=form.cleaned_data["text"].encode(), now=act.at,
    )  # fmt: skip
    return int(sent.answer)


def _show_form(
    request: HttpRequest, base: DocumentCard, form: Drafting, *, body: dict[str, Any] | None = None,
    refusals: tuple[Refusal, ...] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    versions = queries.history(base.kind, base.name)
    return render(
        request, "desk/procedure_new.html",
        {
            "base": base, "title": KINDS[base.kind], "form": form, "refusals": refusals, "checked": body is not None,
            "lines": _changes(base, body) if body is not None else (),
            "faults": tuple(_faults(base.kind, body)) if body is not None else (),
            "newer": [one for one in versions if one.version > base.version],
        },
        status=status,
    )  # fmt: skip


def _changes(base: DocumentCard, body: dict[str, Any]) -> list[Line]:
    return difference(toml.spell(said(base)), toml.spell(arranged(body, read(base.kind, body))))


def _faults(kind: str, body: dict[str, Any]) -> Iterator[Refusal]:
    """What would be refused when a template is published."""
    if kind != TEMPLATE:
        return
    try:
        html = compile_mjml(body["mjml"])
    except Refused as refused:
        yield from refused.refusals
        return
    yield from template_faults(read(kind, body), html)


@who.needs("procedures.review")
@require_POST
def review(request: HttpRequest, version_id: int) -> HttpResponse:
    """Say that I have read somebody else's draft and agree."""
    document_or_404(version_id)
    try:
        commands.review([version_id], act=who.act(request))
    except Refused as refused:
        return shown_one(request, version_id, refusals=refused.refusals, status=refused.status)
    messages.success(request, _("Reviewed. It can be published now."))
    return redirect("desk:procedure", version_id)


@who.needs("procedures.publish")
@require_POST
def publish(request: HttpRequest, version_id: int) -> HttpResponse:
    """Sign a reviewed version, in force from a day on or at once."""
    document_or_404(version_id)
    form = Publishing(request.POST)
    if not form.is_valid():
        return shown_one(request, version_id, form=form, status=422)
    day = form.cleaned_data["effective_on"]
    try:
        commands.publish([version_id], act=who.act(request), effective_on=day)
    except Refused as refused:
        return shown_one(request, version_id, form=form, refusals=refused.refusals, status=refused.status)
    later = day is not None and day > timezone.localdate()
    messages.success(request, _("Published. It counts from that day on.") if later else _("Published and in force."))
    return redirect("desk:procedure", version_id)


@who.needs("procedures.draft")
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Record that documents in force were looked at again and stay as they are: one, or those that are marked."""
    chosen = list(dict.fromkeys(number for value in request.POST.getlist("version") if (number := number_in(value))))
    if not chosen:
        return shown_all(request, refusals=(NONE_CHOSEN,), status=NONE_CHOSEN.status)
    try:
        commands.keep(chosen, act=who.act(request, reason=request.POST.get("reason", "").replace("\x00", "")[:300]))
    except Refused as refused:
        return shown_all(request, refusals=refused.refusals, status=refused.status)
    kept = ngettext("%(count)s document stays as it is.", "%(count)s documents stay as they are.", len(chosen))
    messages.success(request, kept % {"count": len(chosen)})
    return redirect("desk:procedure", chosen[0]) if len(chosen) == 1 else redirect("desk:procedures")
