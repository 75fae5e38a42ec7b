"""Documents for print, as pages and as PDF, and the original with which an order was asked (RECD-1)."""

from mimetypes import guess_extension

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from milepost.faces.desk import who
from milepost.reactions.letters import papers
from milepost.way.fulfilment import queries
from milepost.way.fulfilment.ports import documents
from milepost.way.fulfilment.words import DeliveryNote
from milepost.way.intake import queries as intake
from milepost.way.orders import queries as orders
from milepost.way.promising import queries as promising


@who.needs("orders.read")
@require_safe
def order_form(request: HttpRequest, reference: str) -> HttpResponse:
    """What was agreed, on one sheet for print."""
    card = orders.card(_number(reference))
    if card is None:
        raise Http404
    promise = promising.standing([card.id]).get(card.id)
    return render(request, "desk/papers/order_form.html", {"order": card, "promise": promise.now if promise else None})


@who.needs("orders.read")
@require_safe
def order_form_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The order confirmation as the customer may have it: a PDF in their language. There is none of what is not confirmed."""
    made = papers.confirmation(_number(reference), now=timezone.now())
    if made is None:
        raise Http404
    return _pdf(made, f"order-{reference}")


@who.needs("orders.read")
@require_safe
def original(request: HttpRequest, reference: str) -> HttpResponse:
    """What the order was asked with, byte for byte; never shown by the browser itself."""
    found = intake.original_bytes(_number(reference))
    if found is None:
        raise Http404
    content_type, body = found
    response = HttpResponse(body, content_type="application/octet-stream")
    ending = guess_extension(content_type.partition(";")[0].strip()) or ".bin"
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(reference)}-original{ending}"'
    return response


@who.needs("fulfilment.read")
@require_safe
def delivery_note_sheet(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """The delivery note of a shipment, on one sheet for print (RECD-1)."""
    return render(request, "desk/papers/delivery_note.html", {"note": _note(shipment_id), "shipment_id": shipment_id})


@who.needs("fulfilment.read")
@require_safe
def delivery_note(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """The delivery note of a shipment as a PDF (RECD-1)."""
    note = _note(shipment_id)
    return _pdf(documents().delivery_note(note), f"delivery-note-{note.reference}-{note.number}")


def _note(shipment_id: int) -> DeliveryNote:
    note = queries.delivery_note(shipment_id)
    if note is None:
        raise Http404
    return note


def _number(reference: str) -> int:
    order_id = orders.find(reference)
    if order_id is None:
        raise Http404
    return order_id


def _name(reference: str) -> str:
    """A reference as part of a file's name."""
    return "".join(one for one in reference if one.isalnum() or one == "-")


def _pdf(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{_name(name)}.pdf"'
    return response
