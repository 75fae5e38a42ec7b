"""Documents for print."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from milepost.faces.desk import who
from milepost.way.fulfilment import queries
from milepost.way.fulfilment.ports import documents


@who.needs("fulfilment.read")
@require_safe
def delivery_note(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """The delivery note of a shipment as a PDF (RECD-1)."""
    note = queries.delivery_note(shipment_id)
    if note is None:
        raise Http404
    response = HttpResponse(documents().delivery_note(note), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="delivery-note-{note.reference}-{note.number}.pdf"'
    return response
