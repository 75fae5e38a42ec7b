"""Orders from a file: look at it, see what would be refused and where, let its orders be received bit by bit (REC-1)."""

from itertools import islice
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from milepost.faces.desk import who
from milepost.faces.desk.forms import OrdersFile, first_errors
from milepost.faces.desk.people import people
from milepost.kernel.refusals import Refusal, Refused
from milepost.way.intake import commands, documents, queries
from milepost.way.intake.ports import reader
from milepost.way.intake.words import Incoming, OrderSheet

AT_ONCE = 250
"""How many orders one request receives: a second or two of work, so that progress is seen."""
SHOWN_ROWS = 200


@who.needs("imports.read", acts="imports.load")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Send a file. What cannot be read at all is refused at once."""
    form = OrdersFile(request.POST, request.FILES) if request.method == "POST" else OrdersFile()
    refusals: tuple[Refusal, ...] = ()
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            kept = commands.keep_file(
                sent.read(), name=sent.name or "orders", sender=form.cleaned_data["sender"],
                act=who.act(request, channel="file"),
            )  # fmt: skip
            return redirect("desk:import", file_id=kept.id)
        except Refused as refused:
            refusals = refused.refusals
    elif request.method == "POST":
        refusals = tuple(first_errors(form))
    named, recent = people(), queries.order_files()
    return render(
        request,
        "desk/import_new.html",
        {
            "form": form, "refusals": refusals, "columns": reader("csv").columns(),
            "files": [(card, named.name(card.kept_by)) for card in recent], "currency": settings.CURRENCY,
            "senders": documents.senders(),
        },
        status=refusals[0].status if refusals else 200,
    )  # fmt: skip


@who.needs("imports.read", acts="imports.load")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A file: what it would do, how far it is, what became of it. Each POST receives the next orders."""
    if request.method == "POST":
        commands.take_in(file_id, limit=AT_ONCE, act=who.act(request, channel="file"))
        return redirect("desk:import", file_id=file_id)
    file = queries.order_file(file_id)
    if file is None:
        raise Http404
    fresh = not file.done and not file.finished_at
    sheet, refused = documents.foretold(file_id, now=timezone.now()) if fresh else (None, list(file.refused))
    if sheet is not None and sheet.is_to_be_mapped:
        return redirect("desk:import_columns", file_id=file_id)
    orders_refused = {row.order for row in refused if row.order}
    return render(
        request,
        "desk/import.html",
        {
            "file": file, "sheet": sheet, "refused": refused[:SHOWN_ROWS], "refused_count": len(refused),
            "good": file.orders - len(orders_refused), "before": queries.same_file_before(file_id) if fresh else None,
            "sample": _first(sheet, orders_refused), "by": people().name(file.kept_by),
            "lacks_items": fresh and any(row.code == "unknown_item" for row in refused),
        },
    )  # fmt: skip


def _first(sheet: OrderSheet | None, refused: set[str]) -> list[Incoming]:
    """The first of the orders that would be placed."""
    good = (one for one in (sheet.incoming if sheet else ()) if one.origins["order"] not in refused)
    return list(islice(good, 5))
