"""What the columns of a sender's files mean: said once by a person, remembered for that sender, used the next time (REC-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from milepost.faces.desk import who
from milepost.ground.arrivals import commands as arrivals
from milepost.ground.arrivals import queries as kept
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import commands, documents
from milepost.way.intake.ports import reader
from milepost.way.intake.words import IGNORED, FormColumn, Heading, Layout, OrderSheet

NO_SENDER = Refusal(
    code="no_sender",
    says="It is not said whose files these are.",
    do="Give a name under which it is remembered.",
    field="sender",
)
WRITTEN = {"numbers": (",", "."), "days": ("dmy", "mdy")}


@dataclass(frozen=True, slots=True)
class Asked:
    """One of their columns on the page: its field's name, what it is taken for at first, and whether that is a proposal."""

    field: str
    heading: Heading
    first: str
    proposed: bool


@who.needs("imports.read", acts="imports.load")
@require_http_methods(["GET", "HEAD", "POST"])
def of_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The columns of a file that was chosen on the desk."""
    found = documents.file_original(file_id)
    if found is None or found[0].form not in documents.TABLES:
        raise Http404
    card, body = found
    said = _said(request, body, card.form, card.sender)
    if isinstance(said, HttpResponse):
        return said
    commands.read_again(file_id, sender=said, act=who.act(request, channel="file"))
    return redirect("desk:import", file_id=file_id)


@who.needs("imports.read", acts="imports.load")
@require_http_methods(["GET", "HEAD", "POST"])
def of_document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The columns of a file that came by a machine's way; it is worked on again at once."""
    row, original = kept.arrival(document_id), kept.original(document_id)
    if row is None or original is None or row.topic not in documents.TABLES:
        raise Http404
    said = _said(request, original.body, row.topic, row.sender, fixed=True)
    if isinstance(said, HttpResponse):
        return said
    arrivals.retry(ids=[document_id], act=who.act(request, reason="columns were said"))
    return redirect("desk:document", document_id=document_id)


def _said(request: HttpRequest, body: bytes, form: str, sender: str, *, fixed: bool = False) -> HttpResponse | str:
    """For whom it was said, once it is remembered; else the page to be shown. A document's sender is who it is."""
    if request.method != "POST":
        return _page(request, documents.read(body, sender=sender, form=form), sender, fixed)
    given = sender if fixed else request.POST.get("sender", "").strip()
    sheet = documents.read(body, form=form, layout=documents.layout_of(sender))
    layout = _layout(request, sheet.headings)
    try:
        if not given:
            raise Refused(NO_SENDER)  # noqa: TRY301 shown like every other refusal
        commands.remember_layout(given, layout, act=who.act(request, channel="file"))
    except Refused as refused:
        shown = documents.read(body, form=form, layout=layout)
        return _page(request, shown, given, fixed, refused.refusals)
    return given


def _layout(request: HttpRequest, headings: Sequence[Heading]) -> Layout:
    chosen = {one.text: request.POST.get(f"column_{place}", "") for place, one in enumerate(headings)}
    said = {name: request.POST.get(name, "") for name in WRITTEN}
    return Layout(
        columns={text: name for text, name in chosen.items() if name}, sheet=request.POST.get("sheet", ""),
        whole="whole" in request.POST,
        **{name: value if value in WRITTEN[name] else "" for name, value in said.items()},
    )  # fmt: skip


def _page(
    request: HttpRequest, sheet: OrderSheet, sender: str, fixed: bool, refusals: Sequence[Refusal] = ()
) -> HttpResponse:
    columns: Sequence[FormColumn] = reader("csv").columns()
    taken = {one.means for one in sheet.headings}
    layout = documents.layout_of(sender)
    return render(
        request,
        "desk/columns.html",
        {
            "asked": [_asked(place, one, taken) for place, one in enumerate(sheet.headings)], "columns": columns,
            "sender": sender, "fixed": fixed, "refusals": refusals, "reasons": sheet.refusals[:8] if not sheet.orders else (),
            "ignored": IGNORED, "layout": layout, "sheets": [ask for ask in sheet.asks if ask.what == "sheet"],
            "asks": {ask.what: ask for ask in sheet.asks}, "senders": documents.senders(),
            "lacks_order": any(one.field == "order" and one.code == "column_missing" for one in sheet.refusals) or layout.whole,
        },
        status=422 if refusals else 200,
    )  # fmt: skip


def _asked(place: int, heading: Heading, taken: set[str]) -> Asked:
    proposal = next((name for name in heading.maybe if name not in taken), "")
    return Asked(f"column_{place}", heading, heading.means or proposal, proposed=bool(not heading.means and proposal))
