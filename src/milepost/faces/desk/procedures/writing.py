"""A new version of a procedure as a form, or as text: rows are changed, added, removed; errors stand at their fields; nothing
typed is lost; a draft is kept and gone on with (REV-1)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from milepost.faces.desk import who
from milepost.faces.desk.forms import first_errors
from milepost.faces.desk.procedures.drafting.examining import ROOT, Examined, examine, typed_in, within
from milepost.faces.desk.procedures.drafting.keeping import Noting, Writing, begun_with, kept, record_of
from milepost.faces.desk.procedures.drafting.making import form_of
from milepost.faces.desk.procedures.drafting.pages import Written, show_form, show_record, show_text
from milepost.faces.desk.procedures.drafting.places import sent
from milepost.faces.desk.procedures.drafting.shapes import after
from milepost.faces.desk.procedures.versions import document_or_404, framed, letter_or_404, order_named, said
from milepost.faces.look import toml
from milepost.faces.look.sheets import COMPILED, arranged
from milepost.ground.procedures.rules import read
from milepost.ground.procedures.words import DocumentCard
from milepost.kernel.refusals import Refusal, Refused
from milepost.reactions.letters import previews

FIELDS_WRONG = Refusal(
    code="fields_wrong",
    says="Something is wrong or missing.",
    do="The fields that are marked say what to do.",
    status=422,
)


@who.needs("procedures.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, version_id: int) -> HttpResponse:
    """Write a new version, beginning with what another one says, or go on with a draft of one's own."""
    base = document_or_404(version_id)
    if request.method != "POST":
        try:
            return show_record(request, base, record_of(base), Noting(initial=begun_with(request, base)))
        except Refused:
            return redirect("desk:procedure_as_text", base.id)
    shape, do = form_of(base.kind), request.POST.get("do", "check")
    form = Noting(request.POST) if do == "keep" else _loose(request)
    written = Written(base=base, shape=shape, typed=typed_in(shape, sent(request.POST.lists())), form=form)
    if ":" in do:
        return show_form(request, _moved(written, do))
    found = examine(base.kind, shape, written.typed)
    if do == "keep":
        return _keep(request, written, found)
    if do == "as_text" and found.is_good:
        return show_text(request, base, _as_text(request, base, found.body))
    return show_form(request, _checked(written, found))


def _loose(request: HttpRequest) -> Noting:
    """What was typed into a form that is not yet kept, so nothing of it is wrong yet."""
    return Noting(initial={name: request.POST.get(name, "")[:1000] for name in Noting.base_fields})


def _moved(written: Written, do: str) -> Written:
    """The form after a button of one of its rows. A row that is closed stays open where something is wrong in it."""
    verb, _colon, name = do.partition(":")
    focus = after(written.shape, written.typed, f"{verb}:{name.removeprefix(f'{ROOT}.')}")
    wrong = within(examine(written.base.kind, written.shape, written.typed).wrong, name) if verb == "close" else {}
    return replace(written, wrong=wrong, focus=f"{ROOT}.{focus}" if focus else "")


def _checked(written: Written, found: Examined, *, refusals: Iterable[Refusal] = (), status: int = 200) -> Written:
    wrong = (FIELDS_WRONG,) if found.wrong else ()
    return replace(
        written, wrong=found.wrong, refusals=(*refusals, *found.refusals, *wrong), status=status,
        body=found.body if found.is_good else None,
    )  # fmt: skip


def _keep(request: HttpRequest, written: Written, found: Examined) -> HttpResponse:
    if not written.form.is_valid() or not found.is_good:
        return show_form(request, _checked(written, found, refusals=first_errors(written.form), status=422))
    try:
        draft = kept(request, written.base, found.body, written.form)
    except Refused as refused:
        return show_form(request, _checked(written, found, refusals=refused.refusals, status=refused.status))
    return _told(request, draft)


def _told(request: HttpRequest, draft: int) -> HttpResponse:
    messages.success(request, _("Kept as a draft. A colleague reviews it."))
    return redirect("desk:procedure", draft)


def _as_text(request: HttpRequest, base: DocumentCard, body: dict[str, Any]) -> Writing:
    typed = {name: request.POST.get(name, "")[:1000] for name in Noting.base_fields}
    return Writing(initial={**typed, "text": toml.spell(arranged(body, read(base.kind, body)))})


@who.needs("procedures.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def as_text(request: HttpRequest, version_id: int) -> HttpResponse:
    """The same as TOML, for who would rather write it; look at what it changes before it is kept."""
    base = document_or_404(version_id)
    if request.method != "POST":
        begun = begun_with(request, base)
        return show_text(request, base, Writing(initial={**begun, "text": toml.spell(said(base))}))
    form = Writing(request.POST)
    if not form.is_valid() and not ("text" in form.cleaned_data and request.POST.get("do") == "as_form"):
        return show_text(request, base, form, refusals=tuple(first_errors(form)), status=422)
    is_tried = "check" in request.POST or request.POST.get("do") == "as_form"
    try:
        body = _understood(base, form.cleaned_data["text"])
        if request.POST.get("do") == "as_form":
            return show_record(request, base, read(base.kind, body), _loose(request))
        if is_tried:
            return show_text(request, base, form, body=body)
        return _told(request, kept(request, base, body, form))
    except Refused as refused:
        status = 200 if is_tried else refused.status
        return show_text(request, base, form, refusals=refused.refusals, status=status)


def _understood(base: DocumentCard, text: str) -> dict[str, Any]:
    """What the text says as a body of the document's kind."""
    body = {name: value for name, value in toml.understand(text).items() if name != COMPILED}
    read(base.kind, body)
    return body


@who.needs("procedures.draft")
@require_POST
@xframe_options_sameorigin
def letter(request: HttpRequest, version_id: int) -> HttpResponse:
    """The HTML of a letter as it stands in the form, for the frame beside it; nothing while something is wrong."""
    base = letter_or_404(version_id)
    shape = form_of(base.kind)
    found = examine(base.kind, shape, typed_in(shape, sent(request.POST.lists())))
    if not found.is_good:
        return framed("")
    try:
        order_id = order_named(request, request.POST.get("order", "").strip()[:100])
        return framed(previews.preview_of(base, found.body, order_id, now=timezone.now()).html)
    except Refused:
        return framed("")
