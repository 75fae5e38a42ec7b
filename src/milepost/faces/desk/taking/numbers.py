"""Which items of ours a sender's own numbers mean: said once by a person, and remembered for that sender (REC-3)."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from milepost.faces.desk import who
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as kept
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import commands, documents


@who.needs("imports.read", acts="imports.load")
@require_http_methods(["GET", "HEAD", "POST"])
def of_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The unknown numbers of a file that was chosen on the desk."""
    found = documents.file_original(file_id)
    if found is None:
        raise Http404
    card, body = found
    return _said(request, body, card.form, card.sender or card.name) or redirect("desk:import", file_id=file_id)


@who.needs("imports.read", acts="imports.load")
@require_http_methods(["GET", "HEAD", "POST"])
def of_document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The unknown numbers of a document that came by a machine's way; it is worked on again at once."""
    row, original = kept.arrival(document_id), kept.original(document_id)
    if row is None or original is None:
        raise Http404
    page = _said(request, original.body, row.topic, row.sender)
    if page is not None:
        return page
    arrivals.retry(ids=[document_id], act=who.act(request, reason="numbers were said"))
    return redirect("desk:document", document_id=document_id)


def _said(request: HttpRequest, body: bytes, form: str, sender: str) -> HttpResponse | None:
    """None once it is remembered; else the page to be shown."""
    sheet = documents.read(body, sender=sender, form=form)
    whose = documents.sent_by(sheet, sender)
    asked = documents.unknown_numbers(sheet, whose)
    typed = {number: request.POST.get(f"code_{place}", "").strip() for place, (number, _) in enumerate(asked)}
    refusals: Sequence[Refusal] = ()
    if request.method == "POST":
        try:
            said = {number: code for number, code in typed.items() if code}
            commands.remember_numbers(whose, said, act=who.act(request, channel="file"))
        except Refused as refused:
            refusals = refused.refusals
        else:
            return None
    rows = [(f"code_{place}", number, text, typed[number]) for place, (number, text) in enumerate(asked)]
    return render(
        request,
        "desk/numbers.html",
        {"rows": rows, "sender": whose, "refusals": refusals},
        status=422 if refusals else 200,
    )
