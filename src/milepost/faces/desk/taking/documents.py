"""Documents that machines sent: what became of each, what its sender was answered, and what a clerk can do about it (REC-1)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from milepost.faces.desk import who
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as kept
from milepost.ground.arrivals.words import CAN_BE_RETRIED, ArrivalRow
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import documents
from milepost.way.intake.commands.documents import SOURCE

ON_ONE_PAGE = 50


@who.needs("imports.read")
@require_safe
def arrived(request: HttpRequest) -> HttpResponse:
    """The newest documents, those that need somebody first."""
    rows = kept.arrivals(source=SOURCE, limit=ON_ONE_PAGE)
    return render(
        request, "desk/documents.html", {"rows": sorted(rows, key=lambda row: row.state not in CAN_BE_RETRIED)}
    )


@who.needs("imports.read", acts="imports.load")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """One document. POST works on it again, or sets it aside with a reason."""
    row = _row(document_id)
    refusals: tuple[Refusal, ...] = ()
    if request.method == "POST":
        try:
            _do(request, row)
            return redirect("desk:document", document_id=document_id)
        except Refused as refused:
            refusals = refused.refusals
    placed = documents.placed_from([document_id]).get(document_id, {})
    return render(
        request,
        "desk/document.html",
        {
            "row": row, "answers": kept.answers(document_id), "references": [reference for _, reference in placed.values()],
            "can_be_retried": row.state in CAN_BE_RETRIED,
            "lacks_columns": row.code == "columns_unknown",
            "lacks_items": row.code == "unknown_item", "refusals": refusals,
        },
        status=refusals[0].status if refusals else 200,
    )  # fmt: skip


def _do(request: HttpRequest, row: ArrivalRow) -> None:
    reason = request.POST.get("reason", "").strip()[:300]
    if "aside" in request.POST:
        arrivals.set_aside([row.id], act=who.act(request, reason=reason))
    else:
        arrivals.retry(ids=[row.id], act=who.act(request, reason="retried on the desk"))


def _row(document_id: UUID) -> ArrivalRow:
    row = kept.arrival(document_id)
    if row is None or row.source != SOURCE:
        raise Http404
    return row


@who.needs("imports.read")
@require_safe
def original(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The document as it came, byte for byte; never shown by the browser itself."""
    _row(document_id)
    found = kept.original(document_id)
    if found is None:
        raise Http404
    return _download(found.body, f"{document_id}.bin")


@who.needs("imports.read")
@require_safe
def answer(request: HttpRequest, document_id: UUID, answer_id: UUID) -> HttpResponse:
    """What its sender was answered, as a file."""
    found = next((one for one in kept.answers(document_id) if one.id == answer_id), None)
    if found is None:
        raise Http404
    return _download(found.body, found.name)


def _download(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
